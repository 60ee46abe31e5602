/** Orders and trades of an earlier life of a venue, out of its log. */
import type { EmulatedAccount } from './emulated-account.ts'
import type { EmulatedExchange } from './emulated-exchange.ts'
import type { LoggedState } from './emulated-log.ts'
import { EmulatedOrder } from './emulated-order.ts'

/** Gives the exchange every logged order of this account, with its trades. Symbols no longer listed are left out. */
export function restoreOrders(account: EmulatedAccount, logged: LoggedState, exchange: EmulatedExchange): void {
  for (const line of logged.orders.values()) {
    const symbol = exchange.symbolOf(line.symbol)
    if (line.account !== account.name || symbol === undefined) continue
    const { id, createdMs, askedNotional, status, reason, updatedMs, priceTicks, lots, ...words } = line
    const ask = { ...words, symbol, priceTicks, lots, notional: BigInt(askedNotional) }
    const order = new EmulatedOrder(id, account, ask, createdMs)
    order.status = status
    order.reason = reason
    order.updatedMs = updatedMs
    exchange.adopt(order)
  }
  for (const line of logged.trades) {
    const order = exchange.orders.byId(line.order)
    if (order?.account !== account) continue
    const notional = BigInt(line.priceTicks) * BigInt(line.lots)
    const feeAsset = exchange.assets.indexOf(line.feeAsset)
    const { id, priceTicks, lots, isMaker, timeMs } = line
    exchange.orders.addTrade({
      id,
      order,
      priceTicks,
      lots,
      notional,
      fee: BigInt(line.fee),
      feeAsset,
      isMaker,
      timeMs,
    })
    order.filledLots += line.lots
    order.notional += notional
  }
}
