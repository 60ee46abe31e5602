/**
 * Linear quantile regression learned one sample at a time: a step against the gradient of the pinball loss (Koenker and
 * Bassett 1978), each weight with a step of its own that shrinks with what it has seen (AdaGrad, Duchi, Hazan and Singer
 * 2011). Weights start at 0: an untaught model adds nothing.
 */
import { assert } from '../../shared/assert.ts'
import { type LatencyQuantile, quantileShares } from './latency-quantile.ts'

/** Squared gradient a weight starts with, so that the first step is bounded. */
const SQUARE_MIN = 0.01
/** Step over sqrt(p (1 - p)): the standard deviation of the pinball gradient, so the rarer quantile moves less. */
const STEP = 0.03

export class QuantileRegression {
  readonly features: number
  readonly #weights: Float64Array
  readonly #squares: Float64Array

  /** models x features x 16 bytes. */
  constructor(models: number, features: number) {
    assert(models > 0 && features > 0, 'a regression has a model and a feature')
    this.features = features
    this.#weights = new Float64Array(models * features)
    this.#squares = new Float64Array(models * features).fill(SQUARE_MIN)
  }

  weight(model: number, feature: number): number {
    return this.#weights[model * this.features + feature]
  }

  /** Weights x features, read from `x` at `at`, into `into[index]`: a returned double may be boxed. O(features). */
  predict(model: number, x: Float64Array, at: number, into: Float64Array, index: number): void {
    const from = model * this.features
    let sum = 0
    for (let feature = 0; feature < this.features; feature++) sum += this.#weights[from + feature] * x[at + feature]
    into[index] = sum
  }

  /** Learns that for these features the outcome was above (or else not above) the predicted quantile. O(features). */
  learn(model: number, x: Float64Array, at: number, quantile: LatencyQuantile, isAbove: boolean): void {
    const from = model * this.features
    const share = quantileShares[quantile]
    const gradient = isAbove ? -share : 1 - share
    const step = STEP * Math.sqrt(share * (1 - share))
    for (let feature = 0; feature < this.features; feature++) {
      const slope = gradient * x[at + feature]
      this.#squares[from + feature] += slope * slope
      this.#weights[from + feature] -= (step * slope) / Math.sqrt(this.#squares[from + feature])
    }
  }
}
