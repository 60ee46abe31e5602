import fc from 'fast-check'
import { expect, test } from 'vitest'
import { covariance, mean } from '../../../../shared/math/moments.ts'

test('mean and covariance by hand', () => {
  expect(mean([1, 2, 6])).toBe(3)
  expect(covariance([1, 2, 6], [1, 2, 6])).toBe(7)
  expect(covariance([1, 2, 3], [3, 2, 1])).toBe(-1)
})

test('a large offset does not cancel', () => {
  const values = [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]
  expect(covariance(values, values)).toBe(30)
})

test('no values, no moments', () => {
  expect(() => mean([])).toThrow('needs a value')
  expect(() => covariance([1], [1])).toThrow('two pairs')
  expect(() => covariance([1, 2], [1, 2, 3])).toThrow('one length')
})

test('shifting and scaling', () => {
  const finite = fc.double({ min: -1e3, max: 1e3, noNaN: true })
  fc.assert(
    fc.property(fc.array(finite, { minLength: 2, maxLength: 40 }), finite, (values, shift) => {
      const moved = values.map((value) => 3 * value + shift)
      expect(mean(moved)).toBeCloseTo(3 * mean(values) + shift, 6)
      expect(covariance(moved, moved)).toBeCloseTo(9 * covariance(values, values), 4)
    }),
  )
})
