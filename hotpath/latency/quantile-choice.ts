/**
 * Which of several forecasts of one quantile is served: the plain one, unless a challenger has been better by a margin
 * over the last `window` round trips AND by more than what serving challengers has cost so far.
 *
 * Never worse, up to a constant: `debt` is the running excess loss of what was served over the plain forecast, floored
 * at 0, so it bounds the excess of every stretch of time. A challenger is served only while its lead over the window
 * exceeds the debt, and a lead is at most window x (largest loss of one round trip), so the debt never passes
 * (window + 1) x that loss, however long it runs and whoever chooses the round trips.
 */
import { assert } from '../../shared/assert.ts'

export const PLAIN = -1

/** A lead below this share of the plain loss is the noise of the window. */
const LEAD_MIN = 0.005

export class QuantileChoice {
  readonly challengers: number
  readonly window: number
  readonly #leads: Float64Array
  readonly #plain: Float64Array
  readonly #leadSum: Float64Array
  readonly #plainSum: Float64Array
  readonly #debt: Float64Array
  readonly #seen: Float64Array
  readonly #served: Int8Array
  readonly #seenMin: Float64Array

  /**
   * choices x window x (challengers + 1) x 8 bytes. `seenMin` is how many round trips come before any challenger is
   * served, of choice c: seenMin[c % its length].
   */
  constructor(choices: number, challengers: number, window: number, seenMin: readonly number[]) {
    assert(choices > 0 && challengers > 0 && window > 0, 'a choice has challengers and a window')
    assert(seenMin.length > 0, 'a choice says when it begins')
    this.challengers = challengers
    this.window = window
    this.#leads = new Float64Array(choices * window * challengers)
    this.#plain = new Float64Array(choices * window)
    this.#leadSum = new Float64Array(choices * challengers)
    this.#plainSum = new Float64Array(choices)
    this.#debt = new Float64Array(choices)
    this.#seen = new Float64Array(choices)
    this.#served = new Int8Array(choices).fill(PLAIN)
    this.#seenMin = Float64Array.from(seenMin)
  }

  /** PLAIN or the challenger's number: what the next round trip is forecast with. */
  served(choice: number): number {
    return this.#served[choice]
  }

  /** Excess loss of what was served over the plain forecast, floored at 0; in the unit of the losses. */
  debt(choice: number): number {
    return this.#debt[choice]
  }

  /**
   * Losses of one round trip, in any one unit, not negative: losses[0] is the plain forecast's, then each challenger's.
   * O(challengers).
   */
  note(choice: number, losses: Float64Array): void {
    const served = this.#served[choice]
    if (served !== PLAIN) this.#debt[choice] = Math.max(0, this.#debt[choice] + losses[served + 1] - losses[0])
    const slot = choice * this.window + (this.#seen[choice] % this.window)
    this.#plainSum[choice] += losses[0] - this.#plain[slot]
    this.#plain[slot] = losses[0]
    for (let at = 0; at < this.challengers; at++) {
      const lead = losses[0] - losses[at + 1]
      this.#leadSum[choice * this.challengers + at] += lead - this.#leads[slot * this.challengers + at]
      this.#leads[slot * this.challengers + at] = lead
    }
    this.#seen[choice]++
    this.#served[choice] = this.#best(choice)
  }

  #best(choice: number): number {
    if (this.#seen[choice] < this.#seenMin[choice % this.#seenMin.length]) return PLAIN
    let best = PLAIN
    let lead = LEAD_MIN * this.#plainSum[choice] + this.#debt[choice]
    for (let at = 0; at < this.challengers; at++) {
      const its = this.#leadSum[choice * this.challengers + at]
      if (its <= lead) continue
      lead = its
      best = at
    }
    return best
  }
}
