/** When a venue's "no such order" may be believed: taking a live order for dead buys its lots a second time. */
import { expect, test } from 'vitest'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { isEnded } from '../../../../shared/domain/order-state.ts'
import type { ChildRow, VenueIndex } from '../../../../shared/units/ids.ts'
import { ScriptedWorld, type SentChild } from '../../../fixtures/scripted-world.ts'

const DEADLINE_MS = 1_000
const venue = 0 as VenueIndex

function ordered(): { world: ScriptedWorld; child: SentChild } {
  const world = new ScriptedWorld()
  world.book(0, [[99_00, 100]], [[100_00, 50]])
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 50, price: 100_00 }))).toBe(DenyReason.none)
  return { world, child: world.sent()[0] }
}

function isOpen(world: ScriptedWorld): boolean {
  const { store } = world
  return !isEnded(store.childStateOf(store.firstChild[world.parent()] as ChildRow))
}

function reconnect(world: ScriptedWorld): void {
  world.core.turn.read()
  world.core.news.onVenueDown(venue)
  world.core.news.onVenueUp(venue)
}

test('asked before the deadline, answered after it: the order may have arrived between', () => {
  const { world, child } = ordered()
  world.pass(500)
  reconnect(world)
  expect(world.venues[0].queries).toHaveLength(1)
  world.clock.ns += (DEADLINE_MS - 500 + 50) * 1e6
  world.end(child, VenueReportKind.notFound, 0)
  expect(isOpen(world)).toBe(true)
  // Asked again when nothing can arrive any more, the answer counts.
  world.pass(1_200)
  expect(world.venues[0].queries).toHaveLength(2)
  world.end(child, VenueReportKind.notFound, 0)
  expect(isOpen(world)).toBe(false)
})

test('a second question before the first is answered does not make the first one younger', () => {
  const { world, child } = ordered()
  world.pass(500)
  reconnect(world)
  world.pass(1_000)
  expect(world.venues[0].queries).toHaveLength(2)
  world.end(child, VenueReportKind.notFound, 0)
  expect(isOpen(world)).toBe(true)
})

test('just after the deadline by our clock is not yet after it by the venue’s', () => {
  const { world, child } = ordered()
  world.clock.ns += (DEADLINE_MS + 1) * 1e6
  reconnect(world)
  world.end(child, VenueReportKind.notFound, 0)
  expect(isOpen(world)).toBe(true)
})

test('an answer to a question that nobody asked is none', () => {
  const { world, child } = ordered()
  world.clock.ns += 2 * DEADLINE_MS * 1e6
  world.end(child, VenueReportKind.notFound, 0)
  expect(isOpen(world)).toBe(true)
})

test('a venue that does not list the instrument now cannot say that an order there is gone', () => {
  const { world, child } = ordered()
  world.accept(child)
  world.core.parts.listings.isListed[world.core.parts.listings.row(world.store.instrumentOf(world.parent()), venue)] = 0
  reconnect(world)
  world.pass(2_000)
  world.end(child, VenueReportKind.notFound, 0)
  expect(isOpen(world)).toBe(true)
})
