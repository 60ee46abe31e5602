/**
 * Market data of Independent Reserve by single orders: events of an asset (with a price in every currency it trades in) over
 * lists of a pair's orders asked for by HTTP; events are numbered per asset. Source: github.com/independentreserve/websockets,
 * "Order Book Ticker"; GetAllOrders.
 */
import { Side } from '../../../shared/domain/order.ts'
import { INSTRUMENTS_MAX } from '../../../shared/limits.ts'
import type { BookSide } from '../../book/book-table.ts'
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { type JsonCursor, keyOf, POWERS_OF_TEN } from '../feed/json-cursor.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { independentReserveListings, LISTING_URL } from './independentreserve-listings.ts'
import { PairName } from './pair-name.ts'
import { addLevel, type ListedOrder, ORDER_DIGITS, PairOrders } from './pair-orders.ts'

const key = {
  channel: keyOf('Channel'),
  nonce: keyOf('Nonce'),
  data: keyOf('Data'),
  time: keyOf('Time'),
  event: keyOf('Event'),
  orderType: keyOf('OrderType'),
  orderGuid: keyOf('OrderGuid'),
  price: keyOf('Price'),
  volume: keyOf('Volume'),
  side: keyOf('Side'),
  buyOrders: keyOf('BuyOrders'),
  sellOrders: keyOf('SellOrders'),
  created: keyOf('CreatedTimestampUtc'),
  guid: keyOf('Guid'),
} as const

const word = {
  orderbook: keyOf('orderbook'),
  ticker: keyOf('ticker'),
  newOrder: keyOf('NewOrder'),
  changed: keyOf('OrderChanged'),
  canceled: keyOf('OrderCanceled'),
  trade: keyOf('Trade'),
  heartbeat: keyOf('Heartbeat'),
  subscriptions: keyOf('Subscriptions'),
  error: keyOf('Error'),
  bid: keyOf('LimitBid'),
  offer: keyOf('LimitOffer'),
  buy: keyOf('Buy'),
  sell: keyOf('Sell'),
} as const

const DASH = 0x2d
const LISTED_MAX = 65_536

/** One asset's numbering, and its pairs. */
interface Asset {
  nonce: number
  /** Events are complete since then: a list of orders must not be older. */
  sinceMs: number
  readonly pairs: Map<number, PairOrders>
}

/** What is known of all orders: lists come over HTTP and events over a socket, to decoders of their own, for the same books. */
class OrderShelf {
  readonly assets = new Map<string, Asset>()
  /** When the socket began to speak; 0: it has not. */
  sinceMs = 0

  /** Undefined when there are more than anybody lists. */
  asset(name: string): Asset | undefined {
    let asset = this.assets.get(name)
    if (asset === undefined && this.assets.size < INSTRUMENTS_MAX) {
      asset = { nonce: -1, sinceMs: this.sinceMs, pairs: new Map() }
      this.assets.set(name, asset)
    }
    return asset
  }
}

const shelves = new WeakMap<SymbolTable, OrderShelf>()

function shelfOf(symbols: SymbolTable): OrderShelf {
  let shelf = shelves.get(symbols)
  if (shelf === undefined) {
    shelf = new OrderShelf()
    shelves.set(symbols, shelf)
  }
  return shelf
}

class IndependentReserveOrdersDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #pair: PairName
  readonly #shelf: OrderShelf
  #hasSpoken = false
  // What the frame said.
  #channel = 0
  #channelFrom = 0
  #channelTo = 0
  #assetTo = 0
  #nonce = -1
  #timeMs = 0
  #side = 0
  #id = ''
  #priceAt = -1
  /** Integers of 10^-8; -1: not told. */
  #volume = -1

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
    this.#pair = new PairName(symbols)
    this.#shelf = shelfOf(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.isObject) return FrameVerdict.malformed
    cursor.enterObject()
    this.#forget()
    let event = 0
    while (cursor.nextKey()) {
      if (cursor.key === key.event) event = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.channel) this.#readChannel()
      else if (cursor.key === key.nonce) this.#nonce = cursor.integer()
      else if (cursor.key === key.time) this.#timeMs = cursor.integer()
      else if (cursor.key === key.data && cursor.isObject) this.#readData()
      else cursor.skip()
    }
    // What a broken frame said is missed by the next one's number.
    if (cursor.isBroken) return FrameVerdict.malformed
    this.#noteBeginning()
    if (event === word.heartbeat) return FrameVerdict.heartbeat
    if (event === word.subscriptions) return FrameVerdict.answer
    if (event === word.error) return FrameVerdict.refused
    if (this.#channel === word.ticker && event === word.trade) return this.#trade(sink)
    return this.#channel === word.orderbook ? this.#order(event, sink) : FrameVerdict.unknownChannel
  }

  /** GetAllOrders: { BuyOrders: [{ Guid, Price, Volume }, ...], SellOrders, CreatedTimestampUtc, ... } */
  decodeSnapshot(body: Uint8Array, symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, book, symbols } = this.#scratch
    const orders = new Map<string, ListedOrder>()
    let timeMs = 0
    let isGood = true
    cursor.start(body)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (isGood && cursor.nextKey()) {
      if (cursor.key === key.buyOrders) isGood = readOrders(cursor, BID, orders)
      else if (cursor.key === key.sellOrders) isGood = readOrders(cursor, ASK, orders)
      else if (cursor.key === key.created) timeMs = Math.floor(cursor.isoTimeUs() / 1_000)
      else cursor.skip()
    }
    const [base = ''] = symbols.names[symbol].split('-')
    const asset = this.#shelf.asset(base)
    // Older than the events: what happened in between is lost.
    if (!isGood || cursor.isBroken || asset === undefined || asset.sinceMs === 0 || timeMs < asset.sinceMs) {
      return FrameVerdict.malformed
    }
    const pair = pairOf(asset, symbol)
    pair.load(orders, timeMs)
    book.clear()
    book.symbol = symbol
    book.isSnapshot = true
    book.timeUs = timeMs * 1_000
    if (asset.nonce >= 0) book.last = asset.nonce
    pair.tellAll(book.levels)
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  #forget(): void {
    this.#channel = 0
    this.#nonce = -1
    this.#timeMs = 0
    this.#side = 0
    this.#id = ''
    this.#priceAt = -1
    this.#volume = -1
  }

  /** Assets that have said nothing yet are complete since this connection opened. */
  #noteBeginning(): void {
    if (this.#hasSpoken || this.#timeMs <= 0) return
    this.#hasSpoken = true
    this.#shelf.sinceMs = this.#timeMs
    for (const asset of this.#shelf.assets.values()) if (asset.nonce < 0) asset.sinceMs = this.#timeMs
  }

  /** 'orderbook-eth', 'ticker-eth', once also 'ticker-eth-aud'. */
  #readChannel(): void {
    const { cursor } = this.#scratch
    if (!cursor.text()) return
    const to = cursor.textTo
    this.#channel = cursor.wordHash(DASH)
    cursor.textFrom = Math.min(to, cursor.wordTo + 1)
    cursor.wordHash(DASH)
    this.#channelFrom = cursor.textFrom
    this.#channelTo = to
    this.#assetTo = cursor.wordTo
  }

  #readData(): void {
    const { cursor } = this.#scratch
    cursor.enterObject()
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.orderType:
        case key.side:
          this.#side = cursor.text() ? cursor.textHash() : 0
          break
        case key.orderGuid:
          this.#id = readId(cursor)
          break
        case key.volume:
          this.#volume = readUnits(cursor)
          break
        case key.price:
          this.#priceAt = cursor.peek() === 0 ? -1 : cursor.at
          cursor.skip()
          break
        default:
          cursor.skip()
      }
    }
  }

  #order(event: number, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    const isNew = event === word.newOrder
    if (!isNew && event !== word.changed && event !== word.canceled) return FrameVerdict.unknownChannel
    const side: BookSide = this.#side === word.bid ? BID : ASK
    const hasSide = this.#side === word.bid || this.#side === word.offer
    const needsVolume = event !== word.canceled
    if (this.#nonce < 0 || this.#id === '' || !hasSide || (needsVolume && this.#volume < 0))
      return FrameVerdict.malformed
    const asset = this.#shelf.asset(latin(cursor.bytes, this.#channelFrom, this.#assetTo))
    if (asset === undefined) return FrameVerdict.unknownSymbol
    if (this.#nonce === asset.nonce) return FrameVerdict.repeated
    if (asset.nonce >= 0 && this.#nonce !== asset.nonce + 1) this.#loseAll(asset, sink)
    asset.nonce = this.#nonce
    if (isNew) return this.#newOrder(asset, side, sink)
    for (const [row, pair] of asset.pairs) {
      const isOver = event === word.canceled || this.#volume === 0
      const price = isOver ? pair.end(this.#id, this.#timeMs) : pair.change(this.#id, side, this.#volume, this.#timeMs)
      this.#tell(row, pair, side, price, sink)
    }
    return FrameVerdict.parsed
  }

  /** Price: { aud: 2500, usd: 1816.5, ... }: the order stands in the book of each. */
  #newOrder(asset: Asset, side: BookSide, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (this.#priceAt < 0) {
      this.#loseAll(asset, sink)
      return FrameVerdict.malformed
    }
    this.#pair.setBase(cursor.bytes, this.#channelFrom, this.#assetTo)
    cursor.start(cursor.bytes, this.#priceAt)
    let isWhole = cursor.isObject
    cursor.enterObject()
    while (isWhole && cursor.nextKey()) {
      const row = this.#pair.row(cursor.bytes, cursor.keyFrom, cursor.keyTo)
      const price = readUnits(cursor)
      if (price < 0) isWhole = false
      else if (row !== NO_SYMBOL) isWhole = pairOf(asset, row).put(this.#id, side, price, this.#volume, this.#timeMs)
    }
    if (!isWhole) {
      this.#loseAll(asset, sink)
      return FrameVerdict.malformed
    }
    for (const [row, pair] of asset.pairs) this.#tell(row, pair, side, pair.priceOf(this.#id), sink)
    return FrameVerdict.parsed
  }

  /** The level that changed; none where the order was not of this pair: its number is told all the same. */
  #tell(row: number, pair: PairOrders, side: BookSide, price: number, sink: FeedSink): void {
    if (!pair.isWhole) return
    const { book } = this.#scratch
    book.clear()
    book.symbol = row
    book.last = this.#nonce
    book.timeUs = this.#timeMs * 1_000
    if (price >= 0) addLevel(book.levels, side, price, pair.total(side, price))
    sink.onBook(book)
  }

  /** Events are missing (or begin anew with a lower number): every book of the asset is. */
  #loseAll(asset: Asset, sink: FeedSink): void {
    const { book } = this.#scratch
    const isGap = this.#nonce > asset.nonce
    asset.sinceMs = this.#timeMs
    for (const [row, pair] of asset.pairs) {
      const wasWhole = pair.isWhole
      pair.forget()
      if (!wasWhole) continue
      book.clear()
      book.symbol = row
      book.last = this.#nonce
      book.levels.isBroken = !isGap
      sink.onBook(book)
    }
  }

  /** Price is a number on a pair's channel, { Aud: 3313.59, ... } on an asset's. */
  #trade(sink: FeedSink): FrameVerdict {
    const { cursor, trade } = this.#scratch
    if ((this.#side !== word.buy && this.#side !== word.sell) || this.#volume < 0 || this.#priceAt < 0) {
      return FrameVerdict.malformed
    }
    trade.clear()
    trade.aggressor = this.#side === word.buy ? Side.buy : Side.sell
    trade.timeUs = this.#timeMs * 1_000
    trade.size = this.#volume
    trade.sizeFraction = ORDER_DIGITS
    const { bytes } = cursor
    cursor.start(bytes, this.#priceAt)
    if (!cursor.isObject) {
      return this.#tellTrade(this.#scratch.symbolAt(this.#channelFrom, this.#channelTo), sink)
    }
    this.#pair.setBase(bytes, this.#channelFrom, this.#assetTo)
    cursor.enterObject()
    let verdict: FrameVerdict = FrameVerdict.unknownSymbol
    while (cursor.nextKey()) {
      const told = this.#tellTrade(this.#pair.row(bytes, cursor.keyFrom, cursor.keyTo), sink)
      if (told === FrameVerdict.malformed) return told
      if (told === FrameVerdict.parsed) verdict = told
    }
    return verdict
  }

  #tellTrade(row: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    scratch.readTradePrice()
    if (scratch.trade.price < 0 || scratch.cursor.isNegative) return FrameVerdict.malformed
    if (row === NO_SYMBOL) return FrameVerdict.unknownSymbol
    scratch.trade.symbol = row
    sink.onTrade(scratch.trade)
    return FrameVerdict.parsed
  }
}

