/**
 * Market data of BitMEX: tables of rows with an action; book levels are known by id (until 2023 changes and deletions told
 * no price; since then every row does). The feed has no numbers. Sources: bitmex.com/app/wsAPI; "Potentially-Breaking API
 * Update to ID Generation on WebSocket Orderbook Feeds" (2023).
 */
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
import { NumberMap } from '../feed/number-map.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import { bitmexListings } from './bitmex-listings.ts'

const key = {
  table: keyOf('table'),
  action: keyOf('action'),
  data: keyOf('data'),
  filter: keyOf('filter'),
  info: keyOf('info'),
  success: keyOf('success'),
  error: keyOf('error'),
  symbol: keyOf('symbol'),
  id: keyOf('id'),
  side: keyOf('side'),
  size: keyOf('size'),
  price: keyOf('price'),
  timestamp: keyOf('timestamp'),
  bidPrice: keyOf('bidPrice'),
  bidSize: keyOf('bidSize'),
  askPrice: keyOf('askPrice'),
  askSize: keyOf('askSize'),
  markPrice: keyOf('markPrice'),
  indexPrice: keyOf('indexPrice'),
  indicativeSettlePrice: keyOf('indicativeSettlePrice'),
  fundingRate: keyOf('fundingRate'),
  fundingTimestamp: keyOf('fundingTimestamp'),
  openInterest: keyOf('openInterest'),
  lastPrice: keyOf('lastPrice'),
} as const

const table = {
  book: keyOf('orderBookL2'),
  book25: keyOf('orderBookL2_25'),
  trade: keyOf('trade'),
  quote: keyOf('quote'),
  instrument: keyOf('instrument'),
  funding: keyOf('funding'),
  liquidation: keyOf('liquidation'),
} as const

const action = { partial: keyOf('partial'), insert: keyOf('insert'), update: keyOf('update'), delete: keyOf('delete') }

/** The side is the aggressor's. */
const tradeWords = tradeKeys({
  price: 'price',
  size: 'size',
  side: 'side',
  time: 'timestamp',
  symbols: ['symbol'],
  clock: ISO_CLOCK,
  buy: 'Buy',
  sell: 'Sell',
})

const BUY_LETTER = 0x42
const PONG = 'pong'
/** Levels of one book that are remembered. */
const IDS_MAX = 131_072
/** A price is kept as one number: digits x 32 + digits behind the point. */
const PRICE_STEP = 32
const PRICE_MAX = Number.MAX_SAFE_INTEGER / PRICE_STEP - 1

class BitmexDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  /** Price by level id, by symbol row; undefined: its book has not been told whole. */
  readonly #ids: (NumberMap | undefined)[] = []
  /** The symbol a subscription asked for: all that names the book of an empty table. */
  #filter = NO_SYMBOL
  /** The row of a book last read. */
  #symbol = NO_SYMBOL
  #side: 0 | 1 = BID
  #fraction = 0
  readonly #row = new Float64Array(5)

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (frame.length === PONG.length) return FrameVerdict.heartbeat
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let rows = 0
    let what = 0
    let dataAt = -1
    this.#filter = NO_SYMBOL
    while (cursor.nextKey()) {
      if (cursor.key === key.table) rows = this.#word()
      else if (cursor.key === key.action) what = this.#word()
      else if (cursor.key === key.filter) this.#readFilter()
      else if (cursor.key === key.data) {
        if (rows !== 0 && what !== 0) return this.#data(rows, what, sink)
        dataAt = cursor.at
        cursor.skip()
      } else if (cursor.key === key.info) return FrameVerdict.notice
      else if (cursor.key === key.success) return FrameVerdict.answer
      else if (cursor.key === key.error) return FrameVerdict.refused
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (dataAt < 0 || rows === 0) return FrameVerdict.unknownChannel
    cursor.start(frame, dataAt)
    return this.#data(rows, what, sink)
  }

  #data(rows: number, what: number, sink: FeedSink): FrameVerdict {
    switch (rows) {
      case table.book:
      case table.book25:
        return this.#book(what, sink)
      case table.trade:
        return readTrades(this.#scratch, NO_SYMBOL, tradeWords, sink, what !== action.insert)
      case table.quote:
      case table.instrument:
      case table.funding:
        return this.#opinions(rows, sink)
      case table.liquidation:
        return FrameVerdict.statistics
      default:
        return FrameVerdict.unknownChannel
    }
  }

  /** [{ symbol, id, side, size, price, timestamp }, ...]: a message for the rows of each symbol. */
  #book(what: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    const isWhole = what === action.partial
    if (!isWhole && what !== action.insert && what !== action.update && what !== action.delete) {
      return FrameVerdict.unknownChannel
    }
    book.clear()
    let hasUnknown = false
    let isBroken = false
    if (isWhole && this.#filter !== NO_SYMBOL) this.#beginBook(this.#filter, true)
    while (cursor.nextItem()) {
      this.#readRow()
      if (cursor.isBroken) break
      if (this.#symbol === NO_SYMBOL) {
        hasUnknown = true
        continue
      }
      if (this.#symbol !== book.symbol) {
        isBroken = this.#tellBook(sink) === FrameVerdict.malformed || isBroken
        this.#beginBook(this.#symbol, isWhole)
      }
      this.#addLevel(what)
    }
    const verdict = this.#tellBook(sink)
    if (isBroken || cursor.isBroken) return FrameVerdict.malformed
    return hasUnknown ? FrameVerdict.unknownSymbol : verdict
  }

  #beginBook(symbol: number, isWhole: boolean): void {
    const { book } = this.#scratch
    book.clear()
    book.symbol = symbol
    book.isSnapshot = isWhole
    if (!isWhole) return
    while (this.#ids.length <= symbol) this.#ids.push(undefined)
    const ids = this.#ids[symbol]
    if (ids === undefined) this.#ids[symbol] = new NumberMap(IDS_MAX)
    else ids.clear()
  }

  #tellBook(sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    if (book.symbol === NO_SYMBOL) return FrameVerdict.parsed
    // It will be told whole again; until then its ids mean nothing.
    if (cursor.isBroken || book.levels.isBroken) this.#ids[book.symbol] = undefined
    return this.#scratch.tellBook(sink)
  }

  #readRow(): void {
    const { cursor } = this.#scratch
    this.#symbol = NO_SYMBOL
    this.#row.fill(-1)
    this.#fraction = 0
    if (!cursor.enterObject()) {
      cursor.breakOff()
      return
    }
    while (cursor.nextKey()) {
      if (cursor.key === key.symbol) this.#symbol = this.#scratch.readSymbol()
      else if (cursor.key === key.id) this.#row[Row.id] = cursor.integer()
      else if (cursor.key === key.side) this.#side = this.#isBuy() ? BID : ASK
      else if (cursor.key === key.size) {
        const size = cursor.decimal()
        this.#row[Row.size] = cursor.isNegative ? -1 : size
        this.#row[Row.sizeFraction] = cursor.fraction
      } else if (cursor.key === key.price) {
        const price = cursor.decimal()
        this.#row[Row.price] = cursor.isNegative ? -1 : price
        this.#fraction = cursor.fraction
      } else if (cursor.key === key.timestamp) this.#row[Row.timeUs] = cursor.isoTimeUs()
      else cursor.skip()
    }
  }

  #addLevel(what: number): void {
    const { book } = this.#scratch
    const { levels, symbol } = book
    book.timeUs = Math.max(0, this.#row[Row.timeUs])
    const ids = this.#ids[symbol]
    // Before its whole book came: the keeper counts it as early.
    if (ids === undefined) return
    const id = this.#row[Row.id]
    const isNew = what === action.partial || what === action.insert
    if (this.#row[Row.price] < 0 && !isNew && id >= 0) this.#recall(ids.get(id))
    const price = this.#row[Row.price]
    const size = what === action.delete ? 0 : this.#row[Row.size]
    if (what === action.delete) ids.delete(id)
    else if (isNew && (price > PRICE_MAX || this.#fraction >= PRICE_STEP || id < 0 || price < 0)) levels.isBroken = true
    else if (isNew && !ids.set(id, price * PRICE_STEP + this.#fraction)) levels.isBroken = true
    levels.add(this.#side, price, this.#fraction, size, Math.max(0, this.#row[Row.sizeFraction]))
  }

  /** The price that a level's id stands for; unknown stays -1, and breaks the level. */
  #recall(kept: number): void {
    if (Number.isNaN(kept)) return
    this.#fraction = kept % PRICE_STEP
    this.#row[Row.price] = Math.floor(kept / PRICE_STEP)
  }

  /** Quotes, instruments (only what changed of them) and fundings. */
  #opinions(rows: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    let verdict: FrameVerdict = FrameVerdict.parsed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      quote.clear()
      state.clear()
      while (cursor.nextKey()) this.#opinion()
      if (cursor.isBroken) return FrameVerdict.malformed
      if (quote.symbol === NO_SYMBOL) verdict = FrameVerdict.unknownSymbol
      else if (rows === table.quote) sink.onQuote(quote)
      else sink.onState(state)
    }
    return cursor.isBroken ? FrameVerdict.malformed : verdict
  }

  #opinion(): void {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    switch (cursor.key) {
      case key.symbol:
        quote.symbol = scratch.readSymbol()
        state.symbol = quote.symbol
        break
      case key.timestamp:
        quote.wide[4] = cursor.isoTimeUs()
        break
      case key.bidPrice:
        scratch.readBid()
        break
      case key.bidSize:
        scratch.readBidSize()
        break
      case key.askPrice:
        scratch.readAsk()
        break
      case key.askSize:
        scratch.readAskSize()
        break
      case key.markPrice:
        state.values[0] = cursor.float()
        break
      case key.indexPrice:
      case key.indicativeSettlePrice:
        state.values[1] = cursor.float()
        break
      case key.fundingRate:
        state.values[2] = cursor.float()
        break
      case key.fundingTimestamp: {
        const at = cursor.isText ? cursor.isoTimeUs() : cursor.timeUs(3)
        state.values[3] = at > 0 ? at : Number.NaN
        break
      }
      case key.openInterest:
        state.values[4] = cursor.float()
        break
      case key.lastPrice:
        state.values[5] = cursor.float()
        break
      default:
        cursor.skip()
    }
  }

  #readFilter(): void {
    const { cursor } = this.#scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.symbol) this.#filter = this.#scratch.readSymbol()
      else cursor.skip()
    }
  }

  #isBuy(): boolean {
    const { cursor } = this.#scratch
    return cursor.text() && cursor.bytes[cursor.textFrom] === BUY_LETTER
  }

  #word(): number {
    const { cursor } = this.#scratch
    return cursor.text() ? cursor.textHash() : 0
  }
}

