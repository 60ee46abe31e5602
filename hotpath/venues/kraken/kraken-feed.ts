/**
 * Market data of Kraken spot, WebSocket version 2: one object envelope, books with a CRC-32 over the digits as they are written.
 * Source: docs.kraken.com, "Book (Level 2)", "Book checksum (WebSocket v2)", "Trades", "Ticker (Level 1)".
 */
import { State } from '../feed/feed-message.ts'
import { FeedScratch } from '../feed/feed-scratch.ts'
import {
  ChecksumRule,
  type FeedDecoder,
  type FeedSink,
  type FeedVenue,
  FrameVerdict,
  SequenceRule,
} from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import { krakenListings } from './kraken-listings.ts'

const key = {
  channel: keyOf('channel'),
  type: keyOf('type'),
  data: keyOf('data'),
  method: keyOf('method'),
  success: keyOf('success'),
  error: keyOf('error'),
  symbol: keyOf('symbol'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  checksum: keyOf('checksum'),
  timestamp: keyOf('timestamp'),
  bid: keyOf('bid'),
  bidSize: keyOf('bid_qty'),
  ask: keyOf('ask'),
  askSize: keyOf('ask_qty'),
  last: keyOf('last'),
} as const

const word = {
  snapshot: keyOf('snapshot'),
  book: keyOf('book'),
  trade: keyOf('trade'),
  ticker: keyOf('ticker'),
  orders: keyOf('level3'),
  candles: keyOf('ohlc'),
  heartbeat: keyOf('heartbeat'),
  status: keyOf('status'),
  instrument: keyOf('instrument'),
  pong: keyOf('pong'),
} as const

const level = levelKeys('price', 'qty')
/** The side is the taker's. */
const trades = tradeKeys({
  price: 'price',
  size: 'qty',
  side: 'side',
  time: 'timestamp',
  symbols: ['symbol'],
  clock: ISO_CLOCK,
  buy: 'buy',
  sell: 'sell',
})

class KrakenDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let channel = 0
    let method = 0
    let dataAt = -1
    let isWhole = false
    let hasType = false
    let isRefused = false
    while (cursor.nextKey()) {
      if (cursor.key === key.channel) {
        if (cursor.text()) channel = cursor.textHash()
      } else if (cursor.key === key.method) {
        if (cursor.text()) method = cursor.textHash()
      } else if (cursor.key === key.type) {
        hasType = cursor.text()
        if (hasType) isWhole = cursor.textHash() === word.snapshot
      } else if (cursor.key === key.success) isRefused = !cursor.isTrue() || isRefused
      else if (cursor.key === key.error) {
        isRefused = true
        cursor.skip()
      } else if (cursor.key === key.data) {
        cursor.peek()
        dataAt = cursor.at
        if (channel !== 0 && hasType) return this.#data(channel, isWhole, sink)
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (isRefused) return FrameVerdict.refused
    if (channel === word.heartbeat || method === word.pong) return FrameVerdict.heartbeat
    if (method !== 0) return FrameVerdict.answer
    if (channel === 0) return FrameVerdict.unknownChannel
    if (dataAt < 0) return FrameVerdict.malformed
    cursor.start(frame, dataAt)
    return this.#data(channel, isWhole, sink)
  }

  #data(channel: number, isWhole: boolean, sink: FeedSink): FrameVerdict {
    switch (channel) {
      case word.book:
        return this.#books(isWhole, sink)
      case word.trade:
        return readTrades(this.#scratch, NO_SYMBOL, trades, sink, isWhole)
      case word.ticker:
        return this.#tickers(sink)
      case word.candles:
        return FrameVerdict.candle
      // Orders one by one, after a login: the book is their sum.
      case word.orders:
        return FrameVerdict.statistics
      case word.status:
      case word.instrument:
        return FrameVerdict.notice
      default:
        return FrameVerdict.unknownChannel
    }
  }

  #books(isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    let isKnown = false
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      book.clear()
      book.isSnapshot = isWhole
      while (cursor.nextKey()) {
        if (cursor.key === key.bids) book.levels.readObjects(cursor, BID, level)
        else if (cursor.key === key.asks) book.levels.readObjects(cursor, ASK, level)
        else if (cursor.key === key.checksum) book.checksum = cursor.integer()
        else if (cursor.key === key.symbol) book.symbol = this.#scratch.readSymbol()
        else if (cursor.key === key.timestamp) book.timeUs = cursor.isoTimeUs()
        else cursor.skip()
      }
      if (cursor.isBroken) return FrameVerdict.malformed
      if (book.symbol === NO_SYMBOL) continue
      isKnown = true
      sink.onBook(book)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    return isKnown ? FrameVerdict.parsed : FrameVerdict.unknownSymbol
  }

  #tickers(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    let isKnown = false
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      quote.clear()
      state.clear()
      while (cursor.nextKey()) {
        if (cursor.key === key.symbol) quote.symbol = scratch.readSymbol()
        else if (cursor.key === key.bid) scratch.readBid()
        else if (cursor.key === key.bidSize) scratch.readBidSize()
        else if (cursor.key === key.ask) scratch.readAsk()
        else if (cursor.key === key.askSize) scratch.readAskSize()
        else if (cursor.key === key.last) state.values[State.lastPrice] = cursor.float()
        else if (cursor.key === key.timestamp) quote.wide[4] = cursor.isoTimeUs()
        else cursor.skip()
      }
      if (cursor.isBroken) return FrameVerdict.malformed
      if (quote.symbol === NO_SYMBOL) continue
      isKnown = true
      state.symbol = quote.symbol
      sink.onState(state)
      if (scratch.dropEmptySides()) sink.onQuote(quote)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    return isKnown ? FrameVerdict.parsed : FrameVerdict.unknownSymbol
  }
}

/** Pairs of one request. */
const BATCH = 50
/** Levels a side: 10, 25, 100, 500 or 1000 may be asked for. What falls below is dropped by both. */
const DEPTH = 500

export const kraken: FeedVenue = {
  id: 'kraken',
  name: 'Kraken',
  captures: ['KRAKEN_V2'],
  // No numbers: the checksum of every message tells whether one is missing.
  sequence: SequenceRule.none,
  checksum: ChecksumRule.kraken10,
  depthMax: DEPTH,
  decoder: (symbols) => new KrakenDecoder(symbols),
  listingUrls: () => ['https://api.kraken.com/0/public/AssetPairs'],
  readListings: (url, body) => (url.includes('/AssetPairs') ? krakenListings(body, 'v2') : undefined),
  connection: {
    url: () => 'wss://ws.kraken.com/v2',
    subscribe: (names) => {
      const said: string[] = []
      for (let at = 0; at < names.length; at += BATCH) {
        const symbol = names.slice(at, at + BATCH)
        said.push(request('subscribe', { channel: 'book', symbol, depth: DEPTH }))
        said.push(request('subscribe', { channel: 'trade', symbol, snapshot: false }))
        said.push(request('subscribe', { channel: 'ticker', symbol, event_trigger: 'bbo' }))
      }
      return said
    },
    resubscribe: (name) => {
      const params = { channel: 'book', symbol: [name], depth: DEPTH }
      return [request('unsubscribe', params), request('subscribe', params)]
    },
    symbolsMax: 200,
    sendsPerSecond: 5,
    ping: () => '{"method":"ping"}',
    pingMs: 20_000,
    // A heartbeat comes every second when nothing else does.
    silenceMs: 10_000,
  },
}

function request(method: string, params: object): string {
  return JSON.stringify({ method, params })
}
