import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DepthCurve, MeasuredDraw } from '../../../../../../../hotpath/venues/paper/market/calibrated/measured-curve.ts'
import { Prng } from '../../../../../../../shared/prng.ts'

const quantiles = [1, 10, 100, 1_000, 10_000, 50_000]

test('quantiles come back as they were measured', () => {
  const draw = new MeasuredDraw(quantiles)
  const levels = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99]
  for (const [at, p] of levels.entries()) expect(draw.at(p)).toBeCloseTo(quantiles[at], 6)
  expect(draw.at(0)).toBeCloseTo(1, 9)
  expect(draw.at(1)).toBeCloseTo(50_000, 6)
})

test('draws have the measured median and stay between the outer quantiles', () => {
  const draw = new MeasuredDraw(quantiles)
  const prng = new Prng(3)
  const values = Array.from({ length: 4_000 }, () => draw.draw(prng)).sort((a, b) => a - b)
  expect(values[2_000]).toBeGreaterThan(80)
  expect(values[2_000]).toBeLessThan(125)
  expect(values[0]).toBeGreaterThanOrEqual(0.999999)
  expect(values[3_999]).toBeLessThanOrEqual(50_000.01)
})

test('depth goes through the measured points and on with the far exponent', () => {
  const depth = new DepthCurve(
    [
      [1, 100],
      [10, 1_000],
      [20, 4_000],
    ],
    0.5,
  ) // prettier-ignore
  expect(depth.within(1)).toBe(100)
  expect(depth.within(10)).toBeCloseTo(1_000, 6)
  expect(depth.within(0.5)).toBe(50)
  expect(depth.within(80)).toBeCloseTo(8_000, 6)
  expect(depth.within(0)).toBe(0)
})

test('further is never less', () => {
  const depth = new DepthCurve(
    [
      [0.1, 5],
      [1, 100],
      [10, 1_000],
      [30, 4_000],
    ],
    0.87,
  ) // prettier-ignore
  const distance = fc.double({ min: 0, max: 500, noNaN: true })
  fc.assert(
    fc.property(distance, distance, (a, b) => {
      expect(depth.within(Math.max(a, b))).toBeGreaterThanOrEqual(depth.within(Math.min(a, b)) - 1e-9)
    }),
  )
})
