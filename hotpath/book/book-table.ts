/**
 * All books of all venues: one block of prices and one of lots, a row per (instrument, venue), two sides a row.
 * A side is sorted with its best level LAST, so that what changes most moves least (41-66 ns an update,
 * reference measurement in hotpath/README). Nothing is allocated after boot.
 *
 *   prices:  | row 0 bids .......... best | row 0 asks .......... best | row 1 bids ...
 *
 * What a decision reads of every venue stands apart, a block of one cache line a row, so that the venues of an
 * instrument are one run of lines (bench `decision`: the same read from columns, beside this):
 *
 *   block:   | bid price · bid lots · ask price · ask lots · updated ns · miss ns · i32 bids, asks · i32 state, open |
 */
import { assert } from '../../shared/assert.ts'
import { Side } from '../../shared/domain/order.ts'
import { BOOK_LEVELS_MAX } from '../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import type { MonoNs } from '../../shared/units/time.ts'

export const BookSide = { bid: 0, ask: 1 } as const
export type BookSide = (typeof BookSide)[keyof typeof BookSide]

/** Why a book can or cannot be traded on. */
export const BookState = { empty: 0, live: 1, stale: 2, crossed: 3, recovering: 4 } as const
export type BookState = (typeof BookState)[keyof typeof BookState]
export const bookStateNames = Object.keys(BookState) as readonly (keyof typeof BookState)[]

/** Doubles of a row's block, and the shift that multiplies by it (a product would be checked for overflow). */
export const BOOK_BLOCK = 8
export const BOOK_SHIFT = 3
/** Place in a block: touch prices and lots (0 when the side is empty), when it was last told, when we last missed. */
export const BookPlace = { bidPrice: 0, bidLots: 1, askPrice: 2, askLots: 3, updatedNs: 4, missNs: 5 } as const
/** Place among the 16 words of the same block: levels of either side, BookState, 1 when live and no miss is newer. */
export const BookWord = { bids: 12, asks: 13, state: 14, isOpen: 15 } as const
/** Two rows' words to a block's doubles. */
const WORDS = BOOK_BLOCK * 2
const NEVER = -1

export type BookRow = number & { readonly bookRow: unique symbol }

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const BUY = Side.buy
const BID = BookSide.bid
const ASK = BookSide.ask
const State = BookState
const Place = BookPlace
const Word = BookWord
const BLOCK = BOOK_BLOCK

/** The side an order of this side takes from. */
export function takenSide(side: Side): BookSide {
  return side === BUY ? ASK : BID
}

export class BookTable {
  readonly venues: number
  readonly instruments: number
  readonly levelsMax: number
  /** Ticks of every level; read by the sweep with `offset` and `count`. */
  readonly prices: Float64Array
  /** Lots of every level, never 0 inside `count`. */
  readonly lots: Float64Array
  /** A block of BLOCK doubles a row: see Place. Written here only. */
  readonly block: Float64Array
  /** The same bytes as 32-bit words: see Word. */
  readonly words: Int32Array
  readonly #sequences: Float64Array

  constructor(size: { venues: number; instruments: number; levelsMax: number }) {
    assert(size.levelsMax > 0 && size.levelsMax <= BOOK_LEVELS_MAX, 'book depth is within its bound')
    this.venues = size.venues
    this.instruments = size.instruments
    this.levelsMax = size.levelsMax
    const rows = size.venues * size.instruments
    this.prices = new Float64Array(rows * 2 * size.levelsMax)
    this.lots = new Float64Array(rows * 2 * size.levelsMax)
    this.block = new Float64Array(rows * BLOCK)
    this.words = new Int32Array(this.block.buffer)
    this.#sequences = new Float64Array(rows)
    for (let row = 0; row < rows; row++) this.block[row * BLOCK + Place.missNs] = NEVER
  }

  row(instrument: InstrumentIndex, venue: VenueIndex): BookRow {
    return (instrument * this.venues + venue) as BookRow
  }

  /** Index of the WORST level of a side in `prices` and `lots`; the best is at offset + count - 1. */
  offset(row: BookRow, side: BookSide): number {
    return (row * 2 + side) * this.levelsMax
  }

  count(row: BookRow, side: BookSide): number {
    return this.words[row * WORDS + Word.bids + side]
  }

  state(row: BookRow): BookState {
    return this.words[row * WORDS + Word.state] as BookState
  }

