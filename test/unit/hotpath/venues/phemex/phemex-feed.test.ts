import { expect, test } from 'vitest'
import { phemex } from '../../../../../hotpath/venues/phemex/phemex-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const NS = '1700000000123456789'
/** JSON whose time is a bare number of 19 digits. */
const text = (frame: object) => JSON.stringify(frame).replace('"NS"', NS)
const book = (symbol: string, type: string, sequence: number, bids: unknown[], asks: unknown[]) =>
  text({ book: { asks, bids }, depth: 30, sequence, symbol, timestamp: 'NS', type })

test('contracts: prices of 10^-4, whole sizes', () => {
  const bench = new FeedBench(phemex)
  expect(bench.hear(book('ABCUSD', 'snapshot', 10, [[30_170, 42]], [[30_180, 7]]))).toBe('parsed')
  bench.hear(
    book(
      'ABCUSD',
      'incremental',
      25,
      [
        [30_170, 0],
        [30_160, 5],
      ],
      [],
    ),
  )
  expect(bench.book('ABCUSD')).toBe('3.016x5 | 3.018x7')
  expect(bench.keeper.book(0).timeUs).toBe(1_700_000_000_123_456)
})

test('spot: prices and sizes of 10^-8, also of coins that leave 2^53', () => {
  const bench = new FeedBench(phemex)
  bench.hear(book('sABCUSDT', 'snapshot', 10, [[1_869_510_000, 48_363_000_000]], []))
  expect(bench.book('sABCUSDT')).toBe('18.6951x483.63 | ')
  bench.hear(
    '{"book":{"asks":[],"bids":[[2500,1234567890123456789]]},"sequence":11,"symbol":"sTINYUSDT","type":"snapshot"}',
  )
  expect([bench.book('sTINYUSDT'), bench.lost]).toEqual(['0.000025x12345678901.2345 | ', []])
})

test('an older number is old news, a missing one is no gap', () => {
  const bench = new FeedBench(phemex)
  bench.hear(book('ABCUSD', 'snapshot', 10, [[30_170, 42]], []))
  bench.hear(book('ABCUSD', 'incremental', 9, [[30_170, 0]], []))
  bench.hear(book('ABCUSD', 'incremental', 99, [[30_160, 1]], []))
  expect(bench.book('ABCUSD')).toBe('3.017x42 3.016x1 | ')
})

test('USDT contracts speak in decimals', () => {
  const bench = new FeedBench(phemex)
  const plain = { asks: [['23788.5', '0.13']], bids: [['23787.8', '1.836']] }
  bench.hear({ depth: 30, orderbook_p: plain, sequence: 5, symbol: 'ABCUSDT', timestamp: NS, type: 'snapshot' })
  expect(bench.book('ABCUSDT')).toBe('23787.8x1.836 | 23788.5x0.13')
  bench.hear(`{"sequence":6,"symbol":"ABCUSDT","trades_p":[[${NS},"Sell","23800.4","2.455"]],"type":"incremental"}`)
  expect(bench.trades).toEqual([
    { name: 'ABCUSDT', side: 'sell', price: 23_800.4, size: 2.455, timeUs: 1_700_000_000_123_456 },
  ])
})

test('trades are scaled like their books', () => {
  const bench = new FeedBench(phemex)
  const trades = (symbol: string, side: string) =>
    `{"sequence":6,"symbol":"${symbol}","trades":[[${NS},"${side}",329915000,40]],"type":"incremental"}`
  bench.hear(trades('ABCUSD', 'Buy'))
  bench.hear(trades('sABCUSDT', 'Sell'))
  expect(bench.trades.map(({ side, price, size }) => [side, price, size])).toEqual([
    ['buy', 32_991.5, 40],
    ['sell', 3.29915, 0.0000004],
  ])
  expect(bench.hear(trades('ABCUSD', 'Nobody'))).toBe('malformed')
})

test('what is said around the data', () => {
  const bench = new FeedBench(phemex)
  expect(bench.hear({ error: null, id: 1, result: { status: 'success' } })).toBe('answer')
  expect(bench.hear({ error: { code: 6001, message: 'invalid argument' }, id: 1, result: null })).toBe('refused')
  expect(bench.hear({ error: null, id: 0, result: 'pong' })).toBe('heartbeat')
  expect(bench.hear({ kline: [], sequence: 1, symbol: 'ABCUSD', type: 'snapshot' })).toBe('candle')
  expect(bench.hear({ market24h: {}, timestamp: 1 })).toBe('statistics')
  expect(bench.hear({ tick: {} })).toBe('unknownChannel')
  expect(new FeedBench(phemex, ['X']).hear(book('ABCUSD', 'snapshot', 1, [], []))).toBe('unknownSymbol')
})

