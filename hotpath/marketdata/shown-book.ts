/**
 * The best levels of one kept book on our grid, and what changed of them since they were last told: for whoever keeps books of
 * its own from level changes (the paper venues). What falls out of the best levels is told as gone.
 */
import { QTY_LOTS_MAX } from '../../shared/limits.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import { BookSide } from '../book/book-table.ts'
import type { DepthBook } from '../book/depth-book.ts'
import type { BookGrid } from './book-grid.ts'

class ShownSide {
  /** Best first. */
  prices: Float64Array
  lots: Float64Array
  count = 0

  constructor(levels: number) {
    this.prices = new Float64Array(levels)
    this.lots = new Float64Array(levels)
  }
}

export class ShownBook {
  readonly #grid: BookGrid
  readonly #levels: number
  readonly #told: [ShownSide, ShownSide]
  readonly #next: [ShownSide, ShownSide]

  constructor(grid: BookGrid, levels: number) {
    this.#grid = grid
    this.#levels = levels
    this.#told = [new ShownSide(levels), new ShownSide(levels)]
    this.#next = [new ShownSide(levels), new ShownSide(levels)]
  }

  /** Everything is untold again. */
  forget(): void {
    this.#told[0].count = 0
    this.#told[1].count = 0
  }

  /** Tells the changes, removals first so that a book that moved never looks crossed on the way. Answers how many. O(levels). */
  tell(depth: DepthBook, onLevel: (side: BookSide, price: PriceTicks, lots: QtyLots) => void): number {
    let changes = 0
    for (const side of [BookSide.bid, BookSide.ask]) {
      this.#read(depth, side)
      changes += this.#tellGone(side, onLevel)
    }
    for (const side of [BookSide.bid, BookSide.ask]) changes += this.#tellNew(side, onLevel)
    for (const side of [BookSide.bid, BookSide.ask]) {
      const told = this.#told[side]
      this.#told[side] = this.#next[side]
      this.#next[side] = told
    }
    return changes
  }

  /** The best levels on our grid; prices that fall together are added up. */
  #read(depth: DepthBook, side: BookSide): void {
    const from = depth.side(side)
    const to = this.#next[side]
    to.count = 0
    for (let at = from.count - 1; at >= 0; at--) {
      const price = this.#grid.ticks(from.prices[at], depth.priceDigits, side)
      const lots = this.#grid.lots(from.sizes[at], depth.sizeDigits)
      if (price === 0 || lots === 0) continue
      if (to.count > 0 && to.prices[to.count - 1] === price) this.#addTo(to, lots)
      else if (to.count === this.#levels) return
      else {
        to.prices[to.count] = price
        to.lots[to.count++] = lots
      }
    }
  }

  #addTo(side: ShownSide, lots: number): void {
    const last = side.count - 1
    side.lots[last] = Math.min(QTY_LOTS_MAX, side.lots[last] + lots)
  }

  #tellGone(side: BookSide, onLevel: (side: BookSide, price: PriceTicks, lots: QtyLots) => void): number {
    const told = this.#told[side]
    const next = this.#next[side]
    const sign = side === BookSide.bid ? 1 : -1
    let gone = 0
    for (let at = 0, near = 0; at < told.count; at++) {
      const price = told.prices[at]
      while (near < next.count && sign * next.prices[near] > sign * price) near++
      if (near < next.count && next.prices[near] === price) continue
      onLevel(side, price as PriceTicks, 0 as QtyLots)
      gone++
    }
    return gone
  }

  #tellNew(side: BookSide, onLevel: (side: BookSide, price: PriceTicks, lots: QtyLots) => void): number {
    const told = this.#told[side]
    const next = this.#next[side]
    const sign = side === BookSide.bid ? 1 : -1
    let changed = 0
    for (let at = 0, near = 0; at < next.count; at++) {
      const price = next.prices[at]
      while (near < told.count && sign * told.prices[near] > sign * price) near++
      if (near < told.count && told.prices[near] === price && told.lots[near] === next.lots[at]) continue
      onLevel(side, price as PriceTicks, next.lots[at] as QtyLots)
      changed++
    }
    return changed
  }
}
