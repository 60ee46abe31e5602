/**
 * Market data of Bithumb, first generation: { type, content }, every content of one kind. Source: Bithumb API 1.2.0, "WebSocket".
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
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import { bithumbV1Listings } from './bithumb-listings.ts'

const key = {
  status: keyOf('status'),
  type: keyOf('type'),
  content: keyOf('content'),
  list: keyOf('list'),
  symbol: keyOf('symbol'),
  side: keyOf('orderType'),
  price: keyOf('price'),
  size: keyOf('quantity'),
  asks: keyOf('asks'),
  bids: keyOf('bids'),
} as const

const word = {
  ok: keyOf('0000'),
  transaction: keyOf('transaction'),
  depth: keyOf('orderbookdepth'),
  whole: keyOf('orderbooksnapshot'),
  ticker: keyOf('ticker'),
  bid: keyOf('bid'),
  ask: keyOf('ask'),
} as const

/** buySellGb: 1 somebody sold, 2 somebody bought. Times are Korea's. */
const trades = tradeKeys({
  price: 'contPrice',
  size: 'contQty',
  side: 'buySellGb',
  time: 'contDtm',
  symbols: ['symbol'],
  clock: ISO_CLOCK,
  zoneHours: 9,
  buy: '2',
  sell: '1',
})

class BithumbV1Decoder implements FeedDecoder {
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
      if (cursor.key === key.status) {
        return cursor.text() && cursor.textHash() === word.ok ? FrameVerdict.answer : FrameVerdict.refused
      }
      if (cursor.key === key.type) what = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.content) {
        from = cursor.at
        if (what !== 0) return this.#tell(what, sink)
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (from < 0) return FrameVerdict.unknownChannel
    cursor.start(frame, from)
    return this.#tell(what, sink)
  }

  #tell(what: number, sink: FeedSink): FrameVerdict {
    if (what === word.ticker) return FrameVerdict.statistics
    if (what === word.transaction) return this.#trades(sink)
    return what === word.depth || what === word.whole
      ? this.#book(what === word.whole, sink)
      : FrameVerdict.unknownChannel
  }

  #trades(sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.list) return readTrades(this.#scratch, NO_SYMBOL, trades, sink)
      cursor.skip()
    }
    return FrameVerdict.malformed
  }

  /** Whole: { symbol, datetime, asks: [[price, size], ...], bids }. Changes: { list: [{ symbol, orderType, price, quantity }, ...], datetime }. */
  #book(isWhole: boolean, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book } = scratch
    book.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.isSnapshot = isWhole
    while (cursor.nextKey()) {
      if (cursor.key === key.symbol) book.symbol = scratch.readSymbol()
      else if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
      else if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
      else if (cursor.key === key.list) this.#changes()
      else cursor.skip()
    }
    return scratch.tellBook(sink)
  }

  /** All of one instrument; a list of several is not a message of this venue. */
  #changes(): void {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) return
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) {
        book.levels.isBroken = true
        continue
      }
      this.#change()
    }
    if (cursor.isBroken) book.levels.isBroken = true
  }

  #change(): void {
    const { cursor, book } = this.#scratch
    let side = 0
    let price = -1
    let priceFraction = 0
    let size = -1
    let sizeFraction = 0
    let symbol = NO_SYMBOL
    while (cursor.nextKey()) {
      if (cursor.key === key.symbol) symbol = this.#scratch.readSymbol()
      else if (cursor.key === key.side) side = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.price) {
        price = cursor.decimal()
        priceFraction = cursor.fraction
        if (cursor.isNegative) price = -1
      } else if (cursor.key === key.size) {
        size = cursor.decimal()
        sizeFraction = cursor.fraction
        if (cursor.isNegative) size = -1
      } else cursor.skip()
    }
    if (book.symbol === NO_SYMBOL) book.symbol = symbol
    if (symbol !== book.symbol || (side !== word.bid && side !== word.ask)) book.levels.isBroken = true
    book.levels.add(side === word.bid ? BID : ASK, price, priceFraction, size, sizeFraction)
  }
}

export const bithumbV1: FeedVenue = {
  id: 'bithumb-v1',
  name: 'Bithumb (first generation)',
  captures: ['BITHUMB'],
  retired: 'replaced by the second generation of the same venue (bithumb)',
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new BithumbV1Decoder(symbols),
  listingUrls: () => ['KRW', 'BTC'].map((quote) => `https://api.bithumb.com/public/ticker/ALL_${quote}`),
  readListings: (url, body) => {
    const found = /\/public\/ticker\/ALL_([A-Z]+)/.exec(url)
    return found === null ? undefined : bithumbV1Listings(body, found[1])
  },
  connection: {
    url: () => 'wss://pubwss.bithumb.com/pub/ws',
    subscribe: (symbols) => ['orderbooksnapshot', 'transaction'].map((type) => JSON.stringify({ type, symbols })),
    symbolsMax: 100,
    sendsPerSecond: 2,
    silenceMs: 60_000,
  },
}
