import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PositionTable } from '../../../../hotpath/orders/position-table.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'

test('every (instrument, venue, side) has a row of its own', () => {
  const table = new PositionTable({ venues: 3, instruments: 2 })
  const rows = new Set<number>()
  for (let instrument = 0; instrument < 2; instrument++) {
    for (let venue = 0; venue < 3; venue++) {
      for (const side of [Side.buy, Side.sell]) {
        rows.add(table.row(instrument as InstrumentIndex, venue as VenueIndex, side))
      }
    }
  }
  expect(rows.size).toBe(12)
  expect(Math.max(...rows)).toBe(table.lots.length - 1)
})

test('fees are kept by the asset they were taken in; a rebate is negative', () => {
  const table = new PositionTable({ venues: 1, instruments: 1 })
  table.add(0, 1 as QtyLots, 1 as PriceTicks, 30, false)
  table.add(0, 1 as QtyLots, 1 as PriceTicks, -10, false)
  table.add(0, 1 as QtyLots, 1 as PriceTicks, 7, true)
  expect([table.feeQuoteUnits[0], table.feeBaseUnits[0], table.fills[0]]).toEqual([20, 7, 3])
})

test('the notional is exact far beyond 2^53', () => {
  const fill = fc.record({
    lots: fc.integer({ min: 1, max: 2 ** 40 }),
    price: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  })
  fc.assert(
    fc.property(fc.array(fill, { maxLength: 15 }), (fills) => {
      const table = new PositionTable({ venues: 1, instruments: 1 })
      for (const { lots, price } of fills) table.add(1, lots as QtyLots, price as PriceTicks, 0, false)
      expect(table.notionalOf(1)).toBe(fills.reduce((sum, { lots, price }) => sum + BigInt(lots) * BigInt(price), 0n))
      expect(table.notionalOf(0)).toBe(0n)
    }),
  )
})
