import { describe, expect, it } from 'vitest'
import { gemini } from '../../../../../hotpath/venues/gemini/gemini-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const change = (changes: unknown, symbol = 'BTCUSD') => ({ changes, symbol, type: 'l2_updates' })
const trade = {
  event_id: 1,
  price: '100.5',
  quantity: '0.25',
  side: 'buy',
  symbol: 'BTCUSD',
  tid: 2,
  timestamp: 1_700_000_000_001,
  type: 'trade',
}
const whole = (symbol = 'BTCUSD') => ({
  auction_events: [],
  ...change(
    [
      ['buy', '100.0', '2.0'],
      ['buy', '99.5', '1'],
      ['sell', '101.0', '3'],
    ],
    symbol,
  ),
  trades: [{ ...trade, side: 'sell', symbol }],
})

describe('books of Gemini', () => {
  it('begin whole with the trades of before, then change', () => {
    const bench = new FeedBench(gemini)
    expect(bench.hear(whole())).toBe('parsed')
    bench.hear(
      change([
        ['buy', '100.0', '0.0'],
        ['sell', '100.5', '4'],
      ]),
    )
    expect(bench.book('BTCUSD')).toBe('99.5x1 | 100.5x4 101x3')
    expect(bench.trades.map(({ side }) => side)).toEqual(['sell'])
    bench.hear(whole())
    expect(bench.book('BTCUSD')).toBe('100x2 99.5x1 | 101x3')
  })

  it('wait for the whole one', () => {
    const bench = new FeedBench(gemini)
    bench.hear(change([['buy', '1', '1']]))
    expect(bench.book('BTCUSD')).toBe('lost')
  })

  it('are asked for anew after a broken level', () => {
    const bench = new FeedBench(gemini)
    bench.hear(whole())
    expect(bench.hear(change([['both', '1', '1']]))).toBe('malformed')
    expect(bench.lost).toContain('BTCUSD malformed')
  })

  it('are never wrong, wherever a message is cut', () => {
    expect(
      wrongCut(
        gemini,
        [whole()],
        change([
          ['buy', '100.0', '123.5'],
          ['sell', '101.0', '0'],
        ]),
        'BTCUSD',
      ),
    ).toBeUndefined()
    expect(wrongCut(gemini, [], whole(), 'BTCUSD')).toBeUndefined()
  })
})

it('tells trades by who took', () => {
  const bench = new FeedBench(gemini)
  bench.hear(trade)
  expect(bench.trades).toEqual([
    { name: 'BTCUSD', side: 'buy', price: 100.5, size: 0.25, timeUs: 1_700_000_000_001_000 },
  ])
})

it('gives every other word its reason', () => {
  const bench = new FeedBench(gemini, ['BTCUSD'])
  expect(bench.hear({ timestamp: 1, type: 'heartbeat' })).toBe('heartbeat')
  expect(bench.hear({ result: 'error', reason: 'InvalidJson' })).toBe('refused')
  expect(bench.hear({ changes: [[1, 2, 3, 4, 5, 6]], symbol: 'BTCUSD', type: 'candles_1m_updates' })).toBe('candle')
  expect(bench.hear({ symbol: 'BTCUSD', type: 'auction_open' })).toBe('notice')
  expect(bench.hear({ type: 'surprise' })).toBe('unknownChannel')
  expect(bench.hear(change([], 'ETHUSD'))).toBe('unknownSymbol')
  expect(bench.hear({ ...trade, price: null })).toBe('malformed')
})

it('lists one instrument or many: tick_size is the step of quantities', () => {
  const one = {
    symbol: 'BTCUSD',
    base_currency: 'BTC',
    quote_currency: 'USD',
    tick_size: 1e-8,
    quote_increment: 0.01,
    min_order_size: '0.00001',
    status: 'open',
    product_type: 'spot',
    contract_type: 'vanilla',
  }
  const swap = { ...one, symbol: 'BTCUSDCPERP', quote_currency: 'USDC', product_type: 'swap', contract_type: 'linear' }
  const url = gemini.listingUrls()[0]
  expect(gemini.readListings(url, JSON.stringify(one))?.[0]).toMatchObject({
    symbol: 'BTC/USD',
    tickSize: '0.01',
    lotSize: '0.00000001',
  })
  const symbols = gemini.readListings(url, JSON.stringify([one, swap, { ...one, status: 'closed' }]))
  expect(symbols?.map(({ symbol }) => symbol)).toEqual(['BTC/USD', 'BTC/USDC:USDC'])
  expect(gemini.readListings(url, '[]')).toEqual([])
  expect(gemini.readListings(url, 'x')).toBeUndefined()
})
