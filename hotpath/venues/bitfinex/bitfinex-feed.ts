/**
 * Market data of Bitfinex: arrays that begin with a channel's number, told once when it was subscribed. With the flag SEQ_ALL
 * every message of a connection is counted; with OB_CHECKSUM a CRC-32 follows the changes of a book. Source: Bitfinex API v2,
 * "General", "Flags", "Books", "Trades", "Ticker", "Derivatives status", "WebSocket Checksum".
 */
import { Side } from '../../../shared/domain/order.ts'
import { ABSENT } from '../feed/feed-message.ts'
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
import { bitfinexListings } from './bitfinex-listings.ts'

const key = {
  event: keyOf('event'),
  channel: keyOf('channel'),
  channelId: keyOf('chanId'),
  symbol: keyOf('symbol'),
  key: keyOf('key'),
  precision: keyOf('prec'),
  flags: keyOf('flags'),
  code: keyOf('code'),
} as const

const word = {
  subscribed: keyOf('subscribed'),
  unsubscribed: keyOf('unsubscribed'),
  conf: keyOf('conf'),
  info: keyOf('info'),
  error: keyOf('error'),
  pong: keyOf('pong'),
  exact: keyOf('P0'),
  book: keyOf('book'),
  trades: keyOf('trades'),
  ticker: keyOf('ticker'),
  candles: keyOf('candles'),
  status: keyOf('status'),
  heartbeat: keyOf('hb'),
  checksum: keyOf('cs'),
  executed: keyOf('te'),
  executedAgain: keyOf('tu'),
} as const

/** What a channel's number stands for, kept as symbol x 8 + kind. */
const Kind = { other: 0, book: 1, trades: 2, ticker: 3, candles: 4, status: 5 } as const
type Kind = (typeof Kind)[keyof typeof Kind]
const KINDS = 8
/** A connection has 25; no hostile one makes us keep more than this. */
const CHANNELS_MAX = 1_024

const SEQ_ALL = 65_536
const OB_CHECKSUM = 131_072
/** The venue was restarted: what it said before no longer holds. */
const MAINTENANCE_ENDED = 20_061
const DERIVATIVE_PREFIX = 'deriv:'

class BitfinexDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #channels = new Map<number, number>()
  /** Number of the last message. */
  readonly #known = new Float64Array([ABSENT])
  #isCounted = true

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (cursor.isObject) return this.#event(sink)
    if (!cursor.isArray || !cursor.enterArray() || !cursor.nextItem()) return FrameVerdict.malformed
    const id = cursor.integer()
    if (id < 0 || !cursor.nextItem()) return FrameVerdict.malformed
    let from = cursor.at
    let what = 0
    if (cursor.isText) {
      cursor.text()
      what = cursor.textHash()
      if (what !== word.heartbeat) {
        if (!cursor.nextItem()) return FrameVerdict.malformed
        from = cursor.at
        cursor.skip()
      }
    } else if (cursor.isArray) cursor.skip()
    else return FrameVerdict.malformed
    // The number stands behind what it counts.
    if (!this.#count(sink)) return FrameVerdict.malformed
    if (what === word.heartbeat) return FrameVerdict.heartbeat
    const channel = this.#channels.get(id)
    // A channel whose subscription was not heard.
    if (channel === undefined) return FrameVerdict.unknownSymbol
    cursor.start(frame, from)
    return this.#tell(channel % KINDS, Math.floor(channel / KINDS), what, sink)
  }

  /** Reads the rest of the message; false: it is broken. */
  #count(sink: FeedSink): boolean {
    const { cursor } = this.#scratch
    if (!cursor.nextItem()) return !cursor.isBroken
    if (this.#isCounted) {
      const number = cursor.integer()
      if (number < 0) return false
      const known = this.#known[0]
      this.#known[0] = number
      if (known !== ABSENT && number !== known + 1) sink.onConnectionGap()
    }
    cursor.leaveArray()
    return !cursor.isBroken
  }

  #tell(kind: number, symbol: number, what: number, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (kind === Kind.candles) return FrameVerdict.candle
    if (kind === Kind.book) return what === word.checksum ? this.#checksum(symbol, sink) : this.#book(symbol, sink)
    if (kind === Kind.trades) {
      if (what === word.executed) return this.#trade(symbol, sink)
      // The trades before our subscription, and each one's second telling, are no news.
      return what === 0 || what === word.executedAgain ? FrameVerdict.statistics : FrameVerdict.unknownChannel
    }
    if (kind === Kind.other || !cursor.enterArray()) return FrameVerdict.unknownChannel
    return kind === Kind.ticker ? this.#ticker(symbol, sink) : this.#status(symbol, sink)
  }

  /** [price, count, amount], or a list of them: the whole book. */
  #book(symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    if (!cursor.enterArray()) return FrameVerdict.malformed
    book.symbol = symbol
    const hasItems = cursor.nextItem()
    if (hasItems && !cursor.isArray) this.#level()
    else {
      book.isSnapshot = true
      for (let more = hasItems; more; more = cursor.nextItem()) {
        if (cursor.enterArray()) this.#level()
        else book.levels.isBroken = true
      }
    }
    return this.#scratch.tellBook(sink)
  }

  /** The rest of a level: the amount is negative on the ask side, a count of 0 removes the price. */
  #level(): void {
    const { cursor, book } = this.#scratch
    let price = -1
    let priceFraction = 0
    let count = -1
    let size = -1
    if (cursor.nextItem()) {
      price = cursor.decimal()
      priceFraction = cursor.fraction
      if (cursor.isNegative) price = -1
      if (cursor.nextItem()) {
        count = cursor.integer()
        if (cursor.nextItem()) size = cursor.decimal()
      }
    }
    const side = cursor.isNegative ? ASK : BID
    const sizeFraction = cursor.fraction
    cursor.leaveArray()
    if (count < 0 || size < 0) book.levels.isBroken = true
    else book.levels.add(side, price, priceFraction, count === 0 ? 0 : size, count === 0 ? 0 : sizeFraction)
  }

  #checksum(symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    const value = cursor.decimal()
    if (value < 0 || cursor.fraction > 0) return FrameVerdict.malformed
    book.symbol = symbol
    book.checksum = cursor.isNegative ? -value : value
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  /** [id, time, amount (negative: sold), price] */
  #trade(symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, trade } = scratch
    trade.clear()
    trade.symbol = symbol
    if (!cursor.enterArray()) return FrameVerdict.malformed
    if (cursor.nextItem()) cursor.skip()
    if (cursor.nextItem()) trade.timeUs = cursor.timeUs(3)
    if (cursor.nextItem()) scratch.readTradeSize()
    trade.aggressor = cursor.isNegative ? Side.sell : Side.buy
    if (cursor.nextItem()) scratch.readTradePrice()
    cursor.leaveArray()
    if (cursor.isBroken || !scratch.isTradeWhole) return FrameVerdict.malformed
    sink.onTrade(trade)
    return FrameVerdict.parsed
  }

  /** [bid, size of 25 bids, ask, size of 25 asks, ...]: what is there at the best price it does not say. */
  #ticker(symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    quote.clear()
    quote.symbol = symbol
    if (cursor.nextItem()) scratch.readBid()
    if (cursor.nextItem()) cursor.skip()
    if (cursor.nextItem()) scratch.readAsk()
    cursor.leaveArray()
    if (cursor.isBroken) return FrameVerdict.malformed
    sink.onQuote(quote)
    return FrameVerdict.parsed
  }

  /** Of a derivative, by place: 2 last, 3 index, 7 next funding, 11 funding, 14 mark, 17 open interest. */
  #status(symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, state } = this.#scratch
    state.clear()
    state.symbol = symbol
    for (let place = 0; cursor.nextItem(); place++) {
      if (place === 2) state.values[5] = cursor.float()
      else if (place === 3) state.values[1] = cursor.float()
      else if (place === 7) state.values[3] = cursor.timeUs(3)
      else if (place === 11) state.values[2] = cursor.float()
      else if (place === 14) state.values[0] = cursor.float()
      else if (place === 17) state.values[4] = cursor.float()
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    sink.onState(state)
    return FrameVerdict.parsed
  }

  #event(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor } = scratch
    cursor.enterObject()
    let what = 0
    let channel = 0
    let id = -1
    let flags = 0
    let code = 0
    let isExact = true
    let nameFrom = 0
    let nameTo = 0
    while (cursor.nextKey()) {
      if (cursor.key === key.event) what = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.channel) channel = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.channelId) id = cursor.integer()
      else if (cursor.key === key.flags) flags = cursor.integer()
      else if (cursor.key === key.code) code = cursor.integer()
      else if (cursor.key === key.precision) isExact = cursor.text() && cursor.textHash() === word.exact
      else if (cursor.key === key.symbol || cursor.key === key.key) {
        if (!cursor.text()) continue
        nameFrom = cursor.textFrom + (cursor.textStartsWith(DERIVATIVE_PREFIX) ? DERIVATIVE_PREFIX.length : 0)
        nameTo = cursor.textTo
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    switch (what) {
      case word.subscribed:
        this.#open(id, kindOf(channel, isExact), nameFrom, nameTo)
        return FrameVerdict.answer
      case word.unsubscribed:
        this.#channels.delete(id)
        return FrameVerdict.answer
      case word.conf:
        this.#isCounted = (flags & SEQ_ALL) !== 0
        return FrameVerdict.answer
      case word.error:
        return FrameVerdict.refused
      case word.pong:
        return FrameVerdict.heartbeat
      case word.info:
        if (code === MAINTENANCE_ENDED) sink.onConnectionGap()
        return FrameVerdict.notice
      default:
        return FrameVerdict.unknownChannel
    }
  }

  #open(id: number, kind: Kind, nameFrom: number, nameTo: number): void {
    const isNamed = kind !== Kind.candles && kind !== Kind.other
    const symbol = isNamed ? this.#scratch.symbolAt(nameFrom, nameTo) : 0
    if (id < 0 || symbol === NO_SYMBOL || this.#channels.size >= CHANNELS_MAX) return
    this.#channels.set(id, symbol * KINDS + kind)
  }
}

