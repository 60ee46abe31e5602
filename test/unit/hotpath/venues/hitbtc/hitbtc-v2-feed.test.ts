import { expect, test } from 'vitest'
import { bequant, hitbtcV2 } from '../../../../../hotpath/venues/hitbtc/hitbtc-v2-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABCUSD'
const level = ([price, size]: string[]) => ({ price, size })
const book = (method: string, sequence: number, ask: string[][], bid: string[][], symbol = A) => ({
  jsonrpc: '2.0',
  method,
  params: { ask: ask.map(level), bid: bid.map(level), sequence, timestamp: '2023-11-14T22:13:20.000Z', symbol },
})
const whole = book(
  'snapshotOrderbook',
  10,
  [
    ['2.1', '3'],
    ['2.2', '1'],
  ],
  [
    ['2', '5'],
    ['1.9', '4'],
  ],
)

test('a whole book, a change and a delete', () => {
  const bench = new FeedBench(hitbtcV2)
  expect(bench.hear(whole)).toBe('parsed')
  bench.hear(book('updateOrderbook', 11, [['2.1', '0']], [['1.95', '7']]))
  expect(bench.book(A)).toBe('2x5 1.95x7 1.9x4 | 2.2x1')
  expect(bench.keeper.book(0).timeUs).toBe(1_700_000_000_000_000)
})

test('the method last, the instrument first', () => {
  const bench = new FeedBench(hitbtcV2)
  const { symbol, sequence, ask, bid } = whole.params
  bench.hear({ params: { symbol, sequence, bid, ask }, method: whole.method })
  expect(bench.book(A)).toBe('2x5 1.9x4 | 2.1x3 2.2x1')
})

test('a gap and a broken level each lose one book', () => {
  const bench = new FeedBench(hitbtcV2)
  bench.hear(whole)
  bench.hear({ ...whole, params: { ...whole.params, symbol: 'XYZUSD' } })
  bench.hear(book('updateOrderbook', 12, [], []))
  expect(bench.hear(book('updateOrderbook', 11, [['x', '1']], [], 'XYZUSD'))).toBe('malformed')
  expect(bench.lost).toEqual([`${A} gap`, 'XYZUSD malformed'])
})

test('trades and quotes', () => {
  const bench = new FeedBench(hitbtcV2)
  const trade = (side: string) => ({
    id: 1,
    price: '2.05',
    quantity: '0.5',
    side,
    timestamp: '2023-11-14T22:13:20.001Z',
  })
  const params = { data: [trade('buy'), trade('sell')], symbol: A }
  expect(bench.hear({ method: 'snapshotTrades', params })).toBe('statistics')
  expect(bench.hear({ method: 'updateTrades', params })).toBe('parsed')
  expect(bench.trades.map(({ side }) => side)).toEqual(['buy', 'sell'])
  expect(bench.trades[1]).toMatchObject({ name: A, price: 2.05, size: 0.5, timeUs: 1_700_000_000_001_000 })
  bench.hear({
    method: 'ticker',
    params: { ask: '2.1', bid: '2', last: '2', timestamp: '2023-11-14T22:13:20.000Z', symbol: A },
  })
  expect(bench.quotes[0].best).toEqual([2, undefined, 2.1, undefined])
})

test('what is no market data has its reason', () => {
  const bench = new FeedBench(hitbtcV2, [A])
  expect(bench.hear({ jsonrpc: '2.0', result: true, id: 'x' })).toBe('answer')
  expect(bench.hear({ jsonrpc: '2.0', error: { code: 2001 }, id: 'x' })).toBe('refused')
  expect(bench.hear({ method: 'updateCandles', params: {} })).toBe('candle')
  expect(bench.hear({ method: 'rumour', params: {} })).toBe('unknownChannel')
  expect(bench.hear({ ...whole, params: { ...whole.params, symbol: 'NO' } })).toBe('unknownSymbol')
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(hitbtcV2, [], whole, A)).toBeUndefined()
  expect(wrongCut(hitbtcV2, [whole], book('updateOrderbook', 11, [['2.1', '8']], [['2', '0']]), A)).toBeUndefined()
})

test('its USD are Tether, its USDB are dollars', () => {
  const one = {
    id: A,
    baseCurrency: 'ABC',
    quoteCurrency: 'USD',
    quantityIncrement: '10',
    tickSize: '0.0001',
    takeLiquidityRate: '0.0025',
    provideLiquidityRate: '0.001',
  }
  const body = JSON.stringify([one, { ...one, id: 'ABCUSDB', quoteCurrency: 'USDB' }])
  expect(bequant.readListings('https://api.bequant.io/api/2/public/symbol', body)).toMatchObject([
    { name: A, symbol: 'ABC/USDT', tickSize: '0.0001', lotSize: '10', takerPpm: 2_500 },
    { name: 'ABCUSDB', symbol: 'ABC/USD' },
  ])
})
