import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dropReasonNames } from '../../../../hotpath/plan/venue-candidates.ts'
import { RouteInput } from '../../../../hotpath/routing/route-input.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

function market(options: ConstructorParameters<typeof ScriptedWorld>[0] = {}): ScriptedWorld {
  const world = new ScriptedWorld({ venues: 4, ...options })
  for (const { venue } of world.venues) world.book(venue, [[99_00, 100]], [[100_00 + venue, 100]])
  return world
}

function decide(world: ScriptedWorld, fields: Partial<RouteInput>) {
  const { router, decisions, turn } = world.core.parts
  const { candidates, plan } = decisions.open()
  const reason = router.decide(Object.assign(new RouteInput(), fields), candidates, plan, turn)
  const dropped = Array.from({ length: candidates.count }, (_, row) => dropReasonNames[candidates.dropped[row]])
  return { reason, dropped, plan, candidates }
}

test('every venue that cannot be used keeps its reason', () => {
  const world = market({ takerPpm: [0, 0, 0, 2_000] })
  world.core.news.onVenueDown(1 as VenueIndex)
  world.book(2, [[99_00, 100]], [])
  const { reason, dropped, plan } = decide(world, { lots: 10, feeCentiBps: 1_000 })
  expect(reason).toBe(DenyReason.none)
  expect(dropped).toEqual(['alive', 'down', 'emptyBook', 'feeLimit'])
  expect([plan.count, plan.lots[0]]).toEqual([1, 10])
  expect(decide(world, { lots: 10, venuesLow: ~1 }).dropped[0]).toBe('excluded')
  expect(decide(world, { lots: 10, priceTicks: 99_99 })).toMatchObject({ reason: DenyReason.priceLimit })
})

test('a book that just gave less than it showed is left out until it is fresh', () => {
  const world = market()
  const { books, turn } = world.core.parts
  books.noteMiss(books.row(0 as InstrumentIndex, 0 as VenueIndex), turn)
  expect(decide(world, { lots: 10 }).dropped[0]).toBe('refused')
  world.clock.ns += 1_000
  world.book(0, [[99_00, 100]], [[100_00, 100]])
  expect(decide(world, { lots: 10 }).dropped[0]).toBe('alive')
})

test('slippage is measured from the given mid, rounded into the favour of the order, and from the only touch without one', () => {
  const world = market({ venues: 1 })
  const reach = (fields: Partial<RouteInput>) => {
    const { candidates } = decide(world, { lots: 10, slippageCentiBps: 10_000, ...fields })
    return candidates.limitTicks[0]
  }
  expect(reach({ referenceMid: 100_50 })).toBe(101_50)
  expect(reach({ referenceMid: 100_50, priceTicks: 101_00 })).toBe(101_00)
  expect(reach({ referenceMid: 100_50, side: Side.sell })).toBe(99_50)
  world.book(0, [], [[100_00, 100]])
  expect(reach({})).toBe(101_00)
})

test('fill or kill is one slice of all, or none', () => {
  const world = market()
  expect(decide(world, { lots: 100, allOrNone: true }).plan.count).toBe(1)
  const refused = decide(world, { lots: 101, allOrNone: true })
  expect([refused.reason, refused.plan.count]).toEqual([DenyReason.fokNotFillable, 0])
})

test('a budget holds even if every slice fills at its limit, fees included', () => {
  const level = fc.tuple(fc.integer({ min: 90_00, max: 110_00 }), fc.integer({ min: 1, max: 500 }))
  const books = fc.array(fc.array(level, { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 3 })
  fc.assert(
    fc.property(books, fc.integer({ min: 1, max: 2e7 }), fc.nat(3_000), (asks, budget, ppm) => {
      const world = new ScriptedWorld({ takerPpm: [ppm, 0, 700] })
      asks.forEach((levels, venue) => {
        const unique = [...new Map(levels)].sort(([a], [b]) => a - b)
        world.book(venue, [[80_00, 10]], unique)
      })
      const { plan, candidates, reason } = decide(world, { quoteBudget: budget })
      let worst = 0
      for (let at = 0; at < plan.count; at++) {
        worst += (plan.lots[at] * plan.limitTicks[at] * candidates.feeFactor[plan.row[at]]) / 1e6
      }
      expect(worst).toBeLessThanOrEqual(budget * (1 + 1e-12))
      expect(reason === DenyReason.none).toBe(plan.count > 0)
    }),
  )
})
