import { expect, test } from 'vitest'
import { probit } from '../../../../../hotpath/venues/probit/probit-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABC-KRW'
const level = (side: string, price: string, quantity: string) => ({ side, price, quantity })
const frame = (order_books: object[], rest: object = {}, market_id = A) => ({
  channel: 'marketdata',
  market_id,
  status: 'ok',
  lag: 0,
  order_books,
  recent_trades: [],
  ...rest,
})
const whole = frame([level('sell', '12', '3'), level('buy', '10', '1.5'), level('buy', '11', '2')], { reset: true })
const trade = (side: string) => ({ id: '1', price: '11', quantity: '0.5', time: '2026-01-02T03:04:05.678Z', side })

test('a whole book in no order, a change, a delete', () => {
  const bench = new FeedBench(probit)
  expect(bench.hear(whole)).toBe('parsed')
  bench.hear(frame([level('buy', '11', '0'), level('sell', '13', '1')]))
  expect(bench.book(A)).toBe('10x1.5 | 12x3 13x1')
})

test('a change before any book is not applied; reset last and first', () => {
  const bench = new FeedBench(probit)
  bench.hear(frame([level('buy', '11', '1')]))
  expect(bench.book(A)).toBe('lost')
  bench.hear({ reset: true, order_books: [level('buy', '9', '1')], market_id: A, status: 'ok', channel: 'marketdata' })
  expect(bench.book(A)).toBe('9x1 | ')
})

test('trades with their book', () => {
  const bench = new FeedBench(probit)
  expect(bench.hear({ ...whole, recent_trades: [trade('buy')] })).toBe('parsed')
  bench.hear(frame([], { recent_trades: [trade('sell')] }))
  expect(bench.trades.map(({ side, price, size, timeUs }) => [side, price, size, timeUs])).toEqual([
    ['buy', 11, 0.5, Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1_000],
    ['sell', 11, 0.5, Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1_000],
  ])
})

test('what is said around the data', () => {
  const bench = new FeedBench(probit)
  expect(bench.hear({ channel: 'marketdata', market_id: A, status: 'ok', ticker: {} })).toBe('statistics')
  expect(bench.hear({ errorCode: 'INVALID_ARGUMENT', details: {} })).toBe('refused')
  expect(bench.hear({ channel: 'balance', status: 'ok' })).toBe('unknownChannel')
  expect(bench.hear('[]')).toBe('malformed')
  expect(new FeedBench(probit, ['X']).hear(whole)).toBe('unknownSymbol')
})

test('cut anywhere: never a wrong book', () => {
  expect(wrongCut(probit, [whole], frame([level('sell', '12', '7'), level('buy', '10', '0')]), A)).toBeUndefined()
})

test('a broken level loses its book', () => {
  const bench = new FeedBench(probit)
  bench.hear(whole)
  expect(bench.hear(frame([level('hold', '12', '7')]))).toBe('malformed')
  expect(bench.book(A)).toBe('lost')
})

test('instruments, fees in percent', () => {
  const one = {
    id: A,
    base_currency_id: 'ABC',
    quote_currency_id: 'KRW',
    price_increment: '0.001',
    quantity_precision: 4,
    min_quantity: '0.0001',
    max_quantity: '1000',
    min_cost: '1',
    taker_fee_rate: '0.2',
    maker_fee_rate: '0.1',
    closed: false,
  }
  const body = JSON.stringify({ data: [one, { ...one, closed: true }] })
  expect(probit.readListings('https://api.probit.com/api/exchange/v1/market', body)).toEqual([
    expect.objectContaining({
      name: A,
      symbol: 'ABC/KRW',
      tickSize: '0.001',
      lotSize: '0.0001',
      takerPpm: 2_000,
      makerPpm: 1_000,
    }),
  ])
})
