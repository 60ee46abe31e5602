/**
 * Market data of ProBit: one channel that tells book and trades together; a frame with `reset` is the whole book. Nothing is
 * numbered. Source: docs-en.probit.com "marketdata" of its WebSocket API (closed since).
 */
import type { BookSide } from '../../book/book-table.ts'
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { asObject, asObjects, asText, listed, parseBody, stepOf } from '../feed/listing-reader.ts'
import { longDecimal } from '../feed/long-decimal.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { ISO_CLOCK, readTrades, tradeKeys } from '../feed/trade-list.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const key = {
  channel: keyOf('channel'),
  market: keyOf('market_id'),
  status: keyOf('status'),
  reset: keyOf('reset'),
  type: keyOf('type'),
  errorCode: keyOf('errorCode'),
  book: keyOf('order_books'),
  trades: keyOf('recent_trades'),
  ticker: keyOf('ticker'),
  side: keyOf('side'),
  price: keyOf('price'),
  quantity: keyOf('quantity'),
} as const

const word = { marketdata: keyOf('marketdata'), ok: keyOf('ok'), buy: keyOf('buy'), sell: keyOf('sell') } as const

const trades = tradeKeys({
  price: 'price',
  size: 'quantity',
  side: 'side',
  time: 'time',
  clock: ISO_CLOCK,
  buy: 'buy',
  sell: 'sell',
})

class ProbitDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid: SizeGrid

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
    this.#grid = SizeGrid.of(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book } = scratch
    cursor.start(frame)
    if (!cursor.isObject) return FrameVerdict.malformed
    cursor.enterObject()
    book.clear()
    let channel = 0
    let isRefused = false
    let isReset = false
    let hasBook = false
    let hasTicker = false
    let tradesAt = -1
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.channel:
          channel = cursor.text() ? cursor.textHash() : 0
          break
        case key.market:
          book.symbol = scratch.readSymbol()
          break
        case key.status:
          isRefused = !(cursor.text() && cursor.textHash() === word.ok)
          break
        case key.errorCode:
          isRefused = true
          cursor.skip()
          break
        case key.reset:
          isReset = cursor.isTrue()
          break
        case key.book:
          hasBook = true
          this.#readBook()
          break
        case key.trades:
          tradesAt = cursor.at
          cursor.skip()
          break
        default:
          hasTicker ||= cursor.key === key.ticker
          cursor.skip()
      }
    }
    if (!cursor.isBroken) {
      if (isRefused) return FrameVerdict.refused
      if (channel !== word.marketdata) return FrameVerdict.unknownChannel
    }
    const { symbol } = book
    let verdict: FrameVerdict = cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.statistics
    if (hasBook) {
      book.isSnapshot = isReset
      if (symbol !== NO_SYMBOL) this.#grid.cut(symbol, book.levels)
      verdict = scratch.tellBook(sink)
    }
    if (verdict === FrameVerdict.malformed || tradesAt < 0) {
      return verdict === FrameVerdict.statistics && !hasTicker ? FrameVerdict.unknownChannel : verdict
    }
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    cursor.start(frame, tradesAt)
    // With the whole book come the last 100 trades.
    return readTrades(scratch, symbol, trades, sink, isReset)
  }

  /** [{ side, price, quantity }, ...] in no order. */
  #readBook(): void {
    const { cursor, book } = this.#scratch
    const { levels } = book
    if (!cursor.isArray) levels.isBroken = true
    if (!cursor.enterArray()) return
    while (cursor.nextItem()) {
      if (cursor.enterObject()) this.#readLevel()
      else levels.isBroken = true
    }
  }

  #readLevel(): void {
    const { cursor, book } = this.#scratch
    let side = 0
    let price = -1
    let priceFraction = 0
    let size = -1
    let sizeFraction = 0
    while (cursor.nextKey()) {
      if (cursor.key === key.side) side = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.price) {
        price = cursor.decimal()
        priceFraction = cursor.fraction
        if (cursor.isNegative) price = -1
      } else if (cursor.key === key.quantity) {
        size = longDecimal(cursor)
        sizeFraction = cursor.fraction
        if (cursor.isNegative || cursor.fraction < 0) size = -1
      } else cursor.skip()
    }
    const bookSide: BookSide = side === word.buy ? BID : ASK
    if (bookSide === ASK && side !== word.sell) book.levels.isBroken = true
    else book.levels.add(bookSide, price, priceFraction, size, size < 0 ? 0 : sizeFraction)
  }
}

/** Source: "GET /market". Fees are in percent. */
function probitListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = asObject(parseBody(body))
  if (!Array.isArray(answer.data)) return undefined
  return asObjects(answer.data).flatMap((one) => {
    if (one.closed !== false) return []
    const symbol = listed({
      name: asText(one.id),
      base: asText(one.base_currency_id),
      quote: asText(one.quote_currency_id),
      tickSize: asText(one.price_increment),
      lotSize: stepOf(one.quantity_precision),
      quantityMin: asText(one.min_quantity),
      quantityMax: asText(one.max_quantity),
      notionalMin: asText(one.min_cost),
      ...fees(asText(one.maker_fee_rate), asText(one.taker_fee_rate)),
    })
    return symbol === undefined ? [] : [symbol]
  })
}

function fees(maker: string, taker: string): { makerPpm?: number; takerPpm?: number } {
  const makerPpm = Math.round(Number(maker) * 10_000)
  const takerPpm = Math.round(Number(taker) * 10_000)
  const isTold = maker !== '' && taker !== '' && Number.isFinite(makerPpm + takerPpm)
  return isTold ? { makerPpm, takerPpm } : {}
}

export const probit: FeedVenue = {
  id: 'probit',
  name: 'ProBit Global',
  captures: ['PROBIT'],
  retired: 'the venue ended its service in 2026',
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new ProbitDecoder(symbols),
  listingUrls: () => ['https://api.probit.com/api/exchange/v1/market'],
  readListings: (url, body) => (/\/v1\/market(\?|$)/.test(url) ? probitListings(body) : undefined),
  connection: {
    url: () => 'wss://api.probit.com/api/exchange/v1/ws',
    subscribe: (names) =>
      names.map((market_id) =>
        JSON.stringify({
          type: 'subscribe',
          channel: 'marketdata',
          filter: ['order_books', 'recent_trades'],
          interval: 100,
          market_id,
        }),
      ),
    symbolsMax: 50,
    sendsPerSecond: 10,
    silenceMs: 60_000,
  },
}
