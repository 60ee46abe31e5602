import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BookTable, takenSide } from '../../../../hotpath/book/book-table.ts'
import { DropReason, VenueCandidates } from '../../../../hotpath/plan/venue-candidates.ts'
import {
  type BaselineMarket,
  bestDisplayedPrice,
  bestSingleVenue,
  displayedLots,
  priceRoute,
  proRata,
  singleVenue,
  tradableRows,
  uniformSplit,
} from '../../../../hotpath/tca/baselines.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'

interface TestVenue {
  readonly ppm?: number
  readonly latencyNs?: number
  readonly childCost?: number
  readonly levels: readonly (readonly [price: number, lots: number])[]
}

function open(side: Side, mid: number, venues: readonly TestVenue[]): BaselineMarket {
  const books = new BookTable({ venues: venues.length, instruments: 1, levelsMax: 16 })
  const candidates = new VenueCandidates()
  for (const [index, { ppm = 0, latencyNs = 0, childCost = 0, levels }] of venues.entries()) {
    const bookRow = books.row(0 as InstrumentIndex, index as VenueIndex)
    for (const [price, lots] of levels) {
      books.setLevel(bookRow, takenSide(side), price as PriceTicks, lots as QtyLots)
    }
    const row = candidates.add(index as VenueIndex, bookRow)
    candidates.feeFactor[row] = side === Side.buy ? 1e6 + ppm : 1e6 - ppm
    candidates.latencyNs[row] = latencyNs
    candidates.childCost[row] = childCost
  }
  return { books, candidates, side, mid }
}

const two = open(Side.buy, 10_000, [
  {
    ppm: 2_000,
    levels: [
      [10_001, 30],
      [10_002, 30],
      [10_020, 60],
    ],
  },
  {
    ppm: 500,
    levels: [
      [10_004, 40],
      [10_010, 20],
    ],
  },
])

test('a venue that is dropped or shows nothing is not traded on', () => {
  const market = open(Side.buy, 100, [{ levels: [[101, 1]] }, { levels: [] }, { levels: [[101, 5]] }])
  market.candidates.drop(0, DropReason.staleBook)
  expect(tradableRows(market)).toEqual([2])
  expect(displayedLots(market, 2)).toBe(5)
  expect(bestSingleVenue(market, 3)?.row).toBe(2)
})

test('slippage, fees and all-in of one venue, by hand', () => {
  const route = singleVenue(two, 50, 0)
  // 30 lots one tick and 20 lots two ticks above 10,000: 70 / 50 ticks = 1.4 bps; 20 bps of 500,070 / 500,000
  expect(route.slippageBps).toBeCloseTo(1.4, 12)
  expect(route.feeBps).toBeCloseTo(20 * 1.00014, 10)
  expect(route.allInBps).toBe(route.slippageBps + route.feeBps)
  expect(route.isComplete).toBe(true)
})

test('a sale is the mirror: proceeds below the mid are a cost', () => {
  const market = open(Side.sell, 10_000, [
    {
      ppm: 1_000,
      levels: [
        [9_990, 10],
        [9_999, 10],
      ],
    },
  ])
  const route = singleVenue(market, 20, 0)
  expect(route.slippageBps).toBeCloseTo((1 * 10 + 10 * 10) / 20, 12)
  expect(route.feeBps).toBeCloseTo((10 * 19_989) / 20_000, 10)
})

test('a fixed cost of a child is a fee, paid only where something trades', () => {
  const market = open(Side.buy, 10_000, [
    { childCost: 5_000, levels: [[10_000, 10]] },
    { childCost: 9_000, levels: [[10_000, 10]] },
  ])
  expect(singleVenue(market, 10, 0).feeBps).toBeCloseTo((5_000 / 100_000) * 10_000, 10)
})

test('the best single venue is the cheapest that fills the whole', () => {
  // 40 lots: 20 bps and little slippage at the first, 5 bps and 4 bps slippage at the second.
  expect(bestSingleVenue(two, 40)?.row).toBe(1)
  // 100 lots: only the first has them.
  expect(bestSingleVenue(two, 100)).toMatchObject({ row: 0, isComplete: true })
  // 200 lots: none has them, the fullest is shown as incomplete.
  expect(bestSingleVenue(two, 200)).toMatchObject({ row: 0, isComplete: false, filledLots: 120 })
  expect(bestSingleVenue(open(Side.buy, 100, [{ levels: [] }]), 1)).toBeUndefined()
})

test('of equal single venues the lower row', () => {
  const same = { ppm: 700, levels: [[10_003, 50]] } as const
  expect(bestSingleVenue(open(Side.buy, 10_000, [{ levels: [] }, same, same]), 50)?.row).toBe(1)
})

