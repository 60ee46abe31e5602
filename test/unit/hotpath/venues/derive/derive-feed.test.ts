import { expect, test } from 'vitest'
import { derive } from '../../../../../hotpath/venues/derive/derive-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const told = (channel: string, data: unknown) => ({ method: 'subscription', params: { channel, data } })
const book = (publish_id: number, bids: string[][], asks: string[][], name = 'ABC-PERP') =>
  told(`orderbook.${name}.1.100`, { timestamp: 1_700_000_000_123, instrument_name: name, publish_id, bids, asks })
const first = book(
  1,
  [
    ['10.5', '3'],
    ['10.4', '1'],
  ],
  [['10.6', '2']],
)
const second = book(9, [['10.4', '1']], [])

test('every book is whole', () => {
  const bench = new FeedBench(derive)
  expect(bench.hear(first)).toBe('parsed')
  expect(bench.book('ABC-PERP')).toBe('10.5x3 10.4x1 | 10.6x2')
  bench.hear(second)
  expect(bench.book('ABC-PERP')).toBe('10.4x1 | ')
})

test('data before its channel is read alike', () => {
  const bench = new FeedBench(derive)
  const { channel, data } = first.params
  expect(bench.hear({ params: { data, channel }, method: 'subscription' })).toBe('parsed')
  expect(bench.book('ABC-PERP')).toBe('10.5x3 10.4x1 | 10.6x2')
})

test('a level that cannot be read loses this book only; cut at any byte it never becomes a wrong book', () => {
  const bench = new FeedBench(derive)
  bench.hear(first)
  bench.hear(book(1, [['1', '1']], [], 'XYZ-PERP'))
  bench.hear(book(2, [['x', '1']], []))
  expect(bench.lost).toEqual(['ABC-PERP malformed'])
  expect(bench.book('XYZ-PERP')).toBe('1x1 | ')
  expect(wrongCut(derive, [first], second, 'ABC-PERP')).toBeUndefined()
})

test('trades once, as the taker’s', () => {
  const bench = new FeedBench(derive)
  const trade = (direction: string, role?: string) => ({
    instrument_name: 'ABC-PERP',
    direction,
    trade_price: '10.5',
    trade_amount: '0.25',
    timestamp: 1_700_000_000_001,
    ...(role !== undefined && { liquidity_role: role }),
  })
  bench.hear(told('trades.ABC-PERP', [trade('sell')]))
  bench.hear(told('trades.perp.ABC.settled', [trade('buy', 'taker'), trade('sell', 'maker')]))
  expect(bench.trades.map(({ side }) => side)).toEqual(['sell', 'buy'])
})

test('the slim ticker is named by its channel', () => {
  const bench = new FeedBench(derive)
  const instrument_ticker = {
    a: '10.6',
    A: '2',
    b: '0',
    B: '5',
    I: '10.55',
    M: '10.56',
    f: '-0.0001',
    t: 7,
    stats: { oi: '77', v: '1' },
    option_pricing: null,
  }
  bench.hear(told('ticker_slim.ABC-20260627-15-C.1000', { timestamp: 7, instrument_ticker }))
  expect(bench.quotes).toEqual([{ name: 'ABC-20260627-15-C', best: [undefined, undefined, 10.6, 2], timeUs: 7_000 }])
  expect(bench.states[0].values).toEqual([10.56, 10.55, -0.0001, Number.NaN, 77, Number.NaN])
})

test('answers and channels we do not keep', () => {
  const bench = new FeedBench(derive)
  expect(bench.hear({ id: 1, result: { status: {} } })).toBe('answer')
  expect(bench.hear({ id: 1, error: { code: 1 } })).toBe('refused')
  expect(bench.hear(told('spot_feed.ABC', {}))).toBe('statistics')
  expect(bench.hear(told('weather.ABC', {}))).toBe('unknownChannel')
})

test('instruments: perpetuals, options, spot', () => {
  const common = {
    is_active: true,
    base_currency: 'ABC',
    quote_currency: 'USDC',
    tick_size: '0.1',
    amount_step: '0.01',
    minimum_amount: '0.1',
    maximum_amount: '90',
    maker_fee_rate: '0.0001',
    taker_fee_rate: '0.0005',
  }
  const result = [
    { ...common, instrument_name: 'ABC-PERP', instrument_type: 'perp' },
    {
      ...common,
      instrument_name: 'ABC-20241227-15-P',
      instrument_type: 'option',
      option_details: { expiry: 1_735_286_400, strike: '15', option_type: 'P' },
    },
    { ...common, instrument_name: 'ABC-USDC', instrument_type: 'erc20' },
    { ...common, instrument_name: 'OLD', is_active: false },
  ]
  const [url] = derive.listingUrls()
  const listed = derive.readListings(url, JSON.stringify({ result: { instruments: result } }))
  expect(listed?.map(({ symbol }) => symbol)).toEqual(['ABC/USDC:USDC', 'ABC/USDC:USDC-241227-15-P', 'ABC/USDC'])
  expect(listed?.[0]).toMatchObject({ lotSize: '0.01', makerPpm: 100, takerPpm: 500 })
  expect(derive.readListings(url, JSON.stringify({ result }))).toEqual(listed)
  expect(derive.listingBody?.(url)).toContain('"instrument_type":"perp"')
})
