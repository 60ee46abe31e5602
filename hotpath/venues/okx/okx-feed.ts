/**
 * Market data of OKX (and OKCoin, the same house): one envelope for every channel, books with a CRC-32 and, today, with
 * linked numbers. Source: OKX API v5, "Order book channel", "Trades channel", "Tickers channel", "Instruments".
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
import { type JsonCursor, keyOf } from '../feed/json-cursor.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { okxListings } from './okx-listings.ts'

const key = {
  arg: keyOf('arg'),
  channel: keyOf('channel'),
  instId: keyOf('instId'),
  action: keyOf('action'),
  data: keyOf('data'),
  event: keyOf('event'),
  asks: keyOf('asks'),
  bids: keyOf('bids'),
  ts: keyOf('ts'),
  checksum: keyOf('checksum'),
  seqId: keyOf('seqId'),
  prevSeqId: keyOf('prevSeqId'),
  px: keyOf('px'),
  sz: keyOf('sz'),
  side: keyOf('side'),
  bidPx: keyOf('bidPx'),
  bidSz: keyOf('bidSz'),
  askPx: keyOf('askPx'),
  askSz: keyOf('askSz'),
  last: keyOf('last'),
  markPx: keyOf('markPx'),
  fundingRate: keyOf('fundingRate'),
  fundingTime: keyOf('fundingTime'),
  openInterest: keyOf('oi'),
} as const

const word = {
  snapshot: keyOf('snapshot'),
  error: keyOf('error'),
  books: keyOf('books'),
  booksTick: keyOf('books-l2-tbt'),
  books50: keyOf('books50-l2-tbt'),
  books5: keyOf('books5'),
  bbo: keyOf('bbo-tbt'),
  trades: keyOf('trades'),
  tradesAll: keyOf('trades-all'),
  tickers: keyOf('tickers'),
  mark: keyOf('mark-price'),
  funding: keyOf('funding-rate'),
  openInterest: keyOf('open-interest'),
  buy: keyOf('buy'),
} as const

/** Channels that tell nothing we keep, or of things we do not trade (spreads). */
const ignored: ReadonlyMap<number, FrameVerdict> = new Map([
  ...[
    'adl-warning',
    'block-tickers',
    'call-auction-details',
    'estimated-price',
    'index-tickers',
    'liquidation-orders',
    'opt-summary',
    'option-trades',
    'price-limit',
    'public-block-trades',
    'public-struc-block-trades',
    'sprd-bbo-tbt',
    'sprd-books-l2-tbt',
    'sprd-books5',
    'sprd-public-trades',
    'sprd-tickers',
  ].map((name): [number, FrameVerdict] => [keyOf(name), FrameVerdict.statistics]),
  ...['economic-calendar', 'instruments', 'status'].map((name): [number, FrameVerdict] => [
    keyOf(name),
    FrameVerdict.notice,
  ]),
])

const PONG = 'pong'

/** 'candle1m', and those of indices, mark prices and spreads. */
function isCandleName(cursor: JsonCursor): boolean {
  return (
    cursor.textStartsWith('candle') ||
    cursor.textStartsWith('index-candle') ||
    cursor.textStartsWith('mark-price-candle') ||
    cursor.textStartsWith('sprd-candle')
  )
}

/** Books that come whole first and as changes then: only the action tells which. */
function isChanged(channel: number): boolean {
  return channel === word.books || channel === word.booksTick || channel === word.books50
}

class OkxDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (frame.length === PONG.length) return FrameVerdict.heartbeat
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let channel = 0
    let isCandle = false
    let symbol = NO_SYMBOL
    let hasAction = false
    let isWhole = false
    let dataAt = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.event) {
        cursor.text()
        return cursor.textHash() === word.error ? FrameVerdict.refused : FrameVerdict.answer
      }
      if (cursor.key === key.action) {
        hasAction = cursor.text()
        isWhole = cursor.textHash() === word.snapshot
      } else if (cursor.key === key.arg) {
        if (!cursor.enterObject()) return FrameVerdict.malformed
        while (cursor.nextKey()) {
          if (cursor.key === key.channel && cursor.isText) {
            cursor.text()
            channel = cursor.textHash()
            isCandle = isCandleName(cursor)
          } else if (cursor.key === key.instId) symbol = this.#scratch.readSymbol()
          else cursor.skip()
        }
      } else if (cursor.key === key.data) {
        if (isCandle) return FrameVerdict.candle
        cursor.peek()
        dataAt = cursor.at
        // As the venue writes it, everything that is needed has been said.
        if (channel !== 0 && (hasAction || !isChanged(channel))) return this.#data(channel, symbol, isWhole, sink)
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (isCandle) return FrameVerdict.candle
    if (channel === 0) return FrameVerdict.unknownChannel
    if (dataAt < 0) return FrameVerdict.malformed
    cursor.start(frame, dataAt)
    return this.#data(channel, symbol, isWhole, sink)
  }

  #data(channel: number, symbol: number, isWhole: boolean, sink: FeedSink): FrameVerdict {
    const aside = ignored.get(channel)
    if (aside !== undefined) return aside
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    switch (channel) {
      case word.books:
      case word.booksTick:
      case word.books50:
        return this.#books(symbol, isWhole, sink)
      case word.books5:
        return this.#books(symbol, true, sink)
      case word.trades:
      case word.tradesAll:
        return this.#trades(symbol, sink)
      case word.tickers:
      case word.bbo:
      case word.mark:
      case word.funding:
      case word.openInterest:
        return this.#opinions(channel, symbol, sink)
      default:
        return FrameVerdict.unknownChannel
    }
  }

  #books(symbol: number, isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      book.clear()
      book.symbol = symbol
      book.isSnapshot = isWhole
      while (cursor.nextKey()) {
        if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
        else if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
        else if (cursor.key === key.ts) book.timeUs = cursor.timeUs(3)
        else if (cursor.key === key.checksum) this.#readChecksum()
        else if (cursor.key === key.seqId) book.last = cursor.integer()
        else if (cursor.key === key.prevSeqId) book.previous = cursor.integer()
        else cursor.skip()
      }
      if (cursor.isBroken) return FrameVerdict.malformed
      sink.onBook(book)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  /** A signed 32-bit number; OKX sends 0 where it no longer makes one. */
  #readChecksum(): void {
    const { cursor, book } = this.#scratch
    const value = cursor.decimal()
    if (value > 0) book.checksum = cursor.isNegative ? -value : value
  }

  #trades(symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, trade } = scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      trade.clear()
      trade.symbol = symbol
      while (cursor.nextKey()) {
        if (cursor.key === key.px) scratch.readTradePrice()
        else if (cursor.key === key.sz) scratch.readTradeSize()
        else if (cursor.key === key.side) {
          cursor.text()
          trade.aggressor = cursor.textHash() === word.buy ? Side.buy : Side.sell
        } else if (cursor.key === key.ts) trade.timeUs = cursor.timeUs(3)
        else cursor.skip()
      }
      if (cursor.isBroken || !scratch.isTradeWhole) return FrameVerdict.malformed
      sink.onTrade(trade)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  /** Tickers and best quotes, mark prices, funding: one object with what the channel has. */
  #opinions(channel: number, symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      quote.clear()
      state.clear()
      quote.symbol = symbol
      state.symbol = symbol
      while (cursor.nextKey()) this.#opinion()
      if (cursor.isBroken) return FrameVerdict.malformed
      if (channel === word.tickers || channel === word.bbo) sink.onQuote(quote)
      else sink.onState(state)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  #opinion(): void {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    switch (cursor.key) {
      case key.bidPx:
        scratch.readBid()
        break
      case key.bidSz:
        scratch.readBidSize()
        break
      case key.askPx:
        scratch.readAsk()
        break
      case key.askSz:
        scratch.readAskSize()
        break
      case key.asks:
        this.#touch(false)
        break
      case key.bids:
        this.#touch(true)
        break
      case key.ts:
        quote.wide[4] = cursor.timeUs(3)
        break
      case key.last:
        state.values[5] = cursor.float()
        break
      case key.markPx:
        state.values[0] = cursor.float()
        break
      case key.fundingRate:
        state.values[2] = cursor.float()
        break
      case key.fundingTime:
        state.values[3] = cursor.timeUs(3)
        break
      case key.openInterest:
        state.values[4] = cursor.float()
        break
      default:
        cursor.skip()
    }
  }

  /** [[price, size, ...]]: one side of a best quote. */
  #touch(isBid: boolean): void {
    const scratch = this.#scratch
    const { cursor } = scratch
    if (!cursor.enterArray() || !cursor.nextItem()) return
    if (cursor.enterArray()) {
      if (cursor.nextItem()) isBid ? scratch.readBid() : scratch.readAsk()
      if (cursor.nextItem()) isBid ? scratch.readBidSize() : scratch.readAskSize()
      cursor.leaveArray()
    }
    cursor.leaveArray()
  }
}

interface OkxHouse {
  readonly id: string
  readonly name: string
  readonly captures: readonly string[]
  readonly rest: string
  readonly socket: string
  readonly kinds: readonly string[]
  readonly retired?: string
}

/** Arguments of one subscription message (64 KB are allowed). */
const ARGUMENTS_MAX = 100

function okxFeed(house: OkxHouse): FeedVenue {
  const channels = (names: readonly string[]) =>
    names.flatMap((instId) => [
      { channel: 'books', instId },
      { channel: 'trades', instId },
    ])
  const say = (op: string, args: readonly object[]): string[] => {
    const said: string[] = []
    for (let at = 0; at < args.length; at += ARGUMENTS_MAX) {
      said.push(JSON.stringify({ op, args: args.slice(at, at + ARGUMENTS_MAX) }))
    }
    return said
  }
  return {
    id: house.id,
    name: house.name,
    captures: house.captures,
    ...(house.retired !== undefined && { retired: house.retired }),
    sequence: SequenceRule.linked,
    checksum: ChecksumRule.alternating25,
    decoder: (symbols) => new OkxDecoder(symbols),
    listingUrls: () => house.kinds.map((kind) => `${house.rest}/api/v5/public/instruments?instType=${kind}`),
    readListings: (url, body) => (url.includes('/public/instruments') ? okxListings(body) : undefined),
    connection: {
      url: () => house.socket,
      subscribe: (names) => say('subscribe', channels(names)),
      resubscribe: (name) => {
        const args = [{ channel: 'books', instId: name }]
        return [...say('unsubscribe', args), ...say('subscribe', args)]
      },
      symbolsMax: 100,
      sendsPerSecond: 3,
      ping: () => 'ping',
      pingMs: 20_000,
      silenceMs: 30_000,
    },
  }
}

export const okx = okxFeed({
  id: 'okx',
  name: 'OKX',
  captures: ['OKX'],
  rest: 'https://www.okx.com',
  socket: 'wss://ws.okx.com:8443/ws/v5/public',
  kinds: ['SPOT', 'SWAP', 'FUTURES'],
})
export const okcoin = okxFeed({
  id: 'okcoin',
  name: 'OKCoin',
  captures: ['OKCOIN'],
  rest: 'https://www.okcoin.com',
  socket: 'wss://real.okcoin.com:8443/ws/v5/public',
  kinds: ['SPOT'],
  retired: 'the venue has closed its international exchange',
})
