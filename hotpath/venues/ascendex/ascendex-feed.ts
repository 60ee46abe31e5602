/**
 * Market data of AscendEX: cash (version 1) and futures (version 2) speak the same words. Changes come numbered one by one;
 * the whole book is asked for over the socket. Source: AscendEX Pro API, "WebSocket: Level 2 Order Book Updates",
 * "Order Book Snapshot", "Market Trades", "Level 1 (bbo)", and of futures "Pricing Data Stream".
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
import { ascendexListings } from './ascendex-listings.ts'

const key = {
  kind: keyOf('m'),
  symbol: keyOf('symbol'),
  data: keyOf('data'),
  code: keyOf('code'),
  contracts: keyOf('con'),
  number: keyOf('seqnum'),
  time: keyOf('ts'),
  asks: keyOf('asks'),
  bids: keyOf('bids'),
  ask: keyOf('ask'),
  bid: keyOf('bid'),
  contract: keyOf('s'),
  mark: keyOf('mp'),
  index: keyOf('ip'),
  openInterest: keyOf('oi'),
  funding: keyOf('fr'),
  nextFunding: keyOf('fpt'),
} as const

const kind = {
  depth: keyOf('depth'),
  depthRealtime: keyOf('depth-realtime'),
  snapshot: keyOf('depth-snapshot'),
  snapshotRealtime: keyOf('depth-snapshot-realtime'),
  trades: keyOf('trades'),
  touch: keyOf('bbo'),
  pricing: keyOf('futures-pricing-data'),
  candle: keyOf('bar'),
  summary: keyOf('summary'),
  ping: keyOf('ping'),
  pong: keyOf('pong'),
  connected: keyOf('connected'),
  disconnected: keyOf('disconnected'),
  subscribed: keyOf('sub'),
  unsubscribed: keyOf('unsub'),
  error: keyOf('error'),
} as const

/** bm: the buyer was the maker, so the aggressor sold. */
const trades = tradeKeys({ price: 'p', size: 'q', side: 'bm', time: 'ts', clock: 3, buy: 'false', sell: 'true' })

class AscendexDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor } = scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let what = 0
    let symbol = NO_SYMBOL
    let dataFrom = -1
    let isRefused = false
    while (cursor.nextKey()) {
      if (cursor.key === key.kind) what = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.symbol) symbol = scratch.readSymbol()
      else if (cursor.key === key.code) isRefused = cursor.integer() !== 0
      else if (cursor.key === key.data || cursor.key === key.contracts) {
        dataFrom = cursor.at
        if (what !== 0 && symbol !== NO_SYMBOL) return this.#data(what, symbol, sink)
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    const verdict = plainVerdict(what, isRefused)
    if (verdict !== undefined) return verdict
    if (dataFrom < 0) return FrameVerdict.unknownChannel
    cursor.start(frame, dataFrom)
    return this.#data(what, symbol, sink)
  }

  #data(what: number, symbol: number, sink: FeedSink): FrameVerdict {
    switch (what) {
      case kind.depth:
      case kind.depthRealtime:
        return this.#book(symbol, false, sink)
      case kind.snapshot:
      case kind.snapshotRealtime:
        return this.#book(symbol, true, sink)
      case kind.trades:
        return readTrades(this.#scratch, symbol, trades, sink)
      case kind.touch:
        return this.#touch(symbol, sink)
      case kind.pricing:
        return this.#pricing(sink)
      case kind.candle:
        return FrameVerdict.candle
      case kind.summary:
        return FrameVerdict.statistics
      default:
        return FrameVerdict.unknownChannel
    }
  }

  #book(symbol: number, isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    book.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.symbol = symbol
    book.isSnapshot = isWhole
    while (cursor.nextKey()) {
      if (cursor.key === key.number) book.last = cursor.integer()
      else if (cursor.key === key.time) book.timeUs = cursor.timeUs(3)
      else if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
      else if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
      else cursor.skip()
    }
    if (book.last < 0) book.levels.isBroken = true
    return this.#scratch.tellBook(sink)
  }

  /** { ts, bid: [price, size], ask: [price, size] } */
  #touch(symbol: number, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, quote } = scratch
    if (!cursor.enterObject()) return FrameVerdict.malformed
    quote.clear()
    quote.symbol = symbol
    while (cursor.nextKey()) {
      const isBid = cursor.key === key.bid
      if (isBid || cursor.key === key.ask) {
        if (!cursor.enterArray()) continue
        if (cursor.nextItem()) isBid ? scratch.readBid() : scratch.readAsk()
        if (cursor.nextItem()) isBid ? scratch.readBidSize() : scratch.readAskSize()
        cursor.leaveArray()
      } else if (cursor.key === key.time) quote.wide[4] = cursor.timeUs(3)
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    sink.onQuote(quote)
    return FrameVerdict.parsed
  }

  /** Of all contracts at once: [{ s, mp, ip, oi, fr, fpt }, ...] */
  #pricing(sink: FeedSink): FrameVerdict {
    const { cursor, state } = this.#scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      state.clear()
      while (cursor.nextKey()) {
        if (cursor.key === key.contract) state.symbol = this.#scratch.readSymbol()
        else if (cursor.key === key.mark) state.values[0] = cursor.float()
        else if (cursor.key === key.index) state.values[1] = cursor.float()
        else if (cursor.key === key.funding) state.values[2] = cursor.float()
        else if (cursor.key === key.nextFunding) state.values[3] = cursor.timeUs(3)
        else if (cursor.key === key.openInterest) state.values[4] = cursor.float()
        else cursor.skip()
      }
      if (cursor.isBroken) return FrameVerdict.malformed
      if (state.symbol !== NO_SYMBOL) sink.onState(state)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }
}

