/** Two classifiers on the same cases: do their errors differ? Exact two-sided McNemar test. */
import { assert } from '../assert.ts'
import { incompleteBeta } from './special-functions.ts'

/** `onlyFirst` and `onlySecond` are the discordant counts. p = 2 P(X <= smaller), X ~ binomial(sum, 1/2), at most 1. */
export function mcnemarP(onlyFirst: number, onlySecond: number): number {
  assert(Number.isInteger(onlyFirst) && onlyFirst >= 0, 'a discordant count is a count')
  assert(Number.isInteger(onlySecond) && onlySecond >= 0, 'a discordant count is a count')
  const fewer = Math.min(onlyFirst, onlySecond)
  const more = Math.max(onlyFirst, onlySecond)
  if (fewer === more) return 1
  return Math.min(1, 2 * incompleteBeta(0.5, more, fewer + 1))
}
