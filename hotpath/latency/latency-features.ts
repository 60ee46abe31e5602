/**
 * What the learned quantiles look at when an order is sent: nothing that was not known by then. Logs throughout, scaled so
 * that a usual value is about 1. Rows of one venue share what its last answers were like, whatever they answered.
 */
import { US_PER_S } from '../../shared/units/time.ts'
import type { LatencyForecast } from './latency-forecast.ts'
import { type LatencyQuantile, QUANTILES } from './latency-quantile.ts'

export const latencyFeatureNames = [
  'constant',
  'rollingShort',
  'rollingMiddle',
  'rollingLong',
  'lastOfRow',
  'lastOfVenue',
  'recentOfRow',
  'recentOfVenue',
  'pause',
  'hourSin',
  'hourCos',
] as const
export const LATENCY_FEATURES = latencyFeatureNames.length

/** A log deviation beyond this is cut: one lost packet must not move a weight for hours. */
const DEVIATION_MAX = 1
/** Weight of the newest deviation in the level a row is measured against, and in the recent means. */
const LEVEL = 0.02
const RECENT = 0.2
/** Scales: log ratios of rolling quantiles and recent means are about a third, a log of seconds about five. */
const RATIO_SCALE = 3
const PAUSE_SCALE = 0.2
const HOUR_SCALE = 0.3
const CONSTANT = 0.3
const US_PER_DAY = 86_400 * US_PER_S
/** Pauses are told apart from 10 ms on and up to a day. */
const PAUSE_S_MIN = 0.01
const PAUSE_S_MAX = 86_400

export class LatencyFeatures {
  readonly #forecast: LatencyForecast
  readonly #venueOf: Int32Array
  readonly #level: Float64Array
  readonly #last: Float64Array
  readonly #recent: Float64Array
  readonly #lastOfVenue: Float64Array
  readonly #recentOfVenue: Float64Array
  readonly #answeredUs: Float64Array

  /** `venueOf` names each row's venue, 0 .. venues - 1. */
  constructor(forecast: LatencyForecast, venueOf: Int32Array, venues: number) {
    this.#forecast = forecast
    this.#venueOf = venueOf
    this.#level = new Float64Array(forecast.rows)
    this.#last = new Float64Array(forecast.rows)
    this.#recent = new Float64Array(forecast.rows)
    this.#lastOfVenue = new Float64Array(venues)
    this.#recentOfVenue = new Float64Array(venues)
    this.#answeredUs = new Float64Array(venues).fill(Number.NEGATIVE_INFINITY)
  }

  /** Features of a row's quantile for an order sent at sample[1] (epoch us), into `into` from `at`. O(features). */
  fill(row: number, quantile: LatencyQuantile, sample: Float64Array, into: Float64Array, at: number): void {
    const { rolledLog } = this.#forecast
    const venue = this.#venueOf[row]
    const rolled = (row * QUANTILES + quantile) * QUANTILES
    const base = rolledLog[rolled + quantile]
    const pauseS = Math.min(PAUSE_S_MAX, Math.max(0, (sample[1] - this.#answeredUs[venue]) / US_PER_S))
    const angle = ((sample[1] % US_PER_DAY) / US_PER_DAY) * 2 * Math.PI
    into[at] = CONSTANT
    into[at + 1] = RATIO_SCALE * (rolledLog[rolled] - base)
    into[at + 2] = RATIO_SCALE * (rolledLog[rolled + 1] - base)
    into[at + 3] = RATIO_SCALE * (rolledLog[rolled + 2] - base)
    into[at + 4] = this.#last[row]
    into[at + 5] = this.#lastOfVenue[venue]
    into[at + 6] = RATIO_SCALE * this.#recent[row]
    into[at + 7] = RATIO_SCALE * this.#recentOfVenue[venue]
    into[at + 8] = PAUSE_SCALE * (Math.log(pauseS + PAUSE_S_MIN) - 1)
    into[at + 9] = HOUR_SCALE * Math.sin(angle)
    into[at + 10] = HOUR_SCALE * Math.cos(angle)
  }

  /** A round trip, sample = [ns > 0, epochUs of the answer]. O(1). */
  note(row: number, sample: Float64Array): void {
    const venue = this.#venueOf[row]
    const logNs = Math.log(sample[0])
    if (this.#level[row] === 0) this.#level[row] = logNs
    const deviation = Math.max(-DEVIATION_MAX, Math.min(DEVIATION_MAX, logNs - this.#level[row]))
    this.#level[row] += LEVEL * deviation
    this.#last[row] = deviation
    this.#lastOfVenue[venue] = deviation
    this.#recent[row] += RECENT * (deviation - this.#recent[row])
    this.#recentOfVenue[venue] += RECENT * (deviation - this.#recentOfVenue[venue])
    this.#answeredUs[venue] = sample[1]
  }
}
