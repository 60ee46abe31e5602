import { expect, test } from 'vitest'
import { readFees } from '../../../../../../../hotpath/venues/paper/market/calibration/read-fees.ts'

test('plausible order-book venues are kept, the rest is left out', () => {
  const trading = { maker: 0.001, taker: 0.002, feeSide: 'get' }
  const declared = {
    good: { name: 'Good', rateLimitMs: 49.6, dex: false, fees: { trading } },
    chain: { name: 'Chain', rateLimitMs: 50, dex: true, fees: { trading } },
    typo: { name: 'Typo', rateLimitMs: 50, dex: false, fees: { trading: { maker: 0.1, taker: 0.1 } } },
    silent: { name: 'Silent', rateLimitMs: 50, dex: false, fees: null },
    binanceusdm: {
      name: 'Futures',
      rateLimitMs: 50,
      dex: false,
      fees: { trading, linear: { trading: { maker: 0.0002, taker: 0.0005, feeSide: 'quote' } } },
    },
  }
  expect(readFees(declared)).toEqual({
    good: { name: 'Good', makerPpm: 1_000, takerPpm: 2_000, isReceived: true, pauseMs: 50 },
    binanceusdm: { name: 'Futures', makerPpm: 200, takerPpm: 500, isReceived: false, pauseMs: 50 },
  })
})
