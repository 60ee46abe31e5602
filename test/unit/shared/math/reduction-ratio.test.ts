import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isClaimSupported, reductionRatio } from '../../../../shared/math/reduction-ratio.ts'

test('weighted ratio and its error by hand', () => {
  // u = (2, 6), v = (4, 8): ratio 8/12; residuals u - R v = (-2/3, 2/3), variance 8/9, error sqrt(8/9/2)/6 = 1/9.
  const result = reductionRatio([2, 3], [4, 4], [1, 2])
  expect(result.reduction).toBeCloseTo(1 / 3, 14)
  expect(result.standardError).toBeCloseTo(1 / 9, 14)
  expect(result.interval95.high).toBeCloseTo(1 / 3 + 12.706204736174694 / 9, 10)
})

test('half of everything is a certain half', () => {
  const result = reductionRatio([1, 2, 3], [2, 4, 6], [5, 1, 7])
  expect(result.reduction).toBe(0.5)
  expect(result.standardError).toBe(0)
  expect(isClaimSupported(result, 0.49)).toBe(true)
  expect(isClaimSupported(result, 0.5)).toBe(false)
})

test('a baseline that costs nothing stops', () => {
  expect(() => reductionRatio([1, 1], [1, -1], [1, 1])).toThrow('costs something')
})

test('the unit of cost and the unit of weight do not matter', () => {
  const cost = fc.double({ min: 0.1, max: 50, noNaN: true })
  fc.assert(
    fc.property(fc.array(fc.tuple(cost, cost, cost), { minLength: 2, maxLength: 30 }), (rows) => {
      const [router, baseline, weight] = [0, 1, 2].map((column) => rows.map((row) => row[column]))
      const one = reductionRatio(router, baseline, weight)
      const other = reductionRatio(
        router.map((x) => 4 * x),
        baseline.map((x) => 4 * x),
        weight.map((x) => 8 * x),
      )
      expect(other.reduction).toBeCloseTo(one.reduction, 10)
      expect(other.standardError).toBeCloseTo(one.standardError, 6)
    }),
  )
})
