import { describe, expect, it } from 'vitest'
import { gate, gateFutures } from '../../../../../hotpath/venues/gate/gate-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const said = (channel: string, result: unknown, event = 'update') => ({ time: 1, channel, event, result })
const change = (U: number, u: number, b: unknown, a: unknown = []) =>
  said('spot.order_book_update', { t: 5, e: 'depthUpdate', s: 'BTC_USDT', U, u, b, a })
const whole = { id: 40, current: 1, asks: [['101', '3']], bids: [['99.5', '2']] }
const prepare = (bench: FeedBench) => void bench.hearSnapshot('BTC_USDT', whole)

describe('books of Gate', () => {
  it('wait for the one over HTTP, whose number the changes may overlap', () => {
    const bench = new FeedBench(gate)
    bench.hear(change(30, 35, [['1', '1']]))
    bench.hear(
      change(38, 42, [
        ['99.5', '0'],
        ['98', '6'],
      ]),
    )
    expect(bench.hearSnapshot('BTC_USDT', whole)).toBe('parsed')
    expect(bench.book('BTC_USDT')).toBe('98x6 | 101x3')
    bench.hear(change(43, 44, [], [['100.5', '1']]))
    expect(bench.book('BTC_USDT')).toBe('98x6 | 100.5x1 101x3')
    bench.hear(change(46, 47, []))
    expect(bench.lost).toEqual(['BTC_USDT gap'])
  })

  it('of futures are objects, and may come whole over the socket', () => {
    const bench = new FeedBench(gateFutures)
    const body = { id: 7, asks: [{ s: 803, p: '0.2974' }], bids: [{ p: '0.29', s: 10 }] }
    bench.hearSnapshot('A_USDT', body)
    bench.hear(said('futures.order_book_update', { U: 8, a: [{ p: '0.2974', s: 0 }], b: [], s: 'A_USDT', t: 5, u: 9 }))
    expect(bench.book('A_USDT')).toBe('0.29x10 | ')
    const full = { full: true, U: 1, u: 90, s: 'A_USDT', b: [{ p: '0.3', s: 4 }], a: [] }
    bench.hear(said('futures.order_book_update', full))
    expect(bench.book('A_USDT')).toBe('0.3x4 | ')
    expect(bench.lost).toEqual([])
  })

  it('a broken level loses that book alone', () => {
    const bench = new FeedBench(gate)
    prepare(bench)
    bench.hearSnapshot('ETH_USDT', whole)
    expect(bench.hear(change(41, 41, [['x', '1']]))).toBe('malformed')
    expect([bench.book('BTC_USDT'), bench.book('ETH_USDT')]).toEqual(['lost', '99.5x2 | 101x3'])
  })

  it('are never wrong, wherever a message is cut', () => {
    expect(wrongCut(gate, [], change(41, 42, [['99.5', '1234']], [['101', '0']]), 'BTC_USDT', prepare)).toBeUndefined()
  })
})

it('tells trades: spot by the taker’s side, futures by the sign of the size', () => {
  const spot = new FeedBench(gate)
  const trade = {
    id: 1,
    create_time: 1_619_093_543,
    create_time_ms: '1619093543708.2642',
    side: 'sell',
    currency_pair: 'A_B',
    amount: '0.2010',
    price: '121.58',
  }
  spot.hear(said('spot.trades', trade))
  spot.hear(said('spot.trades', { ...trade, create_time_ms: '1619093543708.5', side: 'buy' }))
  expect(spot.trades.map(({ side, price, size, timeUs }) => [side, price, size, timeUs])).toEqual([
    ['sell', 121.58, 0.201, 1_619_093_543_000_000],
    ['buy', 121.58, 0.201, 1_619_093_543_708_500],
  ])
  const futures = new FeedBench(gateFutures)
  const one = { size: -108, id: 2, create_time_ms: 1_619_093_543_708, price: '96.4', contract: 'A_USDT' }
  futures.hear(said('futures.trades', [one, { ...one, size: 5 }]))
  expect(futures.trades.map(({ side, size }) => [side, size])).toEqual([
    ['sell', 108],
    ['buy', 5],
  ])
})

it('tells quotes and states', () => {
  const bench = new FeedBench(gateFutures)
  bench.hear(said('futures.book_ticker', { t: 5, u: 1, s: 'A_USDT', b: '0.73', B: 814, a: '0.74', A: 677 }))
  bench.hear(said('spot.tickers', { currency_pair: 'A_B', last: '1', lowest_ask: '3', highest_bid: '2' }))
  const ticker = {
    contract: 'A_USDT',
    last: '1',
    mark_price: '2',
    index_price: '3',
    funding_rate: '0.0001',
    total_size: '9',
  }
  bench.hear(said('futures.tickers', [ticker]))
  expect(bench.quotes.map(({ name, best }) => [name, ...best])).toEqual([
    ['A_USDT', 0.73, 814, 0.74, 677],
    ['A_B', 2, undefined, 3, undefined],
  ])
  expect(bench.states[0].values).toEqual([2, 3, 0.0001, Number.NaN, 9, 1])
})

it('gives every other word its reason', () => {
  const bench = new FeedBench(gate, ['BTC_USDT'])
  expect(bench.hear(said('spot.trades', { status: 'success' }, 'subscribe'))).toBe('answer')
  expect(bench.hear({ ...said('spot.trades', null, 'subscribe'), error: { code: 2, message: 'no' } })).toBe('refused')
  expect(bench.hear({ time: 1, channel: 'spot.pong', event: '', error: null, result: null })).toBe('heartbeat')
  expect(bench.hear(said('spot.candlesticks', { t: '1' }))).toBe('candle')
  expect(bench.hear(said('spot.surprise', {}))).toBe('unknownChannel')
  expect(bench.hear(said('spot.tickers', { currency_pair: 'X_Y' }))).toBe('unknownSymbol')
  expect(bench.hear(said('spot.trades', { currency_pair: 'BTC_USDT', price: '1', amount: null }))).toBe('malformed')
  expect(bench.hear('{"channel":"spot.trades","event":"update"')).toBe('malformed')
})

it('lists pairs and contracts that trade', () => {
  const pair = {
    id: 'A_B',
    base: 'A',
    quote: 'B',
    fee: '0.2',
    min_quote_amount: '1',
    amount_precision: 1,
    precision: 4,
    trade_status: 'tradable',
  }
  const read = (venue: typeof gate, body: unknown) => venue.readListings(venue.listingUrls()[0], JSON.stringify(body))
  const pairs = read(gate, [pair, { ...pair, trade_status: 'sellable' }])
  expect(pairs).toHaveLength(1)
  expect(pairs?.[0]).toMatchObject({
    symbol: 'A/B',
    tickSize: '0.0001',
    lotSize: '0.1',
    notionalMin: '1',
    takerPpm: 2_000,
  })
  const contract = {
    name: 'A_USDT',
    type: 'direct',
    order_price_round: '0.001',
    order_size_min: 1,
    quanto_multiplier: '10',
    maker_fee_rate: '-0.0001',
    in_delisting: false,
  }
  const contracts = read(gateFutures, [contract, { ...contract, in_delisting: true }])
  expect(contracts).toHaveLength(1)
  expect(contracts?.[0]).toMatchObject({ symbol: 'A/USDT:USDT', contractSize: '10', makerPpm: -100 })
  for (const venue of [gate, gateFutures]) expect(venue.snapshotSymbol?.(venue.snapshotUrl?.('A_B') ?? '')).toBe('A_B')
})
