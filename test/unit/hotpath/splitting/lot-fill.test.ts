import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LotFill } from '../../../../hotpath/splitting/lot-fill.ts'
import { VenueCurves } from '../../../../hotpath/splitting/venue-curves.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { SplitWorld, type VenueSpec } from './split-world.ts'

const ALWAYS = Number.POSITIVE_INFINITY

function fillOf(venues: readonly VenueSpec[], target: number): { fill: LotFill; curves: VenueCurves } {
  const world = new SplitWorld(Side.buy, venues)
  const curves = new VenueCurves(world.books)
  curves.open(world.candidates, Side.buy, 10_000, false)
  for (let row = 0; row < venues.length; row++) curves.add(world.candidates, row)
  const fill = new LotFill(curves)
  for (let venue = 0; venue < curves.count; venue++) fill.positions.add(venue, 0)
  fill.aim(target, ALWAYS, 0)
  return { fill, curves }
}

/** Least cost of every total up to `most`, from the curves' own grid points, by dynamic programming. */
function leastCosts(curves: VenueCurves, most: number): Float64Array {
  let best = new Float64Array(most + 1).fill(ALWAYS)
  best[0] = 0
  for (let venue = 0; venue < curves.count; venue++) {
    const from = venue * curves.stride
    const next = new Float64Array(most + 1).fill(ALWAYS)
    let segment = 0
    for (let lots = curves.low[venue]; lots <= curves.high[venue]; lots += curves.step[venue]) {
      while (segment + 1 < curves.segments[venue] && curves.lotsTo[from + segment + 1] <= lots) segment++
      const inside = lots - curves.lotsTo[from + segment]
      const cost = curves.costTo[from + segment] + (inside > 0 ? inside * curves.keyBefore[from + segment + 1] : 0)
      for (let total = lots; total <= most; total++) next[total] = Math.min(next[total], best[total - lots] + cost)
    }
    best = next
  }
  return best
}

test('greedy while the steps fit', () => {
  const { fill } = fillOf(
    [
      { levels: [[100, 30]], lotStep: 10 },
      { levels: [[101, 30]], lotStep: 10 },
    ],
    50,
  )
  expect(fill.fill(1_000)).toBe(true)
  expect([...fill.lots.subarray(0, 2)]).toEqual([30, 20])
  expect([fill.cost, fill.nodes]).toEqual([20e6, 0])
})

test('a residue may need one step more here and some fewer there', () => {
  const { fill } = fillOf(
    [
      { levels: [[100, 90]], lotStep: 10 },
      { levels: [[101, 90]], lotStep: 3 },
    ],
    50,
  )
  expect(fill.fill(1_000)).toBe(true)
  // 50 itself fits the cheap step; 52 does not: 40 + 4 x 3, dearer by 12 ticks.
  expect([...fill.lots.subarray(0, 2)]).toEqual([50, 0])
  const odd = fillOf(
    [
      { levels: [[100, 90]], lotStep: 10 },
      { levels: [[101, 90]], lotStep: 3 },
    ],
    52,
  ).fill
  expect(odd.fill(1_000)).toBe(true)
  expect([...odd.lots.subarray(0, 2)]).toEqual([40, 12])
  expect(odd.cost).toBe(12e6)
})

test('what no combination makes is refused, and so is what costs too much', () => {
  expect(
    fillOf(
      [
        { levels: [[100, 90]], lotStep: 10 },
        { levels: [[101, 90]], lotStep: 4 },
      ],
      51,
    ).fill.fill(1_000),
  ).toBe(false)
  expect(fillOf([{ levels: [[100, 90]] }], 91).fill.fill(1_000)).toBe(false)
  const { fill } = fillOf(
    [
      {
        levels: [
          [100, 5],
          [101, 5],
        ],
      },
    ],
    10,
  )
  fill.aim(10, 5e6, 0)
  expect(fill.fill(1_000)).toBe(false)
  fill.aim(10, 5e6 + 1, 0)
  expect(fill.fill(1_000)).toBe(true)
})

const venueSpecs = fc.array(
  fc.record({
    levels: fc
      .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 4 })
      .map((gaps) => {
        let price = 100
        return gaps.map(([gap, lots]) => {
          price += gap + 1
          return [price, lots] as const
        })
      }),
    ppm: fc.constantFrom(0, 0, 5_000, 12_000),
    lotStep: fc.constantFrom(1, 2, 3, 4, 5, 6, 7, 9, 10, 15, 20),
    lotsMin: fc.constantFrom(0, 0, 11),
  }),
  { minLength: 1, maxLength: 6 },
)

test('exactly the least cost of every total, whatever the steps', () => {
  fc.assert(
    fc.property(venueSpecs, fc.integer({ min: 1, max: 260 }), (venues, target) => {
      const { fill, curves } = fillOf(venues, target)
      const best = leastCosts(curves, target)[target]
      const found = fill.fill(1e6)
      expect(fill.isComplete).toBe(true)
      expect(found).toBe(best < ALWAYS)
      if (found) expect(fill.cost).toBeCloseTo(best, 2)
      if (found) expect(fill.lots.reduce((sum, lots) => sum + lots, 0)).toBe(target)
    }),
    { numRuns: 600 },
  )
})

test('work that runs out is told', () => {
  const venues = [7, 11, 13, 17].map((lotStep): VenueSpec => ({ levels: [[100, 900]], lotStep }))
  const { fill } = fillOf(venues, 1_001)
  fill.fill(0)
  expect(fill.nodes).toBeLessThanOrEqual(1)
  expect(fill.isComplete && fill.cost === ALWAYS).toBe(false)
})