/** Messages that carry no data. */
function plainVerdict(what: number, isRefused: boolean): FrameVerdict | undefined {
  switch (what) {
    case kind.ping:
    case kind.pong:
      return FrameVerdict.heartbeat
    case kind.connected:
    case kind.subscribed:
    case kind.unsubscribed:
      return isRefused ? FrameVerdict.refused : FrameVerdict.answer
    case kind.error:
      return FrameVerdict.refused
    case kind.disconnected:
      return FrameVerdict.notice
    default:
      return undefined
  }
}

const REST = 'https://ascendex.com'
const PING = '"ping"'
/** A ping is no longer than this; longer frames are not searched. */
const PING_BYTES_MAX = 64
/** Names of one subscription message. */
const BATCH = 50

function batches(names: readonly string[], channel: string): string[] {
  const said: string[] = []
  for (let at = 0; at < names.length; at += BATCH) {
    said.push(JSON.stringify({ op: 'sub', ch: `${channel}:${names.slice(at, at + BATCH).join(',')}` }))
  }
  return said
}

function askBook(symbol: string): string {
  return JSON.stringify({ op: 'req', action: 'depth-snapshot', args: { symbol } })
}

interface AscendexMarket {
  readonly id: string
  readonly name: string
  readonly captures: readonly string[]
  readonly listing: string
  readonly socket: string
}

function ascendexFeed({ id, name, captures, listing, socket }: AscendexMarket): FeedVenue {
  return {
    id,
    name,
    captures,
    retired: 'not connected: ccxt no longer carries it, and whether its API answers is not known',
    sequence: SequenceRule.contiguous,
    checksum: ChecksumRule.none,
    decoder: (symbols) => new AscendexDecoder(symbols),
    listingUrls: () => [`${REST}${listing}`],
    readListings: (url, body) => (url.includes(listing) ? ascendexListings(body) : undefined),
    connection: {
      url: () => socket,
      subscribe: (names) => [...batches(names, 'depth'), ...batches(names, 'trades'), ...names.map(askBook)],
      resubscribe: (symbol) => [askBook(symbol)],
      symbolsMax: 100,
      sendsPerSecond: 10,
      // The server pings every 15 s and closes after two without an answer.
      pong: (frame) =>
        frame.length <= PING_BYTES_MAX && Buffer.from(frame).includes(PING) ? '{"op":"pong"}' : undefined,
      silenceMs: 40_000,
    },
  }
}

export const ascendex = ascendexFeed({
  id: 'ascendex',
  name: 'AscendEX',
  captures: ['ASCENDEX'],
  listing: '/api/pro/v1/products',
  socket: 'wss://ascendex.com/1/api/pro/v1/stream',
})
export const ascendexFutures = ascendexFeed({
  id: 'ascendexfutures',
  name: 'AscendEX futures',
  captures: ['ASCENDEX_FUTURES'],
  listing: '/api/pro/v2/futures/contract',
  socket: 'wss://ascendex.com/api/pro/v2/stream',
})
