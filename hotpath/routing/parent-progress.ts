/**
 * What happens to a parent after it is accepted: its plan goes out, remainders are routed again within its limits, what may
 * wait rests at one venue, and it ends exactly once. Every step is decided from the store alone: a replayed parent goes on.
 */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { ExecType } from '../../shared/domain/execution-report.ts'
import { OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { isEnded as hasEnded, OrderState } from '../../shared/domain/order-state.ts'
import { CHILDREN_PER_PARENT_MAX } from '../../shared/limits.ts'
import type { ChildRow, ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import { ceilToTick, floorToLot, floorToTick, PPM, type PriceTicks, type QtyLots } from '../../shared/units/ticks.ts'
import { Head, ParentEnd, RecordType, Replace, Route } from '../../shared/wire/journal-frame.ts'
import { ClientReport } from '../orders/client-report.ts'
import { NO_ROW as noRow, ParentFlag } from '../orders/order-store.ts'
import { DropReason, type VenueCandidates } from '../plan/venue-candidates.ts'
import { CoreCounter } from '../telemetry/counters.ts'
import { blankReport } from './blank-report.ts'
import type { CoreParts } from './core-parts.ts'
import type { Decision } from './decision-log.ts'
import { quoteLeft } from './quote-budget.ts'
import { RouteInput } from './route-input.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const First = Head
const Kind = RecordType
const Routed = Route
const Exec = ExecType
const Flag = ParentFlag
const Life = TimeInForce
const NO_ROW = noRow
const isEnded = hasEnded

export class ParentProgress {
  readonly #parts: CoreParts
  readonly #report = new ClientReport()
  readonly #input = new RouteInput()
  /** False while venues are still being reconciled. */
  isReady = false
  /** Late news after an order ended: booked, and counted here. */
  lateFills = 0
  /** Slices of one route: a venue has at most one; plus the resting child. */
  readonly childrenPerRoute: number
  /** By child row: not before then is a silent child asked about again. */
  readonly #askAgainUs: Float64Array

  constructor(parts: CoreParts) {
    this.#parts = parts
    this.#askAgainUs = new Float64Array(parts.store.childrenMax)
    this.childrenPerRoute = parts.listings.venues.length + 1
    parts.executor.onNotSent = (parent) => this.#onNotSent(parent)
  }

  opened(parent: ParentRow): void {
    const { open, risk, store } = this.#parts
    open.add(parent)
    risk.openOrders[store.account[parent]]++
  }

  /** Sends the decision's slices; what is left rests, is routed again, or ends. */
  execute(parent: ParentRow, decision: Decision): void {
    const { store, executor, turn, benchmarks, decisions } = this.#parts
    const { plan, candidates } = decision
    const route = store.routes[parent] + 1
    decision.belongTo(store, parent, route, turn)
    decisions.keep(decision)
    this.#writeRoute(parent, route, decision)
    executor.openRoute(parent, plan, candidates)
    const isFok = store.timeInForceOf(parent) === Life.fok
    const { draft } = executor
    for (let at = 0; at < plan.count; at++) {
      draft.venue = candidates.venue[plan.row[at]] as VenueIndex
      draft.lots = plan.lots[at]
      draft.limitTicks = plan.limitTicks[at]
      draft.timeInForce = isFok ? Life.fok : Life.ioc
      draft.postOnly = false
      draft.planNotional = plan.notional[at]
      draft.planCost = plan.effective[at]
      this.#send(parent)
    }
    if (route > 1) this.#parts.counters.count(CoreCounter.reroutes)
    if (route === 1) benchmarks.note(decision)
    if (store.hasIdleLots(parent)) this.#placeRemainder(parent, candidates, plan.count > 0)
    decisions.release()
  }

  #send(parent: ParentRow): void {
    const child = this.#parts.executor.send(parent)
    this.#askAgainUs[child] = 0
  }

  /** The next step of an open parent, from where it stands. */
  advance(parent: ParentRow): void {
    const { store } = this.#parts
    if (!store.isOpen(parent)) return
    const isQuiet = store.openChildren[parent] === 0 && store.workingLots[parent] === 0
    if (store.filledLots[parent] >= store.orderLots[parent]) {
      if (isQuiet) this.#endFilled(parent)
      else this.callBack(parent)
      return
    }
    if (store.hasFlag(parent, Flag.cancelAsked)) {
      if (isQuiet) this.#endCanceled(parent)
      return
    }
    if (store.hasFlag(parent, Flag.replacing)) {
      if (isQuiet) this.#applyReplace(parent)
      if (!isQuiet || !store.isOpen(parent)) return
    }
    if (!this.isReady || !store.hasIdleLots(parent)) return
    this.#routeAgain(parent)
  }

  cancel(parent: ParentRow): void {
    const { store, log, turn } = this.#parts
    if (store.hasFlag(parent, Flag.cancelAsked) || !store.isOpen(parent)) return
    log.record.begin(Kind.cancelAsked, First.end, store.sequence[parent], 0, turn)
    log.commit()
    this.report(parent, Exec.pendingCancel)
    this.callBack(parent)
    this.advance(parent)
  }

  /** Asks the venues for every open child of a parent back. */
  callBack(parent: ParentRow): void {
    const { store, executor } = this.#parts
    for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
      const state = store.childStateOf(child as ChildRow)
      if (!isEnded(state) && state !== OrderState.pendingCancel) executor.cancel(child as ChildRow)
    }
  }

  /** A child that turns out to be alive after its parent was taken back (its cancel was lost or came too early). */
  callBackIfAsked(parent: ParentRow): void {
    if (this.#isTakenBack(parent)) this.callBack(parent)
  }

  /** A venue refused what should rest there: later, and later each time, so that what does not heal stays rare. */
  onRestRefused(parent: ParentRow): void {
    const { store, open, turn, config } = this.#parts
    if (this.#isTakenBack(parent)) this.advance(parent)
    else open.wakeUs[parent] = turn.nowUs + config.rerouteWaitUs * store.children[parent]
  }

  /** A door that is shut may stay shut for minutes: an order that waits must not use up its children before it. */
  #onNotSent(parent: ParentRow): void {
    const { store, open, turn, config } = this.#parts
    if (this.#waits(parent)) open.wakeUs[parent] = turn.nowUs + config.rerouteWaitUs * store.children[parent]
    else this.#wake(parent)
  }

  /** Nothing of this parent should be at work: it was cancelled, is being replaced, or is whole (a venue overfilled). */
  #isTakenBack(parent: ParentRow): boolean {
    const { store } = this.#parts
    const asked = (store.flags[parent] & (Flag.cancelAsked | Flag.replacing)) !== 0
    return asked || store.filledLots[parent] >= store.orderLots[parent]
  }

  /** A timer's look: expiry, a remainder that waits, children that are silent. Answers 1 if something was due. */
  look(parent: ParentRow): number {
    const { store, open, turn } = this.#parts
    const { nowUs } = turn
    if (this.#isPastExpiry(parent) && !store.hasFlag(parent, Flag.cancelAsked)) {
      this.cancel(parent)
      return 1
    }
    let due = this.#askSilent(parent)
    if (open.wakeUs[parent] !== 0 && nowUs >= open.wakeUs[parent]) {
      open.wakeUs[parent] = 0
      this.advance(parent)
      due = 1
    }
    return due
  }

  /** Tells the client how a parent stands; `execution` and the last fill are the caller's to add through `reportFill`. */
  report(parent: ParentRow, execType: ExecType, denied: DenyReason = DenyReason.none): void {
    const report = blankReport(this.#report, parent, execType, this.#parts)
    report.denied = denied
    this.#parts.reports.onClientReport(report)
  }

  /** One fill; if it made the parent whole, the report already says so. */
  reportFill(parent: ParentRow, child: ChildRow, fill: number): void {
    const { store, log } = this.#parts
    const { sequence } = log
    const isQuiet = store.openChildren[parent] === 0 && store.workingLots[parent] === 0
    if (store.isOpen(parent) && isQuiet && store.filledLots[parent] >= store.orderLots[parent]) {
      this.#end(parent, OrderState.filled, DenyReason.none)
    }
    const report = blankReport(this.#report, parent, Exec.trade, this.#parts)
    report.execution = sequence
    report.venue = store.venueOf(child)
    report.liquidity = store.fills.liquidity[fill] as typeof report.liquidity
    report.feeInBase = store.fills.feeInBase[fill] === 1
    report.lastLots = store.fills.lots[fill] as typeof report.lastLots
    report.lastTicks = store.fills.ticks[fill] as typeof report.lastTicks
    report.feeUnits = store.fills.feeUnits[fill] as typeof report.feeUnits
    this.#parts.reports.onClientReport(report)
  }

  #routeAgain(parent: ParentRow): void {
    const { store, router, decisions, turn, config } = this.#parts
    const isLate = turn.nowUs >= store.createdUs[parent] + config.immediateLifeUs
    const isWorn = !this.#waits(parent) && (store.routes[parent] >= config.routesMax || isLate)
    if (isWorn || store.children[parent] + this.childrenPerRoute > CHILDREN_PER_PARENT_MAX) {
      if (isWorn) this.#giveUp(parent, DenyReason.noLiquidity)
      else this.cancel(parent)
      return
    }
    if (!this.#hasRoom(parent)) {
      this.#wake(parent)
      return
    }
    const decision = decisions.open()
    const why = this.#isPostOnly(parent)
      ? DenyReason.postOnlyWouldTake
      : router.decide(this.describe(parent), decision.candidates, decision.plan, turn)
    if (why === DenyReason.none) this.execute(parent, decision)
    else if (this.#waits(parent)) {
      if (this.#isPostOnly(parent)) router.decide(this.describe(parent), decision.candidates, decision.plan, turn)
      this.#rest(parent, decision.candidates)
    } else this.#waitOrGiveUp(parent, why)
  }

  /** Rows and journal for one more route; what is left of them belongs to reports. */
  #hasRoom(parent: ParentRow): boolean {
    const { store, log, executor } = this.#parts
    if (!log.hasReserve || !store.hasRoom(this.childrenPerRoute, 0)) return false
    return !executor.isFull || !store.hasFlag(parent, Flag.durableAck)
  }

  /** What is left of an order, as the router wants to know it. */
  describe(parent: ParentRow): RouteInput {
    const { store, config } = this.#parts
    const input = this.#input
    input.instrument = store.instrumentOf(parent)
    input.side = store.sideOf(parent)
    input.lots = store.idleLots(parent)
    input.quoteBudget = store.hasFlag(parent, Flag.quoteSized) ? Math.max(1, quoteLeft(parent, this.#parts)) : 0
    input.priceTicks = store.limitOf(parent)
    input.referenceMid = store.arrivalMid[parent]
    if (input.referenceMid === 0) input.referenceMid = store.arrivalBid[parent] + store.arrivalAsk[parent]
    input.venuesLow = store.venuesLow[parent]
    input.venuesHigh = store.venuesHigh[parent]
    input.slippageCentiBps = store.slippageCentiBps[parent]
    input.feeCentiBps = store.feeCentiBps[parent]
    input.childrenMax = config.childrenMax
    input.allOrNone = store.timeInForceOf(parent) === Life.fok
    return input
  }

  #waits(parent: ParentRow): boolean {
    const timeInForce = this.#parts.store.timeInForceOf(parent)
    return timeInForce === Life.gtc || timeInForce === Life.gtd
  }

  #isPostOnly(parent: ParentRow): boolean {
    return this.#parts.store.hasFlag(parent, Flag.postOnly)
  }

  #placeRemainder(parent: ParentRow, candidates: VenueCandidates, hasTaken: boolean): void {
    if (this.#waits(parent) && this.#parts.store.typeOf(parent) === OrderType.limit) this.#rest(parent, candidates)
    else if (this.#parts.store.openChildren[parent] === 0) this.#waitOrGiveUp(parent, DenyReason.noLiquidity)
    else if (!hasTaken) this.#wake(parent)
  }

  /** Posts what is left, or can be paid, at the venue with the lowest maker fee whose own book the price does not cross. */
  #rest(parent: ParentRow, candidates: VenueCandidates): void {
    const { store, listings, executor, books, open, turn } = this.#parts
    const instrument = store.instrumentOf(parent)
    const buys = store.side[parent] === Side.buy
    let best = NO_ROW
    let bestMaker = Number.POSITIVE_INFINITY
    for (let row = 0; row < candidates.count; row++) {
      const why = candidates.dropped[row]
      if (why !== DropReason.alive && why !== DropReason.limitPrice && why !== DropReason.emptyBook) continue
      const listing = listings.row(instrument, candidates.venue[row] as VenueIndex)
      const ticks = this.#restingTicks(parent, listing)
      const lots = this.#restingLots(parent, candidates.venue[row] as VenueIndex, ticks)
      if (lots <= 0 || lots < listings.lotsMin(listing) || lots * ticks < listings.notionalMin(listing)) continue
      const across = books.bestPrice(candidates.bookRow[row] as ReturnType<typeof books.row>, buys ? 1 : 0)
      if (across !== 0 && (buys ? ticks >= across : ticks <= across)) continue
      if (listings.makerPpm[listing] >= bestMaker) continue
      best = row
      bestMaker = listings.makerPpm[listing]
    }
    if (best === NO_ROW) {
      this.#wake(parent)
      return
    }
    const venue = candidates.venue[best] as VenueIndex
    const ticks = this.#restingTicks(parent, listings.row(instrument, venue))
    const lots = this.#restingLots(parent, venue, ticks)
    const { draft } = executor
    draft.venue = venue
    draft.lots = lots
    draft.limitTicks = ticks
    draft.timeInForce = Life.gtc
    draft.postOnly = this.#isPostOnly(parent)
    draft.planNotional = lots * ticks
    draft.planCost = lots * ticks * (PPM + (buys ? bestMaker : -bestMaker))
    this.#send(parent)
    if (store.hasIdleLots(parent) && open.wakeUs[parent] <= turn.nowUs) this.#wake(parent)
  }

  #restingTicks(parent: ParentRow, listing: number): PriceTicks {
    const { store, listings } = this.#parts
    const step = listings.tickStep(listing)
    return store.side[parent] === Side.buy
      ? floorToTick(store.limitOf(parent), step)
      : ceilToTick(store.limitOf(parent), step)
  }

  /** What is left, at most what the venue takes and our balance there covers, on its grid; 0 at no price. */
  #restingLots(parent: ParentRow, venue: VenueIndex, ticks: PriceTicks): QtyLots {
    const { store, listings, balances } = this.#parts
    if (ticks === 0) return 0 as QtyLots
    const instrument = store.instrumentOf(parent)
    const listing = listings.row(instrument, venue)
    const covered =
      store.side[parent] === Side.buy
        ? balances.free(venue, listings.quoteAsset[instrument]) /
          ((listings.quoteUnitsPerNotional[instrument] * ticks * listings.feeFactor(listing, Side.buy)) / PPM)
        : balances.free(venue, listings.baseAsset[instrument]) / listings.baseUnitsPerLot[instrument]
    const most = Math.min(store.idleLots(parent), listings.lotsMax(listing), Math.floor(covered))
    return floorToLot(most, listings.lotStep(listing))
  }

  #wake(parent: ParentRow): void {
    const { open, turn, config } = this.#parts
    open.wakeUs[parent] = turn.nowUs + config.rerouteWaitUs
  }

  #waitOrGiveUp(parent: ParentRow, why: DenyReason): void {
    const { store, turn, config } = this.#parts
    const isOver = turn.nowUs >= store.createdUs[parent] + config.immediateLifeUs
    const isHopeless =
      why === DenyReason.priceLimit || why === DenyReason.slippageLimit || why === DenyReason.belowMinimum
    if (isOver || isHopeless || why === DenyReason.quantityTooSmall) this.#giveUp(parent, why)
    else this.#wake(parent)
  }

  #giveUp(parent: ParentRow, why: DenyReason): void {
    const { store } = this.#parts
    if (store.openChildren[parent] > 0 || store.workingLots[parent] > 0) return
    if (this.#waits(parent)) {
      this.#wake(parent)
      return
    }
    const spent = store.hasFlag(parent, Flag.quoteSized) && why === DenyReason.quantityTooSmall
    this.#end(parent, spent && store.filledLots[parent] > 0 ? OrderState.filled : OrderState.expired, spent ? 0 : why)
  }

  #isPastExpiry(parent: ParentRow): boolean {
    const expireUs = this.#parts.store.expireUs[parent]
    return expireUs !== 0 && this.#parts.turn.nowUs >= expireUs
  }

  #endCanceled(parent: ParentRow): void {
    if (this.#isPastExpiry(parent)) this.#end(parent, OrderState.expired, DenyReason.alreadyExpired)
    else this.#end(parent, OrderState.canceled, DenyReason.none)
  }

  #end(parent: ParentRow, state: OrderState, reason: DenyReason): void {
    const { store, log, turn, open, risk } = this.#parts
    const view = log.record.begin(Kind.parentEnd, ParentEnd.end, store.sequence[parent], 0, turn)
    view.setUint8(ParentEnd.state, state)
    view.setUint8(ParentEnd.reason, reason)
    log.commit()
    open.remove(parent)
    risk.openOrders[store.account[parent]]--
    if (state === OrderState.canceled) this.report(parent, Exec.canceled, reason)
    else if (state === OrderState.expired) this.report(parent, Exec.expired, reason)
    else if (store.filledLots[parent] < store.orderLots[parent]) this.report(parent, Exec.restated)
  }

  /** Whole, and its last fill could not yet say so: other children had to come back first. */
  #endFilled(parent: ParentRow): void {
    this.#end(parent, OrderState.filled, DenyReason.none)
    this.report(parent, Exec.restated)
  }

  #applyReplace(parent: ParentRow): void {
    const { store, log, turn } = this.#parts
    const lots = Math.max(store.replaceLots[parent], store.filledLots[parent])
    const view = log.record.begin(Kind.replaced, Replace.end, store.sequence[parent], 0, turn)
    view.setFloat64(Replace.lots, lots, true)
    view.setFloat64(Replace.priceTicks, store.replaceTicks[parent], true)
    log.commit()
    if (store.filledLots[parent] >= lots) this.#end(parent, OrderState.filled, DenyReason.none)
    this.report(parent, Exec.replaced)
  }

  /**
   * A child that said nothing until long after its deadline is unknown: ask, never send again. One that rests although
   * its parent was taken back had its cancel refused: cancel again.
   */
  #askSilent(parent: ParentRow): number {
    const { store, executor, turn, config, log, watch } = this.#parts
    if (store.openChildren[parent] === 0 && store.workingLots[parent] === 0) return 0
    let asked = 0
    for (let child = store.firstChild[parent]; child !== NO_ROW; child = store.childNext[child]) {
      if (!this.#isSilent(parent, child as ChildRow)) continue
      const state = store.childStateOf(child as ChildRow)
      const rests = state === OrderState.new || state === OrderState.partiallyFilled
      const isWanted = rests && !this.#isTakenBack(parent)
      this.#askAgainUs[child] = turn.nowUs + (isWanted ? config.auditUs : config.silenceUs)
      asked = 1
      if (rests && !isWanted) {
        executor.cancel(child as ChildRow)
        continue
      }
      if (!isEnded(state) && !rests && state !== OrderState.unknown) {
        log.record.begin(Kind.childLost, First.end, store.sequence[parent], store.childSequence[child], turn)
        log.commit()
        watch.lost(store.venueOf(child as ChildRow))
      }
      executor.query(child as ChildRow)
    }
    return asked
  }

  /** Not answered by its deadline, ended with fills still to come, or resting unheard for an audit's time. */
  #isSilent(parent: ParentRow, child: ChildRow): boolean {
    const { store, turn, config } = this.#parts
    const state = store.childStateOf(child)
    const rests = state === OrderState.new || state === OrderState.partiallyFilled
    if (isEnded(state) && store.comingLots(child) === 0) return false
    const patience = rests && !this.#isTakenBack(parent) ? config.auditUs : config.silenceUs
    return turn.nowUs > Math.max(store.childDeadlineUs[child] + patience, this.#askAgainUs[child])
  }

  #writeRoute(parent: ParentRow, route: number, decision: Decision): void {
    const { store, log, turn } = this.#parts
    const { plan } = decision
    const view = log.record.begin(Kind.route, Routed.end, store.sequence[parent], 0, turn)
    view.setUint16(Routed.route, route, true)
    view.setUint8(Routed.proof, plan.proof)
    view.setUint8(Routed.slices, plan.count)
    view.setUint32(Routed.nodes, plan.nodes, true)
    view.setFloat64(Routed.targetLots, plan.targetLots, true)
    view.setFloat64(Routed.plannedLots, plan.plannedLots, true)
    view.setFloat64(Routed.objective, plan.objective, true)
    view.setFloat64(Routed.dualBound, plan.dualBound, true)
    view.setFloat64(Routed.gapBps, plan.gapBps, true)
    view.setFloat64(Routed.marginal, plan.marginal, true)
    view.setFloat64(Routed.mid, plan.mid, true)
    log.commit()
  }
}
