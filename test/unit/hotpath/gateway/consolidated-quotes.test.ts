/** The merge against its slow twin: all quotes in one list, sorted. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BookSide, BookState, BookTable } from '../../../../hotpath/book/book-table.ts'
import { ConsolidatedQuotes } from '../../../../hotpath/gateway/consolidated-quotes.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { formatDecimal, type PriceTicks, type QtyLots } from '../../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../../shared/units/time.ts'
import { smallListings } from '../../../e2e/gateway/small-market.ts'

const listings = smallListings()
const btc = 0 as InstrumentIndex
const names = listings.venues.map(({ id }) => id)

const level = fc.record({
  venue: fc.nat(1),
  side: fc.constantFrom(BookSide.bid, BookSide.ask),
  step: fc.nat(12),
  lots: fc.integer({ min: 1, max: 1_000_000 }),
})

function makeBooks(levels: readonly { venue: number; side: BookSide; step: number; lots: number }[]): BookTable {
  const books = new BookTable({ venues: 2, instruments: 2, levelsMax: 16 })
  for (const { venue, side, step, lots } of levels) {
    const price = side === BookSide.bid ? 1_000 - step : 1_001 + step
    books.setLevel(books.row(btc, venue as VenueIndex), side, price as PriceTicks, lots as QtyLots)
  }
  for (const venue of [0, 1]) books.finishUpdate(books.row(btc, venue as VenueIndex), 1, 1 as MonoNs)
  return books
}

function slowTwin(books: BookTable, side: BookSide, depth: number): string[][] {
  const quotes: [number, number, number][] = []
  for (const venue of [0, 1]) {
    const row = books.row(btc, venue as VenueIndex)
    if (books.state(row) !== BookState.live) continue
    for (let i = 0; i < books.count(row, side); i++) {
      const at = books.offset(row, side) + i
      quotes.push([books.prices[at], books.lots[at], venue])
    }
  }
  const sign = side === BookSide.bid ? -1 : 1
  quotes.sort((a, b) => sign * (a[0] - b[0]) || a[2] - b[2])
  return quotes
    .slice(0, depth)
    .map(([price, lots, venue]) => [formatDecimal(price, 2), formatDecimal(lots, 5), names[venue]])
}

test('the best quotes of all live books, best first, ties by venue', () => {
  fc.assert(
    fc.property(
      fc.array(level, { maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      fc.boolean(),
      (levels, depth, isStale) => {
        const books = makeBooks(levels)
        if (isStale) books.setState(books.row(btc, 0 as VenueIndex), BookState.stale)
        const quotes = new ConsolidatedQuotes(books, listings)
        for (const side of [BookSide.bid, BookSide.ask])
          expect(JSON.parse(quotes.sideText(btc, side, depth))).toEqual(slowTwin(books, side, depth))
      },
    ),
  )
})

test('the fingerprint changes with an update or a state, and only then', () => {
  const books = makeBooks([{ venue: 0, side: BookSide.bid, step: 0, lots: 1 }])
  const quotes = new ConsolidatedQuotes(books, listings)
  const before = quotes.fingerprint(btc)
  expect(quotes.fingerprint(btc)).toBe(before)
  const row = books.row(btc, 0 as VenueIndex)
  books.finishUpdate(row, 2, 1 as MonoNs)
  const after = quotes.fingerprint(btc)
  expect(after).not.toBe(before)
  books.setState(row, BookState.stale)
  expect(quotes.fingerprint(btc)).not.toBe(after)
  expect(quotes.liveVenues(btc)).toBe(0)
})
