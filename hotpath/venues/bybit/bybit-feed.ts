/**
 * Market data of Bybit v5: spot, linear and inverse contracts and options, one dialect on four addresses (their symbols share
 * names, so each is a venue of its own here). Source: Bybit API v5, "Orderbook", "Trade", "Ticker", "Connect" (websocket).
 */
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
import { LastQuotes } from '../feed/last-quotes.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { type BybitCategory, bybitListings } from './bybit-listings.ts'

const key = {
  topic: keyOf('topic'),
  type: keyOf('type'),
  data: keyOf('data'),
  ts: keyOf('ts'),
  op: keyOf('op'),
  success: keyOf('success'),
  returnCode: keyOf('retCode'),
  message: keyOf('ret_msg'),
  s: keyOf('s'),
  symbol: keyOf('symbol'),
  b: keyOf('b'),
  a: keyOf('a'),
  u: keyOf('u'),
  bid1: keyOf('bid1Price'),
  bid1Size: keyOf('bid1Size'),
  ask1: keyOf('ask1Price'),
  ask1Size: keyOf('ask1Size'),
  bid: keyOf('bidPrice'),
  bidSize: keyOf('bidSize'),
  ask: keyOf('askPrice'),
  askSize: keyOf('askSize'),
  mark: keyOf('markPrice'),
  index: keyOf('indexPrice'),
  last: keyOf('lastPrice'),
  openInterest: keyOf('openInterest'),
  funding: keyOf('fundingRate'),
  nextFunding: keyOf('nextFundingTime'),
} as const

const word = {
  snapshot: keyOf('snapshot'),
  pong: keyOf('pong'),
  ping: keyOf('ping'),
  orderbook: keyOf('orderbook'),
  retail: keyOf('orderbook.rpi'),
  publicTrade: keyOf('publicTrade'),
  trade: keyOf('trade'),
  tickers: keyOf('tickers'),
  kline: keyOf('kline'),
  klineOfToken: keyOf('kline_lt'),
  tickersOfToken: keyOf('tickers_lt'),
  token: keyOf('lt'),
  liquidation: keyOf('liquidation'),
  allLiquidation: keyOf('allLiquidation'),
  insurance: keyOf('insurance'),
  priceLimit: keyOf('priceLimit'),
  deleveraging: keyOf('adlAlert'),
  system: keyOf('system'),
} as const

/** The side is the taker's. */
const trades = tradeKeys({
  price: 'p',
  size: 'v',
  side: 'S',
  time: 'T',
  symbols: ['s'],
  clock: 3,
  buy: 'Buy',
  sell: 'Sell',
})
const POINT = 0x2e
const RETAIL_LETTER = 0x72
const ONE = 0x31

class BybitDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #quotes = new LastQuotes()
  /** Of the frame: first word of the topic; a book of the best level alone; a whole message; its time. */
  #channel = 0
  #isTouch = false
  #isWhole = false
  #isPong = false
  readonly #time = new Float64Array(1)

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    this.#channel = 0
    this.#isWhole = false
    this.#isPong = false
    this.#time[0] = 0
    let dataAt = -1
    let isRead = false
    let isAnswer = false
    let isRefused = false
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.topic:
          this.#readTopic()
          break
        case key.type:
          if (cursor.text()) this.#isWhole = cursor.textHash() === word.snapshot
          break
        case key.ts:
          this.#time[0] = cursor.timeUs(3)
          break
        case key.data:
          cursor.peek()
          dataAt = cursor.at
          if (this.#channel === 0) cursor.skip()
          else {
            this.#read()
            isRead = true
          }
          break
        case key.op:
        case key.message:
          isAnswer = true
          if (cursor.text()) this.#isPong ||= cursor.textHash() === word.pong || cursor.textHash() === word.ping
          break
        case key.success:
          isAnswer = true
          isRefused = !cursor.isTrue()
          break
        case key.returnCode:
          isAnswer = true
          isRefused = cursor.integer() !== 0 || isRefused
          break
        default:
          cursor.skip()
      }
    }
    if (cursor.isBroken) return this.#broken(sink)
    if (this.#channel === 0) {
      if (isRefused) return FrameVerdict.refused
      if (this.#isPong) return FrameVerdict.heartbeat
      return isAnswer ? FrameVerdict.answer : FrameVerdict.unknownChannel
    }
    if (dataAt < 0) return FrameVerdict.malformed
    if (!isRead || this.#isTrades) {
      cursor.start(frame, dataAt)
      if (this.#isTrades) return readTrades(this.#scratch, NO_SYMBOL, trades, sink)
      this.#read()
    }
    return this.#tell(sink)
  }

  get #isTrades(): boolean {
    return this.#channel === word.publicTrade || this.#channel === word.trade
  }

  /** 'orderbook.50.BTCUSDT': the symbol is read from the data. */
  #readTopic(): void {
    const { cursor } = this.#scratch
    if (!cursor.text()) return
    this.#channel = cursor.wordHash(POINT)
    const { bytes, wordTo: at } = cursor
    this.#isTouch = bytes[at + 1] === ONE && bytes[at + 2] === POINT
    // 'orderbook.rpi.BTCUSDT': retail liquidity that only retail orders meet.
    if (this.#channel === word.orderbook && bytes[at + 1] === RETAIL_LETTER) this.#channel = word.retail
  }

  #read(): void {
    if (this.#channel === word.orderbook) this.#readBook()
    else if (this.#channel === word.tickers) this.#readTicker()
    else this.#scratch.cursor.skip()
  }

  #readBook(): void {
    const scratch = this.#scratch
    const { cursor, book } = scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.b) book.levels.readPairs(cursor, BID)
      else if (cursor.key === key.a) book.levels.readPairs(cursor, ASK)
      else if (cursor.key === key.u) book.last = cursor.integer()
      else if (cursor.key === key.s) book.symbol = scratch.readSymbol()
      else cursor.skip()
    }
  }

  #readTicker(): void {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    quote.clear()
    state.clear()
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) this.#tickerField()
  }

  #tickerField(): void {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    switch (cursor.key) {
      case key.symbol:
        quote.symbol = scratch.readSymbol()
        break
      case key.bid1:
      case key.bid:
        scratch.readBid()
        break
      case key.bid1Size:
      case key.bidSize:
        scratch.readBidSize()
        break
      case key.ask1:
      case key.ask:
        scratch.readAsk()
        break
      case key.ask1Size:
      case key.askSize:
        scratch.readAskSize()
        break
      case key.mark:
        state.values[State.markPrice] = cursor.float()
        break
      case key.index:
        state.values[State.indexPrice] = cursor.float()
        break
      case key.last:
        state.values[State.lastPrice] = cursor.float()
        break
      case key.openInterest:
        state.values[State.openInterest] = cursor.float()
        break
      case key.funding:
        state.values[State.fundingRate] = cursor.float()
        break
      case key.nextFunding:
        state.values[State.nextFundingUs] = cursor.timeUs(3) || Number.NaN
        break
      default:
        cursor.skip()
    }
  }

  #tell(sink: FeedSink): FrameVerdict {
    switch (this.#channel) {
      case word.orderbook:
        return this.#isTouch ? this.#tellTouch(sink) : this.#tellBook(sink)
      case word.tickers:
        return this.#tellTicker(sink)
      case word.kline:
      case word.klineOfToken:
        return FrameVerdict.candle
      case word.liquidation:
      case word.allLiquidation:
      case word.insurance:
      case word.priceLimit:
      case word.deleveraging:
      case word.tickersOfToken:
      case word.token:
      case word.retail:
        return FrameVerdict.statistics
      default:
        return this.#channel === word.system ? FrameVerdict.notice : FrameVerdict.unknownChannel
    }
  }

  #tellBook(sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    if (book.last < 0) return FrameVerdict.malformed
    if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    // After a restart of its service the venue begins again at 1: whole, whatever the type says.
    book.isSnapshot = this.#isWhole || book.last === 1
    book.timeUs = this.#time[0]
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  /** orderbook.1 is a best quote with numbers of its own: never mixed into the deeper book. */
  #tellTouch(sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (book.levels.isBroken) return FrameVerdict.malformed
    this.#scratch.quoteFromLevels()
    return this.#tellQuote(sink)
  }

  #tellTicker(sink: FeedSink): FrameVerdict {
    const { quote, state } = this.#scratch
    if (quote.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    state.symbol = quote.symbol
    sink.onState(state)
    const { wide } = quote
    return wide[0] < 0 && wide[1] < 0 && wide[2] < 0 && wide[3] < 0 ? FrameVerdict.parsed : this.#tellQuote(sink)
  }

  #tellQuote(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    this.#quotes.complete(scratch.quote, this.#isWhole)
    scratch.quote.wide[4] = this.#time[0]
    if (scratch.dropEmptySides()) sink.onQuote(scratch.quote)
    return FrameVerdict.parsed
  }

  /** A frame that was cut: the book it was for is not to be believed any more. */
  #broken(sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    if (this.#channel === word.orderbook && !this.#isTouch && book.symbol !== NO_SYMBOL) {
      book.levels.isBroken = true
      sink.onBook(book)
    }
    return FrameVerdict.malformed
  }
}

