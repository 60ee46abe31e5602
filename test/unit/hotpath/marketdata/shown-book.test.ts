import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BookSide } from '../../../../hotpath/book/book-table.ts'
import { BookGrid } from '../../../../hotpath/marketdata/book-grid.ts'
import type { KeptBook } from '../../../../hotpath/marketdata/book-keeper.ts'
import { ShownBook } from '../../../../hotpath/marketdata/shown-book.ts'
import { keptBook, nativeListings, type PlainLevel } from './listed.ts'

const [{ instrument }] = nativeListings({})
const grid = new BookGrid(instrument, '1')

/** Whoever keeps a book from what is told: a Map a side. */
class Listener {
  readonly sides = [new Map<number, number>(), new Map<number, number>()] as const
  told: string[] = []
  wasCrossed = false

  hear(shown: ShownBook, book: KeptBook): number {
    this.told = []
    return shown.tell(book.depth, (side, price, lots) => {
      this.told.push(`${side === BookSide.bid ? 'bid' : 'ask'} ${price} ${lots}`)
      if (lots === 0) {
        expect(this.sides[side].has(price)).toBe(true)
        this.sides[side].delete(price)
      } else this.sides[side].set(price, lots)
      const [bids, asks] = this.sides
      if (Math.max(...bids.keys()) >= Math.min(...asks.keys())) this.wasCrossed = true
    })
  }

  /** Best first. */
  levels(side: BookSide): PlainLevel[] {
    const sign = side === BookSide.bid ? -1 : 1
    return [...this.sides[side]].sort(([a], [b]) => sign * (a - b))
  }
}

/** The slow, obvious way to the best levels on the grid. */
function slowLevels(book: KeptBook, side: BookSide, levels: number): PlainLevel[] {
  const { prices, sizes, count } = book.depth.side(side)
  const sums = new Map<number, number>()
  for (let at = 0; at < count; at++) {
    const price = grid.ticks(prices[at], book.depth.priceDigits, side)
    const lots = grid.lots(sizes[at], book.depth.sizeDigits)
    if (price > 0 && lots > 0) sums.set(price, (sums.get(price) ?? 0) + lots)
  }
  const sign = side === BookSide.bid ? -1 : 1
  return [...sums].sort(([a], [b]) => sign * (a - b)).slice(0, levels)
}

test('at first everything is told, then only what changed', () => {
  const shown = new ShownBook(grid, 3)
  const listener = new Listener()
  const book = keptBook({
    bids: [
      [100, 5],
      [99, 6],
    ],
    asks: [[101, 7]],
  })
  expect(listener.hear(shown, book)).toBe(3)
  expect(listener.told).toEqual(['bid 100 5', 'bid 99 6', 'ask 101 7'])
  book.depth.bids.set(99, 8)
  expect(listener.hear(shown, book)).toBe(1)
  expect(listener.told).toEqual(['bid 99 8'])
  expect(listener.hear(shown, book)).toBe(0)
})

test('a book that moved up: what went is told before what came', () => {
  const shown = new ShownBook(grid, 3)
  const listener = new Listener()
  listener.hear(shown, keptBook({ bids: [[100, 5]], asks: [[101, 7]] }))
  listener.hear(shown, keptBook({ bids: [[102, 5]], asks: [[103, 7]] }))
  expect(listener.told).toEqual(['bid 100 0', 'ask 101 0', 'bid 102 5', 'ask 103 7'])
  expect(listener.wasCrossed).toBe(false)
})

test('a level that falls below the best ones is told as gone, and told again when it is back', () => {
  const shown = new ShownBook(grid, 2)
  const listener = new Listener()
  const book = keptBook({
    asks: [
      [101, 1],
      [102, 2],
    ],
  })
  listener.hear(shown, book)
  book.depth.asks.set(100, 3)
  listener.hear(shown, book)
  expect(listener.told).toEqual(['ask 102 0', 'ask 100 3'])
  book.depth.asks.set(100, 0)
  listener.hear(shown, book)
  expect(listener.told).toEqual(['ask 100 0', 'ask 102 2'])
})

test('prices between our ticks that fall together are one level', () => {
  const shown = new ShownBook(grid, 2)
  const listener = new Listener()
  listener.hear(
    shown,
    keptBook(
      {
        asks: [
          [100_001, 1],
          [100_002, 2],
          [100_011, 4],
        ],
        bids: [[99_999, 8]],
      },
      3,
    ),
  )
  expect(listener.levels(BookSide.ask)).toEqual([
    [10_001, 3],
    [10_002, 4],
  ])
  expect(listener.levels(BookSide.bid)).toEqual([[9_999, 8]])
})

test('forgotten, everything is told anew', () => {
  const shown = new ShownBook(grid, 2)
  const book = keptBook({ bids: [[100, 5]], asks: [[101, 7]] })
  new Listener().hear(shown, book)
  shown.forget()
  expect(new Listener().hear(shown, book)).toBe(2)
})

const levels = (min: number, max: number) =>
  fc.array(fc.tuple(fc.integer({ min, max }), fc.integer({ min: 0, max: 400 })), { maxLength: 14 })

/** Books that move, on grids coarser and finer than ours; the middle is somewhere else each time. */
const history = fc.array(
  fc.integer({ min: 30, max: 200 }).chain((middle) =>
    fc.record({
      bids: levels(1, middle * 10),
      asks: levels(middle * 10 + 11, middle * 10 + 200),
      priceDigits: fc.integer({ min: 2, max: 3 }),
      sizeDigits: fc.integer({ min: 3, max: 5 }),
    }),
  ),
  { minLength: 1, maxLength: 12 },
)

test('random books: the changes told make the best levels, and never a crossed book on the way', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 6 }), (books, depth) => {
      const shown = new ShownBook(grid, depth)
      const listener = new Listener()
      for (const { bids, asks, priceDigits, sizeDigits } of books) {
        const book = keptBook({ bids, asks }, priceDigits, sizeDigits)
        const changes = listener.hear(shown, book)
        expect(changes).toBe(listener.told.length)
        expect(new Set(listener.told.map((line) => line.split(' ').slice(0, 2).join(' '))).size).toBe(changes)
        for (const side of [BookSide.bid, BookSide.ask]) {
          expect(listener.levels(side)).toEqual(slowLevels(book, side, depth))
        }
        expect(listener.wasCrossed).toBe(false)
      }
    }),
    { numRuns: 400 },
  )
})
