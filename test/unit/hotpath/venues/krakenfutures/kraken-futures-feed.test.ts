import { expect, test } from 'vitest'
import { krakenFutures } from '../../../../../hotpath/venues/krakenfutures/kraken-futures-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'PI_ABCUSD'
const whole = {
  feed: 'book_snapshot',
  product_id: A,
  timestamp: 1_700_000_000_000,
  seq: 10,
  tickSize: null,
  bids: [
    { price: 100.5, qty: 7 },
    { price: 100, qty: 0 },
  ],
  asks: [{ price: 101, qty: 3 }],
}
const change = (side: string, seq: number, price: unknown, qty: number) => ({
  feed: 'book',
  product_id: A,
  side,
  seq,
  price,
  qty,
  timestamp: 1_700_000_000_100,
})

test('a whole book, a change, a delete', () => {
  const bench = new FeedBench(krakenFutures)
  expect(bench.hear(whole)).toBe('parsed')
  expect(bench.book(A), 'levels of nothing are left out').toBe('100.5x7 | 101x3')
  bench.hear(change('sell', 11, 101.5, 2))
  expect(bench.hear(change('buy', 12, 100.5, 0))).toBe('parsed')
  expect(bench.book(A)).toBe(' | 101x3 101.5x2')
})

test('a missing number is a gap, an old one is not applied', () => {
  const bench = new FeedBench(krakenFutures)
  bench.hear(whole)
  bench.hear(change('buy', 10, 99, 1))
  expect(bench.book(A)).toBe('100.5x7 | 101x3')
  bench.hear(change('buy', 12, 99, 1))
  expect(bench.lost).toEqual([`${A} gap`])
})

test('the feed and the product behind the levels', () => {
  const bench = new FeedBench(krakenFutures)
  const { feed, product_id, ...rest } = whole
  bench.hear({ ...rest, product_id, feed })
  const { feed: book, product_id: name, ...level } = change('buy', 11, 100.8, 1)
  bench.hear({ ...level, feed: book, product_id: name })
  expect(bench.book(A)).toBe('100.8x1 100.5x7 | 101x3')
})

test('trades: the side is the taker; those told with a subscription are read too', () => {
  const bench = new FeedBench(krakenFutures)
  const trade = (side: string) => ({
    feed: 'trade',
    product_id: A,
    side,
    type: 'fill',
    seq: 1,
    time: 5,
    qty: 15,
    price: 101,
  })
  bench.hear(trade('sell'))
  bench.hear({ feed: 'trade_snapshot', product_id: A, trades: [trade('buy')] })
  expect(bench.trades).toEqual([
    { name: A, side: 'sell', price: 101, size: 15, timeUs: 5_000 },
    { name: A, side: 'buy', price: 101, size: 15, timeUs: 5_000 },
  ])
  expect(bench.hear(trade('neither'))).toBe('malformed')
})

test('best quotes and the state of a contract', () => {
  const bench = new FeedBench(krakenFutures)
  bench.hear({ feed: 'ticker_lite', product_id: A, bid: 100, ask: 101, premium: -0.1 })
  bench.hear({
    feed: 'ticker',
    product_id: A,
    time: 9,
    bid: 100,
    bid_size: 4,
    ask: 0,
    ask_size: 0,
    markPrice: 100.4,
    index: 100.6,
    last: 100.5,
    openInterest: 77,
    relative_funding_rate: -0.0001,
    next_funding_rate_time: 1_700_000_000_000,
  })
  expect(bench.quotes.map(({ best }) => best)).toEqual([
    [100, undefined, 101, undefined],
    [100, 4, undefined, undefined],
  ])
  expect(bench.states[0].values).toEqual([100.4, 100.6, -0.0001, 1_700_000_000_000_000, 77, 100.5])
})

test('what is said around the data', () => {
  const bench = new FeedBench(krakenFutures)
  expect(bench.hear({ event: 'info', version: 1 })).toBe('notice')
  expect(bench.hear({ event: 'subscribed', feed: 'book', product_ids: [A] })).toBe('answer')
  expect(bench.hear({ event: 'error', message: 'Invalid product id' })).toBe('refused')
  expect(bench.hear({ feed: 'heartbeat', time: 1 })).toBe('heartbeat')
  expect(bench.hear({ feed: 'challenge', product_id: A })).toBe('unknownChannel')
  expect(bench.hear('[]')).toBe('malformed')
  expect(new FeedBench(krakenFutures, ['PI_XYZUSD']).hear(whole)).toBe('unknownSymbol')
})

test('cut anywhere: never a wrong book', () => {
  expect(wrongCut(krakenFutures, [whole], change('buy', 11, 100.75, 12), A)).toBeUndefined()
  expect(wrongCut(krakenFutures, [], whole, A)).toBeUndefined()
})

test('a broken level loses that book only', () => {
  const bench = new FeedBench(krakenFutures)
  bench.hear(whole)
  bench.hear({ ...whole, product_id: 'PI_DEFUSD' })
  expect(bench.hear(change('buy', 11, 'much', 1))).toBe('malformed')
  expect([bench.book(A), bench.book('PI_DEFUSD')]).toEqual(['lost', '100.5x7 | 101x3'])
})

test('instruments: inverse with and without expiry, linear in fractions and in thousands', () => {
  const inverse = { symbol: 'pi_xbtusd', type: 'futures_inverse', tickSize: 0.5, contractSize: 1, tradeable: true }
  const linear = { type: 'flexible_futures', tickSize: 1e-10, contractSize: 1, tradeable: true, quote: 'USD' }
  const body = JSON.stringify({
    result: 'success',
    instruments: [
      inverse,
      { ...inverse, symbol: 'FI_ETHUSD_261225', lastTradingTime: '2026-12-25T15:00:00.000Z' },
      { ...linear, symbol: 'PF_ABCUSD', base: 'ABC', contractValueTradePrecision: 3 },
      { ...linear, symbol: 'PF_TINYUSD', base: 'TINY', contractValueTradePrecision: -3 },
      { symbol: 'rr_xbtusd', type: 'spot index', tradeable: false },
      { ...inverse, symbol: 'pi_oldusd', tradeable: false },
    ],
  })
  const listed = krakenFutures.readListings('https://futures.kraken.com/derivatives/api/v3/instruments', body) ?? []
  expect(listed.map(({ name, symbol, tickSize, lotSize }) => [name, symbol, tickSize, lotSize])).toEqual([
    ['PI_XBTUSD', 'BTC/USD:BTC', '0.5', '1'],
    ['FI_ETHUSD_261225', 'ETH/USD:ETH-261225', '0.5', '1'],
    ['PF_ABCUSD', 'ABC/USD:USD', '0.0000000001', '0.001'],
    ['PF_TINYUSD', 'TINY/USD:USD', '0.0000000001', '1000'],
  ])
})
