import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ClockOffset, clockEstimate } from '../../../../hotpath/latency/clock-offset.ts'
import { Prng } from '../../../../shared/prng.ts'

test('offset and delay of samples; the smallest delay is the best', () => {
  const estimate = clockEstimate([
    [1_000, 1_062, 1_063, 1_025],
    [3_000, 3_055, 3_055, 3_011],
    [4_000, 4_055, 4_055, 4_011],
  ])
  expect(estimate).toEqual({
    offsets: [50, 49.5, 49.5],
    delays: [24, 11, 11],
    bestIndex: 1,
    offset: 49.5,
    errorBound: 5.5,
  })
  expect(() => clockEstimate([])).toThrow('needs a sample')
})

const exact = { driftPpm: 0, venueResolutionUs: 0 }

test('before the first answer nothing is known', () => {
  const offset = new ClockOffset()
  expect(offset.offsetUs).toBeNaN()
  expect(offset.boundUs(0)).toBe(Number.POSITIVE_INFINITY)
})

test('one answer says what NTP says', () => {
  const offset = new ClockOffset(exact)
  offset.note(1_000, 1_062, 1_063, 1_025)
  expect([offset.offsetUs, offset.boundUs(1_025)]).toEqual([50, 12])
})

test('answers that were slow on different ways hold together better than either', () => {
  const offset = new ClockOffset(exact)
  // true offset 100: 10 there and 40 back, then 40 there and 10 back
  offset.note(0, 110, 110, 50)
  offset.note(1_000, 1_140, 1_140, 1_050)
  expect([offset.offsetUs, offset.boundUs(1_050)]).toEqual([100, 10])
})

test('floors of both ways narrow it; a resolution and drift widen it', () => {
  const near = new ClockOffset({ ...exact, oneWayFloorUs: 8 })
  near.note(0, 110, 110, 20)
  expect([near.offsetUs, near.boundUs(20)]).toEqual([100, 2])
  const coarse = new ClockOffset({ driftPpm: 0, venueResolutionUs: 1_000 })
  coarse.note(0, 110, 110, 20)
  expect([coarse.offsetUs, coarse.boundUs(20)]).toEqual([600, 510])
  const drifting = new ClockOffset({ driftPpm: 50, venueResolutionUs: 0 })
  drifting.note(0, 110, 110, 20)
  expect(drifting.boundUs(1_000_020)).toBeCloseTo(60.001, 9)
})

test('an answer from before it was asked is not used', () => {
  const offset = new ClockOffset(exact)
  offset.note(0, 100, 300, 20)
  offset.note(50, 100, 100, 20)
  offset.note(0, Number.NaN, Number.NaN, 20)
  expect([offset.samples, offset.impossible]).toEqual([0, 3])
})

test('one wrong stamp is passed over, a clock that was set is followed', () => {
  const offset = new ClockOffset(exact)
  offset.note(0, 110, 110, 20)
  offset.note(100, 9_210, 9_210, 120)
  offset.note(200, 310, 310, 220)
  expect([offset.offsetUs, offset.steps]).toEqual([100, 0])
  for (let at = 300; at < 600; at += 100) offset.note(at, at + 9_010, at + 9_010, at + 20)
  expect([offset.offsetUs, offset.boundUs(520), offset.steps]).toEqual([9_000, 10, 1])
})

/** A venue whose clock drifts, and answers with stamps cut to its resolution over two ways of different, random length. */
function simulate(seed: number, offsetUs: number, ppm: number, resolutionUs: number, floorUs: number) {
  const prng = new Prng(seed)
  const clock = new ClockOffset({ driftPpm: Math.abs(ppm), venueResolutionUs: resolutionUs, oneWayFloorUs: floorUs })
  const truth = (at: number): number => offsetUs + (ppm / 1e6) * at
  const stamp = (at: number): number => {
    const venue = at + truth(at)
    return resolutionUs > 0 ? Math.floor(venue / resolutionUs) * resolutionUs : venue
  }
  let now = 0
  let slack = Number.POSITIVE_INFINITY
  for (let i = 0; i < 300; i++) {
    const sent = now + prng.nextExponential(500_000)
    const arrived = sent + floorUs + prng.nextExponential(3_000)
    const left = arrived + prng.nextExponential(200)
    const received = left + floorUs + prng.nextExponential(9_000)
    clock.note(sent, stamp(arrived), stamp(left), received)
    now = received
    slack = Math.min(slack, clock.boundUs(now) - Math.abs(clock.offsetUs - truth(now)))
  }
  return { clock, slack, bound: clock.boundUs(now) }
}

test('the truth is within the bound, always: drift, asymmetry and coarse stamps', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: -1e6, max: 1e6 }),
      fc.integer({ min: -100, max: 100 }),
      fc.constantFrom(0, 1, 1_000),
      fc.constantFrom(0, 2_000),
      (seed, offset, ppm, resolution, floor) => {
        const { clock, slack } = simulate(seed, offset, ppm, resolution, floor)
        expect(slack).toBeGreaterThan(-1e-6)
        expect([clock.impossible, clock.steps]).toEqual([0, 0])
      },
    ),
    { numRuns: 60 },
  )
})

test('the bound is far smaller than half a round trip', () => {
  // two ways of 2 ms and more, means 5 and 11: half a round trip is 8 ms
  expect(simulate(1, 5_000, 20, 0, 2_000).bound).toBeLessThan(400)
  expect(simulate(1, 5_000, 20, 1_000, 2_000).bound).toBeLessThan(900)
})
