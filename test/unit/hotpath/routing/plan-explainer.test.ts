import { expect, test } from 'vitest'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

function market(): ScriptedWorld {
  const world = new ScriptedWorld({ takerPpm: [1_000, 0, 0] })
  world.book(0, [[99_00, 100]], [[100_00, 50]])
  world.book(1, [[99_00, 100]], [[100_50, 80]])
  world.book(2, [[99_00, 100]], [[102_00, 500]])
  return world
}

test('a quote says who would get what at which price, who comes next and why a venue is out', () => {
  const world = market()
  world.core.news.onVenueDown(2 as VenueIndex)
  const { reason, explanation } = world.core.core.quote(world.order({ id: 'q', lots: 60 }))
  expect(reason).toBe(DenyReason.none)
  expect(explanation).toMatchObject({ symbol: 'BTC/USD', side: 'buy', targetQuantity: '0.006', mid: '99.5' })
  expect(explanation?.slices).toMatchObject([
    { venue: 'venue0', quantity: '0.005', limitPrice: '100', averagePrice: 100, feeBps: 10 },
    { venue: 'venue1', quantity: '0.001', limitPrice: '100.5' },
  ])
  expect(explanation?.slices[0].allInPrice).toBeCloseTo(100.1, 9)
  expect(explanation?.runnerUp).toBeUndefined()
  expect(explanation?.candidates.map(({ venue, status }) => `${venue} ${status}`)).toEqual([
    'venue0 alive',
    'venue1 alive',
    'venue2 down',
  ])
  // 0.005 x 100.1 + 0.001 x 100.5
  expect(explanation?.allInQuote).toBeCloseTo(0.601, 9)
  expect(explanation?.certificate).toMatchObject({ proof: 'sweep', gapBps: 0 })
})

test('an order is explained as it was decided, with what the best single venue would have cost', () => {
  const world = market()
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 60 }))).toBe(DenyReason.none)
  world.core.beforeBooksChange()
  world.book(0, [[90_00, 1]], [[91_00, 1]])
  const explanation = world.core.core.explain(world.parent())
  expect(explanation).toMatchObject({ orderId: '1', route: 1, mid: '99.5' })
  expect(explanation?.bestSingleVenue).toMatchObject({ venue: 'venue1' })
  expect(explanation?.bestSingleVenue?.allInPrice).toBeCloseTo(100.5, 9)
  expect(explanation?.bestSingleVenue?.savedBps).toBeGreaterThan(0)
})
