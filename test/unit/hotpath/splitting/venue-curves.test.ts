import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonStep, divisor, VenueCurves } from '../../../../hotpath/splitting/venue-curves.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { allowedChoices, SplitWorld, type VenueSpec } from './split-world.ts'

function curvesOf(side: Side, venues: readonly VenueSpec[], lots: number, counted = false): VenueCurves {
  const world = new SplitWorld(side, venues)
  const curves = new VenueCurves(world.books)
  curves.open(world.candidates, side, lots, counted)
  for (let row = 0; row < venues.length; row++) curves.add(world.candidates, row)
  return curves
}

/** Lots, cost and key at the start of each segment and at the end. */
function chain(curves: VenueCurves, venue: number): [lots: number, cost: number, key: number][] {
  const from = venue * curves.stride
  return Array.from({ length: curves.segments[venue] + 1 }, (_, j) => [
    curves.lotsTo[from + j],
    curves.costTo[from + j],
    curves.keyBefore[from + j + 1],
  ])
}

test('a step that spans two levels is a segment of its own, at the mixed price', () => {
  const curves = curvesOf(
    Side.buy,
    [
      {
        levels: [
          [100, 25],
          [110, 15],
        ],
        lotStep: 10,
      },
    ],
    100,
  )
  expect(curves.reference).toBe(100e6)
  expect([curves.low[0], curves.high[0], curves.optional[0]]).toEqual([0, 40, 0])
  expect(chain(curves, 0)).toEqual([
    [0, 0, 0],
    [10, 0, 0],
    [20, 0, 5e6],
    [30, 50e6, 10e6],
    [40, 150e6, Number.POSITIVE_INFINITY],
  ])
})

test('minimum quantity, minimum notional and child cost make the base', () => {
  const levels = [
    [100, 10],
    [105, 50],
  ] as const
  const byLots = curvesOf(Side.buy, [{ levels, lotStep: 5, lotsMin: 12, childCost: 7 }], 100)
  expect([byLots.low[0], byLots.optional[0]]).toEqual([15, 1])
  expect(chain(byLots, 0)[0]).toEqual([15, 5 * 5e6 + 7e6, 5e6])
  const byNotional = curvesOf(Side.sell, [{ levels: [[100, 30]], notionalMin: 2_001 }], 100)
  expect(byNotional.low[0]).toBe(21)
  // A minimum that one step satisfies is no decision, unless venues are counted.
  expect(curvesOf(Side.buy, [{ levels, lotsMin: 1 }], 100).optional[0]).toBe(0)
  expect(curvesOf(Side.buy, [{ levels, lotsMin: 1 }], 100, true).low[0]).toBe(1)
})

test('a venue without an allowed quantity is left out, and the order ends every chain', () => {
  const venues: VenueSpec[] = [
    { levels: [[100, 10]], lotsMin: 11 },
    { levels: [[100, 10]], lotStep: 20 },
    { levels: [[100, 10]], spendMax: 99 },
    { levels: [[100, 1_000]], lotStep: 7 },
  ]
  const curves = curvesOf(Side.buy, venues, 50)
  expect([curves.count, curves.row[0], curves.high[0]]).toEqual([1, 3, 49])
})

test('steps have a common divisor, and only alive rows count', () => {
  expect([divisor(12, 18), divisor(5, 0), divisor(7, 3)]).toEqual([6, 5, 1])
  const world = new SplitWorld(Side.buy, [
    { levels: [[1, 1]], lotStep: 6 },
    { levels: [[1, 1]], lotStep: 10 },
  ])
  expect(commonStep(world.candidates)).toBe(2)
  world.candidates.drop(1, 3)
  expect(commonStep(world.candidates)).toBe(6)
})

const specs = fc.record({
  levels: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 })), {
    minLength: 1,
    maxLength: 5,
  }),
  ppm: fc.constantFrom(0, 1_000, -200),
  lotStep: fc.integer({ min: 1, max: 7 }),
  lotsMin: fc.integer({ min: 0, max: 15 }),
  notionalMin: fc.integer({ min: 0, max: 2_000 }),
  childCost: fc.constantFrom(0, 0, 9),
  lotsMax: fc.integer({ min: 1, max: 60 }),
  spendMax: fc.integer({ min: 1, max: 6_000 }),
})

test('every allowed quantity is on the chain at its own cost, and the chain is convex', () => {
  fc.assert(
    fc.property(specs, fc.boolean(), ({ levels, ...terms }, buys) => {
      const side = buys ? Side.buy : Side.sell
      const sign = buys ? 1 : -1
      let price = 100
      const venue: VenueSpec = {
        ...terms,
        levels: levels.map(([gap, lots]) => {
          price += sign * gap
          return [price, lots]
        }),
      }
      const allowed = allowedChoices(side, venue).slice(1)
      const curves = curvesOf(side, [venue], 1_000)
      expect(curves.count).toBe(allowed.length > 0 ? 1 : 0)
      if (curves.count === 0) return
      const points = chain(curves, 0)
      const least = Math.max(curves.low[0], terms.lotStep)
      expect([least, curves.high[0]]).toEqual([allowed[0].lots, allowed.at(-1)?.lots])
      for (const { lots, cost } of allowed) {
        const j = points.findLastIndex(([from]) => from <= lots)
        const [from, costTo, key] = points[j]
        const relative = lots === from ? costTo : costTo + (lots - from) * key
        expect(relative + lots * curves.reference).toBeCloseTo(cost, 2)
      }
      for (let j = 1; j < points.length; j++) expect(points[j][2]).toBeGreaterThanOrEqual(points[j - 1][2] - 1e-3)
    }),
    { numRuns: 500 },
  )
})
