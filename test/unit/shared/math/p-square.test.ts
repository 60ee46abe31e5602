import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PSquare } from '../../../../shared/math/p-square.ts'
import { linearQuantile } from '../../../../shared/math/quantile.ts'
import { Prng } from '../../../../shared/prng.ts'

function estimateOf(values: readonly number[], share: number): PSquare {
  const sketch = new PSquare(share)
  for (const value of values) sketch.add(value)
  return sketch
}

test('exact up to five values', () => {
  expect(estimateOf([7], 0.9).estimate).toBe(7)
  expect(estimateOf([9, 1], 0.5).estimate).toBe(5)
  expect(estimateOf([5, 1, 4, 2, 3], 0.5).estimate).toBe(3)
  expect([...Array.from(estimateOf([5, 1, 4, 2, 3], 0.5).markers)]).toEqual([1, 2, 3, 4, 5])
})

test('the worked example of the paper: the first values of table I', () => {
  const sketch = estimateOf([0.02, 0.15, 0.74, 3.39, 0.83, 22.37], 0.5)
  expect(sketch.markers[4]).toBe(22.37)
  expect(sketch.estimate).toBe(0.74)
})

test('too few values have no markers, none no estimate', () => {
  expect(() => estimateOf([1, 2, 3, 4], 0.5).markers).toThrow('five values')
  expect(() => estimateOf([], 0.5).estimate).toThrow('needs a value')
})

test.each([0, 1, Number.NaN])('share %s is refused', (share) => {
  expect(() => new PSquare(share)).toThrow('between its ends')
})

test('markers are in order between the smallest and the largest value', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 5, maxLength: 200 })
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (stream, share) => {
      const { markers, estimate } = estimateOf(stream, share)
      expect(markers[0]).toBe(Math.min(...stream))
      expect(markers[4]).toBe(Math.max(...stream))
      for (let i = 1; i < 5; i++) expect(markers[i]).toBeGreaterThanOrEqual(markers[i - 1])
      expect(estimate).toBeGreaterThanOrEqual(markers[0])
      expect(estimate).toBeLessThanOrEqual(markers[4])
    }),
  )
})

test.each([0.5, 0.9, 0.99])('near the exact quantile %s of 20,000 exponential values', (share) => {
  const prng = new Prng(11)
  const values = Array.from({ length: 20_000 }, () => prng.nextExponential(100))
  const exact = linearQuantile(
    values.toSorted((a, b) => a - b),
    share,
  )
  expect(Math.abs(estimateOf(values, share).estimate / exact - 1)).toBeLessThan(0.03)
})
