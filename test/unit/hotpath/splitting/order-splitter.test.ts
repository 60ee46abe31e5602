import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Binding, Proof } from '../../../../hotpath/plan/execution-plan.ts'
import { DropReason } from '../../../../hotpath/plan/venue-candidates.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { Prng } from '../../../../shared/prng.ts'
import { allowedChoices, bestByEnumeration, SplitWorld, type VenueSpec } from './split-world.ts'

describe('the sweep', () => {
  test('takes the fee-adjusted best first, not the displayed best', () => {
    const world = new SplitWorld(Side.buy, [
      {
        levels: [
          [10_000, 1],
          [10_010, 2],
        ],
        ppm: 1_000,
      }, // prettier to read in one line
      {
        levels: [
          [10_005, 1],
          [10_030, 5],
        ],
      },
    ])
    const plan = world.split(3)
    expect(world.lotsByRow()).toEqual([2, 1])
    expect(plan.objective).toBe(10_005e6 + 10_000 * 1_001_000 + 10_010 * 1_001_000)
    expect(plan.marginal).toBe(10_010 * 1_001_000)
    expect([plan.proof, plan.gapBps, plan.nodes]).toEqual([Proof.sweep, 0, 0])
    expect(plan.dualBound).toBe(plan.objective)
    expect([...plan.limitTicks.subarray(0, 2)]).toEqual([10_010, 10_005])
    expect(plan.nextRow).toBe(1)
    expect(plan.nextEffective).toBe(10_030e6)
  })

  test('sells into the highest price after fees', () => {
    const world = new SplitWorld(Side.sell, [
      {
        levels: [
          [100, 5],
          [98, 5],
        ],
        ppm: 20_000,
      },
      {
        levels: [
          [99, 4],
          [97, 9],
        ],
      },
    ])
    const plan = world.split(10)
    expect(world.lotsByRow()).toEqual([5, 5])
    expect(plan.objective).toBe(4 * 99e6 + 5 * 98e6 + 97e6)
    expect(plan.marginal).toBe(97e6)
    expect([...plan.effective.subarray(0, 2)]).toEqual([5 * 98e6, 4 * 99e6 + 97e6])
  })

  test('equal prices go by latency, then displayed size, then row', () => {
    const level = (lots: number, latencyNs: number): VenueSpec => ({ levels: [[50, lots]], latencyNs })
    const bySize = new SplitWorld(Side.buy, [level(2, 100), level(3, 100), level(2, 100)])
    bySize.split(4)
    expect(bySize.lotsByRow()).toEqual([1, 3, 0])
    const byLatency = new SplitWorld(Side.buy, [level(9, 300), level(2, 300), level(2, 100)])
    byLatency.split(3)
    expect(byLatency.lotsByRow()).toEqual([1, 0, 2])
  })

  test('stops at the limit price, says so, and plans what there is', () => {
    const world = new SplitWorld(Side.buy, [
      {
        levels: [
          [100, 5],
          [103, 5],
        ],
        limitTicks: 102,
      },
      { levels: [[101, 4]], limitTicks: 102 },
      { levels: [[103, 4]], limitTicks: 102 },
    ])
    const plan = world.split(20)
    expect([plan.targetLots, plan.plannedLots, plan.proof]).toEqual([20, 9, Proof.sweep])
    expect([...plan.binding.subarray(0, 3)]).toEqual([Binding.limitPrice, Binding.depth, Binding.limitPrice])
    expect([plan.nextRow, plan.nextEffective]).toEqual([-1, Number.POSITIVE_INFINITY])
  })

  test('a cap shortens a venue, stays exact and has a shadow price', () => {
    const world = new SplitWorld(Side.buy, [
      { levels: [[100, 50]], lotsMax: 10 },
      { levels: [[101, 50]], spendMax: 1_010 },
      { levels: [[105, 50]] },
    ])
    const plan = world.split(25)
    expect(world.lotsByRow()).toEqual([10, 10, 5])
    expect(plan.proof).toBe(Proof.sweep)
    expect([...plan.binding.subarray(0, 3)]).toEqual([Binding.lotsMax, Binding.balance, Binding.none])
    expect([...plan.shadowPrice.subarray(0, 3)]).toEqual([5e6, 4e6, 0])
    expect(plan.gapBps).toBe(0)
  })

  test('dropped rows and empty sides take no part; nothing at all is an empty plan', () => {
    const world = new SplitWorld(Side.buy, [{ levels: [[100, 5]] }, { levels: [] }, { levels: [[101, 5]] }])
    world.candidates.drop(0, DropReason.staleBook)
    world.split(3)
    expect(world.lotsByRow()).toEqual([0, 0, 3])
    world.candidates.drop(2, DropReason.down)
    const plan = world.split(3)
    expect([plan.count, plan.plannedLots, plan.objective, plan.nextRow]).toEqual([0, 0, 0, -1])
  })

  test('a plan that was not reset stops the process', () => {
    const world = new SplitWorld(Side.buy, [{ levels: [[100, 5]] }])
    world.split(3)
    expect(() => world.splitter.split(world.candidates, world.plan, Side.buy, 3, 0, 10)).toThrow('reset')
  })

  test('the mid of the plan is left alone', () => {
    const world = new SplitWorld(Side.buy, [{ levels: [[100, 5]] }])
    world.plan.reset(Side.buy)
    world.plan.mid = 99.5
    world.splitter.split(world.candidates, world.plan, Side.buy, 3, 0, 10)
    expect(world.plan.mid).toBe(99.5)
  })
})

