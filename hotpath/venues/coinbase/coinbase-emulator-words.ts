/** Orders, fills and books in Coinbase's JSON: every amount is text. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { TextlessLevel } from '../emulator/emulated-book.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText, type EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'

const AVERAGE_DIGITS = 16
const USER = '11111111-1111-4111-8111-111111111111'

const tifWords = {
  [TimeInForce.gtc]: 'GOOD_UNTIL_CANCELLED',
  [TimeInForce.ioc]: 'IMMEDIATE_OR_CANCEL',
  [TimeInForce.fok]: 'FILL_OR_KILL',
  [TimeInForce.gtd]: 'GOOD_UNTIL_DATE_TIME',
} as const

/** Whole numbers in the shape of a UUID, and back. */
function uuid(kind: string, number: number): string {
  return `${kind.padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`
}

export function orderUuid(id: number): string {
  return uuid('0', id)
}

/** 0 for a text that is no order of ours. */
export function orderIdOf(text: string): number {
  const match = /^00000000-0000-4000-8000-([0-9a-f]{12})$/.exec(text)
  return match === null ? 0 : Number.parseInt(match[1], 16)
}

/** Numbers of trades are a product's own: the id says whose. */
export function tradeUuid({ id, order }: EmulatedTrade): string {
  return uuid(`f${order.symbol.instrument.index.toString(16)}`, id)
}

export function accountUuid(asset: number): string {
  return uuid('a', asset)
}

export function isoText(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}

export function sideWord(side: Side): 'BUY' | 'SELL' {
  return side === Side.buy ? 'BUY' : 'SELL'
}

/** The side of the order that rested: what Coinbase calls a trade's side. */
export function makerSideWord({ aggressor }: EmulatedPrint): 'BUY' | 'SELL' {
  return aggressor === Side.buy ? 'SELL' : 'BUY'
}

export function isTimedOut(order: EmulatedOrder): boolean {
  return order.status === 'expired' && order.reason === RejectReason.expired
}

export function statusWord(order: EmulatedOrder): string {
  if (order.isOpen) return 'OPEN'
  if (order.status === 'filled') return 'FILLED'
  return isTimedOut(order) ? 'EXPIRED' : 'CANCELLED'
}

export function timeInForceWord({ ask }: EmulatedOrder): string {
  return ask.type === 'market' ? tifWords[TimeInForce.ioc] : tifWords[ask.timeInForce]
}

/** Why it did not live on, in words for people. */
export function cancelWords(order: EmulatedOrder): string {
  if (order.isOpen || order.status === 'filled' || isTimedOut(order)) return ''
  if (order.reason === RejectReason.selfTrade) return 'Self trade prevention'
  if (order.status === 'canceled')
    return order.reason === RejectReason.venueDown ? 'Engine restarted' : 'User requested cancel'
  return 'No more could be filled at once'
}

function configuration(order: EmulatedOrder): object {
  const { ask, symbol } = order
  if (ask.type === 'market') {
    const size =
      ask.notional > 0n ? { quote_size: symbol.quoteText(ask.notional) } : { base_size: symbol.lotsText(ask.lots) }
    return { market_market_ioc: size }
  }
  const amounts = { base_size: symbol.lotsText(order.lots), limit_price: symbol.priceText(order.priceTicks) }
  switch (ask.timeInForce) {
    case TimeInForce.ioc:
      return { sor_limit_ioc: amounts }
    case TimeInForce.fok:
      return { limit_limit_fok: amounts }
    case TimeInForce.gtd: {
      const endTime = ask.words?.['end_time'] ?? isoText(ask.deadlineUs / 1_000)
      return { limit_limit_gtd: { ...amounts, end_time: endTime, post_only: ask.postOnly } }
    }
    default:
      return { limit_limit_gtc: { ...amounts, post_only: ask.postOnly } }
  }
}

/** Commissions in quote, whatever was charged. */
function commission(trade: EmulatedTrade): bigint {
  const { symbol } = trade.order
  if (trade.feeAsset === symbol.quoteAsset) return trade.fee
  return (trade.fee * BigInt(trade.priceTicks)) / 10n ** BigInt(symbol.instrument.priceDigits)
}

function sums(order: EmulatedOrder) {
  const { symbol } = order
  const fees = order.trades.reduce((sum, trade) => sum + commission(trade), 0n)
  return {
    filled: symbol.lotsText(order.filledLots),
    value: symbol.quoteText(order.notional),
    average: symbol.averageText(order.notional, order.filledLots, AVERAGE_DIGITS),
    fees: assetText(fees),
    done: order.lots === 0 ? '0' : `${Math.floor((order.filledLots / order.lots) * 100)}`,
  }
}

