/** A venue of any sequence rule whose books are told without bytes, and what its keeper says. */
import {
  BookKeeper,
  type BookLoss,
  BookSync,
  bookLossNames,
  type KeptBook,
} from '../../../../hotpath/marketdata/book-keeper.ts'
import { BookMessage } from '../../../../hotpath/venues/feed/feed-message.ts'
import { ChecksumRule, type FeedVenue, FrameVerdict, SequenceRule } from '../../../../hotpath/venues/feed/feed-venue.ts'
import { ASK, BID } from '../../../../hotpath/venues/feed/level-list.ts'
import { plainDecimal } from '../../../../hotpath/venues/feed/listing-reader.ts'

export function toyVenue(facts: Partial<FeedVenue> = {}): FeedVenue {
  return {
    id: 'toy',
    name: 'Toy',
    captures: ['TOY'],
    sequence: SequenceRule.none,
    checksum: ChecksumRule.none,
    decoder: () => ({ decode: () => FrameVerdict.parsed }),
    listingUrls: () => [],
    readListings: () => undefined,
    connection: { url: () => '', subscribe: () => [], symbolsMax: 1, sendsPerSecond: 1, silenceMs: 1 },
    ...facts,
  }
}

/** Price, size; size 0 takes the level away. */
export type ToyLevel = readonly [price: number, size: number]

export interface Told {
  readonly bids?: readonly ToyLevel[]
  readonly asks?: readonly ToyLevel[]
  readonly first?: number
  readonly last?: number
  readonly previous?: number
  readonly checksum?: number
  readonly isBroken?: boolean
}

const digitsOf = (value: number) => (plainDecimal(value).split('.')[1] ?? '').length
const scaled = (value: number) => Math.round(value * 10 ** digitsOf(value))

export function bookMessage(symbol: number, isSnapshot: boolean, told: Told): BookMessage {
  const message = new BookMessage()
  message.clear()
  message.symbol = symbol
  message.isSnapshot = isSnapshot
  for (const [side, levels] of [
    [BID, told.bids ?? []],
    [ASK, told.asks ?? []],
  ] as const) {
    for (const [price, size] of levels)
      message.levels.add(side, scaled(price), digitsOf(price), scaled(size), digitsOf(size))
  }
  if (told.isBroken === true) message.levels.isBroken = true
  if (told.first !== undefined) message.first = told.first
  if (told.last !== undefined) message.last = told.last
  if (told.previous !== undefined) message.previous = told.previous
  if (told.checksum !== undefined) message.checksum = told.checksum
  return message
}

export class ToyFeed {
  readonly keeper: BookKeeper
  /** 'anew 0', 'changed 0', 'lost 0 gap'. */
  said: string[] = []

  constructor(facts: Partial<FeedVenue> = {}) {
    this.keeper = new BookKeeper(toyVenue(facts), {
      onBookChanged: (symbol, _book, isAnew) => this.said.push(`${isAnew ? 'anew' : 'changed'} ${symbol}`),
      onBookLost: (symbol, book) => this.said.push(`lost ${symbol} ${bookLossNames[book.loss as BookLoss]}`),
      onTrade: () => this.said.push('trade'),
      onQuote: () => this.said.push('quote'),
      onState: () => this.said.push('state'),
    })
  }

  snapshot(told: Told, symbol = 0): this {
    this.keeper.onBook(bookMessage(symbol, true, told))
    return this
  }

  update(told: Told, symbol = 0): this {
    this.keeper.onBook(bookMessage(symbol, false, told))
    return this
  }

  /** What was said since the last look. */
  heard(): string[] {
    const { said } = this
    this.said = []
    return said
  }

  book(symbol = 0): KeptBook {
    return this.keeper.book(symbol)
  }

  isLive(symbol = 0): boolean {
    return this.book(symbol).sync === BookSync.live
  }

  /** Best first, in the venue's own decimals. */
  side(name: 'bids' | 'asks', symbol = 0): [number, number][] {
    const { depth } = this.book(symbol)
    const side = depth[name]
    return Array.from({ length: side.count }, (_, at): [number, number] => {
      const row = side.count - 1 - at
      return [side.prices[row] / 10 ** depth.priceDigits, side.sizes[row] / 10 ** depth.sizeDigits]
    })
  }
}
