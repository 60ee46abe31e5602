/** Tells one book to a given depth: what changed since it was last told, or all of it. Numbers what it tells. */
import type { VenueIndex } from '../../../shared/units/ids.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import { BookSide } from '../../book/book-table.ts'
import type { FrameBuffer } from './frame-buffer.ts'
import { appendLevel, openBook } from './paper-news-frame.ts'
import type { ToldBook } from './told-book.ts'

/** One side as it was told, best level first. */
class ToldSide {
  readonly side: BookSide
  count = 0
  prices: Float64Array
  lots: Float64Array

  constructor(side: BookSide, levels: number) {
    this.side = side
    this.prices = new Float64Array(levels)
    this.lots = new Float64Array(levels)
  }
}

export class PaperPublisher {
  readonly #book: ToldBook
  readonly #venue: VenueIndex
  readonly #levels: number
  readonly #told: readonly [ToldSide, ToldSide]
  /** The side as it is now; changes places with the told one. */
  readonly #now: ToldSide
  #sequence = 0

  constructor(book: ToldBook, venue: VenueIndex, levels: number) {
    this.#book = book
    this.#venue = venue
    this.#levels = levels
    this.#told = [new ToldSide(BookSide.bid, levels), new ToldSide(BookSide.ask, levels)]
    this.#now = new ToldSide(BookSide.bid, levels)
  }

  /** Writes a book frame with what changed; false when nothing did. O(levels). */
  writeChanges(buffer: FrameBuffer, nowNs: MonoNs): boolean {
    const start = buffer.length
    const at = openBook(buffer, this.#venue, this.#book.instrument, this.#sequence + 1, false)
    const empty = buffer.length
    this.#writeSide(buffer, at, this.#told[BookSide.bid], nowNs)
    this.#writeSide(buffer, at, this.#told[BookSide.ask], nowNs)
    if (buffer.length === empty) {
      buffer.length = start
      return false
    }
    this.#sequence++
    return true
  }

  /** Writes all that was told so far, under the number of the last change. */
  writeSnapshot(buffer: FrameBuffer): void {
    const at = openBook(buffer, this.#venue, this.#book.instrument, this.#sequence, true)
    for (const told of this.#told) {
      for (let i = 0; i < told.count; i++) appendLevel(buffer, at, told.side, told.prices[i], told.lots[i])
    }
  }

  #writeSide(buffer: FrameBuffer, at: number, told: ToldSide, nowNs: MonoNs): void {
    const now = this.#now
    now.count = this.#book.copyTop(told.side, this.#levels, now.prices, now.lots, nowNs)
    this.#writeDifference(buffer, at, told, now)
    const { prices, lots } = told
    told.prices = now.prices
    told.lots = now.lots
    told.count = now.count
    now.prices = prices
    now.lots = lots
  }

  /** Most changes are of one level: what is the same before and behind it is passed over by plain comparison. */
  #writeDifference(buffer: FrameBuffer, at: number, told: ToldSide, now: ToldSide): void {
    let from = 0
    const fromMax = Math.min(told.count, now.count)
    while (from < fromMax && told.prices[from] === now.prices[from] && told.lots[from] === now.lots[from]) from++
    let oldEnd = told.count
    let newEnd = now.count
    while (
      oldEnd > from &&
      newEnd > from &&
      told.prices[oldEnd - 1] === now.prices[newEnd - 1] &&
      told.lots[oldEnd - 1] === now.lots[newEnd - 1]
    ) {
      oldEnd--
      newEnd--
    }
    this.#writeGone(buffer, at, told, from, oldEnd, newEnd)
    this.#writeNew(buffer, at, told, from, oldEnd, newEnd)
  }

  /** Levels that are gone come first, so that a receiver of the same depth never has to push a good one out. */
  #writeGone(buffer: FrameBuffer, at: number, told: ToldSide, from: number, oldEnd: number, newEnd: number): void {
    const now = this.#now
    const sign = told.side === BookSide.bid ? 1 : -1
    let next = from
    for (let i = from; i < oldEnd; i++) {
      const price = told.prices[i]
      while (next < newEnd && sign * now.prices[next] > sign * price) next++
      if (next === newEnd || now.prices[next] !== price) appendLevel(buffer, at, told.side, price, 0)
    }
  }

  #writeNew(buffer: FrameBuffer, at: number, told: ToldSide, from: number, oldEnd: number, newEnd: number): void {
    const now = this.#now
    const sign = told.side === BookSide.bid ? 1 : -1
    let before = from
    for (let i = from; i < newEnd; i++) {
      const price = now.prices[i]
      while (before < oldEnd && sign * told.prices[before] > sign * price) before++
      const isKnown = before < oldEnd && told.prices[before] === price && told.lots[before] === now.lots[i]
      if (!isKnown) appendLevel(buffer, at, told.side, price, now.lots[i])
    }
  }
}