/** List Orders, Get Order. */
export function orderRow(order: EmulatedOrder): object {
  const { symbol, ask } = order
  const { filled, value, average, fees, done } = sums(order)
  return {
    order_id: orderUuid(order.id),
    product_id: symbol.name,
    user_id: USER,
    order_configuration: configuration(order),
    side: sideWord(ask.side),
    client_order_id: ask.clientId,
    status: statusWord(order),
    time_in_force: timeInForceWord(order),
    created_time: isoText(order.createdMs),
    completion_percentage: done,
    filled_size: filled,
    average_filled_price: average,
    fee: '',
    number_of_fills: `${order.trades.length}`,
    filled_value: value,
    pending_cancel: false,
    size_in_quote: ask.notional > 0n,
    total_fees: fees,
    size_inclusive_of_fees: false,
    total_value_after_fees: value,
    trigger_status: 'INVALID_ORDER_TYPE',
    order_type: ask.type === 'market' ? 'MARKET' : 'LIMIT',
    reject_reason: 'REJECT_REASON_UNSPECIFIED',
    settled: order.status === 'filled',
    product_type: 'SPOT',
    reject_message: '',
    cancel_message: cancelWords(order),
    order_placement_source: 'RETAIL_ADVANCED',
    outstanding_hold_amount: '0',
    is_liquidation: false,
    last_fill_time: order.trades.length === 0 ? null : isoText(order.trades[order.trades.length - 1].timeMs),
    edit_history: [],
    leverage: '',
    margin_type: 'UNKNOWN_MARGIN_TYPE',
  }
}

/** The user channel. */
export function userRow(order: EmulatedOrder): object {
  const { symbol, ask } = order
  const { filled, value, average, fees, done } = sums(order)
  return {
    avg_price: average,
    cancel_reason: cancelWords(order),
    client_order_id: ask.clientId,
    completion_percentage: done,
    contract_expiry_type: 'UNKNOWN_CONTRACT_EXPIRY_TYPE',
    cumulative_quantity: filled,
    filled_value: value,
    leaves_quantity: symbol.lotsText(order.isOpen ? order.lots - order.filledLots : 0),
    limit_price: ask.type === 'market' ? '' : symbol.priceText(order.priceTicks),
    number_of_fills: `${order.trades.length}`,
    order_id: orderUuid(order.id),
    order_side: sideWord(ask.side),
    order_type: ask.type === 'market' ? 'Market' : 'Limit',
    outstanding_hold_amount: '0',
    post_only: `${ask.postOnly}`,
    product_id: symbol.name,
    product_type: 'SPOT',
    reject_reason: '',
    retail_portfolio_id: USER,
    risk_managed_by: 'UNKNOWN_RISK_MANAGEMENT_TYPE',
    status: statusWord(order),
    stop_price: '',
    time_in_force: timeInForceWord(order),
    total_fees: fees,
    total_value_after_fees: value,
    trigger_status: 'INVALID_ORDER_TYPE',
    creation_time: isoText(order.createdMs),
    end_time: '0001-01-01T00:00:00Z',
    start_time: '0001-01-01T00:00:00Z',
  }
}

/** List Fills. */
export function fillRow(trade: EmulatedTrade): object {
  const { order } = trade
  return {
    entry_id: tradeUuid(trade).replaceAll('-', '').padEnd(64, '0'),
    trade_id: tradeUuid(trade),
    order_id: orderUuid(order.id),
    trade_time: isoText(trade.timeMs),
    trade_type: 'FILL',
    price: order.symbol.priceText(trade.priceTicks),
    size: order.symbol.lotsText(trade.lots),
    commission: assetText(commission(trade)),
    product_id: order.symbol.name,
    sequence_timestamp: isoText(trade.timeMs),
    liquidity_indicator: trade.isMaker ? 'MAKER' : 'TAKER',
    size_in_quote: false,
    user_id: USER,
    side: sideWord(order.ask.side),
    retail_portfolio_id: USER,
  }
}

export function tradeRow(symbol: EmulatedSymbol, print: EmulatedPrint): object {
  return {
    trade_id: `${print.id}`,
    product_id: symbol.name,
    price: symbol.priceText(print.priceTicks),
    size: symbol.lotsText(print.lots),
    side: makerSideWord(print),
    time: isoText(print.timeMs),
  }
}

/** Of the level2 channel: 'bid' and 'offer'; a size of 0 is a level that is gone. */
export function levelRows(
  symbol: EmulatedSymbol,
  levels: readonly TextlessLevel[],
  side: 'bid' | 'offer',
  time: string,
): object[] {
  return levels.map(([price, lots]) => ({
    side,
    event_time: time,
    price_level: symbol.priceText(price),
    new_quantity: symbol.lotsText(lots),
  }))
}
