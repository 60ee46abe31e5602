import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSide, BookState, BookTable } from '../../../../hotpath/book/book-table.ts'
import { BookGrid } from '../../../../hotpath/marketdata/book-grid.ts'
import type { KeptBook } from '../../../../hotpath/marketdata/book-keeper.ts'
import { BookPublisher } from '../../../../hotpath/marketdata/book-publisher.ts'
import { TradeMessage } from '../../../../hotpath/venues/feed/feed-message.ts'
import type { NativeListing } from '../../../../hotpath/venues/native/venue-units.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { VirtualClock } from '../venues/paper/paper-world.ts'
import { keptBook, nativeListings, type PlainLevel } from './listed.ts'

const V0 = 0 as VenueIndex
const BTC = 0 as InstrumentIndex
const LEVELS = 5

function world(listings: readonly NativeListing[] = nativeListings({})) {
  const clock = new VirtualClock()
  const books = new BookTable({ venues: 2, instruments: 1, levelsMax: LEVELS })
  const prints: string[] = []
  let warned = 0
  const publisher = new BookPublisher(listings, {
    books,
    clock,
    prints: {
      onPrint: ({ venue, aggressor, price, lots, timeUs }) =>
        prints.push(`${venue} ${aggressor} ${price} ${lots} ${timeUs}`),
    },
    beforeBooksChange: () => warned++,
  })
  const row = books.row(BTC, V0)
  /** Best first. */
  const levels = (side: BookSide, venue = V0): PlainLevel[] => {
    const at = books.row(BTC, venue)
    const end = books.offset(at, side) + books.count(at, side)
    return Array.from({ length: books.count(at, side) }, (_, step) => [
      books.prices[end - 1 - step],
      books.lots[end - 1 - step],
    ])
  }
  return { clock, books, publisher, prints, row, levels, warnings: () => warned }
}

/** The best levels on the grid, slowly. */
function slowLevels(book: KeptBook, side: BookSide, { instrument, symbol }: NativeListing): PlainLevel[] {
  const grid = new BookGrid(instrument, symbol.contractSize)
  const { prices, sizes, count } = book.depth.side(side)
  const best: PlainLevel[] = []
  for (let at = count - 1; at >= Math.max(0, count - LEVELS); at--) {
    const price = grid.ticks(prices[at], book.depth.priceDigits, side)
    const lots = grid.lots(sizes[at], book.depth.sizeDigits)
    if (price > 0 && lots > 0) best.push([price, lots])
  }
  return best
}

describe('a book', () => {
  test('is in the table as it is kept, live, now, and numbered', () => {
    const { clock, books, publisher, row, levels, warnings } = world()
    clock.ns = 5_000
    publisher.onBook(
      V0,
      BTC,
      keptBook({
        bids: [
          [100, 5],
          [99, 6],
        ],
        asks: [[101, 7]],
      }),
    )
    expect(levels(BookSide.bid)).toEqual([
      [100, 5],
      [99, 6],
    ])
    expect(levels(BookSide.ask)).toEqual([[101, 7]])
    expect([books.state(row), books.updatedNs(row), books.sequence(row)]).toEqual([BookState.live, 5_000, 1])
    expect([books.bestPrice(row, BookSide.bid), books.bestLots(row, BookSide.ask)]).toEqual([100, 7])
    publisher.onBook(V0, BTC, keptBook({ bids: [[98, 1]] }))
    expect([books.sequence(row), warnings()]).toEqual([2, 2])
    expect(levels(BookSide.ask)).toEqual([])
  })

  test('of which nothing is left is empty, a crossed one is said to be', () => {
    const { books, publisher, row } = world()
    publisher.onBook(V0, BTC, keptBook({}))
    expect(books.state(row)).toBe(BookState.empty)
    publisher.onBook(V0, BTC, keptBook({ bids: [[102, 1]], asks: [[101, 1]] }))
    expect(books.state(row)).toBe(BookState.crossed)
  })

  test('that is lost is recovering until it is told anew; whoever wants its last prices is asked first', () => {
    const { books, publisher, row, warnings } = world()
    publisher.onBook(V0, BTC, keptBook({ bids: [[100, 5]], asks: [[101, 7]] }))
    publisher.onBookLost(V0, BTC)
    expect([books.state(row), warnings()]).toEqual([BookState.recovering, 2])
    publisher.onBook(V0, BTC, keptBook({ bids: [[100, 5]], asks: [[101, 7]] }))
    expect(books.state(row)).toBe(BookState.live)
  })

  test('of contracts is in base, on the grid of all venues', () => {
    const [base, contracts] = nativeListings(
      { tickSize: '0.001' },
      { tickSize: '0.1', lotSize: '1', contractSize: '0.001' },
    )
    const { publisher, levels } = world([base, contracts])
    publisher.onBook(1 as VenueIndex, BTC, keptBook({ asks: [[1_001, 3]] }, 1, 0))
    expect(levels(BookSide.ask, 1 as VenueIndex)).toEqual([[100_100, 30]])
    expect(levels(BookSide.ask)).toEqual([])
  })

  test('nobody listed is left out', () => {
    const { books, publisher, row } = world([])
    publisher.onBook(V0, BTC, keptBook({ bids: [[100, 5]] }))
    expect(books.state(row)).toBe(BookState.empty)
  })

  test('random books: the table has the best levels of what is kept', () => {
    const side = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 99 })), { maxLength: 12 })
    const listings = nativeListings({})
    fc.assert(
      fc.property(fc.array(fc.tuple(side, side), { maxLength: 5 }), (told) => {
        const { publisher, levels } = world(listings)
        for (const [bids, asks] of told) {
          const book = keptBook({ bids, asks: asks.map(([price, size]) => [price + 60, size]) })
          publisher.onBook(V0, BTC, book)
          for (const at of [BookSide.bid, BookSide.ask]) expect(levels(at)).toEqual(slowLevels(book, at, listings[0]))
        }
      }),
      { numRuns: 200 },
    )
  })
})

test('trades are printed with their time; history, and what is no trade on our grid, is not', () => {
  const { publisher, prints } = world()
  const trade = (facts: Partial<TradeMessage>) =>
    Object.assign(new TradeMessage(), {
      price: 1_005,
      priceFraction: 1,
      size: 25,
      sizeFraction: 2,
      aggressor: 2,
      timeUs: 9,
      ...facts,
    })
  publisher.onTrade(V0, BTC, trade({}))
  expect(prints).toEqual(['0 2 10050 2500 9'])
  publisher.onTrade(V0, BTC, trade({ isHistory: true }))
  publisher.onTrade(V0, BTC, trade({ size: 1, sizeFraction: 8 }))
  publisher.onTrade(V0, BTC, trade({ price: -5 }))
  publisher.onTrade(1 as VenueIndex, BTC, trade({}))
  expect(prints).toHaveLength(1)
})
