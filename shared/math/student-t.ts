/** Student's t distribution: tails and quantiles, through the incomplete beta (DLMF 8.17, Abramowitz & Stegun 26.7). */
import { assert } from '../assert.ts'
import { incompleteBeta, incompleteBetaInverse } from './special-functions.ts'

/** P(|T| > |t|) with `freedom` degrees of freedom: the two-sided p value. */
export function studentTwoSidedP(t: number, freedom: number): number {
  assert(freedom > 0, 'degrees of freedom are positive')
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0
  const square = t * t
  return incompleteBeta(freedom / (freedom + square), freedom / 2, 0.5, square / (freedom + square))
}

/** P(T <= t). */
export function studentCdf(t: number, freedom: number): number {
  const tail = studentTwoSidedP(t, freedom) / 2
  return t > 0 ? 1 - tail : tail
}

/** t with P(T <= t) = p, 0 < p < 1. */
export function studentQuantile(p: number, freedom: number): number {
  assert(p > 0 && p < 1, 'a t quantile needs a probability inside (0, 1)')
  assert(freedom > 0, 'degrees of freedom are positive')
  if (p < 0.5) return -studentQuantile(1 - p, freedom)
  const tail = 2 * (1 - p)
  // Near the centre t is small: solve for t^2 / (freedom + t^2) itself, which then keeps its digits.
  if (tail > 0.5) {
    const share = incompleteBetaInverse(1 - tail, 0.5, freedom / 2)
    return Math.sqrt((freedom * share) / (1 - share))
  }
  const rest = incompleteBetaInverse(tail, freedom / 2, 0.5)
  return Math.sqrt((freedom * (1 - rest)) / rest)
}
