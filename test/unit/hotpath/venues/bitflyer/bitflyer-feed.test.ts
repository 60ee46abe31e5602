import { expect, test } from 'vitest'
import { bitflyer } from '../../../../../hotpath/venues/bitflyer/bitflyer-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'BTC_JPY'
const said = (channel: string, message: unknown) => ({
  jsonrpc: '2.0',
  method: 'channelMessage',
  params: { channel, message },
})
const sides = (bids: number[][], asks: number[][]) => {
  const levels = (side: number[][]) => side.map(([price, size]) => ({ price, size }))
  return { mid_price: 1, bids: levels(bids), asks: levels(asks) }
}
const whole = said(
  `lightning_board_snapshot_${A}`,
  sides(
    [
      [1_900, 4],
      [2_000, 5],
    ],
    [
      [2_200, 1],
      [2_100, 0.3],
    ],
  ),
)
const change = said(`lightning_board_${A}`, sides([[1_950, 7]], [[2_100, 0]]))

test('a whole book in any order, a change and a delete', () => {
  const bench = new FeedBench(bitflyer)
  expect(bench.hear(whole)).toBe('parsed')
  expect(bench.book(A)).toBe('2000x5 1900x4 | 2100x0.3 2200x1')
  bench.hear(change)
  expect(bench.book(A)).toBe('2000x5 1950x7 1900x4 | 2200x1')
})

test('changes before a whole book are not a book', () => {
  const bench = new FeedBench(bitflyer)
  bench.hear(change)
  expect(bench.book(A)).toBe('lost')
})

test('the channel behind the message', () => {
  const bench = new FeedBench(bitflyer)
  const { channel, message } = whole.params
  bench.hear({ params: { message, channel }, method: 'channelMessage' })
  expect(bench.book(A)).toBe('2000x5 1900x4 | 2100x0.3 2200x1')
})

test('executions name the taker; an auction has none and is left out', () => {
  const bench = new FeedBench(bitflyer)
  const execution = (side: string) => ({
    id: 1,
    side,
    price: 2_050,
    size: 0.01,
    exec_date: '2023-11-14T22:13:20.1234567Z',
  })
  bench.hear(said(`lightning_executions_${A}`, [execution('SELL'), execution(''), execution('BUY')]))
  expect(bench.trades).toMatchObject([
    { name: A, side: 'sell', price: 2_050, size: 0.01, timeUs: 1_700_000_000_123_456 },
    { name: A, side: 'buy' },
  ])
})

test('a ticker has the best quote', () => {
  const bench = new FeedBench(bitflyer)
  const best = { best_bid: 2_000, best_ask: 2_100, best_bid_size: 5, best_ask_size: 0.3 }
  bench.hear(said(`lightning_ticker_${A}`, { product_code: A, timestamp: '2023-11-14T22:13:20', ...best }))
  expect(bench.quotes).toEqual([{ name: A, best: [2_000, 5, 2_100, 0.3], timeUs: 1_700_000_000_000_000 }])
})

test('a book crossed while late changes come in is given time', () => {
  const bench = new FeedBench(bitflyer)
  bench.hear(whole)
  bench.hear(said(`lightning_board_${A}`, sides([[2_100, 1]], [])))
  expect(bench.lost).toEqual([])
  bench.hear(said(`lightning_board_${A}`, sides([[2_100, 0]], [])))
  expect(bench.book(A)).toBe('2000x5 1900x4 | 2100x0.3 2200x1')
})

test('what is no market data has its reason', () => {
  const bench = new FeedBench(bitflyer, [A])
  expect(bench.hear({ jsonrpc: '2.0', id: 1, result: true })).toBe('answer')
  expect(bench.hear({ jsonrpc: '2.0', id: 1, error: { code: -32_602, message: 'Invalid params' } })).toBe('refused')
  expect(bench.hear(said('lightning_board_NO', sides([], [])))).toBe('unknownSymbol')
  expect(bench.hear(said('thunder_BTC_JPY', []))).toBe('unknownChannel')
  expect(bench.hear({ params: { channel: 'lightning_board_BTC_JPY' } })).toBe('malformed')
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(bitflyer, [], whole, A)).toBeUndefined()
  expect(wrongCut(bitflyer, [whole], change, A)).toBeUndefined()
})

test('a level that is no number loses the book', () => {
  const bench = new FeedBench(bitflyer)
  bench.hear(whole)
  expect(bench.hear(said(`lightning_board_${A}`, { bids: [{ price: 'x', size: 1 }], asks: [] }))).toBe('malformed')
  expect(bench.book(A)).toBe('lost')
})

test('spot, margin and futures by their names', () => {
  const body = JSON.stringify([
    { product_code: A, market_type: 'Spot' },
    { product_code: 'FX_BTC_JPY', market_type: 'FX' },
    { product_code: 'BTCJPY24DEC2021', alias: 'BTCJPY_MAT2WK', market_type: 'Futures' },
    { product_code: 'NEW_JPY', market_type: 'Spot' },
  ])
  expect(bitflyer.readListings('https://api.bitflyer.com/v1/getmarkets', body)).toMatchObject([
    { name: A, symbol: 'BTC/JPY', tickSize: '1', quantityMin: '0.001' },
    { name: 'FX_BTC_JPY', symbol: 'BTC/JPY:JPY' },
    { name: 'BTCJPY24DEC2021', symbol: 'BTC/JPY:JPY-211224' },
    { name: 'NEW_JPY', symbol: 'NEW/JPY', tickSize: '0.00001' },
  ])
})
