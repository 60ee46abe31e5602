import { describe, expect, test } from 'vitest'
import { deribit } from '../../../../../hotpath/venues/deribit/deribit-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const told = (channel: string, data: unknown) => ({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } })
const book = (
  type: string,
  change_id: number,
  prev: number,
  bids: unknown[],
  asks: unknown[],
  name = 'ABC-PERPETUAL',
) =>
  told(`book.${name}.100ms`, {
    type,
    timestamp: 1_700_000_000_123,
    ...(prev > 0 && { prev_change_id: prev }),
    instrument_name: name,
    change_id,
    bids,
    asks,
  })
const snapshot = book(
  'snapshot',
  500,
  0,
  [
    ['new', 10.5, 30.0],
    ['new', 10.0, 5.0],
  ],
  [['new', 11.0, 20.0]],
)
const change = book(
  'change',
  520,
  500,
  [
    ['delete', 10.5, 0.0],
    ['change', 10.0, 7.0],
  ],
  [['new', 10.9, 1.0]],
)

describe('books', () => {
  test('actions: new, change, delete', () => {
    const bench = new FeedBench(deribit)
    expect(bench.hear(snapshot)).toBe('parsed')
    expect(bench.book('ABC-PERPETUAL')).toBe('10.5x30 10x5 | 11x20')
    expect(bench.hear(change)).toBe('parsed')
    expect(bench.book('ABC-PERPETUAL')).toBe('10x7 | 10.9x1 11x20')
  })

  test('a delete removes, whatever amount it tells', () => {
    const bench = new FeedBench(deribit)
    bench.hear(snapshot)
    bench.hear(book('change', 501, 500, [['delete', 10.5, 30.0]], []))
    expect(bench.book('ABC-PERPETUAL')).toBe('10x5 | 11x20')
  })

  test('numbers with exponents are exact', () => {
    const bench = new FeedBench(deribit)
    bench.hear(
      '{"params":{"data":{"asks":[["new",1.5e-3,2.0]],"bids":[["new",5.0e-4,1.0]],"change_id":1,"type":"snapshot","instrument_name":"OPT"},"channel":"book.OPT.100ms"},"method":"subscription"}',
    )
    expect(bench.book('OPT')).toBe('0.0005x1 | 0.0015x2')
  })

  test('a grouped book is whole each time', () => {
    const bench = new FeedBench(deribit)
    const grouped = (change_id: number, bids: number[][]) =>
      told('book.ABC-PERPETUAL.none.10.100ms', {
        instrument_name: 'ABC-PERPETUAL',
        timestamp: 1,
        change_id,
        bids,
        asks: [],
      })
    bench.hear(grouped(1, [[10, 5]]))
    bench.hear(grouped(9, [[11, 6]]))
    expect(bench.book('ABC-PERPETUAL')).toBe('11x6 | ')
    expect(bench.lost).toEqual([])
  })

  test('a change that does not follow loses this book only', () => {
    const bench = new FeedBench(deribit)
    bench.hear(snapshot)
    bench.hear(book('snapshot', 7, 0, [['new', 1, 1]], [], 'XYZ'))
    bench.hear(book('change', 530, 521, [], []))
    expect(bench.lost).toEqual(['ABC-PERPETUAL gap'])
    expect(bench.book('XYZ')).toBe('1x1 | ')
  })

  test('a level that cannot be read loses this book only', () => {
    const bench = new FeedBench(deribit)
    bench.hear(snapshot)
    bench.hear(book('snapshot', 7, 0, [['new', 1, 1]], [], 'XYZ'))
    bench.hear(book('change', 520, 500, [['new', null, 1]], []))
    expect(bench.lost).toEqual(['ABC-PERPETUAL malformed'])
    expect(bench.book('XYZ')).toBe('1x1 | ')
  })

  test('cut at any byte it never becomes a wrong book', () => {
    expect(wrongCut(deribit, [snapshot], change, 'ABC-PERPETUAL')).toBeUndefined()
  })
})

