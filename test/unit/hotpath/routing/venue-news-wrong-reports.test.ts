import { expect, test } from 'vitest'
import { stateHash } from '../../../../hotpath/orders/state-hash.ts'
import { type VenueReport, VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { RejectReason } from '../../../../shared/domain/reject-reason.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'
import { ScriptedWorld, type SentChild } from '../../../fixtures/scripted-world.ts'

const bids = [[99_00, 100]] as const

function market(): ScriptedWorld {
  const world = new ScriptedWorld()
  world.book(0, bids, [[100_00, 50]])
  world.book(1, bids, [[100_50, 80]])
  world.book(2, bids, [[102_00, 500]])
  return world
}

function ordered(fields: Partial<Parameters<ScriptedWorld['order']>[0]> = {}): {
  world: ScriptedWorld
  child: SentChild
} {
  const world = market()
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 50, ...fields }))).toBe(DenyReason.none)
  return { world, child: world.sent()[0] }
}

const nonsense: readonly [string, Partial<Record<keyof VenueReport, number>>][] = [
  ['lots that are not a number', { lots: Number.NaN }],
  ['no lots', { lots: 0 }],
  ['negative lots', { lots: -1 }],
  ['half a lot', { lots: 0.5 }],
  ['more lots than are kept exactly', { lots: 2 ** 44 }],
  ['a price that is not a number', { priceTicks: Number.NaN }],
  ['a negative price', { priceTicks: -1 }],
  ['a price above the bound', { priceTicks: 2 ** 31 }],
  ['an infinite fee', { feeUnits: Number.POSITIVE_INFINITY }],
  ['a fee no integer holds', { feeUnits: 2 ** 60 }],
  ['a total that is not a number', { filledLots: Number.NaN }],
  ['a negative total', { filledLots: -5 }],
  ['no execution number', { execution: 0 }],
]

test.each(
  nonsense,
)('a fill with %s never reaches the journal; its child is asked about when it is due', (_name, wrong) => {
  const { world, child } = ordered()
  const before = stateHash(world.store, world.world.positions)
  const { epoch, parentSequence, childSequence } = child
  const right = { kind: VenueReportKind.fill, execution: 1, lots: 5, priceTicks: 100_00, filledLots: 5, feeUnits: 0 }
  world.report(child.venue, { epoch, parentSequence, childSequence, ...right, ...wrong } as object)
  expect(stateHash(world.store, world.world.positions)).toBe(before)
  expect(world.core.news.counters.nonsense).toBe(1)
  expect(world.venues[child.venue].queries).toHaveLength(0)
  world.pass(1_200)
  expect(world.venues[child.venue].queries).toHaveLength(1)
  expect(() => new ScriptedWorld({ journal: world.journal })).not.toThrow()
})

test('an end with a total that is not a number is nonsense too', () => {
  const { world, child } = ordered()
  world.end(child, VenueReportKind.canceled, Number.NaN)
  expect(world.core.news.counters.nonsense).toBe(1)
  expect(world.store.openChildren[world.parent()]).toBe(1)
})

test('a balance of an asset that is not there, or that is no number, changes no balance', () => {
  const { world } = ordered()
  const { balances } = world.core.parts
  const before = [0, 1, 2].map((venue) => [0, 1].map((asset) => balances.free(venue as VenueIndex, asset)))
  for (const wrong of [
    { asset: 2, units: 0 },
    { asset: -1, units: 0 },
    { asset: 0, units: Number.NaN },
  ]) {
    world.report(0, { kind: VenueReportKind.balance, ...wrong } as object)
  }
  expect([0, 1, 2].map((venue) => [0, 1].map((asset) => balances.free(venue as VenueIndex, asset)))).toEqual(before)
})

test('an overfill calls back what still rests elsewhere and the client hears that the order is filled', () => {
  const { world } = ordered({ lots: 100, price: 100_00 })
  const [taker, rest] = world.sent()
  world.accept(rest)
  world.fill(taker, 100, 100_00, 100)
  expect(world.venues[rest.venue].cancels).toHaveLength(1)
  expect(world.store.leavesLots(world.parent())).toBe(0)
  world.end(rest, VenueReportKind.canceled, 0)
  expect(world.state()).toBe('filled')
  expect(world.told.at(-1)?.ordStatus).toBe('filled')
})

test('leaves are never negative', () => {
  const { world } = ordered({ lots: 100, price: 100_00 })
  const [taker] = world.sent()
  world.fill(taker, 130, 100_00, 130)
  expect(world.store.leavesLots(world.parent())).toBe(0)
})

test('a venue that first claims more than it filled may correct itself: the lots are free again', () => {
  const { world, child } = ordered()
  world.end(child, VenueReportKind.canceled, 40)
  expect(world.store.workingLots[world.parent()]).toBe(40 + 10)
  world.fill(child, 10, 100_00, 10)
  world.end(child, VenueReportKind.status, 10)
  expect(world.store.workingLots[world.parent()]).toBe(40)
  expect(world.sent().map(({ venue, lots }) => [venue, lots])).toEqual([
    [0, 50],
    [1, 10],
    [1, 30],
  ])
  const again = new ScriptedWorld({ journal: world.journal })
  expect(again.store.workingLots[again.parent()]).toBe(40)
})

test('sums that could not be exact are not begun: the second impossible fill stays out', () => {
  const { world, child } = ordered()
  world.fill(child, 2 ** 44 - 1, 2 ** 31 - 1, 50)
  world.fill(child, 2 ** 44 - 1, 2 ** 31 - 1, 50)
  expect(world.core.news.counters.nonsense).toBe(1)
  expect(world.store.fills.freeCount).toBe(8191)
})

test('an order of ours that is open at a venue and unknown here is taken back; a younger router owns what is newer', () => {
  const { world, child } = ordered()
  const stray = { kind: VenueReportKind.status, isOpen: true, parentSequence: 77, childSequence: 3 }
  world.report(1, { ...stray, epoch: 1 })
  world.report(1, { ...stray, epoch: 2 })
  expect(world.venues[1].cancels).toEqual([{ parentSequence: 77, childSequence: 3 }])
  world.end(child, VenueReportKind.canceled, 0)
  const { epoch, parentSequence, childSequence } = child
  world.report(0, { kind: VenueReportKind.status, isOpen: true, epoch, parentSequence, childSequence })
  expect(world.venues[0].cancels).toEqual([{ parentSequence, childSequence }])
})

test('a reject of an order that was accepted is a contradiction: ask first, believe it when it is said once more', () => {
  const { world, child } = ordered({ price: 98_00 })
  world.accept(child)
  world.end(child, VenueReportKind.rejected, 0, RejectReason.unknown)
  expect(world.store.openChildren[world.parent()]).toBe(1)
  expect(world.venues[child.venue].queries).toHaveLength(1)
  world.end(child, VenueReportKind.rejected, 0, RejectReason.unknown)
  expect(world.store.openChildren[world.parent()]).toBe(0)
})

test('a venue whose link is down is not opened by a late end of reconciliation', () => {
  const { world } = ordered()
  world.core.news.onVenueDown(1 as VenueIndex)
  world.report(1, { kind: VenueReportKind.reconciled })
  expect(world.core.parts.states.isReady[1]).toBe(0)
})
