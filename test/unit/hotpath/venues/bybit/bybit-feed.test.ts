import { describe, expect, test } from 'vitest'
import { bybit, bybitInverse, bybitLinear, bybitOption } from '../../../../../hotpath/venues/bybit/bybit-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const book = (type: string, u: number, b: string[][], a: string[][], s = 'ABCUSDT') => ({
  topic: `orderbook.50.${s}`,
  type,
  ts: 1_700_000_000_123,
  data: { s, b, a, u, seq: u * 7 },
})
const snapshot = book(
  'snapshot',
  40,
  [
    ['10.5', '3'],
    ['10.4', '1.25'],
  ],
  [
    ['10.6', '2'],
    ['10.8', '7'],
  ],
)
const change = book(
  'delta',
  41,
  [
    ['10.5', '0'],
    ['10.45', '4'],
  ],
  [['10.6', '2.5']],
)

describe('books', () => {
  test('whole, then changed; a size of 0 removes', () => {
    const bench = new FeedBench(bybitLinear)
    expect(bench.hear(snapshot)).toBe('parsed')
    expect(bench.book('ABCUSDT')).toBe('10.5x3 10.4x1.25 | 10.6x2 10.8x7')
    expect(bench.hear(change)).toBe('parsed')
    expect(bench.book('ABCUSDT')).toBe('10.45x4 10.4x1.25 | 10.6x2.5 10.8x7')
    expect(bench.keeper.book(0).timeUs).toBe(1_700_000_000_123_000)
  })

  test('fields in another order are read alike', () => {
    const bench = new FeedBench(bybitLinear)
    const { topic, type, ts, data } = snapshot
    expect(bench.hear({ data: { u: data.u, a: data.a, b: data.b, s: data.s }, ts, type, topic })).toBe('parsed')
    expect(bench.book('ABCUSDT')).toBe('10.5x3 10.4x1.25 | 10.6x2 10.8x7')
  })

  test('a number left out loses the book, and it alone', () => {
    const bench = new FeedBench(bybitLinear)
    bench.hear(snapshot)
    bench.hear(book('snapshot', 9, [['1', '1']], [['2', '1']], 'XYZUSDT'))
    bench.hear(book('delta', 43, [['10.5', '1']], []))
    expect(bench.lost).toEqual(['ABCUSDT gap'])
    expect(bench.book('XYZUSDT')).toBe('1x1 | 2x1')
  })

  test('number 1 is a service that began again: whole, whatever it calls itself', () => {
    const bench = new FeedBench(bybitLinear)
    bench.hear(snapshot)
    bench.hear({ ...book('delta', 1, [['9', '1']], [['11', '1']]), ts: 1_700_000_000_900 })
    expect(bench.book('ABCUSDT')).toBe('9x1 | 11x1')
  })

  test('a level that cannot be read loses this book only', () => {
    const bench = new FeedBench(bybitLinear)
    bench.hear(snapshot)
    bench.hear(book('snapshot', 9, [['1', '1']], [['2', '1']], 'XYZUSDT'))
    bench.hear(book('delta', 41, [['ten', '1']], []))
    expect(bench.lost).toEqual(['ABCUSDT malformed'])
    expect(bench.book('XYZUSDT')).toBe('1x1 | 2x1')
  })

  test('cut at any byte it never becomes a wrong book', () => {
    expect(wrongCut(bybitLinear, [snapshot], change, 'ABCUSDT')).toBeUndefined()
    expect(wrongCut(bybitLinear, [], snapshot, 'ABCUSDT')).toBeUndefined()
  })

  test('a frame cut before its book says nothing of the book before', () => {
    const bench = new FeedBench(bybitLinear)
    bench.hear(snapshot)
    bench.hear('{"topic":"orderbook.50.XYZUSDT","type":"del')
    expect(bench.lost).toEqual([])
  })

  test('the best level alone is a quote, never mixed into the book', () => {
    const bench = new FeedBench(bybitLinear)
    bench.hear(snapshot)
    bench.hear({ ...book('snapshot', 900, [['10.55', '5']], [['10.6', '2']]), topic: 'orderbook.1.ABCUSDT' })
    expect(bench.quotes).toEqual([{ name: 'ABCUSDT', best: [10.55, 5, 10.6, 2], timeUs: 1_700_000_000_123_000 }])
    expect(bench.book('ABCUSDT')).toContain('10.5x3')
    expect(bench.hear({ ...snapshot, topic: 'orderbook.rpi.ABCUSDT' })).toBe('statistics')
  })
})

