/**
 * A core that is just enough to see the gateway's own behaviour: limit orders rest, immediate orders fill at once at
 * one price, everything is acknowledged. It keeps orders in the real store; nothing is routed or journaled.
 */

import { ClientReport, type ClientReports } from '../../../hotpath/orders/client-report.ts'
import type { OrderRequest } from '../../../hotpath/orders/order-request.ts'
import { NO_ROW, OrderStore, ParentFlag } from '../../../hotpath/orders/order-store.ts'
import type { OrderCore } from '../../../hotpath/routing/order-core.ts'
import type { PlanExplanation } from '../../../hotpath/routing/plan-explanation.ts'
import type { CostReport } from '../../../hotpath/tca/cost-report.ts'
import type { Clock } from '../../../shared/clock.ts'
import { DenyReason } from '../../../shared/domain/deny-reason.ts'
import { ExecType, Liquidity } from '../../../shared/domain/execution-report.ts'
import { TimeInForce } from '../../../shared/domain/order.ts'
import { OrderState } from '../../../shared/domain/order-state.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../../shared/limits.ts'
import type { AccountIndex, InstrumentIndex, ParentRow, VenueIndex } from '../../../shared/units/ids.ts'
import { type AssetUnits, addNotional, type PriceTicks, type QtyLots } from '../../../shared/units/ticks.ts'

const FILL_TICKS = 6_400_050 as PriceTicks

export class CoreDouble implements OrderCore {
  isReady = true
  /** False: a cancel stays pending, as when the venue has not answered yet. */
  confirmsCancels = true
  /** Calls that changed something. */
  changes = 0
  readonly closedSessions: number[] = []
  readonly store: OrderStore
  /** Set once the gateway exists. */
  reports: ClientReports = { onClientReport: () => {} }
  readonly #clock: Clock
  readonly #report = new ClientReport()
  #executions = 0

  constructor(clock: Clock, parentsMax = 1 << 12) {
    this.#clock = clock
    this.store = new OrderStore({ parentsMax, childrenMax: parentsMax, fillsMax: parentsMax * 4 })
  }

  newOrder(request: OrderRequest): DenyReason {
    const { store } = this
    const known = store.byClientId.find(request.account, request.clientOrderId, request.clientOrderIdLength)
    if (known !== NO_ROW) return this.#tell(known, ExecType.orderStatus)
    if (!store.hasRoom(1)) return DenyReason.storeFull
    this.changes++
    store.makeRoom(1)
    const row = store.addParent(store.lastSequence + 1)
    this.#copy(row, request)
    store.byClientId.add(row)
    store.parentState[row] = OrderState.new
    this.#tell(row, ExecType.new)
    const isImmediate = request.timeInForce === TimeInForce.ioc || request.timeInForce === TimeInForce.fok
    if (isImmediate) this.fill(row, store.orderLots[row] as QtyLots)
    return DenyReason.none
  }

  /** A fill, as it would come from a venue later. */
  fill(row: ParentRow, lots: QtyLots): void {
    const { store } = this
    addNotional(store.notional, row * 2, FILL_TICKS, lots)
    store.filledLots[row] += lots
    store.feeQuoteUnits[row] += lots
    store.parentState[row] =
      store.filledLots[row] === store.orderLots[row] ? OrderState.filled : OrderState.partiallyFilled
    this.#report.lastLots = lots
    this.#report.lastTicks = FILL_TICKS
    this.#report.feeUnits = lots as number as AssetUnits
    this.#report.liquidity = Liquidity.taker
    this.#report.venue = 1 as VenueIndex
    this.#tell(row, ExecType.trade)
    this.#report.venue = -1 as VenueIndex
  }

  cancelOrder(request: OrderRequest): DenyReason {
    const row = this.findOrder(request)
    if (row === NO_ROW) return DenyReason.unknownOrder
    if (!this.store.isOpen(row)) return DenyReason.orderAlreadyEnded
    if (this.store.parentState[row] === OrderState.pendingCancel) return DenyReason.none
    this.#cancel(row)
    return DenyReason.none
  }

  replaceOrder(request: OrderRequest): DenyReason {
    const row = this.findOrder(request)
    if (row === NO_ROW) return DenyReason.unknownOrder
    if (!this.store.isOpen(row)) return DenyReason.orderAlreadyEnded
    this.changes++
    if (request.lots !== 0) this.store.orderLots[row] = request.lots
    if (request.priceTicks !== 0) this.store.priceTicks[row] = request.priceTicks
    return this.#tell(row, ExecType.replaced)
  }

  orderStatus(request: OrderRequest): DenyReason {
    const row = this.findOrder(request)
    return row === NO_ROW ? DenyReason.unknownOrder : this.#tell(row, ExecType.orderStatus)
  }

