/** Depth frames of the ten busiest venues, each in the words of its own documentation, with invented numbers. */
import { crc32 } from 'node:zlib'
import { type DepthStep, type DepthWalk, priceText, sizeText, type WalkLevel } from './depth-walk.ts'

export interface DepthDialect {
  /** Of our FeedVenue, and of ccxt where that is another. */
  readonly id: string
  readonly ccxt?: string
  /** The venue's name of BTC against `quote`. */
  readonly symbol: string
  readonly quote: string
  /** A whole book, then changes; `walk` is the book after the step. */
  snapshot(step: DepthStep, number: number): string
  update(step: DepthStep, number: number, walk: DepthWalk): string
  /** The snapshot comes over HTTP (our decodeSnapshot) instead of the socket. */
  readonly isHttp?: boolean
  /** Where JSON.parse finds the levels: the plain way to read the same frame. */
  plain(message: never): readonly PlainSide[]
}

export type PlainSide = readonly [bids: readonly unknown[], asks: readonly unknown[]]

const TIME_MS = 1_760_000_000_000
const timeText = (number: number): string => new Date(TIME_MS + number * 100).toISOString()

const pairs = (levels: readonly WalkLevel[], ...more: string[]): string[][] =>
  levels.map(([price, size]) => [priceText(price), sizeText(size), ...more])
const numbers = (levels: readonly WalkLevel[]): number[][] => levels.map(([price, size]) => [price / 100, size / 1e5])

/** CRC-32 of the best 25 levels in turn, bid:size:ask:size as written (Bitget), signed. */
function alternatingChecksum(walk: DepthWalk): number {
  const { bids, asks } = walk.whole()
  const parts: string[] = []
  for (let at = 0; at < 25; at++) {
    for (const level of [bids[at], asks[at]]) {
      if (level !== undefined) parts.push(priceText(level[0]), sizeText(level[1]))
    }
  }
  return crc32(parts.join(':')) | 0
}

/** CRC-32 of ten asks then ten bids, digits without point and leading zeros (Kraken). */
function krakenChecksum(bids: readonly WalkLevel[], asks: readonly WalkLevel[]): number {
  const digits = ([price, size]: WalkLevel) => `${price}${size}`
  return crc32([...asks.slice(0, 10).map(digits), ...bids.slice(0, 10).map(digits)].join(''))
}

const binance: DepthDialect = {
  id: 'binance',
  symbol: 'BTCUSDT',
  quote: 'USDT',
  isHttp: true,
  snapshot: ({ bids, asks }, number) =>
    JSON.stringify({ lastUpdateId: number * 10, bids: pairs(bids), asks: pairs(asks) }),
  update: ({ bids, asks }, number) => {
    const data = { e: 'depthUpdate', E: TIME_MS + number * 100, s: 'BTCUSDT', U: number * 10 - 9, u: number * 10 }
    return JSON.stringify({ stream: 'btcusdt@depth@100ms', data: { ...data, b: pairs(bids), a: pairs(asks) } })
  },
  plain: ({ data: { b, a } }: { data: { b: []; a: [] } }) => [[b, a]],
}

function bybitFrame(type: string, { bids, asks }: DepthStep, number: number): string {
  const data = { s: 'BTCUSDT', b: pairs(bids), a: pairs(asks), u: number, seq: number * 7 }
  const ts = TIME_MS + number * 100
  return JSON.stringify({ topic: 'orderbook.200.BTCUSDT', ts, type, data, cts: ts - 3 })
}

const bybit: DepthDialect = {
  id: 'bybit',
  symbol: 'BTCUSDT',
  quote: 'USDT',
  snapshot: (step, number) => bybitFrame('snapshot', step, number),
  update: (step, number) => bybitFrame('delta', step, number),
  plain: ({ data: { b, a } }: { data: { b: []; a: [] } }) => [[b, a]],
}