describe('trades and tickers', () => {
  test('the side is the taker’s', () => {
    const bench = new FeedBench(bybit)
    const trade = (S: string, p: string) => ({ i: '1', T: 1_700_000_000_001, p, v: '0.5', S, s: 'ABCUSDT', BT: false })
    bench.hear({
      topic: 'publicTrade.ABCUSDT',
      type: 'snapshot',
      ts: 1,
      data: [trade('Buy', '10.6'), trade('Sell', '10.5')],
    })
    expect(bench.trades.map(({ side, price, size }) => [side, price, size])).toEqual([
      ['buy', 10.6, 0.5],
      ['sell', 10.5, 0.5],
    ])
    expect(bench.trades[0].timeUs).toBe(1_700_000_000_001_000)
  })

  test('a ticker that tells only what changed is completed', () => {
    const bench = new FeedBench(bybitLinear)
    const ticker = (type: string, data: object) => ({
      topic: 'tickers.ABCUSDT',
      type,
      data: { symbol: 'ABCUSDT', ...data },
      ts: 5,
    })
    bench.hear(
      ticker('snapshot', {
        bid1Price: '10.5',
        bid1Size: '3',
        ask1Price: '10.60',
        ask1Size: '2',
        markPrice: '10.55',
        fundingRate: '-0.0001',
        nextFundingTime: '1700006400000',
        openInterest: '77',
      }),
    )
    bench.hear(ticker('delta', { ask1Size: '9' }))
    bench.hear(ticker('delta', { markPrice: '10.7' }))
    expect(bench.quotes.map(({ best }) => best)).toEqual([
      [10.5, 3, 10.6, 2],
      [10.5, 3, 10.6, 9],
    ])
    expect(bench.states[0].values.slice(0, 5)).toEqual([10.55, Number.NaN, -0.0001, 1_700_006_400_000_000, 77])
    expect(bench.states[2].values[0]).toBe(10.7)
  })

  test('an option without a bid has none', () => {
    const bench = new FeedBench(bybitOption)
    const data = { symbol: 'ABC-1', bidPrice: '0', bidSize: '0', askPrice: '5', askSize: '1.5' }
    bench.hear({ topic: 'tickers.ABC-1', type: 'snapshot', ts: 1, data })
    expect(bench.quotes[0].best).toEqual([undefined, undefined, 5, 1.5])
  })
})

test('answers, pings, refusals and channels we do not keep', () => {
  const bench = new FeedBench(bybit)
  expect(bench.hear({ success: true, ret_msg: '', conn_id: 'x', req_id: '', op: 'subscribe' })).toBe('answer')
  expect(bench.hear({ success: true, ret_msg: 'pong', conn_id: 'x', op: 'ping' })).toBe('heartbeat')
  expect(bench.hear({ op: 'pong', args: ['1'] })).toBe('heartbeat')
  expect(bench.hear({ success: false, ret_msg: 'no such topic', op: 'subscribe' })).toBe('refused')
  expect(bench.hear({ topic: 'kline.1.ABCUSDT', type: 'snapshot', data: [] })).toBe('candle')
  expect(bench.hear({ topic: 'allLiquidation.ABCUSDT', type: 'snapshot', data: [] })).toBe('statistics')
  expect(bench.hear({ topic: 'weather.today', data: {} })).toBe('unknownChannel')
  expect(bench.hear('[1]')).toBe('malformed')
  expect(bench.hear({ topic: 'orderbook.50.ABCUSDT', type: 'delta' })).toBe('malformed')
  expect(new FeedBench(bybit, ['OTHER']).hear(snapshot)).toBe('unknownSymbol')
})

test('instrument lists of the four categories', () => {
  const url = (category: string) => `https://host/v5/market/instruments-info?category=${category}`
  const body = (one: object) => JSON.stringify({ retCode: 0, result: { list: [one, { ...one, status: 'PreLaunch' }] } })
  const common = {
    symbol: 'ABCUSDT',
    status: 'Trading',
    baseCoin: 'ABC',
    quoteCoin: 'USDT',
    priceFilter: { tickSize: '0.050' },
  }
  const spot = {
    ...common,
    lotSizeFilter: { basePrecision: '0.01', minOrderQty: '0.02', maxLimitOrderQty: '90', minOrderAmt: '5' },
  }
  expect(bybit.readListings(url('spot'), body(spot))).toEqual([
    {
      name: 'ABCUSDT',
      symbol: 'ABC/USDT',
      base: 'ABC',
      quote: 'USDT',
      tickSize: '0.05',
      lotSize: '0.01',
      quantityMin: '0.02',
      quantityMax: '90',
      notionalMin: '5',
      contractSize: '1',
    },
  ])
  const lots = { qtyStep: '0.1', minOrderQty: '0.1', maxOrderQty: '50', minNotionalValue: '5' }
  const linear = { ...common, settleCoin: 'USDT', deliveryTime: '0', lotSizeFilter: lots }
  expect(bybitLinear.readListings(url('linear'), body(linear))?.map(({ symbol }) => symbol)).toEqual(['ABC/USDT:USDT'])
  const inverse = { ...linear, quoteCoin: 'USD', settleCoin: 'ABC', deliveryTime: '1735286400000' }
  expect(bybitInverse.readListings(url('inverse'), body(inverse))?.[0]).toMatchObject({
    symbol: 'ABC/USD:ABC-241227',
    isInverse: true,
  })
  const option = { ...linear, symbol: 'ABC-27DEC24-150-P', optionsType: 'Put', deliveryTime: '1735286400000' }
  expect(bybitOption.readListings(url('option'), body(option))?.map(({ symbol }) => symbol)).toEqual([
    'ABC/USDT:USDT-241227-150-P',
  ])
  expect(bybit.readListings(url('linear'), body(linear))).toBeUndefined()
  expect(bybit.readListings(url('spot'), 'not json')).toBeUndefined()
})

test('one recording may hold spot and linear: addresses tell them apart', () => {
  expect(bybit.ownsAddress?.('wss://stream.bybit.com/v5/public/spot')).toBe(true)
  expect(bybitLinear.ownsAddress?.('wss://stream.bybit.com/v5/public/spot')).toBe(false)
  expect(bybitLinear.ownsAddress?.('https://api/instruments-info?&category=linear&limit=1')).toBe(true)
})

test('subscriptions come in batches of ten', () => {
  const said = bybit.connection.subscribe(['A', 'B', 'C', 'D']).map((text) => JSON.parse(text) as { args: string[] })
  expect(said.map(({ args }) => args.length)).toEqual([10, 2])
  expect(said[0].args[0]).toBe('orderbook.50.A')
})
