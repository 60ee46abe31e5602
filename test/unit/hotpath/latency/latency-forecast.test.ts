import { describe, expect, test } from 'vitest'
import { LatencyForecast, NOTES_MIN } from '../../../../hotpath/latency/latency-forecast.ts'
import { LatencyQuantile } from '../../../../hotpath/latency/latency-quantile.ts'
import { Prng } from '../../../../shared/prng.ts'
import { type EpochUs, US_PER_S } from '../../../../shared/units/time.ts'

const defaults = [
  { p50Ns: 1e6, p90Ns: 2e6, p99Ns: 5e6 },
  { p50Ns: 9e6, p90Ns: 9e6, p99Ns: 9e6 },
]
const { p50, p90, p99 } = LatencyQuantile
const HOUR_US = 3_600 * US_PER_S
const start = (1_700_000_000 * US_PER_S) as EpochUs

describe('LatencyForecast', () => {
  test('a cold venue answers with its default', () => {
    const forecast = new LatencyForecast(defaults)
    for (let i = 0; i < NOTES_MIN - 1; i++) forecast.note(0, 3e6, start)
    expect(forecast.quantileNs(0, p50, start)).toBe(1e6)
    forecast.note(0, 3e6, start)
    expect(forecast.quantileNs(0, p50, start)).toBeCloseTo(3e6, 0)
    expect(forecast.quantileNs(1, p99, start)).toBe(9e6)
  })

  test('the rolling quantile is exact over its window', () => {
    const forecast = new LatencyForecast(defaults)
    for (let i = 1; i <= 1_000; i++) forecast.note(0, i * 1e6, start)
    // p90 of the last 256: the 231st of 745 .. 1000.
    expect(forecast.rollingNs(0, p90)).toBe((744 + 231) * 1e6)
    expect(forecast.rollingNs(0, p50)).toBe((936 + 32) * 1e6)
    expect(forecast.overNs(0, p50, p99)).toBe((488 + 256) * 1e6)
  })

  test('nonsense is left out', () => {
    const forecast = new LatencyForecast(defaults)
    for (const ns of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) forecast.note(0, ns, start)
    expect(forecast.count(0)).toBe(0)
  })

  test('an hour that is always slow is expected to be slow before it is seen again', () => {
    const forecast = new LatencyForecast(defaults)
    const prng = new Prng(4)
    let nowUs: number = start
    for (let hour = 0; hour < 8 * 168; hour++) {
      const isSlow = hour % 24 === 12
      for (let i = 0; i < 100; i++) {
        nowUs += HOUR_US / 100
        forecast.note(0, (isSlow ? 2e7 : 1e7) * Math.exp(0.1 * prng.nextNormal()), nowUs as EpochUs)
      }
    }
    const usual = forecast.quantileNs(0, p50, nowUs as EpochUs)
    const slow = forecast.quantileNs(0, p50, (nowUs + 12.5 * HOUR_US) as EpochUs)
    expect(usual / 1e7).toBeCloseTo(1, 0)
    expect(slow / usual).toBeGreaterThan(1.4)
  })

  test('rows do not touch each other', () => {
    const forecast = new LatencyForecast(defaults)
    for (let i = 0; i < 100; i++) forecast.note(0, 1e7, start)
    expect(forecast.count(1)).toBe(0)
    expect(forecast.rollingNs(1, p90)).toBe(9e6)
  })

  test('a default that is not positive is refused', () => {
    expect(() => new LatencyForecast([{ p50Ns: 0, p90Ns: 1, p99Ns: 1 }])).toThrow()
  })
})
