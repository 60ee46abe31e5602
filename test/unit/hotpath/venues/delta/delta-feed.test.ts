import { describe, expect, it } from 'vitest'
import { delta } from '../../../../../hotpath/venues/delta/delta-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const change = (action: string, sequence_no: number, bids: unknown, asks: unknown, cs?: number) => ({
  action,
  asks,
  bids,
  timestamp: 1_671_140_718_980_723,
  sequence_no,
  symbol: 'BTCUSD',
  type: 'l2_updates',
  ...(cs !== undefined && { cs }),
})
const whole = change('snapshot', 9, [['99.5', '5']], [['100.0', '7']])

describe('books of Delta Exchange', () => {
  it('of l2_orderbook come whole each time, their name last', () => {
    const bench = new FeedBench(delta)
    const buy = [{ depth: '10', limit_price: '1241.50', size: 10 }]
    bench.hear({
      buy,
      last_sequence_no: 7,
      sell: [{ depth: '3', limit_price: '1242.00', size: 3 }],
      symbol: 'C-ETH',
      type: 'l2_orderbook',
    })
    bench.hear({ buy: [], last_sequence_no: 6, sell: buy, symbol: 'C-ETH', type: 'l2_orderbook' })
    expect(bench.book('C-ETH')).toBe(' | 1241.5x10')
  })

  it('of l2_updates have a checksum: the example of the venue’s documentation', () => {
    const bench = new FeedBench(delta)
    const asks = [
      ['100.00', '23'],
      ['100.05', '34'],
    ]
    bench.hear(
      change(
        'snapshot',
        1,
        [
          ['99.04', '87'],
          ['98.65', '102'],
        ],
        asks,
      ),
    )
    bench.hear(change('update', 2, [['98.30', '16']], [], 3_599_895_312))
    expect(bench.book('BTCUSD')).toBe('99.04x87 98.65x102 98.3x16 | 100x23 100.05x34')
    bench.hear(change('update', 3, [['98.30', '17']], [], 3_599_895_312))
    expect(bench.lost).toEqual(['BTCUSD checksum'])
  })

  it('and numbers without a hole', () => {
    const bench = new FeedBench(delta)
    bench.hear(whole)
    bench.hear(change('update', 10, [['99.5', '0']], [['100.5', '2']]))
    expect(bench.book('BTCUSD')).toBe(' | 100x7 100.5x2')
    bench.hear(change('update', 12, [], []))
    expect(bench.lost).toEqual(['BTCUSD gap'])
  })

  it('are asked for anew when the venue could not tell them, or told a broken level', () => {
    const bench = new FeedBench(delta)
    bench.hear(whole)
    expect(bench.hear({ action: 'error', symbol: 'BTCUSD', type: 'l2_updates', msg: 'Snapshot load failed.' })).toBe(
      'refused',
    )
    bench.hear(whole)
    expect(bench.hear(change('update', 10, [['99', null]], []))).toBe('malformed')
    expect(bench.lost).toEqual(['BTCUSD malformed', 'BTCUSD malformed'])
  })

  it('are never wrong, wherever a message is cut', () => {
    expect(
      wrongCut(delta, [whole], change('update', 10, [['99.5', '123']], [['100.0', '0']]), 'BTCUSD'),
    ).toBeUndefined()
    expect(wrongCut(delta, [], whole, 'BTCUSD')).toBeUndefined()
  })
})

it('tells trades by who took, quotes and states', () => {
  const bench = new FeedBench(delta)
  const trade = { price: '25816.5', size: 100, buyer_role: 'maker', seller_role: 'taker', timestamp: 77 }
  bench.hear({ symbol: 'BTCUSD', type: 'all_trades', ...trade })
  bench.hear({ type: 'all_trades_snapshot', trades: [{ ...trade, buyer_role: 'taker' }], symbol: 'BTCUSD' })
  const quotes = { best_ask: '101', ask_size: '3', best_bid: '100', bid_size: '4', bid_iv: '0.2' }
  bench.hear({
    close: 99,
    mark_price: '100.5',
    spot_price: '100.25',
    oi: '12',
    quotes,
    symbol: 'BTCUSD',
    size: 5,
    timestamp: 5,
    type: 'v2/ticker',
  })
  bench.hear({
    ask_qty: '8',
    best_ask: '102',
    best_bid: null,
    bid_qty: null,
    symbol: 'BTCUSD',
    timestamp: 6,
    type: 'l1_orderbook',
  })
  bench.hear({ price: '3910.5', symbol: 'MARK:BTCUSD', type: 'mark_price', best_bid: '1' })
  expect(bench.trades.map(({ side, price, size, timeUs }) => [side, price, size, timeUs])).toEqual([
    ['sell', 25_816.5, 100, 77],
    ['buy', 25_816.5, 100, 77],
  ])
  expect(bench.quotes.map(({ best }) => best)).toEqual([
    [100, 4, 101, 3],
    [undefined, undefined, 102, 8],
  ])
  expect(bench.states[0].values).toEqual([100.5, 100.25, Number.NaN, Number.NaN, 12, 99])
  expect(bench.states[1]).toMatchObject({ name: 'BTCUSD', values: [3_910.5, ...Array<number>(5).fill(Number.NaN)] })
})

it('gives every other word its reason', () => {
  const bench = new FeedBench(delta, ['BTCUSD'])
  expect(bench.hear({ type: 'subscriptions', channels: [] })).toBe('answer')
  expect(bench.hear({ type: 'heartbeat' })).toBe('heartbeat')
  expect(bench.hear({ open: 1, symbol: 'BTCUSD', type: 'candlestick_1m' })).toBe('candle')
  expect(bench.hear({ symbol: 'BTCUSD', type: 'funding_rate' })).toBe('statistics')
  expect(bench.hear({ type: 'announcements' })).toBe('notice')
  expect(bench.hear({ type: 'surprise' })).toBe('unknownChannel')
  expect(bench.hear({ ...whole, symbol: 'ETHUSD' })).toBe('unknownSymbol')
  expect(bench.hear({ ...whole, sequence_no: 'x' })).toBe('malformed')
})

it('lists options, perpetuals and spot', () => {
  const asset = (symbol: string) => ({ symbol })
  const option = {
    symbol: 'C-BTC-59000-301130',
    contract_type: 'call_options',
    state: 'live',
    trading_status: 'operational',
    underlying_asset: asset('BTC'),
    quoting_asset: asset('USD'),
    settling_asset: asset('USD'),
    settlement_time: '2030-11-30T12:00:00Z',
    strike_price: '59000',
    tick_size: '0.5',
    contract_value: '0.001',
    notional_type: 'vanilla',
    taker_commission_rate: '0.0005',
  }
  const spot = {
    ...option,
    symbol: 'ETH_USD',
    contract_type: 'spot',
    settling_asset: null,
    product_specs: { underlying_precision: 4, min_order_size: 0.001 },
  }
  const result = [
    option,
    { ...option, symbol: 'BTCUSD', contract_type: 'perpetual_futures' },
    spot,
    { ...option, contract_type: 'move_options' },
    { ...option, state: 'expired' },
  ]
  const symbols = delta.readListings(delta.listingUrls()[0], JSON.stringify({ result })) ?? []
  expect(symbols.map(({ symbol, lotSize, contractSize }) => [symbol, lotSize, contractSize])).toEqual([
    ['BTC/USD:USD-301130-59000-C', '1', '0.001'],
    ['BTC/USD:USD', '1', '0.001'],
    ['BTC/USD', '0.0001', '1'],
  ])
  expect(symbols[0].takerPpm).toBe(500)
})
