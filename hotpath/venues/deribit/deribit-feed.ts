/**
 * Market data of Deribit: JSON-RPC notifications, books as actions (new, change, delete) with linked numbers. Source: Deribit
 * API v2, "book.(instrument_name).(interval)", "trades", "ticker", "quote", "public/set_heartbeat".
 */
import { State } from '../feed/feed-message.ts'
import { ChecksumRule, type FeedSink, type FeedVenue, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { JsonRpcDecoder } from '../feed/json-rpc-decoder.ts'
import { ASK, BID } from '../feed/level-list.ts'
import { NO_SYMBOL } from '../feed/symbol-table.ts'
import { readTrades, tradeKeys } from '../feed/trade-list.ts'
import { deribitListings } from './deribit-listings.ts'

const key = {
  type: keyOf('type'),
  instrument: keyOf('instrument_name'),
  timestamp: keyOf('timestamp'),
  change: keyOf('change_id'),
  previous: keyOf('prev_change_id'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  bid: keyOf('best_bid_price'),
  bidSize: keyOf('best_bid_amount'),
  ask: keyOf('best_ask_price'),
  askSize: keyOf('best_ask_amount'),
  mark: keyOf('mark_price'),
  index: keyOf('index_price'),
  last: keyOf('last_price'),
  openInterest: keyOf('open_interest'),
  funding: keyOf('funding_8h'),
} as const

const word = {
  book: keyOf('book'),
  trades: keyOf('trades'),
  ticker: keyOf('ticker'),
  incrementalTicker: keyOf('incremental_ticker'),
  quote: keyOf('quote'),
  chart: keyOf('chart'),
  perpetual: keyOf('perpetual'),
  priceIndex: keyOf('deribit_price_index'),
  priceRanking: keyOf('deribit_price_ranking'),
  priceStatistics: keyOf('deribit_price_statistics'),
  volatility: keyOf('deribit_volatility_index'),
  markPrice: keyOf('markprice'),
  delivery: keyOf('estimated_expiration_price'),
  blockTrades: keyOf('block_trade_confirmations'),
  blockQuotes: keyOf('block_rfq'),
  platform: keyOf('platform_state'),
  instrument: keyOf('instrument'),
  announcements: keyOf('announcements'),
  delete: keyOf('delete'),
  change: keyOf('change'),
} as const

/** The direction is the taker's. */
const trades = tradeKeys({
  price: 'price',
  size: 'amount',
  side: 'direction',
  time: 'timestamp',
  symbols: ['instrument_name'],
  clock: 3,
  buy: 'buy',
  sell: 'sell',
})

class DeribitDecoder extends JsonRpcDecoder {
  protected override tell(sink: FeedSink): FrameVerdict {
    switch (this.channel) {
      case word.book:
        return this.#book(sink)
      case word.trades:
        return readTrades(this.scratch, NO_SYMBOL, trades, sink)
      case word.ticker:
      case word.incrementalTicker:
      case word.quote:
        return this.#ticker(sink)
      case word.chart:
        return FrameVerdict.candle
      case word.perpetual:
      case word.priceIndex:
      case word.priceRanking:
      case word.priceStatistics:
      case word.volatility:
      case word.markPrice:
      case word.delivery:
      case word.blockTrades:
      case word.blockQuotes:
        return FrameVerdict.statistics
      case word.platform:
      case word.instrument:
      case word.announcements:
        return FrameVerdict.notice
      default:
        return FrameVerdict.unknownChannel
    }
  }

  #book(sink: FeedSink): FrameVerdict {
    const { cursor, book } = this.scratch
    book.clear()
    // A grouped book (book.X.group.depth.interval) names no type: each is whole.
    book.isSnapshot = true
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) {
      if (cursor.key === key.bids) this.#readSide(BID)
      else if (cursor.key === key.asks) this.#readSide(ASK)
      else if (cursor.key === key.change) book.last = cursor.integer()
      else if (cursor.key === key.previous) book.previous = cursor.integer()
      else if (cursor.key === key.instrument) book.symbol = this.scratch.readSymbol()
      else if (cursor.key === key.timestamp) book.timeUs = cursor.timeUs(3)
      else if (cursor.key === key.type) {
        if (cursor.text()) book.isSnapshot = cursor.textHash() !== word.change
      } else cursor.skip()
    }
    if (cursor.isBroken) book.levels.isBroken = true
    else if (book.last < 0) return FrameVerdict.malformed
    if (book.symbol !== NO_SYMBOL) sink.onBook(book)
    if (cursor.isBroken) return FrameVerdict.malformed
    return book.symbol === NO_SYMBOL ? FrameVerdict.unknownSymbol : FrameVerdict.parsed
  }

  /** [[action, price, amount], ...], or [[price, amount], ...] of a grouped book. */
  #readSide(side: typeof BID | typeof ASK): void {
    const { cursor, book } = this.scratch
    const { levels } = book
    if (!cursor.isArray) levels.isBroken = true
    if (!cursor.enterArray()) return
    while (cursor.nextItem()) {
      if (!cursor.enterArray()) {
        levels.isBroken = true
        continue
      }
      let isDelete = false
      if (!cursor.nextItem()) {
        levels.isBroken = true
        continue
      }
      if (cursor.isText) {
        cursor.text()
        isDelete = cursor.textHash() === word.delete
      }
      levels.readPair(cursor, side)
      if (isDelete && levels.count > 0) levels.size[levels.count - 1] = 0
      cursor.leaveArray()
    }
  }

  #ticker(sink: FeedSink): FrameVerdict {
    const { scratch } = this
    const { cursor, quote, state } = scratch
    quote.clear()
    state.clear()
    if (!cursor.enterObject()) return FrameVerdict.malformed
    while (cursor.nextKey()) this.#tickerField()
    if (cursor.isBroken) return FrameVerdict.malformed
    if (quote.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    // An incremental ticker tells only what changed: half a quote would be none.
    if (this.channel !== word.incrementalTicker && scratch.dropEmptySides()) sink.onQuote(quote)
    if (this.channel !== word.quote) {
      state.symbol = quote.symbol
      sink.onState(state)
    }
    return FrameVerdict.parsed
  }

  #tickerField(): void {
    const { scratch } = this
    const { cursor, quote, state } = scratch
    switch (cursor.key) {
      case key.instrument:
        quote.symbol = scratch.readSymbol()
        break
      case key.timestamp:
        quote.wide[4] = cursor.timeUs(3)
        break
      case key.bid:
        scratch.readBid()
        break
      case key.bidSize:
        scratch.readBidSize()
        break
      case key.ask:
        scratch.readAsk()
        break
      case key.askSize:
        scratch.readAskSize()
        break
      case key.mark:
        state.values[State.markPrice] = cursor.float()
        break
      case key.index:
        state.values[State.indexPrice] = cursor.float()
        break
      case key.last:
        state.values[State.lastPrice] = cursor.float()
        break
      case key.openInterest:
        state.values[State.openInterest] = cursor.float()
        break
      case key.funding:
        state.values[State.fundingRate] = cursor.float()
        break
      default:
        cursor.skip()
    }
  }
}

