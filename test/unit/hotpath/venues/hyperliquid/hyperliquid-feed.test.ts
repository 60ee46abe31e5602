import { expect, test } from 'vitest'
import { hyperliquid } from '../../../../../hotpath/venues/hyperliquid/hyperliquid-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const side = (...levels: [string, string][]) => levels.map(([px, sz]) => ({ px, sz, n: 2 }))
const book = (coin: string, bids: object[], asks: object[], time = 1_700_000_000_123) => ({
  channel: 'l2Book',
  data: { coin, time, levels: [bids, asks] },
})
const first = book('ABC', side(['10.5', '3'], ['10.4', '1']), side(['10.6', '2']))
const second = book('ABC', side(['10.45', '4']), side(['10.6', '2'], ['10.7', '9']), 1_700_000_000_223)

test('every book is whole', () => {
  const bench = new FeedBench(hyperliquid)
  expect(bench.hear(first)).toBe('parsed')
  expect(bench.book('ABC')).toBe('10.5x3 10.4x1 | 10.6x2')
  bench.hear(second)
  expect(bench.book('ABC')).toBe('10.45x4 | 10.6x2 10.7x9')
  expect(bench.keeper.book(0).timeUs).toBe(1_700_000_000_223_000)
})

test('with the name behind the levels, and without an envelope, as it is answered over HTTP', () => {
  const bench = new FeedBench(hyperliquid)
  const { coin, time, levels } = first.data
  expect(bench.hear({ data: { levels, time, coin }, channel: 'l2Book' })).toBe('parsed')
  expect(bench.hear({ levels, time, coin: 'XYZ' })).toBe('parsed')
  expect(bench.book('XYZ')).toBe(bench.book('ABC'))
})

test('a level that cannot be read loses this book only; cut at any byte it never becomes a wrong book', () => {
  const bench = new FeedBench(hyperliquid)
  bench.hear(first)
  bench.hear(book('XYZ', side(['1', '1']), side(['2', '1'])))
  bench.hear(book('ABC', side(['-1', '1']), []))
  bench.hear({ channel: 'l2Book', data: { coin: 'ABC', time: 1, levels: [[]] } })
  expect(bench.lost).toEqual(['ABC malformed', 'ABC malformed'])
  expect(bench.book('XYZ')).toBe('1x1 | 2x1')
  expect(wrongCut(hyperliquid, [first], second, 'ABC')).toBeUndefined()
})

test('trades, quotes, state', () => {
  const bench = new FeedBench(hyperliquid)
  const trade = (taker: string) => ({
    coin: 'ABC',
    side: taker,
    px: '10.5',
    sz: '0.25',
    time: 1_700_000_000_001,
    tid: 1,
  })
  bench.hear({ channel: 'trades', data: [trade('B'), trade('A')] })
  expect(bench.trades.map((one) => one.side)).toEqual(['buy', 'sell'])
  bench.hear({ channel: 'bbo', data: { coin: 'ABC', time: 3, bbo: [{ px: '10.5', sz: '3', n: 1 }, null] } })
  expect(bench.quotes[0].best).toEqual([10.5, 3, undefined, undefined])
  const ctx = { funding: '-0.0000125', openInterest: '77', oraclePx: '10.6', markPx: '10.55', impactPxs: ['1', '2'] }
  bench.hear({ channel: 'activeAssetCtx', data: { coin: 'ABC', ctx } })
  expect(bench.states[0].values.slice(0, 3)).toEqual([10.55, 10.6, -0.0000125])
  expect(bench.states[0].values[4]).toBe(77)
})

test('answers, heartbeats, refusals', () => {
  const bench = new FeedBench(hyperliquid)
  expect(bench.hear({ channel: 'subscriptionResponse', data: { method: 'subscribe' } })).toBe('answer')
  expect(bench.hear({ channel: 'pong' })).toBe('heartbeat')
  expect(bench.hear({ channel: 'error', data: 'no' })).toBe('refused')
  expect(bench.hear({ channel: 'candle', data: {} })).toBe('candle')
  expect(bench.hear({ channel: 'allMids', data: { mids: {} } })).toBe('statistics')
  expect(bench.hear({ channel: 'weather', data: {} })).toBe('unknownChannel')
  expect(bench.hear({ channel: 'l2Book' })).toBe('malformed')
  expect(bench.hear('3')).toBe('malformed')
})

test('perpetuals and spot pairs, asked for with what is posted', () => {
  const [meta, spotMeta] = hyperliquid.listingUrls()
  expect(hyperliquid.listingBody?.(meta)).toBe('{"type":"meta"}')
  expect(hyperliquid.listingBody?.(spotMeta)).toBe('{"type":"spotMeta"}')
  const universe = [
    { name: 'ABC', szDecimals: 2 },
    { name: 'OLD', szDecimals: 2, isDelisted: true },
  ]
  const listed = hyperliquid.readListings(meta, JSON.stringify({ universe }))
  expect(listed?.map(({ name, symbol, tickSize, lotSize }) => [name, symbol, tickSize, lotSize])).toEqual([
    ['ABC', 'ABC/USDC:USDC', '0.0001', '0.01'],
  ])
  const tokens = [
    { index: 0, name: 'USDC', szDecimals: 8 },
    { index: 7, name: 'XYZ', szDecimals: 3 },
  ]
  const spot = hyperliquid.readListings(
    spotMeta,
    JSON.stringify({ tokens, universe: [{ name: '@5', tokens: [7, 0] }] }),
  )
  expect(spot?.map(({ name, symbol, tickSize }) => [name, symbol, tickSize])).toEqual([['@5', 'XYZ/USDC', '0.00001']])
  expect(hyperliquid.readListings(meta, '[]')).toBeUndefined()
})
