/**
 * Market data of Independent Reserve: books of price levels, told whole and then by changes, each with a CRC-32 of what the
 * book must be. Source: github.com/independentreserve/websockets, "Order Book Snapshot".
 */
import { FeedScratch } from '../feed/feed-scratch.ts'
import type { FeedDecoder, FeedSink, FeedVenue } from '../feed/feed-venue.ts'
import { ChecksumRule, FrameVerdict, SequenceRule } from '../feed/feed-venue.ts'
import { keyOf } from '../feed/json-cursor.ts'
import { ASK, BID, levelKeys } from '../feed/level-list.ts'
import { NO_SYMBOL, type SymbolTable } from '../feed/symbol-table.ts'
import { independentReserveListings, LISTING_URL } from './independentreserve-listings.ts'
import { PairName } from './pair-name.ts'

const key = {
  channel: keyOf('Channel'),
  data: keyOf('Data'),
  time: keyOf('Time'),
  event: keyOf('Event'),
  bids: keyOf('Bids'),
  offers: keyOf('Offers'),
  checksum: keyOf('Crc32'),
} as const

const word = {
  snapshot: keyOf('OrderBookSnapshot'),
  change: keyOf('OrderBookChange'),
  heartbeat: keyOf('Heartbeat'),
  subscriptions: keyOf('Subscriptions'),
  error: keyOf('Error'),
} as const

const level = levelKeys('Price', 'Volume')
const SLASH = 0x2f
const DEPTH = 100

class IndependentReserveDecoder implements FeedDecoder {
  readonly #scratch: FeedScratch
  readonly #pair: PairName

  constructor(symbols: SymbolTable) {
    this.#scratch = new FeedScratch(symbols)
    this.#pair = new PairName(symbols)
  }

  decode(frame: Uint8Array, sink: FeedSink): FrameVerdict {
    const scratch = this.#scratch
    const { cursor, book } = scratch
    cursor.start(frame)
    if (!cursor.isObject) return FrameVerdict.malformed
    cursor.enterObject()
    book.clear()
    let event = 0
    let hasChannel = false
    while (cursor.nextKey()) {
      if (cursor.key === key.event) event = cursor.text() ? cursor.textHash() : 0
      else if (cursor.key === key.time) book.timeUs = cursor.timeUs(3)
      else if (cursor.key === key.channel) {
        hasChannel = true
        book.symbol = this.#readChannel()
      } else if (cursor.key === key.data && cursor.isObject) this.#readLevels()
      else cursor.skip()
    }
    // Cut off before its event: a frame of a channel can only have been of its book.
    if (event === word.snapshot || event === word.change || (cursor.isBroken && hasChannel)) {
      book.isSnapshot = event === word.snapshot
      return scratch.tellBook(sink)
    }
    if (cursor.isBroken) return FrameVerdict.malformed
    if (event === word.heartbeat) return FrameVerdict.heartbeat
    if (event === word.subscriptions) return FrameVerdict.answer
    return event === word.error ? FrameVerdict.refused : FrameVerdict.unknownChannel
  }

  /** 'orderbook/100/btc/aud' is the book of 'btc-aud'. */
  #readChannel(): number {
    const { cursor } = this.#scratch
    if (!cursor.text()) return NO_SYMBOL
    const to = cursor.textTo
    for (let part = 0; part < 2; part++) {
      cursor.wordHash(SLASH)
      cursor.textFrom = Math.min(to, cursor.wordTo + 1)
    }
    cursor.wordHash(SLASH)
    this.#pair.setBase(cursor.bytes, cursor.textFrom, cursor.wordTo)
    return this.#pair.row(cursor.bytes, Math.min(to, cursor.wordTo + 1), to)
  }

  #readLevels(): void {
    const { cursor, book } = this.#scratch
    cursor.enterObject()
    while (cursor.nextKey()) {
      if (cursor.key === key.bids) book.levels.readObjects(cursor, BID, level)
      else if (cursor.key === key.offers) book.levels.readObjects(cursor, ASK, level)
      else if (cursor.key === key.checksum) {
        const value = cursor.integer()
        if (value >= 0) book.checksum = value
        else book.levels.isBroken = true
      } else cursor.skip()
    }
  }
}

function say(event: 'Subscribe' | 'Unsubscribe', names: readonly string[]): string {
  return JSON.stringify({ Event: event, Data: names })
}

/** Trades are told on an address of their own, which we do not open: this feed is the books. */
export const independentReserve: FeedVenue = {
  id: 'independentreserve',
  name: 'Independent Reserve',
  captures: [],
  sequence: SequenceRule.none,
  checksum: ChecksumRule.bidsFirst10,
  depthMax: DEPTH,
  decoder: (symbols) => new IndependentReserveDecoder(symbols),
  listingUrls: () => [LISTING_URL],
  // Here Bitcoin is btc; the rest of its API calls it Xbt.
  readListings: (url, body) => independentReserveListings(url, body, 'btc'),
  connection: {
    url: () => `wss://websockets.independentreserve.com/orderbook/${DEPTH}?heartbeat=10`,
    subscribe: (names) => [say('Subscribe', names)],
    resubscribe: (name) => [say('Unsubscribe', [name]), say('Subscribe', [name])],
    symbolsMax: 200,
    sendsPerSecond: 2,
    silenceMs: 30_000,
  },
}
