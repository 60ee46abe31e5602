/** Orders, trades and books in Bybit's JSON. Amounts and times are texts. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { TextlessLevel } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText, type EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import { SelfTrade } from '../paper/paper-options.ts'

export const SPOT = 'spot'
const PRICE_DIGITS = 10
/** Bybit's spot order ids have 19 digits: more than a double holds. */
const ID_PREFIX = '1'
const ID_DIGITS = 18

export const selfTradeWords: Readonly<Record<string, SelfTrade>> = {
  None: SelfTrade.none,
  CancelTaker: SelfTrade.expireTaker,
  CancelMaker: SelfTrade.expireMaker,
  CancelBoth: SelfTrade.expireBoth,
}

const rejectReasons: Partial<Record<RejectReason, string>> = {
  [RejectReason.userCancel]: 'EC_PerCancelRequest',
  [RejectReason.iocNotFilled]: 'EC_NoImmediateQtyToFill',
  [RejectReason.fokNotFillable]: 'EC_NoEnoughQtyToFill',
  [RejectReason.selfTrade]: 'EC_BySelfMatch',
  [RejectReason.postOnlyWouldTake]: 'EC_PostOnlyWillTakeLiquidity',
}

export function orderId(order: EmulatedOrder): string {
  return ID_PREFIX + `${order.id}`.padStart(ID_DIGITS, '0')
}

/** The number behind an order id; 0 for a text that is none. */
export function orderNumber(id: string): number {
  return /^1\d{18}$/.test(id) ? Number(id.slice(1)) : 0
}

export function sideWord(side: Side): string {
  return side === Side.buy ? 'Buy' : 'Sell'
}

function timeInForceWord({ ask }: EmulatedOrder): string {
  if (ask.postOnly) return 'PostOnly'
  if (ask.type === 'market' || ask.timeInForce === TimeInForce.ioc) return 'IOC'
  return ask.timeInForce === TimeInForce.fok ? 'FOK' : 'GTC'
}

function statusWord(order: EmulatedOrder): string {
  if (order.status === 'new') return 'New'
  if (order.status === 'partiallyFilled') return 'PartiallyFilled'
  if (order.status === 'filled') return 'Filled'
  if (order.reason === RejectReason.postOnlyWouldTake) return 'Rejected'
  return order.filledLots > 0 ? 'PartiallyFilledCanceled' : 'Cancelled'
}

function cancelWord({ reason }: EmulatedOrder): string {
  if (reason === RejectReason.userCancel) return 'CancelByUser'
  return reason === RejectReason.selfTrade ? 'CancelBySmp' : 'UNKNOWN'
}

/** What the REST requests and the order topic tell of an order alike. */
export function orderRow(order: EmulatedOrder, exchange: EmulatedExchange) {
  const { symbol, ask, trades } = order
  const isByCost = ask.notional > 0n
  const left = order.isOpen ? order.lots - order.filledLots : 0
  return {
    symbol: symbol.name,
    orderType: ask.type === 'market' ? 'Market' : 'Limit',
    orderLinkId: ask.clientId,
    slLimitPrice: '0',
    orderId: orderId(order),
    cancelType: cancelWord(order),
    avgPrice: order.filledLots === 0 ? '' : symbol.averageText(order.notional, order.filledLots, PRICE_DIGITS),
    stopOrderType: '',
    lastPriceOnCreated: '',
    orderStatus: statusWord(order),
    createType: 'CreateByUser',
    takeProfit: '',
    cumExecValue: symbol.quoteText(order.notional),
    smpType: Object.keys(selfTradeWords).find((word) => selfTradeWords[word] === ask.selfTrade) ?? 'None',
    triggerDirection: 0,
    blockTradeId: '',
    cumFeeDetail: feeDetail(trades, exchange),
    rejectReason: rejectReasons[order.reason] ?? 'EC_NoError',
    isLeverage: '0',
    price: ask.type === 'market' ? '0' : symbol.priceText(order.priceTicks),
    orderIv: '',
    createdTime: `${order.createdMs}`,
    positionIdx: 0,
    timeInForce: timeInForceWord(order),
    leavesValue: symbol.quoteText(BigInt(order.priceTicks) * BigInt(left)),
    updatedTime: `${order.updatedMs}`,
    side: sideWord(ask.side),
    smpGroup: 0,
    triggerPrice: '0.0',
    cumExecFee: assetText(trades.reduce((total, { fee }) => total + fee, 0n)),
    leavesQty: symbol.lotsText(left),
    closeOnTrigger: false,
    cumExecQty: symbol.lotsText(order.filledLots),
    reduceOnly: false,
    qty: isByCost ? symbol.quoteText(ask.notional) : symbol.lotsText(order.lots),
    stopLoss: '',
    smpOrderId: '',
    triggerBy: '',
    marketUnit: ask.words?.['marketUnit'] ?? '',
  }
}

