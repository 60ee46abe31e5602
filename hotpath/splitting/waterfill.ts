/**
 * Convex separable split: minimise sum a_i x_i + b_i x_i^2 / 2 with sum x = total, 0 <= x_i <= cap_i. All x_i share one
 * marginal cost mu (KKT): x_i = clip((mu - a_i) / b_i, 0, cap_i). Exact, by walking the sorted kinks. Cold side.
 */
export interface Waterfill {
  readonly x: readonly number[]
  readonly mu: number
  readonly cost: number
}

/** b above 0. Undefined when the caps do not reach the total. O(n^2) over at most 2n kinks. */
export function waterfill(
  total: number,
  a: readonly number[],
  b: readonly number[],
  cap: readonly number[],
): Waterfill | undefined {
  const levelAt = (mu: number) => a.map((start, at) => Math.min(cap[at], Math.max(0, (mu - start) / b[at])))
  const sumAt = (mu: number) => levelAt(mu).reduce((sum, x) => sum + x, 0)
  if (cap.reduce((sum, most) => sum + most, 0) < total) return undefined
  const kinks = a.flatMap((start, at) => [start, start + b[at] * cap[at]]).sort((one, two) => one - two)
  const above = kinks.findIndex((mu) => sumAt(mu) >= total)
  const low = kinks[Math.max(0, above - 1)]
  const high = kinks[above]
  const missing = total - sumAt(low)
  // Between two kinks the sum is a straight line.
  const slope = (sumAt(high) - sumAt(low)) / (high - low)
  const mu = missing <= 0 ? low : low + missing / slope
  const x = levelAt(mu)
  return { x, mu, cost: x.reduce((sum, amount, at) => sum + a[at] * amount + (b[at] * amount * amount) / 2, 0) }
}
