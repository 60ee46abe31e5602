import { expect, test } from 'vitest'
import { stateHash } from '../../../../hotpath/orders/state-hash.ts'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { Side, TimeInForce } from '../../../../shared/domain/order.ts'
import { RejectReason } from '../../../../shared/domain/reject-reason.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

const bids = [[99_00, 100]] as const

function market(options: ConstructorParameters<typeof ScriptedWorld>[0] = {}): ScriptedWorld {
  const world = new ScriptedWorld(options)
  world.book(0, bids, [
    [100_00, 50],
    [101_00, 50],
  ])
  world.book(1, bids, [[100_50, 80]])
  world.book(2, bids, [[102_00, 500]])
  return world
}

function ok(reason: DenyReason): void {
  expect(reason).toBe(DenyReason.none)
}

test('a market buy goes to the cheapest venues at once, each child limited to the worst price it should take', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 150 })))
  expect(world.sent().map(({ venue, lots, limitTicks }) => [venue, lots, limitTicks])).toEqual([
    [0, 70, 101_00],
    [1, 80, 100_50],
  ])
  expect(world.told[0]).toMatchObject({ execType: 'new', ordStatus: 'new' })
})

test('fees decide: the nominally better venue loses when its fee is dearer', () => {
  const world = market({ takerPpm: [10_000, 0, 0] })
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 80 })))
  expect(world.sent().map(({ venue, lots }) => [venue, lots])).toEqual([[1, 80]])
})

test('fills add up to the parent, the last one already says filled, nothing more is sent', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 100 })))
  const [first, second] = world.sent()
  world.accept(first)
  world.fill(first, first.lots, 100_00, first.lots)
  expect(world.state()).toBe('partiallyFilled')
  world.fill(second, second.lots, 100_50, second.lots)
  expect(world.state()).toBe('filled')
  expect(world.told.at(-1)).toMatchObject({ execType: 'trade', ordStatus: 'filled', filled: 100 })
  expect(world.sent()).toHaveLength(2)
})

test('a fill before its acknowledgement, repeated and late, is booked once', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 50 })))
  const [child] = world.sent()
  const execution = world.fill(child, 20, 100_00, 20)
  world.fill(child, 20, 100_00, 20, execution)
  world.accept(child)
  expect(world.store.filledLots[world.parent()]).toBe(20)
  world.fill(child, 30, 100_00, 50)
  world.fill(child, 20, 100_00, 20, execution)
  expect(world.store.filledLots[world.parent()]).toBe(50)
  expect(world.state()).toBe('filled')
  expect(world.core.news.counters.repeated).toBe(2)
})

test('what a venue leaves is routed again, not to the book that just missed', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 50 })))
  const [child] = world.sent()
  expect(child.venue).toBe(0)
  world.fill(child, 10, 100_00, 10)
  world.end(child, VenueReportKind.expired, 10, RejectReason.iocNotFilled)
  expect(world.sent().map(({ venue, lots }) => [venue, lots])).toEqual([
    [0, 50],
    [1, 40],
  ])
})

test('cancel crosses a fill: the fill wins and the parent is whole', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 100, price: 98_00 })))
  const [child] = world.sent()
  expect(child.timeInForce).toBe(TimeInForce.gtc)
  world.accept(child)
  ok(world.core.core.cancelOrder(world.order({ id: 'a' })))
  expect(world.state()).toBe('pendingCancel')
  world.fill(child, 100, 98_00, 100)
  expect(world.state()).toBe('filled')
  world.end(child, VenueReportKind.cancelRejected, 100, RejectReason.unknownOrder)
  expect(world.state()).toBe('filled')
})

test('a cancel with a fill on its way waits for that fill before the parent ends', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 100, price: 98_00 })))
  const [child] = world.sent()
  world.accept(child)
  ok(world.core.core.cancelOrder(world.order({ id: 'a' })))
  world.end(child, VenueReportKind.canceled, 40)
  expect(world.state()).toBe('pendingCancel')
  world.fill(child, 40, 98_00, 40)
  expect(world.state()).toBe('canceled')
  expect(world.store.filledLots[world.parent()]).toBe(40)
})

