/**
 * How long what a venue shows can be relied on, learned from our own orders there: did the level we went for stand when we
 * arrived? Levels are taken to vanish at a constant rate, so one that has been exposed for t is gone with probability
 * 1 - exp(-rate t).
 */
import { assert } from '../../shared/assert.ts'
import { NS_PER_S } from '../../shared/units/time.ts'

/** Orders over which a venue's rate is forgotten: its makers change within days. */
const MEMORY = 1 / 2_000
/** Gone levels that the prior rate is worth. */
const PRIOR_GONE = 2

export class QuoteDecay {
  readonly #gone: Float64Array
  readonly #seconds: Float64Array

  /** `perS`: rate before the first order, gone levels a second of exposure. */
  constructor(venues: number, perS: number) {
    assert(venues > 0 && perS > 0, 'a decay has a venue and a rate to start with')
    this.#gone = new Float64Array(venues).fill(PRIOR_GONE)
    this.#seconds = new Float64Array(venues).fill(PRIOR_GONE / perS)
  }

  /** Levels gone a second of exposure: the mean of a gamma posterior. O(1). */
  ratePerS(venue: number): number {
    return this.#gone[venue] / this.#seconds[venue]
  }

  /** Probability that a level shown is gone after this exposure. 0 at 0, rising. O(1). */
  goneShare(venue: number, exposureNs: number): number {
    return -Math.expm1((-this.ratePerS(venue) * Math.max(0, exposureNs)) / NS_PER_S)
  }

  /**
   * An order of ours reached the venue after its level had been exposed for this long. A level found gone stood for half
   * of it in the mean: when within the exposure it went is not seen. O(1), no allocation.
   */
  note(venue: number, exposureNs: number, isGone: boolean): void {
    if (!(exposureNs > 0)) return
    const stoodS = (isGone ? exposureNs / 2 : exposureNs) / NS_PER_S
    const kept = 1 - MEMORY
    this.#gone[venue] = this.#gone[venue] * kept + (isGone ? 1 : 0)
    this.#seconds[venue] = this.#seconds[venue] * kept + stoodS
  }
}
