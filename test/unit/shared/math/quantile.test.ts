import fc from 'fast-check'
import { expect, test } from 'vitest'
import { linearQuantile, median, nearestRank } from '../../../../shared/math/quantile.ts'

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

test('type 7: linear between the two values around', () => {
  const ten = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
  expect(linearQuantile(ten, 0)).toBe(10)
  expect(linearQuantile(ten, 1)).toBe(100)
  expect(linearQuantile(ten, 0.25)).toBe(32.5)
  expect(linearQuantile([7], 0.3)).toBe(7)
  expect(median(ten)).toBe(55)
  expect(median([1, 2, 9])).toBe(2)
})

test.each([-0.1, 1.1, Number.NaN])('share %s is refused', (share) => {
  expect(() => linearQuantile([1], share)).toThrow('between 0 and 1')
})

test('both kinds grow with the share and lie within the sample', () => {
  const values = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 50 })
  const share = fc.double({ min: 0.001, max: 1, noNaN: true })
  fc.assert(
    fc.property(values, share, share, (unordered, one, other) => {
      const ascending = unordered.toSorted((a, b) => a - b)
      const [low, high] = [Math.min(one, other), Math.max(one, other)]
      for (const kind of [linearQuantile, nearestRank]) {
        expect(kind(ascending, low)).toBeLessThanOrEqual(kind(ascending, high))
        expect(kind(ascending, low)).toBeGreaterThanOrEqual(ascending[0])
        expect(kind(ascending, high)).toBeLessThanOrEqual(ascending[ascending.length - 1])
      }
    }),
  )
})
