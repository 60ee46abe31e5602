/** Orders, trades, books and accounts in Deribit's JSON: amounts are numbers, ids are texts. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { TextlessLevel } from '../emulator/emulated-book.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText, type EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'

const AVERAGE_DIGITS = 8

export const timesInForce: Readonly<Record<string, TimeInForce>> = {
  good_til_cancelled: TimeInForce.gtc,
  immediate_or_cancel: TimeInForce.ioc,
  fill_or_kill: TimeInForce.fok,
}

export function price(symbol: EmulatedSymbol, ticks: number): number {
  return Number(symbol.priceText(ticks))
}

export function amount(symbol: EmulatedSymbol, lots: number): number {
  return Number(symbol.lotsText(lots))
}

export function units(value: bigint): number {
  return Number(assetText(value))
}

export function levelNumbers(symbol: EmulatedSymbol, levels: readonly TextlessLevel[]): [number, number][] {
  return levels.map(([ticks, lots]) => [price(symbol, ticks), amount(symbol, lots)])
}

export function sideWord(side: Side): string {
  return side === Side.buy ? 'buy' : 'sell'
}

/** BTC_USDC-1000001. */
export function orderId(order: EmulatedOrder): string {
  return `${order.symbol.name}-${order.id}`
}

/** The number in an order's id; NaN when it is none. */
export function orderNumber(id: string): number {
  const found = /-(\d{1,15})$/.exec(id)
  return found === null ? Number.NaN : Number(found[1])
}

export function labelOf({ ask }: EmulatedOrder): string {
  return ask.words?.['label'] ?? ''
}

export function stateWord({ status }: EmulatedOrder): string {
  if (status === 'filled' || status === 'rejected') return status
  return status === 'canceled' || status === 'expired' ? 'cancelled' : 'open'
}

/** `cancelReason`: where it is none of the usual; ''. */
export function orderRow(order: EmulatedOrder, cancelReason: string): object {
  const { symbol, ask } = order
  const timeInForce = Object.keys(timesInForce).find((word) => timesInForce[word] === ask.timeInForce)
  const reason = cancelReason || (order.reason === RejectReason.userCancel ? 'user_request' : 'risk_mitigation')
  return {
    web: false,
    api: true,
    order_id: orderId(order),
    label: labelOf(order),
    instrument_name: symbol.name,
    direction: sideWord(ask.side),
    order_type: ask.type,
    order_state: stateWord(order),
    time_in_force: ask.type === 'market' ? 'immediate_or_cancel' : timeInForce,
    price: price(symbol, order.priceTicks),
    amount: amount(symbol, order.lots),
    filled_amount: amount(symbol, order.filledLots),
    average_price: Number(symbol.averageText(order.notional, order.filledLots, AVERAGE_DIGITS)),
    post_only: ask.postOnly,
    ...(ask.postOnly && { reject_post_only: ask.words?.['reject'] === 'true' }),
    replaced: ask.type === 'limit' && (order.priceTicks !== ask.priceTicks || order.lots !== ask.lots),
    is_rebalance: false,
    mmp: false,
    risk_reducing: false,
    creation_timestamp: order.createdMs,
    last_update_timestamp: order.updatedMs,
    ...(order.status === 'canceled' && { cancel_reason: reason }),
  }
}

export function tradeRow(trade: EmulatedTrade, assets: readonly string[]): object {
  const { order } = trade
  const { symbol, ask } = order
  const label = labelOf(order)
  return {
    trade_seq: trade.id,
    trade_id: `${symbol.name}-${trade.id}`,
    timestamp: trade.timeMs,
    tick_direction: 0,
    state: stateWord(order),
    price: price(symbol, trade.priceTicks),
    amount: amount(symbol, trade.lots),
    direction: sideWord(ask.side),
    instrument_name: symbol.name,
    order_id: orderId(order),
    order_type: ask.type,
    post_only: ask.postOnly,
    liquidity: trade.isMaker ? 'M' : 'T',
    fee: units(trade.fee),
    fee_currency: assets[trade.feeAsset],
    index_price: price(symbol, trade.priceTicks),
    mark_price: price(symbol, trade.priceTicks),
    matching_id: null,
    mmp: false,
    api: true,
    risk_reducing: false,
    ...(label !== '' && { label }),
  }
}

/** The aggressor's side. */
export function printRow(symbol: EmulatedSymbol, print: EmulatedPrint): object {
  return {
    trade_seq: print.id,
    trade_id: `${symbol.name}-${print.id}`,
    timestamp: print.timeMs,
    tick_direction: 0,
    price: price(symbol, print.priceTicks),
    amount: amount(symbol, print.lots),
    direction: sideWord(print.aggressor),
    instrument_name: symbol.name,
    index_price: price(symbol, print.priceTicks),
    mark_price: price(symbol, print.priceTicks),
  }
}
