import { expect, test } from 'vitest'
import { PageHinkley } from '../../../../shared/math/page-hinkley.ts'
import { Prng } from '../../../../shared/prng.ts'

test('a rise above the mean so far adds up; the alarm is shown once and everything starts anew', () => {
  const detector = new PageHinkley(0, 3)
  const seen = [10, 10, 14, 14].map((value) => [detector.add(value), detector.excess])
  expect(seen.map(([isAlarm]) => isAlarm)).toEqual([false, false, false, true])
  expect(seen[2][1]).toBeCloseTo(14 - 34 / 3, 12)
  expect(seen[3][1]).toBeCloseTo(14 - 34 / 3 + 2, 12)
  expect(detector.add(14)).toBe(false)
  expect(detector.excess).toBe(0)
})

test('a fall is not its business: the least sum follows it down', () => {
  const detector = new PageHinkley(0.1, 5)
  for (let value = 100; value > 0; value--) expect(detector.add(value)).toBe(false)
  expect(detector.excess).toBe(0)
})

test('reset starts anew', () => {
  const detector = new PageHinkley(0, 100)
  for (const value of [1, 1, 50]) detector.add(value)
  detector.reset()
  detector.add(50)
  expect(detector.excess).toBe(0)
})

test('a step of one deviation is found; none is seen in 20,000 values without', () => {
  const prng = new Prng(8)
  const detector = new PageHinkley(0.25, 40)
  for (let i = 0; i < 20_000; i++) expect(detector.add(prng.nextNormal())).toBe(false)
  let waited = 0
  while (!detector.add(1 + prng.nextNormal())) waited++
  expect(waited).toBeLessThan(120)
})
