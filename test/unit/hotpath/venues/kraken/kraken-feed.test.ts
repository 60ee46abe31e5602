import { describe, expect, test } from 'vitest'
import { kraken } from '../../../../../hotpath/venues/kraken/kraken-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

/**
 * The worked example of Kraken's "Book checksum (WebSocket v2)": prices and quantities stand on the wire with all their digits,
 * as JSON numbers. CRC-32 of the concatenated digits is 3310070434.
 */
const asks =
  '45285.2 0.00100000,45286.4 1.54571953,45286.6 1.54571109,45289.6 1.54560911,45290.2 0.15890660,' +
  '45291.8 1.54553491,45294.7 0.04454749,45296.1 0.35380000,45297.5 0.09945542,45299.5 0.18772827'
const bids =
  '45283.5 0.10000000,45283.4 1.54582015,45282.1 0.10000000,45281.0 0.10000000,45280.3 1.54592586,' +
  '45279.0 0.07990000,45277.6 0.03310103,45277.5 0.30000000,45277.3 1.54602737,45276.6 0.15445238'

function levels(text: string): string {
  const each = text.split(',').map((one) => one.split(' '))
  return `[${each.map(([price, qty]) => `{"price":${price},"qty":${qty}}`).join(',')}]`
}

function frame(type: string, b: string, a: string, checksum: number, symbol = 'BTC/USD'): string {
  return `{"channel":"book","type":"${type}","data":[{"symbol":"${symbol}","bids":${b},"asks":${a},"checksum":${checksum},"timestamp":"2026-01-02T03:04:05.678901Z"}]}`
}

const documented = frame('snapshot', levels(bids), levels(asks), 3_310_070_434)

describe('the checksum', () => {
  test('of the documented example holds', () => {
    const bench = new FeedBench(kraken)
    expect(bench.hear(documented)).toBe('parsed')
    const book = bench.keeper.book(0)
    expect([book.checksums, book.checksumFaults]).toEqual([1, 0])
    expect([book.priceShown, book.sizeShown]).toEqual([1, 8])
  })

  test('that does not hold loses this book only', () => {
    const bench = new FeedBench(kraken)
    bench.hear(documented)
    bench.hear(documented.replaceAll('BTC/USD', 'ETH/USD'))
    bench.hear(frame('update', '[{"price":45283.5,"qty":0.20000000}]', '[]', 1))
    expect(bench.lost).toEqual(['BTC/USD checksum'])
    expect(bench.book('ETH/USD')).toContain('45283.5x0.1 ')
  })

  test('follows changes: taking one away and putting it back gives the documented one again', () => {
    const bench = new FeedBench(kraken)
    bench.hear(documented)
    const without = (text: string) => text.replace(/"checksum":\d+,/, '')
    bench.hear(without(frame('update', '[{"price":45283.5,"qty":0.00000000}]', '[]', 0)))
    expect(bench.book('BTC/USD').startsWith('45283.4x')).toBe(true)
    bench.hear(frame('update', '[{"price":45283.5,"qty":0.10000000}]', '[]', 3_310_070_434))
    expect(bench.keeper.book(0).checksumFaults).toBe(0)
    expect(bench.lost).toEqual([])
  })
})

const small = {
  channel: 'book',
  type: 'snapshot',
  data: [
    {
      symbol: 'A/B',
      bids: [{ price: 10.5, qty: 3 }],
      asks: [{ price: 10.6, qty: 2 }],
      timestamp: '2026-01-02T03:04:05.6Z',
    },
  ],
}
const smallChange = {
  channel: 'book',
  type: 'update',
  data: [
    {
      symbol: 'A/B',
      bids: [
        { price: 10.5, qty: 0 },
        { price: 10.4, qty: 9 },
      ],
      asks: [],
      timestamp: '2026-01-02T03:04:06Z',
    },
  ],
}

test('fields in another order are read alike, and two books of one frame', () => {
  const bench = new FeedBench(kraken)
  const [one] = small.data
  bench.hear({
    data: [
      { asks: one.asks, bids: one.bids, symbol: 'A/B' },
      { ...one, symbol: 'C/D' },
    ],
    type: 'snapshot',
    channel: 'book',
  })
  expect(bench.book('A/B')).toBe('10.5x3 | 10.6x2')
  expect(bench.book('C/D')).toBe('10.5x3 | 10.6x2')
})

test('a level that cannot be read loses this book only; cut at any byte it never becomes a wrong book', () => {
  const bench = new FeedBench(kraken)
  bench.hear(small)
  bench.hear({ ...small, data: [{ ...small.data[0], symbol: 'C/D' }] })
  bench.hear({ ...smallChange, data: [{ symbol: 'A/B', bids: [{ price: 'x', qty: 1 }], asks: [] }] })
  expect(bench.lost).toEqual(['A/B malformed'])
  expect(wrongCut(kraken, [small], smallChange, 'A/B')).toBeUndefined()
})

test('trades, told again or new; quotes', () => {
  const bench = new FeedBench(kraken)
  const trade = (side: string) => ({
    symbol: 'A/B',
    side,
    price: 10.5,
    qty: 0.25,
    ord_type: 'limit',
    trade_id: 1,
    timestamp: '2026-01-02T03:04:05.678901Z',
  })
  bench.hear({ channel: 'trade', type: 'update', data: [trade('buy'), trade('sell')] })
  expect(bench.trades.map(({ side }) => side)).toEqual(['buy', 'sell'])
  expect(bench.trades[0].timeUs).toBe(Date.UTC(2026, 0, 2, 3, 4, 5) * 1_000 + 678_901)
  bench.hear({
    channel: 'ticker',
    type: 'snapshot',
    data: [{ symbol: 'A/B', bid: 10.5, bid_qty: 3, ask: 10.6, ask_qty: 2, last: 10.5 }],
  })
  expect(bench.quotes[0].best).toEqual([10.5, 3, 10.6, 2])
})

test('answers, heartbeats, refusals', () => {
  const bench = new FeedBench(kraken)
  expect(bench.hear({ method: 'subscribe', result: { channel: 'book' }, success: true })).toBe('answer')
  expect(bench.hear({ method: 'subscribe', error: 'no such pair', success: false })).toBe('refused')
  expect(bench.hear({ method: 'pong', req_id: 1 })).toBe('heartbeat')
  expect(bench.hear({ channel: 'heartbeat' })).toBe('heartbeat')
  expect(bench.hear({ channel: 'status', type: 'update', data: [] })).toBe('notice')
  expect(bench.hear({ channel: 'ohlc', type: 'update', data: [] })).toBe('candle')
  expect(bench.hear({ channel: 'weather', type: 'update', data: [] })).toBe('unknownChannel')
  expect(bench.hear('[]')).toBe('malformed')
})

test('pairs by the names of version 2', () => {
  const pair = {
    wsname: 'XBT/ZZZ',
    pair_decimals: 2,
    lot_decimals: 8,
    ordermin: '0.001',
    costmin: '5',
    tick_size: '0.01',
    status: 'online',
  }
  const body = JSON.stringify({ error: [], result: { XBTZZZ: pair, OFF: { ...pair, status: 'delisted' } } })
  expect(kraken.readListings('https://host/0/public/AssetPairs', body)).toEqual([
    {
      name: 'BTC/ZZZ',
      symbol: 'BTC/ZZZ',
      base: 'BTC',
      quote: 'ZZZ',
      tickSize: '0.01',
      lotSize: '0.00000001',
      quantityMin: '0.001',
      quantityMax: '',
      notionalMin: '5',
      contractSize: '1',
    },
  ])
})
