import { expect, test } from 'vitest'
import { NetworkView } from '../../../../hotpath/latency/network-view.ts'
import { regionOf } from '../../../../hotpath/latency/regions.ts'
import { Prng } from '../../../../shared/prng.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'

const [bybit, binance, woo] = [0, 1, 2] as VenueIndex[]
const ids = ['bybit', 'binance', 'woo']
const tokyo = regionOf('aws-ap-northeast-1')
if (tokyo === undefined) throw new Error('Tokyo is a region')

test('without a region of our own nothing is claimed of distances', () => {
  const rows = new NetworkView(ids).rows(0)
  expect(rows.map(({ distanceKm, floorUs }) => [distanceKm, floorUs])).toEqual(ids.map(() => [undefined, undefined]))
  expect(rows[0]).toEqual({
    venue: 'bybit',
    congestion: 'unknown',
    note: 'our region is not configured; Singapore (published); no answer yet',
  })
})

test('a floor is claimed for published places only, both as near as they may be', () => {
  const rows = new NetworkView(ids, tokyo).rows(0)
  expect(rows[bybit].distanceKm).toBeGreaterThan(5_300)
  // 5,118 km and back in glass
  expect(rows[bybit].floorUs).toBeGreaterThan(49_000)
  expect(rows[bybit].floorUs).toBeLessThan(51_500)
  expect([rows[binance].distanceKm, rows[binance].floorUs]).toEqual([0, undefined])
  expect([rows[woo].distanceKm, rows[woo].note]).toEqual([undefined, 'place unknown; no answer yet'])
})

test('a round trip below the floor is a clock error and says so', () => {
  const view = new NetworkView(ids, tokyo)
  view.note(bybit, 1_000_000, 1_010_000, 1_020_000)
  expect(view.rows(1_020_000)[bybit].note).toMatch(/clock error: a round trip of 20000\.0 us is below the floor/)
})

test('an answer without a stamp tells the round trip and nothing of the clock', () => {
  const view = new NetworkView(ids, tokyo)
  view.note(bybit, 1_000_000, 0, 1_080_000)
  const [row] = view.rows(1_080_000)
  expect(row.offsetUs).toBeUndefined()
  expect(row.oneWayLowUs).toBe((row.floorUs ?? 0) / 2)
  expect(row.oneWayHighUs).toBe(80_000 - (row.floorUs ?? 0) / 2)
})

test('offset and way there are within their bounds; a slow way there is told from a slow way back', () => {
  const view = new NetworkView(ids, tokyo)
  const prng = new Prng(2)
  const offset = 40_000
  let now = 1e12
  const send = (there: number, back: number): void => {
    const sent = now
    const stamp = Math.floor((sent + there + offset) / 1_000) * 1_000
    now = sent + there + back
    view.note(bybit, sent, stamp, now)
  }
  for (let i = 0; i < 100; i++) send(27_000 + prng.nextExponential(2_000), 27_000 + prng.nextExponential(4_000))
  const row = () => view.rows(now)[bybit]
  expect(Math.abs((row().offsetUs ?? 0) - offset)).toBeLessThanOrEqual(row().offsetBoundUs ?? 0)
  // floors leave at most 2 x 2 ms, and the stamps a millisecond
  expect(row().offsetBoundUs).toBeLessThan(3_000)
  expect(row().congestion).toBe('calm')
  send(60_000, 27_500)
  expect(row().oneWayLowUs).toBeGreaterThan(54_000)
  expect(row().oneWayLowUs).toBeLessThanOrEqual(60_000)
  expect(row().oneWayHighUs).toBeGreaterThanOrEqual(60_000)
  expect(row().oneWayHighUs).toBeLessThan(66_000)
})

test('congestion is shown, and a clock that was set is told', () => {
  const view = new NetworkView(ids)
  const prng = new Prng(5)
  let now = 1e12
  const send = (extra: number, offset: number): void => {
    const there = 20_000 + prng.nextExponential(500)
    view.note(binance, now, now + there + offset, now + 2 * there + extra)
    now += 100_000
  }
  for (let i = 0; i < 100; i++) send(0, 0)
  for (let i = 0; i < 10; i++) send(0, 5_000_000)
  expect(view.rows(now)[binance].note).toMatch(/a clock was set 1 times/)
  for (let i = 0; i < 20; i++) send(30_000, 5_000_000)
  expect(view.rows(now)[binance].congestion).toBe('congested')
  expect(view.congestionOf(binance).alarms).toBe(1)
  expect(Math.abs(view.offsetOf(binance).offsetUs - 5_000_000)).toBeLessThan(25_000)
})
