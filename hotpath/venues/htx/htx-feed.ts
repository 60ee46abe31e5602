/**
 * Market data of HTX (once Huobi): spot, and its linear and inverse swaps. Frames are gzip; books come whole (depth, mbp
 * refresh) or as numbered changes (mbp, high_freq); the venue pings in its own frames. Sources: HTX Spot API "Market Depth",
 * "Market By Price (refresh update)", "Trade Detail", "Best Bid/Offer"; USDT-M and Coin-M swaps "Subscribe Incremental Market
 * Depth Data".
 */
import { gunzipSync } from 'node:zlib'
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { readLongPairs } from '../feed/long-decimal.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { htxListings, htxSwapListings } from './htx-listings.ts'

const key = {
  channel: keyOf('ch'),
  reply: keyOf('rep'),
  tick: keyOf('tick'),
  data: keyOf('data'),
  ts: keyOf('ts'),
  ping: keyOf('ping'),
  subscribed: keyOf('subbed'),
  unsubscribed: keyOf('unsubbed'),
  errorCode: keyOf('err-code'),
  errorText: keyOf('err-msg'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  bid: keyOf('bid'),
  ask: keyOf('ask'),
  bidSize: keyOf('bidSize'),
  askSize: keyOf('askSize'),
  version: keyOf('version'),
  number: keyOf('seqNum'),
  numberBefore: keyOf('prevSeqNum'),
  event: keyOf('event'),
} as const

const word = {
  depth: keyOf('depth'),
  mbp: keyOf('mbp'),
  refresh: keyOf('refresh'),
  trade: keyOf('trade'),
  quote: keyOf('bbo'),
  candle: keyOf('kline'),
  detail: keyOf('detail'),
  ticker: keyOf('ticker'),
  snapshot: keyOf('snapshot'),
  update: keyOf('update'),
} as const

const trades = tradeKeys({
  price: 'price',
  size: 'amount',
  side: 'direction',
  time: 'ts',
  clock: 3,
  buy: 'buy',
  sell: 'sell',
})

const DOT = 0x2e
const OPEN_OBJECT = 0x7b
/** A frame of the venue is far smaller: what unpacks to more is hostile. */
const FRAME_BYTES_MAX = 8_388_608
/** A packed ping has about 40 bytes; nothing longer is unpacked to look for one. */
const PING_BYTES_MAX = 100

class HtxDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid: SizeGrid
  #symbol = NO_SYMBOL
  /** First word of the channel behind the symbol: word.depth of 'market.btcusdt.depth.step0'. */
  #channel = 0
  #isChange = false

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
    this.#grid = SizeGrid.of(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    const text = unpacked(frame)
    if (text === undefined) return FrameVerdict.malformed
    cursor.start(text)
    if (!cursor.isObject) return FrameVerdict.malformed
    cursor.enterObject()
    this.#symbol = NO_SYMBOL
    this.#channel = 0
    book.clear()
    let payloadAt = -1
    let isRead = false
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.channel:
        case key.reply:
          this.#readChannel()
          break
        case key.tick:
        case key.data:
          // The channel nearly always stands before: then its book is read on the way instead of being come back to.
          if (this.#isBook) {
            isRead = true
            this.#readBook()
          } else {
            payloadAt = cursor.at
            cursor.skip()
          }
          break
        case key.ts:
          if (book.timeUs === 0) book.timeUs = cursor.timeUs(3)
          else cursor.skip()
          break
        case key.ping:
          return FrameVerdict.heartbeat
        case key.subscribed:
        case key.unsubscribed:
          return FrameVerdict.answer
        case key.errorCode:
        case key.errorText:
          return FrameVerdict.refused
        default:
          cursor.skip()
      }
    }
    book.symbol = this.#symbol
    if (cursor.isBroken) return this.#isBook ? this.#scratch.tellBook(sink) : FrameVerdict.malformed
    if (isRead) return this.#scratch.tellBook(sink)
    if (payloadAt < 0) return FrameVerdict.unknownChannel
    cursor.start(text, payloadAt)
    return this.#payload(sink)
  }

  get #isBook(): boolean {
    return this.#channel === word.depth || this.#channel === word.mbp
  }

  /** 'market.btcusdt.depth.step0', 'market.BTC-USDT.depth.size_20.high_freq', 'market.btcusdt.mbp.refresh.20'. */
  #readChannel(): void {
    const { cursor } = this.#scratch
    if (!cursor.text()) return
    const to = cursor.textTo
    cursor.wordHash(DOT)
    cursor.textFrom = cursor.wordTo + 1
    cursor.wordHash(DOT)
    if (cursor.textFrom >= to) return
    this.#symbol = this.#scratch.symbolAt(cursor.textFrom, cursor.wordTo)
    cursor.textFrom = Math.min(to, cursor.wordTo + 1)
    this.#channel = cursor.wordHash(DOT)
    cursor.textFrom = Math.min(to, cursor.wordTo + 1)
    this.#isChange = this.#channel === word.mbp && cursor.wordHash(DOT) !== word.refresh
  }

  #payload(sink: FeedSink): FrameVerdict {
    if (this.#isBook) {
      this.#readBook()
      return this.#scratch.tellBook(sink)
    }
    switch (this.#channel) {
      case word.trade:
        return this.#trades(sink)
      case word.quote:
        return this.#quote(sink)
      case word.candle:
        return FrameVerdict.candle
      case word.detail:
      case word.ticker:
        return FrameVerdict.statistics
      default:
        return FrameVerdict.unknownChannel
    }
  }

  #readBook(): void {
    const { cursor, book } = this.#scratch
    const { levels } = book
    book.symbol = this.#symbol
    book.isSnapshot = !this.#isChange
    if (!cursor.enterObject()) levels.isBroken = true
    while (!levels.isBroken && cursor.nextKey()) {
      switch (cursor.key) {
        case key.bids:
          readLongPairs(levels, cursor, BID)
          break
        case key.asks:
          readLongPairs(levels, cursor, ASK)
          break
        case key.version:
        case key.number:
          book.last = cursor.integer()
          break
        case key.numberBefore:
          book.previous = cursor.integer()
          break
        case key.ts:
          book.timeUs = cursor.timeUs(3)
          break
        case key.event:
          if (cursor.text()) book.isSnapshot = cursor.textHash() !== word.update
          break
        default:
          cursor.skip()
      }
    }
    if (book.symbol !== NO_SYMBOL) this.#grid.cut(book.symbol, levels)
  }

  /** tick: { id, ts, data: [{ price, amount, direction, ts, ... }, ...] } */
  #trades(sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    let verdict: FrameVerdict = FrameVerdict.malformed
    if (!cursor.enterObject()) return verdict
    if (this.#symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    while (cursor.nextKey()) {
      if (cursor.key === key.data) verdict = readTrades(this.#scratch, this.#symbol, trades, sink)
      else cursor.skip()
    }
    return cursor.isBroken ? FrameVerdict.malformed : verdict
  }

  /** Spot says bid, bidSize, ask, askSize; swaps say bid: [price, size]. */
  #quote(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    quote.clear()
    quote.symbol = this.#symbol
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      const isBid = cursor.key === key.bid
      if (isBid || cursor.key === key.ask) this.#touch(isBid)
      else if (cursor.key === key.bidSize) scratch.readBidSize()
      else if (cursor.key === key.askSize) scratch.readAskSize()
      else if (cursor.key === key.ts) quote.wide[4] = cursor.timeUs(3)
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (quote.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (scratch.dropEmptySides()) sink.onQuote(quote)
    return FrameVerdict.parsed
  }

  #touch(isBid: boolean): void {
    const scratch = this.#scratch
    const { cursor } = scratch
    if (!cursor.isArray) {
      isBid ? scratch.readBid() : scratch.readAsk()
      return
    }
    cursor.enterArray()
    if (cursor.nextItem()) isBid ? scratch.readBid() : scratch.readAsk()
    if (cursor.nextItem()) isBid ? scratch.readBidSize() : scratch.readAskSize()
    cursor.leaveArray()
  }
}

