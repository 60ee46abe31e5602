import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mcnemarP } from '../../../../shared/math/mcnemar-test.ts'

test('by hand', () => {
  expect(mcnemarP(0, 0)).toBe(1)
  expect(mcnemarP(4, 4)).toBe(1)
  expect(mcnemarP(0, 6)).toBeCloseTo(2 / 64, 15)
  // 2 (1 + 12 + 66 + 220) / 4096
  expect(mcnemarP(3, 9)).toBeCloseTo(0.14599609375, 14)
})

test('a count that is none stops', () => expect(() => mcnemarP(-1, 2)).toThrow('count'))

test('agrees with summing the binomial, whoever comes first', () => {
  fc.assert(
    fc.property(fc.nat({ max: 60 }), fc.nat({ max: 60 }), (b, c) => {
      let term = 0.5 ** (b + c)
      let tail = 0
      for (let k = 0; k <= Math.min(b, c); k++) {
        tail += term
        term *= (b + c - k) / (k + 1)
      }
      expect(mcnemarP(b, c)).toBeCloseTo(Math.min(1, 2 * tail), 11)
      expect(mcnemarP(c, b)).toBe(mcnemarP(b, c))
    }),
  )
})
