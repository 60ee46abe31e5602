import { describe, expect, test } from 'vitest'
import { dydx } from '../../../../../hotpath/venues/dydx/dydx-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const envelope = { connection_id: 'c', version: '1.0.0' }
const level = (price: string, size: string) => ({ price, size })
const whole = (message_id: number, id: string, bids: object[], asks: object[]) => ({
  type: 'subscribed',
  ...envelope,
  message_id,
  channel: 'v4_orderbook',
  id,
  contents: { bids, asks },
})
const change = (message_id: number, id: string, contents: object, type = 'channel_data') => ({
  type,
  ...envelope,
  message_id,
  id,
  channel: 'v4_orderbook',
  contents,
})
const snapshot = whole(1, 'ABC-USD', [level('10.5', '3'), level('10.4', '1')], [level('10.6', '2')])
const update = change(2, 'ABC-USD', { bids: [['10.5', '0']], asks: [['10.55', '4']] })

describe('books', () => {
  test('whole, then changed', () => {
    const bench = new FeedBench(dydx)
    expect(bench.hear({ type: 'connected', ...envelope, message_id: 0 })).toBe('answer')
    bench.hear(snapshot)
    expect(bench.book('ABC-USD')).toBe('10.5x3 10.4x1 | 10.6x2')
    expect(bench.hear(update)).toBe('parsed')
    expect(bench.book('ABC-USD')).toBe('10.4x1 | 10.55x4 10.6x2')
  })

  test('a batch is one change: what crosses inside it is not seen', () => {
    const bench = new FeedBench(dydx)
    bench.hear(snapshot)
    const parts = [{ bids: [['10.7', '1']] }, { asks: [['10.6', '0']] }, { asks: [['10.8', '5']] }]
    expect(bench.hear(change(2, 'ABC-USD', parts, 'channel_batch_data'))).toBe('parsed')
    expect(bench.book('ABC-USD')).toBe('10.7x1 10.5x3 10.4x1 | 10.8x5')
    expect(bench.keeper.book(0).crossedInstants).toBe(0)
  })

  test('books may cross for a while, as the venue says, and are told anew when they stay so', () => {
    const bench = new FeedBench(dydx)
    bench.hear(snapshot)
    bench.hear(change(2, 'ABC-USD', { bids: [['10.7', '1']] }))
    expect(bench.lost).toEqual([])
    for (let id = 3; id < 300; id++) bench.hear(change(id, 'ABC-USD', { bids: [['1', String(id)]] }))
    expect(bench.lost).toEqual(['ABC-USD crossed'])
  })

  test('contents before the names are read alike', () => {
    const bench = new FeedBench(dydx)
    const { contents, ...rest } = snapshot
    bench.hear({ contents, ...rest })
    expect(bench.book('ABC-USD')).toBe('10.5x3 10.4x1 | 10.6x2')
  })

  test('a number left out on the connection loses every book; twice is old news', () => {
    const bench = new FeedBench(dydx)
    bench.hear(snapshot)
    bench.hear(whole(2, 'XYZ-USD', [level('1', '1')], []))
    expect(bench.hear(snapshot)).toBe('repeated')
    bench.hear(change(4, 'ABC-USD', { bids: [['9', '1']] }))
    expect(bench.lost).toEqual(['ABC-USD gap', 'XYZ-USD gap'])
  })

  test('a level that cannot be read loses this book only; cut at any byte it never becomes a wrong book', () => {
    const bench = new FeedBench(dydx)
    bench.hear(snapshot)
    bench.hear(whole(2, 'XYZ-USD', [level('1', '1')], []))
    bench.hear(change(3, 'ABC-USD', { bids: [['x', '1']] }))
    expect(bench.lost).toEqual(['ABC-USD malformed'])
    expect(bench.book('XYZ-USD')).toBe('1x1 | ')
    expect(wrongCut(dydx, [snapshot], update, 'ABC-USD')).toBeUndefined()
  })
})

test('trades, and those told again with a subscription', () => {
  const bench = new FeedBench(dydx)
  const trade = (side: string) => ({
    id: 't',
    side,
    size: '0.25',
    price: '10.5',
    type: 'LIMIT',
    createdAt: '2026-01-02T03:04:05.678Z',
  })
  const trades = { trades: [trade('BUY'), trade('SELL')] }
  bench.hear({
    type: 'channel_data',
    ...envelope,
    message_id: 5,
    id: 'ABC-USD',
    channel: 'v4_trades',
    contents: trades,
  })
  bench.hear({
    type: 'channel_batch_data',
    ...envelope,
    message_id: 6,
    id: 'ABC-USD',
    channel: 'v4_trades',
    contents: [trades, trades],
  })
  expect(bench.trades.map(({ side }) => side)).toEqual(['buy', 'sell', 'buy', 'sell', 'buy', 'sell'])
  expect(bench.trades[0].timeUs).toBe(Date.UTC(2026, 0, 2, 3, 4, 5) * 1_000 + 678_000)
})

test('markets: index, funding, open interest', () => {
  const bench = new FeedBench(dydx)
  const markets = {
    'ABC-USD': {
      ticker: 'ABC-USD',
      status: 'ACTIVE',
      oraclePrice: '10.55',
      nextFundingRate: '-0.00001',
      openInterest: '77',
    },
  }
  expect(
    bench.hear({ type: 'subscribed', ...envelope, message_id: 1, channel: 'v4_markets', contents: { markets } }),
  ).toBe('parsed')
  const oraclePrices = { 'ABC-USD': { oraclePrice: '10.6', effectiveAt: 'x' } }
  bench.hear({ type: 'channel_data', ...envelope, message_id: 2, channel: 'v4_markets', contents: { oraclePrices } })
  expect(bench.states.map(({ name, values }) => [name, values[1]])).toEqual([
    ['ABC-USD', 10.55],
    ['ABC-USD', 10.6],
  ])
  expect(bench.states[0].values[2]).toBe(-0.00001)
})

test('answers, refusals, candles', () => {
  const bench = new FeedBench(dydx)
  const of = (channel: string) => ({ type: 'channel_data', ...envelope, channel, id: 'x', contents: {} })
  expect(bench.hear({ type: 'unsubscribed', ...envelope, message_id: 1 })).toBe('answer')
  expect(bench.hear({ type: 'error', message: 'no', message_id: 2 })).toBe('refused')
  expect(bench.hear(of('v4_candles'))).toBe('candle')
  expect(bench.hear(of('v4_block_height'))).toBe('statistics')
  expect(bench.hear(of('v4_weather'))).toBe('unknownChannel')
  expect(bench.symbols.names).toEqual([])
  expect(bench.hear('{')).toBe('malformed')
})

test('perpetual markets', () => {
  const markets = {
    'ABC-USD': { ticker: 'ABC-USD', status: 'ACTIVE', tickSize: '0.01', stepSize: '0.1' },
    OFF: { ticker: 'OFF', status: 'PAUSED' },
  }
  const listed = dydx.readListings('https://host/v4/perpetualMarkets', JSON.stringify({ markets }))
  expect(listed?.map(({ name, symbol, tickSize, lotSize }) => [name, symbol, tickSize, lotSize])).toEqual([
    ['ABC-USD', 'ABC/USDC:USDC', '0.01', '0.1'],
  ])
})
