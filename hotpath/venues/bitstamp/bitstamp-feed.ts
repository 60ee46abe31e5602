/**
 * Market data of Bitstamp: one channel a market and kind, book changes numbered by the engine's microseconds over a book
 * asked for by HTTP. Source: bitstamp.net/websocket/v2, "Live full order book", "Live ticker"; HTTP "Order book".
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
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { bitstampListings } from './bitstamp-listings.ts'

const key = {
  event: keyOf('event'),
  channel: keyOf('channel'),
  data: keyOf('data'),
  microtimestamp: keyOf('microtimestamp'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  price: keyOf('price_str'),
  amount: keyOf('amount_str'),
  type: keyOf('type'),
} as const

const event = {
  data: keyOf('data'),
  trade: keyOf('trade'),
  subscribed: keyOf('bts:subscription_succeeded'),
  unsubscribed: keyOf('bts:unsubscription_succeeded'),
  heartbeat: keyOf('bts:heartbeat'),
  reconnect: keyOf('bts:request_reconnect'),
  error: keyOf('bts:error'),
} as const

const BOOK_CHANNEL = 'diff_order_book_'
const TRADE_CHANNEL = 'live_trades_'

class BitstampDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid = new SizeGrid()

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  /** The channel stands behind its data: what a book and a trade say is read into both, then one is told. */
  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade } = scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    trade.clear()
    let kind = 0
    let isBook = false
    let isTrade = false
    let symbol = NO_SYMBOL
    while (cursor.nextKey()) {
      if (cursor.key === key.event) kind = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.channel && cursor.isText) {
        cursor.text()
        isBook = cursor.textStartsWith(BOOK_CHANNEL)
        isTrade = cursor.textStartsWith(TRADE_CHANNEL)
        const prefix = isBook ? BOOK_CHANNEL.length : TRADE_CHANNEL.length
        if (isBook || isTrade) symbol = scratch.symbolAt(cursor.textFrom + prefix, cursor.textTo)
      } else if (cursor.key === key.data) this.#readData()
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (kind === event.data || kind === event.trade) {
      if (!isBook && !isTrade) return FrameVerdict.unknownChannel
      if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
      return isBook ? this.#tellBook(symbol, sink) : this.#tellTrade(symbol, sink)
    }
    if (kind === event.subscribed || kind === event.unsubscribed) return FrameVerdict.answer
    if (kind === event.heartbeat) return FrameVerdict.heartbeat
    // The server will close this connection soon; that it did is what makes us connect again.
    if (kind === event.reconnect) return FrameVerdict.notice
    return kind === event.error ? FrameVerdict.refused : FrameVerdict.unknownChannel
  }

  decodeSnapshot(body: Uint8Array, symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    cursor.start(body)
    book.clear()
    this.#readData()
    if (cursor.isBroken || book.last < 0) return FrameVerdict.malformed
    book.isSnapshot = true
    return this.#tellBook(symbol, sink)
  }

  #readData(): void {
    const scratch = this.#scratch
    const { cursor, book, trade } = scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.microtimestamp) {
        const time = cursor.integer()
        book.last = time
        book.timeUs = Math.max(0, time)
        trade.timeUs = book.timeUs
      } else if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
      else if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
      else if (cursor.key === key.price) {
        scratch.readTradePrice()
        if (cursor.isNegative) trade.price = -1
      } else if (cursor.key === key.amount) {
        scratch.readTradeSize()
        if (cursor.isNegative) trade.size = -1
      }
      // 0 a buy, 1 a sell, of who took.
      else if (cursor.key === key.type) trade.aggressor = cursor.integer() === 1 ? Side.sell : Side.buy
      else cursor.skip()
    }
  }

  #tellBook(symbol: number, sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    if (book.last < 0) return FrameVerdict.malformed
    book.symbol = symbol
    this.#grid.cut(symbol, book.levels)
    return this.#scratch.tellBook(sink)
  }

  #tellTrade(symbol: number, sink: FeedSink): FrameVerdict {
    const { trade } = this.#scratch
    trade.symbol = symbol
    if (!this.#scratch.isTradeWhole) return FrameVerdict.malformed
    sink.onTrade(trade)
    return FrameVerdict.parsed
  }
}

const REST = 'https://www.bitstamp.net/api/v2'
const SNAPSHOT_PATH = /\/order_book\/([a-z0-9-]+)/

export const bitstamp: FeedVenue = {
  id: 'bitstamp',
  name: 'Bitstamp',
  captures: ['BITSTAMP'],
  sequence: SequenceRule.increasing,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new BitstampDecoder(symbols),
  listingUrls: () => [`${REST}/markets/`],
  readListings: (url, body) =>
    url.includes('/markets/') || url.includes('/trading-pairs-info/') ? bitstampListings(body) : undefined,
  snapshotUrl: (name) => `${REST}/order_book/${name}/`,
  snapshotSymbol: (url) => SNAPSHOT_PATH.exec(url)?.[1],
  connection: {
    url: () => 'wss://ws.bitstamp.net',
    subscribe: (names) =>
      names.flatMap((name) =>
        [BOOK_CHANNEL, TRADE_CHANNEL].map((channel) =>
          JSON.stringify({ event: 'bts:subscribe', data: { channel: channel + name } }),
        ),
      ),
    symbolsMax: 50,
    sendsPerSecond: 10,
    ping: () => JSON.stringify({ event: 'bts:heartbeat' }),
    pingMs: 15_000,
    silenceMs: 40_000,
  },
}
