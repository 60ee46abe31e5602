import { expect, test } from 'vitest'
import {
  correlation,
  deviation,
  mean,
  quantile,
  rounded,
  weightedQuantile,
} from '../../../../../../../hotpath/venues/paper/market/calibration/quantiles.ts'

test('quantiles by rank, and by weight', () => {
  expect(quantile([3, 1, 2, 4], 0.5)).toBe(3)
  expect(quantile([5], 0.99)).toBe(5)
  expect(weightedQuantile([1, 2, 3], [1, 1, 8], 0.5)).toBe(3)
  expect(weightedQuantile([3, 1, 2], [1, 8, 1], 0.5)).toBe(1)
})

test('mean, deviation, correlation, rounding', () => {
  expect(mean([1, 2, 6])).toBe(3)
  expect(deviation([1, 3])).toBe(1)
  expect(correlation([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12)
  expect(correlation([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12)
  expect(rounded(123456)).toBe(123500)
  expect(rounded(0.00123456)).toBe(0.001235)
})
