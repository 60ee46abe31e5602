import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestRemainder } from '../../../../hotpath/splitting/largest-remainder.ts'

test('spare lots go to the largest remainders, ties to the lower index', () => {
  expect(largestRemainder([1, 1, 1], 11)).toEqual([4, 4, 3])
  expect(largestRemainder([3, 0, 1], 5)).toEqual([4, 0, 1])
  // 0.6 / 0.4 is below 1.5 in doubles: the tie is one all the same.
  expect(largestRemainder([0.3, 0.1], 2)).toEqual([2, 0])
})

test('property: the total is exact and every share is its quota rounded down or up', () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 20 })
        .filter((weights) => weights.some((weight) => weight > 0)),
      fc.integer({ min: 0, max: 100_000 }),
      (weights, lots) => {
        const shares = largestRemainder(weights, lots)
        const total = weights.reduce((sum, weight) => sum + weight, 0)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(lots)
        shares.forEach((share, at) => {
          expect(Math.abs(share - (weights[at] * lots) / total)).toBeLessThan(1 + 1e-9)
        })
      },
    ),
  )
})
