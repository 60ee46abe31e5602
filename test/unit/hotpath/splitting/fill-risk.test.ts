import { expect, test } from 'vitest'
import { riskyPrice } from '../../../../hotpath/splitting/fill-risk.ts'

const risk = { fallbackPrice: 101, riskAversion: 1, driftPerMs: 0.01 }

test('a sure fill costs its price and fee, a sure miss the fallback, time its drift', () => {
  expect(riskyPrice({ price: 100, takerFee: 0.001, fillChance: 1, latencyMs: 0 }, risk)).toBeCloseTo(100.1, 12)
  expect(riskyPrice({ price: 100, takerFee: 0.001, fillChance: 0, latencyMs: 0 }, risk)).toBe(101)
  expect(riskyPrice({ price: 100, takerFee: 0, fillChance: 1, latencyMs: 20 }, risk)).toBeCloseTo(100.2, 12)
})

test('a cheaper venue that rarely fills loses to a dearer one that does', () => {
  const shy = riskyPrice({ price: 100, takerFee: 0, fillChance: 0.3, latencyMs: 1 }, risk)
  const sure = riskyPrice({ price: 100.2, takerFee: 0, fillChance: 1, latencyMs: 1 }, risk)
  expect(sure).toBeLessThan(shy)
})
