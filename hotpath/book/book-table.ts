/**
 * All books of all venues: one block of prices and one of lots, a row per (instrument, venue), two sides a row.
 * A side is sorted with its best level LAST, so that what changes most moves least (41-66 ns an update,
 * reference measurement in hotpath/README). Nothing is allocated after boot.
 *
 *   prices:  | row 0 bids .......... best | row 0 asks .......... best | row 1 bids ...
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

export type BookRow = number & { readonly bookRow: unique symbol }

/** The side an order of this side takes from. */
export function takenSide(side: Side): BookSide {
  return side === Side.buy ? BookSide.ask : BookSide.bid
}

export class BookTable {
  readonly venues: number
  readonly instruments: number
  readonly levelsMax: number
  /** Ticks of every level; read by the sweep with `offset` and `count`. */
  readonly prices: Float64Array
  /** Lots of every level, never 0 inside `count`. */
  readonly lots: Float64Array
  readonly #counts: Int32Array
  readonly #states: Uint8Array
  readonly #updatedNs: Float64Array
  readonly #sequences: Float64Array
  /**
   * Best price and lots by side and row, as of the last finished update: what a decision reads of every venue, side by
   * side in memory instead of one cache line a book. 0 when the side is empty.
   */
  readonly touchPrices: readonly [Float64Array, Float64Array]
  readonly touchLots: readonly [Float64Array, Float64Array]

  constructor(size: { venues: number; instruments: number; levelsMax: number }) {
    assert(size.levelsMax > 0 && size.levelsMax <= BOOK_LEVELS_MAX, 'book depth is within its bound')
    this.venues = size.venues
    this.instruments = size.instruments
    this.levelsMax = size.levelsMax
    const rows = size.venues * size.instruments
    this.prices = new Float64Array(rows * 2 * size.levelsMax)
    this.lots = new Float64Array(rows * 2 * size.levelsMax)
    this.#counts = new Int32Array(rows * 2)
    this.#states = new Uint8Array(rows)
    this.#updatedNs = new Float64Array(rows)
    this.#sequences = new Float64Array(rows)
    this.touchPrices = [new Float64Array(rows), new Float64Array(rows)]
    this.touchLots = [new Float64Array(rows), new Float64Array(rows)]
  }

  row(instrument: InstrumentIndex, venue: VenueIndex): BookRow {
    return (instrument * this.venues + venue) as BookRow
  }

  /** Index of the WORST level of a side in `prices` and `lots`; the best is at offset + count - 1. */
  offset(row: BookRow, side: BookSide): number {
    return (row * 2 + side) * this.levelsMax
  }

  count(row: BookRow, side: BookSide): number {
    return this.#counts[row * 2 + side]
  }

  state(row: BookRow): BookState {
    return this.#states[row] as BookState
  }

  setState(row: BookRow, state: BookState): void {
    this.#states[row] = state
  }

  updatedNs(row: BookRow): MonoNs {
    return this.#updatedNs[row] as MonoNs
  }

  sequence(row: BookRow): number {
    return this.#sequences[row]
  }

  /** Best price of a side, or 0 when the side is empty. */
  bestPrice(row: BookRow, side: BookSide): PriceTicks {
    const count = this.count(row, side)
    return (count === 0 ? 0 : this.prices[this.offset(row, side) + count - 1]) as PriceTicks
  }

  bestLots(row: BookRow, side: BookSide): QtyLots {
    const count = this.count(row, side)
    return (count === 0 ? 0 : this.lots[this.offset(row, side) + count - 1]) as QtyLots
  }

  /**
   * Sets one level to its new total; 0 lots removes it. A level worse than a full side's worst is ignored; a better
   * one pushes the worst out. O(levels moved), which is small near the best price.
   */
  setLevel(row: BookRow, side: BookSide, price: PriceTicks, lots: QtyLots): void {
    const { prices, lots: all } = this
    const from = this.offset(row, side)
    let count = this.#counts[row * 2 + side]
    let at = from + count - 1
    if (side === BookSide.bid) while (at >= from && prices[at] > price) at--
    else while (at >= from && prices[at] < price) at--
    const found = at >= from && prices[at] === price
    if (lots === 0) {
      if (!found) return
      const end = from + count - 1
      for (let i = at; i < end; i++) {
        prices[i] = prices[i + 1]
        all[i] = all[i + 1]
      }
      this.#counts[row * 2 + side] = count - 1
      return
    }
    if (found) {
      all[at] = lots
      return
    }
    if (count === this.levelsMax) {
      if (at < from) return
      for (let i = from; i < at; i++) {
        prices[i] = prices[i + 1]
        all[i] = all[i + 1]
      }
      prices[at] = price
      all[at] = lots
      return
    }
    for (let i = from + count; i > at + 1; i--) {
      prices[i] = prices[i - 1]
      all[i] = all[i - 1]
    }
    prices[at + 1] = price
    all[at + 1] = lots
    count++
    this.#counts[row * 2 + side] = count
  }

  clearSide(row: BookRow, side: BookSide): void {
    this.#counts[row * 2 + side] = 0
  }

  clear(row: BookRow): void {
    this.#counts[row * 2] = 0
    this.#counts[row * 2 + 1] = 0
    this.#states[row] = BookState.empty
    this.#keepTouch(row)
  }

  /** Called once after the levels of one update are set: says whether the book can be traded on, and since when. */
  finishUpdate(row: BookRow, sequence: number, nowNs: MonoNs): void {
    this.#sequences[row] = sequence
    this.#updatedNs[row] = nowNs
    this.#keepTouch(row)
    const bid = this.touchPrices[BookSide.bid][row]
    const ask = this.touchPrices[BookSide.ask][row]
    if (bid === 0 && ask === 0) this.#states[row] = BookState.empty
    else if (bid !== 0 && ask !== 0 && bid >= ask) this.#states[row] = BookState.crossed
    else this.#states[row] = BookState.live
  }

  #keepTouch(row: BookRow): void {
    this.touchPrices[BookSide.bid][row] = this.bestPrice(row, BookSide.bid)
    this.touchPrices[BookSide.ask][row] = this.bestPrice(row, BookSide.ask)
    this.touchLots[BookSide.bid][row] = this.bestLots(row, BookSide.bid)
    this.touchLots[BookSide.ask][row] = this.bestLots(row, BookSide.ask)
  }
}
