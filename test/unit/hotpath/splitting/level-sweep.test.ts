import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ExecutionPlan } from '../../../../hotpath/plan/execution-plan.ts'
import { LevelSweep } from '../../../../hotpath/splitting/level-sweep.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { Prng } from '../../../../shared/prng.ts'
import { SplitWorld, type VenueSpec } from './split-world.ts'

interface Level {
  readonly row: number
  readonly key: number
  readonly lots: number
  readonly latencyNs: number
}

/** The slow twin: all levels of all venues in one sorted list. Levels of one venue never tie. */
function sortedLevels(side: Side, venues: readonly VenueSpec[]): Level[] {
  const sign = side === Side.buy ? 1 : -1
  const all = venues.flatMap((venue, row) =>
    venue.levels
      .filter(([price]) => (venue.limitTicks ?? 0) === 0 || sign * price <= sign * (venue.limitTicks ?? 0))
      .map(([price, lots]) => ({
        row,
        key: sign * price * (1e6 + sign * (venue.ppm ?? 0)),
        lots,
        latencyNs: venue.latencyNs ?? 0,
      })),
  )
  return all.toSorted((a, b) => a.key - b.key || a.latencyNs - b.latencyNs || b.lots - a.lots || a.row - b.row)
}

function randomVenues(prng: Prng, count: number, side: Side): VenueSpec[] {
  const away = side === Side.buy ? 1 : -1
  return Array.from({ length: count }, () => {
    let price = 1_000 + away * prng.nextBelow(5)
    const levels = Array.from({ length: prng.nextBelow(21) }, () => {
      price += away * prng.nextBetween(1, 3)
      return [price, prng.nextBetween(1, 50)] as const
    })
    const limitTicks = prng.chance(0.2) ? 1_000 + away * prng.nextBelow(30) : 0
    return { levels, ppm: [0, 0, 1_000, 2_000][prng.nextBelow(4)], latencyNs: prng.nextBelow(3), limitTicks }
  })
}

const problems = fc.record({
  seed: fc.integer({ min: 1, max: 1e9 }),
  count: fc.integer({ min: 1, max: 40 }),
  buys: fc.boolean(),
  lots: fc.integer({ min: 0, max: 6_000 }),
})

test('takes what the sorted list of all levels takes, ties included', () => {
  fc.assert(
    fc.property(problems, ({ seed, count, buys, lots }) => {
      const side = buys ? Side.buy : Side.sell
      const venues = randomVenues(new Prng(seed), count, side)
      const world = new SplitWorld(side, venues)
      const sweep = new LevelSweep(world.books)
      sweep.run(world.candidates, world.plan, side, lots, false)
      const expected = new Array<number>(count).fill(0)
      let left = lots
      let cost = 0
      let marginal = Number.NEGATIVE_INFINITY
      let next = Number.POSITIVE_INFINITY
      for (const level of sortedLevels(side, venues)) {
        const take = Math.min(left, level.lots)
        if (left === 0) next = Math.min(next, level.key)
        if (take === 0) continue
        expected[level.row] += take
        cost += take * level.key
        marginal = level.key
        left -= take
      }
      expect([...sweep.lots.subarray(0, count)]).toEqual(expected)
      expect([sweep.left, sweep.cost, sweep.marginalKey]).toEqual([left, cost, marginal])
      if (lots > 0) expect(sweep.nextKey).toBe(next)
    }),
    { numRuns: 400 },
  )
})

test('caps hold to the lot and nothing else changes', () => {
  fc.assert(
    fc.property(problems, ({ seed, count, buys, lots }) => {
      const side = buys ? Side.buy : Side.sell
      const prng = new Prng(seed)
      const free = randomVenues(prng, count, side)
      const venues = free.map((venue) => ({
        ...venue,
        ...(prng.chance(0.4) ? { lotsMax: prng.nextBelow(200) } : {}),
        ...(prng.chance(0.4) ? { spendMax: prng.nextBelow(200_000) } : {}),
      }))
      const world = new SplitWorld(side, venues)
      const sweep = new LevelSweep(world.books)
      sweep.run(world.candidates, world.plan, side, lots, true)
      const byKey = sortedLevels(side, venues)
      const expected = new Array<number>(count).fill(0)
      const spent = new Array<number>(count).fill(0)
      let left = lots
      for (const level of byKey) {
        const venue = venues[level.row]
        for (let i = 0; i < level.lots && left > 0; i++) {
          const fits = expected[level.row] + 1 <= (venue.lotsMax ?? Number.POSITIVE_INFINITY)
          const isPaid = side === Side.sell || spent[level.row] + level.key <= (venue.spendMax ?? 1e18) * 1e6
          if (!fits || !isPaid) break
          expected[level.row]++
          spent[level.row] += level.key
          left--
        }
      }
      expect([...sweep.lots.subarray(0, count)]).toEqual(expected)
    }),
    { numRuns: 300 },
  )
})

test('what one sweep left behind is gone for the next, also for another sweep', () => {
  const wide = new SplitWorld(Side.buy, [{ levels: [[100, 5]] }, { levels: [[101, 5]] }])
  const narrow = new SplitWorld(Side.buy, [{ levels: [[100, 5]] }])
  const plan = new ExecutionPlan()
  const one = new LevelSweep(wide.books)
  const two = new LevelSweep(narrow.books)
  one.run(wide.candidates, plan, Side.buy, 10, false)
  two.run(narrow.candidates, plan, Side.buy, 2, false)
  expect([two.touched, two.lots[0], two.lots[1]]).toEqual([1, 2, 0])
})
