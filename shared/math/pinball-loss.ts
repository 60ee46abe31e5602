/** How wrong a quantile was: the score that the true quantile, and nothing else, makes least on average. */

/**
 * Pinball loss of `predicted` as the `share` quantile of what turned out `actual` (Koenker and Bassett 1978), in their
 * unit: share x shortfall below the actual, (1 - share) x excess above it. Never negative. O(1).
 */
export function pinballLoss(share: number, actual: number, predicted: number): number {
  return actual >= predicted ? share * (actual - predicted) : (1 - share) * (predicted - actual)
}
