import { expect, test } from 'vitest'
import {
  measureRegimes,
  parseBars,
} from '../../../../../../../hotpath/venues/paper/market/calibration/measure-regimes.ts'

test('bars of all three spellings of time', () => {
  const minute = Date.parse('2023-03-01T00:01:00Z') / 60_000
  const rows = ['2023-03-01 00:01:00+00:00', '2023-03-01 00:01:00.000000', `${minute * 60}`]
  for (const row of rows) {
    expect(parseBars(`open_time,open,high,low,close,volume\n${row},1,3,1,2,7\n`)).toEqual([
      { minute, high: 3, low: 1, close: 2, volume: 7 },
    ])
  }
})

test('an hour three times as wild and twice as busy shows as the stressed regime', () => {
  const bars = Array.from({ length: 6_000 }, (_, minute) => {
    const hour = Math.floor(minute / 60)
    const [wild, busy] = hour % 7 === 0 ? [3, 2] : hour % 3 === 0 ? [0.5, 0.5] : [1, 1]
    return { minute, high: 100 * Math.exp(0.001 * wild), low: 100, close: 100, volume: 10 * busy }
  })
  const { states, jumpsPerDay } = measureRegimes(bars)
  expect(states[2].volatilityRatio).toBeGreaterThan(2.5)
  expect(states[2].volumeRatio).toBeGreaterThan(1.7)
  expect(states[0].volatilityRatio).toBeLessThan(0.75)
  expect(states[2].minutesMean).toBeGreaterThanOrEqual(60)
  expect(jumpsPerDay).toBe(0)
})