/** What was charged, by coin. */
function feeDetail(trades: readonly EmulatedTrade[], exchange: EmulatedExchange): Record<string, string> {
  const sums = new Map<string, bigint>()
  for (const { fee, feeAsset } of trades) {
    const coin = exchange.assets[feeAsset]
    sums.set(coin, (sums.get(coin) ?? 0n) + fee)
  }
  return Object.fromEntries([...sums].map(([coin, fee]) => [coin, assetText(fee)]))
}

/** A row of execution/list, and of the execution topic. */
export function executionRow(trade: EmulatedTrade, exchange: EmulatedExchange) {
  const { order } = trade
  const { symbol } = order
  const feePpm = trade.isMaker ? symbol.listing.makerPpm : symbol.listing.takerPpm
  return {
    symbol: symbol.name,
    orderType: order.ask.type === 'market' ? 'Market' : 'Limit',
    underlyingPrice: '',
    orderLinkId: order.ask.clientId,
    orderId: orderId(order),
    stopOrderType: '',
    execTime: `${trade.timeMs}`,
    feeCurrency: exchange.assets[trade.feeAsset],
    feeRate: rateText(feePpm),
    tradeIv: '',
    blockTradeId: '',
    markPrice: '',
    execPrice: symbol.priceText(trade.priceTicks),
    markIv: '',
    orderQty: symbol.lotsText(order.lots),
    orderPrice: order.ask.type === 'market' ? '0' : symbol.priceText(order.priceTicks),
    execValue: symbol.quoteText(trade.notional),
    closedSize: '',
    execType: 'Trade',
    seq: trade.id,
    side: sideWord(order.ask.side),
    indexPrice: '',
    leavesQty: symbol.lotsText(order.lots - order.filledLots),
    isMaker: trade.isMaker,
    execFee: assetText(trade.fee),
    execId: `${trade.id}`,
    execQty: symbol.lotsText(trade.lots),
  }
}

export function levelTexts(symbol: EmulatedSymbol, levels: readonly TextlessLevel[]): [string, string][] {
  return levels.map(([price, lots]) => [symbol.priceText(price), symbol.lotsText(lots)])
}

/** A print in the public trade topic. */
export function topicTrade(symbol: EmulatedSymbol, print: EmulatedPrint) {
  return {
    i: `${print.id}`,
    T: print.timeMs,
    p: symbol.priceText(print.priceTicks),
    v: symbol.lotsText(print.lots),
    S: sideWord(print.aggressor),
    s: symbol.name,
    BT: false,
    RPI: false,
    seq: print.id,
  }
}

/** A print over REST. */
export function publicTrade(symbol: EmulatedSymbol, print: EmulatedPrint) {
  return {
    execId: `${print.id}`,
    symbol: symbol.name,
    price: symbol.priceText(print.priceTicks),
    size: symbol.lotsText(print.lots),
    side: sideWord(print.aggressor),
    time: `${print.timeMs}`,
    isBlockTrade: false,
    isRPITrade: false,
    seq: `${print.id}`,
  }
}

export function rateText(ppm: number): string {
  return assetText(BigInt(ppm) * 100n)
}
