/**
 * Market data of Delta Exchange: one flat object a message. Books come whole (l2_orderbook) or as a whole one and numbered
 * changes with a CRC-32 (l2_updates). Source: docs.delta.exchange, "Websocket Feed", public channels.
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
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { deltaListings } from './delta-listings.ts'

const key = {
  type: keyOf('type'),
  symbol: keyOf('symbol'),
  timestamp: keyOf('timestamp'),
  buy: keyOf('buy'),
  sell: keyOf('sell'),
  lastNumber: keyOf('last_sequence_no'),
  action: keyOf('action'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  number: keyOf('sequence_no'),
  checksum: keyOf('cs'),
  price: keyOf('price'),
  size: keyOf('size'),
  trades: keyOf('trades'),
  buyerRole: keyOf('buyer_role'),
  bestBid: keyOf('best_bid'),
  bestAsk: keyOf('best_ask'),
  bidQuantity: keyOf('bid_qty'),
  askQuantity: keyOf('ask_qty'),
  quotes: keyOf('quotes'),
  bidSize: keyOf('bid_size'),
  askSize: keyOf('ask_size'),
  markPrice: keyOf('mark_price'),
  spotPrice: keyOf('spot_price'),
  openInterest: keyOf('oi'),
  close: keyOf('close'),
} as const

const type = {
  book: keyOf('l2_orderbook'),
  updates: keyOf('l2_updates'),
  touch: keyOf('l1_orderbook'),
  trade: keyOf('all_trades'),
  trades: keyOf('all_trades_snapshot'),
  ticker: keyOf('v2/ticker'),
  mark: keyOf('mark_price'),
  funding: keyOf('funding_rate'),
  spot: keyOf('spot_price'),
  subscriptions: keyOf('subscriptions'),
  unsubscribed: keyOf('unsubscribed'),
  heartbeat: keyOf('heartbeat'),
  pong: keyOf('pong'),
  products: keyOf('product_updates'),
  announcements: keyOf('announcements'),
  error: keyOf('error'),
} as const

const word = {
  snapshot: keyOf('snapshot'),
  update: keyOf('update'),
  error: keyOf('error'),
  taker: keyOf('taker'),
} as const

const pair = levelKeys('limit_price', 'size')
/** Who took is told by the buyer's role. */
const tradeWords = tradeKeys({
  price: 'price',
  size: 'size',
  side: 'buyer_role',
  time: 'timestamp',
  clock: 0,
  buy: 'taker',
  sell: 'maker',
})
const MARK = 'MARK:'

class DeltaDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  #action = 0
  #isCandle = false
  /** Where the trades of a message stand. */
  #tradesAt = -1

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  /** What a message is stands anywhere in it, often last: its fields are read into all they may mean, then it is told. */
  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor, book, trade, quote, state } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    trade.clear()
    quote.clear()
    state.clear()
    this.#action = 0
    this.#isCandle = false
    this.#tradesAt = -1
    let kind = 0
    while (cursor.nextKey()) {
      if (cursor.key === key.type && cursor.isText) {
        cursor.text()
        kind = cursor.textHash()
        this.#isCandle = cursor.textStartsWith('candlestick')
      } else this.#field()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (this.#isCandle) return FrameVerdict.candle
    switch (kind) {
      case type.subscriptions:
      case type.unsubscribed:
        return FrameVerdict.answer
      case type.heartbeat:
      case type.pong:
        return FrameVerdict.heartbeat
      case type.funding:
      case type.spot:
        return FrameVerdict.statistics
      case type.products:
      case type.announcements:
        return FrameVerdict.notice
      case type.error:
        return FrameVerdict.refused
      default:
        return this.#tell(kind, sink)
    }
  }

  #field(): void {
    const scratch = this.#scratch
    const { cursor, book, trade, quote, state } = scratch
    switch (cursor.key) {
      case key.symbol:
        this.#readName()
        break
      case key.timestamp:
        book.timeUs = cursor.timeUs(0)
        break
      case key.buy:
        book.levels.readObjects(cursor, BID, pair)
        break
      case key.sell:
        book.levels.readObjects(cursor, ASK, pair)
        break
      case key.bids:
        book.levels.readPairs(cursor, BID)
        break
      case key.asks:
        book.levels.readPairs(cursor, ASK)
        break
      case key.lastNumber:
      case key.number:
        book.last = cursor.integer()
        break
      case key.action:
        this.#action = cursor.text() ? cursor.textHash() : 0
        break
      case key.checksum: {
        const sum = cursor.integer()
        if (sum >= 0) book.checksum = sum
        break
      }
      case key.price:
        scratch.readTradePrice()
        if (cursor.isNegative) trade.price = -1
        break
      case key.size:
        scratch.readTradeSize()
        if (cursor.isNegative) trade.size = -1
        break
      case key.trades:
        cursor.peek()
        this.#tradesAt = cursor.at
        cursor.skip()
        break
      case key.buyerRole:
        trade.aggressor = cursor.text() && cursor.textHash() === word.taker ? Side.buy : Side.sell
        break
      case key.quotes:
        if (cursor.enterObject()) while (cursor.nextKey()) this.#quoteField()
        break
      case key.markPrice:
        state.values[0] = cursor.float()
        break
      case key.spotPrice:
        state.values[1] = cursor.float()
        break
      case key.openInterest:
        state.values[4] = cursor.float()
        break
      case key.close:
        state.values[5] = cursor.float()
        break
      default:
        this.#quoteField()
    }
    quote.wide[4] = book.timeUs
  }

  #quoteField(): void {
    const scratch = this.#scratch
    const { cursor } = scratch
    if (cursor.key === key.bestBid) scratch.readBid()
    else if (cursor.key === key.bestAsk) scratch.readAsk()
    else if (cursor.key === key.bidQuantity || cursor.key === key.bidSize) scratch.readBidSize()
    else if (cursor.key === key.askQuantity || cursor.key === key.askSize) scratch.readAskSize()
    else cursor.skip()
  }

  #readName(): void {
    const { cursor, book } = this.#scratch
    if (!cursor.text()) return
    const from = cursor.textFrom + (cursor.textStartsWith(MARK) ? MARK.length : 0)
    book.symbol = this.#scratch.symbolAt(from, cursor.textTo)
  }

  #tell(kind: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade, quote, state } = scratch
    const isTold =
      kind === type.book ||
      kind === type.updates ||
      kind === type.trade ||
      kind === type.trades ||
      kind === type.touch ||
      kind === type.ticker ||
      kind === type.mark
    if (!isTold) return FrameVerdict.unknownChannel
    if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    trade.symbol = book.symbol
    quote.symbol = book.symbol
    state.symbol = book.symbol
    if (kind === type.book || kind === type.updates) return this.#tellBook(kind === type.book, sink)
    if (kind === type.trades) {
      if (this.#tradesAt < 0) return FrameVerdict.malformed
      cursor.start(cursor.bytes, this.#tradesAt)
      return readTrades(scratch, book.symbol, tradeWords, sink, true)
    }
    if (kind === type.trade) {
      trade.timeUs = book.timeUs
      if (!scratch.isTradeWhole) return FrameVerdict.malformed
      sink.onTrade(trade)
    } else if (kind === type.mark) {
      state.values[0] = trade.price < 0 ? Number.NaN : trade.price / 10 ** trade.priceFraction
      sink.onState(state)
    } else {
      if (scratch.dropEmptySides()) sink.onQuote(quote)
      if (kind === type.ticker) sink.onState(state)
    }
    return FrameVerdict.parsed
  }

  #tellBook(isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    book.isSnapshot = isWhole || this.#action === word.snapshot
    if (this.#action === word.error) {
      // It could not be told; it has to be asked for again.
      book.levels.isBroken = true
      sink.onBook(book)
      return FrameVerdict.refused
    }
    if (!book.isSnapshot && this.#action !== word.update) return FrameVerdict.unknownChannel
    return book.last < 0 ? FrameVerdict.malformed : this.#scratch.tellBook(sink)
  }
}

/** One connection takes 100 symbols of l2_updates. */
const SYMBOLS_MAX = 100

function say(type_: string, channels: readonly string[], symbols: readonly string[]): string {
  return JSON.stringify({ type: type_, payload: { channels: channels.map((name) => ({ name, symbols })) } })
}

export const delta: FeedVenue = {
  id: 'delta',
  name: 'Delta Exchange',
  captures: ['DELTA'],
  sequence: SequenceRule.contiguous,
  checksum: ChecksumRule.delta10,
  decoder: (symbols) => new DeltaDecoder(symbols),
  listingUrls: () => ['https://api.delta.exchange/v2/products?states=live&page_size=1000'],
  readListings: (url, body) => (url.includes('/v2/products') ? deltaListings(body) : undefined),
  connection: {
    url: () => 'wss://socket.delta.exchange',
    subscribe: (names) => [
      JSON.stringify({ type: 'enable_heartbeat' }),
      say('subscribe', ['l2_updates', 'all_trades', 'v2/ticker'], names),
    ],
    resubscribe: (name) => [say('unsubscribe', ['l2_updates'], [name]), say('subscribe', ['l2_updates'], [name])],
    symbolsMax: SYMBOLS_MAX,
    sendsPerSecond: 5,
    // Heartbeats, once enabled, come every 30 seconds.
    silenceMs: 40_000,
  },
}
