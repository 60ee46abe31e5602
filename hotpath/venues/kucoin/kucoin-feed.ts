/**
 * Market data of KuCoin spot: changes over a book asked for by HTTP, every price level change numbered; the address of the
 * socket comes with a ticket. Sources: KuCoin Spot (classic) "Apply connect token", "Orderbook - Increment", "Trade", "Ticker".
 */
import { Side } from '../../../shared/domain/order.ts'
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { asObject, asObjects, asText, listed, parseBody } from '../feed/listing-reader.ts'
import { longTimeUs } from '../feed/long-decimal.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const key = {
  type: keyOf('type'),
  topic: keyOf('topic'),
  data: keyOf('data'),
  code: keyOf('code'),
  sequence: keyOf('sequence'),
  first: keyOf('sequenceStart'),
  last: keyOf('sequenceEnd'),
  changes: keyOf('changes'),
  asks: keyOf('asks'),
  bids: keyOf('bids'),
  side: keyOf('side'),
  price: keyOf('price'),
  size: keyOf('size'),
  time: keyOf('time'),
  timestamp: keyOf('timestamp'),
  bestAsk: keyOf('bestAsk'),
  bestAskSize: keyOf('bestAskSize'),
  bestBid: keyOf('bestBid'),
  bestBidSize: keyOf('bestBidSize'),
} as const

const word = {
  message: keyOf('message'),
  welcome: keyOf('welcome'),
  ack: keyOf('ack'),
  pong: keyOf('pong'),
  error: keyOf('error'),
  level2: keyOf('/market/level2'),
  whole5: keyOf('/spotMarket/level2Depth5'),
  whole50: keyOf('/spotMarket/level2Depth50'),
  match: keyOf('/market/match'),
  ticker: keyOf('/market/ticker'),
  candles: keyOf('/market/candles'),
  statistics: keyOf('/market/snapshot'),
  buy: keyOf('buy'),
  sell: keyOf('sell'),
} as const

const COLON = 0x3a
const success = keyOf('200000')

class KucoinDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid: SizeGrid
  #topic = 0
  #symbol = NO_SYMBOL
  #side = 0

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
    this.#grid = SizeGrid.of(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor, book, trade, quote } = this.#scratch
    cursor.start(frame)
    if (!cursor.isObject) return FrameVerdict.malformed
    cursor.enterObject()
    book.clear()
    trade.clear()
    quote.clear()
    this.#topic = 0
    this.#symbol = NO_SYMBOL
    this.#side = 0
    let type = 0
    while (cursor.nextKey()) {
      // The data come before the topic that says what they are: their names differ enough to be read into what they may be.
      if (cursor.key === key.data) this.#readData()
      else if (cursor.key === key.topic) this.#readTopic()
      else if (cursor.key === key.type) type = cursor.text() ? cursor.textHash() : 0
      else cursor.skip()
    }
    if (type === word.message || this.#topic !== 0) return this.#tell(sink)
    if (cursor.isBroken) return FrameVerdict.malformed
    if (type === word.welcome || type === word.ack) return FrameVerdict.answer
    if (type === word.pong) return FrameVerdict.heartbeat
    return type === word.error ? FrameVerdict.refused : FrameVerdict.unknownChannel
  }

  decodeSnapshot(body: Uint8Array, symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    cursor.start(body)
    book.clear()
    book.symbol = symbol
    book.isSnapshot = true
    let isGood = false
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.code) isGood = cursor.text() && cursor.textHash() === success
      else if (cursor.key === key.data) this.#readData()
      else cursor.skip()
    }
    if (cursor.isBroken || !isGood || book.last < 0 || book.levels.isBroken) return FrameVerdict.malformed
    this.#grid.cut(symbol, book.levels)
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  /** '/market/level2:BTC-USDT' */
  #readTopic(): void {
    const { cursor } = this.#scratch
    if (!cursor.text()) return
    this.#topic = cursor.wordHash(COLON)
    this.#symbol = this.#scratch.symbolAt(cursor.wordTo + 1, cursor.textTo)
  }

  /** All of data; books keep their sides one object deeper, in `changes`. */
  #readData(isInner = false): void {
    const scratch = this.#scratch
    const { cursor, book, trade, quote } = scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.changes:
          if (isInner) cursor.skip()
          else this.#readData(true)
          break
        case key.asks:
          book.levels.readPairs(cursor, ASK)
          break
        case key.bids:
          book.levels.readPairs(cursor, BID)
          break
        case key.first:
          book.first = cursor.integer()
          break
        case key.last:
        case key.sequence:
          book.last = cursor.integer()
          break
        case key.time:
          // Milliseconds in books and tickers, nanoseconds in trades.
          trade.timeUs = inUs(longTimeUs(cursor, 0))
          book.timeUs = trade.timeUs
          quote.wide[4] = trade.timeUs
          break
        case key.timestamp:
          book.timeUs = cursor.timeUs(3)
          break
        case key.price:
          scratch.readTradePrice()
          break
        case key.size:
          scratch.readTradeSize()
          break
        case key.side:
          this.#side = cursor.text() ? cursor.textHash() : 0
          break
        case key.bestAsk:
          scratch.readAsk()
          break
        case key.bestAskSize:
          scratch.readAskSize()
          break
        case key.bestBid:
          scratch.readBid()
          break
        case key.bestBidSize:
          scratch.readBidSize()
          break
        default:
          cursor.skip()
      }
    }
  }

  #tell(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade, quote } = scratch
    const topic = this.#topic
    const symbol = this.#symbol
    if (topic === word.level2) {
      book.symbol = symbol
      if (book.last < 0 || book.first < 0) book.levels.isBroken = true
      if (symbol !== NO_SYMBOL) this.#grid.cut(symbol, book.levels)
      return scratch.tellBook(sink)
    }
    if (topic === word.whole50 || topic === word.whole5) {
      book.symbol = symbol
      book.isSnapshot = true
      if (symbol !== NO_SYMBOL) this.#grid.cut(symbol, book.levels)
      return scratch.tellBook(sink)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (topic === word.candles) return FrameVerdict.candle
    if (topic === word.statistics) return FrameVerdict.statistics
    if (topic !== word.match && topic !== word.ticker) return FrameVerdict.unknownChannel
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (topic === word.ticker) {
      quote.symbol = symbol
      if (scratch.dropEmptySides()) sink.onQuote(quote)
      return FrameVerdict.parsed
    }
    trade.symbol = symbol
    // The side is the taker's.
    trade.aggressor = this.#side === word.buy ? Side.buy : Side.sell
    if (!scratch.isTradeWhole || (this.#side !== word.buy && this.#side !== word.sell)) return FrameVerdict.malformed
    sink.onTrade(trade)
    return FrameVerdict.parsed
  }
}

/** A count since 1970 in milliseconds or nanoseconds: no time of ours has as few nanoseconds or as many milliseconds. */
function inUs(count: number): number {
  return count < 1e15 ? count * 1e3 : Math.floor(count / 1e3)
}

/** Source: "Get All Symbols". */
function kucoinListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.data)) return undefined
  return asObjects(answer.data).flatMap((one) => {
    if (one.enableTrading !== true) return []
    const symbol = listed({
      name: asText(one.symbol),
      base: asText(one.baseCurrency),
      quote: asText(one.quoteCurrency),
      tickSize: asText(one.priceIncrement),
      lotSize: asText(one.baseIncrement),
      quantityMin: asText(one.baseMinSize),
      quantityMax: asText(one.baseMaxSize),
      notionalMin: asText(one.minFunds ?? one.quoteMinSize),
    })
    return symbol === undefined ? [] : [symbol]
  })
}

