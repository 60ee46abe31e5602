/**
 * Keeps the books of one connection's instruments whole: numbering, checksums, crossed books, snapshots that come before or
 * after their changes. A book that is wrong is lost alone, says why, and is asked for anew; the others go on. Memory is
 * bounded however often that happens.
 */
import { DepthBook } from '../book/depth-book.ts'
import {
  ABSENT,
  BookMessage,
  type QuoteMessage,
  type StateMessage,
  type TradeMessage,
} from '../venues/feed/feed-message.ts'
import { ChecksumRule, type FeedSink, type FeedVenue, SequenceRule } from '../venues/feed/feed-venue.ts'
import { POWERS_OF_TEN } from '../venues/feed/json-cursor.ts'
import type { LevelList } from '../venues/feed/level-list.ts'
import { BookChecksum } from './book-checksum.ts'
import { PendingUpdates } from './pending-updates.ts'

/** How far a book is. */
export const BookSync = { waiting: 0, live: 1 } as const
export type BookSync = (typeof BookSync)[keyof typeof BookSync]

/** Why a book was given up, and asked for anew. */
export const BookLoss = {
  none: 0,
  gap: 1,
  checksum: 2,
  crossed: 3,
  stale: 4,
  malformed: 5,
  disconnected: 6,
  /** A number of it cannot be kept exactly. */
  tooLarge: 7,
} as const
export type BookLoss = (typeof BookLoss)[keyof typeof BookLoss]
export const bookLossNames = Object.keys(BookLoss) as readonly (keyof typeof BookLoss)[]

/** One book and everything known of its health. */
export class KeptBook {
  readonly depth = new DepthBook()
  readonly pending = new PendingUpdates()
  sync: BookSync = BookSync.waiting
  loss: BookLoss = BookLoss.none
  /** Nothing has been applied since its snapshot: the first change may overlap it. */
  isFresh = false
  crossedRun = 0
  repeatedRun = 0
  /** Digits behind the point as the venue writes them. */
  priceShown = 0
  sizeShown = 0
  /** Number of the last update applied, when (venue, microseconds), and when it came here (ns). */
  readonly #wide = new Float64Array([ABSENT, 0, 0])
  // Counters.
  snapshots = 0
  updates = 0
  /** Messages that came before any snapshot. */
  early = 0
  /** Old news: its number had passed. */
  repeated = 0
  gaps = 0
  checksums = 0
  checksumFaults = 0
  crossedInstants = 0
  losses = 0

  get known(): number {
    return this.#wide[0]
  }
  set known(value: number) {
    this.#wide[0] = value
  }
  get timeUs(): number {
    return this.#wide[1]
  }
  set timeUs(value: number) {
    this.#wide[1] = value
  }
  get atNs(): number {
    return this.#wide[2]
  }
  set atNs(value: number) {
    this.#wide[2] = value
  }
}

export interface KeeperEvents {
  /** The book is whole and changed; `isAnew`: anything may have. */
  onBookChanged(symbol: number, book: KeptBook, isAnew: boolean): void
  /** It cannot be used until it has been told anew. */
  onBookLost(symbol: number, book: KeptBook): void
  onTrade(message: TradeMessage): void
  onQuote(message: QuoteMessage): void
  onState(message: StateMessage): void
}

/** So many old messages in a row are not late: the venue has begun to count anew, or the number we know was wrong. */
const REPEATED_RUN_MAX = 2_048

const Judgement = { follows: 0, old: 1, gap: 2 } as const
type Judgement = (typeof Judgement)[keyof typeof Judgement]

export class BookKeeper implements FeedSink {
  readonly venue: FeedVenue
  /** By symbol row. */
  readonly books: KeptBook[] = []
  readonly #events: KeeperEvents
  readonly #checksum = new BookChecksum()
  readonly #replayed = new BookMessage()
  readonly #now = new Float64Array(1)
  connectionGaps = 0

  constructor(venue: FeedVenue, events: KeeperEvents) {
    this.venue = venue
    this.#events = events
  }

  /** The time of what comes now. */
  setTime(nowNs: number): void {
    this.#now[0] = nowNs
  }

  book(symbol: number): KeptBook {
    while (this.books.length <= symbol) this.books.push(new KeptBook())
    return this.books[symbol]
  }

