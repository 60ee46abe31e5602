/**
 * Forecasts of order latency against each other, walk-forward: every round trip is forecast when its order is sent, from
 * answers that had come by then, scored by pinball loss when it is answered, and only then learned from.
 */
import { LATENCY_FEATURES } from '../../hotpath/latency/latency-features.ts'
import {
  LatencyQuantile,
  latencyQuantileNames,
  QUANTILES,
  quantileShares,
} from '../../hotpath/latency/latency-quantile.ts'
import { LATENCY_KINDS, LatencyKind, LearnedLatency } from '../../hotpath/latency/learned-latency.ts'
import { bootstrapRatio } from '../../shared/math/block-bootstrap.ts'
import type { Interval } from '../../shared/math/interval.ts'
import { pinballLoss } from '../../shared/math/pinball-loss.ts'
import { Prng } from '../../shared/prng.ts'
import type { EpochUs } from '../../shared/units/time.ts'
import { NS_PER_MS, US_PER_MS } from '../../shared/units/time.ts'
import { LatencyMlp } from './latency-mlp.ts'
import type { LatencyFile, RoundTrip } from './latency-study-data.ts'

/**
 * In this order in every array below. `served` is what the router would read; the last three are the rolling quantile over
 * one window for all quantiles, to show that `rolling` is not a weak rival.
 */
export const forecasters = [
  'rolling',
  'last',
  'adjusted',
  'learned',
  'mlp',
  'served',
  'over64',
  'over256',
  'over512',
] as const
export type Forecaster = (typeof forecasters)[number]

export interface ForecastScore {
  readonly by: Forecaster
  /** Mean pinball loss, ms. */
  readonly lossMs: number
  /** Loss over that of the rolling quantile; below 1 is better. */
  readonly ratio: number
  readonly interval95: Interval
  /** Share of round trips at most the forecast: the quantile's share when calibrated. */
  readonly coverage: number
}

export interface LatencyRow {
  readonly file: string
  readonly kind: keyof typeof LatencyKind
  readonly quantile: keyof typeof LatencyQuantile
  readonly trips: number
  readonly scores: readonly ForecastScore[]
  /** Learned against rolling: told apart at 95 %, or not. */
  readonly verdict: 'better' | 'worse' | 'not told apart'
}

export interface LatencySummary {
  readonly kinds: string
  readonly quantile: keyof typeof LatencyQuantile
  readonly by: Forecaster
  readonly rows: number
  /** Mean of the rows' ratios, resampled by row. */
  readonly ratio: number
  readonly interval95: Interval
  readonly worst: number
  readonly best: number
  readonly below: number
  readonly above: number
}

export interface LatencyStudy {
  readonly seed: number
  readonly rows: readonly LatencyRow[]
  readonly summary: readonly LatencySummary[]
  readonly notes: readonly string[]
}

/** Nothing is scored before a kind has been answered this often. */
const SCORED_FROM = 30
const SCORED_MIN = 30
/** Round trips a bootstrap block: longer than what hangs together, short enough for 20 blocks of the shortest files. */
const BLOCK_TRIPS = 20
const DRAWS = 1_000
/** Only until a kind has been seen; no score looks at it. */
const DEFAULTS = [{ p50Ns: 1e8, p90Ns: 2e8, p99Ns: 5e8 }]
const windowNumbers = Object.values(LatencyQuantile)
const kindNames = Object.keys(LatencyKind) as (keyof typeof LatencyKind)[]

/** Losses in ms and hits of one kind and quantile, a column per forecaster. */
interface Columns {
  readonly losses: number[][]
  readonly hits: number[]
}

class FileRun {
  readonly #latency = new LearnedLatency(DEFAULTS)
  readonly #mlps: readonly LatencyMlp[]
  readonly #x = new Float64Array(LATENCY_FEATURES)
  readonly #sample = new Float64Array(2)
  readonly #last = new Float64Array(LATENCY_KINDS)
  readonly #answered = new Int32Array(LATENCY_KINDS)
  readonly columns: readonly Columns[]

  constructor(prng: Prng) {
    const series = LATENCY_KINDS * QUANTILES
    this.#mlps = Array.from({ length: series }, (_, at) => new LatencyMlp(quantileShares[at % QUANTILES], prng))
    this.columns = Array.from({ length: series }, () => ({
      losses: forecasters.map(() => []),
      hits: forecasters.map(() => 0),
    }))
  }