/** 'wss://ws-api-spot.kucoin.com/?token=...' */
function address(body: string): string | undefined {
  const data = asObject(asObject(parseBody(body)).data)
  const endpoint = asText(asObjects(data.instanceServers)[0]?.endpoint)
  const token = asText(data.token)
  return endpoint === '' || token === '' ? undefined : `${endpoint}?token=${token}`
}

/** Names in one topic. */
const BATCH = 100

function say(type: 'subscribe' | 'unsubscribe', topic: string): string {
  return JSON.stringify({ id: topic.slice(0, 40), type, topic, privateChannel: false, response: true })
}

export const kucoin: FeedVenue = {
  id: 'kucoin',
  name: 'KuCoin',
  captures: ['KUCOIN'],
  sequence: SequenceRule.contiguous,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new KucoinDecoder(symbols),
  listingUrls: () => ['https://api.kucoin.com/api/v2/symbols'],
  readListings: (url, body) => (/\/api\/v[12]\/symbols/.test(url) ? kucoinListings(body) : undefined),
  // The best 100 levels are public, the whole book is not: what lies deeper is known as it changes.
  snapshotUrl: (name) => `https://api.kucoin.com/api/v1/market/orderbook/level2_100?symbol=${name}`,
  snapshotSymbol: (url) =>
    url.includes('/market/orderbook/level2') ? (new URL(url).searchParams.get('symbol') ?? undefined) : undefined,
  connection: {
    url: () => 'wss://ws-api-spot.kucoin.com/',
    subscribe: (names) => {
      const said: string[] = []
      for (let at = 0; at < names.length; at += BATCH) {
        const some = names.slice(at, at + BATCH).join(',')
        for (const topic of ['/market/level2', '/market/match', '/market/ticker']) {
          said.push(say('subscribe', `${topic}:${some}`))
        }
      }
      return said
    },
    // 400 topics a connection, a name is one; 100 messages in 10 seconds.
    symbolsMax: 100,
    sendsPerSecond: 5,
    ping: (nowMs) => JSON.stringify({ id: String(nowMs), type: 'ping' }),
    pingMs: 18_000,
    silenceMs: 60_000,
    ticket: { url: 'https://api.kucoin.com/api/v1/bullet-public', method: 'POST', read: address },
  },
}
