/**
 * Market data of dYdX v4 through its indexer: channels of one market each, numbers that count the messages of the connection.
 * Source: docs.dydx.xyz, "Indexer WebSocket", "How to uncross the orderbook".
 */
import { ConnectionSequence } from '../feed/connection-sequence.ts'
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
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import { dydxListings } from './dydx-listings.ts'

const key = {
  type: keyOf('type'),
  message: keyOf('message_id'),
  channel: keyOf('channel'),
  id: keyOf('id'),
  contents: keyOf('contents'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  trades: keyOf('trades'),
  markets: keyOf('markets'),
  trading: keyOf('trading'),
  oracles: keyOf('oraclePrices'),
  oracle: keyOf('oraclePrice'),
  funding: keyOf('nextFundingRate'),
  openInterest: keyOf('openInterest'),
} as const

const word = {
  connected: keyOf('connected'),
  subscribed: keyOf('subscribed'),
  unsubscribed: keyOf('unsubscribed'),
  data: keyOf('channel_data'),
  batch: keyOf('channel_batch_data'),
  pong: keyOf('pong'),
  error: keyOf('error'),
  book: keyOf('v4_orderbook'),
  trades: keyOf('v4_trades'),
  markets: keyOf('v4_markets'),
  candles: keyOf('v4_candles'),
  height: keyOf('v4_block_height'),
} as const

const level = levelKeys('price', 'size')
/** The side is the taker's. */
const trades = tradeKeys({
  price: 'price',
  size: 'size',
  side: 'side',
  time: 'createdAt',
  clock: ISO_CLOCK,
  buy: 'BUY',
  sell: 'SELL',
})

class DydxDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #sequence = new ConnectionSequence()
  #isFirst = false

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let type = 0
    let channel = 0
    let number = -1
    let symbol = NO_SYMBOL
    let contentsAt = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.type) {
        if (cursor.text()) type = cursor.textHash()
      } else if (cursor.key === key.message) number = cursor.integer()
      else if (cursor.key === key.channel) {
        if (cursor.text()) channel = cursor.textHash()
      } else if (cursor.key === key.id) symbol = this.#readId(channel)
      else {
        if (cursor.key === key.contents) {
          cursor.peek()
          contentsAt = cursor.at
        }
        cursor.skip()
      }
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (type === word.pong) return FrameVerdict.heartbeat
    if (type === 0) return FrameVerdict.unknownChannel
    if (number >= 0 && !this.#sequence.follows(number, sink)) return FrameVerdict.repeated
    if (type === word.error) return FrameVerdict.refused
    if (type === word.connected || type === word.unsubscribed) return FrameVerdict.answer
    if (contentsAt < 0) return FrameVerdict.malformed
    if (type !== word.subscribed && type !== word.data && type !== word.batch) return FrameVerdict.unknownChannel
    this.#isFirst = type === word.subscribed
    cursor.start(frame, contentsAt)
    return this.#contents(channel, symbol, type === word.batch, sink)
  }

  /** A market's name; ids of other channels (an account's, a candle's) must not become symbols. */
  #readId(channel: number): number {
    const { cursor } = this.#scratch
    if (channel === 0 || channel === word.book || channel === word.trades) return this.#scratch.readSymbol()
    cursor.skip()
    return NO_SYMBOL
  }

  #contents(channel: number, symbol: number, isBatch: boolean, sink: FeedSink): FrameVerdict {
    switch (channel) {
      case word.book:
        return symbol === NO_SYMBOL ? FrameVerdict.unknownSymbol : this.#book(symbol, isBatch, sink)
      case word.trades:
        return symbol === NO_SYMBOL ? FrameVerdict.unknownSymbol : this.#eachOf(isBatch, symbol, false, sink)
      case word.markets:
        return this.#eachOf(isBatch, symbol, true, sink)
      case word.candles:
        return FrameVerdict.candle
      case word.height:
        return FrameVerdict.statistics
      default:
        return FrameVerdict.unknownChannel
    }
  }

  /** { bids, asks }, or several of them in turn: they are one change. */
  #book(symbol: number, isBatch: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    book.symbol = symbol
    book.isSnapshot = this.#isFirst
    if (isBatch) {
      if (!cursor.enterArray()) return FrameVerdict.malformed
      while (cursor.nextItem()) this.#readBook()
    } else this.#readBook()
    if (cursor.isBroken) book.levels.isBroken = true
    sink.onBook(book)
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  #readBook(): void {
    const { cursor, book } = this.#scratch
    if (!cursor.isObject) book.levels.isBroken = true
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.bids) this.#readSide(BID)
      else if (cursor.key === key.asks) this.#readSide(ASK)
      else cursor.skip()
    }
  }

  /** Objects with a subscription, pairs afterwards. */
  #readSide(side: typeof BID | typeof ASK): void {
    const { cursor, book } = this.#scratch
    const { levels } = book
    if (!cursor.isArray) levels.isBroken = true
    if (!cursor.enterArray()) return
    while (cursor.nextItem()) {
      if (cursor.isObject) {
        cursor.enterObject()
        levels.readObject(cursor, side, level)
      } else if (cursor.enterArray()) {
        levels.readPair(cursor, side)
        cursor.leaveArray()
      } else levels.isBroken = true
    }
  }

  #eachOf(isBatch: boolean, symbol: number, isMarkets: boolean, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (isBatch && !cursor.enterArray()) return FrameVerdict.malformed
    while (!isBatch || cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      const isTold = isMarkets ? this.#markets(sink) : this.#trades(symbol, sink)
      if (!isTold) return FrameVerdict.malformed
      if (!isBatch) break
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  /** { trades: [...] } */
  #trades(symbol: number, sink: FeedSink): boolean {
    const scratch = this.#scratch
    const { cursor } = scratch
    while (cursor.nextKey()) {
      if (cursor.key !== key.trades) cursor.skip()
      else if (readTrades(scratch, symbol, trades, sink, this.#isFirst) === FrameVerdict.malformed) return false
    }
    return !cursor.isBroken
  }

  /** { markets: { NAME: {...} } } with a subscription; { trading: {...}, oraclePrices: {...} } afterwards. */
  #markets(sink: FeedSink): boolean {
    const { cursor } = this.#scratch
    while (cursor.nextKey()) {
      if (cursor.key !== key.markets && cursor.key !== key.trading && cursor.key !== key.oracles) {
        cursor.skip()
        continue
      }
      if (!cursor.enterObject()) return false
      while (cursor.nextKey()) this.#market(sink)
    }
    return !cursor.isBroken
  }

  #market(sink: FeedSink): void {
    const scratch = this.#scratch
    const { cursor, state } = scratch
    state.clear()
    state.symbol = scratch.symbolAt(cursor.keyFrom, cursor.keyTo)
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.oracle) state.values[State.indexPrice] = cursor.float()
      else if (cursor.key === key.funding) state.values[State.fundingRate] = cursor.float()
      else if (cursor.key === key.openInterest) state.values[State.openInterest] = cursor.float()
      else cursor.skip()
    }
    if (!cursor.isBroken && state.symbol !== NO_SYMBOL) sink.onState(state)
  }
}

