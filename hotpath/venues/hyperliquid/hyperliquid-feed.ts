/**
 * Market data of Hyperliquid: every book message is whole (20 levels a side). Source: Hyperliquid docs, "WebSocket",
 * "Subscriptions", "Notation" (side: of the aggressor).
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
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { hyperliquidListings } from './hyperliquid-listings.ts'

const key = {
  channel: keyOf('channel'),
  data: keyOf('data'),
  coin: keyOf('coin'),
  time: keyOf('time'),
  levels: keyOf('levels'),
  bbo: keyOf('bbo'),
  px: keyOf('px'),
  sz: keyOf('sz'),
  context: keyOf('ctx'),
  funding: keyOf('funding'),
  openInterest: keyOf('openInterest'),
  oracle: keyOf('oraclePx'),
  mark: keyOf('markPx'),
} as const

const word = {
  book: keyOf('l2Book'),
  trades: keyOf('trades'),
  bbo: keyOf('bbo'),
  context: keyOf('activeAssetCtx'),
  spotContext: keyOf('activeSpotAssetCtx'),
  contexts: keyOf('allDexsAssetCtxs'),
  mids: keyOf('allMids'),
  candle: keyOf('candle'),
  answer: keyOf('subscriptionResponse'),
  pong: keyOf('pong'),
  notification: keyOf('notification'),
  error: keyOf('error'),
} as const

const level = levelKeys('px', 'sz')
/** The side is the aggressor's: 'B'id or 'A'sk. */
const trades = tradeKeys({
  price: 'px',
  size: 'sz',
  side: 'side',
  time: 'time',
  symbols: ['coin'],
  clock: 3,
  buy: 'B',
  sell: 'A',
})

class HyperliquidDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let channel = 0
    let dataAt = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.channel) {
        if (cursor.text()) channel = cursor.textHash()
      } else if (cursor.key === key.data) {
        cursor.peek()
        dataAt = cursor.at
        if (channel !== 0) return this.#data(channel, sink)
        cursor.skip()
      } else if (cursor.key === key.levels) {
        // A book without an envelope: as `info` answers it.
        cursor.start(frame)
        return this.#book(sink)
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (channel === word.pong) return FrameVerdict.heartbeat
    if (channel === 0) return FrameVerdict.unknownChannel
    if (dataAt < 0) return FrameVerdict.malformed
    cursor.start(frame, dataAt)
    return this.#data(channel, sink)
  }

  #data(channel: number, sink: FeedSink): FrameVerdict {
    switch (channel) {
      case word.book:
        return this.#book(sink)
      case word.trades:
        return readTrades(this.#scratch, NO_SYMBOL, trades, sink)
      case word.bbo:
        return this.#quote(sink)
      case word.context:
      case word.spotContext:
        return this.#context(sink)
      // All coins at once, without their names.
      case word.contexts:
      case word.mids:
        return FrameVerdict.statistics
      case word.candle:
        return FrameVerdict.candle
      case word.answer:
        return FrameVerdict.answer
      case word.pong:
        return FrameVerdict.heartbeat
      case word.notification:
        return FrameVerdict.notice
      default:
        return channel === word.error ? FrameVerdict.refused : FrameVerdict.unknownChannel
    }
  }

  /** { coin, time, levels: [[bids], [asks]] } */
  #book(sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    book.isSnapshot = true
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.coin) book.symbol = this.#scratch.readSymbol()
      else if (cursor.key === key.time) book.timeUs = cursor.timeUs(3)
      else if (cursor.key === key.levels) {
        this.#readLevels()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  #readLevels(): void {
    const { cursor, book } = this.#scratch
    book.levels.isBroken = true
    if (!cursor.enterArray() || !cursor.nextItem()) return
    book.levels.isBroken = false
    book.levels.readObjects(cursor, BID, level)
    if (cursor.nextItem()) {
      book.levels.readObjects(cursor, ASK, level)
      cursor.leaveArray()
    } else book.levels.isBroken = true
  }

  /** { coin, time, bbo: [bid or null, ask or null] } */
  #quote(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    quote.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.coin) quote.symbol = scratch.readSymbol()
      else if (cursor.key === key.time) quote.wide[4] = cursor.timeUs(3)
      else if (cursor.key === key.bbo && cursor.enterArray()) {
        for (let side = 0; cursor.nextItem(); side++) this.#touch(side === 0)
      } else if (cursor.key !== key.bbo) cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (quote.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (scratch.dropEmptySides()) sink.onQuote(quote)
    return FrameVerdict.parsed
  }

  #touch(isBid: boolean): void {
    const scratch = this.#scratch
    const { cursor } = scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.px) isBid ? scratch.readBid() : scratch.readAsk()
      else if (cursor.key === key.sz) isBid ? scratch.readBidSize() : scratch.readAskSize()
      else cursor.skip()
    }
  }

  /** { coin, ctx: { funding (of an hour), openInterest, oraclePx, markPx, ... } } */
  #context(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, state } = scratch
    state.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.coin) state.symbol = scratch.readSymbol()
      else if (cursor.key === key.context && cursor.enterObject()) {
        while (cursor.nextKey()) {
          if (cursor.key === key.funding) state.values[State.fundingRate] = cursor.float()
          else if (cursor.key === key.openInterest) state.values[State.openInterest] = cursor.float()
          else if (cursor.key === key.oracle) state.values[State.indexPrice] = cursor.float()
          else if (cursor.key === key.mark) state.values[State.markPrice] = cursor.float()
          else cursor.skip()
        }
      } else if (cursor.key !== key.context) cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (state.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    sink.onState(state)
    return FrameVerdict.parsed
  }
}

function request(method: string, type: string, coin: string): string {
  return JSON.stringify({ method, subscription: { type, coin } })
}

export const hyperliquid: FeedVenue = {
  id: 'hyperliquid',
  name: 'Hyperliquid',
  captures: ['HYPERLIQUID'],
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  isSnapshotOnly: true,
  decoder: (symbols) => new HyperliquidDecoder(symbols),
  listingUrls: () => ['meta', 'spotMeta'].map((type) => `https://api.hyperliquid.xyz/info#${type}`),
  listingBody: (url) => JSON.stringify({ type: url.slice(url.indexOf('#') + 1) }),
  readListings: (url, body) => (url.includes('/info') ? hyperliquidListings(body) : undefined),
  connection: {
    url: () => 'wss://api.hyperliquid.xyz/ws',
    subscribe: (names) =>
      names.flatMap((coin) =>
        ['l2Book', 'trades', 'bbo', 'activeAssetCtx'].map((type) => request('subscribe', type, coin)),
      ),
    // 1,000 subscriptions and 2,000 messages a minute are allowed an address.
    symbolsMax: 100,
    sendsPerSecond: 20,
    ping: () => '{"method":"ping"}',
    pingMs: 50_000,
    silenceMs: 70_000,
  },
}