test('the same clientOrderId answers with the first order and changes nothing', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 50 })))
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 999 })))
  expect(world.sent()).toHaveLength(1)
  expect(world.told.at(-1)?.execType).toBe('orderStatus')
  expect(world.store.lastSequence).toBe(1)
})

test('a silent child becomes unknown, is asked about and never sent again; notFound after its deadline frees it', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 50, price: 100_00 })))
  const [child] = world.sent()
  world.pass(1_200)
  expect(world.venues[0].queries).toHaveLength(1)
  expect(world.sent()).toHaveLength(1)
  world.book(0, bids, [[100_00, 50]])
  world.end(child, VenueReportKind.notFound, 0)
  expect(world.sent().map(({ lots, childSequence }) => [lots, childSequence])).toEqual([
    [50, 1],
    [50, 2],
  ])
})

test('notFound before the deadline means nothing: the order may still arrive', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 50 })))
  const [child] = world.sent()
  world.end(child, VenueReportKind.notFound, 0)
  expect(world.sent()).toHaveLength(1)
  expect(world.store.openChildren[world.parent()]).toBe(1)
})

test('a door that is shut is a report like any other: the lots go elsewhere', () => {
  const world = market()
  world.venues[0].takesOrders = false
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 50 })))
  world.pass(20)
  expect(world.sent().map(({ venue, lots }) => [venue, lots])).toContainEqual([1, 50])
})

test('a limit that nothing meets rests at one venue and fills there', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 100, price: 98_00, side: Side.buy })))
  const [child] = world.sent()
  expect(child).toMatchObject({ lots: 100, limitTicks: 98_00, timeInForce: TimeInForce.gtc })
  world.accept(child)
  world.fill(child, 100, 98_00, 100)
  expect(world.state()).toBe('filled')
})

test('post-only refuses to take', () => {
  const world = market()
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 10, price: 100_00, postOnly: true }))).toBe(
    DenyReason.postOnlyWouldTake,
  )
  ok(world.core.core.newOrder(world.order({ id: 'b', lots: 10, price: 99_50, postOnly: true })))
  expect(world.sent()[0]).toMatchObject({ postOnly: true, limitTicks: 99_50 })
})

test('fill or kill: one venue that shows it all, or nothing happens', () => {
  const world = market()
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 501, timeInForce: TimeInForce.fok }))).toBe(
    DenyReason.fokNotFillable,
  )
  ok(world.core.core.newOrder(world.order({ id: 'b', lots: 80, timeInForce: TimeInForce.fok })))
  expect(world.sent().map(({ venue, lots, timeInForce }) => [venue, lots, timeInForce])).toEqual([
    [0, 80, TimeInForce.fok],
  ])
})

test('an order sized in quote never spends more, even if every child fills at its limit', () => {
  const world = market()
  const budget = 100_00 * 50 + 100_50 * 30 + 5_000
  ok(world.core.core.newOrder(world.order({ id: 'a', quoteBudget: budget })))
  const worst = world.sent().reduce((sum, { lots, limitTicks }) => sum + lots * limitTicks, 0)
  expect(worst).toBeLessThanOrEqual(budget)
  expect(worst).toBeGreaterThan(budget - 101_00)
})

test('replace calls the children back and routes the rest on the new terms', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 100, price: 98_00 })))
  const [child] = world.sent()
  world.accept(child)
  ok(world.core.core.replaceOrder(world.order({ id: 'a', lots: 60, price: 98_50 })))
  expect(world.state()).toBe('pendingReplace')
  world.end(child, VenueReportKind.canceled, 0)
  expect(world.sent().at(-1)).toMatchObject({ lots: 60, limitTicks: 98_50, childSequence: 2 })
  expect(world.told.some(({ execType }) => execType === 'replaced')).toBe(true)
  expect(world.state()).toBe('new')
})