test('cut anywhere: never a wrong book', () => {
  const before = book('sABCUSDT', 'snapshot', 10, [[100_000_000, 100_000_000]], [[200_000_000, 100_000_000]])
  const last = book('sABCUSDT', 'incremental', 11, [[123_000_000, 456_000_000]], [[200_000_000, 0]])
  expect(wrongCut(phemex, [before], last, 'sABCUSDT')).toBeUndefined()
})

test('a broken level loses that book only', () => {
  const bench = new FeedBench(phemex)
  bench.hear(book('ABCUSD', 'snapshot', 10, [[30_170, 42]], []))
  bench.hear(book('DEFUSD', 'snapshot', 10, [[30_170, 42]], []))
  bench.hear(book('ABCUSD', 'incremental', 11, [[30_170]], []))
  expect(bench.lost).toContain('ABCUSD malformed')
  expect(bench.book('ABCUSD')).toBe('lost')
})

test('instruments of all three kinds; those of other scales are left out', () => {
  const spot = {
    symbol: 'sABCUSDT',
    type: 'Spot',
    status: 'Listed',
    baseCurrency: 'ABC',
    quoteCurrency: 'USDT',
    baseTickSize: '0.000001 ABC',
    quoteTickSize: '0.01 USDT',
    minOrderValue: '10 USDT',
    maxBaseOrderSize: '1,000 ABC',
    defaultTakerFee: '0.001',
    defaultMakerFee: '0.0005',
  }
  const coin = {
    symbol: 'ABCUSD',
    displaySymbol: 'ABC / USD',
    contractUnderlyingAssets: 'USD',
    settleCurrency: 'ABC',
    quoteCurrency: 'USD',
    contractSize: 1,
    lotSize: 1,
    tickSize: 0.5,
    priceScale: 4,
    type: 'Perpetual',
    status: 'Listed',
  }
  const linear = {
    ...coin,
    symbol: 'DEFUSD',
    displaySymbol: 'DEF / USD',
    contractUnderlyingAssets: 'DEF',
    contractSize: 0.005,
    settleCurrency: 'USD',
  }
  const data = {
    currencies: [
      { currency: 'ABC', valueScale: 8 },
      { currency: 'ODD', valueScale: 2 },
    ],
    products: [
      spot,
      { ...spot, baseCurrency: 'ODD' },
      coin,
      linear,
      { ...coin, priceScale: 6 },
      { ...coin, status: 'Delisted' },
    ],
    perpProductsV2: [
      {
        symbol: 'ABCUSDT',
        displaySymbol: 'ABC / USDT',
        type: 'PerpetualV2',
        settleCurrency: 'USDT',
        tickSize: '0.1',
        qtyStepSize: '0.001',
        status: 'Listed',
      },
    ],
  }
  const listed = phemex.readListings('https://api.phemex.com/public/products', JSON.stringify({ code: 0, data })) ?? []
  expect(
    listed.map(({ symbol, tickSize, lotSize, contractSize }) => [symbol, tickSize, lotSize, contractSize]),
  ).toEqual([
    ['ABC/USDT', '0.01', '0.000001', '1'],
    ['ABC/USD:ABC', '0.5', '1', '1'],
    ['DEF/USD:USD', '0.5', '1', '0.005'],
    ['ABC/USDT:USDT', '0.1', '0.001', '1'],
  ])
  expect(listed[0]).toMatchObject({ quantityMax: '1000', notionalMin: '10', makerPpm: 500, takerPpm: 1000 })
  expect(listed.map(({ isInverse = false }) => isInverse)).toEqual([false, true, false, false])
})

test('each kind is subscribed to with its own words', () => {
  const said = phemex.connection.subscribe(['sABCUSDT', 'ABCUSD', 'ABCUSDT']).map((one) => JSON.parse(one).method)
  expect(said).toEqual([
    'orderbook.subscribe',
    'trade.subscribe',
    'orderbook.subscribe',
    'trade.subscribe',
    'orderbook_p.subscribe',
    'trade_p.subscribe',
  ])
})
