/** Two routes over the same orders: is the mean difference real? Paired t, and Wilcoxon's exact signed ranks. */
import { assert } from '../assert.ts'
import type { Interval } from './interval.ts'
import { covariance, mean } from './moments.ts'
import { studentQuantile, studentTwoSidedP } from './student-t.ts'

export interface PairedT {
  readonly mean: number
  readonly standardError: number
  /** Infinite when every difference is the same and not 0. */
  readonly t: number
  readonly p: number
  readonly interval95: Interval
}

/** Differences in any one unit, at least two. Two-sided; assumes independent pairs (bootstrap blocks otherwise). */
export function pairedT(differences: ArrayLike<number>): PairedT {
  assert(differences.length > 1, 'a paired t test needs two pairs')
  const freedom = differences.length - 1
  const average = mean(differences)
  const standardError = Math.sqrt(covariance(differences, differences) / differences.length)
  const t = average === 0 ? 0 : average / standardError
  const reach = studentQuantile(0.975, freedom) * standardError
  const interval95 = { low: average - reach, high: average + reach }
  return { mean: average, standardError, t, p: studentTwoSidedP(t, freedom), interval95 }
}

/** The exact distribution has n (n + 1) values: beyond this a normal approximation would do, and nobody has asked. */
export const WILCOXON_PAIRS_MAX = 500

/**
 * Exact two-sided p of the signed-rank statistic (Wilcoxon 1945): the chance, over all 2^n signs, of a rank sum at
 * least as far out on its side, doubled and at most 1. Zero differences are left out; ties share their mean rank,
 * which stays exact because ranks are counted in halves. O(n^3) time, O(n^2) memory.
 */
export function wilcoxonSignedRankP(differences: ArrayLike<number>): number {
  const sizes = Array.from(differences).filter((difference) => difference !== 0)
  assert(sizes.length <= WILCOXON_PAIRS_MAX, 'the exact signed-rank distribution is kept small')
  sizes.sort((a, b) => Math.abs(a) - Math.abs(b))
  const ranks = doubledRanks(sizes)
  const all = sizes.length * (sizes.length + 1)
  let positive = 0
  for (let i = 0; i < sizes.length; i++) if (sizes[i] > 0) positive += ranks[i]
  const chance = signedRankChances(ranks, all)
  let below = 0
  for (let sum = 0; sum <= Math.min(positive, all - positive); sum++) below += chance[sum]
  return Math.min(1, 2 * below)
}

/** Twice the mid-rank of every difference, given in order of absolute size. */
function doubledRanks(sorted: readonly number[]): Int32Array {
  const ranks = new Int32Array(sorted.length)
  for (let from = 0; from < sorted.length; ) {
    let to = from
    while (to < sorted.length && Math.abs(sorted[to]) === Math.abs(sorted[from])) to++
    ranks.fill(from + 1 + to, from, to)
    from = to
  }
  return ranks
}

/** Probability of every doubled rank sum when each sign is a fair coin. */
function signedRankChances(ranks: Int32Array, all: number): Float64Array {
  const chance = new Float64Array(all + 1)
  chance[0] = 1
  let reached = 0
  for (const rank of ranks) {
    reached += rank
    for (let sum = reached; sum >= 0; sum--) chance[sum] = 0.5 * (chance[sum] + (sum >= rank ? chance[sum - rank] : 0))
  }
  return chance
}
