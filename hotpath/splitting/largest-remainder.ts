/** Hamilton's method: integer lots by weight with the exact total. Cold side. */
import { assert } from '../../shared/assert.ts'

/** Remainders are compared in these: weights are decimals, and doubles make equal remainders differ by 1e-16. */
const REMAINDER_STEPS = 1e9

/** Every share is its quota rounded down or up; the spare lots go to the largest remainders, ties to the lower index. */
export function largestRemainder(weights: readonly number[], lots: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  assert(total > 0 && Number.isSafeInteger(lots) && lots >= 0, 'weights have a sum and lots are whole')
  const quotas = weights.map((weight) => (weight * lots) / total)
  const shares = quotas.map(Math.floor)
  const spare = lots - shares.reduce((sum, share) => sum + share, 0)
  const order = quotas
    .map((quota, at) => ({ at, rest: Math.round((quota - shares[at]) * REMAINDER_STEPS) }))
    .sort((a, b) => b.rest - a.rest || a.at - b.at)
  for (const { at } of order.slice(0, spare)) shares[at]++
  return shares
}
