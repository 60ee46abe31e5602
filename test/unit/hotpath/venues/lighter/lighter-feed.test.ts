import { describe, expect, test } from 'vitest'
import { lighter } from '../../../../../hotpath/venues/lighter/lighter-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const level = (price: string, size: string) => ({ price, size })
const book = (type: string, begin_nonce: number, nonce: number, bids: object[], asks: object[], market = 7) => ({
  channel: `order_book:${market}`,
  offset: 1,
  order_book: { code: 0, asks, bids, offset: 1, nonce, begin_nonce, last_updated_at: 1_700_000_000_123_456 },
  timestamp: 1_700_000_000_200,
  type: `${type}/order_book`,
})
const snapshot = book('subscribed', 0, 100, [level('10.5', '3'), level('10.4', '1')], [level('10.6', '2')])
const change = book('update', 100, 108, [level('10.5', '0')], [level('10.55', '4')])

describe('books', () => {
  test('whole, then changed; the type stands at the end', () => {
    const bench = new FeedBench(lighter)
    expect(bench.hear(snapshot)).toBe('parsed')
    expect(bench.book('7')).toBe('10.5x3 10.4x1 | 10.6x2')
    expect(bench.hear(change)).toBe('parsed')
    expect(bench.book('7')).toBe('10.4x1 | 10.55x4 10.6x2')
    expect(bench.keeper.book(0).timeUs).toBe(1_700_000_000_123_456)
  })

  test('the type first is read alike', () => {
    const bench = new FeedBench(lighter)
    const { type, channel, order_book } = snapshot
    bench.hear({ type, order_book, channel })
    expect(bench.book('7')).toBe('10.5x3 10.4x1 | 10.6x2')
  })

  test('a change that does not follow loses this book only', () => {
    const bench = new FeedBench(lighter)
    bench.hear(snapshot)
    bench.hear(book('subscribed', 0, 5, [level('1', '1')], [], 8))
    bench.hear(book('update', 101, 109, [], []))
    expect(bench.lost).toEqual(['7 gap'])
    expect(bench.book('8')).toBe('1x1 | ')
  })

  test('where nothing has happened yet the first change follows whatever it says', () => {
    const bench = new FeedBench(lighter)
    bench.hear(book('subscribed', 0, 0, [], []))
    bench.hear(book('update', 2_475_051, 2_475_060, [level('1', '1')], []))
    expect(bench.book('7')).toBe('1x1 | ')
  })

  test('a level that cannot be read loses this book only; cut at any byte it never becomes a wrong book', () => {
    const bench = new FeedBench(lighter)
    bench.hear(snapshot)
    bench.hear(book('subscribed', 0, 5, [level('1', '1')], [], 8))
    bench.hear(book('update', 100, 108, [level('', '1')], []))
    expect(bench.lost).toEqual(['7 malformed'])
    expect(bench.book('8')).toBe('1x1 | ')
    expect(wrongCut(lighter, [snapshot], change, '7')).toBeUndefined()
  })
})

test('trades: whoever is not the maker took; liquidations are trades', () => {
  const bench = new FeedBench(lighter)
  const trade = (is_maker_ask: boolean) => ({
    market_id: 7,
    size: '0.25',
    price: '10.5',
    is_maker_ask,
    timestamp: 1_700_000_000_001,
    type: 'trade',
  })
  const frame = {
    channel: 'trade:7',
    nonce: 1,
    trades: [trade(true)],
    liquidation_trades: [trade(false)],
    type: 'update/trade',
  }
  expect(bench.hear(frame)).toBe('parsed')
  expect(bench.trades.map(({ side }) => side)).toEqual(['buy', 'sell'])
  expect(bench.hear({ ...frame, liquidation_trades: null })).toBe('parsed')
})

test('quotes; an empty text is no quote', () => {
  const bench = new FeedBench(lighter)
  const ticker = (a: object, b: object) => ({
    channel: 'ticker:7',
    ticker: { a, b, s: 'ABC' },
    timestamp: 5,
    type: 'update/ticker',
  })
  bench.hear(ticker(level('10.6', '2'), level('10.5', '3')))
  bench.hear(ticker(level('', ''), level('10.5', '3')))
  expect(bench.quotes.map(({ best }) => best)).toEqual([
    [10.5, 3, 10.6, 2],
    [10.5, 3, undefined, undefined],
  ])
})

test('statistics of one market and of all', () => {
  const bench = new FeedBench(lighter)
  const stats = {
    symbol: 'ABC',
    market_id: 7,
    index_price: '10.5',
    mark_price: '10.6',
    current_funding_rate: '-0.0028',
    funding_timestamp: 1_700_000_000_001,
    open_interest: '77',
    last_trade_price: '10.7',
  }
  bench.hear({ channel: 'market_stats:7', market_stats: stats, type: 'update/market_stats' })
  bench.hear({ channel: 'market_stats:all', market_stats: { 7: stats, 8: stats }, type: 'update/market_stats' })
  expect(bench.states.map(({ name }) => name)).toEqual(['7', '7', '8'])
  expect(bench.states[0].values).toEqual([10.6, 10.5, -0.000028, 1_700_000_000_001_000, 77, 10.7])
})

test('answers, pings, refusals', () => {
  const bench = new FeedBench(lighter)
  expect(bench.hear({ type: 'connected', session_id: 'x' })).toBe('answer')
  expect(bench.hear({ type: 'ping' })).toBe('heartbeat')
  expect(lighter.connection.pong?.(Buffer.from('{"type":"ping"}'))).toBe('{"type":"pong"}')
  expect(lighter.connection.pong?.(Buffer.from('{"type":"pong"}'))).toBeUndefined()
  expect(bench.hear({ error: { code: 30_005, message: 'no' } })).toBe('refused')
  expect(bench.hear({ channel: 'height', height: 3, type: 'update/height' })).toBe('statistics')
  expect(bench.hear({ channel: 'candle:7:1m', candles: [], type: 'update/candle' })).toBe('candle')
  expect(bench.hear({ channel: 'weather', type: 'update/weather' })).toBe('unknownChannel')
  expect(bench.hear('true')).toBe('malformed')
})

test('order books as listed symbols, named by their numbers', () => {
  const one = {
    symbol: 'ABC',
    market_id: 7,
    market_type: 'perp',
    status: 'active',
    taker_fee: '0.0200',
    maker_fee: '0.0000',
    min_base_amount: '0.05',
    min_quote_amount: '10',
    supported_size_decimals: 2,
    supported_price_decimals: 3,
  }
  const order_books = [
    one,
    { ...one, symbol: 'XYZ/USDC', market_id: 2_048, market_type: 'spot' },
    { ...one, status: 'inactive' },
  ]
  const listed = lighter.readListings('https://host/api/v1/orderBooks', JSON.stringify({ code: 200, order_books }))
  expect(
    listed?.map(({ name, symbol, tickSize, lotSize, takerPpm }) => [name, symbol, tickSize, lotSize, takerPpm]),
  ).toEqual([
    ['7', 'ABC/USDC:USDC', '0.001', '0.01', 200],
    ['2048', 'XYZ/USDC', '0.001', '0.01', 200],
  ])
})
