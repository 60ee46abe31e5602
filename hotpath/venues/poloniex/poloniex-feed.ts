/**
 * Market data of Poloniex spot (version 2 of its WebSocket API): books of 20 levels, kept at 20 by the venue's own deletes,
 * each message naming the one before. Source: api-docs.poloniex.com "Order Book Level 2", "Trades", "Ticker".
 */
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { asObject, asObjects, asText, type JsonObject, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const key = {
  event: keyOf('event'),
  channel: keyOf('channel'),
  action: keyOf('action'),
  data: keyOf('data'),
  symbol: keyOf('symbol'),
  asks: keyOf('asks'),
  bids: keyOf('bids'),
  last: keyOf('id'),
  previous: keyOf('lastId'),
  ts: keyOf('ts'),
} as const

const word = {
  book: keyOf('book_lv2'),
  /** Whole books of 5, 10 or 20 levels. */
  whole: keyOf('book'),
  trades: keyOf('trades'),
  ticker: keyOf('ticker'),
  candles: keyOf('candles'),
  snapshot: keyOf('snapshot'),
  update: keyOf('update'),
  subscribe: keyOf('subscribe'),
  unsubscribe: keyOf('unsubscribe'),
  unsubscribeAll: keyOf('unsubscribe_all'),
  pong: keyOf('pong'),
} as const

const trades = tradeKeys({
  price: 'price',
  size: 'quantity',
  side: 'takerSide',
  time: 'createTime',
  symbols: ['symbol'],
  clock: 3,
  buy: 'buy',
  sell: 'sell',
})
const UNDERSCORE = 0x5f

class PoloniexDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.isObject) return FrameVerdict.malformed
    cursor.enterObject()
    let event = 0
    let channel = 0
    let family = 0
    let action = 0
    let dataAt = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.event) event = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.channel) {
        channel = cursor.text() ? cursor.textHash() : 0
        family = cursor.wordHash(UNDERSCORE)
      } else if (cursor.key === key.action) action = cursor.text() ? cursor.textHash() : 0
      else {
        // The action stands behind the data that it is about.
        if (cursor.key === key.data) dataAt = cursor.at
        cursor.skip()
      }
    }
    // Cut off: the names of its books are in what is left of the data.
    const isCut = cursor.isBroken
    if (isCut && (dataAt < 0 || channel !== word.book)) return FrameVerdict.malformed
    if (event !== 0) return verdictOf(event)
    if (dataAt < 0) return FrameVerdict.unknownChannel
    cursor.start(frame, dataAt)
    if (channel === word.book) return this.#books(isCut ? word.update : action, isCut, sink)
    if (channel === word.whole) return this.#books(word.snapshot, false, sink)
    if (channel === word.trades) return readTrades(this.#scratch, NO_SYMBOL, trades, sink)
    if (channel === word.ticker) return FrameVerdict.statistics
    return family === word.candles ? FrameVerdict.candle : FrameVerdict.unknownChannel
  }

  /** [{ symbol, asks, bids, lastId, id, ts }, ...]; of a frame that was cut off no book can be trusted. */
  #books(action: number, isCut: boolean, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book } = scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    let worst: FrameVerdict = FrameVerdict.parsed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      book.clear()
      book.isSnapshot = action === word.snapshot
      while (cursor.nextKey()) {
        if (cursor.key === key.symbol) book.symbol = scratch.readSymbol()
        else if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
        else if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
        else if (cursor.key === key.last) book.last = cursor.integer()
        else if (cursor.key === key.previous) book.previous = cursor.integer()
        else if (cursor.key === key.ts) book.timeUs = cursor.timeUs(3)
        else cursor.skip()
      }
      if (isCut || book.last < 0 || (action !== word.snapshot && action !== word.update)) book.levels.isBroken = true
      const verdict = scratch.tellBook(sink)
      if (verdict !== FrameVerdict.parsed) worst = verdict
    }
    return cursor.isBroken || isCut ? FrameVerdict.malformed : worst
  }
}

function verdictOf(event: number): FrameVerdict {
  if (event === word.pong) return FrameVerdict.heartbeat
  const isAnswer = event === word.subscribe || event === word.unsubscribe || event === word.unsubscribeAll
  return isAnswer ? FrameVerdict.answer : FrameVerdict.refused
}

/** Source: "Symbol Information". */
function poloniexListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const symbol = poloniexSymbol(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function poloniexSymbol(one: JsonObject): VenueSymbol | undefined {
  if (one.state !== 'NORMAL') return undefined
  const limit = asObject(one.symbolTradeLimit)
  return listed({
    name: asText(one.symbol),
    base: asText(one.baseCurrencyName),
    quote: asText(one.quoteCurrencyName),
    tickSize: stepOf(limit.priceScale),
    lotSize: stepOf(limit.quantityScale),
    quantityMin: asText(limit.minQuantity),
    notionalMin: asText(limit.minAmount),
  })
}

const BATCH = 50

function say(event: 'subscribe' | 'unsubscribe', channel: string, symbols: readonly string[]): string {
  return JSON.stringify({ event, channel: [channel], symbols })
}

export const poloniex: FeedVenue = {
  id: 'poloniex',
  name: 'Poloniex',
  captures: ['POLONIEX'],
  sequence: SequenceRule.linked,
  checksum: ChecksumRule.none,
  depthMax: 20,
  decoder: (symbols) => new PoloniexDecoder(symbols),
  listingUrls: () => ['https://api.poloniex.com/markets'],
  readListings: (url, body) => (/\/markets(\?|$)/.test(url) ? poloniexListings(body) : undefined),
  connection: {
    url: () => 'wss://ws.poloniex.com/ws/public',
    subscribe: (names) => {
      const said: string[] = []
      for (let at = 0; at < names.length; at += BATCH) {
        const some = names.slice(at, at + BATCH)
        said.push(say('subscribe', 'book_lv2', some), say('subscribe', 'trades', some))
      }
      return said
    },
    resubscribe: (name) => [say('unsubscribe', 'book_lv2', [name]), say('subscribe', 'book_lv2', [name])],
    symbolsMax: 200,
    sendsPerSecond: 20,
    // Nothing said for 30 seconds: the venue hangs up.
    ping: () => '{"event":"ping"}',
    pingMs: 15_000,
    silenceMs: 45_000,
  },
}
