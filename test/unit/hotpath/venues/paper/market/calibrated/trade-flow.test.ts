import { expect, test } from 'vitest'
import { BookMaker } from '../../../../../../../hotpath/venues/paper/market/calibrated/book-maker.ts'
import { EfficientPrices } from '../../../../../../../hotpath/venues/paper/market/calibrated/efficient-prices.ts'
import { planMarket } from '../../../../../../../hotpath/venues/paper/market/calibrated/listing-plan.ts'
import { TradeFlow } from '../../../../../../../hotpath/venues/paper/market/calibrated/trade-flow.ts'
import { calibration } from '../../../../../../../hotpath/venues/paper/market/calibration/calibration.ts'
import type { MarketSink } from '../../../../../../../hotpath/venues/paper/market-source.ts'
import { Prng } from '../../../../../../../shared/prng.ts'

const nobody: MarketSink = { onLevel() {}, onTrade() {}, onUpdateEnd() {}, onClear() {} }

/** Bursts of the leader's BTC/USDT over `seconds`, by time; prices stand still. */
function bursts(seconds: number, seed: number): { times: number[]; sides: number[]; refillsMs: number[] } {
  const prices = new EfficientPrices(new Prng(seed))
  const maker = new BookMaker(planMarket().books[0], prices, new Prng(seed + 1))
  const flow = new TradeFlow(maker, prices, new Prng(seed + 2))
  maker.open(nobody)
  const heard = { times: [] as number[], sides: [] as number[], refillsMs: [] as number[] }
  for (let ns = flow.drawNextNs(0); ns < seconds * 1e9; ns = flow.drawNextNs(ns)) {
    if (!flow.arrives(ns)) continue
    maker.evaluate(ns, nobody)
    heard.times.push(ns / 1e9)
    heard.sides.push(flow.trade(ns, nobody))
    heard.refillsMs.push(flow.drawRefillNs() / 1e6)
  }
  return heard
}

test('bursts come as often as measured, in clusters', () => {
  const { times } = bursts(2_000, 1)
  const measured = calibration.flow.BTC
  expect(times.length / 2_000 / measured.burstsPerS).toBeGreaterThan(0.75)
  expect(times.length / 2_000 / measured.burstsPerS).toBeLessThan(1.3)
  const counts = new Array<number>(200).fill(0)
  for (const time of times) counts[Math.floor(time / 10)]++
  const mean = times.length / 200
  const fano = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 200 / mean
  // Without excitement it would be 1; the measured factor at 10 s is 1 / (1 - branching)^2.
  expect(fano).toBeGreaterThan(8)
  expect(fano * (1 - measured.branching) ** 2).toBeLessThan(2)
})

test('sides repeat more often than they turn', () => {
  const { sides } = bursts(1_000, 5)
  const repeats = sides.slice(1).filter((side, at) => side === sides[at]).length / (sides.length - 1)
  expect(2 * repeats - 1).toBeGreaterThan(calibration.flow.BTC.sideAutocorrelation - 0.15)
  expect(2 * repeats - 1).toBeLessThan(calibration.flow.BTC.sideAutocorrelation + 0.3)
})

test('refills take the measured time', () => {
  const sorted = bursts(1_000, 9).refillsMs.sort((a, b) => a - b)
  const { refillMsMedian, refillMsP90 } = calibration.flow.BTC
  expect(sorted[Math.floor(sorted.length * 0.5)] / refillMsMedian).toBeGreaterThan(0.9)
  expect(sorted[Math.floor(sorted.length * 0.5)] / refillMsMedian).toBeLessThan(1.1)
  expect(sorted[Math.floor(sorted.length * 0.9)] / refillMsP90).toBeGreaterThan(0.85)
  expect(sorted[Math.floor(sorted.length * 0.9)] / refillMsP90).toBeLessThan(1.15)
})
