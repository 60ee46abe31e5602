/** A store that is full refuses at the door; what is under way never meets an assertion. */
import { expect, test } from 'vitest'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

function market(capacity: { parentsMax: number; childrenMax: number; fillsMax: number }): ScriptedWorld {
  const world = new ScriptedWorld({ capacity, childrenMax: 2 })
  for (const { venue } of world.venues) world.book(venue, [[99_00, 100]], [[100_00, 50]])
  return world
}

test('child rows run out before parent rows: denied, not dead', () => {
  const world = market({ parentsMax: 64, childrenMax: 12, fillsMax: 8192 })
  const reasons = Array.from({ length: 20 }, (_, at) =>
    world.core.core.newOrder(world.order({ id: `o${at}`, lots: 10, price: 98_00 })),
  )
  expect(reasons[0]).toBe(DenyReason.none)
  expect(reasons.at(-1)).toBe(DenyReason.storeFull)
  expect(
    () => new ScriptedWorld({ journal: world.journal, capacity: { parentsMax: 64, childrenMax: 12, fillsMax: 8192 } }),
  ).not.toThrow()
})

test('a full store routes no remainder again until rows are free', () => {
  const world = market({ parentsMax: 64, childrenMax: 5, fillsMax: 8192 })
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 50 }))).toBe(DenyReason.none)
  expect(world.core.core.newOrder(world.order({ id: 'b', lots: 10, price: 98_00 }))).toBe(DenyReason.none)
  const [child] = world.sent()
  world.end(child, VenueReportKind.expired, 0)
  for (let i = 0; i < 5; i++) world.pass(20)
  expect(world.sent()).toHaveLength(2)
  expect(world.store.isOpen(world.parent(1))).toBe(true)
})

test('fills alone make room for fills', () => {
  const capacity = { parentsMax: 64, childrenMax: 512, fillsMax: 4_096 + 200 }
  const world = market(capacity)
  for (let round = 0; round < 20; round++) {
    expect(world.core.core.newOrder(world.order({ id: `o${round}`, lots: 100, price: 98_00 }))).toBe(DenyReason.none)
    expect(world.store.fills.freeCount).toBeGreaterThanOrEqual(4_096)
    const child = world.sent().at(-1)
    if (child === undefined) throw new Error('a child went out')
    for (let filled = 1; filled <= 100; filled++) world.fill(child, 1, 98_00, filled)
    expect(world.state(round + 1)).toBe('filled')
  }
  const calm = world.store.fills.freeCount
  expect(calm).toBeGreaterThanOrEqual(4_096 - 100)
})
