/**
 * Has the mean of a stream risen? One-sided upper CUSUM: Page 1954, "Continuous inspection schemes". Float opinion,
 * O(1) a value, nothing allocated.
 */
import { assert } from '../assert.ts'

const SUM = 0
const VALUE = 1

export class Cusum {
  readonly #mean: number
  readonly #slack: number
  readonly #threshold: number
  readonly #state = new Float64Array(2)
  #isAlarm = false

  /** `mean` is the usual one, `slack` (k) half the rise to find, `threshold` (h) what it must add up to. */
  constructor(mean: number, slack: number, threshold: number) {
    assert(threshold > 0, 'a threshold is above 0')
    this.#mean = mean
    this.#slack = slack
    this.#threshold = threshold
  }

  /** S = max(0, S + x - mean - k). After an alarm it still shows what raised it; the next value starts from 0. */
  get sum(): number {
    return this.#state[SUM]
  }

  /** Did this value raise the alarm? S > h. */
  add(value: number): boolean {
    this.#state[VALUE] = value
    return this.#fold()
  }

  /** Apart, so that `add` is always inlined: a double handed to a call that is not is boxed. */
  #fold(): boolean {
    const state = this.#state
    const before = this.#isAlarm ? 0 : state[SUM]
    state[SUM] = Math.max(0, before + state[VALUE] - this.#mean - this.#slack)
    this.#isAlarm = state[SUM] > this.#threshold
    return this.#isAlarm
  }

  reset(): void {
    this.#state[SUM] = 0
    this.#isAlarm = false
  }
}
