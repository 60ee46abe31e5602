/**
 * Metrics as Prometheus reads them: the text exposition format 0.0.4
 * (prometheus.io/docs/instrumenting/exposition_formats). Base units, a HELP and a TYPE a family, samples of a family
 * beside each other.
 *
 * Latencies go out as histograms with fixed bounds, not as summaries: `rate` over buckets gives the quantiles of any
 * window and of several venues or routers together, while quantiles since the start can be neither windowed nor added.
 * Exact quantiles are what `sor latency` shows.
 */
import { assert } from '../../shared/assert.ts'
import type { CounterFacts, Counters } from './counters.ts'
import type { Histogram } from './histogram.ts'

export const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

export interface HistogramSeries {
  readonly labels: Labels
  readonly histogram: Histogram
  /** Units of the histogram in a second. */
  readonly perSecond: number
}

/** Upper bounds of buckets, seconds, from this decade to that one: 1, 2.5, 5. */
export function decadeBounds(fromExponent: number, toExponent: number): readonly number[] {
  const bounds: number[] = []
  for (let exponent = fromExponent; exponent <= toExponent; exponent++) {
    for (const digits of ['1', '2.5', '5']) bounds.push(Number(`${digits}e${exponent}`))
  }
  return bounds
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

export class PrometheusText {
  readonly #lines: string[] = []
  readonly #families = new Set<string>()

  gauge(name: string, help: string, samples: readonly Sample[]): void {
    this.#family(name, 'gauge', help)
    for (const { labels, value } of samples) this.#sample(name, pairsOf(labels), value)
  }

  counter(name: string, help: string, samples: readonly Sample[]): void {
    assert(name.endsWith('_total'), 'a counter ends in _total')
    this.#family(name, 'counter', help)
    for (const { labels, value } of samples) this.#sample(name, pairsOf(labels), value)
  }

  /** Families of one table, each member with its own labels: what several threads count of themselves. */
  counters(members: readonly { readonly labels: Labels; readonly counters: Counters }[]): void {
    const names = new Map<string, CounterFacts>()
    for (const { counters } of members) for (const facts of counters.facts) names.set(facts.name, facts)
    for (const [name, { meaning }] of names) {
      const samples = members.flatMap(({ labels, counters }) => samplesOf(name, labels, counters))
      if (name.endsWith('_total')) this.counter(name, meaning, samples)
      else this.gauge(name, meaning, samples)
    }
  }

  /** `bounds` rise, in seconds; what is above the last is only in +Inf. */
  histogram(name: string, help: string, bounds: readonly number[], all: readonly HistogramSeries[]): void {
    assert(name.endsWith('_seconds'), 'a latency is in seconds and says so')
    this.#family(name, 'histogram', help)
    const ends = [...bounds.map(numberText), '+Inf']
    for (const { labels, histogram, perSecond } of all) {
      const counts = histogram.countsUpTo(bounds.map((bound) => Math.round(bound * perSecond)))
      // Another thread may be recording: what is in a bucket is counted, whether the count says so yet or not.
      const count = Math.max(histogram.count, counts.at(-1) ?? 0)
      counts.push(count)
      const pairs = pairsOf(labels)
      const start = `${name}_bucket{${pairs === '' ? '' : `${pairs},`}le="`
      for (let at = 0; at < ends.length; at++) this.#lines.push(`${start}${ends[at]}"} ${numberText(counts[at])}`)
      this.#sample(`${name}_sum`, pairs, histogram.sum / perSecond)
      this.#sample(`${name}_count`, pairs, count)
    }
  }

  /** Everything so far; ends with a line feed, as the format wants. */
  toString(): string {
    return `${this.#lines.join('\n')}\n`
  }

  #family(name: string, type: string, help: string): void {
    assert(metricName.test(name), 'a metric has a name of its alphabet')
    assert(!this.#families.has(name), 'the samples of a metric stand together')
    this.#families.add(name)
    this.#lines.push(`# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
    this.#lines.push(`# TYPE ${name} ${type}`)
  }

  #sample(name: string, pairs: string, value: number): void {
    this.#lines.push(`${name}${pairs === '' ? '' : `{${pairs}}`} ${numberText(value)}`)
  }
}

function pairsOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, text]) => {
    assert(labelName.test(label), 'a label has a name of its alphabet')
    return `${label}="${escapeLabel(text)}"`
  })
  return pairs.join(',')
}

function samplesOf(name: string, labels: Labels, counters: Counters): Sample[] {
  return counters.facts.flatMap((facts, at) => {
    if (facts.name !== name) return []
    const own = facts.label === undefined ? {} : { [facts.label[0]]: facts.label[1] }
    return [{ labels: { ...labels, ...own }, value: counters.value(at) }]
  })
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** As Go reads a float: JavaScript's own text, but for the infinite. */
function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : `${value}`
}
