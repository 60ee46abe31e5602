/** Orders, trades and books in Kraken's JSON: REST writes amounts as text, WebSocket v2 as numbers with their zeros. */
import { Side, TimeInForce } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { TextlessLevel } from '../emulator/emulated-book.ts'
import type { EmulatedOrder, EmulatedTrade } from '../emulator/emulated-order.ts'
import { assetText, type EmulatedSymbol } from '../emulator/emulated-symbol.ts'
import { decimalsOf } from '../native/json-words.ts'
import { SelfTrade } from '../paper/paper-options.ts'
import { krakenAsset } from './kraken-pairs.ts'

const ID_CHARS = 16
const COST_DIGITS = 5
/** Assets that Kraken names with a letter before: what it began with. */
const LETTERED: Readonly<Record<string, string>> = {
  XBT: 'XXBT',
  XDG: 'XXDG',
  ETH: 'XETH',
  LTC: 'XLTC',
  XRP: 'XXRP',
  USD: 'ZUSD',
  EUR: 'ZEUR',
  GBP: 'ZGBP',
}

export const selfTradeWords: Readonly<Record<string, SelfTrade>> = {
  'cancel-newest': SelfTrade.expireTaker,
  'cancel-oldest': SelfTrade.expireMaker,
  'cancel-both': SelfTrade.expireBoth,
}

const tifWords = {
  [TimeInForce.gtc]: 'GTC',
  [TimeInForce.ioc]: 'IOC',
  [TimeInForce.fok]: 'FOK',
  [TimeInForce.gtd]: 'GTD',
} as const

/** XXBT. */
export function assetId(asset: string): string {
  const altname = krakenAsset(asset)
  return LETTERED[altname] ?? altname
}

/** XBTUSD. */
export function pairAltname({ instrument }: EmulatedSymbol): string {
  return krakenAsset(instrument.base) + krakenAsset(instrument.quote)
}

/** XXBTZUSD; both assets with their letters, or neither. */
export function pairId({ instrument }: EmulatedSymbol): string {
  const ids = [assetId(instrument.base), assetId(instrument.quote)]
  const isLettered = ids.every((id) => Object.values(LETTERED).includes(id))
  return isLettered ? ids.join('') : krakenAsset(instrument.base) + krakenAsset(instrument.quote)
}

export function pairWsname({ instrument }: EmulatedSymbol): string {
  return `${krakenAsset(instrument.base)}/${krakenAsset(instrument.quote)}`
}

/** Whole numbers in Kraken's shape of ids, and back: O00000-00000-00LFLS. */
function shape(letter: string, text: string): string {
  const digits = text.toUpperCase().padStart(ID_CHARS, '0')
  return `${letter}${digits.slice(0, 5)}-${digits.slice(5, 10)}-${digits.slice(10)}`
}

export function orderTxid(id: number): string {
  return shape('O', id.toString(36))
}

/** 0 for a text that is no order of ours. */
export function orderIdOf(txid: string): number {
  const match = /^O([0-9A-Z]{5})-([0-9A-Z]{5})-([0-9A-Z]{6})$/.exec(txid)
  return match === null ? 0 : Number.parseInt(match.slice(1).join(''), 36)
}

/** Trade numbers are a symbol's own: the id says which. */
export function tradeTxid(trade: EmulatedTrade): string {
  const { index } = trade.order.symbol.instrument
  return shape('T', `${index.toString(36)}Z${trade.id.toString(36).padStart(11, '0')}`)
}

export function amendTxid(serial: number): string {
  return shape('T', `A${serial.toString(36).padStart(11, '0')}`)
}

export function priceDigits(symbol: EmulatedSymbol): number {
  return decimalsOf(symbol.tickText)
}

export function lotDigits(symbol: EmulatedSymbol): number {
  return decimalsOf(symbol.lotText)
}

/** '1.5' as '1.500', '1.50000' as '1.500': exact, the grid has no more. */
export function shown(text: string, digits: number): string {
  const point = text.indexOf('.')
  if (digits === 0) return point < 0 ? text : text.slice(0, point)
  if (point < 0) return `${text}.${'0'.repeat(digits)}`
  return text.slice(0, point + 1 + digits).padEnd(point + 1 + digits, '0')
}

export function priceText(symbol: EmulatedSymbol, ticks: number): string {
  return shown(symbol.priceText(ticks), priceDigits(symbol))
}

export function lotsText(symbol: EmulatedSymbol, lots: number): string {
  return shown(symbol.lotsText(lots), lotDigits(symbol))
}

/** Kraken cuts costs. */
export function costText(symbol: EmulatedSymbol, notional: bigint): string {
  return shown(symbol.quoteText(notional), COST_DIGITS)
}

export function sideWord(side: Side): 'buy' | 'sell' {
  return side === Side.buy ? 'buy' : 'sell'
}

export function isoText(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}

export function timeInForceWord(order: EmulatedOrder): string {
  return tifWords[order.ask.timeInForce]
}

export function flagsOf({ ask }: EmulatedOrder): string {
  const fees = ask.words?.['oflags'] ?? 'fciq'
  return ask.postOnly && !fees.includes('post') ? `${fees},post` : fees
}

