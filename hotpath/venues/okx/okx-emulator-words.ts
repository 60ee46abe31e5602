/** Orders, trades and books in OKX's JSON. Every amount and every time is text, as short as it can be. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { TextlessLevel } from '../emulator/emulated-book.ts'
import type { EmulatedExchange } from '../emulator/emulated-exchange.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText, type EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import type { EmulatedPrint } from '../emulator/emulated-tape.ts'
import { SelfTrade } from '../paper/paper-options.ts'

export const SPOT = 'SPOT'
const PRICE_DIGITS = 10
/** OKX's order ids have 19 digits: more than a double holds. */
const ID_PREFIX = '3'
const ID_DIGITS = 18

export const selfTradeWords: Readonly<Record<string, SelfTrade>> = {
  cancel_taker: SelfTrade.expireTaker,
  cancel_maker: SelfTrade.expireMaker,
  cancel_both: SelfTrade.expireBoth,
}

const cancelSources: Partial<Record<RejectReason, string>> = {
  [RejectReason.userCancel]: '1',
  [RejectReason.fokNotFillable]: '13',
  [RejectReason.iocNotFilled]: '14',
  [RejectReason.postOnlyWouldTake]: '31',
  [RejectReason.selfTrade]: '32',
}

export function orderId(order: EmulatedOrder): string {
  return ID_PREFIX + `${order.id}`.padStart(ID_DIGITS, '0')
}

/** The number behind an order id; 0 for a text that is none. */
export function orderNumber(id: string): number {
  return /^3\d{18}$/.test(id) ? Number(id.slice(1)) : 0
}

/** Unique over symbols; the trade's own number is not. */
export function billId(trade: EmulatedTrade): string {
  return `${trade.id}${trade.order.id}`
}

export function sideWord(side: Side): string {
  return side === Side.buy ? 'buy' : 'sell'
}

export function typeWord({ ask }: EmulatedOrder): string {
  if (ask.type === 'market') return 'market'
  if (ask.postOnly) return 'post_only'
  if (ask.timeInForce === TimeInForce.ioc) return 'ioc'
  return ask.timeInForce === TimeInForce.fok ? 'fok' : 'limit'
}

export function stateWord({ status }: EmulatedOrder): string {
  if (status === 'new') return 'live'
  if (status === 'partiallyFilled') return 'partially_filled'
  return status === 'filled' ? 'filled' : 'canceled'
}

/** A charge is negative, a rebate positive. */
export function feeText(units: bigint): string {
  return units > 0n ? `-${assetText(units)}` : assetText(-units)
}

/** What the REST requests and the channel tell of an order alike; the fill is the last one here. */
export function orderRow(order: EmulatedOrder, exchange: EmulatedExchange) {
  const { symbol, ask, trades } = order
  const last = trades[trades.length - 1]
  const fees = trades.map(({ fee }) => fee)
  const isByCost = ask.notional > 0n
  const receives = ask.side === Side.buy ? symbol.instrument.base : symbol.instrument.quote
  const feeCcy = last === undefined ? receives : exchange.assets[last.feeAsset]
  return {
    accFillSz: symbol.lotsText(order.filledLots),
    algoClOrdId: '',
    algoId: '',
    attachAlgoClOrdId: '',
    attachAlgoOrds: [],
    avgPx: order.filledLots === 0 ? '' : symbol.averageText(order.notional, order.filledLots, PRICE_DIGITS),
    cTime: `${order.createdMs}`,
    cancelSource: order.isOpen || order.status === 'filled' ? '' : (cancelSources[order.reason] ?? '0'),
    cancelSourceReason: '',
    category: 'normal',
    ccy: '',
    clOrdId: ask.clientId,
    fee: feeText(sum(fees.filter((fee) => fee > 0n))),
    feeCcy,
    ...fillWords(order, last),
    instId: symbol.name,
    instType: SPOT,
    isTpLimit: 'false',
    lever: '',
    linkedAlgoOrd: { algoId: '' },
    ordId: orderId(order),
    ordType: typeWord(order),
    pnl: '0',
    posSide: '',
    px: ask.type === 'market' ? '' : symbol.priceText(order.priceTicks),
    pxType: '',
    pxUsd: '',
    pxVol: '',
    quickMgnType: '',
    rebate: assetText(-sum(fees.filter((fee) => fee < 0n))),
    rebateCcy: feeCcy,
    reduceOnly: 'false',
    side: sideWord(ask.side),
    slOrdPx: '',
    slTriggerPx: '',
    slTriggerPxType: '',
    source: '',
    state: stateWord(order),
    stpId: '',
    stpMode: Object.keys(selfTradeWords).find((word) => selfTradeWords[word] === ask.selfTrade) ?? '',
    sz: isByCost ? symbol.quoteText(ask.notional) : symbol.lotsText(order.lots),
    tag: ask.words?.['tag'] ?? '',
    tdMode: 'cash',
    tgtCcy: ask.words?.['tgtCcy'] ?? '',
    tpOrdPx: '',
    tpTriggerPx: '',
    tpTriggerPxType: '',
    tradeQuoteCcy: symbol.instrument.quote,
    uTime: `${order.updatedMs}`,
  }
}

/** The fill that a message is about. */
export function fillWords({ symbol }: EmulatedOrder, trade: EmulatedTrade | undefined) {
  return {
    fillPx: trade === undefined ? '' : symbol.priceText(trade.priceTicks),
    fillSz: trade === undefined ? '' : symbol.lotsText(trade.lots),
    fillTime: trade === undefined ? '' : `${trade.timeMs}`,
    tradeId: trade === undefined ? '' : `${trade.id}`,
  }
}

/** A row of trade/fills. */
export function fillRow(trade: EmulatedTrade, exchange: EmulatedExchange) {
  const { order } = trade
  return {
    side: sideWord(order.ask.side),
    ...fillWords(order, trade),
    fillPxVol: '',
    fillFwdPx: '',
    fee: feeText(trade.fee),
    fillPnl: '0',
    ordId: orderId(order),
    feeRate: '',
    instType: SPOT,
    fillPxUsd: '',
    instId: order.symbol.name,
    clOrdId: order.ask.clientId,
    posSide: 'net',
    billId: billId(trade),
    subType: order.ask.side === Side.buy ? '1' : '2',
    fillMarkVol: '',
    tag: order.ask.words?.['tag'] ?? '',
    execType: trade.isMaker ? 'M' : 'T',
    feeCcy: exchange.assets[trade.feeAsset],
    ts: `${trade.timeMs}`,
  }
}

/** Price, size, a number that is always zero, and how many orders: here one. */
export function levelRows(symbol: EmulatedSymbol, levels: readonly TextlessLevel[]): string[][] {
  return levels.map(([price, lots]) => [symbol.priceText(price), symbol.lotsText(lots), '0', lots === 0 ? '0' : '1'])
}

export function publicTrade(symbol: EmulatedSymbol, print: EmulatedPrint) {
  return {
    instId: symbol.name,
    side: sideWord(print.aggressor),
    sz: symbol.lotsText(print.lots),
    px: symbol.priceText(print.priceTicks),
    tradeId: `${print.id}`,
    ts: `${print.timeMs}`,
  }
}

/** A rate in millionths: a charge is negative. */
export function rateText(ppm: number): string {
  return feeText(BigInt(ppm) * 100n)
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
