import { expect, test } from 'vitest'
import { bithumb } from '../../../../../hotpath/venues/bithumb/bithumb-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'KRW-ABC'
const unit = (ask_price: number, ask_size: number, bid_price: number, bid_size: number) => ({
  ask_price,
  bid_price,
  ask_size,
  bid_size,
})
const book = (units: object[], timestamp: number | string = '1700000000000123') => ({
  type: 'orderbook',
  code: A,
  total_ask_size: 4,
  total_bid_size: 9,
  orderbook_units: units,
  level: 1,
  timestamp,
  stream_type: 'REALTIME',
})
const first = book([unit(2_100, 0.3, 2_000, 5), unit(2_200, 1, 1_900, 4)])

test('every book is whole; its time comes in two units', () => {
  const bench = new FeedBench(bithumb)
  expect(bench.hear(first)).toBe('parsed')
  expect([bench.book(A), bench.keeper.book(0).timeUs]).toEqual([
    '2000x5 1900x4 | 2100x0.3 2200x1',
    1_700_000_000_000_123,
  ])
  bench.hear(book([unit(2_300, 1, 0, 0)], 1_700_000_000_001))
  expect([bench.book(A), bench.keeper.book(0).timeUs]).toEqual([' | 2300x1', 1_700_000_000_001_000])
})

test('the type behind everything else', () => {
  const bench = new FeedBench(bithumb)
  const { type, ...rest } = first
  bench.hear({ ...rest, type })
  expect(bench.book(A)).toBe('2000x5 1900x4 | 2100x0.3 2200x1')
})

test('trades name the aggressor; the one before our subscription is no news', () => {
  const bench = new FeedBench(bithumb)
  const trade = (ask_bid: string, stream_type = 'REALTIME') => ({
    type: 'trade',
    code: A,
    trade_price: 2_050,
    trade_volume: 0.5,
    ask_bid,
    trade_timestamp: 1_700_000_000_001,
    timestamp: 1_700_000_000_009,
    stream_type,
  })
  expect(bench.hear(trade('BID', 'SNAPSHOT'))).toBe('statistics')
  bench.hear(trade('BID'))
  bench.hear(trade('ASK'))
  expect(bench.trades.map(({ side }) => side)).toEqual(['buy', 'sell'])
  expect(bench.trades[0]).toMatchObject({ name: A, price: 2_050, size: 0.5, timeUs: 1_700_000_000_001_000 })
})

test('what is no market data has its reason', () => {
  const bench = new FeedBench(bithumb, [A])
  expect(bench.hear({ status: 'UP' })).toBe('heartbeat')
  expect(bench.hear({ error: { name: 'WRONG_FORMAT', message: 'no' } })).toBe('refused')
  expect(bench.hear({ type: 'ticker', code: A, trade_price: 1 })).toBe('statistics')
  expect(bench.hear({ type: 'weather', code: A })).toBe('unknownChannel')
  expect(bench.hear({ ...first, code: 'KRW-NO' })).toBe('unknownSymbol')
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(bithumb, [], first, A)).toBeUndefined()
  expect(wrongCut(bithumb, [first], book([unit(2_300, 1, 2_200, 2)]), A)).toBeUndefined()
})

test.each([[[7]], [[{ ask_price: 1 }]], ['none'], [[unit(-1, 1, 1, 1)]]])('units %j lose the book', (units) => {
  const bench = new FeedBench(bithumb)
  bench.hear(first)
  expect(bench.hear({ ...first, orderbook_units: units })).toBe('malformed')
  expect(bench.book(A)).toBe('lost')
})

test('markets by their codes', () => {
  const body = JSON.stringify([{ market: A, korean_name: '', english_name: 'Abc' }, { market: 'BTC-ABC' }])
  expect(bithumb.readListings('https://api.bithumb.com/v1/market/all?isDetails=false', body)).toMatchObject([
    { name: A, symbol: 'ABC/KRW', tickSize: '0.0001', notionalMin: '5000' },
    { name: 'BTC-ABC', symbol: 'ABC/BTC', tickSize: '0.00000001' },
  ])
})
