/**
 * Market data of Architect's AX exchange (perpetuals on currencies, metals, indices): one letter per kind of message, every book
 * whole. Source: AX Exchange API, "Market data WebSocket".
 */
import { Side } from '../../../shared/domain/order.ts'
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
import { architectListings } from './architect-ax-listings.ts'

const key = {
  kind: keyOf('t'),
  seconds: keyOf('ts'),
  nanoseconds: keyOf('tn'),
  symbol: keyOf('s'),
  bids: keyOf('b'),
  asks: keyOf('a'),
  price: keyOf('p'),
  quantity: keyOf('q'),
  direction: keyOf('d'),
  mark: keyOf('m'),
  openInterest: keyOf('oi'),
  request: keyOf('rid'),
  error: keyOf('error'),
  shortError: keyOf('err'),
} as const

const kind = {
  heartbeat: keyOf('h'),
  touch: keyOf('1'),
  book: keyOf('2'),
  orders: keyOf('3'),
  trade: keyOf('t'),
  statistics: keyOf('s'),
  candle: keyOf('c'),
} as const

const level = levelKeys('p', 'q')
const BUY_LETTER = 0x42
const NS_PER_US = 1_000

class ArchitectDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  #symbol = NO_SYMBOL
  readonly #time = new Float64Array(1)

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  /** Letters mean different things in different kinds: they are read into all. */
  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor, book, trade, state } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    trade.clear()
    state.clear()
    this.#symbol = NO_SYMBOL
    this.#time[0] = 0
    let kindOf = 0
    let isAnswer = false
    let isError = false
    while (cursor.nextKey()) {
      if (cursor.key === key.kind) {
        if (cursor.text()) kindOf = cursor.textHash()
      } else if (cursor.key === key.request) {
        isAnswer = true
        cursor.skip()
      } else if (cursor.key === key.error || cursor.key === key.shortError) {
        isError = true
        cursor.skip()
      } else this.#field()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (isError) return FrameVerdict.refused
    if (isAnswer) return FrameVerdict.answer
    return this.#tell(kindOf, sink)
  }

  #field(): void {
    const scratch = this.#scratch
    const { cursor, book, trade, state } = scratch
    switch (cursor.key) {
      case key.symbol:
        this.#symbol = scratch.readSymbol()
        break
      case key.seconds:
        this.#time[0] += cursor.timeUs(6)
        break
      case key.nanoseconds:
        this.#time[0] += Math.max(0, Math.floor(cursor.integer() / NS_PER_US))
        break
      case key.bids:
        book.levels.readObjects(cursor, BID, level)
        break
      case key.asks:
        book.levels.readObjects(cursor, ASK, level)
        break
      case key.price:
        scratch.readTradePrice()
        break
      case key.quantity:
        scratch.readTradeSize()
        break
      case key.direction:
        if (cursor.text()) trade.aggressor = cursor.bytes[cursor.textFrom] === BUY_LETTER ? Side.buy : Side.sell
        break
      case key.mark:
        state.values[State.markPrice] = cursor.float()
        break
      case key.openInterest:
        state.values[State.openInterest] = cursor.float()
        break
      default:
        cursor.skip()
    }
  }

  #tell(kindOf: number, sink: FeedSink): FrameVerdict {
    if (kindOf === kind.heartbeat) return FrameVerdict.heartbeat
    if (kindOf === kind.candle) return FrameVerdict.candle
    const isBook = kindOf === kind.book || kindOf === kind.orders
    if (!isBook && kindOf !== kind.touch && kindOf !== kind.trade && kindOf !== kind.statistics)
      return FrameVerdict.unknownChannel
    if (this.#symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    const { book, trade, state, quote } = this.#scratch
    book.symbol = this.#symbol
    book.timeUs = this.#time[0]
    if (isBook) {
      book.isSnapshot = true
      sink.onBook(book)
    } else if (kindOf === kind.touch) {
      if (book.levels.isBroken) return FrameVerdict.malformed
      this.#scratch.quoteFromLevels()
      if (this.#scratch.dropEmptySides()) sink.onQuote(quote)
    } else if (kindOf === kind.trade) {
      trade.symbol = this.#symbol
      trade.timeUs = this.#time[0]
      if (!this.#scratch.isTradeWhole) return FrameVerdict.malformed
      sink.onTrade(trade)
    } else {
      state.symbol = this.#symbol
      if (trade.price >= 0) state.values[State.lastPrice] = trade.price / 10 ** trade.priceFraction
      sink.onState(state)
    }
    return FrameVerdict.parsed
  }
}

export const architectAx: FeedVenue = {
  id: 'architect_ax',
  name: 'Architect AX',
  captures: ['ARCHITECT_AX'],
  retired: 'its market data asks for a login',
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  isSnapshotOnly: true,
  decoder: (symbols) => new ArchitectDecoder(symbols),
  listingUrls: () => ['https://gateway.architect.exchange/api/instruments'],
  readListings: (url, body) => (url.includes('/instruments') ? architectListings(body) : undefined),
  connection: {
    url: () => 'wss://gateway.architect.exchange/md/ws',
    subscribe: (names) =>
      names.map((symbol, at) => JSON.stringify({ rid: at + 1, type: 'subscribe', symbol, level: 'LEVEL_2' })),
    symbolsMax: 100,
    sendsPerSecond: 10,
    silenceMs: 30_000,
  },
}
