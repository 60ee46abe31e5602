import { expect, test } from 'vitest'
import { upbit } from '../../../../../hotpath/venues/upbit/upbit-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'KRW-ABC'
const book = (obu: object[], cd = A) => ({
  ty: 'orderbook',
  cd,
  tms: 1_700_000_000_000,
  tas: 1,
  tbs: 1,
  obu,
  st: 'REALTIME',
})
const whole = book([
  { ap: 127, bp: 126, as: 2.5, bs: 6.75 },
  { ap: 128, bp: 125, as: 5, bs: 0.00000001 },
])
const trade = (ab: string, st = 'REALTIME') => ({
  ty: 'trade',
  cd: A,
  tms: 2,
  ttms: 1_700_000_000_000,
  tp: 126,
  tv: 47.5,
  ab,
  sid: 1,
  st,
})

test('every book is whole', () => {
  const bench = new FeedBench(upbit)
  expect(bench.hear(Buffer.from(JSON.stringify(whole)))).toBe('parsed')
  expect(bench.book(A)).toBe('126x6.75 125x1e-8 | 127x2.5 128x5')
  bench.hear(book([{ ap: 130, bp: 129, as: 1, bs: 1 }]))
  expect(bench.book(A)).toBe('129x1 | 130x1')
})

test('keys in another order, and a side with fewer levels', () => {
  const bench = new FeedBench(upbit)
  const { ty, cd, obu } = whole
  bench.hear({ obu: [...obu, { bs: 0, as: 1, bp: 0, ap: 129 }], cd, ty })
  expect(bench.book(A)).toBe('126x6.75 125x1e-8 | 127x2.5 128x5 129x1')
})

test('sizes of the cheapest coins', () => {
  const bench = new FeedBench(upbit)
  bench.hear(
    '{"ty":"orderbook","cd":"KRW-ABC","obu":[{"ap":0.0002,"bp":0.0001,"as":12345678901.12345678,"bs":1.12345678}]}',
  )
  expect([bench.book(A), bench.lost]).toEqual(['0.0001x1.1234 | 0.0002x12345678901.1234', []])
})

test('trades: ASK sold', () => {
  const bench = new FeedBench(upbit)
  bench.hear(trade('ASK'))
  bench.hear(trade('BID'))
  expect(bench.trades.map(({ side }) => side)).toEqual(['sell', 'buy'])
  expect(bench.trades[0]).toMatchObject({ price: 126, size: 47.5, timeUs: 1_700_000_000_000_000 })
  expect(bench.hear(trade('?'))).toBe('malformed')
})

test('what is said around the data', () => {
  const bench = new FeedBench(upbit)
  expect(bench.hear({ error: { name: 'WRONG_FORMAT', message: 'x' } })).toBe('refused')
  expect(bench.hear({ status: 'UP' })).toBe('heartbeat')
  expect(bench.hear({ ty: 'ticker', cd: A })).toBe('statistics')
  expect(bench.hear({ ty: 'candle.1m', cd: A })).toBe('candle')
  expect(bench.hear({ ty: 'myOrder', cd: A })).toBe('unknownChannel')
  expect(bench.hear('')).toBe('malformed')
  expect(new FeedBench(upbit, ['X']).hear(whole)).toBe('unknownSymbol')
})

test('cut anywhere: never a wrong book; a broken level loses that book only', () => {
  expect(wrongCut(upbit, [whole], book([{ ap: 131, bp: 124, as: 3, bs: 4 }]), A)).toBeUndefined()
  const bench = new FeedBench(upbit)
  bench.hear(whole)
  bench.hear({ ...whole, cd: 'KRW-DEF' })
  expect(bench.hear(book([{ ap: 131, bp: 124, as: 3 }]))).toBe('malformed')
  expect([bench.book(A), bench.book('KRW-DEF')]).toEqual(['lost', '126x6.75 125x1e-8 | 127x2.5 128x5'])
})

test('instruments: quote first in names', () => {
  const body = JSON.stringify([{ market: 'KRW-BTC' }, { market: 'BTC-ETH' }, { market: 'odd' }])
  const listed = upbit.readListings('https://api.upbit.com/v1/market/all', body) ?? []
  expect(listed.map(({ symbol, notionalMin }) => [symbol, notionalMin])).toEqual([
    ['BTC/KRW', '5000'],
    ['ETH/BTC', '0.00005'],
  ])
})
