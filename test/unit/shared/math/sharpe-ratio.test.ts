import { expect, test } from 'vitest'
import { deflatedSharpe, expectedMaxSharpe, probabilisticSharpe } from '../../../../shared/math/sharpe-ratio.ts'
import { normalCdf } from '../../../../shared/math/special-functions.ts'

const plain = { sharpe: 0.1, observations: 101, skew: 0, kurtosis: 3 }

test('a normal sample by hand: 0.1 sqrt(100) / sqrt(1 + 0.1^2 / 2)', () => {
  expect(probabilisticSharpe(plain)).toBeCloseTo(normalCdf(1 / Math.sqrt(1.005)), 14)
})

test('its own ratio as benchmark is a coin', () => expect(probabilisticSharpe(plain, 0.1)).toBeCloseTo(0.5, 15))

test('one trial needs no deflation, more trials deflate more', () => {
  expect(expectedMaxSharpe(1, 0.01)).toBe(0)
  expect(deflatedSharpe(plain, 1, 0.01)).toBe(probabilisticSharpe(plain))
  expect(expectedMaxSharpe(100, 0.01)).toBeGreaterThan(expectedMaxSharpe(10, 0.01))
  expect(deflatedSharpe(plain, 100, 0.01)).toBeLessThan(deflatedSharpe(plain, 10, 0.01))
})

test('negative skew and fat tails lower the confidence', () => {
  expect(probabilisticSharpe({ ...plain, skew: -1, kurtosis: 8 })).toBeLessThan(probabilisticSharpe(plain))
})