  massCancel(account: AccountIndex, instrument: InstrumentIndex | -1): number {
    let count = 0
    this.openOrders(account, (row) => {
      if (instrument !== -1 && this.store.instrument[row] !== instrument) return
      this.#cancel(row)
      count++
    })
    return count
  }

  onSessionClosed(session: number): number {
    this.closedSessions.push(session)
    let count = 0
    for (let at = 0; at < this.store.parentCount; at++) {
      const row = this.store.parentAt(at)
      const isAsked = this.store.session[row] === session && this.store.hasFlag(row, ParentFlag.cancelOnDisconnect)
      if (!isAsked || !this.store.isOpen(row)) continue
      this.#cancel(row)
      count++
    }
    return count
  }

  openOrders(account: AccountIndex, visit: (parent: ParentRow) => void): number {
    let count = 0
    for (let at = 0; at < this.store.parentCount; at++) {
      const row = this.store.parentAt(at)
      if (this.store.account[row] !== account || !this.store.isOpen(row)) continue
      visit(row)
      count++
    }
    return count
  }

  findOrder(request: OrderRequest): ParentRow {
    const { store } = this
    const row =
      request.orderId !== 0
        ? store.rowOf(request.orderId)
        : store.byClientId.find(request.account, request.clientOrderId, request.clientOrderIdLength)
    return row !== NO_ROW && store.account[row] === request.account ? row : (NO_ROW as ParentRow)
  }

  quote(request: OrderRequest): { reason: DenyReason; explanation: PlanExplanation | undefined } {
    if (request.lots > 10_000) return { reason: DenyReason.noLiquidity, explanation: undefined }
    return { reason: DenyReason.none, explanation: explanationDouble }
  }

  explain(): PlanExplanation | undefined {
    return explanationDouble
  }

  costReport(parent: ParentRow): CostReport {
    return { ...costReportDouble, clientOrderId: this.store.clientIdText(parent) }
  }

  #cancel(row: ParentRow): void {
    this.changes++
    this.store.parentState[row] = OrderState.pendingCancel
    this.#tell(row, ExecType.pendingCancel)
    if (this.confirmsCancels) this.confirmCancel(row)
  }

  confirmCancel(row: ParentRow): void {
    this.store.parentState[row] = OrderState.canceled
    this.#tell(row, ExecType.canceled)
  }

  #tell(row: ParentRow, execType: ExecType): DenyReason {
    const report = this.#report
    report.parent = row
    report.account = this.store.accountOf(row)
    report.execType = execType
    report.execution = ++this.#executions
    report.timeUs = this.#clock.epochUs()
    this.reports.onClientReport(report)
    report.lastLots = 0 as QtyLots
    return DenyReason.none
  }

  #copy(row: ParentRow, request: OrderRequest): void {
    const { store } = this
    let flags = 0
    if (request.cancelOnDisconnect) flags |= ParentFlag.cancelOnDisconnect
    if (request.postOnly) flags |= ParentFlag.postOnly
    if (request.quoteBudget !== 0) flags |= ParentFlag.quoteSized
    if (request.durability !== 0) flags |= ParentFlag.durableAck
    store.flags[row] = flags
    store.account[row] = request.account
    store.session[row] = request.session
    store.instrument[row] = request.instrument
    store.side[row] = request.side
    store.type[row] = request.type
    store.timeInForce[row] = request.timeInForce
    store.orderLots[row] = request.quoteBudget === 0 ? request.lots : 100
    store.quoteBudget[row] = request.quoteBudget
    store.priceTicks[row] = request.priceTicks
    store.expireUs[row] = request.expireUs
    store.clientIds.set(request.clientOrderId, row * CLIENT_ORDER_ID_BYTES_MAX)
    store.clientIdLengths[row] = request.clientOrderIdLength
  }
}

export const explanationDouble: PlanExplanation = {
  orderId: '1',
  symbol: 'BTC/USDT',
  side: 'buy',
  route: 1,
  timeUs: 1,
  targetQuantity: '1',
  plannedQuantity: '1',
  allInQuote: 64_000,
  allInPrice: 64_000,
  certificate: { proof: 'sweep', dualBoundQuote: 64_000, gapBps: 0, nodes: 0, marginalPrice: 64_000 },
  slices: [],
  candidates: [],
}

const costReportDouble: CostReport = {
  orderId: '1',
  clientOrderId: '',
  symbol: 'BTC/USDT',
  side: 'buy',
  ordStatus: 'filled',
  market: 'test',
  simulated: true,
  createdUs: 1,
  endedUs: 2,
  quantity: '1',
  filledQuantity: '1',
  notional: '64000',
  fees: {},
  venues: [],
  baselines: [],
  timeline: [],
}
