/** Quantiles of a sample that is already in order (Hyndman and Fan 1996 name the kinds). */
import { assert } from '../assert.ts'

/** Nearest-rank quantile of ascending values, 0 < share <= 1; 1e-9 forgives 0.07 x 100 = 7.000000000000001. O(1). */
export function nearestRank(ascending: ArrayLike<number>, share: number): number {
  assert(ascending.length > 0, 'a quantile needs a value')
  const rank = Math.ceil(share * ascending.length - 1e-9)
  return ascending[Math.min(ascending.length, Math.max(1, rank)) - 1]
}

/** Type 7 quantile of ascending values, 0 <= share <= 1: linear between the two values around (n - 1) share. O(1). */
export function linearQuantile(ascending: ArrayLike<number>, share: number): number {
  assert(ascending.length > 0, 'a quantile needs a value')
  assert(share >= 0 && share <= 1, 'a share lies between 0 and 1')
  const position = (ascending.length - 1) * share
  const below = Math.floor(position)
  const above = Math.min(below + 1, ascending.length - 1)
  return ascending[below] + (position - below) * (ascending[above] - ascending[below])
}

/** The middle value, or the mean of the two in the middle. */
export function median(ascending: ArrayLike<number>): number {
  return linearQuantile(ascending, 0.5)
}
