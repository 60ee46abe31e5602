/**
 * The only writer of the order store. Every change is a journal record applied here, live and on replay alike: the
 * same bytes, the same state. States change only through the table in shared/domain/order-state.
 */
import { assert } from '../../shared/assert.ts'
import type { Side } from '../../shared/domain/order.ts'
import {
  isEnded as hasEnded,
  OrderEvent,
  OrderState,
  nextState as stateAfter,
} from '../../shared/domain/order-state.ts'
import { CLIENT_ORDER_ID_BYTES_MAX as idBytesMax } from '../../shared/limits.ts'
import type { ChildRow, InstrumentIndex, ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import { addNotional, NOTIONAL_BASE as notionalBase, type PriceTicks, type QtyLots } from '../../shared/units/ticks.ts'
import {
  Accept,
  ChildReport,
  Head,
  Intent,
  type JournalRecord,
  ParentEnd,
  RecordType,
  Replace,
  Route,
  Start,
} from '../../shared/wire/journal-frame.ts'
import { NO_ROW as noRow, type OrderStore, ParentFlag } from './order-store.ts'
import type { PositionTable } from './position-table.ts'
import { type VenueReport, VenueReportKind } from './venue-report.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Accepted = Accept
const Told = ChildReport
const First = Head
const Meant = Intent
const Kind = RecordType
const Replacing = Replace
const Routed = Route
const News = VenueReportKind
const State = OrderState
const Event = OrderEvent
const Flag = ParentFlag
const CLIENT_ORDER_ID_BYTES_MAX = idBytesMax
const NO_ROW = noRow
const NOTIONAL_BASE = notionalBase
const isEnded = hasEnded
const nextState = stateAfter

/** What applying a child's report changed; read by the core to tell the client and to route again. */
export const Change = { none: 0, acknowledged: 1, filled: 2, ended: 3, cancelRefused: 4, noted: 5 } as const
export type Change = (typeof Change)[keyof typeof Change]

export class OrderLifecycle {
  readonly store: OrderStore
  readonly positions: PositionTable
  /** Incarnations so far; the running one after its start record. */
  epoch = 0
  /** Fills that went past a child's quantity: the venue's mistake, booked all the same. */
  overfills = 0

  constructor(store: OrderStore, positions: PositionTable) {
    this.store = store
    this.positions = positions
  }

  /** Applies one record. The row it touched is in `parent` and `child`. */
  apply(record: JournalRecord): Change {
    const { view } = record
    switch (record.type) {
      case Kind.start:
        this.epoch = view.getFloat64(Start.epoch, true)
        return Change.none
      case Kind.accept:
        this.parent = this.#accept(record)
        return Change.none
      case Kind.route:
        return this.#route(view)
      case Kind.intent:
        return this.#intent(view)
      case Kind.childReport:
        return this.#childReport(view)
      case Kind.childLost:
        return this.#childLost(view)
      case Kind.cancelAsked:
        return this.#cancelAsked(view)
      case Kind.replaceAsked:
        return this.#replaceAsked(view)
      case Kind.replaced:
        return this.#replaced(view)
      case Kind.parentEnd:
        return this.#parentEnd(view)
      case Kind.benchmark:
        return Change.none
    }
    return Change.none
  }

  parent = NO_ROW as ParentRow
  child = NO_ROW as ChildRow

  #find(view: DataView): boolean {
    const parentSequence = view.getFloat64(First.parentSequence, true)
    this.child = NO_ROW as ChildRow
    // The parent of the record before, nearly always; a forgotten row has sequence 0, which no record names.
    if (this.parent === NO_ROW || this.store.sequence[this.parent] !== parentSequence) {
      this.parent = this.store.rowOf(parentSequence)
    }
    if (this.parent === NO_ROW) return false
    const sequence = view.getUint32(First.childSequence, true)
    if (sequence !== 0) this.child = this.store.childOf(this.parent, sequence)
    return true
  }

  #accept(record: JournalRecord): ParentRow {
    const { store } = this
    const { view } = record
    store.makeRoom(1, 1)
    const row = store.addParent(view.getFloat64(First.parentSequence, true))
    store.createdUs[row] = view.getFloat64(First.atUs, true)
    store.flags[row] = view.getUint16(First.bits, true)
    store.account[row] = view.getUint16(Accepted.account, true)
    store.instrument[row] = view.getUint16(Accepted.instrument, true)
    store.side[row] = view.getUint8(Accepted.side)
    store.type[row] = view.getUint8(Accepted.orderType)
    store.timeInForce[row] = view.getUint8(Accepted.timeInForce)
    store.venuesLow[row] = view.getInt32(Accepted.venuesLow, true)
    store.venuesHigh[row] = view.getInt32(Accepted.venuesHigh, true)
    store.slippageCentiBps[row] = view.getInt32(Accepted.slippageCentiBps, true)
    store.feeCentiBps[row] = view.getInt32(Accepted.feeCentiBps, true)
    store.orderLots[row] = view.getFloat64(Accepted.lots, true)
    store.quoteBudget[row] = view.getFloat64(Accepted.quoteBudget, true)
    store.priceTicks[row] = view.getFloat64(Accepted.priceTicks, true)
    store.expireUs[row] = view.getFloat64(Accepted.expireUs, true)
    store.arrivalMid[row] = view.getFloat64(Accepted.arrivalMid, true)
    store.arrivalBid[row] = view.getFloat64(Accepted.arrivalBid, true)
    store.arrivalAsk[row] = view.getFloat64(Accepted.arrivalAsk, true)
    const length = view.getUint8(Accepted.clientIdLength)
    store.clientIdLengths[row] = length
    const at = row * CLIENT_ORDER_ID_BYTES_MAX
    for (let i = 0; i < length; i++) store.clientIds[at + i] = record.bytes[Accepted.clientId + i]
    store.byClientId.add(row)
    store.parentState[row] = nextState(State.pendingNew, Event.acknowledged)
    return row
  }

  #route(view: DataView): Change {
    if (!this.#find(view)) return Change.none
    this.store.routes[this.parent] = view.getUint16(Routed.route, true)
    return Change.noted
  }

  #intent(view: DataView): Change {
    const { store } = this
    if (!this.#find(view)) return Change.none
    const { parent } = this
    store.makeRoom(1, 0, parent)
    const child = store.addChild(parent, view.getUint32(First.childSequence, true))
    store.childVenue[child] = view.getUint8(Meant.venue)
    store.childTimeInForce[child] = view.getUint8(Meant.timeInForce)
    store.childPostOnly[child] = view.getUint8(Meant.postOnly)
    store.childEpoch[child] = view.getInt32(Meant.epoch, true)
    store.childLots[child] = view.getFloat64(Meant.lots, true)
    store.childTicks[child] = view.getFloat64(Meant.limitTicks, true)
    store.childDeadlineUs[child] = view.getFloat64(Meant.deadlineUs, true)
    store.childPlanNotional[child] = view.getFloat64(Meant.planNotional, true)
    store.childPlanCost[child] = view.getFloat64(Meant.planCost, true)
    store.childSentUs[child] = view.getFloat64(First.atUs, true)
    store.childState[child] = State.pendingNew
    store.openChildren[parent]++
    store.workingLots[parent] += store.childLots[child]
    this.child = child
    return Change.noted
  }

  #childReport(view: DataView): Change {
    if (!this.#find(view) || this.child === NO_ROW) return Change.none
    switch (view.getUint8(Told.kind)) {
      case News.accepted:
        return this.#acknowledged(view)
      case News.fill:
        return this.#fill(view)
      case News.canceled:
        return this.#ended(view, Event.canceled)
      case News.expired:
        return this.#ended(view, Event.expired)
      case News.rejected:
      case News.notFound:
        return this.#ended(view, Event.rejected)
      case News.cancelRejected:
        return this.#cancelRefused()
      case News.status:
        return view.getUint8(Told.isOpen) === 1 ? this.#acknowledged(view) : this.#ended(view, Event.canceled)
    }
    return Change.none
  }

  #acknowledged(view: DataView): Change {
    const { store, child } = this
    const before = store.childStateOf(child)
    if (isEnded(before)) return Change.none
    if (store.childAckUs[child] === 0) store.childAckUs[child] = view.getFloat64(First.atUs, true)
    store.childState[child] = nextState(before, Event.acknowledged)
    this.#refreshChild(child)
    return store.childStateOf(child) === before ? Change.noted : Change.acknowledged
  }

  #fill(view: DataView): Change {
    const { store, child, parent } = this
    const execution = view.getFloat64(Told.execution, true)
    if (store.fills.has(child, execution)) return Change.none
    const lots = view.getFloat64(Told.lots, true) as QtyLots
    const price = view.getFloat64(Told.priceTicks, true) as PriceTicks
    const feeUnits = view.getFloat64(Told.feeUnits, true)
    store.makeRoom(0, 0, parent)
    const feeInBase = view.getUint8(Told.feeInBase) === 1
    this.#bookFill(view, execution, lots, price, feeUnits, feeInBase)

    // What is no longer at work: store.comingLots before less after, without a double as an answer (it may be boxed).
    const most = isEnded(store.childStateOf(child)) ? store.childClaimed[child] : store.childLots[child]
    if (most > store.childFilled[child]) store.workingLots[parent] -= Math.min(lots, most - store.childFilled[child])
    store.childFilled[child] += lots
    store.filledLots[parent] += lots
    if (store.childFilled[child] > store.childLots[child]) this.overfills++
    assert(store.workingLots[parent] >= 0, 'what works at venues is never negative')

    const before = store.childStateOf(child)
    const whole = store.childFilled[child] >= store.childLots[child]
    const after = nextState(before, whole ? Event.filledInFull : Event.filledInPart)
    store.childState[child] = after
    if (!isEnded(before) && isEnded(after)) this.#close(view)
    this.#refreshParent(parent)
    return Change.filled
  }

  /** Can this fill be booked exactly? Asked before it is journaled: a record that cannot be applied stops every start. */
  canBook(report: VenueReport, parent: ParentRow): boolean {
    const { store, positions } = this
    const more = (report.lots * report.priceTicks) / NOTIONAL_BASE + 1
    const row = positions.row(store.instrumentOf(parent), report.venue, store.sideOf(parent))
    const most = Math.max(store.notional[parent * 2], positions.notional[row * 2])
    return most + more < Number.MAX_SAFE_INTEGER && store.fills.freeCount > 0
  }

  #bookFill(
    view: DataView,
    execution: number,
    lots: QtyLots,
    price: PriceTicks,
    feeUnits: number,
    feeInBase: boolean,
  ): void {
    const { store, child, parent } = this
    const fill = store.fills.add(child)
    store.fills.execution[fill] = execution
    store.fills.lots[fill] = lots
    store.fills.ticks[fill] = price
    store.fills.feeUnits[fill] = feeUnits
    store.fills.feeInBase[fill] = feeInBase ? 1 : 0
    store.fills.liquidity[fill] = view.getUint8(Told.liquidity)
    store.fills.atUs[fill] = view.getFloat64(First.atUs, true)
    addNotional(store.notional, parent * 2, price, lots)
    addNotional(store.childNotional, child * 2, price, lots)
    if (feeInBase) {
      store.feeBaseUnits[parent] += feeUnits
      store.childFeeBase[child] += feeUnits
    } else {
      store.feeQuoteUnits[parent] += feeUnits
      store.childFeeQuote[child] += feeUnits
    }
    const row = this.positions.row(
      store.instrument[parent] as InstrumentIndex,
      store.childVenue[child] as VenueIndex,
      store.side[parent] as Side,
    )
    this.positions.add(row, lots, price, feeUnits, feeInBase)
  }

  #ended(view: DataView, event: OrderEvent): Change {
    const { store, child, parent } = this
    const before = store.childStateOf(child)
    if (isEnded(before)) return this.#corrected(view)
    const claimed = Math.max(store.childFilled[child], view.getFloat64(Told.filledLots, true))
    const releasable = store.comingLots(child)
    const whole = claimed >= store.childLots[child]
    store.childClaimed[child] = Math.min(claimed, store.childLots[child])
    store.childState[child] = nextState(before, event)
    if (!isEnded(store.childStateOf(child))) return Change.none
    if (!whole) store.childReason[child] = view.getUint8(Told.reason)
    store.workingLots[parent] -= releasable - store.comingLots(child)
    assert(store.workingLots[parent] >= 0, 'what works at venues is never negative')
    this.#close(view)
    return Change.ended
  }

  /** Asked again, the venue counts fewer fills than it claimed at the end: what will never come is not at work. */
  #corrected(view: DataView): Change {
    const { store, child, parent } = this
    if (view.getUint8(Told.kind) !== News.status) return Change.none
    const claimed = Math.max(store.childFilled[child], view.getFloat64(Told.filledLots, true))
    if (claimed >= store.childClaimed[child]) return Change.none
    store.workingLots[parent] -= store.childClaimed[child] - claimed
    assert(store.workingLots[parent] >= 0, 'what works at venues is never negative')
    store.childClaimed[child] = claimed
    return Change.ended
  }

  #close(view: DataView): void {
    const { store, child, parent } = this
    store.childEndedUs[child] = view.getFloat64(First.atUs, true)
    if (store.childClaimed[child] === 0) store.childClaimed[child] = store.childFilled[child]
    assert(store.openChildren[parent] > 0, 'a child that ends was open')
    store.openChildren[parent]--
  }

  #cancelRefused(): Change {
    const { store, child } = this
    if (store.childStateOf(child) !== State.pendingCancel) return Change.none
    store.childState[child] = nextState(State.pendingCancel, Event.cancelRefused)
    this.#refreshChild(child)
    return Change.cancelRefused
  }

  #childLost(view: DataView): Change {
    if (!this.#find(view) || this.child === NO_ROW) return Change.none
    const { store, child } = this
    store.childState[child] = nextState(store.childStateOf(child), Event.lost)
    return Change.noted
  }

  #cancelAsked(view: DataView): Change {
    if (!this.#find(view)) return Change.none
    const { store, parent, child } = this
    if (child !== NO_ROW) {
      store.childState[child] = nextState(store.childStateOf(child), Event.cancelAsked)
      return Change.noted
    }
    store.flags[parent] |= Flag.cancelAsked
    store.parentState[parent] = nextState(store.stateOf(parent), Event.cancelAsked)
    return Change.noted
  }

  #replaceAsked(view: DataView): Change {
    if (!this.#find(view)) return Change.none
    const { store, parent } = this
    store.flags[parent] |= Flag.replacing
    store.replaceLots[parent] = view.getFloat64(Replacing.lots, true)
    store.replaceTicks[parent] = view.getFloat64(Replacing.priceTicks, true)
    store.parentState[parent] = nextState(store.stateOf(parent), Event.replaceAsked)
    return Change.noted
  }

  #replaced(view: DataView): Change {
    if (!this.#find(view)) return Change.none
    const { store, parent } = this
    store.flags[parent] &= ~Flag.replacing
    store.orderLots[parent] = view.getFloat64(Replacing.lots, true)
    store.priceTicks[parent] = view.getFloat64(Replacing.priceTicks, true)
    store.parentState[parent] = nextState(store.stateOf(parent), Event.replaced)
    this.#refreshParent(parent)
    return Change.noted
  }

  #parentEnd(view: DataView): Change {
    if (!this.#find(view)) return Change.none
    const { store, parent } = this
    const state = view.getUint8(ParentEnd.state) as OrderState
    assert(store.openChildren[parent] === 0, 'a parent ends after its children')
    assert(isEnded(state), 'a parent ends in an end state')
    store.parentState[parent] = state
    store.reason[parent] = view.getUint8(ParentEnd.reason)
    store.endedUs[parent] = view.getFloat64(First.atUs, true)
    return Change.ended
  }

  #refreshChild(child: ChildRow): void {
    const { store } = this
    if (store.childFilled[child] === 0) return
    store.childState[child] = nextState(store.childStateOf(child), Event.filledInPart)
  }

  #refreshParent(parent: ParentRow): void {
    const { store } = this
    if (isEnded(store.stateOf(parent)) || store.filledLots[parent] === 0) return
    store.parentState[parent] = nextState(store.stateOf(parent), Event.filledInPart)
  }
}
