/**
 * Market data of Crypto.com: every answer wraps { instrument, channel, data }. Books come whole (version 2, or asked for so)
 * or as a whole one and linked changes (exchange/v1). Source: exchange-docs.crypto.com, "Websocket Subscriptions".
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
import { asObject, asText, parseBody } from '../feed/listing-reader.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { cryptocomListings } from './cryptocom-listings.ts'

const key = {
  method: keyOf('method'),
  code: keyOf('code'),
  result: keyOf('result'),
  instrument: keyOf('instrument_name'),
  channel: keyOf('channel'),
  data: keyOf('data'),
  update: keyOf('update'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  time: keyOf('t'),
  number: keyOf('u'),
  previous: keyOf('pu'),
  bid: keyOf('b'),
  bidSize: keyOf('bs'),
  ask: keyOf('k'),
  askSize: keyOf('ks'),
  last: keyOf('a'),
  openInterest: keyOf('oi'),
  value: keyOf('v'),
} as const

const channel = {
  book: keyOf('book'),
  bookUpdate: keyOf('book.update'),
  trade: keyOf('trade'),
  ticker: keyOf('ticker'),
  candle: keyOf('candlestick'),
  mark: keyOf('mark'),
  index: keyOf('index'),
  funding: keyOf('funding'),
  estimate: keyOf('estimatedfunding'),
  settlement: keyOf('settlement'),
} as const

const HEARTBEAT = 'public/heartbeat'
const heartbeatHash = keyOf(HEARTBEAT)
/** The side is that of who took. */
const tradeWords = tradeKeys({ price: 'p', size: 'q', side: 's', time: 't', clock: 3, buy: 'BUY', sell: 'SELL' })

class CryptocomDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let method = 0
    let code = 0
    while (cursor.nextKey()) {
      if (cursor.key === key.method) method = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.code) code = cursor.integer()
      else if (cursor.key === key.result && cursor.isObject) return this.#result(sink)
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (method === heartbeatHash) return FrameVerdict.heartbeat
    if (code !== 0) return FrameVerdict.refused
    return method === 0 ? FrameVerdict.unknownChannel : FrameVerdict.answer
  }

  #result(sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.enterObject()
    let symbol = NO_SYMBOL
    let where = 0
    let dataAt = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.instrument) symbol = this.#scratch.readSymbol()
      else if (cursor.key === key.channel) where = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.data) {
        if (where !== 0 && symbol !== NO_SYMBOL) return this.#data(where, symbol, sink)
        dataAt = cursor.at
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (dataAt < 0 || where === 0) return FrameVerdict.unknownChannel
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    cursor.start(cursor.bytes, dataAt)
    return this.#data(where, symbol, sink)
  }

  #data(where: number, symbol: number, sink: FeedSink): FrameVerdict {
    switch (where) {
      case channel.book:
      case channel.bookUpdate:
        return this.#books(symbol, where === channel.book, sink)
      case channel.trade:
        return readTrades(this.#scratch, symbol, tradeWords, sink)
      case channel.ticker:
      case channel.mark:
      case channel.index:
      case channel.funding:
      case channel.estimate:
        return this.#opinions(where, symbol, sink)
      case channel.candle:
        return FrameVerdict.candle
      case channel.settlement:
        return FrameVerdict.statistics
      default:
        return FrameVerdict.unknownChannel
    }
  }

  /** [{ bids, asks, t, u }] or [{ update: { bids, asks }, t, u, pu }]; an empty change is a heartbeat that moves the number. */
  #books(symbol: number, isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    let verdict: FrameVerdict = FrameVerdict.parsed
    while (cursor.nextItem()) {
      book.clear()
      book.symbol = symbol
      if (!cursor.enterObject()) cursor.breakOff()
      book.isSnapshot = isWhole
      while (cursor.nextKey()) {
        if (cursor.key === key.update && cursor.enterObject()) {
          book.isSnapshot = false
          while (cursor.nextKey()) this.#readBook()
        } else if (cursor.key !== key.update) this.#readBook()
      }
      if (this.#scratch.tellBook(sink) !== FrameVerdict.parsed) verdict = FrameVerdict.malformed
    }
    return cursor.isBroken ? FrameVerdict.malformed : verdict
  }

  #readBook(): void {
    const { cursor, book } = this.#scratch
    if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
    else if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
    else if (cursor.key === key.time) book.timeUs = cursor.timeUs(3)
    else if (cursor.key === key.number) book.last = cursor.integer()
    else if (cursor.key === key.previous) book.previous = cursor.integer()
    else cursor.skip()
  }

  /** Tickers, and the one value that mark, index and funding channels tell. */
  #opinions(where: number, symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      quote.clear()
      state.clear()
      quote.symbol = symbol
      state.symbol = symbol
      while (cursor.nextKey()) {
        if (cursor.key === key.bid) scratch.readBid()
        else if (cursor.key === key.bidSize) scratch.readBidSize()
        else if (cursor.key === key.ask) scratch.readAsk()
        else if (cursor.key === key.askSize) scratch.readAskSize()
        else if (cursor.key === key.time) quote.wide[4] = cursor.timeUs(3)
        else if (cursor.key === key.openInterest) state.values[4] = cursor.float()
        else if (cursor.key === key.last) state.values[5] = cursor.float()
        else if (cursor.key === key.value && where !== channel.ticker) state.values[opinionOf(where)] = cursor.float()
        else cursor.skip()
      }
      if (cursor.isBroken) return FrameVerdict.malformed
      if (where === channel.ticker && scratch.dropEmptySides()) sink.onQuote(quote)
      // Spot has no open interest: nothing to say of its state.
      if (where !== channel.ticker || state.values[4] > 0) sink.onState(state)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }
}

