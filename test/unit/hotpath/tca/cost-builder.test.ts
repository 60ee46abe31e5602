import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VenueReportKind } from '../../../../hotpath/orders/venue-report.ts'
import { DenyReason } from '../../../../shared/domain/deny-reason.ts'
import { RejectReason } from '../../../../shared/domain/reject-reason.ts'
import type { AssetUnits } from '../../../../shared/units/ticks.ts'
import { ScriptedWorld, type SentChild } from '../../../fixtures/scripted-world.ts'

function ordered(lots = 100): ScriptedWorld {
  const world = new ScriptedWorld()
  world.book(0, [[99_00, 100]], [[100_00, 50]])
  world.book(1, [[99_00, 100]], [[100_50, 500]])
  expect(world.core.core.newOrder(world.order({ id: 'desk-1', lots }))).toBe(DenyReason.none)
  return world
}

function fill(world: ScriptedWorld, child: SentChild, price: number, feeUnits = 0, feeInBase = false): void {
  const { epoch, parentSequence, childSequence, lots } = child
  const identity = { epoch, parentSequence, childSequence, execution: child.venue + 1 }
  const numbers = { lots, filledLots: lots, priceTicks: price, feeUnits: feeUnits as AssetUnits, feeInBase }
  world.report(child.venue, { kind: VenueReportKind.fill, ...identity, ...numbers } as object)
}

test('an order without a fill has no shortfall and no average', () => {
  const world = ordered()
  const report = world.core.core.costReport(world.parent())
  expect(report).toMatchObject({ clientOrderId: 'desk-1', filledQuantity: '0', notional: '0', arrivalMid: '99.5' })
  expect([report.shortfall, report.averagePrice, report.fees]).toEqual([undefined, undefined, {}])
})

test('filled as planned: spread and impact, no delay; a fee in base is worth its average price', () => {
  const world = ordered()
  const [first, second] = world.sent()
  fill(world, first, 100_00, 50_000)
  fill(world, second, 100_50, 200, true)
  const { shortfall, fees, notional, averagePrice, venues } = world.core.core.costReport(world.parent())
  expect(fees).toEqual({ USD: '0.0005', BTC: '0.000002' })
  expect([notional, averagePrice]).toEqual(['1.0025', '100.2500'])
  expect(shortfall?.spread.quote).toBeCloseTo(0.5 * 0.01, 12)
  expect(shortfall?.impact.quote).toBeCloseTo(0.25 * 0.01, 12)
  expect(shortfall?.delay.quote).toBeCloseTo(0, 12)
  expect(shortfall?.fees.quote).toBeCloseTo(0.0005 + 0.000002 * 100.25, 12)
  expect(venues.map(({ venue, filledQuantity }) => [venue, filledQuantity])).toEqual([
    ['venue0', '0.005'],
    ['venue1', '0.005'],
  ])
})

test('rejects are counted and told with their reason', () => {
  const world = ordered(50)
  world.end(world.sent()[0], VenueReportKind.rejected, 0, RejectReason.minNotional)
  const { venues, timeline } = world.core.core.costReport(world.parent())
  expect(venues[0]).toMatchObject({ venue: 'venue0', rejects: 1, filledQuantity: '0' })
  expect(timeline.map(({ event }) => event)).toContain('child rejected (minNotional)')
})

test('the parts add up to the total, whatever the prices and fees', () => {
  const price = fc.integer({ min: 90_00, max: 110_00 })
  const fee = fc.integer({ min: -1e6, max: 1e6 })
  fc.assert(
    fc.property(price, price, fee, fee, fc.boolean(), (one, other, feeOne, feeOther, inBase) => {
      const world = ordered()
      const [first, second] = world.sent()
      fill(world, first, one, feeOne, inBase)
      fill(world, second, other, feeOther)
      const { shortfall } = world.core.core.costReport(world.parent())
      if (shortfall === undefined) throw new Error('a filled order has a shortfall')
      const { spread, impact, delay, fees, total } = shortfall
      expect(spread.quote + impact.quote + delay.quote + fees.quote).toBeCloseTo(total.quote, 9)
    }),
    { numRuns: 40 },
  )
})

test('fees beyond the safe integers are still a report', () => {
  const world = ordered()
  const [first, second] = world.sent()
  fill(world, first, 100_00, Number.MAX_SAFE_INTEGER)
  fill(world, second, 100_50, Number.MAX_SAFE_INTEGER)
  expect(world.core.core.costReport(world.parent()).fees).toEqual({ USD: '180143985.09481982' })
})