describe('the search', () => {
  test('a ticket fee moves the order to one venue', () => {
    const venues = [
      {
        levels: [
          [100, 5],
          [103, 9],
        ] as const,
        childCost: 6,
      },
      { levels: [[101, 10]] as const, childCost: 6 },
    ]
    const world = new SplitWorld(Side.buy, venues)
    const plan = world.split(8)
    expect(world.lotsByRow()).toEqual([0, 8])
    expect(plan.objective).toBe(8 * 101e6 + 6e6)
    expect([plan.proof, plan.gapBps]).toEqual([Proof.search, 0])
    expect(plan.binding[0]).toBe(Binding.childCost)
    expect(plan.shadowPrice[0]).toBe(1e6)
  })

  test('minimum lots and minimum notional lift a slice or close a venue', () => {
    const world = new SplitWorld(Side.buy, [
      { levels: [[100, 30]], lotsMin: 12 },
      { levels: [[99, 3]] },
      { levels: [[98, 30]], notionalMin: 5_000 },
    ])
    world.split(14)
    expect(world.lotsByRow()).toEqual([12, 2, 0])
    expect(world.plan.binding[0] & Binding.lotsMin).toBe(Binding.lotsMin)
    expect(world.plan.binding[2]).toBe(Binding.notionalMin)
  })

  test('coarse steps fill the bulk, a fine one exactly the rest', () => {
    const world = new SplitWorld(Side.buy, [
      { levels: [[100, 500]], lotStep: 100 },
      { levels: [[101, 500]], lotStep: 10 },
      { levels: [[104, 500]] },
    ])
    const plan = world.split(437)
    expect(world.lotsByRow()).toEqual([400, 30, 7])
    expect(plan.proof).toBe(Proof.search)
  })

  test('steps that do not divide each other: one step more here, two fewer there', () => {
    const venues: VenueSpec[] = [
      { levels: [[100, 700]], lotStep: 7 },
      { levels: [[102, 500]], lotStep: 5 },
    ]
    const world = new SplitWorld(Side.buy, venues)
    // 7 a + 5 b = 101 with the most of the cheap: a = 13 leaves 10, two steps of 5.
    world.split(101)
    expect(world.lotsByRow()).toEqual([91, 10])
  })

  test('at most two children: the second best venue is too small to be one of them', () => {
    const venues: VenueSpec[] = [{ levels: [[100, 4]] }, { levels: [[101, 4]] }, { levels: [[102, 40]] }]
    const world = new SplitWorld(Side.buy, venues)
    const plan = world.split(12, 2)
    expect(world.lotsByRow()).toEqual([4, 0, 8])
    expect(plan.count).toBe(2)
    expect(plan.binding[1]).toBe(Binding.childrenMax)
  })

  test('a total no venue can make is planned as far as it goes', () => {
    const tens = new SplitWorld(Side.sell, [{ levels: [[100, 55]], lotStep: 10 }])
    expect(tens.split(47).plannedLots).toBe(40)
    expect(tens.plan.proof).toBe(Proof.search)
    const minimum = new SplitWorld(Side.buy, [{ levels: [[100, 55]], lotsMin: 20 }])
    expect(minimum.split(19).plannedLots).toBe(0)
    expect(minimum.plan.count).toBe(0)
    // Two venues of 10 or 11 lots cannot make 15: one of them makes 11.
    const narrow: VenueSpec = { levels: [[100, 11]], lotsMin: 10 }
    expect(new SplitWorld(Side.buy, [narrow, narrow]).split(15).plannedLots).toBe(11)
  })

  test('no work allowed: a feasible plan all the same, and an honest gap', () => {
    const venues = Array.from(
      { length: 8 },
      (_, i): VenueSpec => ({
        levels: [
          [100 + i, 6],
          [109, 9],
        ],
        childCost: 7 + (i % 3),
      }),
    )
    const world = new SplitWorld(Side.buy, venues)
    const best = world.split(30).objective
    const plan = world.split(30, 0, 0)
    expect(plan.plannedLots).toBe(30)
    expect(plan.objective).toBeGreaterThanOrEqual(best)
    expect(plan.dualBound).toBeLessThanOrEqual(best)
    if (plan.proof === Proof.bound)
      expect(plan.gapBps).toBeGreaterThanOrEqual(((plan.objective - best) / plan.objective) * 1e4)
  })
})

