import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RollingQuantile } from '../../../../hotpath/latency/rolling-quantile.ts'
import { nearestRank } from '../../../../shared/math/quantile.ts'

test('an empty row answers 0, one value is every quantile', () => {
  const rolling = new RollingQuantile(2, 4)
  expect(rolling.quantile(1, 0.5)).toBe(0)
  rolling.note(1, 7)
  expect([rolling.quantile(1, 0.01), rolling.quantile(1, 1)]).toEqual([7, 7])
  expect([rolling.count(0), rolling.count(1)]).toEqual([0, 1])
})

test('the oldest value leaves when the window is full', () => {
  const rolling = new RollingQuantile(1, 3)
  for (const value of [9, 1, 2, 3]) rolling.note(0, value)
  expect(rolling.count(0)).toBe(3)
  expect(rolling.quantile(0, 1)).toBe(3)
  expect(rolling.quantile(0, 0.5)).toBe(2)
})

test('property: equals the quantile of the last values sorted, rows apart', () => {
  const values = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: -5, max: 9 })), { maxLength: 60 })
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 9 }), (notes, window) => {
      const rolling = new RollingQuantile(3, window)
      const rows: number[][] = [[], [], []]
      for (const [row, value] of notes) {
        rolling.note(row, value)
        rows[row].push(value)
        for (const [at, all] of rows.entries()) {
          const last = all.slice(-window).toSorted((a, b) => a - b)
          expect(rolling.count(at)).toBe(last.length)
          if (last.length === 0) continue
          for (const share of [0.07, 0.5, 0.9, 0.99, 1]) {
            expect(rolling.quantile(at, share)).toBe(nearestRank(last, share))
          }
        }
      }
    }),
  )
})