/** The text of a frame, or undefined when it is neither text nor gzip. Unpacking allocates: the venue sends nothing else. */
function unpacked(frame: Uint8Array): Uint8Array | undefined {
  if (frame[0] === OPEN_OBJECT) return frame
  try {
    return gunzipSync(frame, { maxOutputLength: FRAME_BYTES_MAX })
  } catch {
    return undefined
  }
}

/** { "ping": 1618678073643 } is answered with its own number, within two of them, or the venue hangs up. */
function pong(frame: Uint8Array): string | undefined {
  if (frame.length > PING_BYTES_MAX) return undefined
  const text = unpacked(frame)
  if (text === undefined) return undefined
  const asked = /^\{"ping":([0-9]{1,16})\}$/.exec(Buffer.from(text).toString())
  return asked === null ? undefined : `{"pong":${asked[1]}}`
}

interface HtxMarket {
  readonly id: string
  readonly name: string
  readonly captures: readonly string[]
  readonly sequence: SequenceRule
  readonly listings: readonly string[]
  readonly socket: string
  /** Channel of books, and whether it must be asked for as changes. */
  readonly books: string
  readonly isIncremental?: boolean
}

function htxFeed(market: HtxMarket): FeedVenue {
  const { listings, books, isIncremental = false } = market
  const say = (verb: 'sub' | 'unsub', channel: string, isBook: boolean) =>
    JSON.stringify({ [verb]: channel, id: channel, ...(isBook && isIncremental && { data_type: 'incremental' }) })
  return {
    id: market.id,
    name: market.name,
    captures: market.captures,
    sequence: market.sequence,
    checksum: ChecksumRule.none,
    ...(!isIncremental && { isSnapshotOnly: true }),
    decoder: (symbols) => new HtxDecoder(symbols),
    listingUrls: () => listings,
    readListings: (url, body) => {
      if (url.includes('/common/symbols')) return htxListings(body)
      return url.includes('/swap_contract_info') ? htxSwapListings(body, url.includes('/linear-swap-api/')) : undefined
    },
    connection: {
      url: () => market.socket,
      subscribe: (names) =>
        names.flatMap((name) => [
          say('sub', `market.${name}.${books}`, true),
          say('sub', `market.${name}.trade.detail`, false),
        ]),
      resubscribe: (name) => [
        say('unsub', `market.${name}.${books}`, true),
        say('sub', `market.${name}.${books}`, true),
      ],
      symbolsMax: 50,
      sendsPerSecond: 20,
      pong,
      // The venue pings every 5 seconds.
      silenceMs: 15_000,
    },
  }
}

