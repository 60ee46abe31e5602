/**
 * Market data of HitBTC and the venues that ran on its engine, version 3: a channel, and under snapshot, update or data one
 * object keyed by instrument. Books count their messages one by one. Source: HitBTC API 3.0, "Socket Market Data".
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
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { hitbtcListings } from './hitbtc-listings.ts'

const key = {
  channel: keyOf('ch'),
  snapshot: keyOf('snapshot'),
  update: keyOf('update'),
  data: keyOf('data'),
  result: keyOf('result'),
  error: keyOf('error'),
  time: keyOf('t'),
  number: keyOf('s'),
  ask: keyOf('a'),
  askSize: keyOf('A'),
  bid: keyOf('b'),
  bidSize: keyOf('B'),
} as const

const Channel = { unknown: 0, book: 1, trades: 2, quote: 3, candles: 4, statistics: 5, depth: 6 } as const
type Channel = (typeof Channel)[keyof typeof Channel]

const trades = tradeKeys({ price: 'p', size: 'q', side: 's', time: 't', clock: 3, buy: 'buy', sell: 'sell' })

class HitbtcDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let channel: Channel | -1 = -1
    let what = 0
    let from = -1
    while (cursor.nextKey()) {
      const name = cursor.key
      if (name === key.result) return FrameVerdict.answer
      if (name === key.error) return FrameVerdict.refused
      if (name === key.channel) channel = this.#channel()
      else if (name === key.snapshot || name === key.update || name === key.data) {
        if (channel !== -1) return this.#tell(channel, name, sink)
        what = name
        from = cursor.at
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (channel === -1 || from < 0) return FrameVerdict.unknownChannel
    cursor.start(frame, from)
    return this.#tell(channel, what, sink)
  }

  #channel(): Channel {
    const { cursor } = this.#scratch
    if (!cursor.text()) return Channel.unknown
    if (cursor.textStartsWith('orderbook/full')) return Channel.book
    if (cursor.textStartsWith('orderbook/top')) return Channel.quote
    if (cursor.textStartsWith('orderbook/D')) return Channel.depth
    if (cursor.textStartsWith('trades')) return Channel.trades
    if (cursor.textStartsWith('ticker/price') || cursor.textStartsWith('price/')) return Channel.statistics
    if (cursor.textStartsWith('ticker/')) return Channel.quote
    return cursor.textStartsWith('candles/') ? Channel.candles : Channel.unknown
  }

  /** { INSTRUMENT: what the channel tells of it, ... } */
  #tell(channel: Channel, what: number, sink: FeedSink): FrameVerdict {
    if (channel === Channel.unknown) return FrameVerdict.unknownChannel
    if (channel === Channel.candles) return FrameVerdict.candle
    // The trades before our subscription are no news.
    if (channel === Channel.statistics || (channel === Channel.trades && what === key.snapshot)) {
      return FrameVerdict.statistics
    }
    const { cursor } = this.#scratch
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let verdict: FrameVerdict = FrameVerdict.parsed
    while (cursor.nextKey()) {
      const symbol = this.#scratch.symbolAt(cursor.keyFrom, cursor.keyTo)
      if (symbol === NO_SYMBOL) {
        cursor.skip()
        verdict = FrameVerdict.unknownSymbol
        continue
      }
      const one = this.#one(channel, what, symbol, sink)
      if (one !== FrameVerdict.parsed) verdict = one
      if (cursor.isBroken) break
    }
    return cursor.isBroken ? FrameVerdict.malformed : verdict
  }

  #one(channel: Channel, what: number, symbol: number, sink: FeedSink): FrameVerdict {
    if (channel === Channel.trades) return readTrades(this.#scratch, symbol, trades, sink)
    if (channel === Channel.quote) return this.#quote(symbol, sink)
    return this.#book(symbol, channel === Channel.depth || what === key.snapshot, sink)
  }

  /** { t, s, a: [[price, size], ...], b: [...] } */
  #book(symbol: number, isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    book.symbol = symbol
    book.isSnapshot = isWhole
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.time) book.timeUs = cursor.timeUs(3)
      else if (cursor.key === key.number) book.last = cursor.integer()
      else if (cursor.key === key.ask) book.levels.readPairs(cursor, ASK)
      else if (cursor.key === key.bid) book.levels.readPairs(cursor, BID)
      else cursor.skip()
    }
    if (book.last < 0) book.levels.isBroken = true
    book.levels.dropFarAsks()
    return this.#scratch.tellBook(sink)
  }

  #quote(symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    quote.clear()
    quote.symbol = symbol
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.time) quote.wide[4] = cursor.timeUs(3)
      else if (cursor.key === key.ask) scratch.readAsk()
      else if (cursor.key === key.askSize) scratch.readAskSize()
      else if (cursor.key === key.bid) scratch.readBid()
      else if (cursor.key === key.bidSize) scratch.readBidSize()
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    sink.onQuote(quote)
    return FrameVerdict.parsed
  }
}

/** Instruments of one subscription message. */
const BATCH = 50

function say(method: string, ch: string, names: readonly string[]): string[] {
  const said: string[] = []
  for (let at = 0; at < names.length; at += BATCH) {
    said.push(JSON.stringify({ method, ch, params: { symbols: names.slice(at, at + BATCH) }, id: at + 1 }))
  }
  return said
}

interface HitbtcHouse {
  readonly id: string
  readonly name: string
  readonly captures: readonly string[]
  readonly host: string
  readonly retired?: string
}

function hitbtcFeed({ id, name, captures, host, retired }: HitbtcHouse): FeedVenue {
  return {
    id,
    name,
    captures,
    ...(retired !== undefined && { retired }),
    sequence: SequenceRule.contiguous,
    checksum: ChecksumRule.none,
    decoder: (symbols) => new HitbtcDecoder(symbols),
    listingUrls: () => [`https://${host}/api/3/public/symbol`],
    readListings: (url, body) => (url.includes('/public/symbol') ? hitbtcListings(body) : undefined),
    connection: {
      url: () => `wss://${host}/api/3/ws/public`,
      subscribe: (names) => [...say('subscribe', 'orderbook/full', names), ...say('subscribe', 'trades', names)],
      resubscribe: (symbol) => [
        ...say('unsubscribe', 'orderbook/full', [symbol]),
        ...say('subscribe', 'orderbook/full', [symbol]),
      ],
      symbolsMax: 100,
      sendsPerSecond: 5,
      silenceMs: 60_000,
    },
  }
}

export const hitbtc = hitbtcFeed({ id: 'hitbtc', name: 'HitBTC', captures: [], host: 'api.hitbtc.com' })
export const fmfwio = hitbtcFeed({
  id: 'fmfwio',
  name: 'FMFW.io',
  captures: ['FMFW'],
  host: 'api.fmfw.io',
  retired: 'not connected: the venue is believed to have closed',
})
