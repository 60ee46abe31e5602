/** Reference values: mpmath 1.3 at 40 digits. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  erfc,
  incompleteBeta,
  incompleteBetaInverse,
  logGamma,
  normalCdf,
  normalQuantile,
} from '../../../../shared/math/special-functions.ts'

function expectClose(actual: number, expected: number, relative = 1e-12): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(relative * Math.abs(expected))
}

test.each([
  [0.5, 0.5723649429247001],
  [2.5, 0.2846828704729192],
  [10, 12.80182748008147],
  [100, 359.1342053695754],
  [1000.5, 5908.674175848678],
])('log-gamma of %d', (x, expected) => expectClose(logGamma(x), expected))

test('log-gamma of 1 and 2 is 0', () => {
  expect(Math.abs(logGamma(1))).toBeLessThan(1e-14)
  expect(Math.abs(logGamma(2))).toBeLessThan(1e-14)
})

test.each([
  [-1, 1.842700792949715],
  [0, 1],
  [0.5, 0.4795001221869535],
  [1, 0.15729920705028513],
  [2, 0.004677734981047266],
  [3, 2.209049699858544e-5],
  [6, 2.1519736712498913e-17],
  [10, 2.088487583762545e-45],
])('erfc of %d', (x, expected) => expectClose(erfc(x), expected))

test.each([
  [-8, 6.220960574271784e-16],
  [-3, 0.0013498980316300946],
  [-1, 0.15865525393145705],
  [0.3, 0.6179114221889527],
  [2, 0.9772498680518208],
])('normal cdf of %d', (z, expected) => expectClose(normalCdf(z), expected))

test.each([
  [1e-6, -4.753424308822899],
  [0.001, -3.0902323061678136],
  [0.025, -1.9599639845400543],
  [0.3, -0.5244005127080408],
  [0.975, 1.9599639845400543],
])('normal quantile of %d', (p, expected) => expectClose(normalQuantile(p), expected))

test.each([
  [0.3, 2, 3, 0.3483],
  [0.01, 0.5, 0.5, 0.06376856085851985],
  [0.9, 12, 0.5, 0.11552285426683218],
  [0.1, 5, 96, 0.9762889173365232],
  [0.00001, 1, 100_000, 0.6321223982334278],
  [0.3, 50, 60, 0.000343411518766289],
])('incomplete beta at %d with %d and %d', (x, a, b, expected) => expectClose(incompleteBeta(x, a, b), expected))

test('the ends of the incomplete beta and its inverse', () => {
  expect(incompleteBeta(0, 2, 3)).toBe(0)
  expect(incompleteBeta(1, 2, 3)).toBe(1)
  expect(incompleteBetaInverse(0, 2, 3)).toBe(0)
  expect(incompleteBetaInverse(1, 2, 3)).toBe(1)
})

test('arguments outside the domain stop', () => {
  expect(() => logGamma(0)).toThrow('log-gamma')
  expect(() => incompleteBeta(1.1, 1, 1)).toThrow('between 0 and 1')
  expect(() => incompleteBeta(0.5, 0, 1)).toThrow('positive parameters')
  expect(() => normalQuantile(1)).toThrow('inside (0, 1)')
})

const shape = fc.double({ min: 0.2, max: 5_000, noNaN: true })
const inside = fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true })

test('the incomplete beta is its own mirror', () => {
  fc.assert(
    fc.property(inside, shape, shape, (x, a, b) => {
      expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 11)
    }),
  )
})

test('the inverse incomplete beta undoes the incomplete beta', () => {
  fc.assert(
    fc.property(inside, shape, shape, (p, a, b) => {
      const x = incompleteBetaInverse(p, a, b)
      // Where the whole step lies between two doubles next to 1, x cannot be better than its grid.
      if (x < 1 - 1e-9) expect(incompleteBeta(x, a, b)).toBeCloseTo(p, 9)
    }),
  )
})

test('the normal quantile undoes the normal cdf', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-9, noNaN: true }), (p) => {
      expectClose(normalCdf(normalQuantile(p)), p, 1e-11)
    }),
  )
})
