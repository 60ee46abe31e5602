/** Moments from files of simultaneous whole books of several venues (layout of orderbook-snapshots-2019). */
import { basename } from 'node:path'
import { type BookRow, BookSide, BookState, BookTable } from '../../hotpath/book/book-table.ts'
import { roundTripBreakEven } from '../../hotpath/fees/net-cost.ts'
import { MarketError, type OpenedMarket } from '../../hotpath/venues/paper/market/opened-market.ts'
import { openSnapshots } from '../../hotpath/venues/paper/market/replay-snapshots.ts'
import type { MarketSink } from '../../hotpath/venues/paper/market-source.ts'
import type { Listing } from '../../shared/domain/instrument.ts'
import { PPM } from '../../shared/units/ticks.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import type { MomentVenue, StudyData, StudyMoment } from './study-moment.ts'

export const SNAPSHOT_MULTIPLES = [0.25, 1, 3, 8, 25, 100] as const
const VENUES_MIN = 2

/** Every book of one recorded instant, in one table. */
function fillBooks(market: OpenedMarket): BookTable {
  const { venues, instruments, levelsMax } = market
  const books = new BookTable({ venues: venues.length, instruments: instruments.length, levelsMax })
  const sink: MarketSink = {
    onLevel: (venue, instrument, side, price, lots) => books.setLevel(books.row(instrument, venue), side, price, lots),
    onTrade: () => {},
    onUpdateEnd: (venue, instrument) => books.finishUpdate(books.row(instrument, venue), 1, 0 as MonoNs),
    onClear: (venue, instrument) => books.clear(books.row(instrument, venue)),
  }
  market.work(0 as MonoNs, sink)
  return books
}

function midOf(books: BookTable, rows: readonly BookRow[]): number {
  const bid = Math.max(...rows.map((row) => books.bestPrice(row, BookSide.bid)))
  const ask = Math.min(...rows.map((row) => books.bestPrice(row, BookSide.ask)))
  return (bid + ask) / 2
}

function meanTop(books: BookTable, rows: readonly BookRow[]): number {
  const tops = rows.flatMap((row) => [books.bestLots(row, BookSide.bid), books.bestLots(row, BookSide.ask)])
  return tops.reduce((sum, lots) => sum + lots, 0) / tops.length
}

function isTwoSided(books: BookTable, row: BookRow): boolean {
  const isWhole = books.count(row, BookSide.bid) > 0 && books.count(row, BookSide.ask) > 0
  return isWhole && books.state(row) === BookState.live
}

/** Would buying on one of these venues and selling on another earn anything after taker fees? */
function hasPremium(books: BookTable, listings: readonly Listing[], rowOf: (listing: Listing) => BookRow): boolean {
  return listings.some((buy) =>
    listings.some((sell) => {
      const edge = books.bestPrice(rowOf(sell), BookSide.bid) / books.bestPrice(rowOf(buy), BookSide.ask) - 1
      return edge > roundTripBreakEven(buy.takerPpm / PPM, sell.takerPpm / PPM, 0, 1)
    }),
  )
}

/**
 * The venues left when those furthest from the middle are taken out until no round trip across them earns: what remains
 * when neither money nor coins can be moved to a venue that trades at a premium.
 */
function withoutPremium(
  books: BookTable,
  listings: readonly Listing[],
  rowOf: (listing: Listing) => BookRow,
): Listing[] {
  let left = [...listings]
  const ownMid = (listing: Listing): number => midOf(books, [rowOf(listing)])
  while (hasPremium(books, left, rowOf)) {
    const mids = left.map(ownMid).sort((a, b) => a - b)
    const middle = (mids[(mids.length - 1) >> 1] + mids[mids.length >> 1]) / 2
    const distance = (listing: Listing): number => Math.abs(ownMid(listing) - middle)
    const furthest = left.reduce((one, two) => (distance(two) > distance(one) ? two : one))
    left = left.filter((listing) => listing !== furthest)
  }
  return left
}

/** One moment per instrument that at least two venues show on both sides. */
function momentsOf(
  market: OpenedMarket,
  books: BookTable,
  file: string,
  blockFrom: number,
  keepsPremium: boolean,
): StudyMoment[] {
  const moments: StudyMoment[] = []
  for (const { index, symbol } of market.instruments) {
    const listed = market.listings.filter(({ instrument }) => instrument === index)
    const rowOf = ({ venue }: Listing): BookRow => books.row(index, venue)
    const shown = listed.filter((listing) => isTwoSided(books, rowOf(listing)))
    const kept = keepsPremium ? shown : withoutPremium(books, shown, rowOf)
    if (kept.length < VENUES_MIN) continue
    const rows = kept.map(rowOf)
    moments.push({
      label: `${symbol} in ${file}`,
      block: blockFrom + moments.length,
      venues: kept.map((listing): MomentVenue => {
        const { takerPpm, feeSide } = listing
        return { name: market.venues[listing.venue].id, bookRow: rowOf(listing), takerPpm: [takerPpm], feeSide }
      }),
      displayed: books,
      fillable: books,
      mid: midOf(books, rows),
      topLots: meanTop(books, rows),
    })
  }
  return moments
}

function toData(name: string, moments: readonly StudyMoment[], orders: number, notes: readonly string[]): StudyData {
  const groups = Math.max(1, moments.length * 2 * SNAPSHOT_MULTIPLES.length)
  return {
    name,
    scenarios: ['declared taker fees of today, not of the recorded day'],
    multiples: SNAPSHOT_MULTIPLES,
    moments,
    repeats: Math.max(1, Math.round(orders / groups)),
    notes,
  }
}

/**
 * All venues, and then without those at a premium: where books cross each other the mid lies between a bid and a lower
 * ask, and slippage against it is partly arbitrage. `orders` is how many to draw for each, over moments, sides and sizes.
 */
export async function readSnapshotMoments(paths: readonly string[], orders: number): Promise<StudyData[]> {
  const all: StudyMoment[] = []
  const orderly: StudyMoment[] = []
  const notes = new Set<string>()
  for (const path of paths) {
    try {
      const market = await openSnapshots(path, [path], { seed: 0, speed: 1 })
      for (const note of market.notes) notes.add(note.replaceAll(path, basename(path)))
      const books = fillBooks(market)
      all.push(...momentsOf(market, books, basename(path), all.length, true))
      orderly.push(...momentsOf(market, books, basename(path), orderly.length, false))
    } catch (error) {
      if (!(error instanceof MarketError)) throw error
      notes.add(error.message.replaceAll(path, basename(path)))
    }
  }
  notes.add(
    `whole books: a block of the bootstrap is one instrument at one instant, ${all.length} in all: coarse intervals`,
  )
  return [
    toData('whole books, all venues', all, orders, [...notes]),
    toData('whole books, without venues at a premium beyond fees', orderly, orders, []),
  ]
}