function request(type: string, channel: string, id: string): string {
  return JSON.stringify({ type, channel, id, batched: false })
}

export const dydx: FeedVenue = {
  id: 'dydx',
  name: 'dYdX',
  captures: ['DYDX_V4'],
  // The numbers are the connection's; the decoder watches them.
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  // Every validator keeps a book of its own and the indexer merges what it hears: its documentation says that the merged one
  // crosses and uncrosses by itself. Told anew when it stays crossed for this many messages.
  crossedMax: 200,
  decoder: (symbols) => new DydxDecoder(symbols),
  listingUrls: () => ['https://indexer.dydx.trade/v4/perpetualMarkets'],
  readListings: (url, body) => (url.includes('/perpetualMarkets') ? dydxListings(body) : undefined),
  connection: {
    url: () => 'wss://indexer.dydx.trade/v4/ws',
    subscribe: (names) => [
      JSON.stringify({ type: 'subscribe', channel: 'v4_markets' }),
      ...names.flatMap((name) => ['v4_orderbook', 'v4_trades'].map((one) => request('subscribe', one, name))),
    ],
    resubscribe: (name) => ['unsubscribe', 'subscribe'].map((type) => request(type, 'v4_orderbook', name)),
    // 32 subscriptions of one channel are allowed a connection, and 2 messages a second.
    symbolsMax: 32,
    sendsPerSecond: 2,
    silenceMs: 30_000,
  },
}
