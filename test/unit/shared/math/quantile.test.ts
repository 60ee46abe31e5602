import { expect, test } from 'vitest'
import { nearestRank } from '../../../../shared/math/quantile.ts'

test('nearest rank', () => {
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  expect(nearestRank(ten, 0.5)).toBe(5)
  expect(nearestRank(ten, 0.51)).toBe(6)
  expect(nearestRank(ten, 1)).toBe(10)
  expect(nearestRank(ten, 1e-6)).toBe(1)
  expect(nearestRank([7], 0.99)).toBe(7)
})

test('a share that floats above a whole rank is that rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1)
  expect(nearestRank(hundred, 0.07)).toBe(7)
  expect(nearestRank(hundred, 0.29)).toBe(29)
})

test('no values, no quantile', () => expect(() => nearestRank([], 0.5)).toThrow('needs a value'))
