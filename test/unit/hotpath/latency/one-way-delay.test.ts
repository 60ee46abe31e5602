import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asymmetryMax, narrowed, oneWayBounds } from '../../../../hotpath/latency/one-way-delay.ts'

test('the way there leaves the way back its floor', () => {
  const bounds = oneWayBounds(1_000, 100, 350)
  expect(bounds).toEqual({ low: 100, high: 650 })
  expect(asymmetryMax(bounds)).toBe(550)
})

test("a venue's stamp narrows it by what is known of the clocks", () => {
  const bounds = oneWayBounds(1_000, 100, 100)
  expect(narrowed(bounds, 5_300, 5_000, 50)).toEqual({ low: 250, high: 350 })
  expect(narrowed(bounds, 5_300, 5_000, 1_000)).toEqual(bounds)
  const wrong = narrowed(bounds, 9_000, 5_000, 50)
  expect(wrong.low).toBeGreaterThan(wrong.high)
})

test('the truth lies within, whatever the asymmetry and the clocks', () => {
  const delay = fc.integer({ min: 0, max: 100_000 })
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const error = fc.double({ min: -1, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      delay,
      delay,
      share,
      share,
      fc.integer({ min: -1e9, max: 1e9 }),
      delay,
      error,
      (there, back, a, b, offset, bound, off) => {
        const bounds = oneWayBounds(there + back, there * a, back * b)
        expect(bounds.low).toBeLessThanOrEqual(there)
        expect(bounds.high).toBeGreaterThanOrEqual(there)
        const both = narrowed(bounds, there + offset, offset + off * bound, bound)
        expect(both.low).toBeLessThanOrEqual(there + 1e-6)
        expect(both.high).toBeGreaterThanOrEqual(there - 1e-6)
        expect(asymmetryMax(both)).toBeLessThanOrEqual(asymmetryMax(bounds))
      },
    ),
  )
})
