/**
 * What an order's round trip to a venue will take: rolling quantiles of what it took, moved by what is usual at this hour
 * of the week and by the peak of the moment. A row is a series of its own: a venue, or a venue and an order kind.
 */
import { assert } from '../../shared/assert.ts'
import type { EpochUs } from '../../shared/units/time.ts'
import { HourProfile, hourOfWeek } from './hour-profile.ts'
import { LatencyQuantile, QUANTILES, quantileShares } from './latency-quantile.ts'
import { PeakAdjustment } from './peak-adjustment.ts'
import { RollingQuantile } from './rolling-quantile.ts'

/**
 * Round trips a quantile is taken over: the rarer the quantile, the more of them it needs. Over 31 measured files the
 * pinball loss is least near 64 for the median, 256 for p90 and from 512 on for p99 (models/evaluation/latency-study).
 */
export const quantileWindows = [64, 256, 512] as const
/** Below this many round trips a row answers with its default: the quantile of a handful says nothing. */
export const NOTES_MIN = 16
/** The shortest latency that is believed: a logarithm needs a positive one. */
const NS_MIN = 1_000
/** Rolled values of a row: a quantile by a window. */
const CELLS = QUANTILES * QUANTILES

export interface VenueDefault {
  readonly p50Ns: number
  readonly p90Ns: number
  readonly p99Ns: number
}

export class LatencyForecast {
  readonly rows: number
  /**
   * Rolling quantiles of every row, [(row x 3 + quantile) x 3 + window], and their logs: exact, nearest rank, made new by
   * each round trip; the default while the row is young. Window w is the one quantile w is taken over.
   */
  readonly rolledNs: Float64Array
  readonly rolledLog: Float64Array
  readonly #windows: readonly RollingQuantile[]
  readonly #profile: HourProfile
  readonly #peak: PeakAdjustment
  /** Mean over the hours of the round trips in each window: what the rolling quantile has of the profile already. */
  readonly #usual: Float64Array
  /** Of the round trip at hand: ns, epoch us. */
  readonly #sample = new Float64Array(2)
  /** Of the round trip at hand: log latency, its deviation from the median expected of it. */
  readonly #logs = new Float64Array(2)
  readonly #answer = new Float64Array(QUANTILES)

  /** About 16 KiB a row. */
  constructor(defaults: readonly VenueDefault[]) {
    assert(defaults.length > 0, 'a forecast has a row')
    this.rows = defaults.length
    this.rolledNs = Float64Array.from(
      defaults.flatMap(({ p50Ns, p90Ns, p99Ns }) => [p50Ns, p90Ns, p99Ns].flatMap((ns) => [ns, ns, ns])),
    )
    assert(
      this.rolledNs.every((ns) => ns > 0 && ns < Number.POSITIVE_INFINITY),
      'a default latency is positive',
    )
    this.rolledLog = this.rolledNs.map(Math.log)
    this.#windows = quantileWindows.map((window) => new RollingQuantile(this.rows, window))
    this.#profile = new HourProfile(this.rows)
    this.#peak = new PeakAdjustment(this.rows)
    this.#usual = new Float64Array(this.rows * QUANTILES)
  }

  /** Round trips that tell something now; at most the longest window. */
  count(row: number): number {
    return this.#windows[LatencyQuantile.p99].count(row)
  }

  /** A round trip of `ns` that was answered at `epochUs`. Not positive or not finite: nobody's round trip, left out. */
  note(row: number, ns: number, epochUs: EpochUs): void {
    this.#sample[0] = ns
    this.#sample[1] = epochUs
    this.noteSample(row, this.#sample)
  }

  /**
   * `note` of sample = [ns, epochUs], so that no double is boxed on the way. O(longest window) in the worst case, about a
   * microsecond; no allocation.
   */
  noteSample(row: number, sample: Float64Array): void {
    if (!(sample[0] > 0 && sample[0] < Number.POSITIVE_INFINITY)) return
    if (sample[0] < NS_MIN) sample[0] = NS_MIN
    this.#logs[0] = Math.log(sample[0])
    const hour = hourOfWeek(sample[1] as EpochUs)
    if (this.count(row) >= NOTES_MIN) this.#notePeak(row, hour)
    this.#profile.noteFrom(row, hour, this.#logs, 0)
    for (let at = 0; at < QUANTILES; at++) this.#windows[at].noteFrom(row, sample, 0)
    this.#noteUsual(row, hour)
    if (this.count(row) >= NOTES_MIN) this.#roll(row)
  }

  /** The plain rolling quantile. O(1). */
  rollingNs(row: number, quantile: LatencyQuantile): number {
    return this.overNs(row, quantile, quantile)
  }

  /** A quantile over the window of another one: 64, 256 or 512 round trips. O(1). */
  overNs(row: number, quantile: LatencyQuantile, window: LatencyQuantile): number {
    return this.rolledNs[(row * QUANTILES + quantile) * QUANTILES + window]
  }

  /** Rolling quantile x hour of the week x peak. O(1). */
  quantileNs(row: number, quantile: LatencyQuantile, epochUs: EpochUs): number {
    this.#sample[1] = epochUs
    this.adjust(row, this.#sample, this.#answer)
    return this.#answer[quantile]
  }

  /** All three of `quantileNs` at sample[1] into `into`. O(1), no allocation. */
  adjust(row: number, sample: Float64Array, into: Float64Array): void {
    const hour = hourOfWeek(sample[1] as EpochUs)
    const isYoung = this.count(row) < NOTES_MIN
    const peak = isYoung ? 0 : this.#peak.logFactor(row)
    for (let at = 0; at < QUANTILES; at++) {
      const shift = isYoung ? 0 : this.#hourShift(row, at as LatencyQuantile, hour) + peak
      into[at] = this.rolledNs[(row * QUANTILES + at) * QUANTILES + at] * Math.exp(shift)
    }
  }

  #notePeak(row: number, hour: number): void {
    const expected = this.rolledLog[row * CELLS] + this.#hourShift(row, LatencyQuantile.p50, hour)
    this.#logs[1] = this.#logs[0] - expected
    this.#peak.noteFrom(row, this.#logs, 1)
  }

  #noteUsual(row: number, hour: number): void {
    const mean = this.#profile.meanLog(row, hour)
    for (let at = 0; at < QUANTILES; at++) {
      const usual = row * QUANTILES + at
      this.#usual[usual] += (mean - this.#usual[usual]) / this.#windows[at].count(row)
    }
  }

  #roll(row: number): void {
    for (let window = 0; window < QUANTILES; window++) {
      for (let quantile = 0; quantile < QUANTILES; quantile++) {
        const cell = (row * QUANTILES + quantile) * QUANTILES + window
        const ns = this.#windows[window].quantile(row, quantileShares[quantile])
        this.rolledNs[cell] = ns
        this.rolledLog[cell] = Math.log(ns)
      }
    }
  }

  /** Log factor of this hour over that of the hours the window was filled in. */
  #hourShift(row: number, quantile: LatencyQuantile, hour: number): number {
    return this.#profile.logFactor(row, hour, this.#usual[row * QUANTILES + quantile])
  }
}