test('trades: the direction is the taker’s', () => {
  const bench = new FeedBench(deribit)
  const trade = (direction: string) => ({
    instrument_name: 'ABC',
    price: 10.5,
    amount: 20.0,
    direction,
    timestamp: 1_700_000_000_001,
    legs: [{ price: 1 }],
  })
  bench.hear(told('trades.ABC.100ms', [trade('buy'), trade('sell')]))
  expect(bench.trades.map(({ side, price, size }) => [side, price, size])).toEqual([
    ['buy', 10.5, 20],
    ['sell', 10.5, 20],
  ])
})

test('tickers and quotes; no price is no quote', () => {
  const bench = new FeedBench(deribit)
  const fields = {
    instrument_name: 'ABC',
    timestamp: 3,
    best_bid_price: 10.5,
    best_bid_amount: 30,
    best_ask_price: 11,
    best_ask_amount: 20,
  }
  bench.hear(told('quote.ABC', fields))
  bench.hear(
    told('ticker.ABC.100ms', {
      ...fields,
      best_ask_price: 0.0,
      best_ask_amount: 0.0,
      mark_price: 10.7,
      index_price: 10.6,
      open_interest: 9,
      funding_8h: -1e-5,
      stats: { volume: null },
    }),
  )
  expect(bench.quotes.map(({ best }) => best)).toEqual([
    [10.5, 30, 11, 20],
    [10.5, 30, undefined, undefined],
  ])
  expect(bench.states).toHaveLength(1)
  expect(bench.states[0].values.slice(0, 3)).toEqual([10.7, 10.6, -0.00001])
})

test('answers, errors, heartbeats; we say that we are there when asked', () => {
  const bench = new FeedBench(deribit)
  const testRequest = '{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}'
  expect(bench.hear({ jsonrpc: '2.0', id: 1, result: ['book.ABC.100ms'] })).toBe('answer')
  expect(bench.hear({ jsonrpc: '2.0', id: 1, error: { code: 1, message: 'no' } })).toBe('refused')
  expect(bench.hear(testRequest)).toBe('heartbeat')
  expect(bench.hear(told('chart.trades.ABC.1', {}))).toBe('candle')
  expect(bench.hear(told('platform_state', {}))).toBe('notice')
  expect(bench.hear(told('deribit_volatility_index.abc_usd', {}))).toBe('statistics')
  expect(bench.hear(told('weather.now', {}))).toBe('unknownChannel')
  expect(bench.hear('{}')).toBe('unknownChannel')
  expect(bench.hear('7')).toBe('malformed')
  expect(deribit.connection.pong?.(Buffer.from(testRequest))).toContain('public/test')
  expect(deribit.connection.pong?.(Buffer.from(JSON.stringify(snapshot)))).toBeUndefined()
})

test('instruments: amounts are units, never contracts', () => {
  const future = {
    kind: 'future',
    is_active: true,
    instrument_name: 'ABC-PERPETUAL',
    base_currency: 'ABC',
    quote_currency: 'USD',
    counter_currency: 'USD',
    settlement_currency: 'ABC',
    settlement_period: 'perpetual',
    expiration_timestamp: 32_503_708_800_000,
    tick_size: 0.5,
    contract_size: 10,
    min_trade_amount: 10,
    maker_commission: -0.0001,
    taker_commission: 0.0005,
  }
  const option = {
    ...future,
    kind: 'option',
    instrument_name: 'ABC-27DEC24-150-C',
    quote_currency: 'ABC',
    settlement_period: 'month',
    expiration_timestamp: 1_735_286_400_000,
    strike: 150,
    option_type: 'call',
    tick_size: 5e-4,
    min_trade_amount: 0.1,
  }
  const result = [future, option, { ...future, kind: 'future_combo' }, { ...future, is_active: false }]
  const listed = deribit.readListings('https://host/public/get_instruments', JSON.stringify({ result }))
  expect(listed).toHaveLength(2)
  expect(listed?.[0]).toMatchObject({
    symbol: 'ABC/USD:ABC',
    tickSize: '0.5',
    lotSize: '10',
    contractSize: '1',
    isInverse: true,
    makerPpm: -100,
    takerPpm: 500,
  })
  expect(listed?.[1]).toMatchObject({ symbol: 'ABC/USD:ABC-241227-150-C', tickSize: '0.0005', lotSize: '0.1' })
  expect(listed?.[1].isInverse).toBeUndefined()
})
