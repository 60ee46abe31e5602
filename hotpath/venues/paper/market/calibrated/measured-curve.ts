/** Measured quantiles and depth as curves: drawn from, and asked at any distance. */
import { assert } from '../../../../../shared/assert.ts'
import type { Prng } from '../../../../../shared/prng.ts'
import { type DepthPoint, QUANTILE_LEVELS, type Quantiles } from '../calibration/calibration.ts'

/**
 * Draws from a distribution given by its quantiles: straight lines between them on a logarithmic scale; the twentieth
 * below p05 and the hundredth above p99 are drawn at those. O(quantiles).
 */
export class MeasuredDraw {
  readonly #logs: Float64Array

  constructor(quantiles: Quantiles) {
    assert(quantiles.length === QUANTILE_LEVELS.length && quantiles[0] > 0, 'quantiles are positive and complete')
    this.#logs = Float64Array.from(quantiles, Math.log)
  }

  draw(prng: Prng): number {
    return this.at(prng.nextFloat())
  }

  /** The quantile of level p. */
  at(p: number): number {
    const logs = this.#logs
    const last = QUANTILE_LEVELS.length - 1
    if (p <= QUANTILE_LEVELS[0]) return Math.exp(logs[0])
    for (let i = 1; i <= last; i++) {
      if (p > QUANTILE_LEVELS[i]) continue
      const share = (p - QUANTILE_LEVELS[i - 1]) / (QUANTILE_LEVELS[i] - QUANTILE_LEVELS[i - 1])
      return Math.exp(logs[i - 1] + share * (logs[i] - logs[i - 1]))
    }
    return Math.exp(logs[last])
  }
}

/** Money within a distance of the mid, one side: log-log lines through the measured points, `farExponent` beyond them. */
export class DepthCurve {
  readonly #bps: Float64Array
  readonly #amounts: Float64Array
  readonly #farExponent: number

  constructor(points: readonly DepthPoint[], farExponent: number) {
    const whole = points.filter(([, amount]) => amount > 0)
    assert(whole.length > 1, 'a depth curve has two points')
    this.#bps = Float64Array.from(whole, ([bps]) => bps)
    this.#amounts = Float64Array.from(whole, ([, amount]) => amount)
    this.#farExponent = farExponent
  }

  /** Below the first point the amount falls in proportion to the distance. */
  within(bps: number): number {
    const last = this.#bps.length - 1
    if (bps <= this.#bps[0]) return (this.#amounts[0] * Math.max(bps, 0)) / this.#bps[0]
    if (bps >= this.#bps[last]) return this.#amounts[last] * (bps / this.#bps[last]) ** this.#farExponent
    let i = 1
    while (this.#bps[i] < bps) i++
    const share = Math.log(bps / this.#bps[i - 1]) / Math.log(this.#bps[i] / this.#bps[i - 1])
    return this.#amounts[i - 1] * (this.#amounts[i] / this.#amounts[i - 1]) ** share
  }
}
