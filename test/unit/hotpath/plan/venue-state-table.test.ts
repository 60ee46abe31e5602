import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VenueStateTable } from '../../../../hotpath/plan/venue-state-table.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'
import { NS_PER_S } from '../../../../shared/units/time.ts'

const VENUE = 0 as VenueIndex

test('the first round trip is taken as it is, later ones weigh an eighth', () => {
  const states = new VenueStateTable([{ ordersPerSecond: 1, ordersBurst: 1 }])
  states.noteRoundTrip(VENUE, Float64Array.of(800, 1_600), 0)
  expect(states.latencyNs[0]).toBe(800)
  states.noteRoundTrip(VENUE, Float64Array.of(800, 1_600), 1)
  expect(states.latencyNs[0]).toBe(900)
})

test('a burst at once, then the rate; a clock that stands still gives nothing', () => {
  const states = new VenueStateTable([{ ordersPerSecond: 10, ordersBurst: 2 }])
  for (let i = 0; i < 2; i++) {
    expect(states.hasToken(VENUE, 0)).toBe(true)
    states.takeToken(VENUE)
  }
  expect(states.hasToken(VENUE, 0)).toBe(false)
  expect(states.hasToken(VENUE, 0.09 * NS_PER_S)).toBe(false)
  expect(states.hasToken(VENUE, 0.1 * NS_PER_S)).toBe(true)
})

test('never more than the burst and what the rate allows, whenever one asks', () => {
  const step = fc.integer({ min: 0, max: NS_PER_S })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 1, max: 20 }), (steps, rate) => {
      const states = new VenueStateTable([{ ordersPerSecond: rate, ordersBurst: 5 }])
      let nowNs = 0
      let taken = 0
      for (const ns of steps) {
        nowNs += ns
        if (!states.hasToken(VENUE, nowNs)) continue
        states.takeToken(VENUE)
        taken++
        expect(taken).toBeLessThanOrEqual(5 + (nowNs * rate) / NS_PER_S + 1e-6)
      }
    }),
  )
})

test('ready is a flag and the same bit of one of two halves', () => {
  const venues = Array.from({ length: 40 }, () => ({ ordersPerSecond: 1, ordersBurst: 1 }))
  const states = new VenueStateTable(venues)
  for (const venue of [0, 31, 32, 39]) states.setReady(venue as VenueIndex, true)
  states.setReady(31 as VenueIndex, false)
  const bits = Array.from({ length: 40 }, (_, venue) => (states.readyBits[venue >>> 5] >>> (venue & 31)) & 1)
  expect(bits).toEqual([...states.isReady])
  expect([0, 31, 32, 39].map((venue) => states.isReady[venue])).toEqual([1, 0, 1, 1])
})
