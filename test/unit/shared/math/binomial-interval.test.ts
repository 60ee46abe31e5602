/** Reference values: scipy 1.17 binomtest(...).proportion_ci; success-run tables (59, 93, 124). */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clopperPearson,
  exactLowerBound,
  exactUpperBound,
  trialsNeeded,
  wilsonInterval,
  zeroFailures,
} from '../../../../shared/math/binomial-interval.ts'

test('7 of 20', () => {
  const exact = clopperPearson(7, 20)
  expect(exact.low).toBeCloseTo(0.1539092047845412, 11)
  expect(exact.high).toBeCloseTo(0.5921885345328283, 11)
  const score = wilsonInterval(7, 20)
  expect(score.low).toBeCloseTo(0.1811918241010821, 11)
  expect(score.high).toBeCloseTo(0.5671457233147637, 11)
})

test('none and all have one open end', () => {
  expect(clopperPearson(0, 30).low).toBe(0)
  expect(clopperPearson(30, 30).high).toBe(1)
  expect(exactUpperBound(0, 30)).toBeCloseTo(1 - 0.05 ** (1 / 30), 12)
  expect(wilsonInterval(0, 30).low).toBe(0)
  expect(wilsonInterval(30, 30).high).toBe(1)
})

test('zero failures agree with the exact bound, also in the millions', () => {
  for (const trials of [1, 59, 100_000, 10_000_000]) {
    expect(zeroFailures(trials).upper95 / exactUpperBound(0, trials)).toBeCloseTo(1, 10)
  }
  expect(zeroFailures(300).ruleOfThree).toBe(0.01)
})

test('one failure in a million and a half keeps its digits', () => {
  // mpmath: root of (1 - p)^n + n p (1 - p)^(n - 1) = 0.05
  expect(exactUpperBound(1, 1_529_462) / 3.101651896094959e-6).toBeCloseTo(1, 13)
})

test.each([
  [0.95, 0, 59],
  [0.95, 1, 93],
  [0.95, 2, 124],
  [0.99, 0, 299],
  [0.999, 0, 2_995],
])('proving %d with %d failures', (rate, failures, trials) => {
  expect(trialsNeeded(rate, failures)).toBe(trials)
  expect(exactLowerBound(trials - failures, trials)).toBeGreaterThanOrEqual(rate)
  expect(exactLowerBound(trials - 1 - failures, trials - 1)).toBeLessThan(rate)
})

test('counts that are none stop', () => {
  expect(() => clopperPearson(3, 2)).toThrow('between 0 and the trials')
  expect(() => clopperPearson(0.5, 2)).toThrow('counts')
  expect(() => trialsNeeded(1, 0)).toThrow('inside (0, 1)')
})

test('an interval holds its rate, and failures mirror successes', () => {
  const counts = fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.nat({ max: 400 }))
    .map(([trials, some]) => [some % (trials + 1), trials] as const)
  fc.assert(
    fc.property(counts, ([successes, trials]) => {
      const rate = successes / trials
      for (const interval of [clopperPearson, wilsonInterval]) {
        const of = interval(successes, trials)
        const mirror = interval(trials - successes, trials)
        expect(of.low).toBeLessThanOrEqual(rate)
        expect(of.high).toBeGreaterThanOrEqual(rate)
        expect(of.low).toBeCloseTo(1 - mirror.high, 10)
      }
    }),
  )
})
