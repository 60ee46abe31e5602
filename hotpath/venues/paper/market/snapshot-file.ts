/**
 * One file of simultaneous whole books: a JSON list of {venue, base, quote, bids, asks}, each level
 * {price: {numerator, denominator}, qty: {numerator, denominator}}. What is not that is counted and skipped.
 */
import { BookSide } from '../../../book/book-table.ts'
import { GrowingColumn } from './growing-column.ts'
import { readText } from './recorded-file.ts'

const TEXT_BYTES_MAX = 268_435_456
const NAME_LENGTH_MAX = 40

/** Numbers a level: price numerator, price denominator, quantity numerator, quantity denominator. */
export const LEVEL_NUMBERS = 4

export interface SnapshotBook {
  readonly venue: string
  readonly base: string
  readonly quote: string
  /** By BookSide, LEVEL_NUMBERS doubles a level, in the file's order. */
  readonly sides: readonly [Float64Array, Float64Array]
}

export interface SnapshotFile {
  readonly path: string
  readonly books: readonly SnapshotBook[]
  readonly notes: readonly string[]
}

export function isSnapshotHead(head: string): boolean {
  return /^\s*\[/.test(head) && head.includes('"numerator"') && head.includes('"denominator"')
}

/** Reads and checks one file; a file that is not this layout to its end gives no books and a note. */
export async function readSnapshotFile(path: string): Promise<SnapshotFile> {
  const { text, early } = await readText(path, TEXT_BYTES_MAX)
  if (early !== '') return { path, books: [], notes: [`${path}: skipped, cut or damaged (${early})`] }
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch (error) {
    return { path, books: [], notes: [`${path}: skipped, not JSON (${(error as Error).message})`] }
  }
  if (!Array.isArray(found)) return { path, books: [], notes: [`${path}: skipped, not a list of books`] }
  return checkBooks(path, found)
}

function checkBooks(path: string, found: readonly unknown[]): SnapshotFile {
  const books: SnapshotBook[] = []
  const notes: string[] = []
  let badBooks = 0
  let badLevels = 0
  for (const item of found) {
    const book = checkBook(item)
    if (book === undefined) badBooks++
    else {
      books.push(book.book)
      badLevels += book.badLevels
    }
  }
  if (badBooks > 0) notes.push(`${path}: ${badBooks} entries skipped that are not books`)
  if (badLevels > 0) notes.push(`${path}: ${badLevels} levels skipped that are not positive exact fractions`)
  return { path, books, notes }
}

function checkBook(item: unknown): { book: SnapshotBook; badLevels: number } | undefined {
  if (!isRecord(item)) return undefined
  const { venue, base, quote, bids, asks } = item
  if (!isName(venue) || !isName(base) || !isName(quote) || !Array.isArray(bids) || !Array.isArray(asks))
    return undefined
  const sides = [checkSide(bids), checkSide(asks)] as const
  const badLevels = bids.length + asks.length - (sides[0].length + sides[1].length) / LEVEL_NUMBERS
  return {
    book: { venue: venue.toLowerCase(), base: base.toUpperCase(), quote: quote.toUpperCase(), sides },
    badLevels,
  }
}

function checkSide(levels: readonly unknown[]): Float64Array {
  const numbers = new GrowingColumn()
  for (const level of levels) {
    if (!isRecord(level) || !isRecord(level['price']) || !isRecord(level['qty'])) continue
    const { price, qty } = level
    const all = [price['numerator'], price['denominator'], qty['numerator'], qty['denominator']]
    if (all.every(isPositiveExact)) for (const number of all) numbers.push(number)
  }
  return numbers.take()
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= NAME_LENGTH_MAX && /^[\w.-]+$/.test(value)
}

/** Above 2^53 JSON has already lost digits: such a number is not exact any more. */
function isPositiveExact(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}

export const SNAPSHOT_SIDES = [BookSide.bid, BookSide.ask] as const
