/** What a count of successes says about the rate behind it: exact and score intervals, and what zero failures prove. */
import { assert } from '../assert.ts'
import type { Interval } from './interval.ts'
import { incompleteBeta, incompleteBetaInverse, normalQuantile } from './special-functions.ts'

function assertCount(successes: number, trials: number): void {
  assert(Number.isInteger(successes) && Number.isInteger(trials), 'successes and trials are counts')
  assert(trials > 0 && successes >= 0 && successes <= trials, 'successes are between 0 and the trials')
}

/** Largest rate that `successes` or fewer still have a chance of `risk` under (Clopper & Pearson 1934), one-sided. */
export function exactUpperBound(successes: number, trials: number, risk = 0.05): number {
  assertCount(successes, trials)
  if (successes === trials) return 1
  return incompleteBetaInverse(1 - risk, successes + 1, trials - successes)
}

/** Smallest rate that `successes` or more still have a chance of `risk` under, one-sided. */
export function exactLowerBound(successes: number, trials: number, risk = 0.05): number {
  assertCount(successes, trials)
  if (successes === 0) return 0
  return incompleteBetaInverse(risk, successes, trials - successes + 1)
}

/** Two-sided exact interval: half the risk on each side. */
export function clopperPearson(successes: number, trials: number, risk = 0.05): Interval {
  return {
    low: exactLowerBound(successes, trials, risk / 2),
    high: exactUpperBound(successes, trials, risk / 2),
  }
}

/** Score interval (Wilson 1927), two-sided. */
export function wilsonInterval(successes: number, trials: number, risk = 0.05): Interval {
  assertCount(successes, trials)
  const z = normalQuantile(1 - risk / 2)
  const rate = successes / trials
  const scale = 1 + (z * z) / trials
  const centre = (rate + (z * z) / (2 * trials)) / scale
  const reach = (z / scale) * Math.sqrt((rate * (1 - rate)) / trials + (z * z) / (4 * trials * trials))
  // At the ends both are equal: the rounding of doubles must not leave the rate outside.
  return { low: successes === 0 ? 0 : centre - reach, high: successes === trials ? 1 : centre + reach }
}

export interface ZeroFailures {
  /** 1 - 0.05^(1/n): no failure in n trials leaves the failure rate below this with 95 % confidence. */
  readonly upper95: number
  /** 3 / n, the thumb rule (Hanley & Lippman-Hand 1983). */
  readonly ruleOfThree: number
}

export function zeroFailures(trials: number): ZeroFailures {
  assertCount(0, trials)
  // expm1 keeps the digits that 1 - 0.05^(1/n) would lose for a large n.
  return { upper95: -Math.expm1(Math.log(0.05) / trials), ruleOfThree: 3 / trials }
}

/**
 * Fewest trials that, with `failures` failures, put the one-sided 95 % lower bound of success at `rate` or above: the
 * least n with P(failures or fewer | n, 1 - rate) <= 0.05. Doubling, then halving: O(log n) evaluations.
 */
export function trialsNeeded(rate: number, failures: number): number {
  assert(rate > 0 && rate < 1, 'a success rate to prove lies inside (0, 1)')
  assert(Number.isInteger(failures) && failures >= 0, 'failures are a count')
  const proves = (trials: number): boolean => incompleteBeta(rate, trials - failures, failures + 1) <= 0.05
  let low = failures
  let high = failures + 1
  while (!proves(high)) {
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (proves(middle)) high = middle
    else low = middle
  }
  return high
}
