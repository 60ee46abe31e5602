import { describe, expect, it } from 'vitest'
import { bitstamp } from '../../../../../hotpath/venues/bitstamp/bitstamp-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const change = (microtimestamp: string, bids: unknown, asks: unknown, channel = 'diff_order_book_btcusd') => ({
  data: { timestamp: '1', microtimestamp, bids, asks },
  channel,
  event: 'data',
})
const whole = { microtimestamp: '1700000000000100', bids: [['99.50', '2.00000000']], asks: [['100.50', '1.00000000']] }

describe('books of Bitstamp', () => {
  it('are asked for over HTTP; changes before it wait, and what it holds already is dropped', () => {
    const bench = new FeedBench(bitstamp)
    bench.hear(change('1700000000000100', [['99.50', '7.00000000']], []))
    bench.hear(change('1700000000000200', [['99.40', '3.00000000']], [['100.50', '0.00000000']]))
    expect(bench.book('btcusd')).toBe('lost')
    expect(bench.hearSnapshot('btcusd', whole)).toBe('parsed')
    expect(bench.book('btcusd')).toBe('99.5x2 99.4x3 | ')
    bench.hear(change('1700000000000150', [['99.50', '0']], []))
    expect(bench.book('btcusd')).toBe('99.5x2 99.4x3 | ')
  })

  it('may come before their channel is named, or after', () => {
    const bench = new FeedBench(bitstamp)
    bench.hearSnapshot('btcusd', whole)
    const { data } = change('1700000000000300', [], [['100.40', '5']])
    bench.hear({ event: 'data', channel: 'diff_order_book_btcusd', data })
    expect(bench.book('btcusd')).toBe('99.5x2 | 100.4x5 100.5x1')
  })

  it('keep levels so large that eight digits of them leave no room, the finest dust cut', () => {
    const bench = new FeedBench(bitstamp)
    bench.hear(change('1700000000000200', [['99.40', '3.12345678']], []))
    bench.hearSnapshot('btcusd', {
      ...whole,
      bids: [
        ['0.00001', '112716000.00000000'],
        ['99.50', '0.00000001'],
      ],
    })
    expect(bench.lost).toEqual([])
    expect(bench.book('btcusd')).toContain('0.00001x112716000')
  })

  it('a broken level loses that book alone, a broken frame whatever it may have held', () => {
    const bench = new FeedBench(bitstamp)
    bench.hearSnapshot('btcusd', whole)
    expect(bench.hear(change('1700000000000300', [['x', '1']], []))).toBe('malformed')
    expect(bench.lost).toContain('btcusd malformed')
    expect(bench.hearSnapshot('btcusd', { bids: [], asks: [] })).toBe('malformed')
  })

  it('are never wrong, wherever a message is cut', () => {
    const prepare = (bench: FeedBench) => void bench.hearSnapshot('btcusd', whole)
    const last = change('1700000000000300', [['99.50', '1234.5']], [['100.25', '10']])
    expect(wrongCut(bitstamp, [], last, 'btcusd', prepare)).toBeUndefined()
  })
})

it('tells trades by the side that took', () => {
  const bench = new FeedBench(bitstamp)
  const data = {
    microtimestamp: '1700000000000001',
    amount_str: '0.50000000',
    price_str: '100.10',
    type: 0,
    amount: 0.5,
  }
  bench.hear({ data, channel: 'live_trades_btcusd', event: 'trade' })
  bench.hear({ data: { ...data, type: 1 }, channel: 'live_trades_btcusd', event: 'trade' })
  const told = { name: 'btcusd', price: 100.1, size: 0.5, timeUs: 1_700_000_000_000_001 }
  expect(bench.trades).toEqual([
    { ...told, side: 'buy' },
    { ...told, side: 'sell' },
  ])
})

it('gives every other word its reason', () => {
  const bench = new FeedBench(bitstamp, ['btcusd'])
  expect(bench.hear({ event: 'bts:subscription_succeeded', channel: 'diff_order_book_btcusd', data: {} })).toBe(
    'answer',
  )
  expect(bench.hear({ event: 'bts:heartbeat', channel: '', data: { status: 'success' } })).toBe('heartbeat')
  expect(bench.hear({ event: 'bts:request_reconnect', channel: '', data: '' })).toBe('notice')
  expect(bench.hear({ event: 'bts:error', channel: '', data: { code: null, message: 'Bad' } })).toBe('refused')
  expect(bench.hear(change('1', [], [], 'diff_order_book_ethusd'))).toBe('unknownSymbol')
  expect(bench.hear(change('1', [], [], 'order_book_btcusd'))).toBe('unknownChannel')
  expect(bench.hear('[]')).toBe('malformed')
})

it('lists markets of the new list and the old', () => {
  const old = {
    trading: 'Enabled',
    base_decimals: 8,
    url_symbol: 'btcusd',
    name: 'BTC/USD',
    minimum_order: '20.0 USD',
    counter_decimals: 2,
  }
  const now = {
    trading: 'Enabled',
    base_decimals: 4,
    market_symbol: 'ethusd-perp',
    name: 'ETH/USD-PERP',
    base_currency: 'ETH',
    counter_currency: 'USD',
    minimum_order_value: '10',
    counter_decimals: 1,
    market_type: 'PERPETUAL',
  }
  const read = (body: unknown) =>
    bitstamp.readListings('https://www.bitstamp.net/api/v2/markets/', JSON.stringify(body))
  const symbols = read([old, now, { ...old, trading: 'Disabled' }]) ?? []
  expect(
    symbols.map(({ name, symbol, tickSize, lotSize, notionalMin }) => [name, symbol, tickSize, lotSize, notionalMin]),
  ).toEqual([
    ['btcusd', 'BTC/USD', '0.01', '0.00000001', '20'],
    ['ethusd-perp', 'ETH/USD:USD', '0.1', '0.0001', '10'],
  ])
  expect(bitstamp.snapshotSymbol?.(bitstamp.snapshotUrl?.('ethusd-perp') ?? '')).toBe('ethusd-perp')
})
