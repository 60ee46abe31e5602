import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bittrex } from '../../../../../hotpath/venues/bittrex/bittrex-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const packed = (value: unknown) => deflateRawSync(Buffer.from(JSON.stringify(value))).toString('base64')
const said = (M: string, value: unknown) => ({ C: 'd-1', M: [{ H: 'C3', M, A: [packed(value)] }] })
const change = (sequence: number, bidDeltas: readonly object[], askDeltas: readonly object[] = []) =>
  said('orderBook', { marketSymbol: 'BTC-EUR', depth: 500, sequence, bidDeltas, askDeltas })
const book = JSON.stringify({ bid: [{ quantity: '2.5', rate: '99.00' }], ask: [{ quantity: '1', rate: '101.00' }] })
const whole = `${book} header: {"Date": "today", "Sequence": "40"}`

describe('books of Bittrex', () => {
  it('are unpacked and follow the number in the header of the whole one', () => {
    const bench = new FeedBench(bittrex)
    bench.hear(change(40, [{ quantity: '9', rate: '98' }]))
    bench.hear(change(41, [{ rate: '99', quantity: '0' }]))
    expect(bench.hearSnapshot('BTC-EUR', whole)).toBe('parsed')
    expect(bench.book('BTC-EUR')).toBe(' | 101x1')
    expect(bench.hear(change(42, [{ quantity: '4', rate: '98.5' }]))).toBe('parsed')
    expect(bench.book('BTC-EUR')).toBe('98.5x4 | 101x1')
    bench.hear(change(44, []))
    expect(bench.lost).toEqual(['BTC-EUR gap'])
  })

  it('cannot be taken without that number', () => {
    expect(new FeedBench(bittrex).hearSnapshot('BTC-EUR', book)).toBe('malformed')
    expect(new FeedBench(bittrex).hearSnapshot('BTC-EUR', `${book} header: {"Date": 1}`)).toBe('malformed')
  })

  it('are never wrong, wherever a message is cut', () => {
    const prepare = (bench: FeedBench) => void bench.hearSnapshot('BTC-EUR', whole)
    const last = change(41, [{ quantity: '4', rate: '98.5' }], [{ quantity: '0', rate: '101' }])
    expect(wrongCut(bittrex, [], last, 'BTC-EUR', prepare)).toBeUndefined()
  })
})

it('tells trades by who took, and tickers as quotes', () => {
  const bench = new FeedBench(bittrex)
  const delta = { id: 'x', executedAt: '2021-06-14T01:54:00.5Z', quantity: '0.5', rate: '101', takerSide: 'SELL' }
  bench.hear(said('trade', { deltas: [delta, { ...delta, takerSide: 'BUY' }], sequence: 3, marketSymbol: 'BTC-EUR' }))
  bench.hear(said('ticker', { symbol: 'BTC-EUR', lastTradeRate: '1', bidRate: '100', askRate: '102' }))
  expect(bench.trades.map(({ side, price, size, timeUs }) => [side, price, size, timeUs])).toEqual([
    ['sell', 101, 0.5, Date.UTC(2021, 5, 14, 1, 54, 0, 500) * 1_000],
    ['buy', 101, 0.5, Date.UTC(2021, 5, 14, 1, 54, 0, 500) * 1_000],
  ])
  expect(bench.quotes[0].best).toEqual([100, undefined, 102, undefined])
})

it('gives every other word its reason', () => {
  const bench = new FeedBench(bittrex)
  expect(bench.hear('{}')).toBe('heartbeat')
  expect(bench.hear({ C: 'd-1', S: 1, M: [] })).toBe('answer')
  expect(bench.hear({ R: [{ Success: true, ErrorCode: null }], I: '1' })).toBe('answer')
  expect(bench.hear({ R: [{ Success: false, ErrorCode: 'BAD' }], I: '1' })).toBe('refused')
  expect(bench.hear({ I: '1', E: 'no such method' })).toBe('refused')
  expect(bench.hear(said('candle', {}))).toBe('candle')
  expect(bench.hear(said('heartbeat', {}))).toBe('heartbeat')
  expect(bench.hear(said('marketSummary', {}))).toBe('statistics')
  expect(bench.hear(said('surprise', {}))).toBe('unknownChannel')
  expect(bench.hear({ C: 'd', M: [{ H: 'C3', M: 'ticker', A: ['no deflate'] }] })).toBe('malformed')
  expect(bench.hear({ C: 'd', M: [{ H: 'C3', M: 'ticker' }] })).toBe('malformed')
})

it('lists what was online', () => {
  const one = {
    symbol: 'A-BTC',
    baseCurrencySymbol: 'A',
    quoteCurrencySymbol: 'BTC',
    minTradeSize: '0.5',
    precision: 8,
    status: 'ONLINE',
  }
  const symbols = bittrex.readListings(bittrex.listingUrls()[0], JSON.stringify([one, { ...one, status: 'OFFLINE' }]))
  expect(symbols).toHaveLength(1)
  expect(symbols?.[0]).toMatchObject({ symbol: 'A/BTC', tickSize: '0.00000001', quantityMin: '0.5' })
})
