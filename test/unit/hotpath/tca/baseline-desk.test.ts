import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BookTable, takenSide } from '../../../../hotpath/book/book-table.ts'
import { ExecutionPlan } from '../../../../hotpath/plan/execution-plan.ts'
import { DropReason, VenueCandidates } from '../../../../hotpath/plan/venue-candidates.ts'
import { BaselineDesk } from '../../../../hotpath/tca/baseline-desk.ts'
import {
  type BaselineMarket,
  type BaselineRoute,
  bestDisplayedPrice,
  bestSingleVenue,
  proRata,
  uniformSplit,
} from '../../../../hotpath/tca/baselines.ts'
import { NotedDecision } from '../../../../hotpath/tca/noted-decision.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'

interface TestVenue {
  readonly ppm: number
  readonly latencyNs: number
  readonly childCost: number
  readonly isDropped: boolean
  readonly levels: readonly (readonly [price: number, lots: number])[]
}

const LEVELS_MAX = 20
const MID = 100_000

function open(side: Side, venues: readonly TestVenue[]): BaselineMarket {
  const books = new BookTable({ venues: venues.length, instruments: 1, levelsMax: LEVELS_MAX })
  const candidates = new VenueCandidates()
  for (const [index, { ppm, latencyNs, childCost, isDropped, levels }] of venues.entries()) {
    const bookRow = books.row(0 as InstrumentIndex, index as VenueIndex)
    for (const [price, lots] of levels) {
      books.setLevel(bookRow, takenSide(side), price as PriceTicks, lots as QtyLots)
    }
    const row = candidates.add(index as VenueIndex, bookRow)
    candidates.feeFactor[row] = side === Side.buy ? 1e6 + ppm : 1e6 - ppm
    candidates.latencyNs[row] = latencyNs
    candidates.childCost[row] = childCost
    if (isDropped) candidates.drop(row, DropReason.staleBook)
  }
  return { books, candidates, side, mid: MID + 0.5 }
}

function note({ candidates, side, mid }: BaselineMarket, lots: number): NotedDecision {
  const plan = new ExecutionPlan()
  plan.reset(side)
  plan.plannedLots = lots
  plan.mid = mid
  const noted = new NotedDecision()
  noted.take({ parentSequence: 1, candidates, plan })
  return noted
}

function figures({ isComplete, slippageBps, feeBps, allInBps }: BaselineDesk | BaselineRoute): object {
  return { isComplete, slippageBps, feeBps, allInBps }
}

/** The four of both ways, to be compared to the last bit. */
function expectTwins(market: BaselineMarket, lots: number): void {
  const noted = note(market, lots)
  const desk = new BaselineDesk(market.books)
  desk.open(noted)
  const single = bestSingleVenue(market, lots)
  const at = desk.bestSingle()
  expect(at < 0 ? undefined : noted.venue[at]).toBe(single?.row)
  if (single) expect(figures(desk)).toEqual(figures(single))
  desk.bestDisplayed()
  expect(figures(desk)).toEqual(figures(bestDisplayedPrice(market, lots)))
  desk.proRata()
  expect(figures(desk)).toEqual(figures(proRata(market, lots)))
  desk.uniform()
  expect(figures(desk)).toEqual(figures(uniformSplit(market, lots)))
}

const sides = fc.constantFrom(Side.buy, Side.sell)
/** Of the displayed depth; more than there is now and then. */
const shares = fc.oneof(fc.double({ min: 0, max: 0.05, noNaN: true }), fc.double({ min: 0, max: 1.2, noNaN: true }))

/** `spread`: ticks between the first price and the last; few make many equal prices. */
function venuesOf(spread: number, lotsMax: number): fc.Arbitrary<TestVenue[]> {
  const level = fc.tuple(fc.integer({ min: 1, max: spread }), fc.integer({ min: 1, max: lotsMax }))
  const venue = fc.record({
    ppm: fc.oneof(fc.constant(300), fc.integer({ min: -500, max: 12_000 })),
    latencyNs: fc.nat(2),
    childCost: fc.oneof(fc.constant(0), fc.nat(2_000)),
    isDropped: fc.nat(5).map((drawn) => drawn === 0),
    levels: fc.array(level, { maxLength: LEVELS_MAX }),
  })
  return fc.array(venue, { minLength: 1, maxLength: 32 })
}

function expectTwinsOf(venues: fc.Arbitrary<TestVenue[]>): void {
  fc.assert(
    fc.property(sides, venues, shares, (side, drawn, share) => {
      const sign = side === Side.buy ? 1 : -1
      const shifted = drawn.map((venue) => ({
        ...venue,
        levels: venue.levels.map(([step, lots]): [number, number] => [MID + sign * step, lots]),
      }))
      const market = open(side, shifted)
      const depth = drawn.flatMap(({ levels }) => levels).reduce((sum, [, lots]) => sum + lots, 0)
      expectTwins(market, Math.max(1, Math.floor(depth * share)))
    }),
    { numRuns: 300 },
  )
}

test('the same bits as the twin: prices far apart', () => expectTwinsOf(venuesOf(4_000, 2_000)))
test('the same bits as the twin: equal prices, latencies and sizes', () => expectTwinsOf(venuesOf(8, 4)))
test('the same bits as the twin: prices across the whole range', () => expectTwinsOf(venuesOf(99_999, 2 ** 40)))

test('the same bits as the twin: depth that doubles with every level', () => {
  const venues = Array.from({ length: 32 }, (_, venue) => ({
    ppm: venue,
    latencyNs: 0,
    childCost: 0,
    isDropped: false,
    levels: Array.from({ length: LEVELS_MAX }, (_, at) => [MID + venue + at * 7 + 1, 2 ** at + venue] as const),
  }))
  const market = open(Side.buy, venues)
  for (const lots of [1, 31, 33, 1_000, 77_777, 1_048_576, 20_000_000, 33_000_000, 33_554_897])
    expectTwins(market, lots)
})

test('of equal single venues the lower row', () => {
  const venue = { ppm: 700, latencyNs: 0, childCost: 0, isDropped: false, levels: [[MID + 3, 50] as const] }
  const market = open(Side.buy, [{ ...venue, levels: [] }, { ...venue, isDropped: true }, venue, venue])
  const noted = note(market, 50)
  const desk = new BaselineDesk(market.books)
  desk.open(noted)
  expect(noted.venue[desk.bestSingle()]).toBe(2)
  expectTwins(market, 50)
})

test('nobody displays anything: no single venue, and nothing filled', () => {
  const market = open(Side.buy, [{ ppm: 0, latencyNs: 0, childCost: 0, isDropped: false, levels: [] }])
  expectTwins(market, 5)
})

test('a noted decision is not changed by the next one in the same tables', () => {
  const venue = { ppm: 100, latencyNs: 7, childCost: 3, isDropped: false, levels: [[MID + 2, 10] as const] }
  const market = open(Side.buy, [venue, venue])
  const noted = note(market, 4)
  const desk = new BaselineDesk(market.books)
  desk.open(noted)
  desk.uniform()
  const before = figures(desk)
  market.candidates.reset()
  market.candidates.add(0 as VenueIndex, market.candidates.bookRow[1] as never)
  desk.open(noted)
  desk.uniform()
  expect(figures(desk)).toEqual(before)
})
