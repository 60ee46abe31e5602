/**
 * Market data of Binance and its relatives: spot (also US and TR), USD-M and COIN-M futures. One dialect: combined streams,
 * depth changes over a book asked for by HTTP. Sources: "Diff. Depth Stream", "How to manage a local order book correctly".
 */
import { Side } from '../../../shared/domain/order.ts'
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { binanceListings } from './binance-listings.ts'

const key = {
  data: keyOf('data'),
  event: keyOf('e'),
  eventTime: keyOf('E'),
  tradeTime: keyOf('T'),
  symbol: keyOf('s'),
  first: keyOf('U'),
  last: keyOf('u'),
  previous: keyOf('pu'),
  bid: keyOf('b'),
  bidSize: keyOf('B'),
  ask: keyOf('a'),
  askSize: keyOf('A'),
  price: keyOf('p'),
  quantity: keyOf('q'),
  isBuyerMaker: keyOf('m'),
  index: keyOf('i'),
  rate: keyOf('r'),
  openInterest: keyOf('o'),
  result: keyOf('result'),
  error: keyOf('error'),
  lastUpdateId: keyOf('lastUpdateId'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
} as const

const event = {
  depth: keyOf('depthUpdate'),
  quote: keyOf('bookTicker'),
  trade: keyOf('trade'),
  aggregate: keyOf('aggTrade'),
  mark: keyOf('markPriceUpdate'),
} as const

/** Events that tell nothing we keep. */
const ignored: ReadonlyMap<number, FrameVerdict> = new Map([
  ...['kline', 'continuous_kline', 'indexPrice_kline', 'markPrice_kline'].map((name): [number, FrameVerdict] => [
    keyOf(name),
    FrameVerdict.candle,
  ]),
  ...[
    '1dTicker',
    '1hTicker',
    '24hrMiniTicker',
    '24hrTicker',
    '4hTicker',
    'assetIndexUpdate',
    'avgPrice',
    'compositeIndex',
    'forceOrder',
    'indexPriceUpdate',
  ].map((name): [number, FrameVerdict] => [keyOf(name), FrameVerdict.statistics]),
  ...['contractInfo', 'serverShutdown', 'tradingSession'].map((name): [number, FrameVerdict] => [
    keyOf(name),
    FrameVerdict.notice,
  ]),
])

class BinanceDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (cursor.isArray) return this.#events(sink)
    if (!cursor.isObject) return FrameVerdict.malformed
    // A combined stream wraps the event; a single stream is the event.
    const from = cursor.at
    cursor.enterObject()
    while (cursor.nextKey()) {
      if (cursor.key === key.data) return cursor.isArray ? this.#events(sink) : this.#event(sink)
      if (cursor.key === key.event || cursor.key === key.last) {
        cursor.start(frame, from)
        return this.#event(sink)
      }
      if (cursor.key === key.result) return FrameVerdict.answer
      if (cursor.key === key.error) return FrameVerdict.refused
      cursor.skip()
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.unknownChannel
  }

  decodeSnapshot(body: Uint8Array, symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    cursor.start(body)
    book.clear()
    book.symbol = symbol
    book.isSnapshot = true
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.lastUpdateId) book.last = cursor.integer()
      else if (cursor.key === key.tradeTime) book.timeUs = cursor.timeUs(3)
      else if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
      else if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
      else cursor.skip()
    }
    if (cursor.isBroken || book.last < 0) return FrameVerdict.malformed
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  /** The streams of all symbols at once: an array of events. */
  #events(sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    let verdict: FrameVerdict = FrameVerdict.unknownChannel
    cursor.enterArray()
    while (cursor.nextItem()) {
      verdict = this.#event(sink)
      if (verdict === FrameVerdict.malformed) return verdict
    }
    return cursor.isBroken ? FrameVerdict.malformed : verdict
  }

  /** One event, its fields in any order. Letters mean different things in different events: they are read into all. */
  #event(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade, quote, state } = scratch
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    trade.clear()
    quote.clear()
    state.clear()
    let kind = 0
    let symbol = NO_SYMBOL
    let hasSymbol = false
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.event:
          if (cursor.text()) kind = cursor.textHash()
          break
        case key.eventTime:
          book.timeUs = cursor.timeUs(3)
          break
        case key.tradeTime:
          trade.timeUs = cursor.timeUs(3)
          break
        case key.symbol:
          hasSymbol = true
          symbol = scratch.readSymbol()
          break
        case key.first:
          book.first = cursor.integer()
          break
        case key.last:
          book.last = cursor.integer()
          break
        case key.previous:
          book.previous = cursor.integer()
          break
        case key.bid:
          if (cursor.isArray) book.levels.readPairs(cursor, BID)
          else scratch.readBid()
          break
        case key.ask:
          if (cursor.isArray) book.levels.readPairs(cursor, ASK)
          else scratch.readAsk()
          break
        case key.bidSize:
          scratch.readBidSize()
          break
        case key.askSize:
          scratch.readAskSize()
          break
        case key.price:
          scratch.readTradePrice()
          break
        case key.quantity:
          scratch.readTradeSize()
          break
        case key.isBuyerMaker:
          trade.aggressor = cursor.isTrue() ? Side.sell : Side.buy
          break
        case key.index:
          state.values[1] = cursor.isText ? cursor.float() : Number.NaN
          break
        case key.rate:
          state.values[2] = cursor.float()
          break
        default:
          cursor.skip()
      }
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    const aside = ignored.get(kind)
    if (aside !== undefined) return aside
    if (!hasSymbol) return FrameVerdict.unknownChannel
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    return this.#tell(kind, symbol, sink)
  }

  #tell(kind: number, symbol: number, sink: FeedSink): FrameVerdict {
    const { book, trade, quote, state } = this.#scratch
    if (kind === event.depth) {
      book.symbol = symbol
      if (book.last < 0) return FrameVerdict.malformed
      sink.onBook(book)
    } else if (kind === event.quote || (kind === 0 && quote.wide[0] >= 0)) {
      quote.symbol = symbol
      quote.wide[4] = trade.timeUs
      sink.onQuote(quote)
    } else if (kind === event.trade || kind === event.aggregate) {
      trade.symbol = symbol
      if (!this.#scratch.isTradeWhole) return FrameVerdict.malformed
      sink.onTrade(trade)
    } else if (kind === event.mark) {
      state.symbol = symbol
      state.values[0] = trade.price / 10 ** trade.priceFraction
      state.values[3] = trade.timeUs
      sink.onState(state)
    } else return FrameVerdict.unknownChannel
    return FrameVerdict.parsed
  }
}

