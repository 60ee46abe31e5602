/** The cold start: what a venue lists and what the account pays, or why not. */
import { expect, test } from 'vitest'
import { BinanceOrders } from '../../../../../hotpath/venues/binance/binance-orders.ts'
import type { HttpDoor, VenueAnswer } from '../../../../../hotpath/venues/door/venue-doors.ts'
import { openVenue } from '../../../../../hotpath/venues/native/open-venue.ts'
import { VirtualClock } from '../paper/paper-world.ts'
import { answered, lost, testKeys } from './scripted-venue.ts'

const symbolRow = (base: string, status = 'TRADING'): object => ({
  symbol: `${base}USDT`,
  status,
  baseAsset: base,
  quoteAsset: 'USDT',
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01000000' },
    { filterType: 'LOT_SIZE', minQty: '0.00001000', maxQty: '9000.00000000', stepSize: '0.00001000' },
    { filterType: 'NOTIONAL', minNotional: '5.00000000' },
  ],
})

function door(answers: Readonly<Record<string, VenueAnswer>>): HttpDoor {
  return {
    send: ({ url }, done) => {
      const path = new URL(url).pathname
      queueMicrotask(() => done(answers[path] ?? lost))
    },
  }
}

const time = { '/api/v3/time': answered(200, { serverTime: 1_700_000_000_500 }) }
const listed = { '/api/v3/exchangeInfo': answered(200, { symbols: [symbolRow('BTC'), symbolRow('ETH', 'HALT')] }) }
const rates = { maker: '0.0005', taker: '0.001', buyer: '0', seller: '0' }
const paid = { '/api/v3/account/commission': answered(200, { symbol: 'BTCUSDT', standardCommission: rates }) }

function open(answers: Readonly<Record<string, VenueAnswer>>, wanted: readonly string[] = ['BTC/USDT', 'ETH/USDT']) {
  return openVenue(new BinanceOrders(testKeys), door(answers), new VirtualClock(), wanted)
}

test('time, listings and fees', async () => {
  const opened = await open({ ...time, ...listed, ...paid })
  expect(opened).toMatchObject({
    ok: true,
    offsetMs: 500,
    symbols: [
      { name: 'BTCUSDT', symbol: 'BTC/USDT', makerPpm: 500, takerPpm: 1_000, feeOnReceived: true, contractSize: '1' },
    ],
  })
  expect(opened.ok && opened.symbols.length).toBe(1)
})

test('says why not, without keys', async () => {
  expect(await open({})).toEqual({ ok: false, error: 'binance: time not readable (cut)' })
  expect(await open(time)).toMatchObject({ error: 'binance: listings not readable (cut)' })
  expect(await open({ ...time, ...listed }, ['XRP/USDT'])).toMatchObject({
    error: 'binance: lists none of what is wanted',
  })
  const echo = answered(401, `bad key ${testKeys.key}`)
  expect(await open({ ...time, ...listed, '/api/v3/account/commission': echo })).toEqual({
    ok: false,
    error: 'binance: fees not readable (HTTP 401)',
  })
})