function pairOf(asset: Asset, row: number): PairOrders {
  let pair = asset.pairs.get(row)
  if (pair === undefined) {
    pair = new PairOrders()
    asset.pairs.set(row, pair)
  }
  return pair
}

/** [{ Guid, Price, Volume }, ...]; false when it is not. */
function readOrders(cursor: JsonCursor, side: BookSide, orders: Map<string, ListedOrder>): boolean {
  if (!cursor.enterArray()) return false
  while (cursor.nextItem()) {
    if (!cursor.enterObject()) return false
    let id = ''
    let price = -1
    let volume = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.guid) id = readId(cursor)
      else if (cursor.key === key.price) price = readUnits(cursor)
      else if (cursor.key === key.volume) volume = readUnits(cursor)
      else cursor.skip()
    }
    if (id === '' || price < 0 || volume < 0 || orders.size >= LISTED_MAX) return false
    orders.set(id, { side, price, volume })
  }
  return !cursor.isBroken
}

/** An order's id becomes a key of our map: the one string an event costs. */
function readId(cursor: JsonCursor): string {
  return cursor.text() ? latin(cursor.bytes, cursor.textFrom, Math.min(cursor.textTo, cursor.textFrom + 64)) : ''
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')
}

/** A decimal as an integer of 10^-8, cut towards zero; -1 when it is none, or too large. */
function readUnits(cursor: JsonCursor): number {
  const value = cursor.decimal()
  if (value < 0 || cursor.isNegative) return -1
  const up = ORDER_DIGITS - cursor.fraction
  const units = up >= 0 ? value * POWERS_OF_TEN[up] : up < -22 ? 0 : Math.floor(value / POWERS_OF_TEN[-up])
  return units <= Number.MAX_SAFE_INTEGER ? units : -1
}

