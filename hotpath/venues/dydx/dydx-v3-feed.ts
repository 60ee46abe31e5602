/**
 * Market data of dYdX version 3 (closed in October 2024): book changes carry an offset and come out of order, so each price
 * remembers the offset of what it last heard; messages are numbered per connection. Source: docs.dydx.exchange (v3),
 * "V3 Websocket API", "Orderbook".
 */
import type { BookSide } from '../../book/book-table.ts'
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
import { asObject, asText, listed, parseBody } from '../feed/listing-reader.ts'
import { NumberMap } from '../feed/number-map.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const key = {
  type: keyOf('type'),
  number: keyOf('message_id'),
  id: keyOf('id'),
  channel: keyOf('channel'),
  contents: keyOf('contents'),
  offset: keyOf('offset'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  price: keyOf('price'),
  size: keyOf('size'),
  trades: keyOf('trades'),
} as const

const type = {
  connected: keyOf('connected'),
  subscribed: keyOf('subscribed'),
  unsubscribed: keyOf('unsubscribed'),
  data: keyOf('channel_data'),
  error: keyOf('error'),
  pong: keyOf('pong'),
} as const

const channel = { book: keyOf('v3_orderbook'), trades: keyOf('v3_trades'), markets: keyOf('v3_markets') } as const

/** The side is that of who took. */
const tradeWords = tradeKeys({
  price: 'price',
  size: 'size',
  side: 'side',
  time: 'createdAt',
  clock: ISO_CLOCK,
  buy: 'BUY',
  sell: 'SELL',
})
const UNKNOWN = -1
/** Prices of one book, both sides, gone ones too, whose offset is remembered until it is told whole again. */
const OFFSETS_MAX = 131_072
/** Messages a late one may lag behind before it is taken for lost: answers to subscriptions overtake one another. */
const LATE_MAX = 256

class DydxV3Decoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  /** Offset by price and side, by symbol row. */
  readonly #offsets: NumberMap[] = []
  /** Lowest and highest number of the connection that count, and how many came. */
  readonly #numbers = new Float64Array(3)
  #late = 0
  /** The level last read. */
  #priceFraction = 0
  #sizeFraction = 0
  readonly #level = new Float64Array(3)

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor } = scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let kind = 0
    let where = 0
    let symbol = NO_SYMBOL
    let number = UNKNOWN
    let contentsAt = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.type) kind = this.#word()
      else if (cursor.key === key.channel) where = this.#word()
      else if (cursor.key === key.number) number = cursor.integer()
      else if (cursor.key === key.id && cursor.isText) symbol = scratch.readSymbol()
      else {
        if (cursor.key === key.contents && cursor.isObject) contentsAt = cursor.at
        cursor.skip()
      }
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (number >= 0) this.#count(number, sink)
    if (kind === type.connected || kind === type.unsubscribed) return FrameVerdict.answer
    if (kind === type.error) return FrameVerdict.refused
    if (kind === type.pong) return FrameVerdict.heartbeat
    if (kind !== type.subscribed && kind !== type.data) return FrameVerdict.unknownChannel
    if (where === channel.markets) return FrameVerdict.statistics
    if (where !== channel.book && where !== channel.trades) return FrameVerdict.unknownChannel
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (contentsAt < 0) return FrameVerdict.malformed
    cursor.start(frame, contentsAt)
    cursor.enterObject()
    if (where === channel.book) return this.#book(symbol, kind === type.subscribed, sink)
    return this.#trades(symbol, kind === type.subscribed, sink)
  }

  /** Every number comes once, some late. When one stays away for long, something was lost, nobody knows of which book. */
  #count(number: number, sink: FeedSink): void {
    const numbers = this.#numbers
    const isFirst = numbers[Numbers.count] === 0
    const isFar = number > numbers[Numbers.highest] + LATE_MAX || number < numbers[Numbers.lowest] - LATE_MAX
    if (isFirst || isFar) numbers.fill(number)
    if (number < numbers[Numbers.lowest]) numbers[Numbers.lowest] = number
    if (number > numbers[Numbers.highest]) numbers[Numbers.highest] = number
    numbers[Numbers.count] = isFirst || isFar ? 1 : numbers[Numbers.count] + 1
    const isWhole = numbers[Numbers.highest] - numbers[Numbers.lowest] < numbers[Numbers.count]
    this.#late = isWhole ? 0 : this.#late + 1
    const isLost = this.#late > LATE_MAX
    if (isLost) {
      numbers.fill(numbers[Numbers.highest])
      numbers[Numbers.count] = 1
      this.#late = 0
    }
    if (isLost || (isFar && !isFirst)) sink.onConnectionGap()
  }

  /** Whole: [{ price, offset, size }]; changes: one offset for [[price, size]] of both sides. */
  #book(symbol: number, isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    book.symbol = symbol
    book.isSnapshot = isWhole
    while (this.#offsets.length <= symbol) this.#offsets.push(new NumberMap(OFFSETS_MAX))
    if (isWhole) this.#offsets[symbol].clear()
    const from = cursor.at
    let offset = UNKNOWN
    while (!isWhole && cursor.nextKey()) {
      if (cursor.key === key.offset) offset = cursor.integer()
      else cursor.skip()
    }
    if (!isWhole && offset < 0) book.levels.isBroken = true
    cursor.at = from
    while (cursor.nextKey()) {
      if (cursor.key === key.bids) this.#levels(symbol, BID, offset)
      else if (cursor.key === key.asks) this.#levels(symbol, ASK, offset)
      else cursor.skip()
    }
    return this.#scratch.tellBook(sink)
  }

  #levels(symbol: number, side: BookSide, offset: number): void {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) {
      book.levels.isBroken = true
      return
    }
    while (cursor.nextItem()) {
      this.#level.fill(-1)
      this.#level[Level.offset] = offset
      if (!this.#readLevel()) {
        book.levels.isBroken = true
        continue
      }
      const price = this.#level[Level.price]
      const size = this.#level[Level.size]
      if (price >= 0 && this.#isNews(symbol, side)) {
        book.levels.add(side, price, this.#priceFraction, size, this.#sizeFraction)
      } else if (price < 0 || size < 0) book.levels.isBroken = true
    }
  }

  #readLevel(): boolean {
    const { cursor } = this.#scratch
    if (cursor.isArray) {
      cursor.enterArray()
      if (cursor.nextItem()) this.#readPrice()
      if (cursor.nextItem()) this.#readSize()
      cursor.leaveArray()
      return true
    }
    if (!cursor.enterObject()) return false
    while (cursor.nextKey()) {
      if (cursor.key === key.price) this.#readPrice()
      else if (cursor.key === key.size) this.#readSize()
      else if (cursor.key === key.offset) this.#level[Level.offset] = cursor.integer()
      else cursor.skip()
    }
    return true
  }

  #readPrice(): void {
    const { cursor } = this.#scratch
    const price = cursor.decimal()
    this.#level[Level.price] = cursor.isNegative ? -1 : price
    this.#priceFraction = cursor.fraction
  }

  #readSize(): void {
    const { cursor } = this.#scratch
    const size = cursor.decimal()
    this.#level[Level.size] = cursor.isNegative ? -1 : size
    this.#sizeFraction = cursor.fraction
  }

  /** Is the level's offset newer than what its price last heard? Too many prices break the book: it starts anew. */
  #isNews(symbol: number, side: BookSide): boolean {
    const { levels } = this.#scratch.book
    const offsets = this.#offsets[symbol]
    const place = this.#level[Level.price] * 64 + this.#priceFraction * 2 + side
    const offset = this.#level[Level.offset]
    if (place > Number.MAX_SAFE_INTEGER || this.#priceFraction >= 32) levels.isBroken = true
    else if (offset <= offsets.get(place)) return false
    else if (!offsets.set(place, offset)) levels.isBroken = true
    return true
  }

  #trades(symbol: number, isHistory: boolean, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    while (cursor.nextKey()) {
      if (cursor.key === key.trades) return readTrades(this.#scratch, symbol, tradeWords, sink, isHistory)
      cursor.skip()
    }
    return FrameVerdict.malformed
  }

  #word(): number {
    const { cursor } = this.#scratch
    return cursor.text() ? cursor.textHash() : 0
  }
}

