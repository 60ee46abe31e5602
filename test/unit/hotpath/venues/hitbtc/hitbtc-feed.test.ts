import { expect, test } from 'vitest'
import { fmfwio, hitbtc } from '../../../../../hotpath/venues/hitbtc/hitbtc-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABCUSDT'
const book = (s: number, a: string[][], b: string[][]) => ({ t: 1_700_000_000_000, s, a, b })
const whole = {
  ch: 'orderbook/full',
  snapshot: {
    [A]: book(
      10,
      [
        ['2.100', '3'],
        ['2.200', '1'],
      ],
      [
        ['2.000', '5'],
        ['1.900', '4'],
      ],
    ),
  },
}
const change = (s: number, a: string[][], b: string[][]) => ({ ch: 'orderbook/full', update: { [A]: book(s, a, b) } })

test('a whole book, a change and a delete', () => {
  const bench = new FeedBench(hitbtc)
  expect(bench.hear(whole)).toBe('parsed')
  bench.hear(change(11, [['2.100', '0']], [['1.950', '7.5']]))
  expect(bench.book(A)).toBe('2x5 1.95x7.5 1.9x4 | 2.2x1')
})

test('several books in one message, the channel last', () => {
  const bench = new FeedBench(hitbtc)
  const { snapshot } = whole
  bench.hear({ snapshot: { ...snapshot, XYZUSDT: book(3, [['9', '1']], []) }, ch: 'orderbook/full' })
  expect([bench.book(A), bench.book('XYZUSDT')]).toEqual(['2x5 1.9x4 | 2.1x3 2.2x1', ' | 9x1'])
})

test('numbers follow each other, else the book is lost; a whole book that lags is old news', () => {
  const bench = new FeedBench(hitbtc)
  bench.hear(whole)
  bench.hear(change(11, [['2.300', '1']], []))
  bench.hear(whole)
  bench.hear(change(12, [['2.400', '1']], []))
  expect(bench.book(A)).toBe('2x5 1.9x4 | 2.1x3 2.2x1 2.3x1 2.4x1')
  bench.hear(change(14, [], []))
  expect(bench.lost).toEqual([`${A} gap`])
})

test('an ask dearer than can be kept exactly is left out', () => {
  const bench = new FeedBench(hitbtc)
  bench.hear({
    ch: 'orderbook/full',
    snapshot: {
      [A]: book(
        1,
        [
          ['2.100', '3'],
          ['99999999999999.000', '1'],
        ],
        [['2.001', '1']],
      ),
    },
  })
  expect(bench.book(A)).toBe('2.001x1 | 2.1x3')
})

test('trades of now, not those before', () => {
  const bench = new FeedBench(hitbtc)
  const trade = (s: string) => ({ t: 1_700_000_000_001, i: 5, p: '2.05', q: '0.5', s })
  expect(bench.hear({ ch: 'trades', snapshot: { [A]: [trade('buy')] } })).toBe('statistics')
  expect(bench.hear({ ch: 'trades', update: { [A]: [trade('buy'), trade('sell')] } })).toBe('parsed')
  expect(bench.trades.map(({ side }) => side)).toEqual(['buy', 'sell'])
  expect(bench.trades[0]).toMatchObject({ name: A, price: 2.05, size: 0.5, timeUs: 1_700_000_000_001_000 })
})

test('quotes of tickers and of the top of the book', () => {
  const bench = new FeedBench(hitbtc)
  const quote = { t: 2, a: '2.1', A: '3', b: '2', B: '5' }
  bench.hear({ ch: 'ticker/1s', data: { [A]: { ...quote, c: '2', v: '9' } } })
  bench.hear({ ch: 'orderbook/top/100ms', data: { [A]: quote } })
  const told = { name: A, best: [2, 5, 2.1, 3], timeUs: 2_000 }
  expect(bench.quotes).toEqual([told, told])
})

test('a depth of five is whole each time', () => {
  const bench = new FeedBench(hitbtc)
  bench.hear({ ch: 'orderbook/D5/100ms', data: { [A]: book(7, [['3', '1']], [['2', '1']]) } })
  bench.hear({ ch: 'orderbook/D5/100ms', data: { [A]: book(20, [['3', '2']], []) } })
  expect(bench.book(A)).toBe(' | 3x2')
})

test('what is no market data has its reason', () => {
  const bench = new FeedBench(hitbtc, [A])
  expect(bench.hear({ result: { ch: 'trades', subscriptions: [A] }, id: 1 })).toBe('answer')
  expect(bench.hear({ jsonrpc: '2.0', error: { code: 2001, message: 'Symbol not found' }, id: 1 })).toBe('refused')
  expect(bench.hear({ ch: 'candles/M1', update: { [A]: [] } })).toBe('candle')
  expect(bench.hear({ ch: 'ticker/price/1s', data: { [A]: { t: 1, c: '2' } } })).toBe('statistics')
  expect(bench.hear({ ch: 'orderbook/full', snapshot: { XYZ: book(1, [], []) } })).toBe('unknownSymbol')
  expect(bench.hear({ ch: 'gossip', data: {} })).toBe('unknownChannel')
  expect(bench.hear('{"ch":"orderbook/full","update":7}')).toBe('malformed')
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(hitbtc, [], whole, A)).toBeUndefined()
  expect(wrongCut(hitbtc, [whole], change(11, [['2.100', '8']], [['2.000', '0']]), A)).toBeUndefined()
})

test('a level that is no number loses this book alone', () => {
  const bench = new FeedBench(hitbtc)
  bench.hear({ ch: 'orderbook/full', snapshot: { ...whole.snapshot, XYZ: book(3, [['9', '1']], []) } })
  expect(bench.hear(change(11, [['2.1', '-8']], []))).toBe('malformed')
  expect([bench.book(A), bench.book('XYZ')]).toEqual(['lost', ' | 9x1'])
})

test('spot pairs and perpetuals that work', () => {
  const one = {
    type: 'spot',
    base_currency: 'ABC',
    quote_currency: 'USDT',
    status: 'working',
    quantity_increment: '0.1',
    tick_size: '0.01',
    take_rate: '0.002',
    make_rate: '0.001',
  }
  const perpetual = { ...one, type: 'futures', base_currency: null, underlying: 'ABC', contract_type: 'perpetual' }
  const body = JSON.stringify({ [A]: one, OLD: { ...one, status: 'suspended' }, ABCUSDT_PERP: perpetual })
  expect(hitbtc.readListings('https://api.hitbtc.com/api/3/public/symbol', body)).toMatchObject([
    { name: A, symbol: 'ABC/USDT', tickSize: '0.01', lotSize: '0.1', makerPpm: 1_000, takerPpm: 2_000 },
    { name: 'ABCUSDT_PERP', symbol: 'ABC/USDT:USDT' },
  ])
  expect(hitbtc.readListings('https://api.hitbtc.com/api/3/public/symbol', '{"error":{}}')).toBeUndefined()
})

test('one house lives, one has closed', () => {
  expect([hitbtc.retired, typeof fmfwio.retired]).toEqual([undefined, 'string'])
  expect(hitbtc.connection.subscribe([A]).map((text) => JSON.parse(text))).toEqual([
    { method: 'subscribe', ch: 'orderbook/full', params: { symbols: [A] }, id: 1 },
    { method: 'subscribe', ch: 'trades', params: { symbols: [A] }, id: 1 },
  ])
})
