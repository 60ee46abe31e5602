/** What an order must pass before anything is decided: our own limits per account (SEC 15c3-5 in spirit). */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { QTY_LOTS_MAX } from '../../shared/limits.ts'
import type { Turn } from '../../shared/turn.ts'
import type { OrderRequest } from '../orders/order-request.ts'

export interface AccountLimits {
  readonly openOrdersMax: number
  /** In quote units of the instrument; infinite where none is set. */
  readonly orderNotionalMax: number
}

export class PreTradeRisk {
  readonly #limits: readonly AccountLimits[]
  /** Open orders by account. */
  readonly openOrders: Int32Array
  /** Set by an operator: no new orders. */
  halted = false

  constructor(limits: readonly AccountLimits[]) {
    this.#limits = limits
    this.openOrders = new Int32Array(limits.length)
  }

  /** `touch` (best bid, best ask) values a market order; `notionalUnit` is one tick x lot in quote, by instrument. */
  check(request: OrderRequest, touch: Float64Array, notionalUnit: Float64Array, turn: Turn): DenyReason {
    if (this.halted) return DenyReason.halted
    const limits = this.#limits[request.account]
    if (this.openOrders[request.account] >= limits.openOrdersMax) return DenyReason.openOrdersLimit
    if (request.lots > QTY_LOTS_MAX) return DenyReason.quantityTooLarge
    if (request.timeInForce === TimeInForce.gtd && request.expireUs <= turn.nowUs) return DenyReason.alreadyExpired
    const price = request.type === OrderType.limit ? request.priceTicks : touch[request.side === Side.buy ? 1 : 0]
    const size = request.quoteBudget > 0 ? request.quoteBudget : request.lots * price
    if (size * notionalUnit[request.instrument] > limits.orderNotionalMax) return DenyReason.orderNotionalLimit
    return DenyReason.none
  }
}
