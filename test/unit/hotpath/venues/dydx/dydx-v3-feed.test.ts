import { describe, expect, it } from 'vitest'
import { dydxV3 } from '../../../../../hotpath/venues/dydx/dydx-v3-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const told = (message_id: number, type: string, contents: object, channel = 'v3_orderbook') => ({
  type,
  connection_id: 'c',
  message_id,
  id: 'ETH-USD',
  channel,
  contents,
})
const whole = (number: number) =>
  told(number, 'subscribed', {
    bids: [
      { price: '99', offset: '50', size: '2' },
      { price: '98', offset: '40', size: '0' },
    ],
    asks: [{ size: '3', price: '101', offset: '45' }],
  })
const change = (number: number, offset: string, bids: unknown, asks: unknown = []) =>
  told(number, 'channel_data', { offset, bids, asks })

describe('books of dYdX version 3', () => {
  it('believe of each price what has the highest offset, in whatever order it comes', () => {
    const bench = new FeedBench(dydxV3)
    bench.hear(whole(1))
    expect(bench.book('ETH-USD')).toBe('99x2 | 101x3')
    bench.hear(change(2, '60', [['99', '0']], [['100.5', '4']]))
    bench.hear(
      change(3, '55', [
        ['99', '7'],
        ['97.5', '1'],
      ]),
    )
    expect(bench.book('ETH-USD')).toBe('97.5x1 | 100.5x4 101x3')
    bench.hear(change(4, '39', [['98', '5']]))
    expect(bench.book('ETH-USD')).toBe('97.5x1 | 100.5x4 101x3')
    bench.hear(whole(5))
    expect(bench.book('ETH-USD')).toBe('99x2 | 101x3')
  })

  it('may find their offset behind the levels', () => {
    const bench = new FeedBench(dydxV3)
    bench.hear(whole(1))
    bench.hear(told(2, 'channel_data', { asks: [], bids: [['99', '8']], offset: '51' }))
    bench.hear(told(3, 'channel_data', { asks: [], bids: [['99', '9']], offset: '49' }))
    expect(bench.book('ETH-USD')).toBe('99x8 | 101x3')
  })

  it('are given up together when a number of the connection stays away', () => {
    const bench = new FeedBench(dydxV3)
    bench.hear(whole(1))
    for (let number = 3; number < 258; number++) bench.hear(told(number, 'channel_data', { trades: [] }, 'v3_trades'))
    bench.hear(told(2, 'channel_data', { trades: [] }, 'v3_trades'))
    expect(bench.lost).toEqual([])
    for (let number = 259; number < 516; number++) bench.hear(told(number, 'channel_data', { trades: [] }, 'v3_trades'))
    expect(bench.lost).toEqual(['ETH-USD gap'])
    expect(bench.keeper.connectionGaps).toBe(1)
  })

  it('survive a number that is nonsense', () => {
    const bench = new FeedBench(dydxV3)
    bench.hear(told(8e15, 'channel_data', { trades: [] }, 'v3_trades'))
    bench.hear(whole(4))
    for (let number = 5; number < 400; number++) bench.hear(told(number, 'channel_data', { trades: [] }, 'v3_trades'))
    expect(bench.book('ETH-USD')).toBe('99x2 | 101x3')
  })

  it('lose nothing but themselves by a broken level', () => {
    const bench = new FeedBench(dydxV3)
    bench.hear(whole(1))
    expect(bench.hear(change(2, '70', [['x', '1']]))).toBe('malformed')
    expect(bench.hear(change(3, '71', [['98', '1']]))).toBe('parsed')
    expect(bench.lost).toContain('ETH-USD malformed')
    expect(bench.book('ETH-USD')).toBe('lost')
  })

  it('are never wrong, wherever a message is cut', () => {
    expect(wrongCut(dydxV3, [whole(1)], change(2, '99', [['99', '123']], [['101', '0']]), 'ETH-USD')).toBeUndefined()
    expect(wrongCut(dydxV3, [], whole(1), 'ETH-USD')).toBeUndefined()
  })
})

it('tells trades by who took', () => {
  const bench = new FeedBench(dydxV3)
  const trade = { side: 'BUY', size: '0.5', price: '100', createdAt: '2021-10-28T18:03:51.833Z' }
  bench.hear(told(1, 'channel_data', { trades: [trade, { ...trade, side: 'SELL' }] }, 'v3_trades'))
  expect(bench.trades.map(({ side, price, size }) => [side, price, size])).toEqual([
    ['buy', 100, 0.5],
    ['sell', 100, 0.5],
  ])
})

it('gives every other word its reason', () => {
  const bench = new FeedBench(dydxV3, ['ETH-USD'])
  expect(bench.hear({ type: 'connected', connection_id: 'c', message_id: 0 })).toBe('answer')
  expect(bench.hear({ type: 'error', message: 'no', connection_id: 'c', message_id: 1 })).toBe('refused')
  expect(bench.hear(told(2, 'channel_data', {}, 'v3_markets'))).toBe('statistics')
  expect(bench.hear(told(3, 'channel_data', {}, 'v3_accounts'))).toBe('unknownChannel')
  expect(bench.hear({ ...whole(4), id: 'BTC-USD' })).toBe('unknownSymbol')
  expect(bench.hear('{"type":')).toBe('malformed')
})

it('lists what is online', () => {
  const one = {
    market: 'ETH-USD',
    status: 'ONLINE',
    baseAsset: 'ETH',
    quoteAsset: 'USD',
    stepSize: '0.001',
    tickSize: '0.1',
    minOrderSize: '0.01',
    type: 'PERPETUAL',
  }
  const body = JSON.stringify({ markets: { a: one, b: { ...one, status: 'OFFLINE' } } })
  const symbols = dydxV3.readListings(dydxV3.listingUrls()[0], body)
  expect(symbols?.map(({ symbol, lotSize }) => [symbol, lotSize])).toEqual([['ETH/USD:USDC', '0.001']])
})
