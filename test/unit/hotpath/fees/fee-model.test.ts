import fc from 'fast-check'
import { expect, test } from 'vitest'
import { baseFeeUnits, blendedFee, feeFactor, feeUnits, tradeCost } from '../../../../hotpath/fees/fee-model.ts'
import { FeeSide } from '../../../../shared/domain/instrument.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../shared/limits.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../../shared/units/ticks.ts'

const fee = (price: number, lots: number, ppm: number, priceDigits: number, qtyDigits: number): number =>
  feeUnits(price as PriceTicks, lots as QtyLots, ppm as RatePpm, priceDigits, qtyDigits)
const baseFee = (lots: number, ppm: number, qtyDigits: number): number =>
  baseFeeUnits(lots as QtyLots, ppm as RatePpm, qtyDigits)

test('0.5 at 60,000.00 and 10 bp is 30', () => {
  expect(fee(6_000_000, 50_000_000, 1_000, 2, 8)).toBe(30 * 1e8)
})

test('what does not come out even is rounded up, a rebate towards 0', () => {
  // 0.00000001 at 60,000.01 and 10 bp: 60.00001 units of 10^-8
  expect(fee(6_000_001, 1, 1_000, 2, 8)).toBe(61)
  expect(fee(6_000_001, 1, -1_000, 2, 8)).toBe(-60)
  // One satoshi at one cent: a hundred-thousandth of a unit is charged as one and rebated as none.
  expect(fee(1, 1, 1_000, 2, 8)).toBe(1)
  expect(Object.is(fee(1, 1, -1_000, 2, 8), 0)).toBe(true)
})

test('no fee is 0, and coarse grids multiply', () => {
  expect(fee(100, 3, 0, 2, 0)).toBe(0)
  // 3 at 100 and 1 ppm: 0.0003 of the quote
  expect(fee(100, 3, 1, 0, 0)).toBe(30_000)
})

test('a fee taken from the base', () => {
  expect(baseFee(2_0000_0000, 1_000, 8)).toBe(200_000)
  expect(baseFee(1, 1_000, 8)).toBe(1)
  expect(baseFee(1, -1_000, 8)).toBe(0)
})

test('amounts beyond what is kept exactly stop', () => {
  expect(() => fee(PRICE_TICKS_MAX, QTY_LOTS_MAX, 1_000, 0, 0)).toThrow('kept exactly')
  expect(() => fee(-1, 1, 0, 2, 2)).toThrow('price stays')
  expect(() => fee(1, 1, 3_000_000, 2, 2)).toThrow('rate stays')
  expect(() => fee(1, 1, 1, 12, 8)).toThrow('grids')
})

/** The slow, obvious twin. */
function bigFee(price: number, lots: number, ppm: number, digits: number): number {
  const product = BigInt(price) * BigInt(lots) * BigInt(Math.abs(ppm))
  const exponent = digits - 2
  const scaled = exponent < 0 ? product * 10n ** BigInt(-exponent) : product
  const divisor = exponent < 0 ? 1n : 10n ** BigInt(exponent)
  const units = Number(ppm > 0 ? (scaled + divisor - 1n) / divisor : scaled / divisor)
  return ppm < 0 && units > 0 ? -units : units
}

test('agrees with BigInt over every size of price, quantity, rate and grid', () => {
  const sized = (bitsMax: number) =>
    fc
      .tuple(fc.integer({ min: 0, max: bitsMax }), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }))
      .map(([bits, share]) => Math.floor(2 ** bits * (1 + share)) - 1)
  const rate = fc.integer({ min: -20_000, max: 120_000 })
  const digits = fc.integer({ min: 0, max: 9 })
  fc.assert(
    fc.property(sized(30), sized(43), rate, digits, digits, (price, lots, ppm, priceDigits, qtyDigits) => {
      fc.pre(priceDigits + qtyDigits <= 17)
      const expected = bigFee(price, lots, ppm, priceDigits + qtyDigits)
      fc.pre(Math.abs(expected) <= Number.MAX_SAFE_INTEGER)
      expect(fee(price, lots, ppm, priceDigits, qtyDigits)).toBe(expected)
    }),
    { numRuns: 10_000 },
  )
})

test('products just below and at a whole unit', () => {
  for (const units of [1, 7, 100_003]) {
    // price 1, lots = units x 10^8 with 8 + 2 digits and 1 ppm divides evenly; one lot less rounds up to the same.
    expect(fee(1, units * 1e8, 1, 2, 8)).toBe(units)
    expect(fee(1, units * 1e8 - 1, 1, 2, 8)).toBe(units)
    expect(fee(1, units * 1e8 + 1, 1, 2, 8)).toBe(units + 1)
    expect(fee(1, units * 1e8 - 1, -1, 2, 8)).toBe(units === 1 ? 0 : 1 - units)
  }
})

test('effective price: a fee in base costs more than the same fee in quote', () => {
  expect(feeFactor(Side.buy, 1_000, FeeSide.quote)).toBe(1_001_000)
  expect(feeFactor(Side.sell, 1_000, FeeSide.quote)).toBe(999_000)
  expect(feeFactor(Side.sell, 1_000, FeeSide.received)).toBe(999_000)
  expect(feeFactor(Side.buy, 1_000, FeeSide.received)).toBeCloseTo(1_001_001.001001, 6)
  expect(feeFactor(Side.buy, -100, FeeSide.quote)).toBe(999_900)
})

test('one trade, buy and sell', () => {
  expect(tradeCost(Side.buy, 100, 2, 0.001, FeeSide.quote)).toEqual({
    feeQuote: 0.2,
    received: 2,
    effectivePrice: 100.1,
  })
  const inBase = tradeCost(Side.buy, 100, 2, 0.001, FeeSide.received)
  expect(inBase.received).toBe(1.998)
  expect(inBase.effectivePrice * inBase.received).toBeCloseTo(200, 10)
  const sale = tradeCost(Side.sell, 100, 2, 0.001, FeeSide.received)
  expect(sale.received).toBeCloseTo(199.8, 12)
})

test('blended over parts', () => {
  const blend = blendedFee([
    { notional: 1_000, rate: 0.0002 },
    { notional: 3_000, rate: 0.0005 },
  ])
  expect(blend.fee).toBeCloseTo(1.7, 14)
  expect(blend.rate).toBeCloseTo(0.000425, 15)
  expect(() => blendedFee([])).toThrow('needs a notional')
})
