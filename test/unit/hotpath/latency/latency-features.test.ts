import { expect, test } from 'vitest'
import { LATENCY_FEATURES, LatencyFeatures, latencyFeatureNames } from '../../../../hotpath/latency/latency-features.ts'
import { LatencyForecast } from '../../../../hotpath/latency/latency-forecast.ts'
import { LatencyQuantile } from '../../../../hotpath/latency/latency-quantile.ts'
import { US_PER_S } from '../../../../shared/units/time.ts'

const defaults = { p50Ns: 1e6, p90Ns: 2e6, p99Ns: 5e6 }
const start = 1_700_000_000 * US_PER_S

function world(): { features: LatencyFeatures; read: (row: number, us: number) => Record<string, number> } {
  const forecast = new LatencyForecast([defaults, defaults, defaults])
  const features = new LatencyFeatures(forecast, Int32Array.of(0, 0, 1), 2)
  const x = new Float64Array(2 * LATENCY_FEATURES)
  return {
    features,
    read: (row, us) => {
      features.fill(row, LatencyQuantile.p90, Float64Array.of(0, us), x, LATENCY_FEATURES)
      return Object.fromEntries(latencyFeatureNames.map((name, at) => [name, x[LATENCY_FEATURES + at]]))
    },
  }
}

test('a venue that has never answered has finite features', () => {
  expect(Object.values(world().read(0, start)).every(Number.isFinite)).toBe(true)
})

test('rows of a venue share its last answer, another venue does not', () => {
  const { features, read } = world()
  features.note(1, Float64Array.of(1e6, start))
  features.note(1, Float64Array.of(2e6, start))
  expect(read(0, start).lastOfVenue).toBeCloseTo(Math.log(2), 6)
  expect(read(0, start).lastOfRow).toBe(0)
  expect(read(2, start).lastOfVenue).toBe(0)
})

test('the pause grows with the time since the last answer, and a deviation is cut at one', () => {
  const { features, read } = world()
  features.note(0, Float64Array.of(1e6, start))
  features.note(0, Float64Array.of(1e9, start))
  expect(read(0, start).lastOfRow).toBe(1)
  expect(read(0, start + 60 * US_PER_S).pause).toBeGreaterThan(read(0, start + US_PER_S).pause)
  expect(read(0, start - US_PER_S).pause).toBe(read(0, start).pause)
})
