import { expect, test } from 'vitest'
import { poloniex } from '../../../../../hotpath/venues/poloniex/poloniex-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABC_USDT'
const book = (action: string, lastId: number, id: number, asks: string[][], bids: string[][], symbol = A) => ({
  channel: 'book_lv2',
  data: [{ symbol, createTime: 1, asks, bids, lastId, id, ts: 1_700_000_000_000 }],
  action,
})
const whole = book(
  'snapshot',
  9,
  10,
  [['1.6', '5']],
  [
    ['1.5', '2'],
    ['1.4', '3'],
  ],
)

test('a whole book, a change, a delete, each naming the one before', () => {
  const bench = new FeedBench(poloniex)
  expect(bench.hear(whole)).toBe('parsed')
  bench.hear(
    book(
      'update',
      10,
      14,
      [
        ['1.6', '0'],
        ['1.7', '8'],
      ],
      [],
    ),
  )
  expect(bench.book(A)).toBe('1.5x2 1.4x3 | 1.7x8')
  bench.hear(book('update', 13, 15, [], []))
  expect(bench.lost).toEqual([`${A} gap`])
})

test('several books in one frame, the channel last', () => {
  const bench = new FeedBench(poloniex)
  const other = book('snapshot', 1, 2, [['9', '1']], [], 'DEF_USDT')
  bench.hear({ action: 'snapshot', data: [...other.data, ...whole.data], channel: 'book_lv2' })
  expect([bench.book(A), bench.book('DEF_USDT')]).toEqual(['1.5x2 1.4x3 | 1.6x5', ' | 9x1'])
})

test('trades: takerSide took', () => {
  const bench = new FeedBench(poloniex)
  const trade = (takerSide: string) => ({
    symbol: A,
    quantity: '2.5',
    takerSide,
    createTime: 5,
    price: '1.5',
    id: '1',
    ts: 6,
  })
  expect(bench.hear({ channel: 'trades', data: [trade('buy'), trade('sell')] })).toBe('parsed')
  expect(bench.trades).toEqual([
    { name: A, side: 'buy', price: 1.5, size: 2.5, timeUs: 5_000 },
    { name: A, side: 'sell', price: 1.5, size: 2.5, timeUs: 5_000 },
  ])
})

test('what is said around the data', () => {
  const bench = new FeedBench(poloniex)
  expect(bench.hear({ event: 'subscribe', channel: 'trades', symbols: [A] })).toBe('answer')
  expect(bench.hear({ event: 'pong' })).toBe('heartbeat')
  expect(bench.hear({ event: 'error', message: 'Subscription failed' })).toBe('refused')
  expect(bench.hear({ channel: 'candles_minute_1', data: [] })).toBe('candle')
  expect(bench.hear({ channel: 'ticker', data: [] })).toBe('statistics')
  expect(bench.hear({ channel: 'symbols', data: [] })).toBe('unknownChannel')
  expect(bench.hear('null')).toBe('malformed')
  expect(new FeedBench(poloniex, ['X']).hear(whole)).toBe('unknownSymbol')
})

test('cut anywhere: never a wrong book', () => {
  expect(wrongCut(poloniex, [whole], book('update', 10, 11, [['1.65', '12']], [['1.5', '0']]), A)).toBeUndefined()
})

test('a broken level loses that book only', () => {
  const bench = new FeedBench(poloniex)
  bench.hear(whole)
  bench.hear(book('snapshot', 1, 2, [['9', '1']], [], 'DEF_USDT'))
  expect(bench.hear(book('update', 10, 11, [['1.65', 'much']], []))).toBe('malformed')
  expect([bench.book(A), bench.book('DEF_USDT')]).toEqual(['lost', ' | 9x1'])
})

test('instruments', () => {
  const one = {
    symbol: A,
    baseCurrencyName: 'ABC',
    quoteCurrencyName: 'USDT',
    state: 'NORMAL',
    symbolTradeLimit: { priceScale: 3, quantityScale: 0, minQuantity: '100', minAmount: '1' },
  }
  const body = JSON.stringify([one, { ...one, state: 'PAUSE' }])
  expect(poloniex.readListings('https://api.poloniex.com/markets', body)).toEqual([
    expect.objectContaining({
      name: A,
      symbol: 'ABC/USDT',
      tickSize: '0.001',
      lotSize: '1',
      quantityMin: '100',
      notionalMin: '1',
    }),
  ])
})
