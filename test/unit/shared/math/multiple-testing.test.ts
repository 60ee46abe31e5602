import fc from 'fast-check'
import { expect, test } from 'vitest'
import { benjaminiHochberg, holm } from '../../../../shared/math/multiple-testing.ts'

function expectAll(actual: number[], expected: number[]): void {
  expect(actual.length).toBe(expected.length)
  for (let i = 0; i < actual.length; i++) expect(actual[i]).toBeCloseTo(expected[i], 12)
}

test('by hand', () => {
  const p = [0.01, 0.04, 0.03, 0.005]
  // ascending 0.005 x 4, 0.01 x 3, 0.03 x 2, 0.04 x 1, never falling
  expectAll(holm(p), [0.03, 0.06, 0.06, 0.02])
  // 0.005 x 4/1, 0.01 x 4/2, 0.03 x 4/3, 0.04 x 4/4, never rising from the end
  expectAll(benjaminiHochberg(p), [0.02, 0.04, 0.04, 0.02])
})

test('one question stays, none is none, and nothing passes 1', () => {
  expect(holm([0.5])).toEqual([0.5])
  expect(benjaminiHochberg([0.5])).toEqual([0.5])
  expect(holm([])).toEqual([])
  expect(holm([0.9, 0.8])).toEqual([1, 1])
})

test('never below the raw value, Holm never below Benjamini-Hochberg, order kept', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (p) => {
      const strict = holm(p)
      const loose = benjaminiHochberg(p)
      p.forEach((raw, i) => {
        expect(loose[i]).toBeGreaterThanOrEqual(Math.min(1, raw * (1 - 1e-12)))
        expect(strict[i]).toBeGreaterThanOrEqual(loose[i] * (1 - 1e-12))
        expect(strict[i]).toBeLessThanOrEqual(1)
        p.forEach((other, j) => {
          if (raw < other) expect(strict[i]).toBeLessThanOrEqual(strict[j])
        })
      })
    }),
  )
})