test('a good-till-date order expires', () => {
  const world = market()
  const request = world.order({ id: 'a', lots: 10, price: 98_00, timeInForce: TimeInForce.gtd })
  request.expireUs = (world.core.turn.nowUs + 500_000) as typeof request.expireUs
  ok(world.core.core.newOrder(request))
  const [child] = world.sent()
  world.accept(child)
  world.pass(600)
  expect(world.venues[child.venue].cancels).toHaveLength(1)
  world.end(child, VenueReportKind.canceled, 0)
  expect(world.state()).toBe('expired')
})

test('cancel on disconnect takes back only what asked for it', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 10, price: 98_00, session: 7, cancelOnDisconnect: true })))
  ok(world.core.core.newOrder(world.order({ id: 'b', lots: 10, price: 98_00, session: 7 })))
  expect(world.core.core.onSessionClosed(7)).toBe(1)
  expect(world.state(1)).toBe('pendingCancel')
  expect(world.state(2)).toBe('new')
})

test('a journal replayed gives the same state hash, and the order goes on where it stood', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 100 })))
  ok(world.core.core.newOrder(world.order({ id: 'b', lots: 10, price: 98_00 })))
  const [first] = world.sent()
  world.accept(first)
  world.fill(first, 20, 100_00, 20)
  const before = stateHash(world.store, world.world.positions)

  const again = new ScriptedWorld({ journal: world.journal })
  expect(stateHash(again.store, again.world.positions)).toBe(before)
  expect(again.core.parts.open.count).toBe(2)
  expect(again.core.parts.log.lifecycle.epoch).toBe(2)
  expect(again.venues.flatMap(({ queries }) => queries)).toHaveLength(3)
  again.fill(first, first.lots - 20, 100_00, first.lots, 77)
  expect(again.store.filledLots[again.parent()]).toBe(first.lots)
})

test('refusals change nothing and say why', () => {
  const world = market()
  const before = stateHash(world.store, world.world.positions)
  const deny = (fields: Parameters<ScriptedWorld['order']>[0]) => world.core.core.newOrder(world.order(fields))
  expect(deny({ id: 'a', lots: 10, price: 90_00, timeInForce: TimeInForce.ioc })).toBe(DenyReason.priceLimit)
  const excluded = world.order({ id: 'b', lots: 10 })
  excluded.venuesLow = 0
  expect(world.core.core.newOrder(excluded)).toBe(DenyReason.noVenueLeft)
  world.core.parts.risk.halted = true
  expect(deny({ id: 'c', lots: 10 })).toBe(DenyReason.halted)
  world.core.parts.risk.halted = false
  for (const { venue } of world.venues) world.core.news.onVenueDown(venue)
  expect(deny({ id: 'd', lots: 10 })).toBe(DenyReason.noVenueUp)
  expect(world.core.core.cancelOrder(world.order({ id: 'nobody' }))).toBe(DenyReason.unknownOrder)
  expect(stateHash(world.store, world.world.positions)).toBe(before)
})

test('a refused copy is not a refused order: duplicateClientOrderId asks and frees nothing (sim seeds 40, 149, 259)', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 50 })))
  const [child] = world.sent()
  world.end(child, VenueReportKind.rejected, 0, RejectReason.duplicateClientOrderId)
  expect(world.sent()).toHaveLength(1)
  expect(world.venues[child.venue].queries).toHaveLength(1)
  world.fill(child, 50, 100_00, 50)
  expect(world.state()).toBe('filled')
  expect(world.store.filledLots[world.parent()]).toBe(50)
})

test('a fill that skips one makes us ask for the missing one (sim seed 47)', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 50 })))
  const [child] = world.sent()
  world.fill(child, 10, 100_00, 50)
  expect(world.venues[child.venue].queries).toHaveLength(1)
  expect(world.state()).toBe('partiallyFilled')
})

test('a cancel that was lost is asked again once the child turns out to be alive', () => {
  const world = market()
  ok(world.core.core.newOrder(world.order({ id: 'a', lots: 10, price: 98_00 })))
  const [child] = world.sent()
  world.accept(child)
  ok(world.core.core.cancelOrder(world.order({ id: 'a' })))
  world.pass(1_200)
  world.end(child, VenueReportKind.status, 0)
  expect(world.state()).toBe('canceled')
})
