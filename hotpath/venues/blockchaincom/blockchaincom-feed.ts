/**
 * Market data of the Blockchain.com exchange: one kind of object for every channel, numbered per connection: a hole in the
 * numbers may have been in any book. Source: exchange.blockchain.com/api, "WebSocket".
 */
import { Side } from '../../../shared/domain/order.ts'
import { ConnectionSequence } from '../feed/connection-sequence.ts'
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
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { asObjects, asText, listed, parseBody, plainDecimal } from '../feed/listing-reader.ts'
import { SizeGrid } from '../feed/size-grid.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import type { VenueSymbol } from '../native/order-dialect.ts'

const key = {
  seqnum: keyOf('seqnum'),
  event: keyOf('event'),
  channel: keyOf('channel'),
  symbol: keyOf('symbol'),
  bids: keyOf('bids'),
  asks: keyOf('asks'),
  timestamp: keyOf('timestamp'),
  side: keyOf('side'),
  price: keyOf('price'),
  quantity: keyOf('qty'),
} as const

const event = {
  subscribed: keyOf('subscribed'),
  unsubscribed: keyOf('unsubscribed'),
  rejected: keyOf('rejected'),
  snapshot: keyOf('snapshot'),
  updated: keyOf('updated'),
} as const

const channel = {
  book: keyOf('l2'),
  trades: keyOf('trades'),
  ticker: keyOf('ticker'),
  prices: keyOf('prices'),
  heartbeat: keyOf('heartbeat'),
  symbols: keyOf('symbols'),
} as const

const pair = levelKeys('px', 'qty')
const BUY = keyOf('buy')

class BlockchainDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #grid = new SizeGrid()
  readonly #sequence = new ConnectionSequence()

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book, trade } = scratch
    cursor.start(frame)
    if (!cursor.enterObject()) return FrameVerdict.malformed
    book.clear()
    trade.clear()
    let number = -1
    let what = 0
    let where = 0
    while (cursor.nextKey()) {
      switch (cursor.key) {
        case key.seqnum:
          number = cursor.integer()
          break
        case key.event:
          what = cursor.text() ? cursor.textHash() : 0
          break
        case key.channel:
          where = cursor.text() ? cursor.textHash() : 0
          break
        case key.symbol:
          book.symbol = scratch.readSymbol()
          break
        case key.bids:
          book.levels.readObjects(cursor, BID, pair)
          break
        case key.asks:
          book.levels.readObjects(cursor, ASK, pair)
          break
        case key.timestamp:
          book.timeUs = cursor.isoTimeUs()
          break
        case key.side:
          trade.aggressor = cursor.text() && cursor.textHash() === BUY ? Side.buy : Side.sell
          break
        case key.price:
          scratch.readTradePrice()
          if (cursor.isNegative) trade.price = -1
          break
        case key.quantity:
          scratch.readTradeSize()
          if (cursor.isNegative) trade.size = -1
          break
        default:
          cursor.skip()
      }
    }
    if (cursor.isBroken || number < 0) return FrameVerdict.malformed
    if (!this.#sequence.follows(number, sink)) return FrameVerdict.repeated
    if (what === event.subscribed || what === event.unsubscribed) return FrameVerdict.answer
    if (what === event.rejected) return FrameVerdict.refused
    return this.#tell(what, where, sink)
  }

  #tell(what: number, where: number, sink: FeedSink): FrameVerdict {
    const { book, trade } = this.#scratch
    if (where === channel.heartbeat) return FrameVerdict.heartbeat
    if (where === channel.prices) return FrameVerdict.candle
    if (where === channel.ticker) return FrameVerdict.statistics
    if (where === channel.symbols) return FrameVerdict.notice
    if (where !== channel.book && where !== channel.trades) return FrameVerdict.unknownChannel
    if (what !== event.snapshot && what !== event.updated) return FrameVerdict.unknownChannel
    if (book.symbol === NO_SYMBOL) return FrameVerdict.unknownSymbol
    if (where === channel.book) {
      book.isSnapshot = what === event.snapshot
      this.#grid.cut(book.symbol, book.levels)
      return this.#scratch.tellBook(sink)
    }
    trade.symbol = book.symbol
    trade.timeUs = book.timeUs
    if (!this.#scratch.isTradeWhole) return FrameVerdict.malformed
    sink.onTrade(trade)
    return FrameVerdict.parsed
  }
}

/** An amount as the list writes it: a whole number and how many of its digits are behind the point. */
function scaled(value: unknown, scale: unknown): string {
  if (typeof value !== 'number' || typeof scale !== 'number' || !Number.isInteger(scale)) return ''
  return value > 0 && scale >= 0 && scale <= 22 ? plainDecimal(Number(`${value}e-${scale}`)) : ''
}

function blockchainListings(body: string): readonly VenueSymbol[] | undefined {
  const answer = parseBody(body)
  if (!Array.isArray(answer)) return undefined
  return asObjects(answer).flatMap((one) => {
    const symbol = listed({
      name: asText(one.symbol),
      base: asText(one.base_currency),
      quote: asText(one.counter_currency),
      tickSize: scaled(one.min_price_increment, one.min_price_increment_scale),
      lotSize: scaled(one.lot_size, one.lot_size_scale),
      quantityMin: scaled(one.min_order_size, one.min_order_size_scale),
      quantityMax: scaled(one.max_order_size, one.max_order_size_scale),
    })
    return symbol === undefined || one.status !== 'open' ? [] : [symbol]
  })
}

export const blockchaincom: FeedVenue = {
  id: 'blockchaincom',
  name: 'Blockchain.com',
  captures: ['BLOCKCHAIN'],
  retired: 'not connected: this API is believed to be gone',
  // Numbers are the connection's: the decoder follows them.
  sequence: SequenceRule.none,
  checksum: ChecksumRule.none,
  decoder: (symbols) => new BlockchainDecoder(symbols),
  listingUrls: () => ['https://api.blockchain.com/mercury-gateway/v1/instruments'],
  readListings: (url, body) => (url.endsWith('/instruments') ? blockchainListings(body) : undefined),
  connection: {
    url: () => 'wss://ws.blockchain.info/mercury-gateway/v1/ws',
    subscribe: (names) =>
      names.flatMap((symbol) =>
        ['l2', 'trades'].map((name) => JSON.stringify({ action: 'subscribe', channel: name, symbol })),
      ),
    resubscribe: (symbol) =>
      ['unsubscribe', 'subscribe'].map((action) => JSON.stringify({ action, channel: 'l2', symbol })),
    symbolsMax: 50,
    // 1,200 messages a minute.
    sendsPerSecond: 15,
    silenceMs: 60_000,
  },
}
