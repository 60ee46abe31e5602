/** Quantiles of a sample that is already in order. */
import { assert } from '../assert.ts'

/** Nearest-rank quantile of ascending values, 0 < share <= 1; 1e-9 forgives 0.07 x 100 = 7.000000000000001. O(1). */
export function nearestRank(ascending: ArrayLike<number>, share: number): number {
  assert(ascending.length > 0, 'a quantile needs a value')
  const rank = Math.ceil(share * ascending.length - 1e-9)
  return ascending[Math.min(ascending.length, Math.max(1, rank)) - 1]
}
