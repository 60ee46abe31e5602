/** A child is called back and placed anew; what a venue says of a replace changes nothing here. */
import { expect, test } from 'vitest'
import { stateHash } from '../../../../hotpath/orders/state-hash.ts'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { ScriptedWorld } from '../../../fixtures/scripted-world.ts'

test.each(['replaced', 'replaceRejected'] as const)('%s is counted and never booked', (kind) => {
  const world = new ScriptedWorld()
  world.book(0, [[99_00, 100]], [[100_00, 50]])
  expect(world.core.core.newOrder(world.order({ id: 'a', lots: 50 }))).toBe(DenyReason.none)
  const child = world.sent()[0]
  const before = stateHash(world.store, world.world.positions)
  const { epoch, parentSequence, childSequence } = child
  world.report(child.venue, {
    kind: VenueReportKind[kind],
    epoch,
    parentSequence,
    childSequence,
    lots: 80,
    priceTicks: 100_00,
  } as object)
  expect(stateHash(world.store, world.world.positions)).toBe(before)
})
