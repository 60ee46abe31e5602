/**
 * Market data of HitBTC and Bequant, version 2: JSON-RPC notifications, levels as objects, the instrument last. Books count
 * their messages one by one. Source: HitBTC API 2.0, "Socket Market Data".
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
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import { hitbtcV2Listings } from './hitbtc-listings.ts'

const key = {
  method: keyOf('method'),
  params: keyOf('params'),
  result: keyOf('result'),
  error: keyOf('error'),
  symbol: keyOf('symbol'),
  number: keyOf('sequence'),
  time: keyOf('timestamp'),
  ask: keyOf('ask'),
  bid: keyOf('bid'),
  data: keyOf('data'),
} as const

const method = {
  bookWhole: keyOf('snapshotOrderbook'),
  book: keyOf('updateOrderbook'),
  tradesBefore: keyOf('snapshotTrades'),
  trades: keyOf('updateTrades'),
  candlesBefore: keyOf('snapshotCandles'),
  candles: keyOf('updateCandles'),
  ticker: keyOf('ticker'),
} as const

const levels = levelKeys('price', 'size')
const trades = tradeKeys({
  price: 'price',
  size: 'quantity',
  side: 'side',
  time: 'timestamp',
  clock: ISO_CLOCK,
  buy: 'buy',
  sell: 'sell',
})

class HitbtcV2Decoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let what = 0
    let from = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.result) return FrameVerdict.answer
      if (cursor.key === key.error) return FrameVerdict.refused
      if (cursor.key === key.method) what = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.params) {
        if (what !== 0) return this.#tell(what, sink)
        from = cursor.at
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (what === 0 || from < 0) return FrameVerdict.unknownChannel
    cursor.start(frame, from)
    return this.#tell(what, sink)
  }

  #tell(what: number, sink: FeedSink): FrameVerdict {
    switch (what) {
      case method.bookWhole:
      case method.book:
        return this.#book(what === method.bookWhole, sink)
      case method.trades:
        return this.#trades(sink)
      case method.ticker:
        return this.#quote(sink)
      // The trades before our subscription are no news.
      case method.tradesBefore:
        return FrameVerdict.statistics
      case method.candles:
      case method.candlesBefore:
        return FrameVerdict.candle
      default:
        return FrameVerdict.unknownChannel
    }
  }

  /** { ask: [{ price, size }, ...], bid, sequence, timestamp, symbol } */
  #book(isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.isSnapshot = isWhole
    while (cursor.nextKey()) {
      if (cursor.key === key.ask) book.levels.readObjects(cursor, ASK, levels)
      else if (cursor.key === key.bid) book.levels.readObjects(cursor, BID, levels)
      else if (cursor.key === key.symbol) book.symbol = this.#scratch.readSymbol()
      else if (cursor.key === key.number) book.last = cursor.integer()
      else if (cursor.key === key.time) book.timeUs = cursor.isoTimeUs()
      else cursor.skip()
    }
    if (book.last < 0) book.levels.isBroken = true
    book.levels.dropFarAsks()
    return this.#scratch.tellBook(sink)
  }

  /** { data: [...], symbol }: the instrument is found first. */
  #trades(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor } = scratch
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let symbol = NO_SYMBOL
    let from = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.symbol) symbol = scratch.readSymbol()
      else {
        if (cursor.key === key.data) from = cursor.at
        cursor.skip()
      }
    }
    if (cursor.isBroken || from < 0) return FrameVerdict.malformed
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    cursor.start(cursor.bytes, from)
    return readTrades(scratch, symbol, trades, sink)
  }

  #quote(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    quote.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.ask) scratch.readAsk()
      else if (cursor.key === key.bid) scratch.readBid()
      else if (cursor.key === key.symbol) quote.symbol = scratch.readSymbol()
      else if (cursor.key === key.time) quote.wide[4] = cursor.isoTimeUs()
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (quote.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    sink.onQuote(quote)
    return FrameVerdict.parsed
  }
}

interface HitbtcV2House {
  readonly id: string
  readonly name: string
  readonly captures: readonly string[]
  readonly host: string
  readonly retired: string
}

function say(what: string, names: readonly string[]): string[] {
  return names.map((symbol, at) => JSON.stringify({ method: what, params: { symbol }, id: at + 1 }))
}

function hitbtcV2Feed({ id, name, captures, host, retired }: HitbtcV2House): FeedVenue {
  return {
    id,
    name,
    captures,
    retired,
    sequence: SequenceRule.contiguous,
    checksum: ChecksumRule.none,
    decoder: (symbols) => new HitbtcV2Decoder(symbols),
    listingUrls: () => [`https://${host}/api/2/public/symbol`],
    readListings: (url, body) => (url.includes('/public/symbol') ? hitbtcV2Listings(body) : undefined),
    connection: {
      url: () => `wss://${host}/api/2/ws/public`,
      subscribe: (names) => [...say('subscribeOrderbook', names), ...say('subscribeTrades', names)],
      resubscribe: (symbol) => [...say('unsubscribeOrderbook', [symbol]), ...say('subscribeOrderbook', [symbol])],
      symbolsMax: 50,
      sendsPerSecond: 10,
      silenceMs: 60_000,
    },
  }
}

export const hitbtcV2 = hitbtcV2Feed({
  id: 'hitbtc-v2',
  name: 'HitBTC (version 2)',
  captures: ['HITBTC'],
  host: 'api.hitbtc.com',
  retired: 'replaced by version 3 of the same venue (hitbtc)',
})
export const bequant = hitbtcV2Feed({
  id: 'bequant',
  name: 'Bequant',
  captures: ['BEQUANT'],
  host: 'api.bequant.io',
  retired: 'not connected: the venue is believed to have closed',
})