/** Books of coarser precision, and of single orders, are not read: we do not ask for them. */
function kindOf(channel: number, isExact: boolean): Kind {
  switch (channel) {
    case word.book:
      return isExact ? Kind.book : Kind.other
    case word.trades:
      return Kind.trades
    case word.ticker:
      return Kind.ticker
    case word.candles:
      return Kind.candles
    case word.status:
      return Kind.status
    default:
      return Kind.other
  }
}

function say(channel: string, rest: object): string {
  return JSON.stringify({ event: 'subscribe', channel, ...rest })
}

/** Only derivatives have a status. */
function isDerivative(symbol: string): boolean {
  return symbol.includes('F0:')
}

export const bitfinex: FeedVenue = {
  id: 'bitfinex',
  name: 'Bitfinex',
  captures: ['BITFINEX'],
  // Counted per connection: in the decoder.
  sequence: SequenceRule.none,
  checksum: ChecksumRule.bitfinex25,
  depthMax: 250,
  decoder: (symbols) => new BitfinexDecoder(symbols),
  listingUrls: () => ['https://api-pub.bitfinex.com/v2/tickers?symbols=ALL'],
  readListings: (url, body) => (url.includes('/v2/tickers') ? bitfinexListings(body) : undefined),
  connection: {
    url: () => 'wss://api-pub.bitfinex.com/ws/2',
    // A channel is left by its number, which only its connection knows: one lost book is told anew by reconnecting.
    subscribe: (names) => [
      JSON.stringify({ event: 'conf', flags: SEQ_ALL + OB_CHECKSUM }),
      ...names.flatMap((symbol) => [
        say('book', { symbol, prec: 'P0', freq: 'F0', len: '250' }),
        say('trades', { symbol }),
        ...(isDerivative(symbol) ? [say('status', { key: `${DERIVATIVE_PREFIX}${symbol}` })] : []),
      ]),
    ],
    // 25 channels a connection, up to three an instrument.
    symbolsMax: 8,
    sendsPerSecond: 5,
    // Every channel beats every 15 s.
    silenceMs: 30_000,
  },
}
