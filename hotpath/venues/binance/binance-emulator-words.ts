/** Orders, trades and books in Binance's JSON. Every amount is text with eight decimals. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { TextlessLevel } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText, type EmulatedSymbol, fixedText } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import { SelfTrade } from '../paper/paper-options.ts'

const DIGITS = 8
const statusWords = {
  new: 'NEW',
  partiallyFilled: 'PARTIALLY_FILLED',
  filled: 'FILLED',
  canceled: 'CANCELED',
  expired: 'EXPIRED',
  rejected: 'REJECTED',
} as const
const zero = '0.00000000'

export const selfTradeWords: Readonly<Record<string, SelfTrade>> = {
  NONE: SelfTrade.none,
  EXPIRE_TAKER: SelfTrade.expireTaker,
  EXPIRE_MAKER: SelfTrade.expireMaker,
  EXPIRE_BOTH: SelfTrade.expireBoth,
}

export function fixed(text: string): string {
  return fixedText(text, DIGITS)
}

export function amount(units: bigint): string {
  return fixed(assetText(units))
}

export function levelTexts(symbol: EmulatedSymbol, levels: readonly TextlessLevel[]): [string, string][] {
  return levels.map(([price, lots]) => [fixed(symbol.priceText(price)), fixed(symbol.lotsText(lots))])
}

export function statusWord(order: EmulatedOrder): string {
  return order.reason === RejectReason.selfTrade ? 'EXPIRED_IN_MATCH' : statusWords[order.status]
}

export function sideWord(side: Side): string {
  return side === Side.buy ? 'BUY' : 'SELL'
}

export function timeInForceWord({ timeInForce }: { timeInForce: TimeInForce }): string {
  if (timeInForce === TimeInForce.ioc) return 'IOC'
  return timeInForce === TimeInForce.fok ? 'FOK' : 'GTC'
}

/** LIMIT, LIMIT_MAKER or MARKET. */
export function typeWord({ ask }: EmulatedOrder): string {
  if (ask.type === 'market') return 'MARKET'
  return ask.postOnly ? 'LIMIT_MAKER' : 'LIMIT'
}

export function selfTradeWord({ ask }: EmulatedOrder): string {
  return Object.keys(selfTradeWords).find((word) => selfTradeWords[word] === ask.selfTrade) ?? 'NONE'
}

/** What every answer about an order has in common. */
export function orderAmounts(order: EmulatedOrder) {
  const { symbol, ask } = order
  return {
    price: ask.type === 'market' ? zero : fixed(symbol.priceText(order.priceTicks)),
    origQty: fixed(symbol.lotsText(order.lots)),
    executedQty: fixed(symbol.lotsText(order.filledLots)),
    origQuoteOrderQty: fixed(symbol.quoteText(ask.notional)),
    cummulativeQuoteQty: quote(symbol, order.notional),
    status: statusWord(order),
    timeInForce: ask.type === 'market' ? 'GTC' : timeInForceWord(ask),
    type: typeWord(order),
    side: sideWord(ask.side),
  }
}

export function orderNames(order: EmulatedOrder) {
  return { symbol: order.symbol.name, orderId: order.id, orderListId: -1 }
}

/** GET order, openOrders, allOrders. */
export function queriedOrder(order: EmulatedOrder) {
  return {
    ...orderNames(order),
    clientOrderId: order.ask.clientId,
    ...orderAmounts(order),
    stopPrice: zero,
    icebergQty: zero,
    time: order.createdMs,
    updateTime: order.updatedMs,
    isWorking: true,
    workingTime: order.createdMs,
    selfTradePreventionMode: selfTradeWord(order),
  }
}

/** The answer to a new order: ACK, RESULT or FULL. */
export function placedOrder(order: EmulatedOrder, form: string, assets: readonly string[]) {
  const names = { ...orderNames(order), clientOrderId: order.ask.clientId, transactTime: order.createdMs }
  if (form === 'ACK') return names
  const result = {
    ...names,
    ...orderAmounts(order),
    workingTime: order.createdMs,
    selfTradePreventionMode: selfTradeWord(order),
  }
  if (form === 'RESULT') return result
  const fills = order.trades.map((trade) => ({
    price: fixed(order.symbol.priceText(trade.priceTicks)),
    qty: fixed(order.symbol.lotsText(trade.lots)),
    commission: amount(trade.fee),
    commissionAsset: assets[trade.feeAsset],
    tradeId: trade.id,
  }))
  return { ...result, fills }
}

/** The answer to a cancel; `clientOrderId` names the cancel itself. */
export function canceledOrder(order: EmulatedOrder, clientOrderId: string) {
  return {
    symbol: order.symbol.name,
    origClientOrderId: order.ask.clientId,
    orderId: order.id,
    orderListId: -1,
    clientOrderId,
    transactTime: order.updatedMs,
    ...orderAmounts(order),
    selfTradePreventionMode: selfTradeWord(order),
  }
}

export function ownTrade(trade: EmulatedTrade, assets: readonly string[]) {
  const { order } = trade
  return {
    symbol: order.symbol.name,
    id: trade.id,
    orderId: order.id,
    orderListId: -1,
    price: fixed(order.symbol.priceText(trade.priceTicks)),
    qty: fixed(order.symbol.lotsText(trade.lots)),
    quoteQty: quote(order.symbol, trade.notional),
    commission: amount(trade.fee),
    commissionAsset: assets[trade.feeAsset],
    time: trade.timeMs,
    isBuyer: order.ask.side === Side.buy,
    isMaker: trade.isMaker,
    isBestMatch: true,
  }
}

export function publicTrade(symbol: EmulatedSymbol, print: EmulatedPrint) {
  return {
    id: print.id,
    price: fixed(symbol.priceText(print.priceTicks)),
    qty: fixed(symbol.lotsText(print.lots)),
    quoteQty: quote(symbol, BigInt(print.priceTicks) * BigInt(print.lots)),
    time: print.timeMs,
    isBuyerMaker: print.aggressor === Side.sell,
    isBestMatch: true,
  }
}

export function aggregateTrade(symbol: EmulatedSymbol, print: EmulatedPrint) {
  return {
    a: print.id,
    p: fixed(symbol.priceText(print.priceTicks)),
    q: fixed(symbol.lotsText(print.lots)),
    f: print.id,
    l: print.id,
    T: print.timeMs,
    m: print.aggressor === Side.sell,
    M: true,
  }
}

/** Binance keeps eight decimals of quote; finer notionals are cut. */
export function quote(symbol: EmulatedSymbol, notional: bigint): string {
  const text = fixed(symbol.quoteText(notional))
  return text.slice(0, text.indexOf('.') + 1 + DIGITS)
}

export function ratePpm(ppm: number): string {
  return fixed(assetText(BigInt(ppm) * 100n))
}

export function balanceRow(exchange: EmulatedExchange, free: bigint, locked: bigint, asset: number) {
  return { asset: exchange.assets[asset], free: amount(free), locked: amount(locked) }
}