function coinbaseFrame(type: string, { bids, asks }: DepthStep, number: number): string {
  const timestamp = timeText(number)
  const side = (name: string, levels: readonly WalkLevel[]) =>
    levels.map(([price, size]) => ({
      side: name,
      event_time: timestamp,
      price_level: priceText(price),
      new_quantity: sizeText(size),
    }))
  const updates = [...side('bid', bids), ...side('offer', asks)]
  return JSON.stringify({
    channel: 'l2_data',
    client_id: '',
    timestamp,
    sequence_num: number - 1,
    events: [{ type, product_id: 'BTC-USD', updates }],
  })
}

interface CoinbaseMessage {
  events: { updates: { side: string; price_level: string; new_quantity: string }[] }[]
}

const coinbase: DepthDialect = {
  id: 'coinbase',
  symbol: 'BTC-USD',
  quote: 'USD',
  snapshot: (step, number) => coinbaseFrame('snapshot', step, number),
  update: (step, number) => coinbaseFrame('update', step, number),
  plain: ({ events }: CoinbaseMessage) =>
    events.map(({ updates }): PlainSide => {
      const of = (name: string) =>
        updates.filter(({ side }) => side === name).map((level) => [level.price_level, level.new_quantity])
      return [of('bid'), of('offer')]
    }),
}

function okxFrame(action: string, { bids, asks }: DepthStep, number: number): string {
  const ts = String(TIME_MS + number * 100)
  const data = { asks: pairs(asks, '0', '3'), bids: pairs(bids, '0', '3'), ts, checksum: 0, seqId: number * 10 }
  const prevSeqId = action === 'snapshot' ? -1 : number * 10 - 10
  return JSON.stringify({ arg: { channel: 'books', instId: 'BTC-USDT' }, action, data: [{ ...data, prevSeqId }] })
}

const okx: DepthDialect = {
  id: 'okx',
  symbol: 'BTC-USDT',
  quote: 'USDT',
  snapshot: (step, number) => okxFrame('snapshot', step, number),
  update: (step, number) => okxFrame('update', step, number),
  plain: ({ data: [{ bids, asks }] }: { data: [{ bids: []; asks: [] }] }) => [[bids, asks]],
}

function krakenFrame(type: string, { bids, asks }: DepthStep, number: number, whole: DepthStep): string {
  const side = (levels: readonly WalkLevel[]) =>
    levels.map(([price, size]) => `{"price":${priceText(price)},"qty":${sizeText(size)}}`).join(',')
  const checksum = krakenChecksum(whole.bids, whole.asks)
  const books = `"bids":[${side(bids)}],"asks":[${side(asks)}],"checksum":${checksum}`
  return `{"channel":"book","type":"${type}","data":[{"symbol":"BTC/USD",${books},"timestamp":"${timeText(number)}"}]}`
}

const kraken: DepthDialect = {
  id: 'kraken',
  symbol: 'BTC/USD',
  quote: 'USD',
  snapshot: (step, number) => krakenFrame('snapshot', step, number, step),
  update: (step, number, walk) => krakenFrame('update', step, number, walk.whole()),
  plain: ({ data: [{ bids, asks }] }: { data: [{ bids: PriceQty[]; asks: PriceQty[] }] }) => {
    const of = (levels: PriceQty[]) => levels.map(({ price, qty }) => [price, qty])
    return [[of(bids), of(asks)]]
  },
}

interface PriceQty {
  price: number
  qty: number
}

const gate: DepthDialect = {
  id: 'gate',
  symbol: 'BTC_USDT',
  quote: 'USDT',
  isHttp: true,
  snapshot: ({ bids, asks }, number) =>
    JSON.stringify({ id: number * 10, current: TIME_MS, update: TIME_MS, asks: pairs(asks), bids: pairs(bids) }),
  update: ({ bids, asks }, number) => {
    const time = TIME_MS + number * 100
    const head = { t: time, e: 'depthUpdate', E: Math.floor(time / 1000), s: 'BTC_USDT' }
    const result = { ...head, U: number * 10 - 9, u: number * 10, b: pairs(bids), a: pairs(asks) }
    const channel = 'spot.order_book_update'
    return JSON.stringify({ time: Math.floor(time / 1000), time_ms: time, channel, event: 'update', result })
  },
  plain: ({ result: { b, a } }: { result: { b: []; a: [] } }) => [[b, a]],
}

