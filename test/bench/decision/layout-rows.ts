/**
 * The measurement that chose the book's layout: what a decision reads of every venue of an instrument, from a block of
 * one cache line a book (hotpath/book/book-table) and from a column a number, on the grid of 60 venues x 702
 * instruments, a random instrument each time. Both are read by the same loop; only where the numbers stand differs.
 */
import { BOOK_BLOCK, BookPlace } from '../../../hotpath/book/book-table.ts'
import { Prng } from '../../../shared/prng.ts'
import type { BenchRow } from '../bench-row.ts'

const VENUES = 60
const INSTRUMENTS = 702
const ROWS = VENUES * INSTRUMENTS
const COLUMNS = 6
const PER_BATCH = 50

export function layoutRows(batches: number): BenchRow[] {
  const block = new Float64Array(ROWS * BOOK_BLOCK).fill(1)
  const columns = Array.from({ length: COLUMNS }, () => new Float64Array(ROWS).fill(1))
  const best = { blocks: Number.POSITIVE_INFINITY, columns: Number.POSITIVE_INFINITY }
  const prng = new Prng(3)
  let seen = 0
  for (let batch = 0; batch < batches; batch++) {
    const instruments = Int32Array.from({ length: PER_BATCH }, () => prng.nextBelow(INSTRUMENTS))
    const start = performance.now()
    for (const instrument of instruments) seen += readBlocks(block, instrument * VENUES)
    const middle = performance.now()
    for (const instrument of instruments) seen += readColumns(columns, instrument * VENUES)
    const end = performance.now()
    // The first tenth warms the compiler up; the least disturbed batch counts.
    if (batch < batches / 10) continue
    best.blocks = Math.min(best.blocks, ((middle - start) * 1e6) / PER_BATCH)
    best.columns = Math.min(best.columns, ((end - middle) * 1e6) / PER_BATCH)
  }
  return [
    {
      name: 'books of 60 venues read, blocks against columns',
      unit: 'x',
      value: best.blocks / best.columns,
      note: `blocks ${best.blocks.toFixed(0)} ns, columns ${best.columns.toFixed(0)} ns an instrument of ${INSTRUMENTS}; ${seen} read`,
    },
  ]
}

function readBlocks(block: Float64Array, first: number): number {
  let seen = 0
  for (let row = first; row < first + VENUES; row++) {
    const at = row << 3
    seen += block[at + BookPlace.bidPrice] + block[at + BookPlace.bidLots] + block[at + BookPlace.askPrice]
    seen += block[at + BookPlace.askLots] + block[at + BookPlace.updatedNs] + block[at + BookPlace.missNs]
  }
  return seen
}

function readColumns(columns: readonly Float64Array[], first: number): number {
  const [bidPrice, bidLots, askPrice, askLots, updatedNs, missNs] = columns
  let seen = 0
  for (let row = first; row < first + VENUES; row++) {
    seen += bidPrice[row] + bidLots[row] + askPrice[row]
    seen += askLots[row] + updatedNs[row] + missNs[row]
  }
  return seen
}
