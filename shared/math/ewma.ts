/**
 * Exponentially weighted mean and variance of a stream, the newest value weighing `alpha`: Finch 2009, "Incremental
 * calculation of weighted mean and variance". Float opinions, O(1) a value, nothing allocated.
 */
import { assert } from '../assert.ts'

const MEAN = 0
const VARIANCE = 1
const COUNT = 2
const VALUE = 3

export class Ewma {
  readonly #alpha: number
  /** In an array, because a field that holds changing doubles is boxed. */
  readonly #state = new Float64Array(4)

  /** 0 < alpha <= 1. */
  constructor(alpha: number) {
    assert(alpha > 0 && alpha <= 1, 'a weight lies above 0 and up to 1')
    this.#alpha = alpha
  }

  get count(): number {
    return this.#state[COUNT]
  }

  /** Of what was added; 0 before the first. */
  get mean(): number {
    return this.#state[MEAN]
  }

  get variance(): number {
    return this.#state[VARIANCE]
  }

  /** The first value is the mean, with variance 0; later v = (1 - alpha)(v + alpha d^2), d against the mean before. */
  add(value: number): void {
    this.#state[VALUE] = value
    this.#fold()
  }

  /** Apart, so that `add` is always inlined: a double handed to a call that is not is boxed. */
  #fold(): void {
    const state = this.#state
    if (state[COUNT]++ === 0) {
      state[MEAN] = state[VALUE]
      return
    }
    const before = state[MEAN]
    const difference = state[VALUE] - before
    state[MEAN] = this.#alpha * state[VALUE] + (1 - this.#alpha) * before
    state[VARIANCE] = (1 - this.#alpha) * (state[VARIANCE] + this.#alpha * difference * difference)
  }

  /** As if nothing had been added. */
  reset(): void {
    this.#state.fill(0)
  }

  /** As if the stream so far had this mean and variance. */
  restart(mean: number, variance: number): void {
    this.#state[MEAN] = mean
    this.#state[VARIANCE] = variance
    this.#state[COUNT] = 1
  }
}
