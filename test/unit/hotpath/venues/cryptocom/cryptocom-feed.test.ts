import { describe, expect, it } from 'vitest'
import { cryptocom } from '../../../../../hotpath/venues/cryptocom/cryptocom-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const said = (channel: string, data: readonly object[], instrument_name = 'BTC_USDT') => ({
  id: -1,
  code: 0,
  method: 'subscribe',
  result: { instrument_name, subscription: `${channel}.${instrument_name}`, channel, data },
})
const whole = said('book', [{ bids: [['100', '2', '1']], asks: [['101', '3', '1']], t: 5, u: 70 }])
const change = (pu: number, u: number, bids: unknown, asks: unknown = []) =>
  said('book.update', [{ update: { bids, asks }, t: 6, u, pu, cs: -1 }])

describe('books of Crypto.com', () => {
  it('of version 2 come whole each time', () => {
    const bench = new FeedBench(cryptocom)
    bench.hear(said('book', [{ bids: [[100.5, 2, 1]], asks: [[101.25, 3.5, 2]], t: 5 }]))
    bench.hear(said('book', [{ bids: [[100.25, 2, 1]], asks: [], t: 6 }]))
    expect(bench.book('BTC_USDT')).toBe('100.25x2 | ')
    expect(bench.lost).toEqual([])
  })

  it('of exchange/v1 are linked by their numbers, empty changes too', () => {
    const bench = new FeedBench(cryptocom)
    bench.hear(whole)
    bench.hear(
      change(70, 75, [
        ['100', '0', '0'],
        ['99.5', '7', '2'],
      ]),
    )
    bench.hear(change(75, 90, []))
    bench.hear(change(90, 91, [], [['100.5', '1', '1']]))
    expect(bench.book('BTC_USDT')).toBe('99.5x7 | 100.5x1 101x3')
    bench.hear(change(95, 96, []))
    expect(bench.lost).toEqual(['BTC_USDT gap'])
  })

  it('may have their names behind their levels', () => {
    const bench = new FeedBench(cryptocom)
    const { data, channel, instrument_name } = whole.result
    expect(bench.hear({ result: { data, channel, instrument_name }, code: 0 })).toBe('parsed')
    expect(bench.book('BTC_USDT')).toBe('100x2 | 101x3')
  })

  it('a broken level loses that book alone', () => {
    const bench = new FeedBench(cryptocom)
    bench.hear(whole)
    bench.hear(said('book', [{ bids: [['1', '1', '1']], asks: [], u: 1 }], 'ETH_USDT'))
    expect(bench.hear(change(70, 71, [['x', '1', '1']]))).toBe('malformed')
    expect([bench.book('BTC_USDT'), bench.book('ETH_USDT')]).toEqual(['lost', '1x1 | '])
  })

  it('are never wrong, wherever a message is cut', () => {
    expect(
      wrongCut(cryptocom, [whole], change(70, 75, [['100', '250', '1']], [['101', '0', '0']]), 'BTC_USDT'),
    ).toBeUndefined()
    expect(wrongCut(cryptocom, [], whole, 'BTC_USDT')).toBeUndefined()
  })
})

it('tells trades by who took, quotes, and the state of a perpetual', () => {
  const bench = new FeedBench(cryptocom)
  bench.hear(
    said('trade', [
      { s: 'SELL', p: '100.5', q: '0.25', t: 1_700_000_000_000 },
      { t: 1, q: 4, p: 3, s: 'BUY' },
    ]),
  )
  bench.hear(said('ticker', [{ b: '99', bs: '1', k: '101', ks: '2', a: '100', t: 3, v: '1000', oi: '55' }]))
  bench.hear(said('mark', [{ v: '100.25', t: 4 }]))
  bench.hear(said('estimatedfunding', [{ v: '-0.0001', t: 4 }]))
  expect(bench.trades.map(({ side, price, size, timeUs }) => [side, price, size, timeUs])).toEqual([
    ['sell', 100.5, 0.25, 1_700_000_000_000_000],
    ['buy', 3, 4, 1_000],
  ])
  expect(bench.quotes[0].best).toEqual([99, 1, 101, 2])
  const none = Number.NaN
  expect(bench.states.map(({ values }) => values)).toEqual([
    [none, none, none, none, 55, 100],
    [100.25, none, none, none, none, none],
    [none, none, -0.0001, none, none, none],
  ])
})

it('gives every other word its reason, and answers heartbeats', () => {
  const bench = new FeedBench(cryptocom, ['BTC_USDT'])
  expect(bench.hear({ id: 0, code: 0, method: 'subscribe' })).toBe('answer')
  expect(bench.hear({ id: 0, code: 10_004, method: 'subscribe', message: 'BAD_REQUEST' })).toBe('refused')
  expect(bench.hear({ id: 17, method: 'public/heartbeat', code: 0 })).toBe('heartbeat')
  expect(bench.hear(said('candlestick', [{ o: 1 }]))).toBe('candle')
  expect(bench.hear(said('surprise', [{}]))).toBe('unknownChannel')
  expect(bench.hear(said('book', [{}], 'ETH_USDT'))).toBe('unknownSymbol')
  expect(bench.hear('{"result":{"instrument_name":"BTC_USDT","channel":"book","data":[7]}}')).toBe('malformed')
  const pong = (text: string) => cryptocom.connection.pong?.(Buffer.from(text))
  expect(pong('{"id":1637709519420,"method":"public/heartbeat"}')).toBe(
    '{"id":1637709519420,"method":"public/respond-heartbeat"}',
  )
  expect(pong('{"id":1,"method":"subscribe"}')).toBeUndefined()
})

it('lists instruments of both versions', () => {
  const spot = {
    symbol: 'BTC_USDT',
    inst_type: 'CCY_PAIR',
    base_ccy: 'BTC',
    quote_ccy: 'USDT',
    price_tick_size: '0.01',
    qty_tick_size: '0.00001',
    tradable: true,
  }
  const perpetual = {
    ...spot,
    symbol: 'ETHUSD-PERP',
    inst_type: 'PERPETUAL_SWAP',
    base_ccy: 'ETH',
    quote_ccy: 'USD',
    contract_size: '1',
  }
  const future = {
    ...perpetual,
    symbol: 'ETHUSD-300825',
    inst_type: 'FUTURE',
    expiry_timestamp_ms: Date.UTC(2030, 7, 25),
  }
  const old = {
    instrument_name: 'A_CRO',
    base_currency: 'A',
    quote_currency: 'CRO',
    price_decimals: 3,
    quantity_decimals: 0,
  }
  const read = (result: unknown) =>
    cryptocom.readListings(cryptocom.listingUrls()[0], JSON.stringify({ code: 0, result }))
  const names = read({ data: [spot, perpetual, future, { ...spot, tradable: false }] })?.map(({ symbol }) => symbol)
  expect(names).toEqual(['BTC/USDT', 'ETH/USD:USD', 'ETH/USD:USD-300825'])
  expect(read({ instruments: [old] })?.[0]).toMatchObject({ symbol: 'A/CRO', tickSize: '0.001', lotSize: '1' })
})
