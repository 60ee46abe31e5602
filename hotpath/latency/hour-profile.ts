/**
 * How the hours of the week differ: a log factor for each of 168 hours, a row per series. An hour seldom seen keeps near
 * factor 1 (an empirical Bayes mean: the prior is worth PRIOR round trips), so a young profile does no harm.
 */

import type { EpochUs } from '../../shared/units/time.ts'
import { US_PER_S } from '../../shared/units/time.ts'

export const HOURS_OF_WEEK = 168
const US_PER_HOUR = 3_600 * US_PER_S
/** 1970-01-01 was a Thursday; the week starts on Monday. */
const EPOCH_HOUR = 72
/**
 * Round trips the prior is worth: variance of one log latency over the variance of the hours' factors, about 0.4^2 over
 * 0.02^2 on measured order round trips.
 */
const PRIOR = 400
/** The level the hours are measured against forgets over about this many round trips. */
const LEVEL_WINDOW = 1_024
/** A log deviation beyond this says nothing of the hour: a lost packet is not a busy hour. */
const DEVIATION_MAX = 1

/** 0 is Monday 00:00 to 01:00 UTC. */
export function hourOfWeek(epochUs: EpochUs): number {
  return (Math.floor(epochUs / US_PER_HOUR) + EPOCH_HOUR) % HOURS_OF_WEEK
}

export class HourProfile {
  readonly #sums: Float64Array
  readonly #counts: Float64Array
  readonly #level: Float64Array
  readonly #noted: Float64Array
  readonly #value = new Float64Array(1)

  constructor(rows: number) {
    this.#sums = new Float64Array(rows * HOURS_OF_WEEK)
    this.#counts = new Float64Array(rows * HOURS_OF_WEEK)
    this.#level = new Float64Array(rows)
    this.#noted = new Float64Array(rows)
  }

  /** Mean log deviation of an hour of the week as it was seen: 0 for one never seen. O(1). */
  meanLog(row: number, hour: number): number {
    const at = row * HOURS_OF_WEEK + hour
    return this.#counts[at] === 0 ? 0 : this.#sums[at] / this.#counts[at]
  }

  /** Log factor of an hour over round trips whose hours' mean is `usual`: 0 for one never seen. O(1). */
  logFactor(row: number, hour: number, usual: number): number {
    const count = this.#counts[row * HOURS_OF_WEEK + hour]
    return (count / (count + PRIOR)) * (this.meanLog(row, hour) - usual)
  }

  /** One round trip's log latency in an hour. */
  note(row: number, hour: number, logNs: number): void {
    this.#value[0] = logNs
    this.noteFrom(row, hour, this.#value, 0)
  }

  /** `note` of `values[index]`: no double is boxed on the way. O(1). */
  noteFrom(row: number, hour: number, values: Float64Array, index: number): void {
    const logNs = values[index]
    const noted = this.#noted[row]
    if (noted === 0) this.#level[row] = logNs
    const off = logNs - this.#level[row]
    const deviation = Math.max(-DEVIATION_MAX, Math.min(DEVIATION_MAX, off))
    this.#noted[row] = noted + 1
    this.#level[row] += deviation / Math.min(noted + 1, LEVEL_WINDOW)
    const at = row * HOURS_OF_WEEK + hour
    this.#sums[at] += deviation
    this.#counts[at]++
  }
}