/** Topics of one request: 10 are allowed on spot, more elsewhere. */
const TOPICS_MAX = 10

interface BybitMarket {
  readonly id: string
  readonly name: string
  readonly category: BybitCategory
  /** Levels a side: the deepest that still comes every 20 ms (options: 100 ms). */
  readonly depth: number
  readonly captures?: readonly string[]
}

function bybitFeed({ id, name, category, depth, captures = [] }: BybitMarket): FeedVenue {
  const say = (op: string, topics: readonly string[]): string[] => {
    const said: string[] = []
    for (let at = 0; at < topics.length; at += TOPICS_MAX) {
      said.push(JSON.stringify({ op, args: topics.slice(at, at + TOPICS_MAX) }))
    }
    return said
  }
  const inListing = `category=${category}`
  return {
    id,
    name,
    captures,
    ownsAddress: (url) => url.endsWith(`/public/${category}`) || url.includes(inListing),
    sequence: SequenceRule.contiguous,
    checksum: ChecksumRule.none,
    decoder: (symbols) => new BybitDecoder(symbols),
    listingUrls: () => [`https://api.bybit.com/v5/market/instruments-info?${inListing}&status=Trading&limit=1000`],
    readListings: (url, body) =>
      url.includes('/instruments-info') && url.includes(inListing) ? bybitListings(category, body) : undefined,
    connection: {
      url: () => `wss://stream.bybit.com/v5/public/${category}`,
      subscribe: (names) =>
        say(
          'subscribe',
          names.flatMap((one) => [`orderbook.${depth}.${one}`, `publicTrade.${one}`, `tickers.${one}`]),
        ),
      resubscribe: (one) => {
        const topics = [`orderbook.${depth}.${one}`]
        return [...say('unsubscribe', topics), ...say('subscribe', topics)]
      },
      symbolsMax: 100,
      sendsPerSecond: 5,
      ping: () => '{"op":"ping"}',
      pingMs: 20_000,
      silenceMs: 30_000,
    },
  }
}

export const bybit = bybitFeed({ id: 'bybit', name: 'Bybit', category: 'spot', depth: 50, captures: ['BYBIT'] })
export const bybitLinear = bybitFeed({
  id: 'bybitlinear',
  name: 'Bybit linear',
  category: 'linear',
  depth: 50,
  captures: ['BYBIT'],
})
export const bybitInverse = bybitFeed({ id: 'bybitinverse', name: 'Bybit inverse', category: 'inverse', depth: 50 })
export const bybitOption = bybitFeed({ id: 'bybitoption', name: 'Bybit options', category: 'option', depth: 100 })
