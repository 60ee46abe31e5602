/** The three quantiles of a venue's order latency that anything here forecasts. */
export const LatencyQuantile = { p50: 0, p90: 1, p99: 2 } as const
export type LatencyQuantile = (typeof LatencyQuantile)[keyof typeof LatencyQuantile]
export const latencyQuantileNames = Object.keys(LatencyQuantile) as readonly (keyof typeof LatencyQuantile)[]

export const QUANTILES = 3
/** Share of round trips that are at most the quantile. */
export const quantileShares = Float64Array.of(0.5, 0.9, 0.99)
