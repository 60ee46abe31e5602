/**
 * Many writers to one reader without a contended index: a ring each, read in turn. Order holds within a ring, not between
 * rings; whoever needs more puts a sequence into the slot.
 *
 * Fair: a ring that has more is left after `burst` slots for the next one, so no writer waits longer than
 * (rings - 1) x burst slots. Bounded: one poll looks at each ring at most once. Allocates nothing.
 */
import { assert } from '../../shared/assert.ts'
import type { RingReader } from './ring.ts'

const State = { at: 0, left: 1, count: 2 } as const

export class FanIn {
  readonly #rings: readonly RingReader[]
  readonly #burst: number
  readonly #state = new Int32Array(State.count)
  /** 1 for a ring with polled slots that are not given back. */
  readonly #polled: Uint8Array

  /** `burst` is how many slots are taken from a ring in a row while others may wait. */
  constructor(rings: readonly RingReader[], burst: number) {
    assert(rings.length >= 1, 'something is read')
    assert(new Set(rings).size === rings.length, 'a ring is read once')
    assert(Number.isInteger(burst) && burst >= 1 && burst <= 2 ** 30, 'a turn is at least a slot')
    this.#rings = rings
    this.#burst = burst
    this.#state[State.left] = burst
    this.#polled = new Uint8Array(rings.length)
  }

  /** Which ring the last polled slot lies in. */
  get source(): number {
    return this.#state[State.at]
  }

  /** The same as an object: the slot's bytes, view and doubles. */
  get ring(): RingReader {
    return this.#rings[this.#state[State.at]]
  }

  /** Byte offset in `ring` of the next slot, or -1 when every ring is empty. Look at `ring` after each call. */
  poll(): number {
    const state = this.#state
    if (state[State.left] === 0) this.#turn()
    for (let looked = 0; looked < this.#rings.length; looked++) {
      const at = state[State.at]
      const slot = this.#rings[at].poll()
      if (slot >= 0) {
        state[State.left]--
        this.#polled[at] = 1
        return slot
      }
      this.#turn()
    }
    return -1
  }

  /** Gives every writer the slots polled since the last call. */
  release(): void {
    for (let at = 0; at < this.#rings.length; at++) {
      if (this.#polled[at] === 0) continue
      this.#polled[at] = 0
      this.#rings[at].release()
    }
  }

  #turn(): void {
    const next = this.#state[State.at] + 1
    this.#state[State.at] = next === this.#rings.length ? 0 : next
    this.#state[State.left] = this.#burst
  }
}
