/** Reference values: scipy 1.17 t.ppf; one degree of freedom is Cauchy, two have a closed form. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { studentCdf, studentQuantile, studentTwoSidedP } from '../../../../shared/math/student-t.ts'

test.each([
  [0.975, 1, 12.706204736174694],
  [0.975, 19, 2.0930240544083087],
  [0.95, 199, 1.6525467461665633],
  [0.51, 5, 0.026346712342273235],
  [0.9999, 2, 70.70007107496818],
])('quantile %d with %d degrees of freedom', (p, freedom, expected) => {
  expect(studentQuantile(p, freedom) / expected).toBeCloseTo(1, 10)
  expect(studentQuantile(1 - p, freedom) / -expected).toBeCloseTo(1, 10)
})

test('one degree of freedom is the Cauchy distribution', () => {
  for (const t of [-30, -1, -0.2, 0, 0.7, 5]) expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 13)
})

test('two degrees of freedom have a closed form', () => {
  for (const t of [-9, -1, 0.3, 2]) expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 13)
})

test('two-sided p values at the ends', () => {
  expect(studentTwoSidedP(0, 7)).toBe(1)
  expect(studentTwoSidedP(Number.POSITIVE_INFINITY, 7)).toBe(0)
})

test('the median is 0', () => expect(studentQuantile(0.5, 3)).toBeCloseTo(0, 15))

test('the quantile undoes the cdf', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
      fc.integer({ min: 1, max: 5_000 }),
      (p, freedom) => {
        expect(studentCdf(studentQuantile(p, freedom), freedom)).toBeCloseTo(p, 10)
      },
    ),
  )
})
