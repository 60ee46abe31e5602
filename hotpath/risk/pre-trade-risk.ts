/** What an order must pass before anything is decided: our own limits per account (SEC 15c3-5 in spirit). */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { OrderType, TimeInForce } from '../../shared/domain/order.ts'
import { QTY_LOTS_MAX } from '../../shared/limits.ts'
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

  /** `referenceTicks` values a market order; `notionalUnit` is one tick x lot in quote. */
  check(request: OrderRequest, referenceTicks: number, notionalUnit: number, nowUs: number): DenyReason {
    if (this.halted) return DenyReason.halted
    const limits = this.#limits[request.account]
    if (this.openOrders[request.account] >= limits.openOrdersMax) return DenyReason.openOrdersLimit
    if (request.lots > QTY_LOTS_MAX) return DenyReason.quantityTooLarge
    if (request.timeInForce === TimeInForce.gtd && request.expireUs <= nowUs) return DenyReason.alreadyExpired
    const price = request.type === OrderType.limit ? request.priceTicks : referenceTicks
    const size = request.quoteBudget > 0 ? request.quoteBudget : request.lots * price
    if (size * notionalUnit > limits.orderNotionalMax) return DenyReason.orderNotionalLimit
    return DenyReason.none
  }
}
