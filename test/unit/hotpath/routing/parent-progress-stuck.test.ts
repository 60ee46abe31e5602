/** Ways in which an order once stood still for ever, or ran in a circle. */
import { expect, test } from 'vitest'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { RejectReason } from '../../../../shared/domain/reject-reason.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'
import type { AssetUnits } from '../../../../shared/units/ticks.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

type Options = ConstructorParameters<typeof ScriptedWorld>[0]
type Order = Parameters<ScriptedWorld['order']>[0]

function resting(order: Partial<Order> = {}, options: Options = {}, before: (world: ScriptedWorld) => void = () => {}) {
  const world = new ScriptedWorld(options)
  for (const { venue } of world.venues) world.book(venue, [[99_00, 100]], [[100_00, 50]])
  before(world)
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 100, price: 98_00, ...order }))).toBe(DenyReason.none)
  return world
}

test('a door that is shut when the remainder should rest: it rests as soon as the door opens', () => {
  const world = resting({}, {}, ({ venues }) => {
    for (const venue of venues) venue.takesOrders = false
  })
  expect(world.sent()).toHaveLength(0)
  for (const venue of world.venues) venue.takesOrders = true
  world.book(0, [[99_00, 100]], [[100_00, 50]])
  world.pass(5_000)
  expect(world.sent().map(({ lots }) => lots)).toEqual([100])
})

test('a refused cancel is asked again until the venue takes it', () => {
  const world = resting()
  const [child] = world.sent()
  world.accept(child)
  world.pass(2_000)
  world.core.core.cancelOrder(world.order({ id: 'a' }))
  world.end(child, VenueReportKind.cancelRejected, 0, RejectReason.rateLimited)
  const { cancels } = world.venues[child.venue]
  expect(cancels).toHaveLength(1)
  for (let i = 0; i < 10; i++) world.pass(50)
  expect(cancels.length).toBeGreaterThanOrEqual(2)
  expect(cancels.length).toBeLessThan(8)
  world.end(child, VenueReportKind.canceled, 0)
  expect(world.state()).toBe('canceled')
})

test('a venue that rejects what should rest is not asked again at once, and ever more rarely', () => {
  const world = resting({}, { venues: 1 })
  const rejectAll = () => {
    for (const child of world.sent()) world.end(child, VenueReportKind.rejected, 0, RejectReason.minNotional)
  }
  rejectAll()
  expect(world.sent()).toHaveLength(1)
  for (let ms = 0; ms < 10_000; ms += 5) {
    world.pass(5)
    world.book(0, [[99_00, 100]], [[100_00, 50]])
    rejectAll()
  }
  expect(world.sent().length).toBeGreaterThan(3)
  expect(world.sent().length).toBeLessThan(60)
  expect(world.state()).toBe('new')
})

test('what is larger than a venue takes rests in pieces', () => {
  const world = resting({}, { lotsMax: 40 })
  for (let i = 0; i < 5; i++) world.pass(20)
  expect(world.sent().map(({ lots }) => lots)).toEqual([40, 40, 20])
})

test('nothing rests where it cannot be paid for', () => {
  const world = resting({}, { venues: 2 }, (world) => {
    const usd = world.world.listings.quoteAsset[0]
    const units = (98_00 * 60 * world.world.listings.quoteUnitsPerNotional[0]) as AssetUnits
    world.report(0, { kind: VenueReportKind.balance, asset: usd, units })
  })
  for (let i = 0; i < 5; i++) world.pass(20)
  expect(world.sent().map(({ venue, lots }) => [venue, lots])).toEqual([
    [0, 60],
    [1, 40],
  ])
})

test('nor do lots that are not there', () => {
  const world = resting({ side: Side.sell, price: 101_00 }, { venues: 2 }, (world) => {
    const btc = world.world.listings.baseAsset[0]
    world.report(0, { kind: VenueReportKind.balance, asset: btc, units: 0 as AssetUnits })
  })
  expect(world.sent().map(({ venue, lots }) => [venue, lots])).toEqual([[1, 100]])
})

test('a price below the first tick of every venue is not sent as zero', () => {
  const world = resting({ price: 5 }, { tickStep: 10 })
  for (let i = 0; i < 5; i++) world.pass(20)
  expect(world.sent()).toEqual([])
  world.core.core.cancelOrder(world.order({ id: 'a' }))
  expect(world.state()).toBe('canceled')
})

test('a row that is used again does not inherit the patience of its last child', () => {
  const world = resting({}, { capacity: { parentsMax: 1, childrenMax: 4, fillsMax: 8192 } })
  const [child] = world.sent()
  world.accept(child)
  world.pass(6_200)
  expect(world.venues[0].queries).toHaveLength(1)
  world.core.core.cancelOrder(world.order({ id: 'a' }))
  world.end(child, VenueReportKind.canceled, 0)
  expect(world.core.core.newOrder(world.order({ id: 'b', lots: 10, price: 98_00 }))).toBe(DenyReason.none)
  world.pass(1_200)
  expect(world.venues[0].queries.map(({ parentSequence }) => parentSequence)).toEqual([1, 2])
})

test('a replace that meets its own fill ends as filled, and says so', () => {
  const world = resting()
  const [child] = world.sent()
  world.accept(child)
  world.core.core.replaceOrder(world.order({ id: 'a', lots: 60 }))
  world.fill(child, 60, 98_00, 60)
  world.end(child, VenueReportKind.canceled, 60)
  expect(world.state()).toBe('filled')
  expect(world.told.at(-1)).toMatchObject({ execType: 'replaced', ordStatus: 'filled' })
})

test('a cancel during a replace wins', () => {
  const world = resting()
  const [child] = world.sent()
  world.accept(child)
  world.core.core.replaceOrder(world.order({ id: 'a', lots: 200 }))
  world.core.core.cancelOrder(world.order({ id: 'a' }))
  world.end(child, VenueReportKind.canceled, 0)
  expect(world.state()).toBe('canceled')
  expect(world.sent()).toHaveLength(1)
})

test('cancel on disconnect holds over a restart: nobody of then is connected', () => {
  const world = resting({ session: 7, cancelOnDisconnect: true })
  expect(world.core.core.newOrder(world.order({ id: 'b', lots: 10, price: 98_00 }))).toBe(DenyReason.none)
  const [child] = world.sent()
  const again = new ScriptedWorld({ journal: world.journal })
  again.core.core.open()
  expect(again.state(1)).toBe('pendingCancel')
  expect(again.state(2)).not.toBe('pendingCancel')
  again.end(child, VenueReportKind.canceled, 0)
  expect(again.state(1)).toBe('canceled')
})

test('an order that waits does not push the decisions of others out of the log', () => {
  const world = new ScriptedWorld({ decisionsKept: 4 })
  for (const { venue } of world.venues) world.book(venue, [[99_00, 100]], [[100_00, 50]])
  world.core.core.newOrder(world.order({ id: 'a', lots: 10 }))
  for (const { venue } of world.venues) world.core.news.onVenueDown(venue as VenueIndex)
  world.core.core.newOrder(world.order({ id: 'b', lots: 10, price: 98_00 }))
  for (let i = 0; i < 50; i++) world.pass(20)
  world.core.core.quote(world.order({ id: 'q', lots: 10 }))
  expect(world.core.core.explain(world.parent(1))?.orderId).toBe('1')
})
