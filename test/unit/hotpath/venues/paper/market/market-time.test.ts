import { expect, test } from 'vitest'
import { MarketTime, PAUSE_NS } from '../../../../../../hotpath/venues/paper/market/market-time.ts'
import type { MonoNs } from '../../../../../../shared/units/time.ts'

const ns = (value: number): MonoNs => value as MonoNs

test('time starts with the first turn and runs speed times as fast', () => {
  const time = new MarketTime(3)
  expect(time.advance(ns(5_000))).toBe(0)
  expect(time.advance(ns(6_000))).toBe(3_000)
})

test('a clock that steps back holds the market, and does not play that time twice', () => {
  const time = new MarketTime(1)
  time.advance(ns(0))
  expect(time.advance(ns(100))).toBe(100)
  expect(time.advance(ns(40))).toBe(100)
  expect(time.advance(ns(100))).toBe(100)
  expect(time.advance(ns(130))).toBe(130)
})

test('a machine that slept finds the market where it left it', () => {
  const time = new MarketTime(1)
  time.advance(ns(0))
  expect(time.advance(ns(8 * 3_600e9))).toBe(PAUSE_NS)
})
