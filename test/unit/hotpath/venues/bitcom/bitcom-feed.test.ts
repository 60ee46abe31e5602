import { expect, test } from 'vitest'
import { bitcom } from '../../../../../hotpath/venues/bitcom/bitcom-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABC-USDT'
const P = 'ABC-USDT-PERPETUAL'
const message = (channel: string, data: object) => ({ channel, timestamp: 1_700_000_000_000, data, module: 'spot' })
const whole = message('depth', {
  type: 'snapshot',
  pair: A,
  sequence: 10,
  bids: [
    ['2.00', '5.00'],
    ['1.90', '4.00'],
  ],
  asks: [
    ['2.10', '3.00'],
    ['2.20', '1.00'],
  ],
})
const change = (previous: number, changes: string[][]) =>
  message('depth', { type: 'update', pair: A, sequence: previous + 1, prev_sequence: previous, changes })

test('a whole book, a change and a delete', () => {
  const bench = new FeedBench(bitcom)
  expect(bench.hear(whole)).toBe('parsed')
  bench.hear(
    change(10, [
      ['sell', '2.10', '0.00'],
      ['buy', '1.95', '7.00'],
    ]),
  )
  expect(bench.book(A)).toBe('2x5 1.95x7 1.9x4 | 2.2x1')
})

test('a link that does not fit loses the book', () => {
  const bench = new FeedBench(bitcom)
  bench.hear(whole)
  bench.hear(change(11, []))
  expect([bench.book(A), bench.lost]).toEqual(['lost', [`${A} gap`]])
})

test('the channel last, and the instrument behind the levels', () => {
  const bench = new FeedBench(bitcom)
  const { channel, timestamp, data } = whole
  const { type, pair, ...rest } = data as { type: string; pair: string }
  bench.hear({ data: { ...rest, pair, type }, timestamp, channel })
  expect(bench.book(A)).toBe('2x5 1.9x4 | 2.1x3 2.2x1')
})

test('trades name their instruments', () => {
  const bench = new FeedBench(bitcom)
  const trade = { created_at: 1_700_000_000_001, trade_id: '1', price: '2.0500', qty: '0.500', side: 'sell' }
  bench.hear(
    message('trade', [
      { ...trade, pair: A },
      { ...trade, side: 'buy', instrument_id: P },
    ]) as object,
  )
  expect(bench.trades).toMatchObject([
    { name: A, side: 'sell', price: 2.05, size: 0.5, timeUs: 1_700_000_000_001_000 },
    { name: P, side: 'buy' },
  ])
})

test('a ticker has best prices, of a contract its state too', () => {
  const bench = new FeedBench(bitcom)
  const best = { best_bid: '2.0', best_bid_qty: '5', best_ask: '2.1', best_ask_qty: '3' }
  bench.hear(message('ticker', { pair: A, ...best, best_ask: '', best_ask_qty: '' }))
  bench.hear(
    message('ticker', { ...best, mark_price: '2.05', index_price: '2.04', funding_rate: '0.0001', instrument_id: P }),
  )
  expect(bench.quotes.map(({ best: shown }) => shown)).toEqual([
    [2, 5, undefined, undefined],
    [2, 5, 2.1, 3],
  ])
  expect(bench.states.map(({ name, values }) => [name, ...values.slice(0, 3)])).toEqual([[P, 2.05, 2.04, 0.0001]])
})

test('what is no market data has its reason', () => {
  const bench = new FeedBench(bitcom, [A])
  expect(bench.hear(message('subscription', { code: 0, subscription: ['depth'] }))).toBe('answer')
  expect(bench.hear(message('subscription', { code: 18_200_300 }))).toBe('refused')
  expect(bench.hear({ channel: 'pong', timestamp: 1 })).toBe('heartbeat')
  expect(bench.hear(message('weather', {}))).toBe('unknownChannel')
  expect(bench.hear(message('depth', { type: 'snapshot', pair: 'NO', sequence: 1, bids: [], asks: [] }))).toBe(
    'unknownSymbol',
  )
})

test('a change of neither side loses the book', () => {
  const bench = new FeedBench(bitcom)
  bench.hear(whole)
  expect(bench.hear(change(10, [['both', '2', '1']]))).toBe('malformed')
  expect(bench.lost).toEqual([`${A} malformed`])
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(bitcom, [], whole, A)).toBeUndefined()
  expect(
    wrongCut(
      bitcom,
      [whole],
      change(10, [
        ['sell', '2.10', '8'],
        ['buy', '2.00', '0'],
      ]),
      A,
    ),
  ).toBeUndefined()
})

test('pairs and contracts that trade', () => {
  const pair = {
    pair: A,
    base_currency: 'ABC',
    quote_currency: 'USDT',
    price_step: '0.001',
    qty_step: '0.1',
    qty_min: '1',
    quote_qty_min: '10',
    taker_fee_rate: '0.0007',
    maker_fee_rate: '0.0002',
    status: 1,
  }
  const contract = {
    instrument_id: P,
    base_currency: 'ABC',
    quote_currency: 'USDT',
    strike_price: '',
    expiration_at: 4_102_444_800_000,
    price_step: '0.01',
    min_size: '0.5',
    size_step: '0.1',
    contract_size: '1.0',
    active: true,
    status: 'online',
  }
  const url = 'https://spot-api.bit.com/spot/v1/instruments'
  const body = JSON.stringify({ code: 0, data: [pair, { ...pair, pair: 'OLD-USDT', status: 0 }, contract] })
  expect(bitcom.readListings(url, body)).toMatchObject([
    { name: A, symbol: 'ABC/USDT', quantityMin: '1', notionalMin: '10', makerPpm: 200, takerPpm: 700 },
    { name: P, symbol: 'ABC/USDT:USDT', tickSize: '0.01', quantityMin: '0.5' },
  ])
})
