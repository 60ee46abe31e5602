/**
 * Market data of Bittrex (v3), closed in December 2023: SignalR messages whose arguments are JSON in raw deflate in base64;
 * books numbered without a hole over one asked for by HTTP, whose number is in a header. Source: bittrex.github.io/api/v3.
 */
import { inflateRawSync } from 'node:zlib'
import { FeedScratch } from '../feed/feed-scratch.ts'
import {
  ChecksumRule,
  type FeedDecoder,
  type FeedSink,
  type FeedVenue,
  FrameVerdict,
  SequenceRule,
} from '../feed/feed-venue.ts'
import { JsonCursor, keyOf } from '../feed/json-cursor.ts'
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { asObjects, asText, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const key = {
  messages: keyOf('M'),
  arguments: keyOf('A'),
  answer: keyOf('R'),
  error: keyOf('E'),
  success: keyOf('Success'),
  connection: keyOf('C'),
  marketSymbol: keyOf('marketSymbol'),
  symbol: keyOf('symbol'),
  sequence: keyOf('sequence'),
  bidDeltas: keyOf('bidDeltas'),
  askDeltas: keyOf('askDeltas'),
  bid: keyOf('bid'),
  ask: keyOf('ask'),
  deltas: keyOf('deltas'),
  bidRate: keyOf('bidRate'),
  askRate: keyOf('askRate'),
  sequenceHeader: keyOf('Sequence'),
} as const

const method = {
  orderBook: keyOf('orderBook'),
  trade: keyOf('trade'),
  ticker: keyOf('ticker'),
  tickers: keyOf('tickers'),
  candle: keyOf('candle'),
  summary: keyOf('marketSummary'),
  summaries: keyOf('marketSummaries'),
  heartbeat: keyOf('heartbeat'),
} as const

const pair = levelKeys('rate', 'quantity')
const tradeWords = tradeKeys({
  price: 'rate',
  size: 'quantity',
  side: 'takerSide',
  time: 'executedAt',
  clock: ISO_CLOCK,
  buy: 'BUY',
  sell: 'SELL',
})
const OPEN_OBJECT = 0x7b
/** Of one message, unpacked. */
const BYTES_MAX = 4_194_304
/** Levels a side that were subscribed; a level that falls below is told no more. */
const DEPTH = 500

class BittrexDecoder implements FeedDecoder {
  readonly #outer = new JsonCursor()
  readonly #scratch: FeedScratch
  readonly #grid = new SizeGrid()

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const cursor = this.#outer
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    // {} keeps the connection alive.
    let verdict: FrameVerdict = FrameVerdict.heartbeat
    while (cursor.nextKey()) {
      if (cursor.key === key.messages) {
        if (!cursor.enterArray()) return FrameVerdict.malformed
        while (cursor.nextItem()) {
          const one = this.#message(sink)
          if (verdict !== FrameVerdict.malformed && verdict !== FrameVerdict.parsed) verdict = one
          if (one === FrameVerdict.malformed) verdict = one
        }
      } else if (cursor.key === key.answer) verdict = this.#answer()
      else if (cursor.key === key.error) return FrameVerdict.refused
      else {
        if (cursor.key === key.connection && verdict === FrameVerdict.heartbeat) verdict = FrameVerdict.answer
        cursor.skip()
      }
    }
    return cursor.isBroken ? FrameVerdict.malformed : verdict
  }

  /** { bid: [{ quantity, rate }], ask: [...] } and, behind it, the headers of the answer: the number is there. */
  decodeSnapshot(body: Uint8Array, symbol: number, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    cursor.start(body)
    book.clear()
    book.symbol = symbol
    book.isSnapshot = true
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.bid) book.levels.readObjects(cursor, BID, pair)
      else if (cursor.key === key.ask) book.levels.readObjects(cursor, ASK, pair)
      else cursor.skip()
    }
    const headers = body.indexOf(OPEN_OBJECT, cursor.at)
    if (cursor.isBroken || headers < 0) return FrameVerdict.malformed
    cursor.start(body, headers)
    cursor.enterObject()
    while (cursor.nextKey()) {
      if (cursor.key === key.sequenceHeader) book.last = cursor.integer()
      else cursor.skip()
    }
    return cursor.isBroken ? FrameVerdict.malformed : this.#tellBook(sink)
  }

  /** { H: hub, M: method, A: [packed, ...] } */
  #message(sink: FeedSink): FrameVerdict {
    const cursor = this.#outer
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let kind = 0
    let packedAt = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.messages && cursor.isText) {
        cursor.text()
        kind = cursor.textHash()
      } else {
        if (cursor.key === key.arguments && cursor.isArray) packedAt = cursor.at
        cursor.skip()
      }
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (kind === method.heartbeat) return FrameVerdict.heartbeat
    if (kind === method.candle) return FrameVerdict.candle
    if (kind === method.summary || kind === method.summaries || kind === method.tickers) return FrameVerdict.statistics
    if (kind !== method.orderBook && kind !== method.trade && kind !== method.ticker) return FrameVerdict.unknownChannel
    if (packedAt < 0) return FrameVerdict.malformed
    const after = cursor.at
    cursor.at = packedAt
    cursor.enterArray()
    let verdict: FrameVerdict = FrameVerdict.parsed
    while (cursor.nextItem()) {
      const one = cursor.text() ? this.#payload(kind, sink) : FrameVerdict.malformed
      if (one !== FrameVerdict.parsed) verdict = one
    }
    cursor.at = after
    return verdict
  }

  #payload(kind: number, sink: FeedSink): FrameVerdict {
    const bytes = unpacked(this.#outer.textString())
    if (bytes === undefined) return FrameVerdict.malformed
    const scratch = this.#scratch
    const { cursor, book, quote } = scratch
    cursor.start(bytes)
    book.clear()
    quote.clear()
    let tradesAt = -1
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.marketSymbol || cursor.key === key.symbol) book.symbol = scratch.readSymbol()
      else if (cursor.key === key.sequence) book.last = cursor.integer()
      else if (cursor.key === key.bidDeltas) book.levels.readObjects(cursor, BID, pair)
      else if (cursor.key === key.askDeltas) book.levels.readObjects(cursor, ASK, pair)
      else if (cursor.key === key.bidRate) scratch.readBid()
      else if (cursor.key === key.askRate) scratch.readAsk()
      else {
        if (cursor.key === key.deltas && cursor.isArray) tradesAt = cursor.at
        cursor.skip()
      }
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    const { symbol } = book
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (kind === method.trade) {
      if (tradesAt < 0) return FrameVerdict.malformed
      cursor.start(bytes, tradesAt)
      return readTrades(scratch, symbol, tradeWords, sink)
    }
    if (kind === method.ticker) {
      quote.symbol = symbol
      if (scratch.dropEmptySides()) sink.onQuote(quote)
      return FrameVerdict.parsed
    }
    return this.#tellBook(sink)
  }

  #tellBook(sink: FeedSink): FrameVerdict {
    const { book } = this.#scratch
    if (book.last < 0) return FrameVerdict.malformed
    this.#grid.cut(book.symbol, book.levels)
    return this.#scratch.tellBook(sink)
  }

  /** [{ Success, ErrorCode }, ...] or one of it: what became of a subscription. */
  #answer(): FrameVerdict {
    const cursor = this.#outer
    let verdict: FrameVerdict = FrameVerdict.answer
    if (!cursor.isArray) {
      cursor.skip()
      return verdict
    }
    cursor.enterArray()
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) continue
      while (cursor.nextKey()) {
        if (cursor.key !== key.success) cursor.skip()
        else if (!cursor.isTrue()) verdict = FrameVerdict.refused
      }
    }
    return verdict
  }
}

