import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Choice, DualBound } from '../../../../hotpath/splitting/dual-bound.ts'
import { VenueCurves } from '../../../../hotpath/splitting/venue-curves.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { allowedChoices, SplitWorld, type VenueSpec } from './split-world.ts'

const ALL = 64

function dualOf(venues: readonly VenueSpec[], target: number, counted: boolean): DualBound {
  const world = new SplitWorld(Side.buy, venues)
  const curves = new VenueCurves(world.books)
  curves.open(world.candidates, Side.buy, target, counted)
  for (let row = 0; row < venues.length; row++) curves.add(world.candidates, row)
  const dual = new DualBound(curves)
  dual.target = target
  for (let venue = 0; venue < curves.count; venue++) {
    dual.choice[venue] = curves.optional[venue] === 1 ? Choice.open : Choice.used
  }
  return dual
}

/** Least cost of exactly `target` lots, infinite when no plan makes it. */
function leastCost(venues: readonly VenueSpec[], target: number, childrenMax: number): number {
  const choices = venues.map((venue) => allowedChoices(Side.buy, venue))
  const visit = (venue: number, left: number, children: number): number => {
    if (venue === venues.length) return left === 0 ? 0 : Number.POSITIVE_INFINITY
    let best = Number.POSITIVE_INFINITY
    for (const { lots, cost } of choices[venue]) {
      const used = children + (lots > 0 ? 1 : 0)
      if (lots <= left && used <= childrenMax) best = Math.min(best, cost + visit(venue + 1, left - lots, used))
    }
    return best
  }
  return visit(0, target, 0)
}

test('without anything discrete the best bound is the optimum', () => {
  const dual = dualOf(
    [
      {
        levels: [
          [100, 10],
          [103, 10],
        ],
      },
      {
        levels: [
          [101, 5],
          [102, 5],
        ],
      },
    ],
    22,
    false,
  )
  dual.price = 0
  dual.reach = 1
  dual.enough = Number.POSITIVE_INFINITY
  dual.maximise(ALL)
  // 10 at the reference, then 5, 5 and 2 lots at 1, 2 and 3 ticks above it.
  expect(dual.bound).toBeCloseTo(5e6 + 10e6 + 6e6, 0)
  expect(dual.price).toBeCloseTo(3e6, 6)
})

test('stops at a bound that is good enough', () => {
  const dual = dualOf(
    [
      {
        levels: [
          [100, 10],
          [200, 10],
        ],
      },
    ],
    15,
    false,
  )
  dual.price = 1e6
  dual.reach = 1
  dual.enough = 1e6
  dual.maximise(ALL)
  expect(dual.bound).toBeGreaterThanOrEqual(1e6)
  expect(dual.price).toBe(1e6)
})

test('of too many venues the best are chosen, and the first left out is told', () => {
  const venues: VenueSpec[] = [1, 2, 3].map((i) => ({ levels: [[99 + i, 10]] }))
  const dual = dualOf(venues, 20, true)
  dual.price = 5e6
  dual.evaluate(2)
  expect([...dual.chosen.subarray(0, 3)]).toEqual([1, 1, 0])
  expect([dual.gainWeakest, dual.gainOut, dual.lots]).toEqual([-40e6, -30e6, 20])
})

const venueSpecs = fc.array(
  fc.record({
    levels: fc
      .array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 8 })), { minLength: 1, maxLength: 3 })
      .map((gaps) => {
        let price = 100
        return gaps.map(([gap, lots]) => {
          price += gap
          return [price, lots] as const
        })
      }),
    ppm: fc.constantFrom(0, 1_000, 2_000),
    lotStep: fc.integer({ min: 1, max: 4 }),
    lotsMin: fc.integer({ min: 0, max: 8 }),
    childCost: fc.constantFrom(0, 3, 10),
  }),
  { minLength: 1, maxLength: 4 },
)

test('no price gives a bound above the optimum, and the best price gives the best bound', () => {
  fc.assert(
    fc.property(
      venueSpecs,
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.double({ min: 0, max: 30e6, noNaN: true }),
      (venues, target, children, price) => {
        const best = leastCost(venues, target, children)
        fc.pre(best < Number.POSITIVE_INFINITY)
        const dual = dualOf(venues, target, true)
        const optimum = best - target * dual.curves.reference
        dual.price = price
        dual.evaluate(children)
        const atPrice = dual.bound
        expect(atPrice).toBeLessThanOrEqual(optimum)
        dual.price = price
        dual.reach = 1
        dual.enough = Number.POSITIVE_INFINITY
        dual.maximise(children)
        expect(dual.bound).toBeLessThanOrEqual(optimum)
        expect(dual.bound).toBeGreaterThanOrEqual(atPrice - dual.error)
      },
    ),
    { numRuns: 600 },
  )
})
