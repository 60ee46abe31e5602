/** The fast text of an amount is the exact one. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { averagePriceText, decimalText } from '../../../../shared/units/decimal-text.ts'
import { formatDecimal } from '../../../../shared/units/ticks.ts'

test.each([
  [0, 0, '0'],
  [0, 8, '0'],
  [5, 0, '5'],
  [1_250, 3, '1.25'],
  [1, 8, '0.00000001'],
  [-150_000_000, 8, '-1.5'],
  [Number.MAX_SAFE_INTEGER, 15, '9.007199254740991'],
  [Number.MAX_SAFE_INTEGER, 18, '0.009007199254740991'],
])('%d of 10^-%d is %s', (value, digits, text) => {
  expect(decimalText(value, digits)).toBe(text)
})

test('the same text as formatDecimal, for every safe integer and grid', () => {
  const value = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: 0, max: 10 }).map((down) => Number.MAX_SAFE_INTEGER - down),
  )
  fc.assert(
    fc.property(value, fc.nat(20), (amount, digits) => {
      expect(decimalText(amount, digits)).toBe(formatDecimal(amount, digits))
    }),
    { numRuns: 5_000 },
  )
})

test('just below a whole number, where the quotient rounds up', () => {
  for (let digits = 1; digits <= 15; digits++) {
    const power = 10 ** digits
    const value = Math.floor(Number.MAX_SAFE_INTEGER / power) * power - 1
    expect(decimalText(value, digits)).toBe(formatDecimal(value, digits))
  }
})

test.each([
  [6_400_050 * 3, 3, 2, '64000.5'],
  [100 + 101 + 101, 3, 2, '1.00666667'],
  [1, 3, 0, '0.333333'],
  [(2 ** 31 - 1) * 2 ** 44, 2 ** 44, 8, '21.47483647'],
])('an average price of %d over %d lots', (notional, lots, digits, text) => {
  expect(averagePriceText(notional, lots, digits)).toBe(text)
})
