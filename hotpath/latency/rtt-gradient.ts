/** Is a queue growing? The smoothed change of the round trip a sample: Mittal et al. 2015, "TIMELY", algorithm 1. */
import { assert } from '../../shared/assert.ts'

const PREVIOUS = 0
const DIFFERENCE = 1
const COUNT = 2
const VALUE = 3

export class RttGradient {
  readonly #alpha: number
  readonly #state = new Float64Array(4)

  /** Weight of the newest change, 0 < alpha <= 1. */
  constructor(alpha: number) {
    assert(alpha > 0 && alpha <= 1, 'a weight lies above 0 and up to 1')
    this.#alpha = alpha
  }

  /** Any unit of time; the first sample makes no change yet. O(1), allocates nothing. */
  note(rtt: number): void {
    this.#state[VALUE] = rtt
    this.#fold()
  }

  /** Apart, so that `note` is always inlined: a double handed to a call that is not is boxed. */
  #fold(): void {
    const state = this.#state
    if (state[COUNT]++ > 0) {
      state[DIFFERENCE] = (1 - this.#alpha) * state[DIFFERENCE] + this.#alpha * (state[VALUE] - state[PREVIOUS])
    }
    state[PREVIOUS] = state[VALUE]
  }

  /** Change a sample as a share of the smallest round trip (same unit); above 0 a queue grows, below 0 it drains. */
  over(minRtt: number): number {
    return this.#state[DIFFERENCE] / minRtt
  }

  reset(): void {
    this.#state.fill(0)
  }
}
