/**
 * The grid of an instrument over all its recorded books: the fewest decimal digits that write every number exactly.
 * What no grid within our bounds can hold is rounded against us and counted: bids down, asks up, quantities down.
 */
import { BOOK_LEVELS_MAX, PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../shared/limits.ts'
import { BookSide } from '../../../book/book-table.ts'
import { ceilRational, digitsOfRational, floorRational } from './rational.ts'
import { LEVEL_NUMBERS, type SnapshotBook } from './snapshot-file.ts'

export const DIGITS_MAX = 8
/** Prices this many times the best ones must fit; absurd far offers need not (2019 books ask 1,000,000,000 USD). */
const PRICE_ROOM = 4

export interface Grid {
  readonly priceDigits: number
  readonly qtyDigits: number
}

/** What putting numbers on the grid cost, counted over all books. */
export class GridLosses {
  pricesRounded = 0
  quantitiesRounded = 0
  /** Larger than we keep exactly: told as the largest. */
  quantitiesCapped = 0
  /** Prices beyond PRICE_TICKS_MAX or below one tick, and quantities below one lot. */
  levelsDropped = 0
  /** Worse than the best BOOK_LEVELS_MAX of a side. */
  levelsTooDeep = 0

  toNotes(): string[] {
    const notes: string[] = []
    if (this.pricesRounded > 0) notes.push(`${this.pricesRounded} prices rounded against us (bids down, asks up)`)
    if (this.quantitiesRounded > 0) notes.push(`${this.quantitiesRounded} quantities rounded down`)
    if (this.quantitiesCapped > 0) notes.push(`${this.quantitiesCapped} quantities told as the largest we keep exactly`)
    if (this.levelsDropped > 0) notes.push(`${this.levelsDropped} levels dropped: price or quantity outside our bounds`)
    if (this.levelsTooDeep > 0) notes.push(`${this.levelsTooDeep} levels dropped beyond ${BOOK_LEVELS_MAX} a side`)
    return notes
  }
}

/** The grid of one instrument; `books` are all its books. O(numbers). */
export function chooseGrid(books: readonly SnapshotBook[]): Grid {
  return { priceDigits: chooseDigits(books, 0, priceRoom(books)), qtyDigits: chooseDigits(books, 2, qtyRoom(books)) }
}

/** Fewest digits exact for every number, at most `digitsRoom`: as many where one is never exact, so little is lost. */
function chooseDigits(books: readonly SnapshotBook[], at: number, digitsRoom: number): number {
  let digits = 0
  for (const book of books) {
    for (const side of book.sides) {
      for (let i = at; i < side.length; i += LEVEL_NUMBERS) {
        const needed = digitsOfRational(side[i], side[i + 1])
        if (needed < 0 || needed > digits) digits = needed < 0 ? digitsRoom : Math.min(needed, digitsRoom)
      }
    }
  }
  return digits
}

/** Most digits that leave PRICE_ROOM above the best bids: a low best is a real price, a high ask may be a joke. */
function priceRoom(books: readonly SnapshotBook[]): number {
  let best = 0
  for (const book of books)
    for (const side of book.sides) best = Math.max(best, touch(side, side === book.sides[BookSide.bid]))
  return digitsBelow(PRICE_TICKS_MAX / (PRICE_ROOM * best))
}

function touch(side: Float64Array, isBid: boolean): number {
  let best = 0
  for (let i = 0; i < side.length; i += LEVEL_NUMBERS) {
    const price = side[i] / side[i + 1]
    if (best === 0 || (isBid ? price > best : price < best)) best = price
  }
  return best
}

/** Most digits with which 99 of 100 quantities fit. */
function qtyRoom(books: readonly SnapshotBook[]): number {
  const sizes: number[] = []
  for (const { sides } of books) {
    for (const side of sides) for (let i = 2; i < side.length; i += LEVEL_NUMBERS) sizes.push(side[i] / side[i + 1])
  }
  sizes.sort((a, b) => a - b)
  return digitsBelow(QTY_LOTS_MAX / (sizes[Math.floor((sizes.length - 1) * 0.99)] ?? 1))
}

function digitsBelow(factor: number): number {
  return Math.max(0, Math.min(DIGITS_MAX, Math.floor(Math.log10(factor))))
}

/** One side on the grid, best first, equal prices merged: price ticks and lots in turn. O(n log n). */
export function sideOnGrid(numbers: Float64Array, side: BookSide, grid: Grid, losses: GridLosses): Float64Array {
  const levels: { price: number; lots: number }[] = []
  for (let i = 0; i < numbers.length; i += LEVEL_NUMBERS) {
    const price = priceOnGrid(numbers[i], numbers[i + 1], side, grid, losses)
    const lots = lotsOnGrid(numbers[i + 2], numbers[i + 3], grid, losses)
    if (price > 0 && price <= PRICE_TICKS_MAX && lots > 0) levels.push({ price, lots })
    else losses.levelsDropped++
  }
  levels.sort(side === BookSide.bid ? (a, b) => b.price - a.price : (a, b) => a.price - b.price)
  return packLevels(levels, losses)
}

function priceOnGrid(above: number, below: number, side: BookSide, grid: Grid, losses: GridLosses): number {
  const floor = floorRational(above, below, grid.priceDigits)
  const ceil = ceilRational(above, below, grid.priceDigits)
  if (floor === ceil) return floor
  losses.pricesRounded++
  return side === BookSide.bid ? floor : ceil
}

function lotsOnGrid(above: number, below: number, grid: Grid, losses: GridLosses): number {
  const lots = floorRational(above, below, grid.qtyDigits)
  if (lots > QTY_LOTS_MAX) {
    losses.quantitiesCapped++
    return QTY_LOTS_MAX
  }
  if (lots !== ceilRational(above, below, grid.qtyDigits)) losses.quantitiesRounded++
  return lots
}

function packLevels(levels: readonly { price: number; lots: number }[], losses: GridLosses): Float64Array {
  const packed = new Float64Array(levels.length * 2)
  let count = 0
  for (const { price, lots } of levels) {
    if (count > 0 && packed[count * 2 - 2] === price) {
      packed[count * 2 - 1] = Math.min(packed[count * 2 - 1] + lots, QTY_LOTS_MAX)
    } else if (count === BOOK_LEVELS_MAX) {
      losses.levelsTooDeep++
    } else {
      packed[count * 2] = price
      packed[count * 2 + 1] = lots
      count++
    }
  }
  return packed.slice(0, count * 2)
}