  onBook(message: BookMessage): void {
    const { symbol } = message
    if (symbol < 0) return
    const book = this.book(symbol)
    if (message.levels.isBroken) this.lose(symbol, BookLoss.malformed)
    else if (message.isSnapshot) {
      if (this.#isPast(book, message)) book.repeated++
      else this.#begin(symbol, book, message)
    } else if (book.sync === BookSync.live) this.#follow(symbol, book, message)
    else {
      book.early++
      if (this.venue.snapshotUrl !== undefined) book.pending.keep(message)
    }
  }

  onTrade(message: TradeMessage): void {
    this.#events.onTrade(message)
  }

  onQuote(message: QuoteMessage): void {
    this.#events.onQuote(message)
  }

  onState(message: StateMessage): void {
    this.#events.onState(message)
  }

  onConnectionGap(): void {
    this.connectionGaps++
    this.loseAll(BookLoss.gap)
  }

  /** A frame could not be read: where numbers do not follow each other nobody would notice what it held. */
  onMalformed(): void {
    const { sequence, isSnapshotOnly } = this.venue
    const isCounted = sequence === SequenceRule.contiguous || sequence === SequenceRule.linked
    if (!isCounted && isSnapshotOnly !== true) this.loseAll(BookLoss.malformed)
  }

  loseAll(why: BookLoss): void {
    for (let symbol = 0; symbol < this.books.length; symbol++) {
      if (this.books[symbol].sync === BookSync.live) this.lose(symbol, why)
    }
  }

  /** Gives one book up; it is told anew or stays unusable. */
  lose(symbol: number, why: BookLoss): void {
    const book = this.book(symbol)
    const wasLive = book.sync === BookSync.live
    book.sync = BookSync.waiting
    book.loss = why
    book.isFresh = false
    book.crossedRun = 0
    book.known = ABSENT
    book.repeatedRun = 0
    book.priceShown = 0
    book.sizeShown = 0
    book.depth.reset()
    book.pending.clear()
    if (why === BookLoss.gap && wasLive) book.gaps++
    if (wasLive) book.losses++
    this.#events.onBookLost(symbol, book)
  }

  /** Older than ours by number and by clock: told by a connection that lags. A venue that counts anew is newer by its clock. */
  #isPast(book: KeptBook, message: BookMessage): boolean {
    if (book.sync !== BookSync.live || message.last === ABSENT || message.last >= book.known) return false
    return message.timeUs > 0 && message.timeUs <= book.timeUs
  }

