/** The few statistics the derivation needs. */

/** The value below which a share `p` of `values` lies, by rank. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN
}

/** The same where each value counts by its weight: time-weighted spreads. */
export function weightedQuantile(values: readonly number[], weights: readonly number[], p: number): number {
  const order = values.map((_, at) => at).sort((a, b) => values[a] - values[b])
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let seen = 0
  for (const at of order) {
    seen += weights[at]
    if (seen >= total * p) return values[at]
  }
  return Number.NaN
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

export function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}

export function correlation(a: readonly number[], b: readonly number[]): number {
  const middleA = mean(a)
  const middleB = mean(b)
  const product = mean(a.map((value, at) => (value - middleA) * (b[at] - middleB)))
  return product / (deviation(a) * deviation(b))
}

/** Four significant digits: more would pretend. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4))
}
