/**
 * Market data of Bithumb, second generation: one object a message, books whole each time. Source: Bithumb API v2.1,
 * "WebSocket: orderbook, trade, ticker".
 */
import { Side } from '../../../shared/domain/order.ts'
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
import { bithumbListings } from './bithumb-listings.ts'

const key = {
  type: keyOf('type'),
  code: keyOf('code'),
  error: keyOf('error'),
  status: keyOf('status'),
  stream: keyOf('stream_type'),
  time: keyOf('timestamp'),
  units: keyOf('orderbook_units'),
  askPrice: keyOf('ask_price'),
  askSize: keyOf('ask_size'),
  bidPrice: keyOf('bid_price'),
  bidSize: keyOf('bid_size'),
  tradePrice: keyOf('trade_price'),
  tradeSize: keyOf('trade_volume'),
  tradeTime: keyOf('trade_timestamp'),
  aggressor: keyOf('ask_bid'),
} as const

const word = {
  book: keyOf('orderbook'),
  trade: keyOf('trade'),
  ticker: keyOf('ticker'),
  bid: keyOf('BID'),
  ask: keyOf('ASK'),
  snapshot: keyOf('SNAPSHOT'),
} as const

/** Above it a time is in microseconds (books), below in milliseconds (everything else). */
const MICROSECONDS_FROM = 1e14

class BithumbDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  #aggressor = 0
  #isBefore = false

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade } = scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    trade.clear()
    this.#aggressor = 0
    this.#isBefore = false
    let what = 0
    while (cursor.nextKey()) {
      if (cursor.key === key.type) what = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.error) return FrameVerdict.refused
      // {"status":"UP"} answers PING.
      else if (cursor.key === key.status) return FrameVerdict.heartbeat
      else this.#field()
    }
    if (what === word.book) {
      book.isSnapshot = true
      return scratch.tellBook(sink)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (what === word.ticker) return FrameVerdict.statistics
    return what === word.trade ? this.#trade(sink) : FrameVerdict.unknownChannel
  }

  /** One field of any message: they do not contradict each other. */
  #field(): void {
    const scratch = this.#scratch
    const { cursor, book, trade } = scratch
    switch (cursor.key) {
      case key.code:
        book.symbol = scratch.readSymbol()
        break
      case key.units:
        this.#units()
        break
      case key.time: {
        const time = cursor.integer()
        book.timeUs = time < 0 ? 0 : time > MICROSECONDS_FROM ? time : time * 1_000
        break
      }
      case key.stream:
        this.#isBefore = cursor.text() && cursor.textHash() === word.snapshot
        break
      case key.tradePrice:
        scratch.readTradePrice()
        break
      case key.tradeSize:
        scratch.readTradeSize()
        break
      case key.tradeTime:
        trade.timeUs = cursor.timeUs(3)
        break
      case key.aggressor:
        this.#aggressor = cursor.text() ? cursor.textHash() : 0
        break
      default:
        cursor.skip()
    }
  }

  #trade(sink: FeedSink): FrameVerdict {
    const { book, trade } = this.#scratch
    trade.symbol = book.symbol
    if (trade.price < 0 || trade.size < 0) return FrameVerdict.malformed
    if (trade.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    // The trade before our subscription is no news.
    if (this.#isBefore) return FrameVerdict.statistics
    if (this.#aggressor !== word.bid && this.#aggressor !== word.ask) return FrameVerdict.malformed
    trade.aggressor = this.#aggressor === word.bid ? Side.buy : Side.sell
    sink.onTrade(trade)
    return FrameVerdict.parsed
  }

  /** [{ ask_price, bid_price, ask_size, bid_size }, ...]: both sides in one; a side that has ended is 0. */
  #units(): void {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) {
      book.levels.isBroken = true
      return
    }
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) {
        book.levels.isBroken = true
        continue
      }
      this.#unit()
    }
    if (cursor.isBroken) book.levels.isBroken = true
  }

  #unit(): void {
    const { cursor, book } = this.#scratch
    let ask = -1
    let askFraction = 0
    let askSize = -1
    let askSizeFraction = 0
    let bid = -1
    let bidFraction = 0
    let bidSize = -1
    let bidSizeFraction = 0
    while (cursor.nextKey()) {
      const name = cursor.key
      if (name !== key.askPrice && name !== key.askSize && name !== key.bidPrice && name !== key.bidSize) {
        cursor.skip()
        continue
      }
      const value = cursor.decimal()
      const { fraction } = cursor
      if (cursor.isNegative) book.levels.isBroken = true
      if (name === key.askPrice) {
        ask = value
        askFraction = fraction
      } else if (name === key.askSize) {
        askSize = value
        askSizeFraction = fraction
      } else if (name === key.bidPrice) {
        bid = value
        bidFraction = fraction
      } else {
        bidSize = value
        bidSizeFraction = fraction
      }
    }
    book.levels.add(ASK, ask, askFraction, ask === 0 ? 0 : askSize, askSizeFraction)
    book.levels.add(BID, bid, bidFraction, bid === 0 ? 0 : bidSize, bidSizeFraction)
  }
}

/** Names of one subscription; a new one replaces the last, so all are in one message. */
const SYMBOLS_MAX = 40

export const bithumb: FeedVenue = {
  id: 'bithumb',
  name: 'Bithumb',
  captures: [],
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  isSnapshotOnly: true,
  decoder: (symbols) => new BithumbDecoder(symbols),
  listingUrls: () => ['https://api.bithumb.com/v1/market/all?isDetails=false'],
  readListings: (url, body) => (url.includes('/v1/market/all') ? bithumbListings(body) : undefined),
  connection: {
    url: () => 'wss://ws-api.bithumb.com/websocket/v1',
    subscribe: (codes) => [
      JSON.stringify([
        { ticket: 'market-data' },
        { type: 'orderbook', codes },
        { type: 'trade', codes, isOnlyRealtime: true },
        { format: 'DEFAULT' },
      ]),
    ],
    symbolsMax: SYMBOLS_MAX,
    sendsPerSecond: 2,
    // The server closes after 120 s without a word of ours; a control frame counts, a text is sure.
    ping: () => 'PING',
    pingMs: 30_000,
    silenceMs: 60_000,
  },
}