const api = 'https://api.independentreserve.com/Public'

export const independentReserveOrders: FeedVenue = {
  id: 'independentreserve-orders',
  name: 'Independent Reserve (by order)',
  captures: ['INDEPENDENT_RESERVE'],
  // Prices in currencies an order was not placed in move with exchange rates, which no event tells.
  retired: 'replaced by the checked books of the same venue (independentreserve)',
  sequence: SequenceRule.contiguous,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new IndependentReserveOrdersDecoder(symbols),
  listingUrls: () => [LISTING_URL],
  readListings: (url, body) => independentReserveListings(url, body, 'xbt'),
  snapshotUrl: (name) => {
    const [primary, secondary] = name.split('-')
    return `${api}/GetAllOrders?primaryCurrencyCode=${primary}&secondaryCurrencyCode=${secondary}`
  },
  snapshotSymbol: (url) => {
    if (!url.includes('/GetAllOrders?')) return undefined
    const { searchParams } = new URL(url)
    const name = `${searchParams.get('primaryCurrencyCode')}-${searchParams.get('secondaryCurrencyCode')}`
    return name.toLowerCase()
  },
  connection: {
    url: () => 'wss://websockets.independentreserve.com',
    subscribe: (names) => {
      const assets = [...new Set(names.map((name) => name.split('-')[0]))]
      const channels = assets.flatMap((asset) => [`orderbook-${asset}`, `ticker-${asset}`])
      return [JSON.stringify({ Event: 'Subscribe', Data: channels })]
    },
    symbolsMax: 200,
    sendsPerSecond: 2,
    silenceMs: 130_000,
  },
}
