import { expect, test } from 'vitest'
import { BookSide, BookState, BookTable } from '../../../../hotpath/book/book-table.ts'
import { venuesMembers } from '../../../../hotpath/gateway/answer-text.ts'
import { ListingTable } from '../../../../hotpath/plan/listing-table.ts'
import { VenueStateTable } from '../../../../hotpath/plan/venue-state-table.ts'
import type { VenueHealth } from '../../../../shared/domain/venue-health.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'
import { type MonoNs, NS_PER_MS } from '../../../../shared/units/time.ts'
import { testInstrument, testListing, testVenue } from '../venues/paper/paper-world.ts'

const eth = { ...testInstrument, index: 1 as InstrumentIndex, symbol: 'ETH/USDT', base: 'ETH' }
const venues = [testVenue(0), testVenue(1)]
// The second venue lists one of the two.
const listings = [testListing, { ...testListing, instrument: eth.index }, { ...testListing, venue: 1 as VenueIndex }]
const health: VenueHealth = {
  venue: 'venue1',
  state: 'open',
  trouble: '',
  books: 1,
  liveBooks: 1,
  silentMs: 3,
  frames: 1,
  malformed: 0,
  connects: 1,
  gaps: 0,
  resyncs: 0,
  checksumFaults: 0,
  crossed: 0,
  lost: [],
}

function world() {
  const table = new ListingTable({ venues, instruments: [testInstrument, eth], listings })
  const books = new BookTable({ venues: 2, instruments: 2, levelsMax: 4 })
  const states = new VenueStateTable(venues)
  const told = (now = true) =>
    JSON.parse(
      `{${venuesMembers(table, books, now ? { states, health: () => [health], nowNs: (50 * NS_PER_MS) as MonoNs } : undefined)}}`,
    ).venues
  return { books, states, told }
}

test('states of the books that a venue lists, their age, and who may be sent orders', () => {
  const { books, states, told } = world()
  const row = books.row(testInstrument.index, 0 as VenueIndex)
  books.setLevel(row, BookSide.bid, 5 as PriceTicks, 7 as QtyLots)
  books.finishUpdate(row, 1, (20 * NS_PER_MS) as MonoNs)
  books.setState(books.row(eth.index, 0 as VenueIndex), BookState.recovering)
  states.isUp[0] = 1
  states.isReady[0] = 1
  states.latencyNs[0] = 25_720_400
  const [first, second] = told()
  expect(first).toMatchObject({
    id: 'venue0',
    books: { live: 1, recovering: 1 },
    up: true,
    ready: true,
    latencyUs: 25_720,
    bookAgeMs: 30,
  })
  expect(first.feed).toBeUndefined()
  expect(second).toMatchObject({
    id: 'venue1',
    books: { empty: 1 },
    up: false,
    ready: false,
    bookAgeMs: -1,
    feed: health,
  })
})

test('without a core only what is listed', () => {
  const [first] = world().told(false)
  expect(Object.keys(first)).toEqual(['index', 'id', 'name', 'ordersPerSecond', 'ordersBurst', 'books'])
})
