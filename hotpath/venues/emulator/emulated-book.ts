/**
 * The public book of one symbol. `sequence` grows with every change of the book, so a snapshot "as of N" followed by the
 * changes "first <= N + 1 <= last" is the book again. Each stream (a channel at its own pace and depth) remembers what it told.
 */
import type { MonoNs } from '../../../shared/units/time.ts'
import { BookSide } from '../../book/book-table.ts'
import type { PaperBook } from '../paper/paper-book.ts'

/** Price in ticks and quantity in lots; 0 lots: the level is gone. */
export type TextlessLevel = readonly [priceTicks: number, lots: number]

export interface BookChange {
  /** Sequences this change covers, both included. */
  readonly first: number
  readonly last: number
  readonly bids: readonly TextlessLevel[]
  readonly asks: readonly TextlessLevel[]
}

export interface BookSnapshot {
  readonly sequence: number
  /** Best first. */
  readonly bids: readonly TextlessLevel[]
  readonly asks: readonly TextlessLevel[]
}

const LEVELS_FIRST = 1_024

export class EmulatedBook {
  readonly #book: PaperBook
  #prices = new Float64Array(LEVELS_FIRST)
  #lots = new Float64Array(LEVELS_FIRST)
  readonly #streams = new Set<BookStream>()
  #sequence: number
  #nowNs = 0 as MonoNs

  constructor(book: PaperBook, firstSequence: number) {
    this.#book = book
    this.#sequence = firstSequence
  }

  get sequence(): number {
    return this.#sequence
  }

  advance(nowNs: MonoNs): void {
    this.#nowNs = nowNs
  }

  /** Something in the book is different now. */
  touch(): void {
    this.#sequence++
  }

  /** Best levels of a side, best first. O(levels). */
  top(side: BookSide, levels: number): TextlessLevel[] {
    while (this.#prices.length < Math.min(levels, 16_384)) this.#grow()
    let count = this.#read(side, levels)
    while (count === this.#prices.length && count < levels) {
      this.#grow()
      count = this.#read(side, levels)
    }
    return Array.from({ length: count }, (_, at) => [this.#prices[at], this.#lots[at]] as const)
  }

  /**
   * The book now. It lies between two changes of a stream: what a reader sees here and the stream never told is told by
   * its next change, even when it is gone by then.
   */
  snapshot(levels: number): BookSnapshot {
    this.noteRefill()
    const snapshot = {
      sequence: this.#sequence,
      bids: this.top(BookSide.bid, levels),
      asks: this.top(BookSide.ask, levels),
    }
    for (const stream of this.#streams) stream.noteSeen(snapshot)
    return snapshot
  }

  /** What our fills took comes back with time and nobody says so: as long as it does, the book counts as changed. */
  noteRefill(): void {
    if (this.#book.isRefilling(this.#nowNs)) this.#sequence++
  }

  /** A channel of this book at some depth; its first change tells the whole book. `close` it when nobody listens. */
  stream(levels: number): BookStream {
    const stream = new BookStream(this, levels)
    this.#streams.add(stream)
    return stream
  }

  close(stream: BookStream): void {
    this.#streams.delete(stream)
  }

  #read(side: BookSide, levels: number): number {
    const count = Math.min(levels, this.#prices.length)
    return this.#book.copyTop(side, count, this.#prices, this.#lots, this.#nowNs)
  }

  #grow(): void {
    this.#prices = new Float64Array(this.#prices.length * 2)
    this.#lots = new Float64Array(this.#lots.length * 2)
  }
}

export class BookStream {
  readonly #book: EmulatedBook
  readonly #levels: number
  #bids: TextlessLevel[] = []
  #asks: TextlessLevel[] = []
  #last: number
  /** Prices that somebody saw otherwise than we told them. */
  readonly #seenBids = new Set<number>()
  readonly #seenAsks = new Set<number>()

  constructor(book: EmulatedBook, levels: number) {
    this.#book = book
    this.#levels = levels
    // Before the first change ever, so that the first call tells the whole book.
    this.#last = book.sequence - 1
  }

  /** What this stream has told so far: what a late subscriber must be told first. */
  get told(): BookSnapshot {
    return { sequence: this.#last, bids: this.#bids, asks: this.#asks }
  }

  /** Begins here: only what changes from now on is told. */
  rebase(): void {
    this.take()
  }

  /** Somebody was shown the whole book. */
  noteSeen({ bids, asks }: BookSnapshot): void {
    for (const [price] of difference(this.#bids, bids)) this.#seenBids.add(price)
    for (const [price] of difference(this.#asks, asks)) this.#seenAsks.add(price)
  }

  close(): void {
    this.#book.close(this)
  }

  /** What changed since the last call; undefined when nothing did. O(levels). */
  take(): BookChange | undefined {
    this.#book.noteRefill()
    const { sequence } = this.#book
    if (sequence === this.#last) return undefined
    const bids = this.#book.top(BookSide.bid, this.#levels)
    const asks = this.#book.top(BookSide.ask, this.#levels)
    const change = {
      first: this.#last + 1,
      last: sequence,
      bids: difference(this.#bids, bids, this.#seenBids),
      asks: difference(this.#asks, asks, this.#seenAsks),
    }
    // What is not told stays in the range of the next change: ranges follow each other without a hole.
    if (change.bids.length + change.asks.length === 0) return undefined
    this.#seenBids.clear()
    this.#seenAsks.clear()
    this.#last = sequence
    this.#bids = bids
    this.#asks = asks
    return change
  }
}

/** Levels that are gone (0 lots), then levels that are new or other, or that were `seen` otherwise. O(levels). */
function difference(
  told: readonly TextlessLevel[],
  now: readonly TextlessLevel[],
  seen: ReadonlySet<number> = new Set(),
): TextlessLevel[] {
  const gone = new Map(told)
  for (const price of seen) if (!gone.has(price)) gone.set(price, 0)
  const changed: TextlessLevel[] = []
  for (const level of now) {
    if (gone.get(level[0]) !== level[1] || seen.has(level[0])) changed.push(level)
    gone.delete(level[0])
  }
  return [...[...gone.keys()].map((price) => [price, 0] as const), ...changed]
}