const Row = { id: 0, price: 1, size: 2, sizeFraction: 3, timeUs: 4 } as const

/** Topics of one message, and instruments of one connection: every topic counts against 720 requests an hour. */
const TOPICS_PER_MESSAGE = 20
const SYMBOLS_MAX = 40

function say(op: string, topics: readonly string[]): string[] {
  const said: string[] = []
  for (let at = 0; at < topics.length; at += TOPICS_PER_MESSAGE) {
    said.push(JSON.stringify({ op, args: topics.slice(at, at + TOPICS_PER_MESSAGE) }))
  }
  return said
}

export const bitmex: FeedVenue = {
  id: 'bitmex',
  name: 'BitMEX',
  captures: ['BITMEX'],
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  // One moment of the engine comes as up to three messages (delete, update, insert), and may be crossed between them.
  crossedMax: 3,
  decoder: (symbols) => new BitmexDecoder(symbols),
  listingUrls: () => ['https://www.bitmex.com/api/v1/instrument/active'],
  readListings: (url, body) => (url.includes('/instrument/active') ? bitmexListings(body) : undefined),
  connection: {
    url: () => 'wss://ws.bitmex.com/realtime',
    subscribe: (names) =>
      say(
        'subscribe',
        ['orderBookL2', 'trade', 'quote', 'instrument'].flatMap((topic) => names.map((name) => `${topic}:${name}`)),
      ),
    resubscribe: (name) => [
      ...say('unsubscribe', [`orderBookL2:${name}`]),
      ...say('subscribe', [`orderBookL2:${name}`]),
    ],
    symbolsMax: SYMBOLS_MAX,
    sendsPerSecond: 1,
    ping: () => 'ping',
    pingMs: 10_000,
    silenceMs: 25_000,
  },
}