/** Which opinion a channel's value is. */
function opinionOf(where: number): number {
  if (where === channel.mark) return 0
  return where === channel.index ? 1 : 2
}

/** Levels a side that are subscribed: what falls below is told no more. */
const DEPTH = 50
/** Subscriptions of one message; one connection takes 400. */
const CHANNELS_PER_MESSAGE = 100
const SYMBOLS_MAX = 80

function channelsOf(name: string): string[] {
  const both = [`book.${name}.${DEPTH}`, `trade.${name}`, `ticker.${name}`]
  return name.endsWith('-PERP') ? [...both, `mark.${name}`, `estimatedfunding.${name}`] : both
}

function say(method: string, channels: readonly string[]): string[] {
  const said: string[] = []
  for (let at = 0; at < channels.length; at += CHANNELS_PER_MESSAGE) {
    const params = {
      channels: channels.slice(at, at + CHANNELS_PER_MESSAGE),
      book_subscription_type: 'SNAPSHOT_AND_UPDATE',
      book_update_frequency: 10,
    }
    said.push(JSON.stringify({ id: said.length + 1, method, params }))
  }
  return said
}

/** The answer that a heartbeat must have within five seconds. */
function heartbeatAnswer(frame: Uint8Array): string | undefined {
  if (frame.length > 200) return undefined
  const heard = asObject(parseBody(Buffer.from(frame).toString()))
  const id = asText(heard.id)
  if (heard.method !== HEARTBEAT || !/^[0-9]{1,19}$/.test(id)) return undefined
  return `{"id":${id},"method":"public/respond-heartbeat"}`
}

export const cryptocom: FeedVenue = {
  id: 'cryptocom',
  name: 'Crypto.com',
  captures: ['CRYPTO.COM'],
  sequence: SequenceRule.linked,
  checksum: ChecksumRule.none,
  depthMax: DEPTH,
  decoder: (symbols) => new CryptocomDecoder(symbols),
  listingUrls: () => ['https://api.crypto.com/exchange/v1/public/get-instruments'],
  readListings: (url, body) => (url.includes('/public/get-instruments') ? cryptocomListings(body) : undefined),
  connection: {
    url: () => 'wss://stream.crypto.com/exchange/v1/market',
    subscribe: (names) => say('subscribe', names.flatMap(channelsOf)),
    resubscribe: (name) => {
      const book = [`book.${name}.${DEPTH}`]
      return [...say('unsubscribe', book), ...say('subscribe', book)]
    },
    symbolsMax: SYMBOLS_MAX,
    sendsPerSecond: 10,
    pong: heartbeatAnswer,
    // The venue's heartbeats come every 30 seconds.
    silenceMs: 45_000,
  },
}
