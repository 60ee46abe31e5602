/**
 * The front door of forecasting: which quantiles of order latency the router reads. Three forecasts run side by side for
 * each row and quantile (rolling; rolling x hour x peak; learned) and the rolling one is served unless another has been
 * better by a margin (quantile-choice). Learning is online: each round trip is first forecast, then learned from.
 *
 * A row is an order kind of a venue: row(venue, kind); rows of kind 0 (place) are the venues themselves.
 */
import { assert } from '../../shared/assert.ts'
import { pinballLoss } from '../../shared/math/pinball-loss.ts'
import type { EpochUs } from '../../shared/units/time.ts'
import { NS_PER_US } from '../../shared/units/time.ts'
import { LATENCY_FEATURES, LatencyFeatures } from './latency-features.ts'
import { LatencyForecast, NOTES_MIN, type VenueDefault } from './latency-forecast.ts'
import { LatencyQuantile, QUANTILES, quantileShares } from './latency-quantile.ts'
import { PLAIN, QuantileChoice } from './quantile-choice.ts'
import { QuantileRegression } from './quantile-regression.ts'

/** What is asked of a venue; each has latencies of its own, and each tells something of the others. */
export const LatencyKind = { place: 0, cancel: 1, execute: 2 } as const
export type LatencyKind = (typeof LatencyKind)[keyof typeof LatencyKind]
export const LATENCY_KINDS = 3

/** Forecasts in the order of `estimatesNs`; the first is the plain one, the others challenge it. */
export const latencySources = ['rolling', 'adjusted', 'learned'] as const
const SOURCES = latencySources.length
const CHALLENGERS = SOURCES - 1
/** Round trips a challenger is judged over. */
const CHOICE_WINDOW = 512
/**
 * Round trips before one is served: ten beyond the quantile, or the luck of a few of them decides; a median wants as many
 * as its window.
 */
const SEEN_MIN = [64, 100, 1_000]
/** A learned quantile stays within a factor e of the rolling one. */
const SHIFT_MAX = 1

export class LearnedLatency {
  readonly venues: number
  /** What is served, by row; `medianNs[venue]` is that of placing an order there. Never falls from p50 to p99. */
  readonly medianNs: Float64Array
  readonly p90Ns: Float64Array
  readonly p99Ns: Float64Array
  /** Scratch of the last `estimate`: source by quantile, [quantile x 3 + source]. */
  readonly estimatesNs = new Float64Array(QUANTILES * SOURCES)
  /** Scratch of the last `estimate`: what would be served, by quantile. */
  readonly choiceNs = new Float64Array(QUANTILES)
  readonly features: LatencyFeatures
  readonly #forecast: LatencyForecast
  readonly #regression: QuantileRegression
  readonly #choice: QuantileChoice
  readonly #x = new Float64Array(QUANTILES * LATENCY_FEATURES)
  readonly #shifts = new Float64Array(QUANTILES)
  readonly #adjusted = new Float64Array(QUANTILES)
  readonly #losses = new Float64Array(SOURCES)
  /** Of the round trip or order at hand: ns, epoch us. */
  readonly #sample = new Float64Array(2)