test('it is the best of every venue tried alone', () => {
  const level = fc.tuple(fc.integer({ min: 9_950, max: 10_050 }), fc.integer({ min: 1, max: 40 }))
  const venue = fc.record({
    ppm: fc.integer({ min: -500, max: 3_000 }),
    childCost: fc.nat(2_000),
    levels: fc.array(level, { maxLength: 5 }),
  })
  const sides = fc.constantFrom(Side.buy, Side.sell)
  fc.assert(
    fc.property(sides, fc.array(venue, { maxLength: 6 }), fc.integer({ min: 1, max: 120 }), (side, venues, lots) => {
      const market = open(side, 10_000, venues)
      const alone = tradableRows(market).map((row) => singleVenue(market, lots, row))
      const most = Math.max(...alone.map(({ filledLots }) => filledLots))
      const fullest = alone.filter(({ filledLots }) => filledLots === most)
      const found = bestSingleVenue(market, lots)
      if (found === undefined) expect(alone).toEqual([])
      else {
        expect(alone).toContainEqual(found)
        expect(found.filledLots).toBe(most)
        // Rounding of equal costs may differ in the last bits.
        expect(found.allInBps).toBeLessThanOrEqual(Math.min(...fullest.map(({ allInBps }) => allInBps)) + 1e-9)
      }
    }),
  )
})

test('best displayed price does not look at the fee', () => {
  const route = bestDisplayedPrice(two, 100)
  expect([...route.lots]).toEqual([60, 40])
  expect(route.allInBps).toBeGreaterThan(0)
})

test('equal prices: sooner, then larger, then the lower row', () => {
  const levels = (lots: number) => [[50, lots]] as const
  const fill = (venues: TestVenue[], lots: number) => [...bestDisplayedPrice(open(Side.buy, 50, venues), lots).lots]
  expect(fill([{ levels: levels(2) }, { levels: levels(3) }, { levels: levels(2) }], 4)).toEqual([1, 3, 0])
  expect(
    fill(
      [
        { latencyNs: 9, levels: levels(9) },
        { latencyNs: 1, levels: levels(2) },
      ],
      2,
    ),
  ).toEqual([0, 2])
})

test('pro rata by depth, remainders to the largest', () => {
  const market = open(Side.buy, 100, [{ levels: [[101, 5]] }, { levels: [[101, 3]] }, { levels: [[101, 2]] }])
  // quotas 3.5, 2.1, 1.4
  expect([...proRata(market, 7).lots]).toEqual([4, 2, 1])
  expect([...proRata(market, 10).lots]).toEqual([5, 3, 2])
  expect(proRata(market, 11)).toMatchObject({ filledLots: 10, isComplete: false })
})

test('the same everywhere, and what does not fit goes on in equal parts', () => {
  const market = open(Side.buy, 100, [{ levels: [[101, 1]] }, { levels: [[101, 4]] }, { levels: [[101, 9]] }])
  expect([...uniformSplit(market, 6).lots]).toEqual([1, 3, 2])
  expect([...uniformSplit(market, 12).lots]).toEqual([1, 4, 7])
  expect(uniformSplit(market, 15)).toMatchObject({ filledLots: 14, isComplete: false })
})

test('nothing filled costs nothing', () => {
  expect(priceRoute(two, new Float64Array(2), 0)).toMatchObject({ filledLots: 0, allInBps: 0 })
})

const venue = fc.record({
  ppm: fc.integer({ min: -500, max: 12_000 }),
  levels: fc
    .uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 })
    .chain((steps) =>
      fc.tuple(...steps.map((step) => fc.tuple(fc.constant(step), fc.integer({ min: 1, max: 2 ** 40 })))),
    ),
})

test('every baseline gives out exactly what the books allow, and never past a venue', () => {
  const share = fc.double({ min: 0.001, max: 1.2, noNaN: true })
  fc.assert(
    fc.property(fc.array(venue, { minLength: 1, maxLength: 6 }), share, fc.boolean(), (venues, wanted, buys) => {
      const side = buys ? Side.buy : Side.sell
      const shifted = venues.map(({ ppm, levels }) => ({
        ppm,
        levels: levels.map(([step, lots]): [number, number] => [buys ? 100_000 + step : 100_000 - step, lots]),
      }))
      const market = open(side, 100_000, shifted)
      const depths = venues.map((_, row) => displayedLots(market, row))
      const total = depths.reduce((sum, depth) => sum + depth, 0)
      const lots = Math.max(1, Math.floor(total * wanted))
      for (const route of [bestDisplayedPrice(market, lots), proRata(market, lots), uniformSplit(market, lots)]) {
        expect(route.filledLots).toBe(Math.min(lots, total))
        expect(route.isComplete).toBe(lots <= total)
        for (const [row, depth] of depths.entries()) expect(route.lots[row]).toBeLessThanOrEqual(depth)
        expect(route.slippageBps).toBeGreaterThan(0)
      }
      const raw = bestDisplayedPrice(market, lots).slippageBps
      for (const other of [proRata, uniformSplit]) expect(other(market, lots).slippageBps).toBeGreaterThan(raw - 1e-9)
    }),
  )
})
