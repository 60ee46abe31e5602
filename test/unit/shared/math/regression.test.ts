/** Reference values: scipy 1.17 linregress. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitLine } from '../../../../shared/math/regression.ts'

test('five points', () => {
  const line = fitLine([1, 2, 3, 4, 5], [2.1, 3.9, 6.2, 7.8, 10.1])
  expect(line.slope).toBeCloseTo(1.99, 12)
  expect(line.intercept).toBeCloseTo(0.05, 12)
  expect(line.slopeError).toBeCloseTo(0.059721576223897795, 12)
  expect(line.interceptError).toBeCloseTo(0.19807406022327906, 12)
  expect(line.freedom).toBe(3)
})

test('nothing to fit stops', () => {
  expect(() => fitLine([1, 2], [1, 2])).toThrow('three pairs')
  expect(() => fitLine([1, 1, 1], [1, 2, 3])).toThrow('two different x')
})

test('points on a line give the line back', () => {
  const small = fc.integer({ min: -50, max: 50 })
  fc.assert(
    fc.property(fc.uniqueArray(small, { minLength: 3, maxLength: 20 }), small, small, (x, slope, intercept) => {
      const line = fitLine(
        x,
        x.map((at) => intercept + slope * at),
      )
      expect(line.slope).toBeCloseTo(slope, 9)
      expect(line.intercept).toBeCloseTo(intercept, 8)
    }),
  )
})
