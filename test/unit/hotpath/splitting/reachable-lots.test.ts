import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReachableLots } from '../../../../hotpath/splitting/reachable-lots.ts'
import { VenueCurves } from '../../../../hotpath/splitting/venue-curves.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { bestByEnumeration, SplitWorld, type VenueSpec } from './split-world.ts'

const ALL = 64

function reach(venues: readonly VenueSpec[], target: number, children: number, nodesMax = 100_000): ReachableLots {
  const world = new SplitWorld(Side.buy, venues)
  const curves = new VenueCurves(world.books)
  curves.open(world.candidates, Side.buy, target, children < ALL)
  for (let row = 0; row < venues.length; row++) curves.add(world.candidates, row)
  const reachable = new ReachableLots(curves)
  reachable.find(target, children, nodesMax)
  return reachable
}

const ten = (lotsMin = 0, lotStep = 1): VenueSpec => ({ levels: [[100, 10]], lotsMin, lotStep })

test('the order itself, the depth, the grid, the maximum of children', () => {
  expect(reach([ten(), ten()], 15, ALL).lots).toBe(15)
  expect(reach([ten(), ten()], 25, ALL).lots).toBe(20)
  expect(reach([ten(0, 4), ten(0, 6)], 25, ALL).lots).toBe(14)
  expect(reach([ten(), ten(), ten()], 25, 2).lots).toBe(20)
})

test('minimums that exclude each other', () => {
  expect(reach([ten(9), ten(9)], 15, ALL).lots).toBe(10)
  expect(reach([ten(9), ten(9)], 18, ALL).lots).toBe(18)
  expect(reach([ten(9)], 8, ALL).lots).toBe(0)
})

const venueSpecs = fc.array(
  fc.record({
    levels: fc.integer({ min: 1, max: 14 }).map((lots) => [[100, lots]] as const),
    lotStep: fc.constantFrom(1, 2, 3, 4, 5, 7),
    lotsMin: fc.integer({ min: 0, max: 9 }),
  }),
  { minLength: 1, maxLength: 5 },
)

test('as much as looking at every combination finds', () => {
  fc.assert(
    fc.property(
      venueSpecs,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(1, 2, 3, ALL),
      (venues, target, children) => {
        const best = bestByEnumeration(Side.buy, venues, target, children)
        const found = reach(venues, target, children)
        expect(found.isComplete).toBe(true)
        expect(found.lots).toBe(best.lots)
      },
    ),
    { numRuns: 600 },
  )
})

test('without work nothing is claimed', () => {
  const found = reach([ten(9), ten(9), ten(9)], 25, ALL, 1)
  expect(found.isComplete).toBe(false)
})
