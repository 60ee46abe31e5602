/**
 * Market data of Kraken spot in the first version of its WebSocket API: messages are arrays whose last two items name the
 * channel and the pair; books carry a CRC-32. Source: docs.kraken.com/websockets (v1), "book", "trade", "spread", "ticker".
 */
import { Side } from '../../../shared/domain/order.ts'
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
import { krakenListings } from './kraken-listings.ts'

const key = {
  asksWhole: keyOf('as'),
  bidsWhole: keyOf('bs'),
  asks: keyOf('a'),
  bids: keyOf('b'),
  checksum: keyOf('c'),
  event: keyOf('event'),
  status: keyOf('status'),
} as const

const word = {
  heartbeat: keyOf('heartbeat'),
  systemStatus: keyOf('systemStatus'),
  subscriptionStatus: keyOf('subscriptionStatus'),
  error: keyOf('error'),
  trade: keyOf('trade'),
  ticker: keyOf('ticker'),
  spread: keyOf('spread'),
} as const

const BUY_LETTER = 0x62
const BATCH = 50

class KrakenV1Decoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.start(frame)
    if (cursor.isObject) return this.#notice()
    // The channel stands behind what it tells: it is found first, then the payload is read with the pair known.
    const from = cursor.at
    if (!cursor.enterArray()) return FrameVerdict.malformed
    let items = 0
    let channel = 0
    let isBook = false
    let pair = NO_SYMBOL
    for (; cursor.nextItem(); items++) {
      if (items === 0 || !cursor.isText) {
        cursor.skip()
        continue
      }
      cursor.text()
      if (channel === 0) {
        channel = cursor.textHash()
        isBook = cursor.textStartsWith('book')
      } else pair = this.#scratch.symbolAt(cursor.textFrom, cursor.textTo)
    }
    if (cursor.isBroken || items < 4) return FrameVerdict.malformed
    if (pair === NO_SYMBOL) return FrameVerdict.unknownSymbol
    cursor.start(frame, from)
    cursor.enterArray()
    cursor.nextItem()
    cursor.skip()
    if (isBook) return this.#book(pair, items - 3, sink)
    if (channel === word.trade) return this.#trades(pair, sink)
    if (channel === word.ticker) return this.#ticker(pair, sink)
    return channel === word.spread ? this.#spread(pair, sink) : FrameVerdict.unknownChannel
  }

  #notice(): FrameVerdict {
    const { cursor } = this.#scratch
    cursor.enterObject()
    let kind = 0
    let isError = false
    while (cursor.nextKey()) {
      if (cursor.key === key.event && cursor.isText) {
        cursor.text()
        kind = cursor.textHash()
      } else if (cursor.key === key.status && cursor.isText) {
        cursor.text()
        isError = cursor.textHash() === word.error
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (isError || kind === word.error) return FrameVerdict.refused
    if (kind === word.heartbeat) return FrameVerdict.heartbeat
    if (kind === word.systemStatus) return FrameVerdict.notice
    return kind === word.subscriptionStatus ? FrameVerdict.answer : FrameVerdict.unknownChannel
  }

  /** One payload, or two when both sides changed; the checksum is in the last. */
  #book(symbol: number, payloads: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    book.symbol = symbol
    for (let payload = 0; payload < payloads && cursor.nextItem(); payload++) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      while (cursor.nextKey()) {
        if (cursor.key === key.asks || cursor.key === key.asksWhole) {
          if (cursor.key === key.asksWhole) book.isSnapshot = true
          book.levels.readPairs(cursor, ASK)
        } else if (cursor.key === key.bids || cursor.key === key.bidsWhole) {
          if (cursor.key === key.bidsWhole) book.isSnapshot = true
          book.levels.readPairs(cursor, BID)
        } else if (cursor.key === key.checksum) book.checksum = cursor.integer()
        else cursor.skip()
      }
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  /** [[price, volume, time, side, type, misc], ...] */
  #trades(symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, trade } = scratch
    if (!cursor.nextItem() || !cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterArray()) return FrameVerdict.malformed
      trade.clear()
      trade.symbol = symbol
      if (cursor.nextItem()) scratch.readTradePrice()
      if (cursor.nextItem()) scratch.readTradeSize()
      if (cursor.nextItem()) trade.timeUs = cursor.timeUs(6)
      if (cursor.nextItem() && cursor.text()) {
        trade.aggressor = cursor.bytes[cursor.textFrom] === BUY_LETTER ? Side.buy : Side.sell
      }
      cursor.leaveArray()
      if (cursor.isBroken || !scratch.isTradeWhole) return FrameVerdict.malformed
      sink.onTrade(trade)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  /** { a: [best ask, whole lots, lots], b: [...], c: [last, lots], ... } */
  #ticker(symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    quote.clear()
    quote.symbol = symbol
    if (!cursor.nextItem() || !cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      const isAsk = cursor.key === key.asks
      if ((!isAsk && cursor.key !== key.bids) || !cursor.enterArray()) {
        if (!isAsk && cursor.key !== key.bids) cursor.skip()
        continue
      }
      if (cursor.nextItem()) isAsk ? scratch.readAsk() : scratch.readBid()
      if (cursor.nextItem()) cursor.skip()
      if (cursor.nextItem()) isAsk ? scratch.readAskSize() : scratch.readBidSize()
      cursor.leaveArray()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    sink.onQuote(quote)
    return FrameVerdict.parsed
  }

  /** [bid, ask, time, bid volume, ask volume] */
  #spread(symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    quote.clear()
    quote.symbol = symbol
    if (!cursor.nextItem() || !cursor.enterArray()) return FrameVerdict.malformed
    if (cursor.nextItem()) scratch.readBid()
    if (cursor.nextItem()) scratch.readAsk()
    if (cursor.nextItem()) quote.wide[4] = cursor.timeUs(6)
    if (cursor.nextItem()) scratch.readBidSize()
    if (cursor.nextItem()) scratch.readAskSize()
    if (cursor.isBroken) return FrameVerdict.malformed
    sink.onQuote(quote)
    return FrameVerdict.parsed
  }
}

export const krakenV1: FeedVenue = {
  id: 'kraken-v1',
  name: 'Kraken (WebSocket v1)',
  captures: ['KRAKEN'],
  retired: 'replaced by version 2 of the same venue (kraken)',
  sequence: SequenceRule.none,
  checksum: ChecksumRule.kraken10,
  depthMax: 1000,
  decoder: (symbols) => new KrakenV1Decoder(symbols),
  listingUrls: () => ['https://api.kraken.com/0/public/AssetPairs'],
  readListings: (url, body) => (url.includes('/AssetPairs') ? krakenListings(body) : undefined),
  connection: {
    url: () => 'wss://ws.kraken.com',
    subscribe: (names) => {
      const said: string[] = []
      for (let at = 0; at < names.length; at += BATCH) {
        const pair = names.slice(at, at + BATCH)
        said.push(JSON.stringify({ event: 'subscribe', pair, subscription: { name: 'book', depth: 1000 } }))
        said.push(JSON.stringify({ event: 'subscribe', pair, subscription: { name: 'trade' } }))
      }
      return said
    },
    symbolsMax: 200,
    sendsPerSecond: 5,
    silenceMs: 15_000,
  },
}
