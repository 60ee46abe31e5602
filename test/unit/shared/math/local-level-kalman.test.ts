import { expect, test } from 'vitest'
import { LocalLevelKalman } from '../../../../shared/math/local-level-kalman.ts'
import { Prng } from '../../../../shared/prng.ts'

test('the first value is the level, as uncertain as the noise; the second is weighed by the gain', () => {
  const filter = new LocalLevelKalman(1, 4)
  expect([filter.count, filter.mean, filter.variance]).toEqual([0, 0, 0])
  filter.add(10)
  expect([filter.count, filter.mean, filter.variance]).toEqual([1, 10, 4])
  filter.add(19)
  expect(filter.mean).toBeCloseTo(10 + (5 / 9) * 9, 12)
  expect(filter.variance).toBeCloseTo(5 * (4 / 9), 12)
})

test('a level that does not walk is the plain mean', () => {
  const filter = new LocalLevelKalman(0, 7)
  for (const value of [3, 5, 10]) filter.add(value)
  expect(filter.mean).toBeCloseTo(6, 12)
  expect(filter.variance).toBeCloseTo(7 / 3, 12)
})

test('its variance is its error: two standard deviations hold the true level 95 times in 100', () => {
  const prng = new Prng(5)
  const filter = new LocalLevelKalman(1, 25)
  let level = 100
  let inside = 0
  for (let i = 0; i < 5_000; i++) {
    level += prng.nextNormal()
    filter.add(level + 5 * prng.nextNormal())
    if (Math.abs(filter.mean - level) < 1.96 * Math.sqrt(filter.variance)) inside++
  }
  expect(inside / 5_000).toBeGreaterThan(0.93)
  expect(inside / 5_000).toBeLessThan(0.97)
})

test('impossible variances are refused', () => {
  expect(() => new LocalLevelKalman(-1, 1)).toThrow('a walk')
  expect(() => new LocalLevelKalman(1, 0)).toThrow('noise')
})
