/**
 * What the venues say, in whatever order: journaled, applied once, told to the client, and the parent moves on. Also
 * how we and a venue come to agree again: on start and after every lost link everything open there is asked about.
 */
import { ExecType } from '../../shared/domain/execution-report.ts'
import { TimeInForce } from '../../shared/domain/order.ts'
import { isEnded as hasEnded, isExpected, OrderEvent, OrderState } from '../../shared/domain/order-state.ts'
import { RejectReason } from '../../shared/domain/reject-reason.ts'
import { PRICE_TICKS_MAX as priceTicksMax, QTY_LOTS_MAX as qtyLotsMax } from '../../shared/limits.ts'
import type { ChildRow, ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import { ChildReport, Head, RecordType } from '../../shared/wire/journal-frame.ts'
import { Change } from '../orders/order-lifecycle.ts'
import { NO_ROW as noRow } from '../orders/order-store.ts'
import { type VenueReport, VenueReportKind } from '../orders/venue-report.ts'
import { CoreCounter } from '../telemetry/counters.ts'
import type { VenueAdapter, VenueEvents } from '../venues/venue-adapter.ts'
import type { CoreParts } from './core-parts.ts'
import type { ParentProgress } from './parent-progress.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Told = ChildReport
const First = Head
const Kind = RecordType
const News = VenueReportKind
const State = OrderState
const Changed = Change
const Life = TimeInForce
const NO_ROW = noRow
const isEnded = hasEnded
const PRICE_TICKS_MAX = priceTicksMax
const QTY_LOTS_MAX = qtyLotsMax

/** Reports that name no order of ours, or repeat what is known: counted, never acted on. */
export class NewsCounters {
  reports = 0
  repeated = 0
  foreign = 0
  /** Numbers that no venue can mean, or that could not be kept exactly: not booked, the timers ask again. */
  nonsense = 0
}

export class VenueNews implements VenueEvents {
  readonly #parts: CoreParts
  readonly #progress: ParentProgress
  readonly #adapters: readonly VenueAdapter[]
  readonly counters = new NewsCounters()
  /** Children that took less than their book showed ask for a fresh book. */
  onMiss: (parent: ParentRow, venue: VenueIndex) => void = () => undefined

  constructor(parts: CoreParts, progress: ParentProgress, adapters: readonly VenueAdapter[]) {
    this.#parts = parts
    this.#progress = progress
    this.#adapters = adapters
  }

  onVenueUp(venue: VenueIndex): void {
    const { states } = this.#parts
    states.isUp[venue] = 1
    states.setReady(venue, false)
    this.#adapters[venue].reconcile(states.lastExecution[venue])
    this.#eachUnsettled(venue, (child) => this.#parts.executor.query(child))
  }

  onVenueDown(venue: VenueIndex): void {
    const { states, log, store, turn } = this.#parts
    states.isUp[venue] = 0
    states.setReady(venue, false)
    this.#eachUnsettled(venue, (child) => {
      const state = store.childStateOf(child)
      if (isEnded(state) || state === State.unknown) return
      const parent = store.childParent[child]
      log.record.begin(Kind.childLost, First.end, store.sequence[parent], store.childSequence[child], turn)
      log.commit()
    })
  }

  onVenueReport(report: VenueReport): void {
    const { store } = this.#parts
    this.counters.reports++
    if (report.kind === News.balance) {
      this.#balance(report)
      return
    }
    if (report.kind === News.reconciled) {
      this.#reconciled(report.venue)
      return
    }
    const parent = store.rowOf(report.parentSequence)
    const child = parent === NO_ROW ? (NO_ROW as ChildRow) : store.childOf(parent, report.childSequence)
    if (child === NO_ROW || store.childEpoch[child] !== report.epoch || store.childVenue[child] !== report.venue) {
      this.counters.foreign++
      this.#cancelStray(report)
      return
    }
    if (!isSound(report)) {
      this.counters.nonsense++
      return
    }
    const isNews = this.#isNews(report, child)
    if (report.kind === News.notFound) this.#parts.executor.askedUs[child] = 0
    if (!isNews) {
      this.counters.repeated++
      if (isEnded(store.childStateOf(child))) this.#cancelStray(report)
      return
    }
    if (report.kind === News.fill && !this.#parts.log.lifecycle.canBook(report, parent)) {
      this.counters.nonsense++
      return
    }
    if (report.kind === News.rejected && report.reason === RejectReason.duplicateClientOrderId) {
      // The venue knows this id already: what it refused is a copy, the order itself may be live.
      this.#parts.executor.query(child)
      return
    }
    if (report.kind === News.rejected && !isExpected(store.childStateOf(child), OrderEvent.rejected)) {
      // It was accepted before: ask; said once more, it is believed.
      this.#makeUnknown(parent, child)
      this.#parts.executor.query(child)
      return
    }
    this.#apply(report, parent, child)
  }

  #balance(report: VenueReport): void {
    const { balances, listings } = this.#parts
    if (listings.assets[report.asset] === undefined || !Number.isFinite(report.units)) this.counters.nonsense++
    else balances.set(report.venue, report.asset, report.units)
  }

  /**
   * An order of ours is open there and we know nothing of it, or took it for ended: its records were lost with the
   * machine, or it arrived after its deadline. Nobody waits for its fills.
   */
  #cancelStray(report: VenueReport): void {
    if (report.kind !== News.status || !report.isOpen) return
    if (report.epoch > this.#parts.log.lifecycle.epoch) return
    this.#adapters[report.venue].cancel(report.epoch, report.parentSequence, report.childSequence)
  }

  /** Would this report change anything? Repeats are not journaled: a venue may repeat without bound. */
  #isNews(report: VenueReport, child: ChildRow): boolean {
    const { store } = this.#parts
    const state = store.childStateOf(child)
    switch (report.kind) {
      case News.fill:
        return !store.fills.has(child, report.execution)
      case News.accepted:
        return !isEnded(state) && (store.childAckUs[child] === 0 || state === State.unknown)
      case News.status:
        if (isEnded(state)) return !report.isOpen && store.comingLots(child) > 0 && this.#claimsLess(report, child)
        return !report.isOpen || state === State.pendingNew || state === State.unknown
      case News.notFound:
        return !isEnded(state) && this.#isGone(child)
      case News.cancelRejected:
        return state === State.pendingCancel
      // The core calls children back and places anew; nothing in the journal means a child's new quantity.
      case News.replaced:
      case News.replaceRejected:
        return false
      default:
        return !isEnded(state)
    }
  }

  /**
   * "No such order" ends a child only as the answer to a question asked when it could arrive no more: after its deadline, by
   * so much that the venue's clock was past it too. A venue that does not list the instrument now was not asked at it.
   */
  #isGone(child: ChildRow): boolean {
    const { config, executor, listings, store } = this.#parts
    const instrument = store.instrumentOf(store.childParent[child] as ParentRow)
    const askedUs = executor.askedUs[child]
    if (askedUs <= store.childDeadlineUs[child] + config.silenceUs) return false
    return listings.isListed[listings.row(instrument, store.venueOf(child))] === 1
  }

  #claimsLess(report: VenueReport, child: ChildRow): boolean {
    return report.filledLots < this.#parts.store.childClaimed[child]
  }

  #apply(report: VenueReport, parent: ParentRow, child: ChildRow): void {
    const { watch, log, store } = this.#parts
    if (report.kind === News.accepted || report.kind === News.fill) watch.heard(parent, child, report)
    if (report.kind === News.notFound) this.#makeUnknown(parent, child)
    const coming = store.comingLots(child)
    this.#write(report, parent)
    const change = log.commit()
    if (change === Changed.filled) this.#filled(report, parent, child)
    else if (change === Changed.ended) this.#ended(report, parent, child, coming)
    else if (change === Changed.cancelRefused) this.#cancelRefused(report, parent, child)
    else if (change === Changed.acknowledged) this.#progress.callBackIfAsked(parent)
  }

  #filled(report: VenueReport, parent: ParentRow, child: ChildRow): void {
    const { executor, store, states, latency, watch, counters } = this.#parts
    latency.filled(child, report.venue)
    if (store.childTimeInForce[child] !== Life.gtc) watch.found(child, report.venue, false)
    counters.count(CoreCounter.fills)
    if (report.execution > states.lastExecution[report.venue]) states.lastExecution[report.venue] = report.execution
    executor.settle(child, report.lots, report.priceTicks, report.feeUnits, report.feeInBase)
    let fill = store.fills.first[child]
    while (store.fills.next[fill] !== NO_ROW) fill = store.fills.next[fill]
    if (!store.isOpen(parent)) this.#progress.lateFills++
    // The venue counts more than we have booked: a fill is missing.
    if (report.filledLots > store.childFilled[child]) executor.query(child)
    this.#progress.reportFill(parent, child, fill)
    latency.reported()
    this.#progress.advance(parent)
  }

  /** `coming`: what it could have filled before this news. */
  #ended(report: VenueReport, parent: ParentRow, child: ChildRow, coming: number): void {
    const { books, executor, store, turn, watch } = this.#parts
    const claimed = store.comingLots(child)
    executor.reserve(child, -(coming - claimed))
    if (claimed > 0) executor.query(child)
    const missed = store.childFilled[child] + claimed < store.childLots[child]
    const rested = store.childTimeInForce[child] === Life.gtc
    const isRefused = report.kind === News.rejected
    if (missed && !rested) watch.found(child, report.venue, true)
    if (missed && (!rested || isRefused)) {
      books.noteMiss(books.row(store.instrumentOf(parent), report.venue), turn)
      this.onMiss(parent, report.venue)
    }
    if (rested && isRefused) this.#progress.onRestRefused(parent)
    else this.#progress.advance(parent)
  }

  /** It had ended, or the venue will not: ask how it stands. */
  #cancelRefused(report: VenueReport, parent: ParentRow, child: ChildRow): void {
    if (report.reason === RejectReason.unknownOrder) this.#makeUnknown(parent, child)
    this.#parts.executor.query(child)
    if (this.#parts.store.openChildren[parent] > 0) this.#progress.report(parent, ExecType.orderStatus)
  }

  #makeUnknown(parent: ParentRow, child: ChildRow): void {
    const { log, store, turn } = this.#parts
    if (store.childStateOf(child) === State.unknown) return
    log.record.begin(Kind.childLost, First.end, store.sequence[parent], store.childSequence[child], turn)
    log.commit()
  }

  #write(report: VenueReport, parent: ParentRow): void {
    const { log, store, turn } = this.#parts
    const view = log.record.begin(Kind.childReport, Told.end, store.sequence[parent], report.childSequence, turn)
    view.setUint8(Told.kind, report.kind)
    view.setUint8(Told.reason, report.reason)
    view.setUint8(Told.liquidity, report.liquidity)
    view.setUint8(Told.feeInBase, report.feeInBase ? 1 : 0)
    view.setUint8(Told.isOpen, report.isOpen ? 1 : 0)
    view.setFloat64(Told.execution, report.execution, true)
    view.setFloat64(Told.lots, report.lots, true)
    view.setFloat64(Told.priceTicks, report.priceTicks, true)
    view.setFloat64(Told.filledLots, report.filledLots, true)
    view.setFloat64(Told.feeUnits, report.feeUnits, true)
    view.setFloat64(Told.venueTimeUs, report.venueTimeUs, true)
  }

  #reconciled(venue: VenueIndex): void {
    const { states } = this.#parts
    if (states.isUp[venue] === 0) return
    states.setReady(venue, true)
    this.onReconciled(venue)
  }

  /** Composition decides when all are ready. */
  onReconciled: (venue: VenueIndex) => void = () => undefined

  /** Children at a venue that are open, or ended with fills still to come. */
  #eachUnsettled(venue: VenueIndex, visit: (child: ChildRow) => void): void {
    const { store, open } = this.#parts
    for (let at = 0; at < open.count; at++) {
      const parent = open.at(at)
      for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
        if (store.childVenue[child] !== venue) continue
        const isOpen = !isEnded(store.childStateOf(child as ChildRow))
        if (isOpen || store.comingLots(child as ChildRow) > 0) visit(child as ChildRow)
      }
    }
  }
}

/** What is journaled is applied again at every start, so a number that cannot be must not get that far. */
function isSound(report: VenueReport): boolean {
  if (!isWhole(report.filledLots, 0, QTY_LOTS_MAX)) return false
  if (report.kind !== News.fill) return true
  return (
    isWhole(report.lots, 1, QTY_LOTS_MAX) &&
    isWhole(report.priceTicks, 1, PRICE_TICKS_MAX) &&
    Number.isSafeInteger(report.feeUnits) &&
    isWhole(report.execution, 1, Number.MAX_SAFE_INTEGER)
  )
}

function isWhole(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && Math.floor(value) === value
}