describe('an order given in quote', () => {
  test('the largest lots the budget buys, fee included', () => {
    const world = new SplitWorld(Side.buy, [
      {
        levels: [
          [100, 5],
          [110, 5],
        ],
        ppm: 10_000,
      },
    ])
    expect(world.splitter.lotsForQuote(world.candidates, Side.buy, 505)).toBe(5)
    expect(world.splitter.lotsForQuote(world.candidates, Side.buy, 504)).toBe(4)
    expect(world.splitter.lotsForQuote(world.candidates, Side.buy, 505 + 111.1 * 2)).toBe(7)
    expect(world.splitter.lotsForQuote(world.candidates, Side.buy, 1e9)).toBe(10)
    expect(world.splitter.lotsForQuote(world.candidates, Side.buy, 1)).toBe(0)
  })

  test('caps of a venue hold, and a sell counts its proceeds', () => {
    const capped = new SplitWorld(Side.buy, [{ levels: [[100, 50]], lotsMax: 3 }, { levels: [[200, 50]] }])
    expect(capped.splitter.lotsForQuote(capped.candidates, Side.buy, 700)).toBe(5)
    const sell = new SplitWorld(Side.sell, [
      {
        levels: [
          [100, 3],
          [90, 9],
        ],
      },
    ])
    expect(sell.splitter.lotsForQuote(sell.candidates, Side.sell, 485)).toBe(5)
  })
})

const venueSpecs = fc
  .record({ seed: fc.integer({ min: 1, max: 1e9 }), venues: fc.integer({ min: 1, max: 4 }), buys: fc.boolean() })
  .map(({ seed, venues, buys }) => randomVenues(new Prng(seed), venues, buys ? Side.buy : Side.sell))

interface Problem {
  readonly side: Side
  readonly venues: VenueSpec[]
  readonly lots: number
  readonly childrenMax: number
}

/** Few lots, so that every combination can be looked at. */
function randomVenues(prng: Prng, count: number, side: Side): Problem {
  const steps = [[1], [1, 2], [1, 3, 5], [2, 3], [1, 10], [3, 5, 7], [5]][prng.nextBelow(7)]
  const maybe = (chance: number, bound: number) => (prng.chance(chance) ? prng.nextBelow(bound) : undefined)
  const venues = Array.from({ length: count }, (): VenueSpec => {
    const away = side === Side.buy ? 1 : -1
    let price = 100 + prng.nextBelow(8)
    const levels = Array.from({ length: prng.nextBelow(4) }, () => {
      price += away * prng.nextBetween(1, 3)
      return [price, prng.nextBetween(1, 12)] as const
    })
    const spec = {
      levels,
      ppm: [0, 1_000, 2_500, -500, 600][prng.nextBelow(5)],
      lotStep: steps[prng.nextBelow(steps.length)],
      lotsMin: maybe(0.3, 12),
      notionalMin: maybe(0.3, 1_200),
      childCost: maybe(0.3, 30),
      lotsMax: maybe(0.2, 15),
      spendMax: maybe(0.2, 1_500),
      limitTicks: prng.chance(0.2) ? 100 + prng.nextBelow(8) : undefined,
    }
    return Object.fromEntries(Object.entries(spec).filter(([, value]) => value !== undefined)) as unknown as VenueSpec
  })
  return { side, venues, lots: prng.nextBetween(1, 45), childrenMax: prng.chance(0.3) ? prng.nextBetween(1, 3) : 0 }
}

/** The same venue in coarser units: prices, lots and what is measured in them. */
function scaled(venue: VenueSpec, price: number, lots: number): VenueSpec {
  return {
    ...venue,
    levels: venue.levels.map(([at, shown]) => [at * price, shown * lots]),
    lotStep: (venue.lotStep ?? 1) * lots,
    lotsMin: (venue.lotsMin ?? 0) * lots,
    notionalMin: (venue.notionalMin ?? 0) * price * lots,
    childCost: (venue.childCost ?? 0) * price * lots,
    limitTicks: (venue.limitTicks ?? 0) * price,
  }
}

