/**
 * Market data of Gate: spot and USDT futures, one envelope { channel, event, result }; book changes numbered first to last
 * over a book asked for by HTTP. Source: gate.com/docs/developers, spot and futures WebSocket v4, "Maintain local order book".
 */
import { Side } from '../../../shared/domain/order.ts'
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
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { gateFuturesListings, gateSpotListings } from './gate-listings.ts'

const key = {
  channel: keyOf('channel'),
  event: keyOf('event'),
  error: keyOf('error'),
  result: keyOf('result'),
  id: keyOf('id'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  symbol: keyOf('s'),
  pair: keyOf('currency_pair'),
  contract: keyOf('contract'),
  time: keyOf('t'),
  first: keyOf('U'),
  last: keyOf('u'),
  full: keyOf('full'),
  bid: keyOf('b'),
  ask: keyOf('a'),
  bidSize: keyOf('B'),
  askSize: keyOf('A'),
  highestBid: keyOf('highest_bid'),
  lowestAsk: keyOf('lowest_ask'),
  highestSize: keyOf('highest_size'),
  lowestSize: keyOf('lowest_size'),
  price: keyOf('price'),
  amount: keyOf('amount'),
  size: keyOf('size'),
  side: keyOf('side'),
  createTime: keyOf('create_time'),
  createTimeMs: keyOf('create_time_ms'),
  markPrice: keyOf('mark_price'),
  indexPrice: keyOf('index_price'),
  fundingRate: keyOf('funding_rate'),
  lastPrice: keyOf('last'),
  openInterest: keyOf('total_size'),
} as const

const Kind = { other: 0, book: 1, trade: 2, touch: 3, ticker: 4, candle: 5, pong: 6 } as const
type Kind = (typeof Kind)[keyof typeof Kind]

const kinds: ReadonlyMap<number, Kind> = new Map(
  ['spot', 'futures'].flatMap((market) => [
    [keyOf(`${market}.order_book_update`), Kind.book],
    [keyOf(`${market}.trades`), Kind.trade],
    [keyOf(`${market}.book_ticker`), Kind.touch],
    [keyOf(`${market}.tickers`), Kind.ticker],
    [keyOf(`${market}.candlesticks`), Kind.candle],
    [keyOf(`${market}.pong`), Kind.pong],
  ]),
)

const event = { update: keyOf('update'), all: keyOf('all') } as const
const pair = levelKeys('p', 's')
const SELL = keyOf('sell')
const NULL_LETTER = 0x6e

/** Is this the result of a channel whose data we read? */
function isTold(kind: Kind | undefined, what: number): kind is Kind {
  if (kind === undefined || (what !== event.update && what !== event.all)) return false
  return kind !== Kind.pong && kind !== Kind.candle && kind !== Kind.other
}

class GateDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid = new SizeGrid()

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let kind: Kind | undefined
    let what = 0
    let resultAt = -1
    let isRefused = false
    while (cursor.nextKey()) {
      if (cursor.key === key.channel) kind = kinds.get(this.#word()) ?? Kind.other
      else if (cursor.key === key.event) what = this.#word()
      else if (cursor.key === key.error) {
        isRefused = cursor.peek() !== NULL_LETTER
        cursor.skip()
      } else {
        if (cursor.key === key.result) {
          // Channel and event nearly always stand before: then there is nothing to come back for.
          if (!isRefused && isTold(kind, what)) return this.#result(kind, sink)
          resultAt = cursor.at
        }
        cursor.skip()
      }
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (kind === undefined) return FrameVerdict.unknownChannel
    if (isRefused) return FrameVerdict.refused
    if (kind === Kind.pong) return FrameVerdict.heartbeat
    if (what !== event.update && what !== event.all) return FrameVerdict.answer
    if (kind === Kind.candle) return FrameVerdict.candle
    if (kind === Kind.other) return FrameVerdict.unknownChannel
    if (resultAt < 0) return FrameVerdict.malformed
    cursor.start(frame, resultAt)
    return this.#result(kind, sink)
  }

  /** { id, bids, asks }: spot levels are pairs, futures' are objects. */
  decodeSnapshot(body: Uint8Array, symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    cursor.start(body)
    book.clear()
    book.symbol = symbol
    book.isSnapshot = true
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.id) book.last = cursor.integer()
      else if (cursor.key === key.bids) this.#levels(BID)
      else if (cursor.key === key.asks) this.#levels(ASK)
      else cursor.skip()
    }
    return cursor.isBroken ? FrameVerdict.malformed : this.#tellBook(sink)
  }

  /** One object, or several in an array. */
  #result(kind: Kind, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (!cursor.isArray) return this.#one(kind, sink)
    let verdict: FrameVerdict = FrameVerdict.parsed
    cursor.enterArray()
    while (cursor.nextItem()) {
      const one = this.#one(kind, sink)
      if (one === FrameVerdict.malformed) return one
      if (one !== FrameVerdict.parsed) verdict = one
    }
    return cursor.isBroken ? FrameVerdict.malformed : verdict
  }

  #one(kind: Kind, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade, quote, state } = scratch
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    trade.clear()
    quote.clear()
    state.clear()
    while (cursor.nextKey()) this.#field()
    if (cursor.isBroken) return FrameVerdict.malformed
    const { symbol } = book
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    trade.symbol = symbol
    quote.symbol = symbol
    state.symbol = symbol
    if (kind === Kind.book) {
      return this.#tellBook(sink)
    }
    if (kind === Kind.trade) {
      if (!scratch.isTradeWhole) return FrameVerdict.malformed
      sink.onTrade(trade)
    } else {
      quote.wide[4] = book.timeUs
      // A futures ticker without best prices is a state alone.
      if (scratch.dropEmptySides()) sink.onQuote(quote)
      if (state.values[0] >= 0) sink.onState(state)
    }
    return FrameVerdict.parsed
  }

  /** Names mean one thing in all channels, but for b and a: sides of a change, or the best prices. */
  #field(): void {
    const scratch = this.#scratch
    const { cursor, book, state } = scratch
    switch (cursor.key) {
      case key.symbol:
      case key.pair:
      case key.contract:
        book.symbol = scratch.readSymbol()
        break
      case key.time:
        book.timeUs = cursor.timeUs(3)
        break
      case key.first:
        book.first = cursor.integer()
        break
      case key.last:
        book.last = cursor.integer()
        break
      case key.full:
        book.isSnapshot = cursor.isTrue()
        break
      case key.bid:
        if (cursor.isArray) this.#levels(BID)
        else scratch.readBid()
        break
      case key.ask:
        if (cursor.isArray) this.#levels(ASK)
        else scratch.readAsk()
        break
      case key.highestBid:
        scratch.readBid()
        break
      case key.lowestAsk:
        scratch.readAsk()
        break
      case key.bidSize:
      case key.highestSize:
        scratch.readBidSize()
        break
      case key.askSize:
      case key.lowestSize:
        scratch.readAskSize()
        break
      case key.markPrice:
        state.values[0] = cursor.float()
        break
      case key.indexPrice:
        state.values[1] = cursor.float()
        break
      case key.fundingRate:
        state.values[2] = cursor.float()
        break
      case key.openInterest:
        state.values[4] = cursor.float()
        break
      case key.lastPrice:
        state.values[5] = cursor.float()
        break
      default:
        this.#tradeField()
    }
  }

  #tradeField(): void {
    const scratch = this.#scratch
    const { cursor, trade } = scratch
    switch (cursor.key) {
      case key.price:
        scratch.readTradePrice()
        if (cursor.isNegative) trade.price = -1
        break
      case key.amount:
        scratch.readTradeSize()
        if (cursor.isNegative) trade.size = -1
        break
      // Contracts; below zero the taker sold.
      case key.size:
        scratch.readTradeSize()
        trade.aggressor = cursor.isNegative ? Side.sell : Side.buy
        break
      case key.side:
        trade.aggressor = this.#word() === SELL ? Side.sell : Side.buy
        break
      case key.createTime:
        if (trade.timeUs === 0) trade.timeUs = cursor.timeUs(6)
        else cursor.skip()
        break
      case key.createTimeMs: {
        // Some have more digits than a number holds: the seconds must do then.
        const time = cursor.timeUs(3)
        if (time > 0) trade.timeUs = time
        break
      }
      default:
        cursor.skip()
    }
  }

  #tellBook(sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    if (book.last < 0) return FrameVerdict.malformed
    this.#grid.cut(book.symbol, book.levels)
    return this.#scratch.tellBook(sink)
  }

  #levels(side: BookSide): void {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) {
      book.levels.isBroken = true
      return
    }
    while (cursor.nextItem()) {
      if (cursor.isObject) {
        cursor.enterObject()
        book.levels.readObject(cursor, side, pair)
      } else if (cursor.enterArray()) {
        book.levels.readPair(cursor, side)
        cursor.leaveArray()
      } else book.levels.isBroken = true
    }
  }

  #word(): number {
    const { cursor } = this.#scratch
    return cursor.text() ? cursor.textHash() : 0
  }
}

