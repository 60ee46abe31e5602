/**
 * Has the mean of a stream risen above what it was so far? The Page-Hinkley test: Page 1954; Gama et al. 2014, "A survey on
 * concept drift adaptation". Unlike CUSUM it needs no usual mean. Float opinion, O(1) a value, nothing allocated.
 */
import { assert } from '../assert.ts'

const COUNT = 0
const MEAN = 1
const SUM = 2
const LEAST = 3
const VALUE = 4

export class PageHinkley {
  readonly #tolerance: number
  readonly #threshold: number
  readonly #state = new Float64Array(5)
  #isAlarm = false

  /** `tolerance` (delta): a rise that is let pass; `threshold` (lambda): what the rest must add up to. */
  constructor(tolerance: number, threshold: number) {
    assert(threshold > 0, 'a threshold is above 0')
    this.#tolerance = tolerance
    this.#threshold = threshold
  }

  /**
   * m - min m, where m sums x - mean - delta, the mean runs with x and min m starts at 0. After an alarm it still shows
   * what raised it; the next value starts anew, mean and all.
   */
  get excess(): number {
    return this.#state[SUM] - this.#state[LEAST]
  }

  /** Did this value raise the alarm? excess > lambda. */
  add(value: number): boolean {
    if (this.#isAlarm) this.reset()
    this.#state[VALUE] = value
    return this.#fold()
  }

  /** Apart, so that `add` is always inlined: a double handed to a call that is not is boxed. */
  #fold(): boolean {
    const state = this.#state
    state[COUNT]++
    state[MEAN] += (state[VALUE] - state[MEAN]) / state[COUNT]
    state[SUM] += state[VALUE] - state[MEAN] - this.#tolerance
    state[LEAST] = Math.min(state[LEAST], state[SUM])
    this.#isAlarm = this.excess > this.#threshold
    return this.#isAlarm
  }

  reset(): void {
    this.#state.fill(0)
    this.#isAlarm = false
  }
}
