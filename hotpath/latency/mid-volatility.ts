/**
 * How fast an instrument's price moves now: the volatility of its mid per square root of a second, a row per instrument.
 * Squared log moves over the time they took, both forgotten at one rate, so that quiet stretches count as what they are.
 */
import { assert } from '../../shared/assert.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import { NS_PER_MS, NS_PER_S } from '../../shared/units/time.ts'

/** Moves are measured over at least this long: below it the bounce of a touch counts as movement. */
const STEP_NS = 100 * NS_PER_MS
const MEMORY_S_DEFAULT = 60
const BPS = 10_000

export class MidVolatility {
  readonly #memoryS: number
  readonly #mid: Float64Array
  readonly #atNs: Float64Array
  readonly #squares: Float64Array
  readonly #seconds: Float64Array
  readonly #bpsPerRootS: Float64Array

  /** `bpsPerRootS` is what an instrument has before its first move: a guess of the configuration, or 0. */
  constructor(instruments: number, bpsPerRootS = 0, memoryS = MEMORY_S_DEFAULT) {
    assert(instruments > 0 && bpsPerRootS >= 0 && memoryS > 0, 'volatility has an instrument and a memory')
    this.#memoryS = memoryS
    this.#mid = new Float64Array(instruments)
    this.#atNs = new Float64Array(instruments)
    this.#squares = new Float64Array(instruments)
    this.#seconds = new Float64Array(instruments)
    this.#bpsPerRootS = new Float64Array(instruments).fill(bpsPerRootS)
  }

  /** Standard deviation of the mid's move over a second, bps; over t seconds it is this times sqrt(t). O(1). */
  bpsPerRootS(instrument: number): number {
    return this.#bpsPerRootS[instrument]
  }

  /** A mid seen at `nowNs`; 0 (no mid) and times within 100 ms of the last are left out. O(1), no allocation. */
  note(instrument: number, mid: number, nowNs: MonoNs): void {
    if (!(mid > 0)) return
    const before = this.#mid[instrument]
    const passedNs = nowNs - this.#atNs[instrument]
    if (before !== 0 && passedNs < STEP_NS) return
    this.#mid[instrument] = mid
    this.#atNs[instrument] = nowNs
    if (before === 0) return
    const passedS = passedNs / NS_PER_S
    const move = BPS * Math.log(mid / before)
    const kept = Math.exp(-passedS / this.#memoryS)
    this.#squares[instrument] = this.#squares[instrument] * kept + move * move
    this.#seconds[instrument] = this.#seconds[instrument] * kept + passedS
    this.#bpsPerRootS[instrument] = Math.sqrt(this.#squares[instrument] / this.#seconds[instrument])
  }
}
