/**
 * Market data of bitFlyer Lightning: JSON-RPC notifications whose channel is 'lightning_KIND_PRODUCT'. No numbers, no
 * checksum: whole books come by themselves every few seconds and heal. Source: bitFlyer Lightning API, "Realtime API".
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
import { bitflyerListings } from './bitflyer-listings.ts'

const key = {
  params: keyOf('params'),
  channel: keyOf('channel'),
  message: keyOf('message'),
  result: keyOf('result'),
  error: keyOf('error'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  bid: keyOf('best_bid'),
  bidSize: keyOf('best_bid_size'),
  ask: keyOf('best_ask'),
  askSize: keyOf('best_ask_size'),
  time: keyOf('timestamp'),
} as const

const levels = levelKeys('price', 'size')
/** An auction's executions (itayose) have an empty side. */
const trades = tradeKeys({
  price: 'price',
  size: 'size',
  side: 'side',
  time: 'exec_date',
  clock: ISO_CLOCK,
  buy: 'BUY',
  sell: 'SELL',
})

const Channel = { unknown: 0, whole: 1, changes: 2, executions: 3, ticker: 4 } as const
type Channel = (typeof Channel)[keyof typeof Channel]
/** The longer first: one begins as another does. */
const prefixes = [
  'lightning_board_snapshot_',
  'lightning_board_',
  'lightning_executions_',
  'lightning_ticker_',
] as const

class BitflyerDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  #channel: Channel = Channel.unknown
  #symbol = NO_SYMBOL

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.params) return this.#params(sink)
      if (cursor.key === key.result) return FrameVerdict.answer
      if (cursor.key === key.error) return FrameVerdict.refused
      cursor.skip()
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.unknownChannel
  }

  /** { channel, message } */
  #params(sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (!cursor.enterObject()) return FrameVerdict.malformed
    this.#channel = Channel.unknown
    this.#symbol = NO_SYMBOL
    let hasChannel = false
    let from = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.channel) {
        hasChannel = cursor.text()
        this.#readChannel()
      } else if (cursor.key === key.message) {
        from = cursor.at
        if (hasChannel) return this.#tell(sink)
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken || from < 0) return FrameVerdict.malformed
    cursor.start(cursor.bytes, from)
    return this.#tell(sink)
  }

  #readChannel(): void {
    const { cursor } = this.#scratch
    for (let at = 0; at < prefixes.length; at++) {
      if (!cursor.textStartsWith(prefixes[at])) continue
      this.#channel = (at + 1) as Channel
      this.#symbol = this.#scratch.symbolAt(cursor.textFrom + prefixes[at].length, cursor.textTo)
      return
    }
  }

  #tell(sink: FeedSink): FrameVerdict {
    if (this.#channel === Channel.unknown) return FrameVerdict.unknownChannel
    if (this.#symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (this.#channel === Channel.executions) return readTrades(this.#scratch, this.#symbol, trades, sink)
    return this.#channel === Channel.ticker ? this.#ticker(sink) : this.#book(sink)
  }

  #book(sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    book.symbol = this.#symbol
    book.isSnapshot = this.#channel === Channel.whole
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.bids) book.levels.readObjects(cursor, BID, levels)
      else if (cursor.key === key.asks) book.levels.readObjects(cursor, ASK, levels)
      else cursor.skip()
    }
    return this.#scratch.tellBook(sink)
  }

  #ticker(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    quote.clear()
    quote.symbol = this.#symbol
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.bid) scratch.readBid()
      else if (cursor.key === key.bidSize) scratch.readBidSize()
      else if (cursor.key === key.ask) scratch.readAsk()
      else if (cursor.key === key.askSize) scratch.readAskSize()
      else if (cursor.key === key.time) quote.wide[4] = cursor.isoTimeUs()
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    sink.onQuote(quote)
    return FrameVerdict.parsed
  }
}

function say(method: string, channel: string, id: number): string {
  return JSON.stringify({ method, params: { channel }, id })
}

export const bitflyer: FeedVenue = {
  id: 'bitflyer',
  name: 'bitFlyer',
  captures: ['BITFLYER'],
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  // A whole book runs ahead of the changes on their way: until these have caught up they put back what is gone.
  crossedMax: 16,
  decoder: (symbols) => new BitflyerDecoder(symbols),
  listingUrls: () => ['', '/usa', '/eu'].map((region) => `https://api.bitflyer.com/v1/getmarkets${region}`),
  readListings: (url, body) => (/\/(get)?markets/.test(url) ? bitflyerListings(body) : undefined),
  connection: {
    url: () => 'wss://ws.lightstream.bitflyer.com/json-rpc',
    subscribe: (names) =>
      names.flatMap((name, at) => [
        say('subscribe', `lightning_board_snapshot_${name}`, at * 3 + 1),
        say('subscribe', `lightning_board_${name}`, at * 3 + 2),
        say('subscribe', `lightning_executions_${name}`, at * 3 + 3),
      ]),
    resubscribe: (name) => [
      say('unsubscribe', `lightning_board_snapshot_${name}`, 1),
      say('subscribe', `lightning_board_snapshot_${name}`, 2),
    ],
    symbolsMax: 20,
    sendsPerSecond: 10,
    silenceMs: 30_000,
  },
}
