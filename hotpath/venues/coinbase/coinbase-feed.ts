/**
 * Market data of Coinbase Advanced Trade: one envelope, numbers that count the frames of the connection, whole books in one
 * frame of megabytes. Source: Coinbase Advanced Trade API, "WebSocket Channels", "WebSocket Overview" (sequence numbers).
 */
import { ConnectionSequence } from '../feed/connection-sequence.ts'
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
import { ASK, BID } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import { coinbaseListings } from './coinbase-listings.ts'

const key = {
  channel: keyOf('channel'),
  timestamp: keyOf('timestamp'),
  sequence: keyOf('sequence_num'),
  events: keyOf('events'),
  type: keyOf('type'),
  product: keyOf('product_id'),
  updates: keyOf('updates'),
  side: keyOf('side'),
  level: keyOf('price_level'),
  quantity: keyOf('new_quantity'),
  trades: keyOf('trades'),
  tickers: keyOf('tickers'),
  price: keyOf('price'),
  bid: keyOf('best_bid'),
  bidSize: keyOf('best_bid_quantity'),
  ask: keyOf('best_ask'),
  askSize: keyOf('best_ask_quantity'),
} as const

const word = {
  book: keyOf('l2_data'),
  trades: keyOf('market_trades'),
  ticker: keyOf('ticker'),
  tickerBatch: keyOf('ticker_batch'),
  candles: keyOf('candles'),
  heartbeats: keyOf('heartbeats'),
  subscriptions: keyOf('subscriptions'),
  status: keyOf('status'),
  snapshot: keyOf('snapshot'),
  error: keyOf('error'),
} as const

/** The side is the maker's: who took did the other. */
const trades = tradeKeys({
  price: 'price',
  size: 'size',
  side: 'side',
  time: 'time',
  symbols: ['product_id'],
  clock: ISO_CLOCK,
  buy: 'SELL',
  sell: 'BUY',
})
const BID_LETTER = 0x62

class CoinbaseDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #sequence = new ConnectionSequence()
  /** When the venue sent the frame. */
  readonly #time = new Float64Array(1)

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    this.#time[0] = 0
    let channel = 0
    let sequence = -1
    let eventsAt = -1
    let isError = false
    while (cursor.nextKey()) {
      if (cursor.key === key.channel) {
        if (cursor.text()) channel = cursor.textHash()
      } else if (cursor.key === key.timestamp) this.#time[0] = cursor.isoTimeUs()
      else if (cursor.key === key.sequence) sequence = cursor.integer()
      else if (cursor.key === key.type) {
        if (cursor.text()) isError = cursor.textHash() === word.error
      } else if (cursor.key === key.events) {
        cursor.peek()
        eventsAt = cursor.at
        // As the venue writes it, everything that is needed has been said: the megabytes are walked once.
        if (channel !== 0 && sequence >= 0) return this.#numbered(channel, sequence, sink)
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (isError) return FrameVerdict.refused
    if (channel === 0) return FrameVerdict.unknownChannel
    if (sequence < 0 || eventsAt < 0) return FrameVerdict.malformed
    cursor.start(frame, eventsAt)
    return this.#numbered(channel, sequence, sink)
  }

  #numbered(channel: number, sequence: number, sink: FeedSink): FrameVerdict {
    return this.#sequence.follows(sequence, sink) ? this.#events(channel, sink) : FrameVerdict.repeated
  }

  #events(channel: number, sink: FeedSink): FrameVerdict {
    switch (channel) {
      case word.book:
      case word.trades:
      case word.ticker:
      case word.tickerBatch:
        break
      case word.heartbeats:
        return FrameVerdict.heartbeat
      case word.candles:
        return FrameVerdict.candle
      case word.subscriptions:
        return FrameVerdict.answer
      default:
        return channel === word.status ? FrameVerdict.notice : FrameVerdict.unknownChannel
    }
    const { cursor } = this.#scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      const isTold = channel === word.book ? this.#book(sink) : this.#items(sink)
      if (!isTold) return FrameVerdict.malformed
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  /** { type, product_id, updates: [{ side, price_level, new_quantity, ... }] } */
  #book(sink: FeedSink): boolean {
    const scratch = this.#scratch
    const { cursor, book } = scratch
    book.clear()
    book.timeUs = this.#time[0]
    while (cursor.nextKey()) {
      if (cursor.key === key.type) {
        if (cursor.text()) book.isSnapshot = cursor.textHash() === word.snapshot
      } else if (cursor.key === key.product) book.symbol = scratch.readSymbol()
      else if (cursor.key === key.updates) this.#readLevels()
      else cursor.skip()
    }
    if (cursor.isBroken) return false
    if (book.symbol !== NO_SYMBOL) sink.onBook(book)
    return true
  }

  #readLevels(): void {
    const { cursor, book } = this.#scratch
    const { levels } = book
    if (!cursor.isArray) levels.isBroken = true
    if (!cursor.enterArray()) return
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) {
        levels.isBroken = true
        continue
      }
      let price = -1
      let priceFraction = 0
      let size = -1
      let isBid = false
      while (cursor.nextKey()) {
        if (cursor.key === key.level) {
          price = cursor.decimal()
          priceFraction = cursor.fraction
          if (cursor.isNegative) price = -1
        } else if (cursor.key === key.quantity) {
          size = cursor.decimal()
          if (cursor.isNegative) size = -1
          this.#sizeFraction = cursor.fraction
        } else if (cursor.key === key.side && cursor.text()) isBid = cursor.bytes[cursor.textFrom] === BID_LETTER
        else if (cursor.key !== key.side) cursor.skip()
      }
      levels.add(isBid ? BID : ASK, price, priceFraction, size, this.#sizeFraction)
    }
  }
  #sizeFraction = 0

  /** { type, trades: [...] } or { type, tickers: [...] }; the type may come after what it is about. */
  #items(sink: FeedSink): boolean {
    const { cursor } = this.#scratch
    const from = cursor.at
    let isHistory = false
    while (cursor.nextKey()) {
      if (cursor.key === key.type) {
        if (cursor.text()) isHistory = cursor.textHash() === word.snapshot
      } else cursor.skip()
    }
    if (cursor.isBroken) return false
    const end = cursor.at
    cursor.start(cursor.bytes, from)
    while (cursor.nextKey()) {
      if (cursor.key === key.trades) {
        if (readTrades(this.#scratch, NO_SYMBOL, trades, sink, isHistory) === FrameVerdict.malformed) return false
      } else if (cursor.key === key.tickers) {
        if (!this.#tickers(sink)) return false
      } else cursor.skip()
    }
    cursor.at = end
    return !cursor.isBroken
  }

  #tickers(sink: FeedSink): boolean {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    if (!cursor.enterArray()) return false
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return false
      quote.clear()
      state.clear()
      quote.wide[4] = this.#time[0]
      while (cursor.nextKey()) {
        if (cursor.key === key.product) quote.symbol = scratch.readSymbol()
        else if (cursor.key === key.bid) scratch.readBid()
        else if (cursor.key === key.bidSize) scratch.readBidSize()
        else if (cursor.key === key.ask) scratch.readAsk()
        else if (cursor.key === key.askSize) scratch.readAskSize()
        else if (cursor.key === key.price) state.values[State.lastPrice] = cursor.float()
        else cursor.skip()
      }
      if (cursor.isBroken) return false
      if (quote.symbol === NO_SYMBOL) continue
      state.symbol = quote.symbol
      sink.onState(state)
      if (scratch.dropEmptySides()) sink.onQuote(quote)
    }
    return !cursor.isBroken
  }
}

/** Products of one request; what is said before a login is bounded to 8 messages a second. */
const PRODUCTS_MAX = 50

export const coinbase: FeedVenue = {
  id: 'coinbase',
  name: 'Coinbase',
  captures: ['COINBASE'],
  // The numbers are the connection's; the decoder watches them.
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new CoinbaseDecoder(symbols),
  listingUrls: () => ['https://api.coinbase.com/api/v3/brokerage/market/products'],
  readListings: (url, body) => (url.includes('/products') ? coinbaseListings(body) : undefined),
  connection: {
    url: () => 'wss://advanced-trade-ws.coinbase.com',
    subscribe: (names) => {
      const said = [JSON.stringify({ type: 'subscribe', channel: 'heartbeats' })]
      for (const channel of ['level2', 'market_trades', 'ticker']) {
        for (let at = 0; at < names.length; at += PRODUCTS_MAX) {
          said.push(JSON.stringify({ type: 'subscribe', channel, product_ids: names.slice(at, at + PRODUCTS_MAX) }))
        }
      }
      return said
    },
    resubscribe: (name) =>
      ['unsubscribe', 'subscribe'].map((type) => JSON.stringify({ type, channel: 'level2', product_ids: [name] })),
    symbolsMax: PRODUCTS_MAX,
    sendsPerSecond: 6,
    // A heartbeat comes every second.
    silenceMs: 10_000,
  },
}