  setState(row: BookRow, state: BookState): void {
    this.words[row * WORDS + Word.state] = state
    const isFresh = this.block[row * BLOCK + Place.missNs] < this.block[row * BLOCK + Place.updatedNs]
    this.words[row * WORDS + Word.isOpen] = state === State.live && isFresh ? 1 : 0
  }

  updatedNs(row: BookRow): MonoNs {
    return this.block[row * BLOCK + Place.updatedNs] as MonoNs
  }

  /** When an IOC of ours last found less there than its book showed; -1: never. */
  missNs(row: BookRow): MonoNs {
    return this.block[row * BLOCK + Place.missNs] as MonoNs
  }

  /** A miss now: until the book's next update it is not believed. The turn comes whole: a double may be boxed. */
  noteMiss(row: BookRow, turn: { readonly nowNs: MonoNs }): void {
    this.block[row * BLOCK + Place.missNs] = turn.nowNs
    this.setState(row, this.state(row))
  }

  sequence(row: BookRow): number {
    return this.#sequences[row]
  }

  /** Best price of a side, or 0 when the side is empty. */
  bestPrice(row: BookRow, side: BookSide): PriceTicks {
    return this.block[row * BLOCK + side * 2] as PriceTicks
  }

  bestLots(row: BookRow, side: BookSide): QtyLots {
    return this.block[row * BLOCK + side * 2 + 1] as QtyLots
  }

  /**
   * Sets one level to its new total; 0 lots removes it. A level worse than a full side's worst is ignored; a better
   * one pushes the worst out. O(levels moved), which is small near the best price.
   */
  setLevel(row: BookRow, side: BookSide, price: PriceTicks, lots: QtyLots): void {
    const { prices, lots: all, words } = this
    const from = this.offset(row, side)
    const counter = row * WORDS + Word.bids + side
    const count = words[counter]
    const best = from + count - 1
    let at = best
    if (side === BID) while (at >= from && prices[at] > price) at--
    else while (at >= from && prices[at] < price) at--
    const found = at >= from && prices[at] === price
    if (found && lots !== 0) all[at] = lots
    else if (found) {
      closeGap(prices, all, at, best)
      words[counter] = count - 1
    } else if (lots === 0) return
    else if (count === this.levelsMax) {
      if (at < from) return
      closeGap(prices, all, from, at)
      prices[at] = price
      all[at] = lots
    } else {
      for (let i = best + 1; i > at + 1; i--) {
        prices[i] = prices[i - 1]
        all[i] = all[i - 1]
      }
      prices[at + 1] = price
      all[at + 1] = lots
      words[counter] = count + 1
    }
    if (at === best) this.#keepTouch(row, side)
  }

  clearSide(row: BookRow, side: BookSide): void {
    this.words[row * WORDS + Word.bids + side] = 0
    this.#keepTouch(row, side)
  }

  clear(row: BookRow): void {
    this.clearSide(row, BID)
    this.clearSide(row, ASK)
    this.setState(row, State.empty)
  }

  /** Called once after the levels of one update are set: says whether the book can be traded on, and since when. */
  finishUpdate(row: BookRow, sequence: number, nowNs: MonoNs): void {
    // Short enough to be inlined: a time that is handed down further costs 16 bytes a book.
    this.block[row * BLOCK + Place.updatedNs] = nowNs
    this.#settle(row, sequence)
  }

  #settle(row: BookRow, sequence: number): void {
    const at = row * BLOCK
    this.#sequences[row] = sequence
    const bid = this.block[at + Place.bidPrice]
    const ask = this.block[at + Place.askPrice]
    if (bid === 0 && ask === 0) this.setState(row, State.empty)
    else if (bid !== 0 && ask !== 0 && bid >= ask) this.setState(row, State.crossed)
    else this.setState(row, State.live)
  }

  #keepTouch(row: BookRow, side: BookSide): void {
    const count = this.count(row, side)
    const best = this.offset(row, side) + count - 1
    const at = row * BLOCK + side * 2
    this.block[at] = count === 0 ? 0 : this.prices[best]
    this.block[at + 1] = count === 0 ? 0 : this.lots[best]
  }
}

/** Moves the levels behind `from`, up to `to`, one place down. */
function closeGap(prices: Float64Array, lots: Float64Array, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    prices[i] = prices[i + 1]
    lots[i] = lots[i + 1]
  }
}
