/** Limits that hold whatever the books, the venues and the order of events do. */
import { expect, test } from 'vitest'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { Side, TimeInForce } from '../../../../shared/domain/order.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

test('a sell is valued at what it would get, not at its limit', () => {
  const world = new ScriptedWorld({ orderNotionalMax: 50 })
  world.book(0, [[99_00, 10_000]], [[100_00, 10_000]])
  const sell = { side: Side.sell, price: 1, timeInForce: TimeInForce.ioc }
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 10_000, ...sell }))).toBe(DenyReason.orderNotionalLimit)
  expect(world.core.core.newOrder(world.order({ id: 'b', lots: 5_000, ...sell }))).toBe(DenyReason.none)
})

test('a replace passes the same limits as a new order', () => {
  const world = new ScriptedWorld({ orderNotionalMax: 50 })
  world.book(0, [[99_00, 10_000]], [[100_00, 10_000]])
  const { core } = world.core
  expect(core.newOrder(world.order({ id: 'a', lots: 100, price: 98_00 }))).toBe(DenyReason.none)
  expect(core.replaceOrder(world.order({ id: 'a', lots: 10_000, price: 98_00 }))).toBe(DenyReason.orderNotionalLimit)
  expect(core.replaceOrder(world.order({ id: 'a', lots: 2 ** 45, price: 1 }))).toBe(DenyReason.quantityTooLarge)
  world.core.parts.risk.halted = true
  expect(core.replaceOrder(world.order({ id: 'a', lots: 50 }))).toBe(DenyReason.halted)
  world.core.parts.risk.halted = false
  expect(core.replaceOrder(world.order({ id: 'a', lots: 50 }))).toBe(DenyReason.none)
})

test('a one-sided market has no mid, but slippage still has a bound: from the touch there is', () => {
  const world = new ScriptedWorld()
  world.book(
    0,
    [],
    [
      [100_00, 10],
      [106_00, 1_000],
    ],
  )
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 500 }))).toBe(DenyReason.none)
  const [child] = world.sent()
  expect(child).toMatchObject({ lots: 10 })
  expect(child.limitTicks).toBeLessThanOrEqual(105_00)
  world.book(0, [], [[106_00, 1_000]])
  world.fill(child, 10, 100_00, 10)
  for (let i = 0; i < 10; i++) world.pass(20)
  expect(world.sent()).toHaveLength(1)
})

test('quote promised to fills still to come is not spent again', () => {
  const world = new ScriptedWorld({ venues: 2 })
  world.book(0, [[99_00, 10]], [[100_00, 100]])
  const budget = 100_00 * 100
  expect(world.core.core.newOrder(world.order({ id: 'a', quoteBudget: budget }))).toBe(DenyReason.none)
  const [child] = world.sent()
  expect(child).toMatchObject({ venue: 0, lots: 100, limitTicks: 100_00 })
  world.book(1, [[99_00, 10]], [[104_00, 1_000]])
  world.end(child, VenueReportKind.expired, 90)
  for (let i = 0; i < 5; i++) world.pass(20)
  const second = world.sent().filter(({ venue }) => venue === 1)
  const spent = 90 * 100_00 + second.reduce((sum, { lots, limitTicks }) => sum + lots * limitTicks, 0)
  expect(second.length).toBeGreaterThan(0)
  expect(spent).toBeLessThanOrEqual(budget)
})
