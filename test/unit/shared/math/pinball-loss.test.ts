import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { pinballLoss } from '../../../../shared/math/pinball-loss.ts'
import { nearestRank } from '../../../../shared/math/quantile.ts'

test('a shortfall costs the share, an excess the rest', () => {
  expect(pinballLoss(0.9, 10, 8)).toBeCloseTo(1.8, 12)
  expect(pinballLoss(0.9, 8, 10)).toBeCloseTo(0.2, 12)
  expect(pinballLoss(0.5, 3, 3)).toBe(0)
})

test('property: no constant scores better than the quantile of the sample', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 }),
      fc.constantFrom(0.1, 0.5, 0.9, 0.99),
      fc.integer({ min: 0, max: 100 }),
      (values, share, other) => {
        const loss = (predicted: number): number =>
          values.reduce((sum, value) => sum + pinballLoss(share, value, predicted), 0)
        const best = nearestRank(
          values.toSorted((a, b) => a - b),
          share,
        )
        expect(loss(best)).toBeLessThanOrEqual(loss(other) + 1e-9)
      },
    ),
  )
})
