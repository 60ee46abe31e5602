import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feeUnits, PaperMoney } from '../../../../../hotpath/venues/paper/paper-money.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../../shared/limits.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../../../shared/units/ticks.ts'
import { testInstrument } from './paper-world.ts'

function money(priceDigits: number, qtyDigits: number): PaperMoney {
  return new PaperMoney({ ...testInstrument, priceDigits, qtyDigits })
}

describe('what a trade costs', () => {
  test('0.5 BTC at 60,000.25 USDT', () => {
    const units = money(2, 4)
    expect(units.floorQuote(6_000_025 as PriceTicks, 5_000 as QtyLots)).toBe(30_000_12_500_000n)
    expect(units.base(5_000 as QtyLots)).toBe(50_000_000n)
  })

  test('below a unit: down for what is paid, up for what is held', () => {
    const units = money(6, 6)
    expect(units.floorQuote(15_001 as PriceTicks, 1 as QtyLots)).toBe(1n)
    expect(units.ceilQuote(15_001 as PriceTicks, 1 as QtyLots)).toBe(2n)
    expect(units.ceilQuote(10_000 as PriceTicks, 1 as QtyLots)).toBe(1n)
  })

  test('is exact for every price, quantity and grid', () => {
    const digits = fc.integer({ min: 0, max: 8 })
    const ticks = fc.integer({ min: 1, max: PRICE_TICKS_MAX })
    const lots = fc.oneof(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: QTY_LOTS_MAX }))
    fc.assert(
      fc.property(digits, digits, ticks, lots, (priceDigits, qtyDigits, price, count) => {
        const grid = 10n ** BigInt(priceDigits + qtyDigits)
        const exact = BigInt(price) * BigInt(count) * 10n ** 8n
        const units = money(priceDigits, qtyDigits)
        expect(units.floorQuote(price as PriceTicks, count as QtyLots)).toBe(exact / grid)
        expect(units.ceilQuote(price as PriceTicks, count as QtyLots)).toBe((exact + grid - 1n) / grid)
      }),
      { numRuns: 2_000 },
    )
  })
})

test('a fee is rounded up, a rebate down: towards the venue', () => {
  expect(feeUnits(1n, 1_000 as RatePpm)).toBe(1n)
  expect(feeUnits(1_000n, 1_000 as RatePpm)).toBe(1n)
  expect(feeUnits(1_001n, 1_000 as RatePpm)).toBe(2n)
  expect(feeUnits(0n, 1_000 as RatePpm)).toBe(0n)
  expect(feeUnits(999n, -1_000 as RatePpm)).toBe(0n)
  expect(feeUnits(2_999n, -1_000 as RatePpm)).toBe(-2n)
})
