import { expect, test } from 'vitest'
import {
  listingReaders,
  readListings,
} from '../../../../../../../hotpath/venues/paper/market/calibration/read-listings.ts'

const http = (data: unknown) => [{ t: 'http', url: 'https://venue', data: JSON.stringify(data) }]

test('steps, digits and nested filters all become decimals', () => {
  const binance = {
    symbols: [
      {
        baseAsset: 'BTC',
        quoteAsset: 'USDT',
        filters: [
          { filterType: 'PRICE_FILTER', tickSize: '0.01000000' },
          { filterType: 'LOT_SIZE', stepSize: '0.00001000', minQty: '0.00001000', maxQty: '9000.00000000' },
          { filterType: 'MIN_NOTIONAL', minNotional: '10.00000000' },
        ],
      },
      { baseAsset: 'DOGE', quoteAsset: 'USDT', filters: [] },
    ],
  }
  expect(readListings(http(binance), listingReaders['binance'].read)).toEqual({
    'BTC/USDT': { tick: '0.01', lot: '0.00001', qtyMin: '0.00001', qtyMax: '9000', notionalMin: '10' },
  })
  const gate = [{ base: 'ETH', quote: 'BTC', precision: 6, amount_precision: 4, min_base_amount: '0.001' }]
  expect(readListings(http(gate), listingReaders['gate'].read)['ETH/BTC']).toMatchObject({
    tick: '0.000001',
    lot: '0.0001',
  })
})

test('names of coins are those of the market', () => {
  const kraken = { XXBTZUSD: { wsname: 'XBT/USD', pair_decimals: 1, lot_decimals: 8, ordermin: '0.0002' } }
  expect(Object.keys(readListings(http(kraken), listingReaders['kraken'].read))).toEqual(['BTC/USD'])
  const hitbtc = [{ baseCurrency: 'BTC', quoteCurrency: 'USD', tickSize: '0.01', quantityIncrement: '0.00001' }]
  expect(Object.keys(readListings(http(hitbtc), listingReaders['hitbtc'].read))).toEqual(['BTC/USDT'])
})

test('lines that are no JSON are passed over', () => {
  expect(
    readListings(
      [
        { t: 'http', data: '<html>' },
        { t: 'recv', data: '{}' },
      ],
      listingReaders['okx'].read,
    ),
  ).toEqual({})
})
