import { expect, test } from 'vitest'
import { LatencyQuantile, quantileShares } from '../../../../hotpath/latency/latency-quantile.ts'
import { QuantileRegression } from '../../../../hotpath/latency/quantile-regression.ts'
import { Prng } from '../../../../shared/prng.ts'

test('an untaught model adds nothing', () => {
  const into = Float64Array.of(7, 7)
  new QuantileRegression(2, 3).predict(1, Float64Array.of(1, 2, 3), 0, into, 1)
  expect([...into]).toEqual([7, 0])
})

test.each(['p50', 'p90'] as const)('learns the %s of a line with noise', (name) => {
  const quantile = LatencyQuantile[name]
  const into = new Float64Array(1)
  const model = new QuantileRegression(1, 2)
  const prng = new Prng(3)
  const x = new Float64Array(2)
  let covered = 0
  const trips = 40_000
  for (let i = 0; i < trips; i++) {
    x[0] = 1
    x[1] = prng.nextNormal()
    const actual = 0.3 + 0.5 * x[1] + 0.2 * prng.nextNormal()
    model.predict(0, x, 0, into, 0)
    const predicted = into[0]
    if (i >= trips / 2 && actual <= predicted) covered++
    model.learn(0, x, 0, quantile, actual > predicted)
  }
  expect(covered / (trips / 2)).toBeCloseTo(quantileShares[quantile], 1)
  expect(model.weight(0, 1)).toBeGreaterThan(0.4)
  expect(model.weight(0, 1)).toBeLessThan(0.6)
})

test('models keep to themselves', () => {
  const model = new QuantileRegression(2, 1)
  const x = Float64Array.of(1)
  model.learn(0, x, 0, LatencyQuantile.p50, true)
  expect(model.weight(0, 0)).toBeGreaterThan(0)
  expect(model.weight(1, 0)).toBe(0)
})
