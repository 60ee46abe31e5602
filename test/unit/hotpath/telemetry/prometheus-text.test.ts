import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Counters } from '../../../../hotpath/telemetry/counters.ts'
import { Histogram } from '../../../../hotpath/telemetry/histogram.ts'
import { decadeBounds, PrometheusText } from '../../../../hotpath/telemetry/prometheus-text.ts'
import { readMetrics } from './metrics-reader.ts'

test('a page as Prometheus documents it', () => {
  const text = new PrometheusText()
  text.counter('sor_messages_total', 'Messages.', [{ labels: {}, value: 1027 }])
  text.gauge('sor_books', 'Books by state.', [
    { labels: { venue: 'okx', state: 'live' }, value: 3 },
    { labels: { venue: 'a "b" \\ c\nd', state: 'stale' }, value: 0.5 },
  ])
  expect(text.toString()).toBe(
    [
      '# HELP sor_messages_total Messages.',
      '# TYPE sor_messages_total counter',
      'sor_messages_total 1027',
      '# HELP sor_books Books by state.',
      '# TYPE sor_books gauge',
      'sor_books{venue="okx",state="live"} 3',
      'sor_books{venue="a \\"b\\" \\\\ c\\nd",state="stale"} 0.5',
      '',
    ].join('\n'),
  )
})

test('a histogram: cumulative buckets in seconds, the sum, the count', () => {
  const histogram = new Histogram(3)
  for (const ns of [200, 250, 900, 40_000, 5_000_000]) histogram.record(ns)
  const text = new PrometheusText()
  const series = { labels: { stage: 'decision' }, histogram, perSecond: 1e9 }
  text.histogram('sor_stage_seconds', 'Time.', [2.5e-7, 1e-6, 1e-3], [series])
  const [{ type, samples }] = readMetrics(text.toString())
  expect(type).toBe('histogram')
  expect(
    samples.map(({ name, labels, value }) => [name.slice('sor_stage_seconds'.length), labels['le'], value]),
  ).toEqual([
    ['_bucket', '2.5e-7', 2],
    ['_bucket', '0.000001', 3],
    ['_bucket', '0.001', 4],
    ['_bucket', '+Inf', 5],
    ['_sum', undefined, 0.00504135],
    ['_count', undefined, 5],
  ])
  expect(samples.every(({ labels }) => labels['stage'] === 'decision')).toBe(true)
})

test('bounds of decades: 1, 2.5, 5, as they are written', () => {
  expect(decadeBounds(-7, -6)).toEqual([1e-7, 2.5e-7, 5e-7, 1e-6, 2.5e-6, 5e-6])
  expect(decadeBounds(0, 0)).toEqual([1, 2.5, 5])
})

test('counters of several threads: one family, the label of the thread beside the own', () => {
  const facts = [
    { name: 'sor_gc_total', unit: 'count', meaning: 'Collections.', label: ['kind', 'minor'] },
    { name: 'sor_gc_total', unit: 'count', meaning: 'Collections.', label: ['kind', 'major'] },
    { name: 'sor_heap_bytes', unit: 'bytes', meaning: 'Heap.' },
  ] as const
  const [core, gateway] = [new Counters(facts), new Counters(facts)]
  core.set(0, 4)
  core.set(2, 99)
  gateway.set(1, 1)
  const text = new PrometheusText()
  text.counters([
    { labels: { thread: 'core' }, counters: core },
    { labels: { thread: 'gateway' }, counters: gateway },
  ])
  const [gc, heap] = readMetrics(text.toString())
  expect([gc.type, heap.type]).toEqual(['counter', 'gauge'])
  expect(gc.samples.map(({ labels, value }) => [labels['thread'], labels['kind'], value])).toEqual([
    ['core', 'minor', 4],
    ['core', 'major', 0],
    ['gateway', 'minor', 0],
    ['gateway', 'major', 1],
  ])
  expect(heap.samples.map(({ value }) => value)).toEqual([99, 0])
})

test('what would not be read is not written', () => {
  const text = new PrometheusText()
  text.gauge('sor_up', 'Up.', [])
  expect(() => text.gauge('sor_up', 'Again.', [])).toThrow('stand together')
  expect(() => text.gauge('sor up', 'Blank.', [])).toThrow('alphabet')
  expect(() => text.counter('sor_orders', 'No total.', [])).toThrow('_total')
  expect(() => text.histogram('sor_latency', 'No unit.', [], [])).toThrow('seconds')
  expect(() => text.gauge('sor_x', 'X.', [{ labels: { 'a-b': '' }, value: 1 }])).toThrow('alphabet')
})

test('any text and any number survive the way through the grammar', () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', ' ', ',', '{', '}', '=', 'é', '#') })
  const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.POSITIVE_INFINITY, 1e-7, 2 ** 60))
  const anySample = fc.record({ labels: fc.record({ a: anyText, le_b: anyText }), value: anyNumber })
  fc.assert(
    fc.property(anyText, fc.array(anySample, { maxLength: 5 }), (help, samples) => {
      const text = new PrometheusText()
      text.gauge('sor_any', help, samples)
      text.gauge('sor_next', 'Next.', [{ labels: {}, value: 1 }])
      const [any, next] = readMetrics(text.toString())
      expect(any.help).toBe(help)
      expect(any.samples.map(({ labels, value }) => ({ labels, value }))).toEqual(
        samples.map(({ labels, value }) => ({ labels: { ...labels }, value: value === 0 ? 0 : value })),
      )
      expect(next.samples).toHaveLength(1)
    }),
  )
})

test('buckets rise and end in the count, whatever was recorded', () => {
  const bounds = decadeBounds(-7, 0)
  fc.assert(
    fc.property(fc.array(fc.nat(4_000_000_000), { maxLength: 100 }), (values) => {
      const histogram = new Histogram(3)
      for (const value of values) histogram.record(value)
      const text = new PrometheusText()
      text.histogram('sor_any_seconds', 'Any.', bounds, [{ labels: {}, histogram, perSecond: 1e9 }])
      const [{ samples }] = readMetrics(text.toString())
      const buckets = samples.filter(({ name }) => name.endsWith('_bucket')).map(({ value }) => value)
      expect(buckets).toHaveLength(bounds.length + 1)
      expect(buckets.every((value, at) => at === 0 || value >= buckets[at - 1])).toBe(true)
      expect(buckets.at(-1)).toBe(values.length)
      expect(samples.at(-1)!.value).toBe(values.length)
    }),
    { numRuns: 50 },
  )
})