/** Why an order did not live on, in words for people. */
export function reasonText(order: EmulatedOrder): string {
  if (order.status === 'canceled') {
    return order.reason === RejectReason.venueDown ? 'Exchange restarted' : 'User requested'
  }
  switch (order.reason) {
    case RejectReason.selfTrade:
      return 'Self trade prevention'
    case RejectReason.iocNotFilled:
      return 'Immediate or cancel'
    case RejectReason.fokNotFillable:
      return 'Fill or kill'
    default:
      return ''
  }
}

/** REST: open, closed, canceled, expired. */
export function restStatus(order: EmulatedOrder): string {
  if (order.isOpen) return 'open'
  if (order.status === 'filled') return 'closed'
  return isTimedOut(order) ? 'expired' : 'canceled'
}

/** Only a good-till-date that came to its date. */
export function isTimedOut(order: EmulatedOrder): boolean {
  return order.status === 'expired' && order.reason === RejectReason.expired
}

/** 'buy 0.01000000 XBTUSD @ limit 50000.0' */
export function descriptionText(order: EmulatedOrder): string {
  const { symbol, ask } = order
  const quantity = ask.notional > 0n && order.lots === 0 ? costText(symbol, ask.notional) : lotsText(symbol, order.lots)
  const terms = ask.type === 'market' ? 'market' : `limit ${priceText(symbol, order.priceTicks)}`
  return `${sideWord(ask.side)} ${quantity} ${pairAltname(symbol)} @ ${terms}`
}

function feeOf(trade: EmulatedTrade): bigint {
  const { symbol } = trade.order
  if (trade.feeAsset === symbol.quoteAsset) return trade.fee
  // A fee in base at the trade's own price: what REST tells is in quote.
  const power = 10n ** BigInt(symbol.instrument.priceDigits)
  return (trade.fee * BigInt(trade.priceTicks)) / power
}

/** A row of OpenOrders, ClosedOrders and QueryOrders. */
export function orderRow(order: EmulatedOrder, hasTrades: boolean): object {
  const { symbol, ask } = order
  const average = symbol.averageText(order.notional, order.filledLots, COST_DIGITS)
  const fee = order.trades.reduce((sum, trade) => sum + feeOf(trade), 0n)
  const userref = ask.words?.['userref']
  return {
    refid: null,
    userref: userref === undefined ? 0 : Number(userref),
    ...(ask.clientId !== '' && { cl_ord_id: ask.clientId }),
    status: restStatus(order),
    ...(!order.isOpen && { reason: reasonText(order) || null, closetm: order.updatedMs / 1_000 }),
    opentm: order.createdMs / 1_000,
    starttm: 0,
    expiretm: Math.floor(ask.deadlineUs / 1_000_000),
    descr: {
      pair: pairAltname(symbol),
      type: sideWord(ask.side),
      ordertype: ask.type,
      price: ask.type === 'market' ? '0' : priceText(symbol, order.priceTicks),
      price2: '0',
      leverage: 'none',
      order: descriptionText(order),
      close: '',
    },
    vol: lotsText(symbol, order.lots),
    vol_exec: lotsText(symbol, order.filledLots),
    cost: costText(symbol, order.notional),
    fee: assetText(fee),
    price: average === '0' ? '0.00000' : shown(average, COST_DIGITS),
    stopprice: '0.00000',
    limitprice: '0.00000',
    misc: '',
    oflags: flagsOf(order),
    ...(hasTrades && { trades: order.trades.map(tradeTxid) }),
  }
}

/** A row of TradesHistory and QueryTrades. */
export function tradeRow(trade: EmulatedTrade): object {
  const { order } = trade
  return {
    ordertxid: orderTxid(order.id),
    postxid: tradeTxid(trade),
    pair: pairId(order.symbol),
    time: trade.timeMs / 1_000,
    type: sideWord(order.ask.side),
    ordertype: order.ask.type,
    price: priceText(order.symbol, trade.priceTicks),
    cost: costText(order.symbol, trade.notional),
    fee: assetText(feeOf(trade)),
    vol: lotsText(order.symbol, trade.lots),
    margin: '0.00000',
    leverage: '0',
    misc: '',
    trade_id: trade.id,
    maker: trade.isMaker,
  }
}

/** Levels of WebSocket v2: numbers as text with every zero, because their digits are what the checksum is over. */
export function levelsJson(symbol: EmulatedSymbol, levels: readonly TextlessLevel[]): string {
  const texts = levels.map(([price, lots]) => `{"price":${priceText(symbol, price)},"qty":${lotsText(symbol, lots)}}`)
  return `[${texts.join(',')}]`
}

/** CRC-32 over the best ten asks and bids, digits without point and leading zeros ("Book checksum", v2). */
export function bookChecksum(
  symbol: EmulatedSymbol,
  bids: readonly TextlessLevel[],
  asks: readonly TextlessLevel[],
): number {
  const digits = (text: string): string => text.replace('.', '').replace(/^0+/, '')
  const side = (levels: readonly TextlessLevel[]): string =>
    levels
      .slice(0, 10)
      .map(([price, lots]) => digits(priceText(symbol, price)) + digits(lotsText(symbol, lots)))
      .join('')
  return crc32(side(asks) + side(bids))
}

/** ISO 3309, bit by bit: a twin of the table that readers use. */
function crc32(text: string): number {
  let value = -1
  for (let at = 0; at < text.length; at++) {
    value ^= text.charCodeAt(at)
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ -1) >>> 0
}
