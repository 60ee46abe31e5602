/**
 * Is this a peak, and do peaks of this venue last? The mean of the last few log deviations against the mean of many, times
 * how far such a difference has told the next round trip so far: a regression through the origin, less three of its standard
 * errors, so that where round trips are independent nothing is adjusted.
 */

/** Weight of the newest deviation in the short and in the long mean. */
const SHORT = 1 / 8
const LONG = 1 / 256
/** The regression forgets over about this many round trips. */
const MEMORY = 1 / 512
/** Standard errors a slope must exceed. */
const DOUBT = 3
/** A deviation beyond this is cut: one lost packet is no peak. */
const DEVIATION_MAX = 0.5

export class PeakAdjustment {
  readonly #short: Float64Array
  readonly #long: Float64Array
  readonly #cross: Float64Array
  readonly #square: Float64Array
  readonly #variance: Float64Array
  readonly #value = new Float64Array(1)

  constructor(rows: number) {
    this.#short = new Float64Array(rows)
    this.#long = new Float64Array(rows)
    this.#cross = new Float64Array(rows)
    this.#square = new Float64Array(rows)
    this.#variance = new Float64Array(rows)
  }

  /** What to add to a log quantile now; at most the peak itself. O(1). */
  logFactor(row: number): number {
    const square = this.#square[row]
    if (square === 0) return 0
    const weight = this.#cross[row] / square - DOUBT * Math.sqrt(this.#variance[row] / square)
    return Math.max(0, Math.min(1, weight)) * (this.#short[row] - this.#long[row])
  }

  /** How far, in logs, a round trip was from the median expected of it. */
  note(row: number, logDeviation: number): void {
    this.#value[0] = logDeviation
    this.noteFrom(row, this.#value, 0)
  }

  /** `note` of `values[index]`: no double is boxed on the way. O(1). */
  noteFrom(row: number, values: Float64Array, index: number): void {
    const deviation = Math.max(-DEVIATION_MAX, Math.min(DEVIATION_MAX, values[index]))
    const peak = this.#short[row] - this.#long[row]
    const off = deviation - this.#long[row]
    const kept = 1 - MEMORY
    this.#variance[row] += LONG * (off * off - this.#variance[row])
    this.#cross[row] = this.#cross[row] * kept + peak * off
    this.#square[row] = this.#square[row] * kept + peak * peak
    this.#short[row] += SHORT * (deviation - this.#short[row])
    this.#long[row] += LONG * (deviation - this.#long[row])
  }
}
