/**
 * Market data of Bitget, version 2 (spot; contracts) and the version 1 of older recordings: one envelope { action, arg,
 * data }, books with a CRC-32. Source: Bitget API v2, "Depth Channel", "Trades Channel", "Tickers Channel"; v1 the same.
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
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { bitgetListings, bitgetV1Listings } from './bitget-listings.ts'
import { BitgetV1Names } from './bitget-v1-names.ts'

const key = {
  event: keyOf('event'),
  action: keyOf('action'),
  arg: keyOf('arg'),
  data: keyOf('data'),
  kind: keyOf('instType'),
  channel: keyOf('channel'),
  name: keyOf('instId'),
  asks: keyOf('asks'),
  bids: keyOf('bids'),
  checksum: keyOf('checksum'),
  number: keyOf('seq'),
  time: keyOf('ts'),
  bid: keyOf('bidPr'),
  bidSize: keyOf('bidSz'),
  ask: keyOf('askPr'),
  askSize: keyOf('askSz'),
  last: keyOf('lastPr'),
  mark: keyOf('markPrice'),
  index: keyOf('indexPrice'),
  funding: keyOf('fundingRate'),
  nextFunding: keyOf('nextFundingTime'),
  holding: keyOf('holdingAmount'),
  // Version 1.
  bidV1: keyOf('bestBid'),
  askV1: keyOf('bestAsk'),
  lastV1: keyOf('last'),
  fundingV1: keyOf('capitalRate'),
  nextFundingV1: keyOf('nextSettleTime'),
  holdingV1: keyOf('holding'),
  timeV1: keyOf('systemTime'),
} as const

const word = {
  snapshot: keyOf('snapshot'),
  error: keyOf('error'),
  books: keyOf('books'),
  trade: keyOf('trade'),
  ticker: keyOf('ticker'),
  buy: keyOf('buy'),
  sell: keyOf('sell'),
} as const

const trades = tradeKeys({ price: 'price', size: 'size', side: 'side', time: 'ts', clock: 3, buy: 'buy', sell: 'sell' })
const LETTER_P = 0x70
const PONG_BYTES = 4

const Channel = { unknown: 0, changes: 1, whole: 2, trades: 3, ticker: 4, candles: 5 } as const
type Channel = (typeof Channel)[keyof typeof Channel]

class BitgetDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  /** Version 1 only: names that tell spot and contracts apart. */
  readonly #namesV1: BitgetV1Names | undefined
  #channel: Channel = Channel.unknown
  #symbol = NO_SYMBOL
  #isSpot = false

  constructor(symbols: SymbolTable, isV1: boolean) {
    this.#scratch = new FeedScratch(symbols)
    this.#namesV1 = isV1 ? new BitgetV1Names(symbols) : undefined
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const { cursor } = this.#scratch
    if (frame.length === PONG_BYTES && frame[0] === LETTER_P) return FrameVerdict.heartbeat
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    let action = 0
    let hasArg = false
    let from = -1
    while (cursor.nextKey()) {
      if (cursor.key === key.event) {
        return cursor.text() && cursor.textHash() === word.error ? FrameVerdict.refused : FrameVerdict.answer
      }
      if (cursor.key === key.action) action = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.arg) {
        if (!this.#readArg()) return FrameVerdict.malformed
        hasArg = true
      } else if (cursor.key === key.data) {
        from = cursor.at
        if (action !== 0 && hasArg) return this.#tell(action === word.snapshot, sink)
        cursor.skip()
      } else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (from < 0 || !hasArg) return FrameVerdict.unknownChannel
    cursor.start(frame, from)
    return this.#tell(action === word.snapshot, sink)
  }

  /** { instType, channel, instId } */
  #readArg(): boolean {
    const scratch = this.#scratch
    const { cursor } = scratch
    if (!cursor.enterObject()) return false
    this.#channel = Channel.unknown
    this.#isSpot = false
    let nameFrom = 0
    let nameTo = 0
    while (cursor.nextKey()) {
      if (!cursor.isText) {
        cursor.skip()
        continue
      }
      const name = cursor.key
      cursor.text()
      if (name === key.kind) this.#isSpot = cursor.textStartsWith('s') || cursor.textStartsWith('S')
      else if (name === key.channel) this.#readChannel()
      else if (name === key.name) {
        nameFrom = cursor.textFrom
        nameTo = cursor.textTo
      }
    }
    this.#symbol =
      this.#namesV1 === undefined
        ? scratch.symbolAt(nameFrom, nameTo)
        : this.#namesV1.find(cursor.bytes, nameFrom, nameTo, this.#isSpot)
    return !cursor.isBroken
  }

  #readChannel(): void {
    const { cursor } = this.#scratch
    const hash = cursor.textHash()
    if (hash === word.books) this.#channel = Channel.changes
    // books1, books5, books15: whole each time.
    else if (cursor.textStartsWith('books')) this.#channel = Channel.whole
    else if (hash === word.trade) this.#channel = Channel.trades
    else if (hash === word.ticker) this.#channel = Channel.ticker
    else if (cursor.textStartsWith('candle')) this.#channel = Channel.candles
  }

  #tell(isWhole: boolean, sink: FeedSink): FrameVerdict {
    if (this.#channel === Channel.unknown) return FrameVerdict.unknownChannel
    if (this.#channel === Channel.candles) return FrameVerdict.candle
    if (this.#symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (this.#channel === Channel.trades) {
      // The trades before our subscription are no news.
      if (isWhole) return FrameVerdict.statistics
      return this.#namesV1 === undefined ? readTrades(this.#scratch, this.#symbol, trades, sink) : this.#tradesV1(sink)
    }
    if (this.#channel === Channel.ticker) {
      // Version 1 rounds the best prices of spot instruments, to the same number on both sides.
      return this.#namesV1 !== undefined && this.#isSpot ? FrameVerdict.statistics : this.#tickers(sink)
    }
    return this.#books(isWhole || this.#channel === Channel.whole, sink)
  }

  #books(isWhole: boolean, sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.#scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    let verdict: FrameVerdict = FrameVerdict.parsed
    while (cursor.nextItem()) {
      book.clear()
      if (!cursor.enterObject()) return FrameVerdict.malformed
      book.symbol = this.#symbol
      book.isSnapshot = isWhole
      while (cursor.nextKey()) {
        if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
        else if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
        else if (cursor.key === key.checksum) this.#readChecksum()
        else if (cursor.key === key.number) book.last = cursor.integer()
        else if (cursor.key === key.time) book.timeUs = cursor.timeUs(3)
        else cursor.skip()
      }
      const one = this.#scratch.tellBook(sink)
      if (one !== FrameVerdict.parsed) verdict = one
    }
    return cursor.isBroken ? FrameVerdict.malformed : verdict
  }

  /** A signed 32-bit number; 0 where Bitget no longer makes one. */
  #readChecksum(): void {
    const { cursor, book } = this.#scratch
    const value = cursor.decimal()
    if (value > 0) book.checksum = cursor.isNegative ? -value : value
  }

  /** [[time, price, size, side], ...] */
  #tradesV1(sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, trade } = scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterArray()) return FrameVerdict.malformed
      trade.clear()
      trade.symbol = this.#symbol
      if (cursor.nextItem()) trade.timeUs = cursor.timeUs(3)
      if (cursor.nextItem()) scratch.readTradePrice()
      if (cursor.nextItem()) scratch.readTradeSize()
      const side = cursor.nextItem() && cursor.text() ? cursor.textHash() : 0
      cursor.leaveArray()
      if (cursor.isBroken || !scratch.isTradeWhole) return FrameVerdict.malformed
      if (side !== word.buy && side !== word.sell) return FrameVerdict.malformed
      trade.aggressor = side === word.buy ? Side.buy : Side.sell
      sink.onTrade(trade)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  #tickers(sink: FeedSink): FrameVerdict {
    const { cursor, quote, state } = this.#scratch
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      quote.clear()
      state.clear()
      quote.symbol = this.#symbol
      state.symbol = this.#symbol
      while (cursor.nextKey()) this.#tickerField()
      if (cursor.isBroken) return FrameVerdict.malformed
      sink.onQuote(quote)
      if (!this.#isSpot) sink.onState(state)
    }
    return cursor.isBroken ? FrameVerdict.malformed : FrameVerdict.parsed
  }

  #tickerField(): void {
    const scratch = this.#scratch
    const { cursor, quote, state } = scratch
    switch (cursor.key) {
      case key.bid:
      case key.bidV1:
        scratch.readBid()
        break
      case key.ask:
      case key.askV1:
        scratch.readAsk()
        break
      case key.bidSize:
        scratch.readBidSize()
        break
      case key.askSize:
        scratch.readAskSize()
        break
      case key.time:
      case key.timeV1:
        quote.wide[4] = cursor.timeUs(3)
        break
      case key.mark:
        state.values[0] = cursor.float()
        break
      case key.index:
        state.values[1] = cursor.float()
        break
      case key.funding:
      case key.fundingV1:
        state.values[2] = cursor.float()
        break
      case key.nextFunding:
      case key.nextFundingV1:
        state.values[3] = cursor.timeUs(3)
        break
      case key.holding:
      case key.holdingV1:
        state.values[4] = cursor.float()
        break
      case key.last:
      case key.lastV1:
        state.values[5] = cursor.float()
        break
      default:
        cursor.skip()
    }
  }
}

