/** Examples, then histories against hdr-histogram-js and against sorted values. */
import fc from 'fast-check'
import { build, type JsHistogram } from 'hdr-histogram-js'
import { expect, test } from 'vitest'
import {
  type Digits,
  HISTOGRAM_VALUE_MAX,
  Histogram,
  highestEquivalent,
  histogramBytes,
  lowestEquivalent,
} from '../../../../hotpath/telemetry/histogram.ts'
import { withOmitted } from '../../../../shared/math/coordinated-omission.ts'

function histogramOf(values: readonly number[], digits: Digits = 3): Histogram {
  const histogram = new Histogram(digits)
  for (const value of values) histogram.record(value)
  return histogram
}

function oracleOf(values: readonly number[], digits: Digits = 3): JsHistogram {
  const oracle = build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: HISTOGRAM_VALUE_MAX,
    numberOfSignificantValueDigits: digits,
  }) as JsHistogram
  for (const value of values) oracle.recordValue(value)
  return oracle
}

const quantiles = [0, 0.001, 0.07, 0.25, 0.5, 0.9, 0.99, 0.999, 1]
const figures = (histogram: Histogram) => ({
  count: histogram.count,
  sum: histogram.sum,
  min: histogram.min,
  max: histogram.max,
  above: histogram.above,
  refused: histogram.refused,
  quantiles: quantiles.map((share) => histogram.quantile(share)),
})

/** Small and large alike: the exponent is drawn first. */
const anyValue = fc
  .tuple(fc.integer({ min: 0, max: 31 }), fc.nat({ max: 0xffffffff }))
  .map(([bits, noise]) => Math.min(HISTOGRAM_VALUE_MAX, noise % 2 ** (bits + 1)))
const anyValues = fc.array(anyValue, { minLength: 1, maxLength: 300 })
const anyDigits = fc.constantFrom<Digits>(2, 3)

test.each([
  [1, 1, 1],
  [1000, 1000, 1000],
  [2047, 2047, 2047],
  [2048, 2048, 2049],
  [8180, 8180, 8183],
  [8193, 8192, 8199],
  [10007, 10000, 10007],
  [123456789, 123404288, 123469823],
  [HISTOGRAM_VALUE_MAX, 3_598_712_832, 3_600_809_983],
])('%i shares its bucket with %i to %i', (value, lowest, highest) => {
  expect([lowestEquivalent(value), highestEquivalent(value)]).toEqual([lowest, highest])
})

test('the bytes are those of the drawing', () => {
  expect([histogramBytes(3), histogramBytes(2)]).toEqual([188_480, 26_688])
})

test('an empty histogram says nought', () => {
  expect(figures(new Histogram(3))).toEqual(figures(histogramOf([])))
  expect(new Histogram(2).quantile(0.5)).toBe(0)
  expect(new Histogram(2).mean).toBe(0)
})

test('a hundred values, one to a hundred: every percentile is itself', () => {
  const histogram = histogramOf(Array.from({ length: 100 }, (_, at) => at + 1))
  for (let percent = 1; percent <= 100; percent++) expect(histogram.quantile(percent / 100)).toBe(percent)
  expect(histogram.mean).toBe(50.5)
})

test('the one slow order in a thousand is the 99.9th percentile and the maximum', () => {
  const histogram = histogramOf([...Array.from({ length: 998 }, () => 1_500), 9_000, 2_000_000])
  expect(histogram.quantile(0.99)).toBe(1_500)
  expect(histogram.quantile(0.999)).toBe(9_000 + 7)
  expect(histogram.max).toBe(2_000_000)
})

test('what is above the range is counted, keeps its maximum and its sum', () => {
  const histogram = histogramOf([5, HISTOGRAM_VALUE_MAX + 1, 2 ** 40])
  expect(histogram).toMatchObject({ count: 3, above: 2, max: 2 ** 40, sum: 5 + HISTOGRAM_VALUE_MAX + 1 + 2 ** 40 })
  expect([histogram.quantile(0.3), histogram.quantile(0.9)]).toEqual([5, 2 ** 40])
})

test('a negative time, or none, is refused and in no figure', () => {
  const histogram = histogramOf([7, -1, Number.NaN, Number.NEGATIVE_INFINITY])
  expect(histogram).toMatchObject({ count: 1, refused: 3, min: 7, max: 7, sum: 7 })
})

test('two histograms in one shared memory do not touch each other; a second view reads what the first wrote', () => {
  const bytes = histogramBytes(2)
  const memory = new SharedArrayBuffer(2 * bytes)
  const [left, right] = [new Histogram(2, memory, 0), new Histogram(2, memory, bytes)]
  left.record(0)
  left.record(HISTOGRAM_VALUE_MAX)
  right.record(9)
  expect(figures(new Histogram(2, memory, 0))).toEqual(figures(histogramOf([0, HISTOGRAM_VALUE_MAX], 2)))
  expect(figures(new Histogram(2, memory, bytes))).toEqual(figures(histogramOf([9], 2)))
})

test('histograms of other digits do not mix', () => {
  expect(() => new Histogram(2).merge(new Histogram(3))).toThrow('same buckets')
  expect(() => new Histogram(2).subtract(new Histogram(3))).toThrow('same buckets')
  expect(() => histogramOf([1]).subtract(histogramOf([2]))).toThrow('only grows')
})

