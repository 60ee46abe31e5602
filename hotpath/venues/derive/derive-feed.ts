/**
 * Market data of Derive: JSON-RPC notifications; every book message is whole. Source: Derive API v3, "Orderbook", "Trades",
 * "Ticker slim", "Connecting over WebSocket".
 */
import { Side } from '../../../shared/domain/order.ts'
import { State } from '../feed/feed-message.ts'
import { ChecksumRule, type FeedSink, type FeedVenue, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { JsonRpcDecoder } from '../feed/json-rpc-decoder.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { NO_SYMBOL } from '../feed/symbol-table.ts'
import { deriveListings } from './derive-listings.ts'

const key = {
  instrument: keyOf('instrument_name'),
  timestamp: keyOf('timestamp'),
  publish: keyOf('publish_id'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  price: keyOf('trade_price'),
  amount: keyOf('trade_amount'),
  direction: keyOf('direction'),
  role: keyOf('liquidity_role'),
  slim: keyOf('instrument_ticker'),
  slimBid: keyOf('b'),
  slimBidSize: keyOf('B'),
  slimAsk: keyOf('a'),
  slimAskSize: keyOf('A'),
  slimIndex: keyOf('I'),
  slimMark: keyOf('M'),
  slimFunding: keyOf('f'),
  slimTime: keyOf('t'),
  slimStatistics: keyOf('stats'),
  slimOpenInterest: keyOf('oi'),
  bid: keyOf('best_bid_price'),
  bidSize: keyOf('best_bid_amount'),
  ask: keyOf('best_ask_price'),
  askSize: keyOf('best_ask_amount'),
  mark: keyOf('mark_price'),
  index: keyOf('index_price'),
  perpetual: keyOf('perp_details'),
  funding: keyOf('funding_rate'),
} as const

const word = {
  book: keyOf('orderbook'),
  trades: keyOf('trades'),
  ticker: keyOf('ticker'),
  tickerSlim: keyOf('ticker_slim'),
  spot: keyOf('spot_feed'),
  auctions: keyOf('auctions'),
  margin: keyOf('margin'),
  maker: keyOf('maker'),
} as const

const POINT = 0x2e
const BUY_LETTER = 0x62

class DeriveDecoder extends JsonRpcDecoder {
  protected override tell(sink: FeedSink): FrameVerdict {
    switch (this.channel) {
      case word.book:
        return this.#book(sink)
      case word.trades:
        return this.#trades(sink)
      case word.tickerSlim:
      case word.ticker:
        return this.#ticker(sink)
      case word.spot:
      case word.auctions:
      case word.margin:
        return FrameVerdict.statistics
      default:
        return FrameVerdict.unknownChannel
    }
  }

  #book(sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.scratch
    book.clear()
    book.isSnapshot = true
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.bids) book.levels.readPairs(cursor, BID)
      else if (cursor.key === key.asks) book.levels.readPairs(cursor, ASK)
      else if (cursor.key === key.publish) book.last = cursor.integer()
      else if (cursor.key === key.instrument) book.symbol = this.scratch.readSymbol()
      else if (cursor.key === key.timestamp) book.timeUs = cursor.timeUs(3)
      else cursor.skip()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    sink.onBook(book)
    return FrameVerdict.parsed
  }

  /** [{ instrument_name, direction, trade_price, trade_amount, ... }, ...]; once settled, told of both sides: the taker's is taken. */
  #trades(sink: FeedSink): FrameVerdict {
    const { scratch } = this
    const { cursor, trade } = scratch
    let isKnown = false
    if (!cursor.enterArray()) return FrameVerdict.malformed
    while (cursor.nextItem()) {
      if (!cursor.enterObject()) return FrameVerdict.malformed
      let isMaker = false
      trade.clear()
      while (cursor.nextKey()) {
        if (cursor.key === key.price) scratch.readTradePrice()
        else if (cursor.key === key.amount) scratch.readTradeSize()
        else if (cursor.key === key.instrument) trade.symbol = scratch.readSymbol()
        else if (cursor.key === key.timestamp) trade.timeUs = cursor.timeUs(3)
        else if (cursor.key === key.direction) {
          if (cursor.text()) trade.aggressor = cursor.bytes[cursor.textFrom] === BUY_LETTER ? Side.buy : Side.sell
        } else if (cursor.key === key.role) {
          if (cursor.text()) isMaker = cursor.textHash() === word.maker
        } else cursor.skip()
      }
      if (cursor.isBroken) return FrameVerdict.malformed
      if (trade.symbol === NO_SYMBOL) continue
      if (!scratch.isTradeWhole) return FrameVerdict.malformed
      isKnown = true
      if (!isMaker) sink.onTrade(trade)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    return isKnown ? FrameVerdict.parsed : FrameVerdict.unknownSymbol
  }

  /** 'ticker_slim.ETH-PERP.1000': the slim one is named by its channel alone. */
  #ticker(sink: FeedSink): FrameVerdict {
    const { scratch } = this
    const { cursor, quote, state } = scratch
    quote.clear()
    state.clear()
    quote.symbol = this.#channelSymbol()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.slim || cursor.key === key.perpetual) this.#readFields()
      else this.#field()
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (quote.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    state.symbol = quote.symbol
    if (scratch.dropEmptySides()) sink.onQuote(quote)
    sink.onState(state)
    return FrameVerdict.parsed
  }

  #readFields(): void {
    const { cursor } = this.scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) this.#field()
  }

  #field(): void {
    const { scratch } = this
    const { cursor, quote, state } = scratch
    switch (cursor.key) {
      case key.slimBid:
      case key.bid:
        scratch.readBid()
        break
      case key.slimBidSize:
      case key.bidSize:
        scratch.readBidSize()
        break
      case key.slimAsk:
      case key.ask:
        scratch.readAsk()
        break
      case key.slimAskSize:
      case key.askSize:
        scratch.readAskSize()
        break
      case key.slimIndex:
      case key.index:
        state.values[State.indexPrice] = cursor.float()
        break
      case key.slimMark:
      case key.mark:
        state.values[State.markPrice] = cursor.float()
        break
      case key.slimFunding:
      case key.funding:
        state.values[State.fundingRate] = cursor.float()
        break
      case key.slimTime:
      case key.timestamp:
        quote.wide[4] = cursor.timeUs(3)
        break
      case key.slimStatistics:
        this.#readStatistics()
        break
      default:
        cursor.skip()
    }
  }

  #readStatistics(): void {
    const { cursor, state } = this.scratch
    if (!cursor.enterObject()) return
    while (cursor.nextKey()) {
      if (cursor.key === key.slimOpenInterest) state.values[State.openInterest] = cursor.float()
      else cursor.skip()
    }
  }

  /** Between the first point of the channel's name and the last. */
  #channelSymbol(): number {
    const { bytes } = this.scratch.cursor
    let from = this.channelFrom
    let to = this.channelTo - 1
    while (from < this.channelTo && bytes[from] !== POINT) from++
    while (to > from && bytes[to] !== POINT) to--
    return this.scratch.symbolAt(from + 1, to)
  }
}

