import { expect, test } from 'vitest'
import { ascendex, ascendexFutures } from '../../../../../hotpath/venues/ascendex/ascendex-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABC/USDT'
const whole = {
  m: 'depth-snapshot',
  symbol: A,
  data: {
    ts: 1_700_000_000_000,
    seqnum: 10,
    asks: [
      ['2.1', '3'],
      ['2.2', '1'],
    ],
    bids: [
      ['2', '5'],
      ['1.9', '4'],
    ],
  },
}
const change = (seqnum: number, asks: string[][], bids: string[][], symbol = A) => ({
  m: 'depth',
  symbol,
  data: { ts: 1_700_000_000_100, seqnum, asks, bids },
})

test('a whole book, a change and a delete', () => {
  const bench = new FeedBench(ascendex)
  expect(bench.hear(whole)).toBe('parsed')
  expect(bench.book(A)).toBe('2x5 1.9x4 | 2.1x3 2.2x1')
  bench.hear(change(11, [['2.1', '0']], [['1.95', '7']]))
  expect(bench.book(A)).toBe('2x5 1.95x7 1.9x4 | 2.2x1')
})

test('a number left out loses this book alone', () => {
  const bench = new FeedBench(ascendex)
  bench.hear(whole)
  bench.hear({ ...whole, symbol: 'XYZ/USDT' })
  bench.hear(change(13, [], []))
  expect([bench.book(A), bench.lost]).toEqual(['lost', [`${A} gap`]])
  expect(bench.book('XYZ/USDT')).not.toBe('lost')
})

test('fields in another order', () => {
  const bench = new FeedBench(ascendex)
  const { m, symbol, data } = whole
  bench.hear({ data: { bids: data.bids, asks: data.asks, seqnum: data.seqnum }, symbol, m })
  expect(bench.book(A)).toBe('2x5 1.9x4 | 2.1x3 2.2x1')
})

test('the maker bought: the aggressor sold', () => {
  const bench = new FeedBench(ascendex)
  const trade = (bm: boolean) => ({ p: '2.05', q: '1.5', ts: 1_700_000_000_123, bm, seqnum: 1 })
  bench.hear({ m: 'trades', symbol: A, data: [trade(true), trade(false)] })
  expect(bench.trades.map(({ side }) => side)).toEqual(['sell', 'buy'])
  expect(bench.trades[0]).toEqual({ name: A, side: 'sell', price: 2.05, size: 1.5, timeUs: 1_700_000_000_123_000 })
})

test('best quotes and the state of contracts', () => {
  const bench = new FeedBench(ascendexFutures)
  bench.hear({ m: 'bbo', symbol: 'ABC-PERP', data: { ts: 5, bid: ['2', '1'], ask: ['2.1', '4'] } })
  expect(bench.quotes).toEqual([{ name: 'ABC-PERP', best: [2, 1, 2.1, 4], timeUs: 5_000 }])
  bench.hear({
    m: 'futures-pricing-data',
    con: [{ t: 1, s: 'ABC-PERP', mp: '2.05', ip: '2.04', oi: '9', fr: '0.0001', fpt: 7 }],
  })
  expect(bench.states[0].values.slice(0, 5)).toEqual([2.05, 2.04, 0.0001, 7_000, 9])
})

test('what is no market data has its reason', () => {
  const bench = new FeedBench(ascendex, [A])
  expect(bench.hear({ m: 'connected', type: 'unauth' })).toBe('answer')
  expect(bench.hear({ m: 'sub', ch: 'depth:ABC/USDT', code: 0 })).toBe('answer')
  expect(bench.hear({ m: 'sub', ch: 'depth:NO', code: 100_005 })).toBe('refused')
  expect(bench.hear({ m: 'error', code: 100_005, reason: 'INVALID_WS_REQUEST_DATA' })).toBe('refused')
  expect(bench.hear({ m: 'ping', hp: 3 })).toBe('heartbeat')
  expect(bench.hear({ m: 'bar', s: A, data: {} })).toBe('candle')
  expect(bench.hear({ ...whole, symbol: 'XYZ/USDT' })).toBe('unknownSymbol')
  expect(bench.hear({ m: 'new thing', data: {} })).toBe('unknownChannel')
  expect(bench.hear('[]')).toBe('malformed')
})

test('its ping is answered, nothing else', () => {
  const { pong } = ascendex.connection
  expect(pong?.(Buffer.from('{"m":"ping","hp":3}'))).toBe('{"op":"pong"}')
  expect(pong?.(Buffer.from('{"m":"connected"}'))).toBeUndefined()
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(ascendex, [], whole, A)).toBeUndefined()
  expect(wrongCut(ascendex, [whole], change(11, [['2.1', '8']], [['2', '0']]), A)).toBeUndefined()
})

test('a level that is no number loses this book alone', () => {
  const bench = new FeedBench(ascendex)
  bench.hear(whole)
  bench.hear({ ...whole, symbol: 'XYZ/USDT' })
  expect(bench.hear(change(11, [['two', '8']], []))).toBe('malformed')
  expect([bench.book(A), bench.lost]).toEqual(['lost', [`${A} malformed`]])
})

test('products and contracts that trade', () => {
  const product = {
    symbol: A,
    baseAsset: 'ABC',
    quoteAsset: 'USDT',
    status: 'Normal',
    minNotional: '5',
    tickSize: '0.01',
    lotSize: '0.001',
  }
  const cash = ascendex.readListings(
    'https://ascendex.com/api/pro/v1/products',
    JSON.stringify({ code: 0, data: [product, { ...product, symbol: 'OLD/USDT', status: 'NoTrading' }] }),
  )
  expect(cash).toMatchObject([{ name: A, symbol: A, tickSize: '0.01', lotSize: '0.001', notionalMin: '5' }])
  const contract = {
    symbol: 'ABC-PERP',
    status: 'Normal',
    settlementAsset: 'USDT',
    underlying: 'ABC/USDT',
    priceFilter: { tickSize: '0.5' },
    lotSizeFilter: { minQty: '0.01', maxQty: '100', lotSize: '0.01' },
  }
  const futures = ascendexFutures.readListings(
    'https://ascendex.com/api/pro/v2/futures/contract',
    JSON.stringify({ code: 0, data: [contract] }),
  )
  expect(futures).toMatchObject([
    { name: 'ABC-PERP', symbol: 'ABC/USDT:USDT', quantityMin: '0.01', quantityMax: '100' },
  ])
  expect(ascendex.readListings('https://ascendex.com/api/pro/v1/products', 'no')).toBeUndefined()
})
