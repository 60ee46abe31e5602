/** A door that stays shut (a venue that wants to hear nothing for minutes) uses up no order. */
import { expect, test } from 'vitest'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

test('what should rest is tried ever more rarely, not until the order has no children left', () => {
  const world = new ScriptedWorld()
  for (const venue of world.venues) venue.takesOrders = false
  // Every book that comes is a new chance.
  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 10) {
      if (passed % 100 === 0) for (const venue of [0, 1, 2]) world.book(venue, [[99_00, 100]], [[101_00, 50]])
      world.pass(10)
    }
  }
  pass(10)
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 50, price: 100_00 }))).toBe(DenyReason.none)
  pass(120_000)
  expect(world.state()).toBe('new')
  expect(world.store.children[world.parent()]).toBeLessThan(200)
  for (const venue of world.venues) venue.takesOrders = true
  pass(5_000)
  expect(world.sent()).toHaveLength(1)
})
