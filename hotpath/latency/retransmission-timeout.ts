/** How long to wait for an answer before asking again: RFC 6298, section 2. One unit of time throughout, the caller's. */
import { assert } from '../../shared/assert.ts'

const SMOOTHED = 0
const VARIATION = 1
const COUNT = 2

export class RetransmissionTimeout {
  readonly #granularity: number
  readonly #least: number
  /** In an array, because a field that holds changing doubles is boxed. */
  readonly #state = new Float64Array(3)

  /** `granularity` of the clock (G), and the least timeout ever (RFC: one second). */
  constructor(granularity: number, least: number) {
    assert(granularity >= 0 && least >= 0, 'times are 0 or more')
    this.#granularity = granularity
    this.#least = least
  }

  /** SRTT; 0 before the first sample. */
  get smoothed(): number {
    return this.#state[SMOOTHED]
  }

  /** RTTVAR. */
  get variation(): number {
    return this.#state[VARIATION]
  }

  /** RTO = max(least, SRTT + max(G, 4 RTTVAR)); Infinity before the first sample: nothing is known to wait for. */
  get timeout(): number {
    const state = this.#state
    if (state[COUNT] === 0) return Number.POSITIVE_INFINITY
    return Math.max(this.#least, state[SMOOTHED] + Math.max(this.#granularity, 4 * state[VARIATION]))
  }

  /** A round trip of something that was sent once (Karn: answers to repeats are no samples). O(1), allocates nothing. */
  note(roundTrip: number): void {
    const state = this.#state
    if (state[COUNT]++ === 0) {
      state[SMOOTHED] = roundTrip
      state[VARIATION] = roundTrip / 2
      return
    }
    state[VARIATION] = 0.75 * state[VARIATION] + 0.25 * Math.abs(state[SMOOTHED] - roundTrip)
    state[SMOOTHED] = 0.875 * state[SMOOTHED] + 0.125 * roundTrip
  }
}
