/**
 * Local-level Kalman filter: a level that walks (variance q a step) seen through noise (variance r). Durbin and Koopman
 * 2012, "Time Series Analysis by State Space Methods", section 2.2. Float opinions, O(1) a value, nothing allocated.
 */
import { assert } from '../assert.ts'

const MEAN = 0
const VARIANCE = 1
const COUNT = 2

export class LocalLevelKalman {
  readonly #walkVariance: number
  readonly #noiseVariance: number
  /** In an array, because a field that holds changing doubles is boxed. */
  readonly #state = new Float64Array(3)

  /** `walkVariance` (q) is 0 or more, `noiseVariance` (r) above 0; both in squared units of the values. */
  constructor(walkVariance: number, noiseVariance: number) {
    assert(walkVariance >= 0, 'a walk has a variance of 0 or more')
    assert(noiseVariance > 0, 'without noise there is nothing to filter')
    this.#walkVariance = walkVariance
    this.#noiseVariance = noiseVariance
  }

  get count(): number {
    return this.#state[COUNT]
  }

  /** The level as far as it is known; 0 before the first value. */
  get mean(): number {
    return this.#state[MEAN]
  }

  /** Of the level, not of the next value: that has walk and noise on top. */
  get variance(): number {
    return this.#state[VARIANCE]
  }

  /** The first value is the level, as uncertain as the noise. */
  add(value: number): void {
    const state = this.#state
    if (state[COUNT]++ === 0) {
      state[MEAN] = value
      state[VARIANCE] = this.#noiseVariance
      return
    }
    const predicted = state[VARIANCE] + this.#walkVariance
    const gain = predicted / (predicted + this.#noiseVariance)
    state[MEAN] += gain * (value - state[MEAN])
    state[VARIANCE] = predicted * (1 - gain)
  }
}