const REST = 'https://api.bitget.com'
/** Arguments of one subscription message (4,096 bytes are allowed). */
const ARGUMENTS_MAX = 40

interface Argument {
  readonly instType: string
  readonly instId: string
}

interface BitgetMarket {
  readonly id: string
  readonly name: string
  readonly captures: readonly string[]
  readonly isV1: boolean
  readonly retired?: string
  readonly listings: readonly string[]
  readonly socket: (names: readonly string[]) => string
  readonly argument: (name: string) => Argument
  /** Besides books and trades. */
  readonly channels: readonly string[]
}

function bitgetFeed(market: BitgetMarket): FeedVenue {
  const { isV1, retired, argument } = market
  const say = (op: string, channels: readonly string[], names: readonly string[]): string[] => {
    const all = names.flatMap((name) => channels.map((channel) => ({ channel, ...argument(name) })))
    const said: string[] = []
    for (let at = 0; at < all.length; at += ARGUMENTS_MAX) {
      said.push(JSON.stringify({ op, args: all.slice(at, at + ARGUMENTS_MAX) }))
    }
    return said
  }
  return {
    id: market.id,
    name: market.name,
    captures: market.captures,
    ...(retired !== undefined && { retired }),
    // Version 2 numbers its books without saying by how much a number grows.
    sequence: isV1 ? SequenceRule.none : SequenceRule.increasing,
    checksum: ChecksumRule.alternatingShown25,
    decoder: (symbols) => new BitgetDecoder(symbols, isV1),
    listingUrls: () => market.listings.map((path) => `${REST}${path}`),
    readListings: (url, body) => {
      if (!/\/public\/(products|symbols)|\/market\/contracts/.test(url)) return undefined
      return isV1 ? bitgetV1Listings(body) : bitgetListings(body)
    },
    connection: {
      url: market.socket,
      subscribe: (names) => say('subscribe', ['books', 'trade', ...market.channels], names),
      resubscribe: (name) => [...say('unsubscribe', ['books'], [name]), ...say('subscribe', ['books'], [name])],
      // Fewer than 50 channels a connection are recommended; 10 messages a second and 240 subscriptions an hour allowed.
      symbolsMax: 16,
      sendsPerSecond: 5,
      ping: () => 'ping',
      pingMs: 25_000,
      silenceMs: 60_000,
    },
  }
}