describe('against looking at every combination', () => {
  test('the most lots, at the least cost, and the certificate says so', () => {
    fc.assert(
      fc.property(venueSpecs, ({ side, venues, lots, childrenMax }) => {
        const best = bestByEnumeration(side, venues, lots, childrenMax)
        const plan = new SplitWorld(side, venues).split(lots, childrenMax)
        const sign = side === Side.buy ? 1 : -1
        expect(plan.plannedLots).toBe(best.lots)
        expect(sign * plan.objective).toBeCloseTo(best.cost, 3)
        expect([Proof.sweep, Proof.search]).toContain(plan.proof)
        expect(plan.gapBps).toBe(0)
        expect(sign * plan.dualBound).toBeLessThanOrEqual(best.cost + Math.abs(best.cost) * 1e-14)
      }),
      { numRuns: 1_500 },
    )
  })

  test('with hardly any work allowed the plan is legal and the bound never lies', () => {
    fc.assert(
      fc.property(venueSpecs, fc.integer({ min: 0, max: 6 }), ({ side, venues, lots, childrenMax }, nodesMax) => {
        const best = bestByEnumeration(side, venues, lots, childrenMax)
        const plan = new SplitWorld(side, venues).split(lots, childrenMax, nodesMax)
        const sign = side === Side.buy ? 1 : -1
        expect(plan.plannedLots).toBeLessThanOrEqual(best.lots)
        if (plan.plannedLots !== best.lots) {
          expect(plan.proof).toBe(Proof.bound)
          return
        }
        expect(sign * plan.objective).toBeGreaterThanOrEqual(best.cost - 1e-3)
        expect(sign * plan.dualBound).toBeLessThanOrEqual(best.cost + Math.abs(best.cost) * 1e-14)
        const gap = ((sign * plan.objective - best.cost) / Math.abs(plan.objective || 1)) * 1e4
        expect(plan.gapBps).toBeGreaterThanOrEqual(gap - 1e-9)
      }),
      { numRuns: 500 },
    )
  })

  test('slices are legal, add up, and carry their own sums and limits', () => {
    fc.assert(
      fc.property(venueSpecs, ({ side, venues, lots, childrenMax }) => {
        const plan = new SplitWorld(side, venues).split(lots, childrenMax)
        const sign = side === Side.buy ? 1 : -1
        let planned = 0
        let cost = 0
        let worst = Number.NEGATIVE_INFINITY
        for (let at = 0; at < plan.count; at++) {
          const venue = venues[plan.row[at]]
          const choice = allowedChoices(side, venue).find(({ lots }) => lots === plan.lots[at])
          expect(choice).toBeDefined()
          const factor = 1e6 + sign * (venue.ppm ?? 0)
          expect(plan.effective[at]).toBeCloseTo(plan.notional[at] * factor, 3)
          if (at > 0) expect(plan.row[at]).toBeGreaterThan(plan.row[at - 1])
          planned += plan.lots[at]
          cost += choice?.cost ?? 0
          worst = Math.max(worst, sign * plan.limitTicks[at] * factor)
        }
        expect(planned).toBe(plan.plannedLots)
        expect(sign * plan.objective).toBeCloseTo(cost, 3)
        if (childrenMax > 0) expect(plan.count).toBeLessThanOrEqual(childrenMax)
        if (plan.count > 0) expect(sign * plan.marginal).toBe(worst)
      }),
      { numRuns: 500 },
    )
  })

  test('orders far beyond 2^53 micro-ticks x lots plan as their small likeness does', () => {
    const lotsScale = 2 ** 30
    const priceScale = 10_007_003
    fc.assert(
      fc.property(venueSpecs, ({ side, venues, lots, childrenMax }) => {
        const uncapped = venues.map((venue) => ({ ...venue, lotsMax: Number.POSITIVE_INFINITY, spendMax: 1e300 }))
        const small = new SplitWorld(side, uncapped)
        small.split(lots, childrenMax)
        const large = new SplitWorld(
          side,
          uncapped.map((venue) => scaled(venue, priceScale, lotsScale)),
        )
        large.split(lots * lotsScale, childrenMax)
        expect(large.plan.plannedLots).toBe(small.plan.plannedLots * lotsScale)
        const ratio = large.plan.objective / (small.plan.objective * lotsScale * priceScale)
        if (small.plan.count > 0) expect(Math.abs(ratio - 1)).toBeLessThan(1e-12)
        expect(large.plan.gapBps).toBe(0)
      }),
      { numRuns: 300 },
    )
  })

  test('the same order gives the same plan, whatever was planned before', () => {
    fc.assert(
      fc.property(venueSpecs, venueSpecs, (one, other) => {
        const world = new SplitWorld(one.side, one.venues)
        const first = structuredClone(world.split(one.lots, one.childrenMax))
        new SplitWorld(other.side, other.venues).split(other.lots, other.childrenMax)
        world.split(1)
        const again = structuredClone(world.split(one.lots, one.childrenMax))
        expect(again).toEqual(first)
      }),
      { numRuns: 200 },
    )
  })
})
