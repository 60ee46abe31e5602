/**
 * Lines of a raw Binance capture, `<local ns> <JSON frame>`: which stream they are of and what they say. The three
 * linked markets are told apart by what their frames carry: spot depth has U and u, futures also pu, COIN-M also ps.
 */
export const BinanceMarket = { spot: 0, usdm: 1, coinm: 2 } as const
export type BinanceMarket = (typeof BinanceMarket)[keyof typeof BinanceMarket]
/** ccxt ids by BinanceMarket. */
export const binanceVenueIds = ['binance', 'binanceusdm', 'binancecoinm'] as const

/** Beyond this no price or quantity is believed; below it a double keeps 15 digits, more than any venue writes. */
const NUMBER_MAX = 1e14
/** Binance writes at most so many digits behind the point. */
export const CAPTURE_DIGITS_MAX = 8

export function isBinanceHead(head: string): boolean {
  const first = head.slice(0, 400)
  return /^\d{16,19} \{/.test(first) && (first.includes('"stream"') || first.includes('"lastUpdateId"'))
}

/** Level changes in turn: price, quantity, as the venue wrote them. */
export type CapturedLevels = readonly number[]

/** Digits behind the point that the numbers of a frame need. */
export interface CapturedDigits {
  readonly priceDigits: number
  readonly qtyDigits: number
}

export interface DepthFrame extends CapturedDigits {
  readonly kind: 'depth'
  readonly market: BinanceMarket
  readonly symbol: string
  readonly firstId: number
  readonly lastId: number
  /** Of futures: the last id of the frame before; -1 on spot. */
  readonly previousId: number
  readonly bids: CapturedLevels
  readonly asks: CapturedLevels
}

export interface SnapshotFrame extends CapturedDigits {
  readonly kind: 'snapshot'
  readonly lastId: number
  readonly bids: CapturedLevels
  readonly asks: CapturedLevels
}

export interface TradeFrame extends CapturedDigits {
  readonly kind: 'trade'
  readonly market: BinanceMarket
  readonly symbol: string
  readonly price: number
  readonly qty: number
  readonly isSell: boolean
}

export type BinanceFrame = DepthFrame | SnapshotFrame | TradeFrame

/** Why a line gave no frame. */
export const Skipped = { otherStream: 'other stream', notMarketTrade: 'not a market trade', bad: 'bad' } as const
export type Skipped = (typeof Skipped)[keyof typeof Skipped]

const AT = 64
const SPACE = 32
/** The stream's name stands within the first bytes: `1723161254087891268 {"stream":"btcusdt@bookTicker"`. */
const STREAM_BYTES = 96

/** Is it a best-price line? They are more than half of a capture and carry nothing the depth stream does not. O(1). */
export function isBookTicker(bytes: Buffer, from: number, to: number): boolean {
  const end = Math.min(to, from + STREAM_BYTES)
  for (let at = from; at < end; at++) {
    if (bytes[at] === AT) return bytes[at + 1] === 98 && bytes[at + 2] === 111 // 'bo'
  }
  return false
}

/** Seconds and nanoseconds of the local receive time: together they do not fit a double. */
export interface LocalTime {
  seconds: number
  nanos: number
}

/** Splits a line; answers where the JSON begins, or -1 when the line does not start with a time. */
export function readLocalTime(bytes: Buffer, from: number, to: number, time: LocalTime): number {
  let digits = 0
  while (from + digits < to && digits < 20 && bytes[from + digits] >= 48 && bytes[from + digits] <= 57) digits++
  if (digits < 16 || digits > 19 || bytes[from + digits] !== SPACE) return -1
  const text = bytes.toString('latin1', from, from + digits)
  time.seconds = Number(text.slice(0, digits - 9))
  time.nanos = Number(text.slice(digits - 9))
  return from + digits + 1
}

/** Parses the JSON of a line into a frame, or says why not. Never throws. */
export function parseFrame(json: string): BinanceFrame | Skipped {
  let found: unknown
  try {
    found = JSON.parse(json)
  } catch {
    return Skipped.bad
  }
  if (!isFields(found)) return Skipped.bad
  if (!('stream' in found)) return parseSnapshot(found)
  const { data } = found
  if (!isFields(data)) return Skipped.bad
  if (data['e'] === 'depthUpdate') return parseDepth(data)
  if (data['e'] === 'trade') return parseTrade(data)
  return Skipped.otherStream
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function parseSnapshot(found: Fields): SnapshotFrame | Skipped {
  const levels = parseSides(found['bids'], found['asks'])
  const lastId = found['lastUpdateId']
  return isId(lastId) && levels !== undefined ? { kind: 'snapshot', lastId, ...levels } : Skipped.bad
}

function parseDepth(data: Fields): DepthFrame | Skipped {
  const { s: symbol, U: firstId, u: lastId, pu } = data
  const levels = parseSides(data['b'], data['a'])
  if (!isSymbol(symbol) || !isId(firstId) || !isId(lastId) || levels === undefined) return Skipped.bad
  if (pu !== undefined && !isId(pu)) return Skipped.bad
  const market = 'ps' in data ? BinanceMarket.coinm : pu === undefined ? BinanceMarket.spot : BinanceMarket.usdm
  return { kind: 'depth', market, symbol, firstId, lastId, previousId: pu ?? -1, ...levels }
}

/** Spot trades carry M, futures X; a COIN-M symbol ends in USD_PERP or USD_yymmdd. Insurance fund fills are no trades. */
function parseTrade(data: Fields): TradeFrame | Skipped {
  const { s: symbol, p, q, m: isSell, X: kind } = data
  if (kind !== undefined && kind !== 'MARKET') return Skipped.notMarketTrade
  const priceDigits = digitsOfText(p)
  const qtyDigits = digitsOfText(q)
  if (!isSymbol(symbol) || priceDigits < 0 || qtyDigits < 0 || typeof isSell !== 'boolean') return Skipped.bad
  const price = Number(p)
  const qty = Number(q)
  if (price === 0 || qty === 0) return Skipped.notMarketTrade
  return { kind: 'trade', market: marketOfTrade(data, symbol), symbol, price, qty, isSell, priceDigits, qtyDigits }
}

function marketOfTrade(data: Fields, symbol: string): BinanceMarket {
  if ('M' in data) return BinanceMarket.spot
  return /USD_(PERP|\d{6})$/.test(symbol) ? BinanceMarket.coinm : BinanceMarket.usdm
}

function isSymbol(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z0-9]{2,24}(_[A-Z0-9]{4,8})?$/.test(value)
}

type Sides = CapturedDigits & { readonly bids: CapturedLevels; readonly asks: CapturedLevels }

/** [['61837.63', '1.5'], ...] of both sides, or undefined when a row is not a pair of decimals. */
function parseSides(bidRows: unknown, askRows: unknown): Sides | undefined {
  if (!Array.isArray(bidRows) || !Array.isArray(askRows)) return undefined
  const sides: [number[], number[]] = [[], []]
  let priceDigits = 0
  let qtyDigits = 0
  for (const side of [0, 1] as const) {
    for (const row of side === 0 ? bidRows : askRows) {
      if (!Array.isArray(row)) return undefined
      const ofPrice = digitsOfText(row[0])
      const ofQty = digitsOfText(row[1])
      const price = Number(row[0])
      if (ofPrice < 0 || ofQty < 0 || price === 0) return undefined
      priceDigits = Math.max(priceDigits, ofPrice)
      qtyDigits = Math.max(qtyDigits, ofQty)
      sides[side].push(price, Number(row[1]))
    }
  }
  return { bids: sides[0], asks: sides[1], priceDigits, qtyDigits }
}

/** Digits behind the point without trailing zeros, or -1 when this is no plain decimal of a believable size. O(length). */
export function digitsOfText(text: unknown): number {
  if (typeof text !== 'string' || text.length > 32) return -1
  let point = -1
  let last = -1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 46 && point < 0 && at > 0) point = at
    else if (code < 48 || code > 57) return -1
    else if (code !== 48 || point < 0) last = at
  }
  if (last < 0 || point === text.length - 1 || Number(text) > NUMBER_MAX) return -1
  const digits = point < 0 || last < point ? 0 : last - point
  return digits > CAPTURE_DIGITS_MAX ? -1 : digits
}

/** Quotes Binance has listed, longest first where one ends in another. */
const quotes = [
  'FDUSD',
  'USDT',
  'USDC',
  'BUSD',
  'TUSD',
  'USDP',
  'USD',
  'EUR',
  'GBP',
  'TRY',
  'BRL',
  'JPY',
  'BTC',
  'ETH',
  'BNB',
]

/** The instrument's ccxt symbol: 'BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC', and '-yymmdd' for dated futures. */
export function ccxtSymbol(market: BinanceMarket, symbol: string): { symbol: string; base: string; quote: string } {
  const [pair, dated] = symbol.split('_')
  const quote = quotes.find((one) => pair.endsWith(one) && pair.length > one.length) ?? 'UNKNOWN'
  const base = quote === 'UNKNOWN' ? pair : pair.slice(0, -quote.length)
  const settle = market === BinanceMarket.spot ? '' : `:${market === BinanceMarket.usdm ? quote : base}`
  const expiry = dated === undefined || dated === 'PERP' ? '' : `-${dated}`
  return { symbol: `${base}/${quote}${settle}${expiry}`, base, quote }
}
