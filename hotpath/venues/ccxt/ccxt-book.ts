/** The book of one instrument at one ccxt venue, as ccxt last told it, in ticks and lots. */
import type { InstrumentIndex } from '../../../shared/units/ids.ts'
import { BookSide } from '../../book/book-table.ts'
import type { ToldBook } from '../paper/told-book.ts'
import type { CcxtBookData, CcxtLevel } from './ccxt-client.ts'
import type { CcxtGrid } from './ccxt-grid.ts'

class MirroredSide {
  count = 0
  readonly prices: Float64Array
  readonly lots: Float64Array

  constructor(levels: number) {
    this.prices = new Float64Array(levels)
    this.lots = new Float64Array(levels)
  }
}

export class CcxtBook implements ToldBook {
  readonly instrument: InstrumentIndex
  readonly grid: CcxtGrid
  readonly hasTaken = false
  readonly #levels: number
  readonly #sides: readonly [MirroredSide, MirroredSide]
  /** Levels that were not on the price grid, out of order or no numbers: left out. */
  refused = 0

  constructor(instrument: InstrumentIndex, grid: CcxtGrid, levels: number) {
    this.instrument = instrument
    this.grid = grid
    this.#levels = levels
    this.#sides = [new MirroredSide(levels), new MirroredSide(levels)]
  }

  get isEmpty(): boolean {
    return this.#sides[BookSide.bid].count + this.#sides[BookSide.ask].count === 0
  }

  /** Everything anew, from its best level on. O(levels). False: a crossed book, which is no book; nothing is known now. */
  mirror(data: CcxtBookData): boolean {
    this.#mirrorSide(this.#sides[BookSide.bid], data.bids, -1)
    this.#mirrorSide(this.#sides[BookSide.ask], data.asks, 1)
    const [bids, asks] = this.#sides
    const isCrossed = bids.count > 0 && asks.count > 0 && bids.prices[0] >= asks.prices[0]
    if (isCrossed) this.clear()
    return !isCrossed
  }

  clear(): void {
    for (const side of this.#sides) side.count = 0
  }

  copyTop(side: BookSide, levels: number, prices: Float64Array, lots: Float64Array): number {
    const from = this.#sides[side]
    const count = Math.min(levels, from.count)
    for (let level = 0; level < count; level++) {
      prices[level] = from.prices[level]
      lots[level] = from.lots[level]
    }
    return count
  }

  isRefilling(): boolean {
    return false
  }

  settleCrossed(): void {}

  markTold(): void {}

  /** `sign` 1: prices rise from the best level on; -1: they fall. */
  #mirrorSide(side: MirroredSide, levels: readonly CcxtLevel[], sign: 1 | -1): void {
    side.count = 0
    for (let at = 0; at < levels.length && side.count < this.#levels; at++) {
      const ticks = this.grid.ticks(levels[at][0])
      const lots = this.grid.floorLots(levels[at][1])
      const isNext = side.count === 0 || sign * (ticks - side.prices[side.count - 1]) > 0
      if (ticks <= 0 || lots < 0 || !isNext) {
        this.refused++
        continue
      }
      // Less than one lot: nothing that could be had.
      if (lots === 0) continue
      side.prices[side.count] = ticks
      side.lots[side.count] = lots
      side.count++
    }
  }
}
