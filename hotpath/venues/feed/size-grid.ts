/**
 * How finely the sizes of a book are told when a venue writes more digits than its largest level leaves room for: books keep
 * sizes as exact integers of one grid, 2^53 at most. What is finer than the grid is cut towards zero: it is dust.
 */
import { INSTRUMENTS_MAX } from '../../../shared/limits.ts'
import { POWERS_OF_TEN } from './json-cursor.ts'
import type { LevelList } from './level-list.ts'
import type { SymbolTable } from './symbol-table.ts'

/** Digits behind the point that anybody trades in. */
const DIGITS_MAX = 8
/** How many times larger than the largest seen a level may come before the grid must become coarser. */
const HEADROOM = 16

export class SizeGrid {
  static readonly #grids = new WeakMap<SymbolTable, SizeGrid>()
  /** By symbol row; only ever coarser. */
  readonly #digits = new Uint8Array(INSTRUMENTS_MAX).fill(DIGITS_MAX)

  /** The one of these symbols: books asked for over HTTP and their changes are read by decoders of their own. */
  static of(symbols: SymbolTable): SizeGrid {
    let grid = SizeGrid.#grids.get(symbols)
    if (grid === undefined) {
      grid = new SizeGrid()
      SizeGrid.#grids.set(symbols, grid)
    }
    return grid
  }

  /** Cuts the sizes of one book message to the grid of its symbol. O(levels). */
  cut(symbol: number, levels: LevelList): void {
    const { size, sizeFraction, count } = levels
    let largest = 0
    let finest = 0
    for (let at = 0; at < count; at++) {
      const fraction = sizeFraction[at]
      if (fraction > finest) finest = fraction
      const value = fraction <= 22 ? size[at] / POWERS_OF_TEN[fraction] : 0
      if (value > largest) largest = value
    }
    let digits = this.#digits[symbol]
    while (digits > 0 && largest * POWERS_OF_TEN[digits] * HEADROOM > Number.MAX_SAFE_INTEGER) digits--
    this.#digits[symbol] = digits
    if (finest <= digits) return
    for (let at = 0; at < count; at++) {
      const over = sizeFraction[at] - digits
      if (over <= 0) continue
      size[at] = over > 22 ? 0 : Math.floor(size[at] / POWERS_OF_TEN[over])
      sizeFraction[at] = digits
    }
  }
}
