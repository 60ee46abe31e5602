/**
 * Rows of parents and children: the state of the world as the journal tells it. Columns are typed arrays taken at
 * boot; a row is reused when its order has ended and room is needed (oldest first, live ones are passed over). Only
 * order-lifecycle writes.
 */
import { assert } from '../../shared/assert.ts'
import type { OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { isEnded as hasEnded, type OrderState } from '../../shared/domain/order-state.ts'
import { CLIENT_ORDER_ID_BYTES_MAX as idBytesMax } from '../../shared/limits.ts'
import type { AccountIndex, ChildRow, InstrumentIndex, ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import { ClientIdIndex } from './client-id-index.ts'
import { ColumnArena } from './column-arena.ts'
import { FillStore } from './fill-store.ts'
import { SequenceIndex } from './sequence-index.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const CLIENT_ORDER_ID_BYTES_MAX = idBytesMax
const isEnded = hasEnded

export const NO_ROW = -1
/** Live orders passed over in one search for an ended one. */
const PASS_OVER_MAX = 1024
/** Fill rows kept free for reports, which cannot be refused. */
const FILL_ROWS_RESERVE = 4096

/** What a row takes, all columns together. */
const PARENT_BYTES = 225
const PARENT_COLUMNS = 37
const CHILD_BYTES = 131
const CHILD_COLUMNS = 22

/** Bits of a parent. */
export const ParentFlag = {
  postOnly: 1,
  cancelOnDisconnect: 2,
  /** Sized in quote: `quoteBudget` bounds the spend. */
  quoteSized: 4,
  /** The client asked to cancel; no more children go out. */
  cancelAsked: 8,
  /** Acknowledge only when on disk. */
  durableAck: 16,
  /** Live children are being called back so that the new quantity and price can be routed. */
  replacing: 32,
} as const

// As above: what is exported is read from its cell too.
const NO = NO_ROW

export class OrderStore {
  readonly parentsMax: number
  readonly childrenMax: number

  // ---- parents
  readonly sequence: Float64Array
  readonly parentState: Uint8Array
  readonly account: Uint16Array
  readonly session: Int32Array
  readonly instrument: Uint16Array
  readonly side: Uint8Array
  readonly type: Uint8Array
  readonly timeInForce: Uint8Array
  readonly flags: Uint8Array
  /** Why it was ended by us (DenyReason), 0 otherwise. */
  readonly reason: Uint8Array
  readonly venuesLow: Int32Array
  readonly venuesHigh: Int32Array
  readonly slippageCentiBps: Int32Array
  readonly feeCentiBps: Int32Array
  readonly orderLots: Float64Array
  readonly quoteBudget: Float64Array
  readonly priceTicks: Float64Array
  readonly expireUs: Float64Array
  readonly createdUs: Float64Array
  readonly endedUs: Float64Array
  /** Consolidated mid when the order arrived, in ticks (halves allowed), 0 when one-sided. */
  readonly arrivalMid: Float64Array
  readonly arrivalBid: Float64Array
  readonly arrivalAsk: Float64Array
  /** Exact sum of price x lots over fills, two doubles a row (units/ticks). */
  readonly notional: Float64Array
  readonly filledLots: Float64Array
  /** At work at venues: sum over open children of what they may still fill. */
  readonly workingLots: Float64Array
  readonly feeQuoteUnits: Float64Array
  readonly feeBaseUnits: Float64Array
  readonly children: Uint16Array
  readonly openChildren: Uint16Array
  readonly routes: Uint16Array
  readonly firstChild: Int32Array
  readonly lastChild: Int32Array
  readonly clientIds: Uint8Array
  readonly clientIdLengths: Uint8Array
  // a pending replace
  readonly replaceLots: Float64Array
  readonly replaceTicks: Float64Array

  // ---- children
  readonly childParent: Int32Array
  readonly childNext: Int32Array
  readonly childVenue: Uint8Array
  readonly childState: Uint8Array
  readonly childEpoch: Int32Array
  readonly childSequence: Uint16Array
  readonly childTimeInForce: Uint8Array
  readonly childPostOnly: Uint8Array
  readonly childReason: Uint8Array
  readonly childLots: Float64Array
  readonly childTicks: Float64Array
  readonly childFilled: Float64Array
  readonly childNotional: Float64Array
  readonly childFeeQuote: Float64Array
  readonly childFeeBase: Float64Array
  readonly childSentUs: Float64Array
  readonly childAckUs: Float64Array
  readonly childEndedUs: Float64Array
  readonly childDeadlineUs: Float64Array
  /** Filled according to the venue when it ended: what is claimed and not yet booked is still to come. */
  readonly childClaimed: Float64Array
  /** What the plan expected: raw notional (ticks x lots) and fee-adjusted cost (micro-ticks x lots). */
  readonly childPlanNotional: Float64Array
  readonly childPlanCost: Float64Array

  readonly fills: FillStore
  readonly byClientId: ClientIdIndex
  readonly #bySequence: SequenceIndex
  readonly #parentFree: Int32Array
  #parentFreeCount: number
  readonly #childFree: Int32Array
  #childFreeCount: number
  /** Parents in order of creation, a circle: the oldest ended ones are forgotten first. */
  readonly #age: Int32Array
  #ageHead = 0
  #ageTail = 0
  /** Sequence of the newest parent; counts up over restarts. */
  readonly #last = new Float64Array(1)

  constructor(size: { parentsMax: number; childrenMax: number; fillsMax: number }) {
    const parents = size.parentsMax
    const children = size.childrenMax
    assert((parents & (parents - 1)) === 0, 'parent rows are a power of two')
    this.parentsMax = parents
    this.childrenMax = children
    const own = new ColumnArena({ rows: parents, rowBytes: PARENT_BYTES, columns: PARENT_COLUMNS })
    this.sequence = own.float64(parents)
    this.parentState = own.uint8(parents)
    this.account = own.uint16(parents)
    this.session = own.int32(parents).fill(NO)
    this.instrument = own.uint16(parents)
    this.side = own.uint8(parents)
    this.type = own.uint8(parents)
    this.timeInForce = own.uint8(parents)
    this.flags = own.uint8(parents)
    this.reason = own.uint8(parents)
    this.venuesLow = own.int32(parents)
    this.venuesHigh = own.int32(parents)
    this.slippageCentiBps = own.int32(parents)
    this.feeCentiBps = own.int32(parents)
    this.orderLots = own.float64(parents)
    this.quoteBudget = own.float64(parents)
    this.priceTicks = own.float64(parents)
    this.expireUs = own.float64(parents)
    this.createdUs = own.float64(parents)
    this.endedUs = own.float64(parents)
    this.arrivalMid = own.float64(parents)
    this.arrivalBid = own.float64(parents)
    this.arrivalAsk = own.float64(parents)
    this.notional = own.float64(parents * 2)
    this.filledLots = own.float64(parents)
    this.workingLots = own.float64(parents)
    this.feeQuoteUnits = own.float64(parents)
    this.feeBaseUnits = own.float64(parents)
    this.children = own.uint16(parents)
    this.openChildren = own.uint16(parents)
    this.routes = own.uint16(parents)
    this.firstChild = own.int32(parents).fill(NO)
    this.lastChild = own.int32(parents).fill(NO)
    this.clientIds = own.uint8(parents * CLIENT_ORDER_ID_BYTES_MAX)
    this.clientIdLengths = own.uint8(parents)
    this.replaceLots = own.float64(parents)
    this.replaceTicks = own.float64(parents)

    const of = new ColumnArena({ rows: children, rowBytes: CHILD_BYTES, columns: CHILD_COLUMNS })
    this.childParent = of.int32(children)
    this.childNext = of.int32(children).fill(NO)
    this.childVenue = of.uint8(children)
    this.childState = of.uint8(children)
    this.childEpoch = of.int32(children)
    this.childSequence = of.uint16(children)
    this.childTimeInForce = of.uint8(children)
    this.childPostOnly = of.uint8(children)
    this.childReason = of.uint8(children)
    this.childLots = of.float64(children)
    this.childTicks = of.float64(children)
    this.childFilled = of.float64(children)
    this.childNotional = of.float64(children * 2)
    this.childFeeQuote = of.float64(children)
    this.childFeeBase = of.float64(children)
    this.childSentUs = of.float64(children)
    this.childAckUs = of.float64(children)
    this.childEndedUs = of.float64(children)
    this.childDeadlineUs = of.float64(children)
    this.childClaimed = of.float64(children)
    this.childPlanNotional = of.float64(children)
    this.childPlanCost = of.float64(children)

    this.byClientId = new ClientIdIndex(parents, this.account, this.clientIds, this.clientIdLengths)
    this.#bySequence = new SequenceIndex(parents, this.sequence)
    this.fills = new FillStore({ fillsMax: size.fillsMax, childrenMax: children })
    this.#parentFree = new Int32Array(parents)
    for (let row = 0; row < parents; row++) this.#parentFree[row] = parents - 1 - row
    this.#parentFreeCount = parents
    this.#childFree = new Int32Array(children)
    for (let row = 0; row < children; row++) this.#childFree[row] = children - 1 - row
    this.#childFreeCount = children
    this.#age = new Int32Array(parents)
  }

  get lastSequence(): number {
    return this.#last[0]
  }

  get parentCount(): number {
    return this.#ageTail - this.#ageHead
  }

  childrenFree(): number {
    return this.#childFreeCount
  }

  /** Row of a parent by its sequence, or NO when it never was or is forgotten. O(1). */
  rowOf(sequence: number): ParentRow {
    return this.#bySequence.find(sequence)
  }

  /** Row of the parent at `position` from the oldest kept one; for snapshots and hashes. */
  parentAt(position: number): ParentRow {
    return this.#age[(this.#ageHead + position) & (this.parentsMax - 1)] as ParentRow
  }

  /** Child of a parent by its sequence number, or NO. O(children of the parent). */
  childOf(parent: ParentRow, sequence: number): ChildRow {
    let child = this.firstChild[parent]
    while (child !== NO && this.childSequence[child] !== sequence) child = this.childNext[child]
    return child as ChildRow
  }

  /** Could so many children of so many new parents be kept, after forgetting what has ended? Changes nothing. */
  hasRoom(children: number, parents = 1): boolean {
    let parentRows = this.#parentFreeCount - parents
    let childRows = this.#childFreeCount - children
    let fillRows = this.fills.freeCount - FILL_ROWS_RESERVE
    const looked = Math.min(PASS_OVER_MAX, this.parentCount)
    for (let at = 0; at < looked && (parentRows < 0 || childRows < 0 || fillRows < 0); at++) {
      const row = this.parentAt(at)
      if (!this.#canForget(row)) continue
      parentRows++
      childRows += this.children[row]
      if (fillRows < 0) fillRows += this.#fillsOf(row)
    }
    return parentRows >= 0 && childRows >= 0 && fillRows >= 0
  }

  #fillsOf(row: ParentRow): number {
    let count = 0
    for (let child = this.firstChild[row]; child !== NO; child = this.childNext[child]) {
      for (let fill = this.fills.first[child]; fill !== NO; fill = this.fills.next[fill]) count++
    }
    return count
  }

  /**
   * Forgets the oldest ended orders until there is room (for fills always), or until a bounded stretch of live ones has
   * been passed over. `spared` is in use by the caller.
   */
  makeRoom(children: number, parents = 1, spared: ParentRow = NO as ParentRow): void {
    const { fills } = this
    let passed = 0
    while (this.#parentFreeCount < parents || this.#childFreeCount < children || fills.freeCount < FILL_ROWS_RESERVE) {
      if (this.#ageHead === this.#ageTail || passed > PASS_OVER_MAX) return
      const oldest = this.parentAt(0)
      this.#ageHead++
      if (oldest !== spared && this.#canForget(oldest)) {
        this.#forget(oldest)
        passed = 0
      } else {
        this.#age[this.#ageTail++ & (this.parentsMax - 1)] = oldest
        passed++
      }
    }
  }

  #canForget(row: ParentRow): boolean {
    return isEnded(this.parentState[row] as OrderState) && this.openChildren[row] === 0
  }

  /** Takes a row for the next parent, every column zeroed. The caller has made room. */
  addParent(sequence: number): ParentRow {
    assert(this.#parentFreeCount > 0, 'a parent row is free')
    assert(sequence > this.#last[0], 'parent sequences only rise')
    const row = this.#parentFree[--this.#parentFreeCount] as ParentRow
    this.#age[this.#ageTail++ & (this.parentsMax - 1)] = row
    this.#last[0] = sequence
    this.sequence[row] = sequence
    this.#bySequence.add(row)
    this.parentState[row] = 0
    this.flags[row] = 0
    this.reason[row] = 0
    this.session[row] = NO
    this.endedUs[row] = 0
    this.notional[row * 2] = 0
    this.notional[row * 2 + 1] = 0
    this.filledLots[row] = 0
    this.workingLots[row] = 0
    this.feeQuoteUnits[row] = 0
    this.feeBaseUnits[row] = 0
    this.children[row] = 0
    this.openChildren[row] = 0
    this.routes[row] = 0
    this.firstChild[row] = NO
    this.lastChild[row] = NO
    this.replaceLots[row] = 0
    this.replaceTicks[row] = 0
    return row
  }

  /** Takes a row for the next child of a parent, linked behind its siblings. */
  addChild(parent: ParentRow, sequence: number): ChildRow {
    assert(this.#childFreeCount > 0, 'a child row is free')
    const row = this.#childFree[--this.#childFreeCount] as ChildRow
    this.childParent[row] = parent
    this.childNext[row] = NO
    this.childSequence[row] = sequence
    this.childState[row] = 0
    this.childReason[row] = 0
    this.childFilled[row] = 0
    this.childNotional[row * 2] = 0
    this.childNotional[row * 2 + 1] = 0
    this.childFeeQuote[row] = 0
    this.childFeeBase[row] = 0
    this.childClaimed[row] = 0
    this.childAckUs[row] = 0
    this.childEndedUs[row] = 0
    if (this.lastChild[parent] === NO) this.firstChild[parent] = row
    else this.childNext[this.lastChild[parent]] = row
    this.lastChild[parent] = row
    this.children[parent]++
    return row
  }

  #forget(row: ParentRow): void {
    let child = this.firstChild[row]
    while (child !== NO) {
      this.fills.release(child as ChildRow)
      this.#childFree[this.#childFreeCount++] = child
      child = this.childNext[child]
    }
    this.byClientId.remove(row)
    this.#bySequence.remove(row)
    this.sequence[row] = 0
    this.#parentFree[this.#parentFreeCount++] = row
  }

  isOpen(parent: ParentRow): boolean {
    return !isEnded(this.parentState[parent] as OrderState)
  }

  sideOf(parent: ParentRow): Side {
    return this.side[parent] as Side
  }
  typeOf(parent: ParentRow): OrderType {
    return this.type[parent] as OrderType
  }
  timeInForceOf(parent: ParentRow): TimeInForce {
    return this.timeInForce[parent] as TimeInForce
  }
  stateOf(parent: ParentRow): OrderState {
    return this.parentState[parent] as OrderState
  }
  accountOf(parent: ParentRow): AccountIndex {
    return this.account[parent] as AccountIndex
  }
  instrumentOf(parent: ParentRow): InstrumentIndex {
    return this.instrument[parent] as InstrumentIndex
  }
  venueOf(child: ChildRow): VenueIndex {
    return this.childVenue[child] as VenueIndex
  }
  childStateOf(child: ChildRow): OrderState {
    return this.childState[child] as OrderState
  }
  /** Still to fill and not at work at any venue. */
  idleLots(parent: ParentRow): QtyLots {
    return (this.orderLots[parent] - this.filledLots[parent] - this.workingLots[parent]) as QtyLots
  }
  /** The same as a fact: a double as an answer may be boxed. */
  hasIdleLots(parent: ParentRow): boolean {
    return this.orderLots[parent] - this.filledLots[parent] - this.workingLots[parent] > 0
  }
  leavesLots(parent: ParentRow): QtyLots {
    return (this.isOpen(parent) ? Math.max(0, this.orderLots[parent] - this.filledLots[parent]) : 0) as QtyLots
  }
  /** What a child may still fill: all that is open, or what its venue claimed at the end and has not yet reported. */
  comingLots(child: ChildRow): QtyLots {
    const most = isEnded(this.childState[child] as OrderState) ? this.childClaimed[child] : this.childLots[child]
    return (most > this.childFilled[child] ? most - this.childFilled[child] : 0) as QtyLots
  }
  limitOf(parent: ParentRow): PriceTicks {
    return this.priceTicks[parent] as PriceTicks
  }
  hasFlag(parent: ParentRow, flag: number): boolean {
    return (this.flags[parent] & flag) !== 0
  }
  clientIdText(parent: ParentRow): string {
    const at = parent * CLIENT_ORDER_ID_BYTES_MAX
    return String.fromCharCode(...this.clientIds.subarray(at, at + this.clientIdLengths[parent]))
  }
}
