import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RetransmissionTimeout } from '../../../../hotpath/latency/retransmission-timeout.ts'

test('the first sample, and one after it, by hand', () => {
  const state = new RetransmissionTimeout(1, 0)
  expect(state.timeout).toBe(Number.POSITIVE_INFINITY)
  state.note(100)
  expect([state.smoothed, state.variation, state.timeout]).toEqual([100, 50, 300])
  state.note(120)
  expect([state.smoothed, state.variation, state.timeout]).toEqual([102.5, 42.5, 272.5])
})

test('never below the least, nor nearer than a tick of the clock', () => {
  const state = new RetransmissionTimeout(10, 1_000)
  const fine = new RetransmissionTimeout(10, 0)
  for (let i = 0; i < 200; i++) {
    state.note(250)
    fine.note(250)
  }
  expect(state.timeout).toBe(1_000)
  expect(fine.timeout).toBe(260)
})

test('above the smoothed round trip, which stays among the samples', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 }), (samples) => {
      const state = new RetransmissionTimeout(1, 0)
      for (const sample of samples) state.note(sample)
      expect(state.timeout).toBeGreaterThan(state.smoothed)
      expect(state.variation).toBeGreaterThanOrEqual(0)
      expect(state.smoothed).toBeGreaterThanOrEqual(Math.min(...samples) * (1 - 1e-12))
      expect(state.smoothed).toBeLessThanOrEqual(Math.max(...samples) * (1 + 1e-12))
    }),
  )
})

test('negative times are refused', () => {
  expect(() => new RetransmissionTimeout(-1, 0)).toThrow('0 or more')
})
