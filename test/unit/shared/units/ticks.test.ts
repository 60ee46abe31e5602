import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../shared/limits.ts'
import {
  addNotional,
  ceilToTick,
  DecimalError,
  floorToLot,
  floorToTick,
  formatDecimal,
  notionalToBig,
  type PriceTicks,
  parseBudget,
  parseDecimal,
  type QtyLots,
} from '../../../../shared/units/ticks.ts'

test('decimal text becomes an exact integer of the grid', () => {
  expect(parseDecimal('2.5', 8)).toBe(250_000_000)
  expect(parseDecimal('0.1', 1)).toBe(1)
  expect(parseDecimal('61837.64000000', 2)).toBe(6_183_764)
  expect(parseDecimal('007', 0)).toBe(7)
})

test('what cannot be exact is refused with its reason', () => {
  expect(parseDecimal('0.123', 2)).toBe(DecimalError.tooPrecise)
  expect(parseDecimal('99999999999999999999', 0)).toBe(DecimalError.tooLarge)
  for (const text of ['', '.', '1.', '.5', '-1', '+1', '1e5', 'NaN', 'Infinity', ' 1', '1,5', '1.2.3', '0x10', '１']) {
    expect(parseDecimal(text, 4), text).toBe(DecimalError.malformed)
  }
})

test('property: formatting and parsing are inverse on every grid', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 12 }), (value, digits) => {
      expect(parseDecimal(formatDecimal(value, digits), digits)).toBe(value)
    }),
  )
})

test('a budget beyond the safe integers is the double just below, never above', () => {
  expect(parseBudget('50000', 10)).toBe(500_000_000_000_000)
  expect(parseBudget('5000000', 10)).toBe(5e16)
  for (const text of ['1234567.8912345678', '99999999.9999999999', '30000001.1000000001']) {
    const exact = BigInt(text.replace('.', ''))
    const kept = BigInt(parseBudget(text, 10))
    expect(kept).toBeLessThanOrEqual(exact)
    expect(exact - kept).toBeLessThan(1_000n)
  }
  expect(parseBudget('99999999999999999999', 10)).toBe(DecimalError.tooLarge)
  expect(parseBudget('1e9', 10)).toBe(DecimalError.malformed)
})

test('roundings go the way their name says', () => {
  expect(floorToLot(1_234, 100)).toBe(1_200)
  expect(floorToTick(105, 10)).toBe(100)
  expect(ceilToTick(101, 10)).toBe(110)
  expect(ceilToTick(110, 10)).toBe(110)
})

test('property: sums of price x quantity are exact far beyond 2^53', () => {
  const trade = fc.record({
    price: fc.integer({ min: 0, max: PRICE_TICKS_MAX }),
    lots: fc.maxSafeNat().map((n) => n % Math.floor(QTY_LOTS_MAX / 40)),
  })
  fc.assert(
    fc.property(fc.array(trade, { maxLength: 40 }), (trades) => {
      const sum = new Float64Array(2)
      let exact = 0n
      for (const { price, lots } of trades) {
        addNotional(sum, 0, price as PriceTicks, lots as QtyLots)
        exact += BigInt(price) * BigInt(lots)
      }
      expect(notionalToBig(sum, 0)).toBe(exact)
    }),
  )
})
