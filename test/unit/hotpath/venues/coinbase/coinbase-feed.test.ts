import { describe, expect, test } from 'vitest'
import { coinbase } from '../../../../../hotpath/venues/coinbase/coinbase-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const TIME = '2026-01-02T03:04:05.678901234Z'
const TIME_US = Date.UTC(2026, 0, 2, 3, 4, 5) * 1_000 + 678_901
const frame = (channel: string, sequence_num: number, events: object[]) => ({
  channel,
  timestamp: TIME,
  sequence_num,
  events,
})
const update = (side: string, price_level: string, new_quantity: string) => ({
  side,
  event_time: TIME,
  price_level,
  new_quantity,
})
const book = (number: number, type: string, updates: object[], product_id = 'ABC-USD') =>
  frame('l2_data', number, [{ type, product_id, updates }])
const snapshot = book(0, 'snapshot', [
  update('bid', '10.5', '3'),
  update('bid', '10.4', '1'),
  update('offer', '10.6', '2'),
])
const change = book(1, 'update', [update('bid', '10.5', '0'), update('offer', '10.6', '2.25')])

describe('books', () => {
  test('whole, then changed', () => {
    const bench = new FeedBench(coinbase)
    expect(bench.hear(snapshot)).toBe('parsed')
    expect(bench.book('ABC-USD')).toBe('10.5x3 10.4x1 | 10.6x2')
    expect(bench.hear(change)).toBe('parsed')
    expect(bench.book('ABC-USD')).toBe('10.4x1 | 10.6x2.25')
    expect(bench.keeper.book(0).timeUs).toBe(TIME_US)
  })

  test('fields in another order are read alike', () => {
    const bench = new FeedBench(coinbase)
    const [{ type, product_id, updates }] = snapshot.events as [{ type: string; product_id: string; updates: object[] }]
    const turned = updates.map((one) => Object.fromEntries(Object.entries(one).reverse()))
    bench.hear({
      events: [{ updates: turned, product_id, type }],
      sequence_num: 0,
      timestamp: TIME,
      channel: 'l2_data',
    })
    expect(bench.book('ABC-USD')).toBe('10.5x3 10.4x1 | 10.6x2')
  })

  test('two books in one frame', () => {
    const bench = new FeedBench(coinbase)
    const [one] = snapshot.events
    bench.hear(frame('l2_data', 0, [one, { ...one, product_id: 'XYZ-USD' }]))
    expect(bench.book('XYZ-USD')).toBe(bench.book('ABC-USD'))
  })

  test('a number left out on the connection loses every book: it may have been of any', () => {
    const bench = new FeedBench(coinbase)
    bench.hear(snapshot)
    bench.hear(book(1, 'snapshot', [update('bid', '1', '1')], 'XYZ-USD'))
    bench.hear(frame('heartbeats', 3, [{ heartbeat_counter: 1 }]))
    expect(bench.keeper.connectionGaps).toBe(1)
    expect(bench.lost).toEqual(['ABC-USD gap', 'XYZ-USD gap'])
  })

  test('what comes twice is old news', () => {
    const bench = new FeedBench(coinbase)
    bench.hear(snapshot)
    bench.hear(change)
    expect(bench.hear(snapshot)).toBe('repeated')
    expect(bench.book('ABC-USD')).toBe('10.4x1 | 10.6x2.25')
    expect(bench.keeper.connectionGaps).toBe(0)
  })

  test('a level that cannot be read loses this book only', () => {
    const bench = new FeedBench(coinbase)
    bench.hear(snapshot)
    bench.hear(book(1, 'snapshot', [update('bid', '1', '1')], 'XYZ-USD'))
    bench.hear(book(2, 'update', [update('bid', 'x', '1')]))
    expect(bench.lost).toEqual(['ABC-USD malformed'])
    expect(bench.book('XYZ-USD')).toBe('1x1 | ')
  })

  test('cut at any byte it never becomes a wrong book', () => {
    expect(wrongCut(coinbase, [snapshot], change, 'ABC-USD')).toBeUndefined()
  })
})

test('the side of a trade is the maker’s: the taker did the other', () => {
  const bench = new FeedBench(coinbase)
  const trade = (side: string) => ({
    product_id: 'ABC-USD',
    trade_id: '7',
    price: '10.5',
    size: '0.25',
    time: TIME,
    side,
  })
  bench.hear(frame('market_trades', 0, [{ type: 'update', trades: [trade('BUY'), trade('SELL')] }]))
  expect(bench.trades.map(({ side }) => side)).toEqual(['sell', 'buy'])
  expect(bench.trades[0]).toEqual({ name: 'ABC-USD', side: 'sell', price: 10.5, size: 0.25, timeUs: TIME_US })
})

test('best quotes of tickers', () => {
  const bench = new FeedBench(coinbase)
  const ticker = {
    product_id: 'ABC-USD',
    price: '10.55',
    best_bid: '10.5',
    best_bid_quantity: '3',
    best_ask: '10.6',
    best_ask_quantity: '2',
  }
  expect(bench.hear(frame('ticker', 0, [{ type: 'update', tickers: [ticker] }]))).toBe('parsed')
  expect(bench.quotes).toEqual([{ name: 'ABC-USD', best: [10.5, 3, 10.6, 2], timeUs: TIME_US }])
  expect(bench.states[0].values[5]).toBe(10.55)
})

test('answers, heartbeats and refusals', () => {
  const bench = new FeedBench(coinbase)
  expect(bench.hear(frame('subscriptions', 0, [{ subscriptions: {} }]))).toBe('answer')
  expect(bench.hear(frame('heartbeats', 1, [{}]))).toBe('heartbeat')
  expect(bench.hear(frame('candles', 2, []))).toBe('candle')
  expect(bench.hear(frame('weather', 3, []))).toBe('unknownChannel')
  expect(bench.hear({ type: 'error', message: 'no' })).toBe('refused')
  expect(bench.hear({ channel: 'l2_data', sequence_num: 4 })).toBe('malformed')
  expect(bench.hear('null')).toBe('malformed')
})

test('products: spot and futures; aliases have no feed of their own', () => {
  const spot = {
    product_id: 'ABC-USD',
    status: 'online',
    product_type: 'SPOT',
    base_currency_id: 'ABC',
    quote_currency_id: 'USD',
    price_increment: '0.01',
    quote_increment: '0.01',
    base_increment: '0.001',
    base_min_size: '0.002',
    base_max_size: '500',
    quote_min_size: '1',
    alias: '',
  }
  const future = {
    ...spot,
    product_id: 'AB-26DEC30-X',
    status: '',
    product_type: 'FUTURE',
    base_currency_id: '',
    future_product_details: {
      contract_root_unit: 'ABC',
      contract_size: '0.1',
      contract_expiry: '2030-12-26T16:00:00Z',
    },
  }
  const products = [
    spot,
    { ...spot, product_id: 'ABC-USDC', alias: 'ABC-USD' },
    { ...spot, trading_disabled: true },
    future,
  ]
  const listed = coinbase.readListings('https://host/products', JSON.stringify({ products }))
  expect(listed?.map(({ name, symbol, lotSize, contractSize }) => [name, symbol, lotSize, contractSize])).toEqual([
    ['ABC-USD', 'ABC/USD', '0.001', '1'],
    ['AB-26DEC30-X', 'ABC/USD:USD-301226', '0.001', '0.1'],
  ])
  expect(coinbase.readListings('https://host/products', '[]')).toBeUndefined()
})
