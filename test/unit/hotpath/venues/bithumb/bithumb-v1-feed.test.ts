import { expect, test } from 'vitest'
import { bithumbV1 } from '../../../../../hotpath/venues/bithumb/bithumb-v1-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABC_KRW'
const whole = {
  type: 'orderbooksnapshot',
  content: { symbol: A, datetime: '1700000000000123', asks: [['2100', '0.3']], bids: [['2000', '5']] },
}
const item = (orderType: string, price: string, quantity: string, symbol = A) => ({
  symbol,
  orderType,
  price,
  quantity,
  total: '1',
})
const changes = (list: object[]) => ({ type: 'orderbookdepth', content: { list, datetime: '1700000000000124' } })

test('a whole book, a change and a delete', () => {
  const bench = new FeedBench(bithumbV1)
  expect(bench.hear(whole)).toBe('parsed')
  bench.hear(changes([item('ask', '2100', '0'), item('ask', '2200', '1'), item('bid', '1900', '4')]))
  expect(bench.book(A)).toBe('2000x5 1900x4 | 2200x1')
})

test('transactions: 1 sold, 2 bought, at the time of Korea', () => {
  const bench = new FeedBench(bithumbV1)
  const deal = (buySellGb: string) => ({
    buySellGb,
    contPrice: '2050',
    contQty: '0.5',
    contAmt: '1025',
    contDtm: '2023-11-15 07:13:20.123456',
    updn: 'dn',
    symbol: A,
  })
  expect(bench.hear({ type: 'transaction', content: { list: [deal('1'), deal('2')] } })).toBe('parsed')
  expect(bench.trades).toEqual([
    { name: A, side: 'sell', price: 2_050, size: 0.5, timeUs: 1_700_000_000_123_456 },
    { name: A, side: 'buy', price: 2_050, size: 0.5, timeUs: 1_700_000_000_123_456 },
  ])
})

test('what is no market data has its reason', () => {
  const bench = new FeedBench(bithumbV1, [A])
  expect(bench.hear({ status: '0000', resmsg: 'Connected Successfully' })).toBe('answer')
  expect(bench.hear({ status: '5100', resmsg: 'Invalid Filter Syntax' })).toBe('refused')
  expect(bench.hear({ type: 'ticker', content: { symbol: A } })).toBe('statistics')
  expect(bench.hear({ type: 'fog', content: {} })).toBe('unknownChannel')
  expect(bench.hear({ content: { list: [] }, type: 'transaction' })).toBe('parsed')
  expect(bench.hear({ type: 'transaction', content: {} })).toBe('malformed')
})

test('a list of two instruments, of no side, or of no numbers loses the book', () => {
  for (const bad of [
    item('ask', '2', '1', 'XYZ_KRW'),
    item('both', '2', '1'),
    item('bid', 'x', '1'),
    item('bid', '-1', '1'),
  ]) {
    const bench = new FeedBench(bithumbV1)
    bench.hear(whole)
    expect(bench.hear(changes([item('bid', '1900', '1'), bad]))).toBe('malformed')
    expect(bench.book(A)).toBe('lost')
  }
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(bithumbV1, [], whole, A)).toBeUndefined()
  expect(wrongCut(bithumbV1, [whole], changes([item('ask', '2100', '0')]), A)).toBeUndefined()
})

test('markets are the keys of the tickers of one quote currency', () => {
  const body = JSON.stringify({ status: '0000', data: { ABC: {}, date: '1700000000000' } })
  expect(bithumbV1.readListings('https://api.bithumb.com/public/ticker/ALL_KRW', body)).toMatchObject([
    { name: A, symbol: 'ABC/KRW' },
  ])
})