/** Allocates: the packing leaves no other way. Undefined when it is none, or too large. */
function unpacked(text: string): Uint8Array | undefined {
  try {
    return inflateRawSync(Buffer.from(text, 'base64'), { maxOutputLength: BYTES_MAX })
  } catch {
    return undefined
  }
}

function bittrexListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const symbol = listed({
      name: asText(one.symbol),
      base: asText(one.baseCurrencySymbol),
      quote: asText(one.quoteCurrencySymbol),
      tickSize: stepOf(one.precision),
      // Quantities had eight digits everywhere.
      lotSize: stepOf(8),
      quantityMin: asText(one.minTradeSize),
    })
    return symbol === undefined || one.status !== 'ONLINE' ? [] : [symbol]
  })
}

const REST = 'https://api.bittrex.com/v3'
const SNAPSHOT_PATH = /\/markets\/([^/]+)\/orderbook/

export const bittrex: FeedVenue = {
  id: 'bittrex',
  name: 'Bittrex',
  captures: ['BITTREX'],
  retired: 'the venue closed in December 2023',
  sequence: SequenceRule.contiguous,
  checksum: ChecksumRule.none,
  depthMax: DEPTH,
  decoder: (symbols) => new BittrexDecoder(symbols),
  listingUrls: () => [`${REST}/markets`],
  readListings: (url, body) => (url.endsWith('/v3/markets') ? bittrexListings(body) : undefined),
  snapshotUrl: (name) => `${REST}/markets/${name}/orderbook?depth=${DEPTH}`,
  snapshotSymbol: (url) => SNAPSHOT_PATH.exec(url)?.[1],
  connection: {
    url: () => 'wss://socket-v3.bittrex.com/signalr/connect',
    subscribe: (names) =>
      names.map((name, at) =>
        JSON.stringify({
          H: 'c3',
          M: 'Subscribe',
          A: [[`orderbook_${name}_${DEPTH}`, `trade_${name}`, `ticker_${name}`]],
          I: at + 1,
        }),
      ),
    symbolsMax: 50,
    sendsPerSecond: 10,
    silenceMs: 30_000,
  },
}