/** Which contracts these are, by how their names end: 'BTCUSDT', 'BTCPERP' and 'BTCUSD'. */
function contractKind(name: string): string {
  if (name.endsWith('USDT')) return 'USDT-FUTURES'
  return name.endsWith('PERP') ? 'USDC-FUTURES' : 'COIN-FUTURES'
}

const SOCKET = 'wss://ws.bitget.com/v2/ws/public'

export const bitget = bitgetFeed({
  id: 'bitget',
  name: 'Bitget',
  captures: [],
  isV1: false,
  listings: ['/api/v2/spot/public/symbols'],
  socket: () => SOCKET,
  argument: (instId) => ({ instType: 'SPOT', instId }),
  channels: [],
})
/** Apart from spot: the same name means both. */
export const bitgetFutures = bitgetFeed({
  id: 'bitgetfutures',
  name: 'Bitget futures',
  captures: [],
  isV1: false,
  listings: ['USDT-FUTURES', 'USDC-FUTURES', 'COIN-FUTURES'].map(
    (kind) => `/api/v2/mix/market/contracts?productType=${kind}`,
  ),
  socket: () => SOCKET,
  argument: (instId) => ({ instType: contractKind(instId), instId }),
  channels: ['ticker'],
})
export const bitgetV1 = bitgetFeed({
  id: 'bitget-v1',
  name: 'Bitget (version 1)',
  captures: ['BITGET'],
  isV1: true,
  retired: 'replaced by version 2 of the same venue (bitget)',
  listings: [
    '/api/spot/v1/public/products',
    ...['umcbl', 'dmcbl'].map((kind) => `/api/mix/v1/market/contracts?productType=${kind}`),
  ],
  socket: (names) => `wss://ws.bitget.com/${names.every((name) => name.endsWith('_SPBL')) ? 'spot' : 'mix'}/v1/stream`,
  argument: (name) => ({ instType: name.endsWith('_SPBL') ? 'SP' : 'MC', instId: name.split('_')[0] }),
  channels: ['ticker'],
})
