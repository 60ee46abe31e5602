/**
 * Market data of Lighter: one channel per market number, books whose nonces are linked; the type of a message stands at its
 * end. Source: apidocs.lighter.xyz, "WebSocket", "Market data".
 */
import { ABSENT, State } from '../feed/feed-message.ts'
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
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { lighterListings } from './lighter-listings.ts'

const key = {
  type: keyOf('type'),
  channel: keyOf('channel'),
  timestamp: keyOf('timestamp'),
  error: keyOf('error'),
  book: keyOf('order_book'),
  trades: keyOf('trades'),
  liquidations: keyOf('liquidation_trades'),
  ticker: keyOf('ticker'),
  stats: keyOf('market_stats'),
  spotStats: keyOf('spot_market_stats'),
  asks: keyOf('asks'),
  bids: keyOf('bids'),
  nonce: keyOf('nonce'),
  beginNonce: keyOf('begin_nonce'),
  updated: keyOf('last_updated_at'),
  bid: keyOf('b'),
  ask: keyOf('a'),
  price: keyOf('price'),
  size: keyOf('size'),
  market: keyOf('market_id'),
  index: keyOf('index_price'),
  mark: keyOf('mark_price'),
  last: keyOf('last_trade_price'),
  openInterest: keyOf('open_interest'),
  funding: keyOf('current_funding_rate'),
  fundingTime: keyOf('funding_timestamp'),
} as const

/** Types, and the second words of types: 'subscribed/order_book'. */
const word = {
  subscribed: keyOf('subscribed'),
  update: keyOf('update'),
  connected: keyOf('connected'),
  unsubscribed: keyOf('unsubscribed'),
  ping: keyOf('ping'),
  pong: keyOf('pong'),
  error: keyOf('error'),
  book: keyOf('order_book'),
  trade: keyOf('trade'),
  ticker: keyOf('ticker'),
  stats: keyOf('market_stats'),
  spotStats: keyOf('spot_market_stats'),
  candle: keyOf('candle'),
  height: keyOf('height'),
} as const

const level = levelKeys('price', 'size')
const trades = tradeKeys({
  price: 'price',
  size: 'size',
  side: 'is_maker_ask',
  time: 'timestamp',
  clock: 3,
  buy: 'true',
  sell: 'false',
})
const SLASH = 0x2f
const COLON = 0x3a
const ZERO = 0x30
const NINE = 0x39
/** Funding is told in percent of an hour; the venue pays it each hour. */
const PERCENT = 100

class LighterDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  #symbol = NO_SYMBOL
  readonly #time = new Float64Array(1)

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor, book, quote } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    quote.clear()
    this.#symbol = NO_SYMBOL
    this.#time[0] = 0
    let type = 0
    let topic = 0
    let tradesAt = -1
    let liquidationsAt = -1
    let statsAt = -1
    let hasBook = false
    let isError = false
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.type:
          if (cursor.text()) {
            type = cursor.wordHash(SLASH)
            topic = this.#secondWord()
          }
          break
        case key.channel:
          this.#readChannel()
          break
        case key.timestamp:
          this.#time[0] = cursor.timeUs(3)
          break
        case key.book:
          hasBook = cursor.isObject
          this.#readBook()
          break
        case key.ticker:
          this.#readTicker()
          break
        case key.trades:
          tradesAt = this.#place()
          break
        case key.liquidations:
          liquidationsAt = this.#place()
          break
        case key.stats:
        case key.spotStats:
          statsAt = this.#place()
          break
        default:
          if (cursor.key === key.error) isError = true
          cursor.skip()
      }
    }
    if (cursor.isBroken) return this.#broken(topic, sink)
    if (isError || type === word.error) return FrameVerdict.refused
    if (type === word.ping || type === word.pong) return FrameVerdict.heartbeat
    if (type === word.connected || type === word.unsubscribed) return FrameVerdict.answer
    const isWhole = type === word.subscribed
    if (!isWhole && type !== word.update) return FrameVerdict.unknownChannel
    switch (topic) {
      case word.book:
        return hasBook ? this.#tellBook(isWhole, sink) : FrameVerdict.malformed
      case word.trade:
        return this.#tellTrades(tradesAt, liquidationsAt, isWhole, sink)
      case word.ticker:
        return this.#tellTicker(sink)
      case word.stats:
      case word.spotStats:
        return this.#tellStats(statsAt, sink)
      case word.candle:
        return FrameVerdict.candle
      default:
        return topic === word.height ? FrameVerdict.statistics : FrameVerdict.unknownChannel
    }
  }

  /** Hash of what stands behind the slash of the text last read. */
  #secondWord(): number {
    const { cursor } = this.#scratch
    cursor.textFrom = Math.min(cursor.wordTo + 1, cursor.textTo)
    return cursor.textHash()
  }

  /** 'order_book:0': markets are named by their numbers; 'market_stats:all' names none. */
  #readChannel(): void {
    const { cursor } = this.#scratch
    if (!cursor.text()) return
    const { bytes, textFrom, textTo } = cursor
    let from = textTo
    while (from > textFrom && bytes[from - 1] >= ZERO && bytes[from - 1] <= NINE) from--
    const before = from > textFrom ? bytes[from - 1] : 0
    if (from < textTo && (before === COLON || before === SLASH)) this.#symbol = this.#scratch.symbolAt(from, textTo)
  }

  #place(): number {
    const { cursor } = this.#scratch
    cursor.peek()
    const { at } = cursor
    cursor.skip()
    return at
  }

  #readBook(): void {
    const { cursor, book } = this.#scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.asks) book.levels.readObjects(cursor, ASK, level)
      else if (cursor.key === key.bids) book.levels.readObjects(cursor, BID, level)
      else if (cursor.key === key.nonce) book.last = cursor.integer()
      else if (cursor.key === key.beginNonce) book.previous = cursor.integer()
      else if (cursor.key === key.updated) book.timeUs = cursor.timeUs(0)
      else cursor.skip()
    }
  }

  #tellBook(isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    if (this.#symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    book.symbol = this.#symbol
    book.isSnapshot = isWhole
    if (book.timeUs === 0) book.timeUs = this.#time[0]
    // A market where nothing has happened yet counts from 0: its first change follows whatever it says.
    if (isWhole && book.last === 0) book.last = ABSENT
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  /** A frame that was cut: the book it was for is not to be believed any more. */
  #broken(topic: number, sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    if (this.#symbol !== NO_SYMBOL && (topic === word.book || book.levels.count > 0)) {
      book.symbol = this.#symbol
      book.levels.isBroken = true
      sink.onBook(book)
    }
    return FrameVerdict.malformed
  }

  /** { s, a: { price, size }, b: {...} }; '' where there is none. */
  #readTicker(): void {
    const { cursor } = this.#scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.ask) this.#readTouch(false)
      else if (cursor.key === key.bid) this.#readTouch(true)
      else cursor.skip()
    }
  }

  #readTouch(isBid: boolean): void {
    const scratch = this.#scratch
    const { cursor } = scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.price) isBid ? scratch.readBid() : scratch.readAsk()
      else if (cursor.key === key.size) isBid ? scratch.readBidSize() : scratch.readAskSize()
      else cursor.skip()
    }
  }

  #tellTicker(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    if (this.#symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    scratch.quote.symbol = this.#symbol
    scratch.quote.wide[4] = this.#time[0]
    if (scratch.dropEmptySides()) sink.onQuote(scratch.quote)
    return FrameVerdict.parsed
  }

  #tellTrades(tradesAt: number, liquidationsAt: number, isHistory: boolean, sink: FeedSink): FrameVerdict {
    if (this.#symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    const isTold = this.#trades(tradesAt, isHistory, sink) && this.#trades(liquidationsAt, isHistory, sink)
    return isTold ? FrameVerdict.parsed : FrameVerdict.malformed
  }

  #trades(at: number, isHistory: boolean, sink: FeedSink): boolean {
    const { cursor } = this.#scratch
    if (at < 0) return true
    cursor.start(cursor.bytes, at)
    // null: none.
    if (!cursor.isArray) return true
    return readTrades(this.#scratch, this.#symbol, trades, sink, isHistory) === FrameVerdict.parsed
  }

  /** One market's, or { NUMBER: {...}, ... } of all. */
  #tellStats(at: number, sink: FeedSink): FrameVerdict {
    const { cursor, state } = this.#scratch
    if (at < 0) return FrameVerdict.malformed
    cursor.start(cursor.bytes, at)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    state.clear()
    state.symbol = this.#symbol
    while (cursor.nextKey()) {
      if (!cursor.isObject) this.#statsField()
      else this.#tellStatsOf(sink)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (this.#symbol !== NO_SYMBOL) sink.onState(state)
    return FrameVerdict.parsed
  }

  #tellStatsOf(sink: FeedSink): void {
    const { cursor, state } = this.#scratch
    state.clear()
    state.symbol = this.#scratch.symbolAt(cursor.keyFrom, cursor.keyTo)
    cursor.enterObject()
    while (cursor.nextKey()) this.#statsField()
    if (!cursor.isBroken && state.symbol !== NO_SYMBOL) sink.onState(state)
  }

  #statsField(): void {
    const { cursor, state } = this.#scratch
    if (cursor.key === key.index) state.values[State.indexPrice] = cursor.float()
    else if (cursor.key === key.mark) state.values[State.markPrice] = cursor.float()
    else if (cursor.key === key.last) state.values[State.lastPrice] = cursor.float()
    else if (cursor.key === key.openInterest) state.values[State.openInterest] = cursor.float()
    else if (cursor.key === key.funding) state.values[State.fundingRate] = cursor.float() / PERCENT
    else if (cursor.key === key.fundingTime) state.values[State.nextFundingUs] = cursor.timeUs(3) || Number.NaN
    else cursor.skip()
  }
}

function request(type: string, channel: string): string {
  return JSON.stringify({ type, channel })
}

export const lighter: FeedVenue = {
  id: 'lighter',
  name: 'Lighter',
  captures: ['LIGHTER'],
  // begin_nonce is the nonce of the message before.
  sequence: SequenceRule.linked,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new LighterDecoder(symbols),
  listingUrls: () => ['https://mainnet.zklighter.elliot.ai/api/v1/orderBooks'],
  readListings: (url, body) => (url.includes('/orderBook') ? lighterListings(body) : undefined),
  connection: {
    url: () => 'wss://mainnet.zklighter.elliot.ai/stream?readonly=true',
    subscribe: (names) =>
      names.flatMap((name) =>
        ['order_book', 'trade', 'market_stats'].map((channel) => request('subscribe', `${channel}/${name}`)),
      ),
    resubscribe: (name) => ['unsubscribe', 'subscribe'].map((type) => request(type, `order_book/${name}`)),
    // 100 subscriptions a connection, 200 messages a minute.
    symbolsMax: 30,
    sendsPerSecond: 3,
    // Something must be said every two minutes.
    ping: () => '{"type":"ping"}',
    pingMs: 60_000,
    pong: (frame) => (isPing(frame) ? '{"type":"pong"}' : undefined),
    silenceMs: 90_000,
  },
}

const PING_BYTES_MAX = 64

function isPing(frame: Uint8Array): boolean {
  if (frame.length > PING_BYTES_MAX) return false
  return /"type"\s*:\s*"ping"/.test(Buffer.from(frame.buffer, frame.byteOffset, frame.length).toString())
}
