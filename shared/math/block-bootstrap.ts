/** Confidence without independence: whole blocks of a series are drawn again, so that what hangs together stays so. */
import { assert } from '../assert.ts'
import type { Prng } from '../prng.ts'
import type { Interval } from './interval.ts'
import { nearestRank } from './quantile.ts'

/**
 * Percentile interval of sum(numerator) / sum(denominator) when blocks of rows are resampled with replacement.
 * `block` names each row's block, 0 .. blocks - 1; a block may be a quarter of an hour, a day or one book.
 * O(rows + draws x blocks). Deterministic for a given Prng.
 */
export function bootstrapRatio(
  numerator: ArrayLike<number>,
  denominator: ArrayLike<number>,
  block: ArrayLike<number>,
  prng: Prng,
  draws = 2_000,
  risk = 0.05,
): Interval {
  const rows = numerator.length
  assert(rows > 0 && denominator.length === rows && block.length === rows, 'every row has a ratio and a block')
  let blocks = 0
  for (let i = 0; i < rows; i++) blocks = Math.max(blocks, block[i] + 1)
  const above = new Float64Array(blocks)
  const below = new Float64Array(blocks)
  for (let i = 0; i < rows; i++) {
    above[block[i]] += numerator[i]
    below[block[i]] += denominator[i]
  }
  const ratios = new Float64Array(draws)
  for (let draw = 0; draw < draws; draw++) {
    let a = 0
    let b = 0
    for (let i = 0; i < blocks; i++) {
      const drawn = prng.nextBelow(blocks)
      a += above[drawn]
      b += below[drawn]
    }
    ratios[draw] = a / b
  }
  ratios.sort()
  return { low: nearestRank(ratios, risk / 2), high: nearestRank(ratios, 1 - risk / 2) }
}
