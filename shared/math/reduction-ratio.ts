/** How much cheaper than a baseline, as a ratio of weighted costs with its interval (delta method). */
import { assert } from '../assert.ts'
import type { Interval } from './interval.ts'
import { covariance, mean } from './moments.ts'
import { studentQuantile } from './student-t.ts'

export interface Reduction {
  /** 1 - sum(w r) / sum(w b); 0.3 is 30 % cheaper. */
  readonly reduction: number
  readonly standardError: number
  readonly interval95: Interval
}

/**
 * Paired costs of router and baseline in one unit, weights in notional. The linearised variance of R = mean(u) / mean(v),
 * u = w r, v = w b, is (s_uu - 2 R s_uv + R^2 s_vv) / (n mean(v)^2) with n - 1 sample moments; t with n - 1 degrees.
 * A baseline whose weighted cost is 0 has no reduction: asserted. O(n).
 */
export function reductionRatio(
  router: ArrayLike<number>,
  baseline: ArrayLike<number>,
  weight: ArrayLike<number>,
): Reduction {
  const n = router.length
  assert(n > 1 && baseline.length === n && weight.length === n, 'a reduction compares at least two weighted pairs')
  const u = Float64Array.from(router, (cost, i) => cost * weight[i])
  const v = Float64Array.from(baseline, (cost, i) => cost * weight[i])
  const base = mean(v)
  assert(base !== 0, 'a reduction needs a baseline that costs something')
  const ratio = mean(u) / base
  const spread = covariance(u, u) - 2 * ratio * covariance(u, v) + ratio * ratio * covariance(v, v)
  const standardError = Math.sqrt(Math.max(0, spread) / n) / Math.abs(base)
  const reach = studentQuantile(0.975, n - 1) * standardError
  const reduction = 1 - ratio
  return { reduction, standardError, interval95: { low: reduction - reach, high: reduction + reach } }
}

/** A claim of "more than target" holds only when the whole interval lies above it. */
export function isClaimSupported(reduction: Reduction, target: number): boolean {
  return reduction.interval95.low > target
}