const CHANNELS_MAX = 60

function call(method: string, channels: readonly string[]): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { channels } })
}

/** Levels a side, at full precision (group 1). */
const BOOK = '1.100'

export const derive: FeedVenue = {
  id: 'derive',
  name: 'Derive',
  captures: ['DERIVE'],
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  isSnapshotOnly: true,
  decoder: (symbols) => new DeriveDecoder(symbols),
  listingUrls: () =>
    ['perp', 'erc20', 'option'].map((kind) => `https://api.derive.xyz/public/get_all_instruments#${kind}`),
  listingBody: (url) =>
    JSON.stringify({ instrument_type: url.slice(url.indexOf('#') + 1), expired: false, page: 1, page_size: 1_000 }),
  readListings: (url, body) => (url.includes('instruments') ? deriveListings(body) : undefined),
  connection: {
    url: () => 'wss://api.derive.xyz/v3/ws',
    subscribe: (names) => {
      const channels = names.flatMap((name) => [
        `orderbook.${name}.${BOOK}`,
        `trades.${name}`,
        `ticker_slim.${name}.1000`,
      ])
      const said: string[] = []
      for (let at = 0; at < channels.length; at += CHANNELS_MAX) {
        said.push(call('subscribe', channels.slice(at, at + CHANNELS_MAX)))
      }
      return said
    },
    symbolsMax: 100,
    sendsPerSecond: 2,
    silenceMs: 60_000,
  },
}
