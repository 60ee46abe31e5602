import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Cusum } from '../../../../shared/math/cusum.ts'
import { Prng } from '../../../../shared/prng.ts'

test('adds what exceeds mean and slack; an alarm is shown once and starts over', () => {
  const cusum = new Cusum(10, 1, 4)
  const seen = [10, 13, 14, 13, 13].map((value) => [cusum.add(value), cusum.sum])
  expect(seen).toEqual([
    [false, 0],
    [false, 2],
    [true, 5],
    [false, 2],
    [false, 4],
  ])
})

test('reset starts over', () => {
  const cusum = new Cusum(0, 0, 10)
  cusum.add(6)
  cusum.reset()
  expect(cusum.add(6)).toBe(false)
  expect(cusum.sum).toBe(6)
})

test('the sum is the largest of all sums of a tail, or 0', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 40 }), (values) => {
      const cusum = new Cusum(0, 1, 1e9)
      for (const value of values) cusum.add(value)
      const tails = values.map((_, from) => values.slice(from).reduce((sum, value) => sum + value - 1, 0))
      expect(cusum.sum).toBe(Math.max(0, ...tails))
    }),
  )
})

test('a step of 2 deviations is found in about h / (2 - k) values, silence is long without one', () => {
  const prng = new Prng(3)
  const cusum = new Cusum(0, 0.5, 8)
  let alarms = 0
  for (let i = 0; i < 20_000; i++) if (cusum.add(prng.nextNormal())) alarms++
  expect(alarms).toBeLessThan(6)
  let waited = 0
  for (let run = 0; run < 200; run++) {
    cusum.reset()
    do waited++
    while (!cusum.add(2 + prng.nextNormal()))
  }
  expect(waited / 200).toBeGreaterThan(4)
  expect(waited / 200).toBeLessThan(8)
})