interface BinanceMarket {
  readonly id: string
  readonly name: string
  readonly captures: readonly string[]
  readonly rest: string
  /** Path of exchangeInfo and depth: '/api/v3'. */
  readonly api: string
  readonly socket: string
  readonly isFutures?: boolean
}

/** Streams of one connection (1,024 allowed), and of one SUBSCRIBE (kept below the 4,096 byte bound of a frame). */
const SYMBOLS_MAX = 200

function binanceFeed(market: BinanceMarket): FeedVenue {
  const { rest, api, socket, isFutures = false } = market
  const streams = (names: readonly string[]) =>
    names.flatMap((name) => {
      const low = name.toLowerCase()
      const both = [`${low}@depth@100ms`, `${low}@bookTicker`, `${low}@aggTrade`]
      return isFutures ? [...both, `${low}@markPrice@1s`] : both
    })
  return {
    id: market.id,
    name: market.name,
    captures: market.captures,
    sequence: isFutures ? SequenceRule.linked : SequenceRule.contiguous,
    checksum: ChecksumRule.none,
    decoder: (symbols) => new BinanceDecoder(symbols),
    listingUrls: () => [`${rest}${api}/exchangeInfo`],
    readListings: (url, body) => (url.includes('/exchangeInfo') ? binanceListings(body) : undefined),
    snapshotUrl: (name) => `${rest}${api}/depth?symbol=${name}&limit=1000`,
    snapshotSymbol: (url) =>
      url.includes('/depth?') ? (new URL(url).searchParams.get('symbol') ?? undefined) : undefined,
    connection: {
      url: () => `${socket}/stream`,
      subscribe: (names) => {
        const all = streams(names)
        const batches: string[] = []
        for (let at = 0; at < all.length; at += 100) {
          batches.push(JSON.stringify({ method: 'SUBSCRIBE', params: all.slice(at, at + 100), id: batches.length + 1 }))
        }
        return batches
      },
      symbolsMax: SYMBOLS_MAX,
      sendsPerSecond: 4,
      silenceMs: 60_000,
    },
  }
}

export const binance = binanceFeed({
  id: 'binance',
  name: 'Binance',
  captures: ['BINANCE'],
  rest: 'https://api.binance.com',
  api: '/api/v3',
  socket: 'wss://stream.binance.com:9443',
})
export const binanceUs = binanceFeed({
  id: 'binanceus',
  name: 'Binance US',
  captures: ['BINANCE_US'],
  rest: 'https://api.binance.us',
  api: '/api/v3',
  socket: 'wss://stream.binance.us:9443',
})
export const binanceTr = binanceFeed({
  id: 'binancetr',
  name: 'Binance TR',
  captures: ['BINANCE_TR'],
  rest: 'https://api.binance.me',
  api: '/api/v3',
  socket: 'wss://stream-cloud.binance.tr',
})
export const binanceUsdM = binanceFeed({
  id: 'binanceusdm',
  name: 'Binance USD-M',
  captures: ['BINANCE_FUTURES'],
  rest: 'https://fapi.binance.com',
  api: '/fapi/v1',
  socket: 'wss://fstream.binance.com',
  isFutures: true,
})
export const binanceCoinM = binanceFeed({
  id: 'binancecoinm',
  name: 'Binance COIN-M',
  captures: ['BINANCE_DELIVERY'],
  rest: 'https://dapi.binance.com',
  api: '/dapi/v1',
  socket: 'wss://dstream.binance.com',
  isFutures: true,
})