  /** Scores every forecast of an order sent now; what it learns comes with its answer. */
  send(trip: RoundTrip): void {
    if (this.#answered[trip.kind] < SCORED_FROM) return
    const latency = this.#latency
    const row = latency.row(0, trip.kind)
    const sentUs = (trip.sentMs * US_PER_MS) as EpochUs
    const actualMs = trip.answeredMs - trip.sentMs
    latency.estimate(row, sentUs)
    for (let quantile = 0; quantile < QUANTILES; quantile++) {
      const [rolling, adjusted, learned] = latency.estimatesNs.subarray(quantile * 3, quantile * 3 + 3)
      const net = rolling * Math.exp(this.#netShift(row, quantile, sentUs))
      const last = this.#last[trip.kind] * NS_PER_MS
      const windows = windowNumbers.map((window) => latency.overNs(row, quantile as LatencyQuantile, window))
      const forecasts = [rolling, last, adjusted, learned, net, latency.choiceNs[quantile], ...windows]
      const { losses, hits } = this.columns[trip.kind * QUANTILES + quantile]
      forecasts.forEach((ns, at) => {
        const ms = ns / NS_PER_MS
        losses[at].push(pinballLoss(quantileShares[quantile], actualMs, ms))
        if (actualMs <= ms) hits[at]++
      })
    }
  }

  answer(trip: RoundTrip): void {
    const latency = this.#latency
    const row = latency.row(0, trip.kind)
    const sentUs = (trip.sentMs * US_PER_MS) as EpochUs
    const ms = trip.answeredMs - trip.sentMs
    if (this.#answered[trip.kind] >= SCORED_FROM) {
      latency.estimate(row, sentUs)
      this.#sample[1] = sentUs
      for (let quantile = 0; quantile < QUANTILES; quantile++) {
        latency.features.fill(row, quantile as LatencyQuantile, this.#sample, this.#x, 0)
        const target = Math.log((ms * NS_PER_MS) / latency.estimatesNs[quantile * 3])
        this.#mlps[row * QUANTILES + quantile].learn(this.#x, target)
      }
    }
    latency.note(row, ms * NS_PER_MS, (trip.answeredMs * US_PER_MS) as EpochUs)
    this.#last[trip.kind] = ms
    this.#answered[trip.kind]++
  }

  #netShift(row: number, quantile: number, sentUs: EpochUs): number {
    this.#sample[1] = sentUs
    this.#latency.features.fill(row, quantile as LatencyQuantile, this.#sample, this.#x, 0)
    return Math.max(-1, Math.min(1, this.#mlps[row * QUANTILES + quantile].predict(this.#x)))
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function scoreOf({ losses, hits }: Columns, at: number, prng: Prng): ForecastScore {
  const plain = losses[0]
  const blocks = Int32Array.from(plain, (_, trip) => Math.floor(trip / BLOCK_TRIPS))
  return {
    by: forecasters[at],
    lossMs: sum(losses[at]) / plain.length,
    ratio: sum(losses[at]) / sum(plain),
    interval95: bootstrapRatio(losses[at], plain, blocks, prng, DRAWS),
    coverage: hits[at] / plain.length,
  }
}

function runFile(file: LatencyFile, prng: Prng, notes: string[]): LatencyRow[] {
  const run = new FileRun(prng)
  const { trips } = file
  const bySent = [...trips].sort((a, b) => a.sentMs - b.sentMs)
  let next = 0
  for (const sent of bySent) {
    while (next < trips.length && trips[next].answeredMs <= sent.sentMs) run.answer(trips[next++])
    run.send(sent)
  }
  const rows: LatencyRow[] = []
  run.columns.forEach((columns, series) => {
    const kind = kindNames[Math.floor(series / QUANTILES)]
    const count = columns.losses[0].length
    if (count < SCORED_MIN || sum(columns.losses[0]) === 0) {
      if (count > 0 && series % QUANTILES === 0)
        notes.push(`${file.name}: ${kind} left out, ${count} scored round trips`)
      return
    }
    const scores = forecasters.map((_, at) => scoreOf(columns, at, prng))
    const { low, high } = scores[forecasters.indexOf('learned')].interval95
    const verdict = high < 1 ? 'better' : low > 1 ? 'worse' : 'not told apart'
    const quantile = latencyQuantileNames[series % QUANTILES]
    rows.push({ file: file.name, kind, quantile, trips: count, scores, verdict })
  })
  return rows
}

function summarise(rows: readonly LatencyRow[], prng: Prng): LatencySummary[] {
  return latencyQuantileNames.flatMap((quantile) => {
    const mine = rows.filter((row) => row.quantile === quantile)
    if (mine.length === 0) return []
    return forecasters.slice(1).map((by): LatencySummary => {
      const ratios = mine.map(({ scores }) => scores[forecasters.indexOf(by)].ratio)
      const ones = ratios.map(() => 1)
      return {
        kinds: [...new Set(mine.map(({ kind }) => kind))].join(', '),
        quantile,
        by,
        rows: mine.length,
        ratio: sum(ratios) / ratios.length,
        interval95: bootstrapRatio(ratios, ones, [...ratios.keys()], prng, DRAWS),
        worst: Math.max(...ratios),
        best: Math.min(...ratios),
        below: ratios.filter((ratio) => ratio < 1).length,
        above: ratios.filter((ratio) => ratio > 1).length,
      }
    })
  })
}

/** Deterministic for a seed. `onFile` is told of every finished file. */
export function runLatencyStudy(
  files: readonly LatencyFile[],
  seed: number,
  onFile: (done: number) => void,
): LatencyStudy {
  const prng = new Prng(seed)
  const notes: string[] = []
  const rows = files.flatMap((file, at) => {
    const found = runFile(file, prng.fork(at), notes)
    onFile(at + 1)
    return found
  })
  return { seed, rows, summary: summarise(rows, prng), notes }
}
