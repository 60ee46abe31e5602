/** Orders that must survive the machine, and a disk that stalls. */
import { expect, test } from 'vitest'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { Durability } from '../../../../shared/domain/order.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

function market(options: ConstructorParameters<typeof ScriptedWorld>[0] = {}): ScriptedWorld {
  const world = new ScriptedWorld(options)
  for (const { venue } of world.venues) world.book(venue, [[99_00, 100]], [[100_00, 50]])
  return world
}

function durable(world: ScriptedWorld, id: string, lots = 50, price?: number): DenyReason {
  const request = world.order({ id, lots, ...(price !== undefined && { price }) })
  request.durability = Durability.machine
  return world.core.core.newOrder(request)
}

test('nothing leaves and nothing is acknowledged before the disk has it', () => {
  const world = market()
  world.journal.isDiskStalled = true
  expect(durable(world, 'a')).toBe(DenyReason.none)
  world.pass(10)
  expect([world.sent().length, world.told.length]).toEqual([0, 0])
  world.journal.isDiskStalled = false
  world.pass(10)
  expect(world.sent()).toHaveLength(1)
  expect(world.told.map(({ execType }) => execType)).toEqual(['new'])
})

test('a door that is shut when the disk is done: the lots are routed again', () => {
  const world = market()
  world.journal.isDiskStalled = true
  durable(world, 'a')
  world.venues[0].takesOrders = false
  world.journal.isDiskStalled = false
  for (let i = 0; i < 6; i++) world.pass(20)
  expect(world.sent().map(({ venue, lots }) => [venue, lots])).toEqual([[1, 50]])
})

test('a child whose deadline passed while the disk stalled does not go out', () => {
  const world = market()
  world.journal.isDiskStalled = true
  durable(world, 'a', 50, 98_00)
  world.clock.ns += 1_050_000_000
  world.journal.isDiskStalled = false
  world.pass(0)
  expect(world.sent()).toHaveLength(0)
  world.book(0, [[99_00, 100]], [[100_00, 50]])
  for (let i = 0; i < 6; i++) world.pass(20)
  expect(world.sent().map(({ childSequence, lots }) => [childSequence, lots])).toEqual([[2, 50]])
})

test('a row that is used again while the disk stalls: its new child goes out once, the old order hears nothing', () => {
  const world = market({ capacity: { parentsMax: 2, childrenMax: 128, fillsMax: 8192 } })
  world.journal.isDiskStalled = true
  durable(world, 'a', 10, 98_00)
  world.core.core.cancelOrder(world.order({ id: 'a' }))
  const { parts } = world.core
  const child = { venue: 0, epoch: 1, parentSequence: 1, childSequence: 1, lots: 10, limitTicks: 0, timeInForce: 1 }
  world.end({ ...child, postOnly: false }, VenueReportKind.canceled, 0)
  expect(world.state(1)).toBe('canceled')
  durable(world, 'b', 20, 98_00)
  durable(world, 'c', 30, 98_00)
  expect(parts.store.rowOf(1)).toBe(-1)
  world.journal.isDiskStalled = false
  world.pass(1)
  expect(world.sent().map(({ lots }) => lots)).toEqual([20, 30])
  expect(world.told.filter(({ execType }) => execType === 'new')).toHaveLength(2)
})

test('a journal without room routes no remainder again: what is left is for reports', () => {
  const world = market()
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 50 }))).toBe(DenyReason.none)
  const [child] = world.sent()
  world.journal.room = () => 1_000
  world.end(child, VenueReportKind.expired, 0)
  for (let i = 0; i < 5; i++) world.pass(20)
  expect(world.sent()).toHaveLength(1)
  expect(world.core.core.newOrder(world.order({ id: 'b', lots: 50 }))).toBe(DenyReason.journalFull)
  world.journal.room = () => 2 ** 24
  world.pass(20)
  expect(world.sent()).toHaveLength(2)
})
