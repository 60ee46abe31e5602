import { expect, test } from 'vitest'
import { architectAx } from '../../../../../hotpath/venues/architect-ax/architect-ax-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const book = (t: string, b: object[], a: object[], s = 'ABCUSD-PERP') => ({
  t,
  ts: 1_700_000_000,
  tn: 123_456_789,
  s,
  b,
  a,
})
const first = book(
  '2',
  [
    { p: '10.5', q: 300 },
    { p: '10.4', q: 100 },
  ],
  [{ p: '10.6', q: 200 }],
)
const second = book('3', [{ p: '10.4', q: 50, o: [20, 30] }], [{ p: '10.6', q: 200, o: [200] }])

test('books of levels and of orders are whole', () => {
  const bench = new FeedBench(architectAx)
  expect(bench.hear(first)).toBe('parsed')
  expect(bench.book('ABCUSD-PERP')).toBe('10.5x300 10.4x100 | 10.6x200')
  expect(bench.keeper.book(0).timeUs).toBe(1_700_000_000_123_456)
  bench.hear(Object.fromEntries(Object.entries(second).reverse()))
  expect(bench.book('ABCUSD-PERP')).toBe('10.4x50 | 10.6x200')
})

test('a level that cannot be read loses this book only; cut at any byte it never becomes a wrong book', () => {
  const bench = new FeedBench(architectAx)
  bench.hear(first)
  bench.hear(book('2', [{ p: '1', q: 1 }], [], 'XYZ-PERP'))
  bench.hear(book('2', [{ p: null, q: 1 }], []))
  expect(bench.lost).toEqual(['ABCUSD-PERP malformed'])
  expect(bench.book('XYZ-PERP')).toBe('1x1 | ')
  expect(wrongCut(architectAx, [first], second, 'ABCUSD-PERP')).toBeUndefined()
})

test('touch, trades, state', () => {
  const bench = new FeedBench(architectAx)
  bench.hear(book('1', [{ p: '10.5', q: 300 }], []))
  expect(bench.quotes[0].best).toEqual([10.5, 300, undefined, undefined])
  const trade = (d: string) => ({ t: 't', ts: 1_700_000_000, tn: 5_000, s: 'ABCUSD-PERP', p: '10.5', q: 100, d })
  bench.hear(trade('B'))
  bench.hear(trade('S'))
  expect(bench.trades.map(({ side, size, timeUs }) => [side, size, timeUs])).toEqual([
    ['buy', 100, 1_700_000_000_000_005],
    ['sell', 100, 1_700_000_000_000_005],
  ])
  bench.hear({ t: 's', ts: 1, tn: 1, s: 'ABCUSD-PERP', p: null, q: 0, m: '10.55', oi: 77 })
  expect([bench.states[0].values[0], bench.states[0].values[4]]).toEqual([10.55, 77])
})

test('answers, heartbeats, refusals', () => {
  const bench = new FeedBench(architectAx)
  expect(bench.hear({ t: 'h', ts: 1, tn: 1 })).toBe('heartbeat')
  expect(bench.hear({ t: 'c', symbol: 'X', open: '1' })).toBe('candle')
  expect(bench.hear({ rid: 1, result: {} })).toBe('answer')
  expect(bench.hear({ rid: 1, error: { code: 1 } })).toBe('refused')
  expect(bench.hear({ t: 'w' })).toBe('unknownChannel')
  expect(bench.hear('0')).toBe('malformed')
})

test('instruments', () => {
  const one = {
    symbol: 'ABCUSD-PERP',
    multiplier: '10',
    minimum_order_size: '100',
    tick_size: '0.0001',
    quote_currency: 'USD',
    funding_settlement_currency: 'USD',
  }
  const listed = architectAx.readListings(
    'https://host/api/instruments',
    JSON.stringify({ instruments: [one, { ...one, symbol: 'XAU-PERP' }] }),
  )
  expect(listed?.map(({ symbol, quantityMin, contractSize }) => [symbol, quantityMin, contractSize])).toEqual([
    ['ABC/USD:USD', '100', '10'],
    ['XAU/USD:USD', '100', '10'],
  ])
})
