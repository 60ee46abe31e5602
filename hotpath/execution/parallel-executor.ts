/**
 * Children out, all venues in one turn. Intent first: a child leaves only after its intent is in the journal; an order
 * that must survive the machine leaves only after its intent is on disk.
 */
import { assert } from '../../shared/assert.ts'
import { Side, TimeInForce } from '../../shared/domain/order.ts'
import { OrderState } from '../../shared/domain/order-state.ts'
import { RejectReason } from '../../shared/domain/reject-reason.ts'
import { CHILDREN_PER_PARENT_MAX as childrenPerParentMax, VENUES_MAX } from '../../shared/limits.ts'
import type { Turn } from '../../shared/turn.ts'
import type { ChildRow, ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import { PPM as ppm } from '../../shared/units/ticks.ts'
import { NS_PER_US, US_PER_MS } from '../../shared/units/time.ts'
import { ChildReport, Head, Intent, RecordType } from '../../shared/wire/journal-frame.ts'
import type { BookRow, BookTable } from '../book/book-table.ts'
import type { LatencyWatch } from '../latency/latency-watch.ts'
import type { BalanceTable } from '../orders/balance-table.ts'
import { type OrderStore, ParentFlag } from '../orders/order-store.ts'
import { ChildOrder, VenueReportKind } from '../orders/venue-report.ts'
import type { ExecutionPlan } from '../plan/execution-plan.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import type { VenueCandidates } from '../plan/venue-candidates.ts'
import type { VenueStateTable } from '../plan/venue-state-table.ts'
import { CoreCounter, type Counters } from '../telemetry/counters.ts'
import type { VenueAdapter } from '../venues/venue-adapter.ts'
import { ArrivalQueue, NOBODY } from './arrival-queue.ts'
import type { OrderLog } from './order-log.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Told = ChildReport
const First = Head
const Meant = Intent
const Kind = RecordType
const Life = TimeInForce
const State = OrderState
const Sides = Side
const Flag = ParentFlag
const PPM = ppm
const CHILDREN_PER_PARENT_MAX = childrenPerParentMax

/** Children waiting for the disk; when a route may no longer fit, orders that must survive the machine are not taken. */
const WAITING_MAX = 65_536
/** Children held back to land together; what does not fit goes at once. */
const HELD_MAX = 16_384

export interface ExecutorParts {
  readonly log: OrderLog
  readonly store: OrderStore
  readonly books: BookTable
  readonly listings: ListingTable
  readonly balances: BalanceTable
  readonly states: VenueStateTable
  readonly turn: Turn
  readonly watch: LatencyWatch
  readonly counters: Counters
  /** By venue index. */
  readonly adapters: readonly VenueAdapter[]
}

/** The next child, field by field: doubles as arguments would be boxed on their way. Reused. */
export class ChildDraft {
  venue = 0 as VenueIndex
  timeInForce: TimeInForce = TimeInForce.ioc
  postOnly = false
  readonly #wide = new Float64Array(4)
  get lots(): number {
    return this.#wide[0]
  }
  set lots(value: number) {
    this.#wide[0] = value
  }
  get limitTicks(): number {
    return this.#wide[1]
  }
  set limitTicks(value: number) {
    this.#wide[1] = value
  }
  /** What the plan expects: raw notional (ticks x lots) and fee-adjusted cost (micro-ticks x lots). */
  get planNotional(): number {
    return this.#wide[2]
  }
  set planNotional(value: number) {
    this.#wide[2] = value
  }
  get planCost(): number {
    return this.#wide[3]
  }
  set planCost(value: number) {
    this.#wide[3] = value
  }
}

export class ParallelExecutor {
  readonly #parts: ExecutorParts
  readonly #deadlineUs: number
  readonly #child = new ChildOrder()
  readonly draft = new ChildDraft()
  /** Something was handed to a door: whoever runs the turns may want to send it now. */
  onSent: () => void = () => undefined
  /** A child certainly did not go out and its lots are idle again; told after the record of it. */
  onNotSent: (parent: ParentRow) => void = () => undefined
  /** By child row: the first question since the venue last said notFound; 0: none. Its next notFound may be that old. */
  readonly askedUs: Float64Array
  readonly #waitingRow = new Int32Array(WAITING_MAX)
  readonly #waitingSequence = new Float64Array(WAITING_MAX)
  /** By child row: the intent it waits for. A row may have been used again since it joined the queue. */
  readonly #intentSequence: Float64Array
  #waitingHead = 0
  #waitingTail = 0
  readonly #arrivals: ArrivalQueue
  readonly #arrivalWaitNs: number
  /** When the children of the route at hand should land, nanoseconds from now; 0: as soon as they can. */
  readonly #landNs = new Float64Array(1)

  constructor(parts: ExecutorParts, config: { childDeadlineMs: number; arrivalWaitUsMax: number }) {
    this.#parts = parts
    this.#deadlineUs = config.childDeadlineMs * US_PER_MS
    this.#arrivals = new ArrivalQueue(parts.store.childrenMax, HELD_MAX)
    this.#arrivalWaitNs = config.arrivalWaitUsMax * NS_PER_US
    this.askedUs = new Float64Array(parts.store.childrenMax)
    this.#intentSequence = new Float64Array(parts.store.childrenMax)
  }

  get waiting(): number {
    return this.#waitingTail - this.#waitingHead
  }

  /** May the children of one more route not find room in the queue for the disk? */
  get isFull(): boolean {
    return this.waiting + VENUES_MAX + 1 > WAITING_MAX
  }

  /**
   * A route begins. With an arrival bound its children are held back so that all land when the slowest does, by what is
   * forecast of half a round trip; nobody waits longer than the bound.
   */
  openRoute(parent: ParentRow, plan: ExecutionPlan, candidates: VenueCandidates): void {
    const { watch } = this.#parts
    watch.begun(parent, plan.count)
    this.#landNs[0] = 0
    if (this.#arrivalWaitNs === 0 || plan.count < 2) return
    const { p50Ns } = watch.parts.forecast
    let slowest = 0
    let fastest = Number.POSITIVE_INFINITY
    for (let at = 0; at < plan.count; at++) {
      const oneWay = p50Ns[candidates.venue[plan.row[at]]] / 2
      if (oneWay > slowest) slowest = oneWay
      if (oneWay < fastest) fastest = oneWay
    }
    this.#landNs[0] = Math.min(slowest, fastest + this.#arrivalWaitNs)
  }

  /** Sends the held children that are due; answers how many, and at least 1 while any are held: turns must go on. */
  sendHeld(): number {
    const { store, turn } = this.#parts
    if (this.#arrivals.count === 0) return 0
    let sent = 1
    for (let child = this.#arrivals.take(turn.nowNs); child !== NOBODY; child = this.#arrivals.take(turn.nowNs)) {
      sent++
      if (store.childStateOf(child) !== State.pendingNew) continue
      if (turn.nowUs < store.childDeadlineUs[child]) this.#place(child)
      else this.#notSent(child)
    }
    return sent
  }

  /** Journals the draft as the parent's next child and sends it, or queues it for the disk. Answers its row. */
  send(parent: ParentRow): ChildRow {
    const { log, store, states, turn } = this.#parts
    const { draft } = this
    const sequence = store.children[parent] + 1
    assert(sequence <= CHILDREN_PER_PARENT_MAX, 'a parent has a bounded number of children')
    const view = log.record.begin(Kind.intent, Meant.end, store.sequence[parent], sequence, turn)
    view.setUint8(Meant.venue, draft.venue)
    view.setUint8(Meant.timeInForce, draft.timeInForce)
    view.setUint8(Meant.postOnly, draft.postOnly ? 1 : 0)
    view.setInt32(Meant.epoch, log.lifecycle.epoch, true)
    view.setFloat64(Meant.lots, draft.lots, true)
    view.setFloat64(Meant.limitTicks, draft.limitTicks, true)
    view.setFloat64(Meant.deadlineUs, turn.nowUs + this.#deadlineUs, true)
    view.setFloat64(Meant.planNotional, draft.planNotional, true)
    view.setFloat64(Meant.planCost, draft.planCost, true)
    log.commit()
    const child = log.lifecycle.child
    states.takeToken(draft.venue)
    this.askedUs[child] = 0
    this.reserve(child, draft.lots)
    if (store.hasFlag(parent, Flag.durableAck)) this.#wait(child, log.sequence)
    else if (!this.#hold(child)) this.#place(child)
    return child
  }

  /** Sends what the disk has caught up with, unless its deadline passed meanwhile. Answers how many. */
  sendDurable(): number {
    const { store, log, turn } = this.#parts
    const durable = log.durableSequence
    let sent = 0
    while (this.#waitingHead !== this.#waitingTail) {
      const at = this.#waitingHead & (WAITING_MAX - 1)
      if (this.#waitingSequence[at] > durable) break
      this.#waitingHead++
      const child = this.#waitingRow[at] as ChildRow
      sent++
      if (this.#intentSequence[child] !== this.#waitingSequence[at]) continue
      if (store.childStateOf(child) !== State.pendingNew) continue
      if (turn.nowUs < store.childDeadlineUs[child]) this.#place(child)
      else this.#notSent(child)
    }
    return sent
  }

  /** Asks the venue to cancel; the outcome comes as a report. */
  cancel(child: ChildRow): void {
    const { log, store, adapters, turn } = this.#parts
    const parent = store.childParent[child] as ParentRow
    const { epoch, sequence, parentSequence } = this.#identity(child)
    log.record.begin(Kind.cancelAsked, First.end, store.sequence[parent], sequence, turn)
    log.commit()
    // Still here: there is nothing to cancel out there, and it will not go.
    if (this.#arrivals.release(child)) {
      this.#notSent(child)
      return
    }
    adapters[store.childVenue[child]].cancel(epoch, parentSequence, sequence)
    this.#parts.counters.count(CoreCounter.cancelsSent)
    this.onSent()
  }

  query(child: ChildRow): void {
    const { store, adapters, turn } = this.#parts
    const { epoch, sequence, parentSequence } = this.#identity(child)
    const isAsked = adapters[store.childVenue[child]].query(epoch, parentSequence, sequence)
    if (isAsked && this.askedUs[child] === 0) this.askedUs[child] = turn.nowUs
  }

  /** Keeps what these lots of a child can cost at most out of later decisions; negative lots give it back. */
  reserve(child: ChildRow, lots: number): void {
    const { store, balances, listings } = this.#parts
    const parent = store.childParent[child]
    const instrument = store.instrument[parent]
    const venue = store.venueOf(child)
    if (store.side[parent] === Sides.sell) {
      balances.move(venue, listings.baseAsset[instrument], -lots * listings.baseUnitsPerLot[instrument])
      return
    }
    const factor = listings.feeFactor(instrument * listings.venues.length + venue, Sides.buy) / PPM
    const units = lots * store.childTicks[child] * factor * listings.quoteUnitsPerNotional[instrument]
    balances.move(venue, listings.quoteAsset[instrument], -units)
  }

  /** A fill moves the balances: what was reserved for it is given back, what it really took and brought is booked. */
  settle(child: ChildRow, lots: number, ticks: number, feeUnits: number, feeInBase: boolean): void {
    const { store, balances, listings } = this.#parts
    const parent = store.childParent[child]
    const instrument = store.instrument[parent]
    const venue = store.venueOf(child)
    this.reserve(child, -lots)
    const sign = store.side[parent] === Sides.buy ? 1 : -1
    const quote = lots * ticks * listings.quoteUnitsPerNotional[instrument]
    const base = lots * listings.baseUnitsPerLot[instrument]
    balances.move(venue, listings.quoteAsset[instrument], -sign * quote - (feeInBase ? 0 : feeUnits))
    balances.move(venue, listings.baseAsset[instrument], sign * base - (feeInBase ? feeUnits : 0))
  }

  #hold(child: ChildRow): boolean {
    const { turn, watch } = this.#parts
    if (this.#landNs[0] === 0 || this.draft.timeInForce === Life.gtc) return false
    const waitNs = this.#landNs[0] - watch.parts.forecast.p50Ns[this.draft.venue] / 2
    return waitNs > 0 && this.#arrivals.hold(child, turn.nowNs + waitNs)
  }

  #wait(child: ChildRow, sequence: number): void {
    assert(this.waiting < WAITING_MAX, 'the disk queue is bounded')
    const at = this.#waitingTail++ & (WAITING_MAX - 1)
    this.#waitingRow[at] = child
    this.#waitingSequence[at] = sequence
    this.#intentSequence[child] = sequence
  }

  #place(child: ChildRow): void {
    const { store, adapters, watch, counters } = this.#parts
    const parent = store.childParent[child] as ParentRow
    const order = this.#child
    order.instrument = store.instrumentOf(parent)
    order.side = store.sideOf(parent)
    order.timeInForce = store.childTimeInForce[child] as TimeInForce
    order.postOnly = store.childPostOnly[child] === 1
    order.epoch = store.childEpoch[child]
    order.childSequence = store.childSequence[child]
    order.parentSequence = store.sequence[parent]
    order.lots = store.childLots[child] as typeof order.lots
    order.limitTicks = store.childTicks[child] as typeof order.limitTicks
    order.deadlineUs = store.childDeadlineUs[child]
    watch.sent(child, this.#bookOf(child), order.timeInForce === Life.gtc)
    if (!adapters[store.childVenue[child]].place(order)) {
      this.#notSent(child)
      return
    }
    counters.count(CoreCounter.childrenSent)
    this.onSent()
  }

  /** The door says it certainly did not go out: that is a report like any other. */
  #notSent(child: ChildRow): void {
    const { books, log, store, turn, counters, watch } = this.#parts
    counters.count(CoreCounter.childrenNotSent)
    const parent = store.childParent[child]
    watch.notSent(parent as ParentRow, child)
    const view = log.record.begin(Kind.childReport, Told.end, store.sequence[parent], store.childSequence[child], turn)
    view.setUint8(Told.kind, VenueReportKind.rejected)
    view.setUint8(Told.reason, RejectReason.notSent)
    view.setFloat64(Told.execution, 0, true)
    view.setFloat64(Told.filledLots, 0, true)
    log.commit()
    books.noteMiss(this.#bookOf(child), turn)
    this.reserve(child, -(store.childLots[child] - store.childFilled[child]))
    this.onNotSent(parent as ParentRow)
  }

  #bookOf(child: ChildRow): BookRow {
    const { books, store } = this.#parts
    return books.row(store.instrumentOf(store.childParent[child] as ParentRow), store.venueOf(child))
  }

  #identity(child: ChildRow): { epoch: number; sequence: number; parentSequence: number } {
    const { store } = this.#parts
    return {
      epoch: store.childEpoch[child],
      sequence: store.childSequence[child],
      parentSequence: store.sequence[store.childParent[child]],
    }
  }
}
