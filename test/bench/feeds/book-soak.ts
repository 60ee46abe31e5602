/**
 * Books that are lost and healed again and again: gap, changes that come while the book is away, snapshot, changes; deep and
 * shallow in turns. What a long life looks like, in a minute: memory must not know how often it happened.
 */
import { BookKeeper, BookSync } from '../../../hotpath/marketdata/book-keeper.ts'
import { BookMessage } from '../../../hotpath/venues/feed/feed-message.ts'
import { ChecksumRule, type FeedVenue, FrameVerdict, SequenceRule } from '../../../hotpath/venues/feed/feed-venue.ts'
import { assert } from '../../../shared/assert.ts'

const BOOKS = 8
/** Levels a side of a snapshot: mostly few, now and then a whole book. */
const LEVELS_FEW = 20
const LEVELS_MANY = 2_000
const MANY_ONE_IN = 256
/** Changes that come between the loss and the snapshot. */
const EARLY = 5

const venue: FeedVenue = {
  id: 'soak',
  name: 'Soak',
  captures: [],
  sequence: SequenceRule.contiguous,
  checksum: ChecksumRule.none,
  decoder: () => ({ decode: () => FrameVerdict.parsed }),
  listingUrls: () => [],
  readListings: () => undefined,
  snapshotUrl: () => '',
  connection: { url: () => '', subscribe: () => [], symbolsMax: 1, sendsPerSecond: 1, silenceMs: 1 },
}

export class BookSoak {
  lost = 0
  readonly keeper: BookKeeper
  readonly #message = new BookMessage()
  #number = 10

  constructor() {
    const nothing = () => {}
    this.keeper = new BookKeeper(venue, {
      onBookChanged: nothing,
      onBookLost: () => {
        this.lost++
      },
      onTrade: nothing,
      onQuote: nothing,
      onState: nothing,
    })
  }

  /** So many losses and recoveries. */
  resync(times: number): void {
    for (let turn = 0; turn < times; turn++) this.#resyncOne(turn % BOOKS, turn)
  }

  #resyncOne(symbol: number, turn: number): void {
    const book = this.keeper.book(symbol)
    const { lost } = this
    // A hole: this book alone is lost, and what comes meanwhile is kept.
    this.#number += 1_000
    const from = this.#number
    this.#change(symbol, from)
    assert(book.snapshots === 0 || this.lost === lost + 1, 'a hole loses the book')
    for (let early = 1; early <= EARLY; early++) this.#change(symbol, from + early)
    assert(book.pending.count >= EARLY, 'what comes before the snapshot is kept')
    const isDeep = turn % MANY_ONE_IN < BOOKS
    this.#snapshot(symbol, from + 2, isDeep ? LEVELS_MANY : LEVELS_FEW)
    assert(book.sync === BookSync.live && book.pending.count === 0, 'the snapshot heals it')
    this.#change(symbol, from + EARLY + 1)
    assert(book.known === from + EARLY + 1, 'it goes on from there')
  }

  #change(symbol: number, number: number): void {
    const message = this.#message
    message.clear()
    message.symbol = symbol
    message.first = number
    message.last = number
    message.levels.add(0, 100_000 - (number % 7), 1, 5, 0)
    message.levels.add(1, 100_001 + (number % 7), 1, 5, 2)
    this.keeper.onBook(message)
  }

  #snapshot(symbol: number, last: number, levels: number): void {
    const message = this.#message
    message.clear()
    message.symbol = symbol
    message.isSnapshot = true
    message.last = last
    for (let level = 0; level < levels; level++) {
      message.levels.add(0, 100_000 - level, 1, 1 + level, 0)
      message.levels.add(1, 100_001 + level, 1, 1 + level, 0)
    }
    this.keeper.onBook(message)
  }
}