const Numbers = { lowest: 0, highest: 1, count: 2 } as const
const Level = { price: 0, size: 1, offset: 2 } as const

/** { markets: { 'BTC-USD': { ... } } } */
function dydxV3Listings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!('markets' in answer)) return undefined
  return Object.values(asObject(answer.markets)).flatMap((value) => {
    const one = asObject(value)
    const symbol = listed({
      name: asText(one.market),
      base: asText(one.baseAsset),
      quote: asText(one.quoteAsset),
      settle: 'USDC',
      tickSize: asText(one.tickSize),
      lotSize: asText(one.stepSize),
      quantityMin: asText(one.minOrderSize),
      quantityMax: asText(one.maxPositionSize),
    })
    return symbol === undefined || one.status !== 'ONLINE' || one.type !== 'PERPETUAL' ? [] : [symbol]
  })
}

export const dydxV3: FeedVenue = {
  id: 'dydx-v3',
  name: 'dYdX (version 3)',
  captures: ['DYDX'],
  retired: 'replaced by version 4, a chain of its own',
  // Numbers are the connection's, offsets each price's: the decoder follows both.
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  // The two sides of one match come apart and out of order (its users' report dydx-v3-python #221).
  crossedMax: 64,
  decoder: (symbols) => new DydxV3Decoder(symbols),
  listingUrls: () => ['https://api.dydx.exchange/v3/markets'],
  readListings: (url, body) => (url.endsWith('/v3/markets') ? dydxV3Listings(body) : undefined),
  connection: {
    url: () => 'wss://api.dydx.exchange/v3/ws',
    subscribe: (names) =>
      names.flatMap((id) => [
        JSON.stringify({ type: 'subscribe', channel: 'v3_orderbook', id, includeOffsets: true }),
        JSON.stringify({ type: 'subscribe', channel: 'v3_trades', id }),
      ]),
    resubscribe: (id) =>
      ['unsubscribe', 'subscribe'].map((said) =>
        JSON.stringify({ type: said, channel: 'v3_orderbook', id, includeOffsets: true }),
      ),
    symbolsMax: 30,
    sendsPerSecond: 5,
    silenceMs: 60_000,
  },
}
