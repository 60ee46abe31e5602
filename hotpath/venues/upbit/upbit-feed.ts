/**
 * Market data of Upbit: every book message is the whole book (15 or 30 levels), in binary frames that hold plain JSON with
 * short keys (format SIMPLE). Source: docs.upbit.com "WebSocket": Orderbook, Trade, Ticker, Error, connection.
 */
import { Side } from '../../../shared/domain/order.ts'
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { asObjects, asText, type JsonObject, listed, parseBody } from '../feed/listing-reader.ts'
import { longDecimal } from '../feed/long-decimal.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const key = {
  type: keyOf('ty'),
  code: keyOf('cd'),
  time: keyOf('tms'),
  tradeTime: keyOf('ttms'),
  price: keyOf('tp'),
  volume: keyOf('tv'),
  side: keyOf('ab'),
  stream: keyOf('st'),
  levels: keyOf('obu'),
  ask: keyOf('ap'),
  bid: keyOf('bp'),
  askSize: keyOf('as'),
  bidSize: keyOf('bs'),
  error: keyOf('error'),
  status: keyOf('status'),
} as const

const word = {
  book: keyOf('orderbook'),
  trade: keyOf('trade'),
  ticker: keyOf('ticker'),
  ask: keyOf('ASK'),
  bid: keyOf('BID'),
  snapshot: keyOf('SNAPSHOT'),
} as const

class UpbitDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid: SizeGrid
  #side = 0
  /** 'candle.1m' and its like. */
  #isCandle = false

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
    this.#grid = SizeGrid.of(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade } = scratch
    cursor.start(frame)
    if (!cursor.isObject) return FrameVerdict.malformed
    cursor.enterObject()
    book.clear()
    trade.clear()
    this.#side = 0
    this.#isCandle = false
    let type = 0
    let notice: FrameVerdict = FrameVerdict.unknownChannel
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.type:
          if (cursor.text()) {
            type = cursor.textHash()
            this.#isCandle = cursor.textStartsWith('candle')
          }
          break
        case key.error:
          notice = FrameVerdict.refused
          cursor.skip()
          break
        case key.status:
          // { "status": "UP" } answers a PING.
          notice = FrameVerdict.heartbeat
          cursor.skip()
          break
        default:
          this.#field()
      }
    }
    if (type === word.book) {
      book.isSnapshot = true
      if (book.symbol !== NO_SYMBOL) this.#grid.cut(book.symbol, book.levels)
      return scratch.tellBook(sink)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (this.#isCandle) return FrameVerdict.candle
    if (type === word.ticker) return FrameVerdict.statistics
    if (type !== word.trade) return notice
    if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    trade.symbol = book.symbol
    // ASK: who sold took.
    trade.aggressor = this.#side === word.bid ? Side.buy : Side.sell
    if (!scratch.isTradeWhole || (this.#side !== word.bid && this.#side !== word.ask)) return FrameVerdict.malformed
    sink.onTrade(trade)
    return FrameVerdict.parsed
  }

  #field(): void {
    const scratch = this.#scratch
    const { cursor, book, trade } = scratch
    switch (cursor.key) {
      case key.code:
        book.symbol = scratch.readSymbol()
        break
      case key.time:
        book.timeUs = cursor.timeUs(3)
        break
      case key.tradeTime:
        trade.timeUs = cursor.timeUs(3)
        break
      case key.price:
        scratch.readTradePrice()
        break
      case key.volume:
        scratch.readTradeSize()
        break
      case key.side:
        this.#side = cursor.text() ? cursor.textHash() : 0
        break
      case key.stream:
        // A trade of the snapshot is the last one before we came.
        trade.isHistory = cursor.text() && cursor.textHash() === word.snapshot
        break
      case key.levels:
        this.#readLevels()
        break
      default:
        cursor.skip()
    }
  }

  /** [{ ap, bp, as, bs }, ...]: a level of each side; zeros where a side has fewer. */
  #readLevels(): void {
    const { cursor, book } = this.#scratch
    const { levels } = book
    if (!cursor.isArray) levels.isBroken = true
    if (!cursor.enterArray()) return
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) {
        levels.isBroken = true
        continue
      }
      this.#readLevel()
    }
  }

  #readLevel(): void {
    const { cursor, book } = this.#scratch
    let ask = -1
    let askFraction = 0
    let askSize = -1
    let askSizeFraction = 0
    let bid = -1
    let bidFraction = 0
    let bidSize = -1
    let bidSizeFraction = 0
    while (cursor.nextKey()) {
      const { key: name } = cursor
      const value = name === key.askSize || name === key.bidSize ? longDecimal(cursor) : cursor.decimal()
      const exact = cursor.isNegative || cursor.fraction < 0 ? -1 : value
      if (name === key.ask) {
        ask = exact
        askFraction = cursor.fraction
      } else if (name === key.askSize) {
        askSize = exact
        askSizeFraction = cursor.fraction
      } else if (name === key.bid) {
        bid = exact
        bidFraction = cursor.fraction
      } else if (name === key.bidSize) {
        bidSize = exact
        bidSizeFraction = cursor.fraction
      }
    }
    const { levels } = book
    levels.add(ASK, ask, askFraction, askSize, askSize < 0 ? 0 : askSizeFraction)
    levels.add(BID, bid, bidFraction, bidSize, bidSize < 0 ? 0 : bidSizeFraction)
  }
}

/** What an order must at least be worth, by quote. Source: Upbit's trading policy, "minimum order". */
const notionalMin: Readonly<Record<string, string>> = { KRW: '5000', BTC: '0.00005', USDT: '0.5' }
/**
 * Upbit's ticks depend on the price (KRW: 1,000 won above two millions, 10^-8 below one hundred-thousandth) and its list does
 * not tell them: names are given the finest grid, order entry (ccxt) rounds to the tick of its price.
 */
const FINEST = '0.00000001'

/** Source: "List trading pairs". */
function upbitListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one: JsonObject) => {
    const name = asText(one.market)
    const [quote = '', base = ''] = name.split('-')
    const symbol = listed({
      name,
      base,
      quote,
      tickSize: FINEST,
      lotSize: FINEST,
      ...(quote in notionalMin && { notionalMin: notionalMin[quote] }),
    })
    return symbol === undefined ? [] : [symbol]
  })
}

export const upbit: FeedVenue = {
  id: 'upbit',
  name: 'Upbit',
  captures: ['UPBIT'],
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  isSnapshotOnly: true,
  decoder: (symbols) => new UpbitDecoder(symbols),
  listingUrls: () => ['https://api.upbit.com/v1/market/all'],
  readListings: (url, body) => (url.includes('/market/all') ? upbitListings(body) : undefined),
  connection: {
    url: () => 'wss://api.upbit.com/websocket/v1',
    // A new request replaces the one before it: one message says everything.
    subscribe: (codes) => [
      JSON.stringify([
        { ticket: 'sor' },
        { type: 'orderbook', codes },
        { type: 'trade', codes, isOnlyRealtime: true },
        { format: 'SIMPLE' },
      ]),
    ],
    symbolsMax: 100,
    // 5 requests a second, 100 a minute.
    sendsPerSecond: 1,
    // Nothing said for 120 seconds: the venue hangs up.
    ping: () => 'PING',
    pingMs: 30_000,
    silenceMs: 60_000,
  },
}
