import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BOOK_BLOCK, BookSide, BookState, BookTable, BookWord } from '../../../../hotpath/book/book-table.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../../shared/units/time.ts'

function table(levelsMax = 4): BookTable {
  return new BookTable({ venues: 2, instruments: 2, levelsMax })
}

function levels(books: BookTable, row: ReturnType<BookTable['row']>, side: BookSide): [number, number][] {
  const from = books.offset(row, side)
  return Array.from(
    { length: books.count(row, side) },
    (_, i) => [books.prices[from + i], books.lots[from + i]] as [number, number],
  ).reverse()
}

const set = (books: BookTable, row: ReturnType<BookTable['row']>, side: BookSide, price: number, lots: number) =>
  books.setLevel(row, side, price as PriceTicks, lots as QtyLots)

test('levels keep their order, best first to the reader; zero removes', () => {
  const books = table()
  const row = books.row(1 as InstrumentIndex, 1 as VenueIndex)
  for (const [price, lots] of [
    [101, 1],
    [100, 2],
    [103, 3],
  ])
    set(books, row, BookSide.ask, price, lots)
  expect(levels(books, row, BookSide.ask)).toEqual([
    [100, 2],
    [101, 1],
    [103, 3],
  ])
  set(books, row, BookSide.ask, 100, 0)
  set(books, row, BookSide.ask, 102, 0)
  set(books, row, BookSide.ask, 101, 9)
  expect(levels(books, row, BookSide.ask)).toEqual([
    [101, 9],
    [103, 3],
  ])
  expect(books.bestPrice(row, BookSide.ask)).toBe(101)
  expect(books.count(books.row(0 as InstrumentIndex, 0 as VenueIndex), BookSide.ask)).toBe(0)
})

test('a book says whether it can be traded on', () => {
  const books = table()
  const row = books.row(0 as InstrumentIndex, 0 as VenueIndex)
  books.finishUpdate(row, 1, 10 as MonoNs)
  expect(books.state(row)).toBe(BookState.empty)
  set(books, row, BookSide.bid, 99, 1)
  set(books, row, BookSide.ask, 100, 1)
  books.finishUpdate(row, 2, 20 as MonoNs)
  expect(books.state(row)).toBe(BookState.live)
  set(books, row, BookSide.bid, 100, 1)
  books.finishUpdate(row, 3, 30 as MonoNs)
  expect(books.state(row)).toBe(BookState.crossed)
  expect(books.updatedNs(row)).toBe(30)
  expect(books.sequence(row)).toBe(3)
})

test('property: any history equals a sorted map cut to the best levels seen since they fitted', () => {
  const change = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 3 }))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), fc.constantFrom(BookSide.bid, BookSide.ask), (changes, side) => {
      const books = table(16)
      const row = books.row(0 as InstrumentIndex, 1 as VenueIndex)
      const twin = new Map<number, number>()
      for (const [price, lots] of changes) {
        set(books, row, side, price, lots)
        if (lots === 0) twin.delete(price)
        else twin.set(price, lots)
      }
      const sorted = [...twin].sort((a, b) => (side === BookSide.ask ? a[0] - b[0] : b[0] - a[0]))
      expect(levels(books, row, side)).toEqual(sorted)
    }),
  )
})

test('a full side drops its worst level for a better one and ignores a worse one', () => {
  const books = table(3)
  const row = books.row(0 as InstrumentIndex, 0 as VenueIndex)
  for (const price of [10, 12, 14]) set(books, row, BookSide.bid, price, 1)
  set(books, row, BookSide.bid, 9, 1)
  expect(levels(books, row, BookSide.bid).map(([price]) => price)).toEqual([14, 12, 10])
  set(books, row, BookSide.bid, 13, 5)
  expect(levels(books, row, BookSide.bid)).toEqual([
    [14, 1],
    [13, 5],
    [12, 1],
  ])
  set(books, row, BookSide.bid, 15, 2)
  expect(levels(books, row, BookSide.bid)).toEqual([
    [15, 2],
    [14, 1],
    [13, 5],
  ])
})

test('the touch in the block is the best level after every change, and a miss closes a book until its next update', () => {
  const change = fc.tuple(fc.constantFrom(BookSide.bid, BookSide.ask), fc.integer({ min: 1, max: 12 }), fc.nat(3))
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const books = table(3)
      const row = books.row(1 as InstrumentIndex, 0 as VenueIndex)
      for (const [side, price, lots] of changes) {
        set(books, row, side, price, lots)
        for (const one of [BookSide.bid, BookSide.ask]) {
          const [best] = [...levels(books, row, one), [0, 0]]
          expect([books.bestPrice(row, one), books.bestLots(row, one)]).toEqual(best)
        }
      }
    }),
  )
  const books = table()
  const row = books.row(0 as InstrumentIndex, 0 as VenueIndex)
  const isOpen = () => books.words[row * BOOK_BLOCK * 2 + BookWord.isOpen]
  set(books, row, BookSide.ask, 100, 5)
  expect(isOpen()).toBe(0)
  books.finishUpdate(row, 1, 10 as MonoNs)
  expect(isOpen()).toBe(1)
  books.noteMiss(row, { nowNs: 10 as MonoNs })
  expect([isOpen(), books.state(row), books.missNs(row)]).toEqual([0, BookState.live, 10])
  books.finishUpdate(row, 2, 11 as MonoNs)
  expect(isOpen()).toBe(1)
  books.setState(row, BookState.stale)
  expect(isOpen()).toBe(0)
  books.clear(row)
  expect([books.bestPrice(row, BookSide.ask), books.state(row)]).toEqual([0, BookState.empty])
})