  #begin(symbol: number, book: KeptBook, message: BookMessage): void {
    book.depth.clear()
    book.crossedRun = 0
    book.repeatedRun = 0
    this.#noteShown(book, message.levels)
    if (!this.#load(book, message.levels) && !this.#loadAnew(book, message.levels)) {
      this.lose(symbol, BookLoss.tooLarge)
      return
    }
    book.sync = BookSync.live
    book.loss = BookLoss.none
    book.isFresh = true
    book.known = message.last
    book.snapshots++
    this.#stamp(book, message)
    if (!this.#holds(symbol, book, message)) return
    if (book.pending.forgotten > book.known && book.known !== ABSENT) {
      this.lose(symbol, BookLoss.gap)
      return
    }
    if (book.pending.count > 0) {
      book.pending.drain(this.#replayed, () => {
        if (book.sync === BookSync.live) this.#follow(symbol, book, this.#replayed)
      })
      if (book.sync !== BookSync.live) return
    }
    this.#events.onBookChanged(symbol, book, true)
  }

  #follow(symbol: number, book: KeptBook, message: BookMessage): void {
    const judgement = this.#judge(book, message)
    if (judgement === Judgement.old) {
      book.repeated++
      if (++book.repeatedRun > REPEATED_RUN_MAX) this.lose(symbol, BookLoss.gap)
      return
    }
    book.repeatedRun = 0
    if (judgement === Judgement.gap) {
      this.lose(symbol, BookLoss.gap)
      return
    }
    this.#noteShown(book, message.levels)
    if (!this.#apply(book, message.levels)) {
      this.lose(symbol, BookLoss.tooLarge)
      return
    }
    book.isFresh = false
    if (message.last !== ABSENT) book.known = message.last
    book.updates++
    this.#stamp(book, message)
    if (this.#holds(symbol, book, message)) this.#events.onBookChanged(symbol, book, false)
  }

  #judge(book: KeptBook, message: BookMessage): Judgement {
    const { known } = book
    const { last } = message
    if (this.venue.sequence === SequenceRule.none || known === ABSENT) return Judgement.follows
    if (this.venue.sequence === SequenceRule.increasing) return last > known ? Judgement.follows : Judgement.old
    const first = message.first === ABSENT ? last : message.first
    if (this.venue.sequence === SequenceRule.linked) {
      if (message.previous === known) return Judgement.follows
      if (message.first !== ABSENT && book.isFresh && first <= known + 1 && last >= known) return Judgement.follows
      return last <= known ? Judgement.old : Judgement.gap
    }
    if (last <= known) return Judgement.old
    return first <= known + 1 ? Judgement.follows : Judgement.gap
  }

  /** Is the book after this message what the venue says it is? Lost if not. */
  #holds(symbol: number, book: KeptBook, message: BookMessage): boolean {
    const { depthMax, crossedMax = 0, checksum } = this.venue
    if (depthMax !== undefined) {
      book.depth.bids.trim(depthMax)
      book.depth.asks.trim(depthMax)
    }
    if (message.hasChecksum && checksum !== ChecksumRule.none) {
      book.checksums++
      if (this.#checksum.of(checksum, book.depth, book.priceShown, book.sizeShown) !== message.checksum) {
        book.checksumFaults++
        this.lose(symbol, BookLoss.checksum)
        return false
      }
    }
    if (!book.depth.isCrossed) {
      book.crossedRun = 0
      return true
    }
    book.crossedInstants++
    if (++book.crossedRun <= crossedMax) return true
    this.lose(symbol, BookLoss.crossed)
    return false
  }

  #noteShown(book: KeptBook, levels: LevelList): void {
    if (levels.priceShown > book.priceShown) book.priceShown = levels.priceShown
    if (levels.sizeShown > book.sizeShown) book.sizeShown = levels.sizeShown
  }

  #stamp(book: KeptBook, message: BookMessage): void {
    book.timeUs = message.timeUs
    book.atNs = this.#now[0]
  }

  /** A whole book: each side from its worst level, so that it is laid down in order. O(levels) when it comes sorted. */
  #load(book: KeptBook, levels: LevelList): boolean {
    const { depth } = book
    for (let side = 0 as 0 | 1; side <= 1; side = (side + 1) as 0 | 1) {
      const isBestFirst = this.#isBestFirst(levels, side)
      const target = depth.side(side)
      for (let step = 0; step < levels.count; step++) {
        const at = isBestFirst ? levels.count - 1 - step : step
        if (levels.side[at] !== side) continue
        if (!this.#refine(depth, levels, at)) return false
        const price = levels.price[at] * POWERS_OF_TEN[depth.priceDigits - levels.priceFraction[at]]
        const size = levels.size[at] * POWERS_OF_TEN[depth.sizeDigits - levels.sizeFraction[at]]
        if (price > Number.MAX_SAFE_INTEGER || size > Number.MAX_SAFE_INTEGER) return false
        target.append(price, size)
      }
    }
    return true
  }

  /** Once more on the coarsest grid: the one before was made by a finer number that is gone. */
  #loadAnew(book: KeptBook, levels: LevelList): boolean {
    book.depth.reset()
    return this.#load(book, levels)
  }

  #isBestFirst(levels: LevelList, side: number): boolean {
    let seen = -1
    for (let at = 0; at < levels.count; at++) {
      if (levels.side[at] !== side) continue
      if (seen < 0) {
        seen = at
        continue
      }
      const before = levels.price[seen] / POWERS_OF_TEN[levels.priceFraction[seen]]
      const now = levels.price[at] / POWERS_OF_TEN[levels.priceFraction[at]]
      return side === 0 ? before > now : before < now
    }
    return true
  }

  #apply(book: KeptBook, levels: LevelList): boolean {
    const { depth } = book
    const { side, price, priceFraction, size, sizeFraction, count } = levels
    for (let at = 0; at < count; at++) {
      if (priceFraction[at] > depth.priceDigits || sizeFraction[at] > depth.sizeDigits) {
        if (!this.#refine(depth, levels, at) && !this.#cutSize(depth, levels, at)) return false
      }
      const ticks = price[at] * POWERS_OF_TEN[depth.priceDigits - priceFraction[at]]
      const total = size[at] * POWERS_OF_TEN[depth.sizeDigits - sizeFraction[at]]
      if (ticks > Number.MAX_SAFE_INTEGER || total > Number.MAX_SAFE_INTEGER) return false
      if (side[at] === 0) depth.bids.set(ticks, total)
      else depth.asks.set(ticks, total)
    }
    return true
  }

  /** A size finer than the book has room for (kept from before the snapshot set its grid) is cut, as SizeGrid does. */
  #cutSize(depth: DepthBook, levels: LevelList, at: number): boolean {
    const over = levels.sizeFraction[at] - depth.sizeDigits
    if (over <= 0 || over > 22) return false
    levels.size[at] = Math.floor(levels.size[at] / POWERS_OF_TEN[over])
    levels.sizeFraction[at] = depth.sizeDigits
    return this.#refine(depth, levels, at)
  }

  #refine(depth: DepthBook, levels: LevelList, at: number): boolean {
    return depth.refine(
      Math.max(depth.priceDigits, levels.priceFraction[at]),
      Math.max(depth.sizeDigits, levels.sizeFraction[at]),
    )
  }
}