interface GateMarket {
  readonly id: string
  readonly name: string
  readonly captures: readonly string[]
  readonly socket: string
  /** 'spot' or 'futures': the beginning of its channels. */
  readonly channels: string
  readonly rest: string
  readonly listings: string
  /** What an instrument is called in an address. */
  readonly parameter: string
  readonly read: FeedVenue['readListings']
}

const REST = 'https://api.gateio.ws/api/v4'
const SYMBOLS_MAX = 100

function gateFeed(market: GateMarket): FeedVenue {
  const { channels, rest, parameter, listings } = market
  const say = (channel: string, what: string, payload: readonly string[]) =>
    // The time has no meaning for the venue, but must be there.
    JSON.stringify({ time: 0, channel: `${channels}.${channel}`, event: what, payload })
  return {
    id: market.id,
    name: market.name,
    captures: market.captures,
    sequence: SequenceRule.contiguous,
    checksum: ChecksumRule.none,
    decoder: (symbols) => new GateDecoder(symbols),
    listingUrls: () => [`${rest}/${listings}`],
    readListings: (url, body) => (url.endsWith(`/${listings}`) ? market.read(url, body) : undefined),
    snapshotUrl: (name) => `${rest}/order_book?${parameter}=${name}&limit=100&with_id=true`,
    snapshotSymbol: (url) =>
      url.includes('/order_book?') ? (new URL(url).searchParams.get(parameter) ?? undefined) : undefined,
    connection: {
      url: () => market.socket,
      subscribe: (names) => [
        ...names.map((name) => say('order_book_update', 'subscribe', [name, '100ms'])),
        say('trades', 'subscribe', names),
        say('book_ticker', 'subscribe', names),
        ...(channels === 'futures' ? [say('tickers', 'subscribe', names)] : []),
      ],
      symbolsMax: SYMBOLS_MAX,
      sendsPerSecond: 10,
      ping: (nowMs) => JSON.stringify({ time: Math.floor(nowMs / 1_000), channel: `${channels}.ping` }),
      pingMs: 10_000,
      silenceMs: 25_000,
    },
  }
}

export const gate = gateFeed({
  id: 'gate',
  name: 'Gate',
  captures: ['GATEIO'],
  socket: 'wss://api.gateio.ws/ws/v4/',
  channels: 'spot',
  rest: `${REST}/spot`,
  listings: 'currency_pairs',
  parameter: 'currency_pair',
  read: (_url, body) => gateSpotListings(body),
})
export const gateFutures = gateFeed({
  id: 'gatefutures',
  name: 'Gate Futures',
  captures: ['GATEIO_FUTURES'],
  socket: 'wss://fx-ws.gateio.ws/v4/ws/usdt',
  channels: 'futures',
  rest: `${REST}/futures/usdt`,
  listings: 'contracts',
  parameter: 'contract',
  read: (_url, body) => gateFuturesListings(body),
})
