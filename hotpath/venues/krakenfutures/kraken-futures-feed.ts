/**
 * Market data of Kraken Futures: one flat object a message, one level a book change, numbered per product. Source:
 * docs.kraken.com "Futures WebSocket": book, trade, ticker, ticker_lite.
 */
import { Side } from '../../../shared/domain/order.ts'
import type { BookSide } from '../../book/book-table.ts'
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { krakenFuturesListings } from './kraken-futures-listings.ts'

const key = {
  feed: keyOf('feed'),
  event: keyOf('event'),
  product: keyOf('product_id'),
  side: keyOf('side'),
  number: keyOf('seq'),
  price: keyOf('price'),
  quantity: keyOf('qty'),
  timestamp: keyOf('timestamp'),
  time: keyOf('time'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  trades: keyOf('trades'),
  bid: keyOf('bid'),
  ask: keyOf('ask'),
  bidSize: keyOf('bid_size'),
  askSize: keyOf('ask_size'),
  mark: keyOf('markPrice'),
  index: keyOf('index'),
  last: keyOf('last'),
  funding: keyOf('relative_funding_rate'),
  nextFunding: keyOf('next_funding_rate_time'),
  openInterest: keyOf('openInterest'),
} as const

const word = {
  book: keyOf('book'),
  snapshot: keyOf('book_snapshot'),
  trade: keyOf('trade'),
  tradeSnapshot: keyOf('trade_snapshot'),
  ticker: keyOf('ticker'),
  tickerLite: keyOf('ticker_lite'),
  heartbeat: keyOf('heartbeat'),
  subscribed: keyOf('subscribed'),
  unsubscribed: keyOf('unsubscribed'),
  info: keyOf('info'),
  alert: keyOf('alert'),
  buy: keyOf('buy'),
  sell: keyOf('sell'),
} as const

const level = levelKeys('price', 'qty')
const trades = tradeKeys({
  price: 'price',
  size: 'qty',
  side: 'side',
  time: 'time',
  clock: 3,
  buy: 'buy',
  sell: 'sell',
})

class KrakenFuturesDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  /** What the flat object said of one level or trade. */
  #side = 0
  #price = -1
  #priceFraction = 0
  #quantity = -1
  #quantityFraction = 0

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade, quote, state } = scratch
    cursor.start(frame)
    if (!cursor.isObject) return FrameVerdict.malformed
    cursor.enterObject()
    book.clear()
    trade.clear()
    quote.clear()
    state.clear()
    this.#side = 0
    this.#price = -1
    this.#quantity = -1
    let feed = 0
    let event = 0
    let symbol = NO_SYMBOL
    let tradesAt = -1
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.feed:
          if (cursor.text()) feed = cursor.textHash()
          break
        case key.event:
          if (cursor.text()) event = cursor.textHash()
          break
        case key.product:
          symbol = scratch.readSymbol()
          break
        case key.trades:
          tradesAt = cursor.at
          cursor.skip()
          break
        default:
          this.#field()
      }
    }
    if (event !== 0) return cursor.isBroken ? FrameVerdict.malformed : verdictOf(event)
    if (feed === word.book || feed === word.snapshot) {
      book.symbol = symbol
      book.isSnapshot = feed === word.snapshot
      if (book.last < 0) book.levels.isBroken = true
      if (feed === word.book) this.#addLevel()
      return scratch.tellBook(sink)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (feed === word.heartbeat) return FrameVerdict.heartbeat
    if (symbol === NO_SYMBOL) return feed === 0 ? FrameVerdict.unknownChannel : FrameVerdict.unknownSymbol
    if (feed === word.tradeSnapshot) {
      if (tradesAt < 0) return FrameVerdict.malformed
      cursor.start(frame, tradesAt)
      return readTrades(scratch, symbol, trades, sink, true)
    }
    return this.#tell(feed, symbol, sink)
  }

  #field(): void {
    const scratch = this.#scratch
    const { cursor, book, trade, quote, state } = scratch
    switch (cursor.key) {
      case key.side:
        this.#side = cursor.text() ? cursor.textHash() : 0
        break
      case key.price:
        this.#price = cursor.decimal()
        this.#priceFraction = cursor.fraction
        if (cursor.isNegative) this.#price = -1
        break
      case key.quantity:
        this.#quantity = cursor.decimal()
        this.#quantityFraction = cursor.fraction
        if (cursor.isNegative) this.#quantity = -1
        break
      case key.number:
        book.last = cursor.integer()
        break
      case key.timestamp:
        book.timeUs = cursor.timeUs(3)
        break
      case key.time:
        trade.timeUs = cursor.timeUs(3)
        quote.wide[4] = trade.timeUs
        break
      case key.bids:
        book.levels.readObjects(cursor, BID, level)
        break
      case key.asks:
        book.levels.readObjects(cursor, ASK, level)
        break
      case key.bid:
        scratch.readBid()
        break
      case key.ask:
        scratch.readAsk()
        break
      case key.bidSize:
        scratch.readBidSize()
        break
      case key.askSize:
        scratch.readAskSize()
        break
      case key.mark:
        state.values[0] = cursor.float()
        break
      case key.index:
        state.values[1] = cursor.float()
        break
      case key.funding:
        state.values[2] = cursor.float()
        break
      case key.nextFunding:
        state.values[3] = cursor.timeUs(3)
        break
      case key.openInterest:
        state.values[4] = cursor.float()
        break
      case key.last:
        state.values[5] = cursor.float()
        break
      default:
        cursor.skip()
    }
  }

  /** A change is one level. */
  #addLevel(): void {
    const { levels } = this.#scratch.book
    const side: BookSide = this.#side === word.buy ? BID : ASK
    if (side === ASK && this.#side !== word.sell) levels.isBroken = true
    else levels.add(side, this.#price, this.#priceFraction, this.#quantity, this.#quantityFraction)
  }

  #tell(feed: number, symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { trade, quote, state } = scratch
    if (feed === word.trade) {
      trade.symbol = symbol
      trade.price = this.#price
      trade.priceFraction = this.#priceFraction
      trade.size = this.#quantity
      trade.sizeFraction = this.#quantityFraction
      // The side is the taker's.
      trade.aggressor = this.#side === word.buy ? Side.buy : Side.sell
      if (!scratch.isTradeWhole || (this.#side !== word.buy && this.#side !== word.sell)) return FrameVerdict.malformed
      sink.onTrade(trade)
      return FrameVerdict.parsed
    }
    if (feed !== word.ticker && feed !== word.tickerLite) return FrameVerdict.unknownChannel
    quote.symbol = symbol
    if (scratch.dropEmptySides()) sink.onQuote(quote)
    if (feed === word.ticker) {
      state.symbol = symbol
      sink.onState(state)
    }
    return FrameVerdict.parsed
  }
}

function verdictOf(event: number): FrameVerdict {
  if (event === word.subscribed || event === word.unsubscribed) return FrameVerdict.answer
  // Everything else it says with an event is a refusal: error, subscribed_failed, unsubscribed_failed.
  return event === word.info || event === word.alert ? FrameVerdict.notice : FrameVerdict.refused
}

const BATCH = 100

export const krakenFutures: FeedVenue = {
  id: 'krakenfutures',
  name: 'Kraken Futures',
  captures: ['KRAKEN_FUTURES'],
  sequence: SequenceRule.contiguous,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new KrakenFuturesDecoder(symbols),
  listingUrls: () => ['https://futures.kraken.com/derivatives/api/v3/instruments'],
  readListings: (url, body) => (url.includes('/instruments') ? krakenFuturesListings(body) : undefined),
  connection: {
    url: () => 'wss://futures.kraken.com/ws/v1',
    subscribe: (names) => {
      const said: string[] = []
      for (let at = 0; at < names.length; at += BATCH) {
        const product_ids = names.slice(at, at + BATCH)
        for (const feed of ['book', 'trade', 'ticker']) {
          said.push(JSON.stringify({ event: 'subscribe', feed, product_ids }))
        }
      }
      // Without it a quiet connection looks dead.
      said.push(JSON.stringify({ event: 'subscribe', feed: 'heartbeat' }))
      return said
    },
    resubscribe: (name) =>
      ['unsubscribe', 'subscribe'].map((event) => JSON.stringify({ event, feed: 'book', product_ids: [name] })),
    symbolsMax: 200,
    // 100 requests a second and 100 connections are allowed.
    sendsPerSecond: 20,
    silenceMs: 60_000,
  },
}
