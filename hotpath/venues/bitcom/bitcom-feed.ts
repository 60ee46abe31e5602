/**
 * Market data of Bit.com (spot pairs and linear contracts): one envelope, books as linked changes, the state of contracts in
 * their ticker. Source: Bit.com API, "Websocket: Depth, Ticker, Trade channel".
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
import { bitcomListings } from './bitcom-listings.ts'

const key = {
  channel: keyOf('channel'),
  time: keyOf('timestamp'),
  data: keyOf('data'),
  code: keyOf('code'),
  type: keyOf('type'),
  pair: keyOf('pair'),
  instrument: keyOf('instrument_id'),
  number: keyOf('sequence'),
  previous: keyOf('prev_sequence'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  changes: keyOf('changes'),
  bid: keyOf('best_bid'),
  bidSize: keyOf('best_bid_qty'),
  ask: keyOf('best_ask'),
  askSize: keyOf('best_ask_qty'),
  mark: keyOf('mark_price'),
  index: keyOf('index_price'),
  funding: keyOf('funding_rate'),
  openInterest: keyOf('open_interest'),
  last: keyOf('last_price'),
} as const

const word = {
  depth: keyOf('depth'),
  ticker: keyOf('ticker'),
  trade: keyOf('trade'),
  kline: keyOf('kline'),
  subscription: keyOf('subscription'),
  pong: keyOf('pong'),
  snapshot: keyOf('snapshot'),
  buy: keyOf('buy'),
  sell: keyOf('sell'),
} as const

const trades = tradeKeys({
  price: 'price',
  size: 'qty',
  side: 'side',
  time: 'created_at',
  symbols: ['pair', 'instrument_id'],
  clock: 3,
  buy: 'buy',
  sell: 'sell',
})

class BitcomDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #timeUs = new Float64Array(1)

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let channel = 0
    let from = -1
    this.#timeUs[0] = 0
    while (cursor.nextKey()) {
      if (cursor.key === key.channel) channel = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.time) this.#timeUs[0] = cursor.timeUs(3)
      else if (cursor.key === key.data) {
        from = cursor.at
        if (channel !== 0 && this.#timeUs[0] > 0) return this.#tell(channel, sink)
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (channel === word.pong) return FrameVerdict.heartbeat
    if (from < 0) return FrameVerdict.unknownChannel
    cursor.start(frame, from)
    return this.#tell(channel, sink)
  }

  #tell(channel: number, sink: FeedSink): FrameVerdict {
    switch (channel) {
      case word.depth:
        return this.#book(sink)
      case word.ticker:
        return this.#ticker(sink)
      case word.trade:
        return readTrades(this.#scratch, NO_SYMBOL, trades, sink)
      case word.subscription:
        return this.#answer()
      case word.kline:
        return FrameVerdict.candle
      case word.pong:
        return FrameVerdict.heartbeat
      default:
        return FrameVerdict.unknownChannel
    }
  }

  #answer(): FrameVerdict {
    const { cursor } = this.#scratch
    let code = 0
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.code) code = cursor.integer()
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    return code === 0 ? FrameVerdict.answer : FrameVerdict.refused
  }

  #book(sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.timeUs = this.#timeUs[0]
    while (cursor.nextKey()) {
      if (cursor.key === key.type) book.isSnapshot = cursor.text() && cursor.textHash() === word.snapshot
      else if (cursor.key === key.pair || cursor.key === key.instrument) book.symbol = this.#scratch.readSymbol()
      else if (cursor.key === key.number) book.last = cursor.integer()
      else if (cursor.key === key.previous) book.previous = cursor.integer()
      else if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
      else if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
      else if (cursor.key === key.changes) this.#changes()
      else cursor.skip()
    }
    if (book.last < 0) book.levels.isBroken = true
    return this.#scratch.tellBook(sink)
  }

  /** [["sell", price, size], ...] */
  #changes(): void {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) return
    while (cursor.nextItem()) {
      let side = 0
      if (cursor.enterArray()) {
        if (cursor.nextItem() && cursor.text()) side = cursor.textHash()
        book.levels.readPair(cursor, side === word.buy ? BID : ASK)
        cursor.leaveArray()
      }
      if (side !== word.buy && side !== word.sell) book.levels.isBroken = true
    }
    if (cursor.isBroken) book.levels.isBroken = true
  }

  #ticker(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    quote.clear()
    state.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let isContract = false
    while (cursor.nextKey()) {
      if (cursor.key === key.pair || cursor.key === key.instrument) {
        isContract = cursor.key === key.instrument
        quote.symbol = scratch.readSymbol()
      } else if (cursor.key === key.bid) scratch.readBid()
      else if (cursor.key === key.bidSize) scratch.readBidSize()
      else if (cursor.key === key.ask) scratch.readAsk()
      else if (cursor.key === key.askSize) scratch.readAskSize()
      else if (cursor.key === key.mark) state.values[0] = cursor.float()
      else if (cursor.key === key.index) state.values[1] = cursor.float()
      else if (cursor.key === key.funding) state.values[2] = cursor.float()
      else if (cursor.key === key.openInterest) state.values[4] = cursor.float()
      else if (cursor.key === key.last) state.values[5] = cursor.float()
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (quote.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    quote.wide[4] = this.#timeUs[0]
    sink.onQuote(quote)
    if (isContract) {
      state.symbol = quote.symbol
      sink.onState(state)
    }
    return FrameVerdict.parsed
  }
}

/** 'NEAR-USDT-PERPETUAL' is a contract, 'NEAR-USDT' a pair. */
function isPair(name: string): boolean {
  return name.split('-').length === 2
}

function say(type: string, channels: readonly string[], names: readonly string[]): string[] {
  const pairs = names.filter(isPair)
  const instruments = names.filter((name) => !isPair(name))
  return [
    ...(pairs.length > 0 ? [JSON.stringify({ type, channels, pairs })] : []),
    ...(instruments.length > 0 ? [JSON.stringify({ type, channels, instruments })] : []),
  ]
}

export const bitcom: FeedVenue = {
  id: 'bitcom',
  name: 'Bit.com',
  captures: ['BIT.COM'],
  retired: 'not connected: the venue is believed to have closed',
  sequence: SequenceRule.linked,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new BitcomDecoder(symbols),
  listingUrls: () => [
    'https://spot-api.bit.com/spot/v1/instruments',
    ...['USD', 'USDT'].map((currency) => `https://api.bit.com/linear/v1/instruments?currency=${currency}&active=true`),
  ],
  readListings: (url, body) => (url.includes('/v1/instruments') ? bitcomListings(body) : undefined),
  connection: {
    url: (names) => (names.every(isPair) ? 'wss://spot-ws.bit.com' : 'wss://ws.bit.com'),
    subscribe: (names) => say('subscribe', ['depth', 'trade', 'ticker'], names),
    resubscribe: (name) => [...say('unsubscribe', ['depth'], [name]), ...say('subscribe', ['depth'], [name])],
    symbolsMax: 50,
    sendsPerSecond: 5,
    silenceMs: 30_000,
  },
}
