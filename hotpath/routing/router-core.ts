/**
 * The core: orders in from the gateway, reports in from the venues, timers in turns; children and client reports out.
 * One thread, nothing waits. How an order goes: newOrder, then route, then parent-progress until it ends.
 */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { ExecType } from '../../shared/domain/execution-report.ts'
import { Durability, OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import type { Duty } from '../../shared/duty.ts'
import type { AccountIndex, InstrumentIndex, ParentRow } from '../../shared/units/ids.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import { Accept, Head, RecordType, Replace } from '../../shared/wire/journal-frame.ts'
import { LatencyStage } from '../latency/latency-stage.ts'
import type { OrderRequest } from '../orders/order-request.ts'
import { NO_ROW as noRow, ParentFlag } from '../orders/order-store.ts'
import type { CostReport } from '../tca/cost-report.ts'
import type { CoreParts } from './core-parts.ts'
import type { OrderCore } from './order-core.ts'
import { ParentProgress } from './parent-progress.ts'
import { explainDecision } from './plan-explainer.ts'
import type { PlanExplanation } from './plan-explanation.ts'
import { RouteInput } from './route-input.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Accepted = Accept
const First = Head
const Kind = RecordType
const Exec = ExecType
const Flag = ParentFlag
const Deny = DenyReason
const Type = OrderType
const Life = TimeInForce
const Durable = Durability
const NO_ROW = noRow
const Stage = LatencyStage

/** Open parents looked at in one turn. */
const SCAN_PER_TURN = 256
const DURABLE_ACKS_MAX = 65_536

export class RouterCore implements OrderCore, Duty {
  readonly name = 'core'
  readonly progress: ParentProgress
  readonly #parts: CoreParts
  readonly #input = new RouteInput()
  #scan = 0
  readonly #ackOrder = new Float64Array(DURABLE_ACKS_MAX)
  readonly #ackSequence = new Float64Array(DURABLE_ACKS_MAX)
  #ackHead = 0
  #ackTail = 0
  shuttingDown = false

  constructor(parts: CoreParts) {
    this.#parts = parts
    this.progress = new ParentProgress(parts)
  }

  get isReady(): boolean {
    return this.progress.isReady
  }

  /** The venues have told where they stand: orders are taken, and those that were under way go on. */
  open(): void {
    const { open, turn } = this.#parts
    this.progress.isReady = true
    for (let at = 0; at < open.count; at++) open.wakeUs[open.at(at)] = turn.nowUs
    // Sessions of before a restart are gone: what was to be cancelled on disconnect is cancelled now.
    this.onSessionClosed(NO_ROW)
  }

  /** The clock is read apart from the rest: in a large function V8 stops inlining, and its double would be boxed. */
  newOrder(request: OrderRequest): DenyReason {
    this.#parts.turn.read()
    this.#parts.latency.begin(request)
    return this.#take(request)
  }

  #take(request: OrderRequest): DenyReason {
    const { store, risk, router, decisions, turn, log, listings, latency } = this.#parts
    const known = store.byClientId.find(request.account, request.clientOrderId, request.clientOrderIdLength)
    if (known !== NO_ROW) {
      this.progress.report(known, Exec.orderStatus)
      return Deny.none
    }
    const denied = this.#refuse(request)
    if (denied !== Deny.none) return denied

    const decision = decisions.open()
    const input = this.#describe(request)
    const why = router.decide(input, decision.candidates, decision.plan, turn)
    latency.mark(Stage.decision)
    const limited = risk.check(request, router.touch, listings.notionalUnit, turn)
    if (limited !== Deny.none) return limited
    if (why !== Deny.none && !this.#mayRest(request, why)) return why
    if (request.postOnly && this.#crosses(request)) return Deny.postOnlyWouldTake
    latency.mark(Stage.risk)
    const lots = request.quoteBudget > 0 ? decision.plan.plannedLots : request.lots

    this.#writeAccept(request, lots)
    log.commit()
    latency.mark(Stage.journal)
    const parent = log.lifecycle.parent
    latency.accepted(parent)
    store.session[parent] = request.session
    this.progress.opened(parent)
    if (request.durability === Durable.machine) this.#acknowledgeLater(parent)
    else this.progress.report(parent, Exec.new)
    if (request.postOnly) decision.plan.count = 0
    this.progress.execute(parent, decision)
    if (request.durability !== Durable.machine) latency.wired(parent)
    return Deny.none
  }

  cancelOrder(request: OrderRequest): DenyReason {
    this.#parts.turn.read()
    const { store } = this.#parts
    const parent = this.findOrder(request)
    if (parent === NO_ROW) return Deny.unknownOrder
    if (!store.isOpen(parent)) return Deny.orderAlreadyEnded
    this.progress.cancel(parent)
    return Deny.none
  }

  replaceOrder(request: OrderRequest): DenyReason {
    this.#parts.turn.read()
    const { store, log, turn } = this.#parts
    const parent = this.findOrder(request)
    if (parent === NO_ROW) return Deny.unknownOrder
    if (!store.isOpen(parent)) return Deny.orderAlreadyEnded
    if (store.flags[parent] & (Flag.cancelAsked | Flag.replacing)) return Deny.pendingChange
    const timeInForce = store.timeInForceOf(parent)
    if (timeInForce !== Life.gtc && timeInForce !== Life.gtd) return Deny.replaceNotAllowed
    const lots = request.lots > 0 ? request.lots : store.orderLots[parent]
    const ticks = request.priceTicks > 0 ? request.priceTicks : store.priceTicks[parent]
    if (lots <= store.filledLots[parent]) return Deny.replaceBelowFilled
    if (!log.hasReserve) return Deny.journalFull
    const limited = this.#limitReplace(parent, lots, ticks)
    if (limited !== Deny.none) return limited
    const view = log.record.begin(Kind.replaceAsked, Replace.end, store.sequence[parent], 0, turn)
    view.setFloat64(Replace.lots, lots, true)
    view.setFloat64(Replace.priceTicks, ticks, true)
    log.commit()
    this.progress.report(parent, Exec.pendingReplace)
    this.progress.callBack(parent)
    this.progress.advance(parent)
    return Deny.none
  }

  orderStatus(request: OrderRequest): DenyReason {
    this.#parts.turn.read()
    const parent = this.findOrder(request)
    if (parent === NO_ROW) return Deny.unknownOrder
    this.progress.report(parent, Exec.orderStatus)
    return Deny.none
  }

  massCancel(account: AccountIndex, instrument: InstrumentIndex | -1): number {
    const { store } = this.#parts
    return this.#cancelWhere(
      (row) => store.account[row] === account && (instrument === -1 || store.instrument[row] === instrument),
    )
  }

  onSessionClosed(session: number): number {
    const { store } = this.#parts
    return this.#cancelWhere((row) => store.session[row] === session && store.hasFlag(row, Flag.cancelOnDisconnect))
  }

  openOrders(account: AccountIndex, visit: (parent: ParentRow) => void): number {
    const { store, open } = this.#parts
    const rows: ParentRow[] = []
    for (let at = 0; at < open.count; at++) if (store.account[open.at(at)] === account) rows.push(open.at(at))
    rows.sort((a, b) => store.sequence[a] - store.sequence[b])
    for (const row of rows) visit(row)
    return rows.length
  }

  findOrder(request: OrderRequest): ParentRow {
    const { store } = this.#parts
    const row =
      request.orderId > 0
        ? store.rowOf(request.orderId)
        : store.byClientId.find(request.account, request.clientOrderId, request.clientOrderIdLength)
    return (row !== NO_ROW && store.account[row] === request.account ? row : NO_ROW) as ParentRow
  }

  quote(request: OrderRequest): { reason: DenyReason; explanation: PlanExplanation | undefined } {
    this.#parts.turn.read()
    const { decisions, router, turn, books, listings } = this.#parts
    const decision = decisions.open()
    decision.timeUs = turn.nowUs
    const reason = router.decide(this.#describe(request), decision.candidates, decision.plan, turn)
    decision.candidates.show(books, request.side, turn.nowNs)
    return { reason, explanation: explainDecision(decision, request.instrument, { books, listings }) }
  }

  explain(parent: ParentRow): PlanExplanation | undefined {
    const { decisions, store, books, listings, benchmarks } = this.#parts
    const sequence = store.sequence[parent]
    const decision = decisions.find(sequence, 1)
    if (decision === undefined) return undefined
    return explainDecision(decision, store.instrumentOf(parent), { books, listings }, benchmarks.find(sequence))
  }

  costReport(parent: ParentRow): CostReport {
    return this.#parts.costs.build(parent)
  }

  /** One turn: the disk, the timers, what is due. */
  work(nowNs: MonoNs): number {
    const { executor, turn, open } = this.#parts
    turn.start(nowNs)
    let done = executor.sendDurable() + executor.sendHeld()
    done += this.#acknowledgeDurable()
    const look = Math.min(SCAN_PER_TURN, open.count)
    for (let i = 0; i < look && open.count > 0; i++) {
      if (this.#scan >= open.count) this.#scan = 0
      done += this.progress.look(open.at(this.#scan++))
    }
    return done
  }

  #refuse(request: OrderRequest): DenyReason {
    const { log, store, executor } = this.#parts
    if (this.shuttingDown) return Deny.shuttingDown
    if (!this.isReady) return Deny.notReady
    if (!log.hasReserve) return Deny.journalFull
    if (!store.hasRoom(this.progress.childrenPerRoute)) return Deny.storeFull
    const mustWait = request.durability === Durable.machine
    if (mustWait && (executor.isFull || this.#ackTail - this.#ackHead >= DURABLE_ACKS_MAX)) {
      return Deny.journalFull
    }
    return Deny.none
  }

  #limitReplace(parent: ParentRow, lots: number, ticks: number): DenyReason {
    const { store, risk, router, decisions, turn, listings } = this.#parts
    if (this.shuttingDown) return Deny.shuttingDown
    const { candidates, plan } = decisions.open()
    router.decide(this.progress.describe(parent), candidates, plan, turn)
    const unit = listings.notionalUnit[store.instrument[parent]]
    return risk.checkReplace(store.accountOf(parent), store.sideOf(parent), lots, ticks, router.touch, unit)
  }

  #describe(request: OrderRequest): RouteInput {
    const { config } = this.#parts
    const input = this.#input
    input.instrument = request.instrument
    input.side = request.side
    input.lots = request.lots
    input.quoteBudget = request.quoteBudget
    input.priceTicks = request.priceTicks
    input.referenceMid = 0
    input.venuesLow = request.venuesLow
    input.venuesHigh = request.venuesHigh
    input.slippageCentiBps = request.slippageCentiBps
    if (input.slippageCentiBps < 0 && request.type === Type.market) input.slippageCentiBps = config.slippageCentiBps
    input.feeCentiBps = request.feeCentiBps
    input.childrenMax = config.childrenMax
    input.allOrNone = request.timeInForce === Life.fok
    return input
  }

  /** An order that may wait for its price is accepted although nothing can be taken now. */
  #mayRest(request: OrderRequest, why: DenyReason): boolean {
    const waits = request.timeInForce === Life.gtc || request.timeInForce === Life.gtd
    return waits && request.type === Type.limit && why !== Deny.noVenueLeft && why !== Deny.feeLimit
  }

  #crosses(request: OrderRequest): boolean {
    const { touch } = this.#parts.router
    if (request.side === Side.buy) return touch[1] !== 0 && request.priceTicks >= touch[1]
    return touch[0] !== 0 && request.priceTicks <= touch[0]
  }

  #writeAccept(request: OrderRequest, lots: number): void {
    const { log, store, turn, router } = this.#parts
    const { record } = log
    const length = Accepted.clientId + request.clientOrderIdLength
    const view = record.begin(Kind.accept, length, store.lastSequence + 1, 0, turn)
    let bits = 0
    if (request.postOnly) bits |= Flag.postOnly
    if (request.cancelOnDisconnect) bits |= Flag.cancelOnDisconnect
    if (request.quoteBudget > 0) bits |= Flag.quoteSized
    if (request.durability === Durable.machine) bits |= Flag.durableAck
    view.setUint16(First.bits, bits, true)
    view.setUint16(Accepted.account, request.account, true)
    view.setUint16(Accepted.instrument, request.instrument, true)
    view.setUint8(Accepted.side, request.side)
    view.setUint8(Accepted.orderType, request.type)
    view.setUint8(Accepted.timeInForce, request.timeInForce)
    view.setUint8(Accepted.clientIdLength, request.clientOrderIdLength)
    view.setInt32(Accepted.venuesLow, request.venuesLow, true)
    view.setInt32(Accepted.venuesHigh, request.venuesHigh, true)
    view.setInt32(Accepted.slippageCentiBps, this.#input.slippageCentiBps, true)
    view.setInt32(Accepted.feeCentiBps, request.feeCentiBps, true)
    view.setFloat64(Accepted.lots, lots, true)
    view.setFloat64(Accepted.quoteBudget, request.quoteBudget, true)
    view.setFloat64(Accepted.priceTicks, request.priceTicks, true)
    view.setFloat64(Accepted.expireUs, request.expireUs, true)
    view.setFloat64(Accepted.arrivalMid, router.touch[2], true)
    view.setFloat64(Accepted.arrivalBid, router.touch[0], true)
    view.setFloat64(Accepted.arrivalAsk, router.touch[1], true)
    for (let i = 0; i < request.clientOrderIdLength; i++) record.bytes[Accepted.clientId + i] = request.clientOrderId[i]
  }

  #acknowledgeLater(parent: ParentRow): void {
    const at = this.#ackTail++ & (DURABLE_ACKS_MAX - 1)
    this.#ackOrder[at] = this.#parts.store.sequence[parent]
    this.#ackSequence[at] = this.#parts.log.sequence
  }

  #acknowledgeDurable(): number {
    let sent = 0
    while (this.#ackHead !== this.#ackTail) {
      const at = this.#ackHead & (DURABLE_ACKS_MAX - 1)
      if (this.#ackSequence[at] > this.#parts.log.durableSequence) break
      this.#ackHead++
      sent++
      const parent = this.#parts.store.rowOf(this.#ackOrder[at])
      if (parent === NO_ROW) continue
      this.#parts.latency.onDisk(parent)
      this.progress.report(parent, Exec.new)
    }
    return sent
  }

  #cancelWhere(matches: (row: ParentRow) => boolean): number {
    const { open, turn } = this.#parts
    turn.read()
    const rows: ParentRow[] = []
    for (let at = 0; at < open.count; at++) if (matches(open.at(at))) rows.push(open.at(at))
    for (const row of rows) this.progress.cancel(row)
    return rows.length
  }
}