  /** A default for each venue, for all its kinds until they have been seen. About 150 KiB a venue. */
  constructor(defaults: readonly VenueDefault[]) {
    assert(defaults.length > 0, 'latencies are forecast for at least one venue')
    this.venues = defaults.length
    const rows = this.venues * LATENCY_KINDS
    this.#forecast = new LatencyForecast([...defaults, ...defaults, ...defaults])
    const venueOf = Int32Array.from({ length: rows }, (_, row) => row % this.venues)
    this.features = new LatencyFeatures(this.#forecast, venueOf, this.venues)
    this.#regression = new QuantileRegression(rows * QUANTILES, LATENCY_FEATURES)
    this.#choice = new QuantileChoice(rows * QUANTILES, CHALLENGERS, CHOICE_WINDOW, SEEN_MIN)
    this.medianNs = Float64Array.from({ length: rows }, (_, row) => defaults[row % this.venues].p50Ns)
    this.p90Ns = Float64Array.from({ length: rows }, (_, row) => defaults[row % this.venues].p90Ns)
    this.p99Ns = Float64Array.from({ length: rows }, (_, row) => defaults[row % this.venues].p99Ns)
  }

  row(venue: number, kind: LatencyKind): number {
    return kind * this.venues + venue
  }

  /**
   * A round trip of `ns` that was answered at `epochUs`: forecast, scored, learned, and the row's served quantiles made
   * new. Not positive or not finite: left out. O(longest window), 2 to 4 us; no allocation (this wrapper is inlined, and
   * hands its doubles on in an array: as arguments they would be boxed).
   */
  note(row: number, ns: number, epochUs: EpochUs): void {
    this.#sample[0] = ns
    this.#sample[1] = epochUs
    this.#note(row)
  }

  /** Makes the served quantiles of a row those of an order sent at `nowUs`: time passes without round trips too. */
  refresh(row: number, nowUs: EpochUs): void {
    this.#sample[1] = nowUs
    this.#refresh(row)
  }

  /** All forecasts of a row for an order sent at `sentUs`, into `estimatesNs` and `choiceNs`. O(features). */
  estimate(row: number, sentUs: EpochUs): void {
    this.#sample[1] = sentUs
    this.#estimate(row)
  }

  /** The rolling quantile over the window of another one: for comparison. */
  overNs(row: number, quantile: LatencyQuantile, window: LatencyQuantile): number {
    return this.#forecast.overNs(row, quantile, window)
  }

  /** Which forecast of a row's quantile is served now. */
  servedBy(row: number, quantile: LatencyQuantile): (typeof latencySources)[number] {
    return latencySources[this.#choice.served(row * QUANTILES + quantile) + 1]
  }

  #note(row: number): void {
    const sample = this.#sample
    if (!(sample[0] > 0 && sample[0] < Number.POSITIVE_INFINITY)) return
    if (this.#forecast.count(row) >= NOTES_MIN) {
      const answeredUs = sample[1]
      sample[1] = answeredUs - sample[0] / NS_PER_US
      this.#estimate(row)
      this.#learn(row)
      sample[1] = answeredUs
    }
    this.#forecast.noteSample(row, sample)
    this.features.note(row, sample)
    this.#refresh(row)
  }

  #refresh(row: number): void {
    this.#estimate(row)
    this.medianNs[row] = this.choiceNs[LatencyQuantile.p50]
    this.p90Ns[row] = this.choiceNs[LatencyQuantile.p90]
    this.p99Ns[row] = this.choiceNs[LatencyQuantile.p99]
  }

  #estimate(row: number): void {
    const { estimatesNs } = this
    this.#forecast.adjust(row, this.#sample, this.#adjusted)
    let least = 0
    for (let quantile = 0; quantile < QUANTILES; quantile++) {
      const at = quantile * SOURCES
      estimatesNs[at] = this.#forecast.rolledNs[(row * QUANTILES + quantile) * QUANTILES + quantile]
      estimatesNs[at + 1] = this.#adjusted[quantile]
      this.#shift(row, quantile as LatencyQuantile)
      estimatesNs[at + 2] = estimatesNs[at] * Math.exp(this.#shifts[quantile])
      const served = this.#choice.served(row * QUANTILES + quantile)
      const ns = estimatesNs[served === PLAIN ? at : at + 1 + served]
      least = ns > least ? ns : least
      this.choiceNs[quantile] = least
    }
  }

  /** Leaves the features in `#x`, where `#learn` finds them, and what they say in `#shifts`. */
  #shift(row: number, quantile: LatencyQuantile): void {
    const at = quantile * LATENCY_FEATURES
    this.features.fill(row, quantile, this.#sample, this.#x, at)
    this.#regression.predict(row * QUANTILES + quantile, this.#x, at, this.#shifts, quantile)
    this.#shifts[quantile] = Math.max(-SHIFT_MAX, Math.min(SHIFT_MAX, this.#shifts[quantile]))
  }

  /** From the round trip of `#sample` and the estimates made of it. */
  #learn(row: number): void {
    const ns = this.#sample[0]
    for (let quantile = 0; quantile < QUANTILES; quantile++) {
      const share = quantileShares[quantile]
      const at = quantile * SOURCES
      const model = row * QUANTILES + quantile
      for (let source = 0; source < SOURCES; source++) {
        this.#losses[source] = pinballLoss(share, ns, this.estimatesNs[at + source])
      }
      this.#choice.note(model, this.#losses)
      const isAbove = ns > this.estimatesNs[at + 2]
      this.#regression.learn(model, this.#x, quantile * LATENCY_FEATURES, quantile as LatencyQuantile, isAbove)
    }
  }
}