test('a value is between the ends of its bucket, which is as narrow as promised', () => {
  fc.assert(
    fc.property(anyValue, anyDigits, (value, digits) => {
      const [lowest, highest] = [lowestEquivalent(value, digits), highestEquivalent(value, digits)]
      expect(lowest).toBeLessThanOrEqual(value)
      expect(highest).toBeGreaterThanOrEqual(value)
      expect(highest - lowest).toBeLessThan(Math.max(1, lowest / (digits === 3 ? 1023 : 127)))
      expect(lowestEquivalent(highest, digits)).toBe(lowest)
      expect(lowestEquivalent(highest + 1, digits)).toBe(highest + 1)
    }),
    { numRuns: 500 },
  )
})

test('the same as hdr-histogram-js: buckets, counts, quantiles', () => {
  fc.assert(
    fc.property(anyValues, anyDigits, (values, digits) => {
      const [ours, theirs] = [histogramOf(values, digits), oracleOf(values, digits)]
      expect(ours.count).toBe(theirs.totalCount)
      for (const value of values) {
        expect(lowestEquivalent(value, digits)).toBe(theirs.lowestEquivalentValue(value))
        expect(highestEquivalent(value, digits)).toBe(theirs.highestEquivalentValue(value))
      }
      for (const share of quantiles.slice(1)) {
        expect(ours.quantile(share)).toBe(Math.min(ours.max, theirs.getValueAtPercentile(share * 100)))
      }
    }),
    { numRuns: 100 },
  )
})

test('a quantile is the nearest rank of the sorted values, as fine as their bucket', () => {
  fc.assert(
    fc.property(anyValues, anyDigits, fc.double({ min: 0, max: 1, noNaN: true }), (values, digits, share) => {
      const sorted = values.toSorted((a, b) => a - b)
      const ranked = sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-12) - 1)]
      const expected = Math.min(sorted.at(-1)!, highestEquivalent(ranked, digits))
      expect(histogramOf(values, digits).quantile(share)).toBe(expected)
    }),
    { numRuns: 200 },
  )
})

test('merged in any parts: the same as recorded in one', () => {
  fc.assert(
    fc.property(anyValues, anyValues, fc.array(anyValue), (first, second, third) => {
      const merged = histogramOf(first)
      for (const part of [second, third]) merged.merge(histogramOf(part))
      expect(figures(merged)).toEqual(figures(histogramOf([...first, ...second, ...third])))
    }),
    { numRuns: 40 },
  )
})

test('an interval is what was recorded in it: its quantiles are those of its own values', () => {
  fc.assert(
    fc.property(anyValues, anyValues, (before, since) => {
      const interval = histogramOf([...before, ...since])
      interval.subtract(histogramOf(before))
      const alone = histogramOf(since)
      expect(interval).toMatchObject({ count: alone.count, sum: alone.sum })
      for (const share of quantiles) {
        expect(lowestEquivalent(interval.quantile(share))).toBe(lowestEquivalent(alone.quantile(share)))
      }
      interval.subtract(alone)
      expect(figures(interval)).toEqual(figures(new Histogram(3)))
    }),
    { numRuns: 40 },
  )
})

test('how many are at most each bound: exact where a bucket ends, never more than there are', () => {
  fc.assert(
    fc.property(anyValues, fc.array(anyValue, { maxLength: 8 }), anyDigits, (values, drawn, digits) => {
      const bounds = drawn.map((value) => highestEquivalent(value, digits)).sort((a, b) => a - b)
      const expected = bounds.map((bound) => values.filter((value) => value <= bound).length)
      expect(histogramOf(values, digits).countsUpTo(bounds)).toEqual(expected)
    }),
    { numRuns: 200 },
  )
  expect(new Histogram(3).countsUpTo([0, 5])).toEqual([0, 0])
  expect(histogramOf([0, 10_001, 2 ** 40]).countsUpTo([0, 10_000, 10_007, 3e9, 2 ** 39, 2 ** 41])).toEqual([
    1, 1, 2, 2, 2, 3,
  ])
})

test('coordinated omission: the same values as the reference puts back, and as hdr-histogram-js', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(100_000), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 500, max: 5_000 }),
      (values, interval) => {
        const histogram = new Histogram(3)
        const oracle = oracleOf([])
        for (const value of values) histogram.recordCorrected(value, interval)
        for (const value of values) oracle.recordValueWithExpectedInterval(value, interval)
        expect(figures(histogram)).toEqual(figures(histogramOf([...withOmitted(values, interval)])))
        expect(histogram.count).toBe(oracle.totalCount)
      },
    ),
    { numRuns: 50 },
  )
  expect(() => new Histogram(3).recordCorrected(5, 0)).toThrow('positive')
})

test('a copy stands still, a cleared one is empty', () => {
  const histogram = histogramOf([1, 2, 3])
  const copy = new Histogram(3)
  copy.copyFrom(histogram)
  histogram.record(4)
  expect([copy.count, histogram.count]).toEqual([3, 4])
  histogram.clear()
  expect(figures(histogram)).toEqual(figures(new Histogram(3)))
})
