/** What an order must pass before anything is decided: our own limits per account (SEC 15c3-5 in spirit). */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { QTY_LOTS_MAX } from '../../shared/limits.ts'
import type { Turn } from '../../shared/turn.ts'
import type { AccountIndex } from '../../shared/units/ids.ts'
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
    const price = worthTicks(request.side, request.type === OrderType.limit ? request.priceTicks : 0, touch)
    const size = request.quoteBudget > 0 ? request.quoteBudget : request.lots * price
    if (size * notionalUnit[request.instrument] > limits.orderNotionalMax) return DenyReason.orderNotionalLimit
    return DenyReason.none
  }

  /** New terms of an open order: the same limits as if it came now. `unit` is one tick x lot in quote. */
  checkReplace(
    account: AccountIndex,
    side: Side,
    lots: number,
    limitTicks: number,
    touch: Float64Array,
    unit: number,
  ): DenyReason {
    if (this.halted) return DenyReason.halted
    if (lots > QTY_LOTS_MAX) return DenyReason.quantityTooLarge
    const worth = lots * worthTicks(side, limitTicks, touch) * unit
    return worth > this.#limits[account].orderNotionalMax ? DenyReason.orderNotionalLimit : DenyReason.none
  }
}

/** The most a lot can be worth: a buy pays its limit, a sell gets the best bid however low its limit is. */
function worthTicks(side: Side, limitTicks: number, touch: Float64Array): number {
  if (side === Side.sell) return Math.max(limitTicks, touch[0])
  return limitTicks === 0 ? touch[1] : limitTicks
}
