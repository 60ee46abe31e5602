import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ceilRational,
  digitsOfRational,
  floorRational,
} from '../../../../../../hotpath/venues/paper/market/rational.ts'

test('the digits a fraction needs', () => {
  expect(digitsOfRational(19867, 5)).toBe(1)
  expect(digitsOfRational(3906443, 1000)).toBe(3)
  expect(digitsOfRational(4, 2)).toBe(0)
  expect(digitsOfRational(1, 3)).toBe(-1)
  expect(digitsOfRational(3, 12)).toBe(2)
  expect(digitsOfRational(1, 100000000)).toBe(8)
})

test('floor and ceil differ by one where the grid is too coarse, and agree where it is not', () => {
  expect(floorRational(1, 3, 2)).toBe(33)
  expect(ceilRational(1, 3, 2)).toBe(34)
  expect(floorRational(8113, 2500, 4)).toBe(32452)
  expect(ceilRational(8113, 2500, 4)).toBe(32452)
})

test('on the digits it needs a fraction is exact, and on one fewer it is not', () => {
  const decimal = fc.tuple(fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 0, max: 8 }))
  fc.assert(
    fc.property(decimal, ([numerator, power]) => {
      const denominator = 10 ** power
      const digits = digitsOfRational(numerator, denominator)
      expect(floorRational(numerator, denominator, digits)).toBe(ceilRational(numerator, denominator, digits))
      expect(BigInt(floorRational(numerator, denominator, digits)) * BigInt(denominator)).toBe(
        BigInt(numerator) * 10n ** BigInt(digits),
      )
      if (digits > 0) {
        expect(floorRational(numerator, denominator, digits - 1)).toBeLessThan(
          ceilRational(numerator, denominator, digits - 1),
        )
      }
    }),
  )
})