const kucoin: DepthDialect = {
  id: 'kucoin',
  symbol: 'BTC-USDT',
  quote: 'USDT',
  isHttp: true,
  snapshot: ({ bids, asks }, number) => {
    const data = { time: TIME_MS, sequence: String(number * 100), bids: pairs(bids), asks: pairs(asks) }
    return JSON.stringify({ code: '200000', data })
  },
  update: ({ bids, asks }, number) => {
    const first = number * 100 - 99
    const changes = { asks: pairs(asks, String(first)), bids: pairs(bids, String(first + 1)) }
    const data = { changes, sequenceEnd: number * 100, sequenceStart: first, symbol: 'BTC-USDT', time: TIME_MS }
    return JSON.stringify({ topic: '/market/level2:BTC-USDT', type: 'message', subject: 'trade.l2update', data })
  },
  plain: ({ data: { changes } }: { data: { changes: { bids: []; asks: [] } } }) => [[changes.bids, changes.asks]],
}

function bitgetFrame(action: string, { bids, asks }: DepthStep, number: number, checksum: number): string {
  const ts = TIME_MS + number * 100
  const data = { asks: pairs(asks), bids: pairs(bids), checksum, seq: number * 10, ts: String(ts) }
  return JSON.stringify({ action, arg: { instType: 'SPOT', channel: 'books', instId: 'BTCUSDT' }, data: [data], ts })
}

const bitget: DepthDialect = {
  id: 'bitget',
  symbol: 'BTCUSDT',
  quote: 'USDT',
  snapshot: (step, number) => bitgetFrame('snapshot', step, number, 0),
  update: (step, number, walk) => bitgetFrame('update', step, number, alternatingChecksum(walk)),
  plain: ({ data: [{ bids, asks }] }: { data: [{ bids: []; asks: [] }] }) => [[bids, asks]],
}

function htxFrame(event: string, { bids, asks }: DepthStep, number: number): string {
  const ch = 'market.BTC-USDT.depth.size_150.high_freq'
  const ts = TIME_MS + number * 100
  const tick = {
    asks: numbers(asks),
    bids: numbers(bids),
    ch,
    event,
    id: number * 9,
    mrid: number * 9,
    ts,
    version: number,
  }
  return JSON.stringify({ ch, tick, ts: ts + 1 })
}

/** The linear swap: HTX tells spot books whole. The venue packs its frames; here they are read unpacked. */
const htx: DepthDialect = {
  id: 'htxswap',
  ccxt: 'htx',
  symbol: 'BTC-USDT',
  quote: 'USDT',
  snapshot: (step, number) => htxFrame('snapshot', step, number),
  update: (step, number) => htxFrame('update', step, number),
  plain: ({ tick: { bids, asks } }: { tick: { bids: []; asks: [] } }) => [[bids, asks]],
}

function cryptoComFrame(channel: string, { bids, asks }: DepthStep, number: number): string {
  const time = TIME_MS + number * 100
  const levels = { asks: pairs(asks, '2'), bids: pairs(bids, '1') }
  const stamp = { t: time, tt: time - 2, u: number * 10 }
  const data = channel === 'book' ? { ...levels, ...stamp } : { update: levels, ...stamp, pu: number * 10 - 10 }
  const head = { instrument_name: 'BTC_USDT', subscription: 'book.BTC_USDT.50', channel, depth: 50 }
  return JSON.stringify({ id: -1, method: 'subscribe', code: 0, result: { ...head, data: [data] } })
}

interface CryptoComMessage {
  result: { data: [{ update: { bids: []; asks: [] } }] }
}

const cryptoCom: DepthDialect = {
  id: 'cryptocom',
  symbol: 'BTC_USDT',
  quote: 'USDT',
  snapshot: (step, number) => cryptoComFrame('book', step, number),
  update: (step, number) => cryptoComFrame('book.update', step, number),
  plain: ({ result: { data } }: CryptoComMessage) => [[data[0].update.bids, data[0].update.asks]],
}

/** By volume, as of 2025. */
export const depthDialects: readonly DepthDialect[] = [
  binance,
  bybit,
  coinbase,
  okx,
  kraken,
  gate,
  kucoin,
  bitget,
  htx,
  cryptoCom,
]
