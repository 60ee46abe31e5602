/**
 * Market data of Gemini (version 2): the first message of a book is whole and brings the last trades along, the others are
 * changes; nothing is numbered. Source: docs.gemini.com, "Market Data v2", "Level 2 data".
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
import { asObject, asObjects, asText, type JsonObject, listed, parseBody } from '../feed/listing-reader.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const key = {
  type: keyOf('type'),
  symbol: keyOf('symbol'),
  changes: keyOf('changes'),
  trades: keyOf('trades'),
  price: keyOf('price'),
  quantity: keyOf('quantity'),
  side: keyOf('side'),
  timestamp: keyOf('timestamp'),
  result: keyOf('result'),
} as const

const type = {
  book: keyOf('l2_updates'),
  trade: keyOf('trade'),
  heartbeat: keyOf('heartbeat'),
  subscribed: keyOf('subscription_ack'),
  error: keyOf('error'),
} as const

/** The side is that of who took. */
const tradeWords = tradeKeys({
  price: 'price',
  size: 'quantity',
  side: 'side',
  time: 'timestamp',
  clock: 3,
  buy: 'buy',
  sell: 'sell',
})
const BUY = keyOf('buy')
const SELL = keyOf('sell')

class GeminiDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid = new SizeGrid()
  #isCandle = false
  #isAuction = false
  /** Where the trades of a message stand. */
  #tradesAt = 0

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  /** The type of a message often stands last: fields are read into all they may mean, then it is told. */
  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade } = scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    trade.clear()
    let kind = 0
    let isError = false
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.type:
          kind = this.#type()
          break
        case key.symbol:
          book.symbol = scratch.readSymbol()
          break
        case key.changes:
          this.#levels()
          break
        case key.trades:
          // Only a whole book brings them.
          book.isSnapshot = cursor.isArray
          this.#tradesAt = cursor.at
          cursor.skip()
          break
        case key.price:
          scratch.readTradePrice()
          if (cursor.isNegative) trade.price = -1
          break
        case key.quantity:
          scratch.readTradeSize()
          if (cursor.isNegative) trade.size = -1
          break
        case key.side:
          // Of who took.
          trade.aggressor = cursor.text() && cursor.textHash() === BUY ? Side.buy : Side.sell
          break
        case key.timestamp:
          trade.timeUs = cursor.timeUs(3)
          break
        case key.result:
          isError = cursor.text() && cursor.textHash() === type.error
          break
        default:
          cursor.skip()
      }
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    return isError ? FrameVerdict.refused : this.#tell(kind, sink)
  }

  #type(): number {
    const { cursor } = this.#scratch
    if (!cursor.text()) return 0
    this.#isCandle = cursor.textStartsWith('candles_')
    this.#isAuction = cursor.textStartsWith('auction_')
    return cursor.textHash()
  }

  #tell(kind: number, sink: FeedSink): FrameVerdict {
    const { cursor, book, trade } = this.#scratch
    if (kind === type.book || kind === type.trade) {
      if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
      if (kind === type.book) {
        this.#grid.cut(book.symbol, book.levels)
        const verdict = this.#scratch.tellBook(sink)
        if (verdict !== FrameVerdict.parsed || !book.isSnapshot) return verdict
        cursor.start(cursor.bytes, this.#tradesAt)
        return readTrades(this.#scratch, book.symbol, tradeWords, sink, true)
      }
      trade.symbol = book.symbol
      if (!this.#scratch.isTradeWhole) return FrameVerdict.malformed
      sink.onTrade(trade)
      return FrameVerdict.parsed
    }
    if (kind === type.heartbeat) return FrameVerdict.heartbeat
    if (kind === type.subscribed) return FrameVerdict.answer
    if (kind === type.error) return FrameVerdict.refused
    if (kind === 0) return FrameVerdict.unknownChannel
    if (this.#isCandle) return FrameVerdict.candle
    return this.#isAuction ? FrameVerdict.notice : FrameVerdict.unknownChannel
  }

  /** [[side, price, quantity], ...] */
  #levels(): void {
    const { cursor, book } = this.#scratch
    const { levels } = book
    if (!cursor.enterArray()) {
      levels.isBroken = true
      return
    }
    while (cursor.nextItem()) {
      if (!cursor.enterArray()) {
        levels.isBroken = true
        continue
      }
      const side = cursor.nextItem() && cursor.text() ? cursor.textHash() : 0
      if (side !== BUY && side !== SELL) levels.isBroken = true
      else levels.readPair(cursor, side === BUY ? BID : ASK)
      cursor.leaveArray()
    }
  }
}

/** One instrument, or a list of them. Beware: tick_size is the quantity's step, quote_increment the price's. */
function geminiListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  const list = Array.isArray(answer) ? asObjects(answer) : [asObject(answer)]
  if (list.length > 0 && !('symbol' in list[0])) return undefined
  return list.flatMap((one) => {
    const symbol = geminiSymbol(one)
    return symbol === undefined ? [] : [symbol]
  })
}

function geminiSymbol(one: JsonObject): VenueSymbol | undefined {
  const isSwap = one.product_type === 'swap'
  if (one.status !== 'open' || (isSwap && one.contract_type !== 'linear')) return undefined
  const quote = asText(one.quote_currency)
  return listed({
    name: asText(one.symbol),
    base: asText(one.base_currency),
    quote,
    settle: isSwap ? quote : '',
    tickSize: asText(one.quote_increment),
    lotSize: asText(one.tick_size),
    quantityMin: asText(one.min_order_size),
  })
}

function say(what: string, symbols: readonly string[]): string {
  return JSON.stringify({ type: what, subscriptions: [{ name: 'l2', symbols }] })
}

export const gemini: FeedVenue = {
  id: 'gemini',
  name: 'Gemini',
  captures: ['GEMINI'],
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new GeminiDecoder(symbols),
  listingUrls: () => ['https://api.gemini.com/v1/symbols/details/all'],
  readListings: (url, body) => (url.includes('/symbols/details/') ? geminiListings(body) : undefined),
  connection: {
    url: () => 'wss://api.gemini.com/v2/marketdata',
    subscribe: (names) => [say('subscribe', names)],
    resubscribe: (name) => [say('unsubscribe', [name]), say('subscribe', [name])],
    symbolsMax: 50,
    sendsPerSecond: 1,
    // Heartbeats come every five seconds.
    silenceMs: 20_000,
  },
}
