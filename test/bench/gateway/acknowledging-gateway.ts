/** The gateway in front of a core that acknowledges an order and keeps nothing of it: what is left is the gateway. */
import { GatewayServer } from '../../../hotpath/gateway/gateway-server.ts'
import type { SocketTransport } from '../../../hotpath/gateway/socket-transport.ts'
import { ClientReport } from '../../../hotpath/orders/client-report.ts'
import type { OrderRequest } from '../../../hotpath/orders/order-request.ts'
import type { Clock } from '../../../shared/clock.ts'
import { DenyReason } from '../../../shared/domain/deny-reason.ts'
import { ExecType } from '../../../shared/domain/execution-report.ts'
import { OrderState } from '../../../shared/domain/order-state.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../../shared/limits.ts'
import type { ParentRow } from '../../../shared/units/ids.ts'
import { CoreDouble } from '../../e2e/gateway/core-double.ts'
import { smallAccounts, smallBooks, smallListings } from '../../e2e/gateway/small-market.ts'

const ORDERS_PER_SECOND = 1e9

/** One account that no limit keeps from anything. */
export const benchAccounts = smallAccounts({
  ordersPerSecond: ORDERS_PER_SECOND,
  ordersBurst: ORDERS_PER_SECOND,
}).slice(0, 1)

/** Every order is written into the same row. */
class AcknowledgingCore extends CoreDouble {
  readonly #row: ParentRow
  readonly #news = new ClientReport()
  readonly #time: Clock
  readonly #execution = new Float64Array(1)

  constructor(clock: Clock) {
    super(clock, 16)
    this.#time = clock
    this.#row = this.store.addParent(1)
    this.store.parentState[this.#row] = OrderState.new
  }

  override newOrder(request: OrderRequest): DenyReason {
    const { store } = this
    const row = this.#row
    store.account[row] = request.account
    store.instrument[row] = request.instrument
    store.side[row] = request.side
    store.type[row] = request.type
    store.timeInForce[row] = request.timeInForce
    store.orderLots[row] = request.lots
    const length = request.clientOrderIdLength
    for (let i = 0; i < length; i++) store.clientIds[row * CLIENT_ORDER_ID_BYTES_MAX + i] = request.clientOrderId[i]
    store.clientIdLengths[row] = length
    const report = this.#news
    report.parent = row
    report.account = request.account
    report.execType = ExecType.new
    report.execution = ++this.#execution[0]
    report.timeUs = this.#time.epochUs()
    this.reports.onClientReport(report)
    return DenyReason.none
  }
}

export function acknowledgingGateway(transport: SocketTransport, clock: Clock): GatewayServer {
  const core = new AcknowledgingCore(clock)
  const gateway = new GatewayServer({
    core,
    store: core.store,
    books: smallBooks(clock.monoNs()),
    listings: smallListings(),
    accounts: benchAccounts,
    clock,
    market: { name: 'synthetic', simulated: true },
    transport,
  })
  core.reports = gateway
  return gateway
}
