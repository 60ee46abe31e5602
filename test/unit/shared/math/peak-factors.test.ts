import { expect, test } from 'vitest'
import { normalised, peakFactors } from '../../../../shared/math/peak-factors.ts'

test('median of a bucket over the median of all', () => {
  const factors = peakFactors([0, 0, 0, 1, 1, 1], [10, 20, 900, 30, 40, 50], 2)
  expect([...factors]).toEqual([20 / 35, 40 / 35])
  expect(normalised(40, factors[1])).toBeCloseTo(35, 12)
})

test('a bucket nobody has seen is as usual; so is everything without values', () => {
  expect([...peakFactors([0, 2], [5, 5], 3)]).toEqual([1, 1, 1])
  expect([...peakFactors([], [], 2)]).toEqual([1, 1])
})

test('zeros make no factor that could not be divided by', () => {
  expect([...peakFactors([0, 0, 1], [0, 0, 8], 2)]).toEqual([1, 1])
})

test('a bucket that does not exist, or a value without one, is our mistake', () => {
  expect(() => peakFactors([2], [1], 2)).toThrow('a bucket')
  expect(() => peakFactors([], [1], 2)).toThrow('has a bucket')
})
