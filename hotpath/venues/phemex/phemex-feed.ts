/**
 * Market data of Phemex: spot and coin contracts in scaled integers (Ep, Ev), USDT contracts in decimals. Books of 30 levels,
 * kept at 30 by the venue's own deletes, numbered by the engine that trades them (numbers grow, they do not follow each
 * other), told whole again every minute. Sources: phemex-docs "Public-Contract-API", "Public-Spot-API", "Hedged contract":
 * "Subscribe OrderBook", "Subscribe Trade".
 */
import { Side } from '../../../shared/domain/order.ts'
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID, type LevelList } from '../feed/level-list.ts'
import { longDecimal, longTimeUs } from '../feed/long-decimal.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { CONTRACT_PRICE_SCALE, phemexListings, SPOT_SCALE } from './phemex-listings.ts'

const key = {
  book: keyOf('book'),
  bookPlain: keyOf('orderbook_p'),
  asks: keyOf('asks'),
  bids: keyOf('bids'),
  trades: keyOf('trades'),
  tradesPlain: keyOf('trades_p'),
  candles: keyOf('kline'),
  candlesPlain: keyOf('kline_p'),
  day: keyOf('market24h'),
  spotDay: keyOf('spot_market24h'),
  method: keyOf('method'),
  sequence: keyOf('sequence'),
  symbol: keyOf('symbol'),
  timestamp: keyOf('timestamp'),
  type: keyOf('type'),
  error: keyOf('error'),
  result: keyOf('result'),
  status: keyOf('status'),
} as const

const word = {
  snapshot: keyOf('snapshot'),
  incremental: keyOf('incremental'),
  pong: keyOf('pong'),
  buy: keyOf('Buy'),
  sell: keyOf('Sell'),
}

const Kind = { none: 0, book: 1, trades: 2, candle: 3, statistics: 4 } as const
type Kind = (typeof Kind)[keyof typeof Kind]
const NULL_LETTER = 0x6e
const SPOT_LETTER = 's'

class PhemexDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid: SizeGrid
  #kind: Kind = Kind.none
  /** Numbers of this frame are scaled integers. */
  #isScaled = false
  #payloadAt = -1

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
    this.#clear()
    let type = 0
    let answer: FrameVerdict = FrameVerdict.unknownChannel
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.symbol:
          book.symbol = scratch.readSymbol()
          break
        case key.sequence:
          book.last = cursor.integer()
          break
        case key.timestamp:
          book.timeUs = longTimeUs(cursor, -3)
          break
        case key.type:
          type = cursor.text() ? cursor.textHash() : 0
          break
        case key.error:
          answer = cursor.peek() === NULL_LETTER ? FrameVerdict.answer : FrameVerdict.refused
          cursor.skip()
          break
        case key.result:
          if (this.#isPong() && answer !== FrameVerdict.refused) answer = FrameVerdict.heartbeat
          break
        default:
          this.#payload()
      }
    }
    if (this.#kind === Kind.book) return this.#book(type, sink)
    if (cursor.isBroken) return FrameVerdict.malformed
    if (this.#kind === Kind.candle) return FrameVerdict.candle
    if (this.#kind === Kind.statistics) return FrameVerdict.statistics
    if (this.#kind === Kind.none) return answer
    if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    cursor.start(frame, this.#payloadAt)
    return this.#trades(book.symbol, type === word.snapshot, sink)
  }

  #clear(): void {
    this.#kind = Kind.none
    this.#isScaled = false
    this.#payloadAt = -1
  }

  /** { "result": "pong" } answers a ping; { "result": { "status": "success" } } a subscription. */
  #isPong(): boolean {
    const { cursor } = this.#scratch
    return cursor.text() && cursor.textHash() === word.pong
  }

  #payload(): void {
    const { cursor } = this.#scratch
    switch (cursor.key) {
      case key.book:
      case key.bookPlain:
        this.#kind = Kind.book
        this.#isScaled = cursor.key === key.book
        this.#readBook()
        return
      case key.trades:
      case key.tradesPlain:
        this.#kind = Kind.trades
        this.#isScaled = cursor.key === key.trades
        // Whether they are history stands behind them.
        this.#payloadAt = cursor.at
        break
      case key.candles:
      case key.candlesPlain:
        this.#kind = Kind.candle
        break
      case key.day:
      case key.spotDay:
      case key.method:
        this.#kind = Kind.statistics
        break
      default:
    }
    cursor.skip()
  }

  #readBook(): void {
    const { cursor, book } = this.#scratch
    if (!cursor.isObject) book.levels.isBroken = true
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.asks) this.#readSide(ASK)
      else if (cursor.key === key.bids) this.#readSide(BID)
      else cursor.skip()
    }
  }

  /** [[price, size], ...] as they stand; their scales depend on the symbol, which may come later. */
  #readSide(side: typeof BID | typeof ASK): void {
    const { cursor, book } = this.#scratch
    const { levels } = book
    if (!cursor.isArray) levels.isBroken = true
    if (!cursor.enterArray()) return
    while (cursor.nextItem()) {
      if (!cursor.enterArray()) {
        levels.isBroken = true
        continue
      }
      let price = -1
      let priceFraction = 0
      let size = -1
      if (cursor.nextItem()) {
        price = cursor.decimal()
        priceFraction = cursor.fraction
        if (cursor.isNegative) price = -1
        if (cursor.nextItem()) {
          // Cheap coins in 10^-8 leave 2^53; the digits that go are far below what is traded.
          size = longDecimal(cursor)
          if (cursor.isNegative) size = -1
          for (; size > 0 && cursor.fraction < 0 && size <= Number.MAX_VALUE / 10; cursor.fraction++) size *= 10
        }
      }
      levels.add(side, price, priceFraction, size, size < 0 ? 0 : cursor.fraction)
      cursor.leaveArray()
    }
    if (cursor.isBroken) levels.isBroken = true
  }

  #book(type: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { book } = scratch
    const { levels } = book
    book.isSnapshot = type === word.snapshot
    if (book.last < 0 || (type !== word.snapshot && type !== word.incremental)) levels.isBroken = true
    if (book.symbol !== NO_SYMBOL && !levels.isBroken) {
      if (this.#isScaled) this.#scale(book.symbol, levels)
      this.#grid.cut(book.symbol, levels)
    }
    return scratch.tellBook(sink)
  }

  /** Spot prices and sizes are 10^-8; contract prices are 10^-4 and their sizes whole contracts (listings with others are left out). */
  #isSpot(symbol: number): boolean {
    return this.#scratch.symbols.names[symbol].startsWith(SPOT_LETTER)
  }

  #scale(symbol: number, levels: LevelList): void {
    const isSpot = this.#isSpot(symbol)
    const { price, priceFraction, size, sizeFraction, count } = levels
    for (let at = 0; at < count; at++) {
      let places = priceFraction[at] + (isSpot ? SPOT_SCALE : CONTRACT_PRICE_SCALE)
      for (; places > 0 && price[at] % 10 === 0; places--) price[at] /= 10
      priceFraction[at] = places
      if (!isSpot) continue
      places = sizeFraction[at] + SPOT_SCALE
      for (; places > 0 && size[at] % 10 === 0; places--) size[at] /= 10
      sizeFraction[at] = places
    }
  }

  /** [[ns, 'Buy' | 'Sell' (who took), price, size], ...], newest first; those of a snapshot happened before we came. */
  #trades(symbol: number, isHistory: boolean, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, trade } = scratch
    const isSpot = this.#isSpot(symbol)
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterArray()) return FrameVerdict.malformed
      trade.clear()
      trade.symbol = symbol
      trade.isHistory = isHistory
      let side = 0
      if (cursor.nextItem()) trade.timeUs = longTimeUs(cursor, -3)
      if (cursor.nextItem() && cursor.text()) side = cursor.textHash()
      if (cursor.nextItem()) scratch.readTradePrice()
      if (cursor.nextItem()) scratch.readTradeSize()
      cursor.leaveArray()
      if (cursor.isBroken || !scratch.isTradeWhole || (side !== word.buy && side !== word.sell)) {
        return FrameVerdict.malformed
      }
      trade.aggressor = side === word.buy ? Side.buy : Side.sell
      if (this.#isScaled) {
        trade.priceFraction += isSpot ? SPOT_SCALE : CONTRACT_PRICE_SCALE
        if (isSpot) trade.sizeFraction += SPOT_SCALE
      }
      sink.onTrade(trade)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }
}

/** USDT contracts speak in decimals and have methods of their own; 'sBTCUSDT' is spot, 'BTCUSD' a coin contract. */
function isPlain(name: string): boolean {
  return !name.startsWith(SPOT_LETTER) && /USD[TC]$/.test(name)
}

function say(method: 'subscribe' | 'unsubscribe', what: 'orderbook' | 'trade', name: string): string {
  return JSON.stringify({ id: 1, method: `${what}${isPlain(name) ? '_p' : ''}.${method}`, params: [name] })
}

export const phemex: FeedVenue = {
  id: 'phemex',
  name: 'Phemex',
  captures: ['PHEMEX'],
  sequence: SequenceRule.increasing,
  checksum: ChecksumRule.none,
  depthMax: 30,
  decoder: (symbols) => new PhemexDecoder(symbols),
  listingUrls: () => ['https://api.phemex.com/public/products'],
  readListings: (url, body) => (url.includes('/products') ? phemexListings(body) : undefined),
  connection: {
    url: () => 'wss://ws.phemex.com',
    subscribe: (names) =>
      names.flatMap((name) => [say('subscribe', 'orderbook', name), say('subscribe', 'trade', name)]),
    resubscribe: (name) => [say('unsubscribe', 'orderbook', name), say('subscribe', 'orderbook', name)],
    // 20 requests a second and 20 subscriptions a connection.
    symbolsMax: 10,
    sendsPerSecond: 10,
    // Without a ping in 30 seconds the venue hangs up; it advises 5.
    ping: (nowMs) => JSON.stringify({ id: nowMs, method: 'server.ping', params: [] }),
    pingMs: 5_000,
    silenceMs: 20_000,
  },
}
