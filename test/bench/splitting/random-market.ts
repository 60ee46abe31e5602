/** Random order-splitting problems for the contests: books, venue terms and one order, from a seed. */
import { BookSide, BookTable } from '../../../hotpath/book/book-table.ts'
import { VenueCandidates } from '../../../hotpath/plan/venue-candidates.ts'
import { Side } from '../../../shared/domain/order.ts'
import type { Prng } from '../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'

/**
 * What the venues of a problem ask for.
 * proportional: fees only. Steps: decimal lot steps, minimum notionals, an odd quantity (crypto as it is).
 * Mixed: steps that do not divide each other, minimums, ticket fees, sometimes a maximum of venues.
 * Tickets: a fixed cost per child that matters (gas, ticket fee). Few: only a maximum of venues.
 */
export const families = ['proportional', 'steps', 'mixed', 'tickets', 'few'] as const
export type Family = (typeof families)[number]

export interface RandomMarket {
  readonly books: BookTable
  readonly candidates: VenueCandidates
  readonly side: Side
  readonly lots: number
  readonly childrenMax: number
}

const takerPpm = [-100, 0, 200, 400, 500, 600, 750, 1000, 1000, 2000, 2600]

export function randomMarket(prng: Prng, family: Family): RandomMarket {
  const venues = prng.nextBetween(5, 30)
  const levels = prng.nextBetween(20, 100)
  const side = prng.chance(0.5) ? Side.buy : Side.sell
  const books = new BookTable({ venues, instruments: 1, levelsMax: levels })
  const candidates = new VenueCandidates()
  candidates.reset()
  const lotsMean = prng.nextBetween(50, 2_000)
  let depth = 0
  for (let venue = 0; venue < venues; venue++) {
    const row = candidates.add(venue as VenueIndex, books.row(0 as InstrumentIndex, venue as VenueIndex))
    depth += fillSide(books, prng, venue, side, levels, lotsMean)
    const ppm = takerPpm[prng.nextBelow(takerPpm.length)]
    candidates.takerPpm[row] = ppm
    candidates.feeFactor[row] = 1_000_000 + (side === Side.buy ? ppm : -ppm)
    candidates.latencyNs[row] = prng.nextBetween(1, 50) * 1_000_000
    setTerms(candidates, prng, row, family)
  }
  // Mostly a few levels' worth, now and then a large part of everything shown.
  const share = prng.chance(0.1) ? prng.nextFloat() * 0.6 : 0
  const lots = Math.max(1, Math.floor(lotsMean * (1 + prng.nextExponential(30)) + share * depth))
  const isLimited = family === 'few' || (family === 'mixed' && prng.chance(0.4))
  return {
    books,
    candidates,
    side,
    lots: roundOrder(lots, family),
    childrenMax: isLimited ? prng.nextBetween(2, 6) : 0,
  }
}

/** Prices 100.00 and outwards in cents; answers the lots shown. */
function fillSide(books: BookTable, prng: Prng, venue: number, side: Side, levels: number, lotsMean: number): number {
  const row = books.row(0 as InstrumentIndex, venue as VenueIndex)
  const away = side === Side.buy ? 1 : -1
  let price = 100_000 + away * prng.nextBetween(0, 60)
  let depth = 0
  for (let level = 0; level < levels; level++) {
    const lots = 1 + Math.floor(prng.nextExponential(lotsMean))
    books.setLevel(row, side === Side.buy ? BookSide.ask : BookSide.bid, price as PriceTicks, lots as QtyLots)
    price += away * prng.nextBetween(1, 12)
    depth += lots
  }
  return depth
}

function setTerms(candidates: VenueCandidates, prng: Prng, row: number, family: Family): void {
  if (family === 'steps') {
    candidates.lotStep[row] = [1, 1, 10, 100, 1000][prng.nextBelow(5)]
    candidates.notionalMin[row] = 100_000 * prng.nextBetween(0, 200)
  } else if (family === 'mixed') {
    candidates.lotStep[row] = [10, 30, 50, 100, 200][prng.nextBelow(5)]
    candidates.lotsMin[row] = [0, 50, 100, 300][prng.nextBelow(4)]
    candidates.notionalMin[row] = 100_000 * [0, 10, 150, 300][prng.nextBelow(4)]
    candidates.childCost[row] = 100_000 * [0, 0, 0.005, 0.0125, 0.02][prng.nextBelow(5)]
  } else if (family === 'tickets') {
    candidates.childCost[row] = prng.nextBetween(0, 200_000)
    candidates.lotsMin[row] = prng.nextBetween(0, 200)
  }
}

function roundOrder(lots: number, family: Family): number {
  return family === 'mixed' ? Math.ceil(lots / 10) * 10 : lots
}
