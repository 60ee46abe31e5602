import { expect, test } from 'vitest'
import {
  Asset,
  EfficientPrices,
  Regime,
  STEPS_KEPT,
} from '../../../../../../../hotpath/venues/paper/market/calibrated/efficient-prices.ts'
import { calibration } from '../../../../../../../hotpath/venues/paper/market/calibration/calibration.ts'
import { Prng } from '../../../../../../../shared/prng.ts'

test('they begin at the measured prices', () => {
  const prices = new EfficientPrices(new Prng(1))
  expect(Math.exp(prices.logPrice(Asset.BTC, Asset.USDT, 0))).toBeCloseTo(calibration.flow.BTC.mid, 3)
  expect(Math.exp(prices.logPrice(Asset.ETH, Asset.BTC, 0))).toBeCloseTo(
    calibration.flow.ETH.mid / calibration.flow.BTC.mid,
    6,
  )
})

test('a look back sees what was there', () => {
  const prices = new EfficientPrices(new Prng(1))
  const seen: number[] = []
  for (let step = 0; step < 500; step++) {
    seen.push(prices.logPrice(Asset.BTC, Asset.USD, 0))
    prices.advance()
  }
  expect(prices.logPrice(Asset.BTC, Asset.USD, 10)).toBe(seen[490])
  expect(prices.logPrice(Asset.BTC, Asset.USD, STEPS_KEPT - 1)).toBe(seen[500 - STEPS_KEPT + 1])
})

test('ETH/BTC is ETH over BTC, always', () => {
  const prices = new EfficientPrices(new Prng(2))
  for (let step = 0; step < 1_000; step++) {
    prices.advance()
    const cross = prices.logPrice(Asset.ETH, Asset.USDT, 7) - prices.logPrice(Asset.BTC, Asset.USDT, 7)
    expect(prices.logPrice(Asset.ETH, Asset.BTC, 7)).toBeCloseTo(cross, 12)
  }
})

test('in the normal regime a second moves as much as measured, and BTC and ETH move together', () => {
  const moves: [number[], number[]] = [[], []]
  for (let seed = 0; seed < 6; seed++) {
    const prices = new EfficientPrices(new Prng(seed))
    for (let second = 0; second < 60 && prices.regime === Regime.normal; second++) {
      const before = [Asset.BTC, Asset.ETH].map((asset) => prices.logPrice(asset, Asset.USD, 0))
      for (let step = 0; step < 100; step++) prices.advance()
      for (const [at, asset] of [Asset.BTC, Asset.ETH].entries()) {
        moves[at].push((prices.logPrice(asset, Asset.USD, 0) - before[at]) * 1e4)
      }
    }
  }
  const deviation = (values: number[]): number => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length)
  expect(moves[0].length).toBeGreaterThan(100)
  expect(deviation(moves[0]) / calibration.flow.BTC.deviationBpsPerS).toBeGreaterThan(0.8)
  expect(deviation(moves[0]) / calibration.flow.BTC.deviationBpsPerS).toBeLessThan(1.25)
  const product = moves[0].reduce((sum, x, at) => sum + x * moves[1][at], 0) / moves[0].length
  const correlation = product / (deviation(moves[0]) * deviation(moves[1]))
  expect(Math.abs(correlation - calibration.leadLag.baseCorrelation)).toBeLessThan(0.2)
})

test('stablecoins stay within a few basis points of a dollar', () => {
  const prices = new EfficientPrices(new Prng(4))
  for (let step = 0; step < 60_000; step++) {
    prices.advance()
    expect(Math.abs(prices.logPrice(Asset.USDT, Asset.USD, 0)) * 1e4).toBeLessThan(
      6 * calibration.stablecoins.basisDeviationBps,
    )
  }
})

test('every regime comes in a day, and goes', () => {
  const prices = new EfficientPrices(new Prng(5))
  const seen = [0, 0, 0]
  for (let step = 0; step < 100 * 3_600 * 12; step++) {
    prices.advance()
    seen[prices.regime]++
  }
  for (const steps of seen) expect(steps).toBeGreaterThan(0)
}, 20_000)