/** Whole books of 20 levels every 100 ms: mbp's changes need a second request over the socket before they mean anything. */
export const htx = htxFeed({
  id: 'htx',
  name: 'HTX',
  captures: ['HUOBI'],
  sequence: SequenceRule.linked,
  listings: ['https://api.huobi.pro/v1/common/symbols'],
  socket: 'wss://api.huobi.pro/ws',
  books: 'mbp.refresh.20',
})

/** One recording holds both kinds of swaps; their names never meet (BTC-USDT, BTC-USD). */
export const htxSwap = htxFeed({
  id: 'htxswap',
  name: 'HTX USDT-M swaps',
  captures: ['HUOBI_SWAP'],
  sequence: SequenceRule.contiguous,
  listings: ['https://api.hbdm.com/linear-swap-api/v1/swap_contract_info'],
  socket: 'wss://api.hbdm.com/linear-swap-ws',
  books: 'depth.size_150.high_freq',
  isIncremental: true,
})
export const htxCoinSwap = htxFeed({
  id: 'htxcoinswap',
  name: 'HTX Coin-M swaps',
  captures: [],
  sequence: SequenceRule.contiguous,
  listings: ['https://api.hbdm.com/swap-api/v1/swap_contract_info'],
  socket: 'wss://api.hbdm.com/swap-ws',
  books: 'depth.size_150.high_freq',
  isIncremental: true,
})
