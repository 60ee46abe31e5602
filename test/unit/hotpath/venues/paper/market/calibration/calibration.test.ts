import { expect, test } from 'vitest'
import { calibration } from '../../../../../../../hotpath/venues/paper/market/calibration/calibration.ts'

test('every part names its source', () => {
  const { flow, leadLag, regimes, stablecoins, books, fullBooks, latency, fees, listings } = calibration
  for (const { source } of [flow, leadLag, regimes, stablecoins, books, fullBooks, latency, fees, listings]) {
    expect(source.length).toBeGreaterThan(10)
  }
})

test('measured numbers are where they can be', () => {
  for (const flow of [calibration.flow.BTC, calibration.flow.ETH]) {
    const amounts = flow.depth.map(([, amount]) => amount)
    expect([...amounts].sort((a, b) => a - b)).toEqual(amounts)
    for (const quantiles of [flow.spreadBps, flow.touchQuoteAmount, flow.burstQuoteAmount]) {
      expect(quantiles).toHaveLength(6)
      expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles)
    }
    expect(flow.branching).toBeGreaterThan(0)
    expect(flow.branching).toBeLessThan(1)
    expect(flow.refillMsP90).toBeGreaterThan(flow.refillMsMedian)
  }
  expect(calibration.regimes.states.map(({ volatilityRatio }) => volatilityRatio)).toEqual(
    [...calibration.regimes.states].map(({ volatilityRatio }) => volatilityRatio).sort((a, b) => a - b),
  )
  expect(calibration.leadLag.pairs.every(({ lagMs }) => lagMs >= 0 && lagMs <= 500)).toBe(true)
})
