import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flightTimes, flightUs, judgeRoundTrip, roundTripFloorUs } from '../../../../hotpath/latency/time-of-flight.ts'

test('one light second', () => {
  expect(flightUs(299_792_458, 'vacuum')).toBe(1_000_000)
  expect(flightUs(299_792_458, 'microwave')).toBeCloseTo(1_000_300, 6)
  expect(flightUs(299_792_458, 'fibre')).toBeCloseTo(1_468_000, 6)
})

test('only the cable takes detours', () => {
  const [straight, winding] = [flightTimes(100_000, 1), flightTimes(100_000, 1.5)]
  expect(winding.fibreOneWayUs).toBeCloseTo(1.5 * straight.fibreOneWayUs, 9)
  expect(winding.fibreRoundTripUs).toBe(2 * winding.fibreOneWayUs)
  expect(winding.microwaveOneWayUs).toBe(straight.microwaveOneWayUs)
})

test('a sample below the floor is a clock error and says so', () => {
  const floor = roundTripFloorUs(100_000)
  expect(floor).toBeCloseTo(979.344, 3)
  expect(judgeRoundTrip(floor, floor)).toEqual({ ok: true, aboveFloorUs: 0 })
  expect(judgeRoundTrip(1_500, floor)).toEqual({ ok: true, aboveFloorUs: 1_500 - floor })
  expect(judgeRoundTrip(900, floor)).toEqual({
    ok: false,
    error: 'clock error: a round trip of 900.0 us is below the floor of 979.3 us',
  })
  expect(judgeRoundTrip(Number.NaN, floor).ok).toBe(false)
})

test('microwave may be faster than fibre and is still bounded', () => {
  const floor = roundTripFloorUs(100_000, 'microwave')
  expect(judgeRoundTrip(700, floor).ok).toBe(true)
  expect(judgeRoundTrip(600, floor).ok).toBe(false)
})

test('impossible distances and cables are refused', () => {
  expect(() => flightUs(-1, 'fibre')).toThrow('a distance')
  expect(() => flightTimes(1, 0.9)).toThrow('no cable')
})

test('vacuum before air before fibre, and longer ways take longer', () => {
  const metres = fc.double({ min: 1, max: 2e7, noNaN: true })
  fc.assert(
    fc.property(metres, metres, (one, other) => {
      const { vacuumOneWayUs, microwaveOneWayUs, fibreOneWayUs } = flightTimes(one, 1)
      expect(vacuumOneWayUs < microwaveOneWayUs && microwaveOneWayUs < fibreOneWayUs).toBe(true)
      expect(flightUs(one + other, 'fibre')).toBeGreaterThan(fibreOneWayUs)
    }),
  )
})