/** Channels of one request. */
const CHANNELS_MAX = 100
const HEARTBEAT_S = 30
/** Books and trades every 100 ms: the raw ones ask for a login. */
const INTERVAL = '100ms'

function call(method: string, params: object): string {
  return JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
}

export const deribit: FeedVenue = {
  id: 'deribit',
  name: 'Deribit',
  captures: ['DERIBIT'],
  sequence: SequenceRule.linked,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new DeribitDecoder(symbols),
  listingUrls: () => ['https://www.deribit.com/api/v2/public/get_instruments?currency=any&expired=false'],
  readListings: (url, body) => (url.includes('/get_instruments') ? deribitListings(body) : undefined),
  connection: {
    url: () => 'wss://www.deribit.com/ws/api/v2',
    subscribe: (names) => {
      const channels = names.flatMap((name) => [
        `book.${name}.${INTERVAL}`,
        `trades.${name}.${INTERVAL}`,
        `ticker.${name}.${INTERVAL}`,
      ])
      const said = [call('public/set_heartbeat', { interval: HEARTBEAT_S })]
      for (let at = 0; at < channels.length; at += CHANNELS_MAX) {
        said.push(call('public/subscribe', { channels: channels.slice(at, at + CHANNELS_MAX) }))
      }
      return said
    },
    resubscribe: (name) => {
      const channels = [`book.${name}.${INTERVAL}`]
      return [call('public/unsubscribe', { channels }), call('public/subscribe', { channels })]
    },
    symbolsMax: 150,
    sendsPerSecond: 3,
    // The venue asks whether we are there, and closes the connection if nobody says so.
    pong: (frame) => (isTestRequest(frame) ? call('public/test', {}) : undefined),
    silenceMs: 2 * HEARTBEAT_S * 1_000,
  },
}

const TEST_REQUEST_BYTES_MAX = 256

function isTestRequest(frame: Uint8Array): boolean {
  if (frame.length > TEST_REQUEST_BYTES_MAX) return false
  return Buffer.from(frame.buffer, frame.byteOffset, frame.length).includes('"test_request"')
}
