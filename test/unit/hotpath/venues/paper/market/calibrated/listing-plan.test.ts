import { expect, test } from 'vitest'
import { planMarket } from '../../../../../../../hotpath/venues/paper/market/calibrated/listing-plan.ts'
import { calibration } from '../../../../../../../hotpath/venues/paper/market/calibration/calibration.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../../../../shared/limits.ts'

const plan = planMarket()

function listingOf(id: string, symbol: string) {
  const venue = plan.venues.findIndex((one) => one.id === id)
  const instrument = plan.instruments.findIndex((one) => one.symbol === symbol)
  const at = plan.listings.findIndex((one) => one.venue === venue && one.instrument === instrument)
  return { listing: plan.listings[at], book: plan.books[at] }
}

test('captured rules are used: Binance BTC/USDT', () => {
  // tick 0.01, lot 0.00001, minimum 10 USDT, on a grid of 2 and 8 digits
  expect(listingOf('binance', 'BTC/USDT').listing).toMatchObject({
    tickStep: 1,
    lotStep: 1_000,
    lotsMin: 1_000,
    lotsMax: 9_000e8,
    notionalMin: 10 * 1e2 * 1e8,
    takerPpm: 1_000,
  })
  expect(listingOf('bybit', 'BTC/USDT').listing.tickStep).toBe(10)
  expect(listingOf('kraken', 'ETH/BTC').listing.tickStep).toBe(10)
})

test('a rule finer than the grid becomes the grid', () => {
  expect(calibration.listings.venues['hitbtc']['BTC/USDC'].tick).toBe('0.00001')
  expect(listingOf('hitbtc', 'BTC/USDC').listing.tickStep).toBe(1)
})

test('every listing holds together', () => {
  for (const { tickStep, lotStep, lotsMin, lotsMax, notionalMin, takerPpm, venue, instrument } of plan.listings) {
    expect(tickStep).toBeGreaterThan(0)
    expect(lotsMin % lotStep).toBe(0)
    expect(lotsMin).toBeGreaterThanOrEqual(lotStep)
    expect(lotsMax).toBeGreaterThan(lotsMin)
    expect(lotsMax).toBeLessThanOrEqual(QTY_LOTS_MAX)
    expect(Number.isSafeInteger(notionalMin)).toBe(true)
    expect(takerPpm).toBeLessThan(30_000)
    expect(plan.venues[venue]).toBeDefined()
    expect(plan.instruments[instrument]).toBeDefined()
  }
  for (const { priceDigits } of plan.instruments)
    expect(1e5 * 10 ** Math.min(priceDigits, 4)).toBeLessThan(PRICE_TICKS_MAX)
})

test('small venues are wider, thinner and later than the leader', () => {
  const leader = listingOf('binance', 'BTC/USDT').book
  for (const id of ['phemex', 'hitbtc', 'cex']) {
    const small = listingOf(id, 'BTC/USDT').book
    expect(small.spreadBps).toBeGreaterThan(leader.spreadBps)
    expect(small.depthShare).toBeLessThan(leader.depthShare / 10)
    expect(small.lagSteps).toBeGreaterThan(leader.lagSteps)
  }
})

test('a book we had a look at has its own depth', () => {
  const looked = calibration.books.venues['bybit']['BTC/USDT'].depth.find(([bps]) => bps === 10)?.[1] ?? 0
  const leader = calibration.flow.BTC.depth.find(([bps]) => bps === 10)?.[1] ?? 1
  expect(listingOf('bybit', 'BTC/USDT').book.depthShare).toBeCloseTo(looked / leader, 6)
})
