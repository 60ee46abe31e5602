import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { bitget, bitgetFutures, bitgetV1 } from '../../../../../hotpath/venues/bitget/bitget-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABCUSDT'
const arg = (channel: string, instType = 'SPOT', instId = A) => ({ instType, channel, instId })
const message = (channel: string, action: string, data: unknown[], instType = 'SPOT') => ({
  action,
  arg: arg(channel, instType),
  data,
  ts: 1,
})
const signed = (text: string) => crc32(text) | 0
const whole = message('books', 'snapshot', [
  {
    asks: [
      ['2.10', '3.000'],
      ['2.20', '1.000'],
    ],
    bids: [['2.00', '5.500']],
    checksum: signed('2.00:5.500:2.10:3.000:2.20:1.000'),
    seq: 10,
    ts: '1700000000000',
  },
])
const change = message('books', 'update', [
  {
    asks: [['2.10', '0']],
    bids: [['1.90', '4.000']],
    checksum: signed('2.00:5.500:2.20:1.000:1.90:4.000'),
    seq: 15,
    ts: '1700000000100',
  },
])

test('a whole book, a change and a delete, checked with the zeros as written', () => {
  const bench = new FeedBench(bitget)
  expect(bench.hear(whole)).toBe('parsed')
  bench.hear(change)
  expect([bench.book(A), bench.keeper.book(0).checksums, bench.lost]).toEqual(['2x5.5 1.9x4 | 2.2x1', 2, []])
})

test('a checksum that does not hold loses the book', () => {
  const bench = new FeedBench(bitget)
  bench.hear(whole)
  bench.hear(message('books', 'update', [{ asks: [], bids: [], checksum: 77, seq: 11, ts: '1' }]))
  expect(bench.lost).toEqual([`${A} checksum`])
})

test('no checksum where the venue sends 0, and old news is left out', () => {
  const bench = new FeedBench(bitget)
  bench.hear(whole)
  bench.hear(message('books', 'update', [{ asks: [['2.10', '0']], bids: [], checksum: 0, seq: 9, ts: '1' }]))
  expect(bench.book(A)).toBe('2x5.5 | 2.1x3 2.2x1')
})

test('action and instrument behind the data', () => {
  const bench = new FeedBench(bitget)
  const { action, data } = whole
  bench.hear({ data, arg: whole.arg, action })
  expect(bench.book(A)).toBe('2x5.5 | 2.1x3 2.2x1')
})

test('books of five levels are whole each time', () => {
  const bench = new FeedBench(bitget)
  const five = (price: string, seq: number) =>
    message('books5', 'snapshot', [{ asks: [[price, '1']], bids: [], checksum: 0, seq, ts: '1' }])
  bench.hear(five('2.10', 1))
  bench.hear(five('2.30', 2))
  expect(bench.book(A)).toBe(' | 2.3x1')
})

test('trades of version 2, not those before', () => {
  const bench = new FeedBench(bitget)
  const trade = (side: string) => ({ ts: '1700000000001', price: '2.05', size: '0.5', side, tradeId: '1' })
  expect(bench.hear(message('trade', 'snapshot', [trade('buy')]))).toBe('statistics')
  expect(bench.hear(message('trade', 'update', [trade('sell'), trade('buy')]))).toBe('parsed')
  expect(bench.trades.map(({ side }) => side)).toEqual(['sell', 'buy'])
  expect(bench.trades[0]).toMatchObject({ name: A, price: 2.05, size: 0.5, timeUs: 1_700_000_000_001_000 })
})

test('tickers: the quote, and of contracts their state', () => {
  const bench = new FeedBench(bitgetFutures)
  const ticker = {
    instId: A,
    lastPr: '2.05',
    bidPr: '2.0',
    askPr: '2.1',
    bidSz: '5',
    askSz: '3',
    fundingRate: '0.0001',
    nextFundingTime: '9',
    markPrice: '2.04',
    indexPrice: '2.03',
    holdingAmount: '77',
    ts: '8',
  }
  bench.hear(message('ticker', 'snapshot', [ticker], 'USDT-FUTURES'))
  expect(bench.quotes).toEqual([{ name: A, best: [2, 5, 2.1, 3], timeUs: 8_000 }])
  expect(bench.states[0].values).toEqual([2.04, 2.03, 0.0001, 9_000, 77, 2.05])
})

test('version 1: names are whole, trades are rows, spot tickers are rounded away', () => {
  const bench = new FeedBench(bitgetV1)
  bench.hear(message('trade', 'update', [['1700000000001', '2.05', '0.5', 'sell']], 'sp'))
  bench.hear(message('trade', 'update', [['1700000000001', '2.05', '0.5', 'buy']], 'mc'))
  expect(bench.trades).toMatchObject([
    { name: 'ABCUSDT_SPBL', side: 'sell' },
    { name: 'ABCUSDT_UMCBL', side: 'buy' },
  ])
  expect(bench.hear(message('ticker', 'snapshot', [{ bestBid: '2', bestAsk: '2' }], 'sp'))).toBe('statistics')
  bench.hear(
    message('ticker', 'snapshot', [{ bestBid: '2', bestAsk: '2.1', capitalRate: '0.1', markPrice: '2.05' }], 'mc'),
  )
  expect(bench.quotes).toMatchObject([{ name: 'ABCUSDT_UMCBL', best: [2, undefined, 2.1, undefined] }])
})

test('what is no market data has its reason', () => {
  const bench = new FeedBench(bitget, [A])
  expect(bench.hear('pong')).toBe('heartbeat')
  expect(bench.hear({ event: 'subscribe', arg: arg('books') })).toBe('answer')
  expect(bench.hear({ event: 'error', arg: arg('books'), code: 30_001, msg: 'no' })).toBe('refused')
  expect(bench.hear(message('candle1m', 'update', []))).toBe('candle')
  expect(bench.hear(message('moon', 'update', []))).toBe('unknownChannel')
  expect(bench.hear({ action: 'snapshot', arg: arg('books', 'SPOT', 'NO'), data: [] })).toBe('unknownSymbol')
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(bitget, [], whole, A)).toBeUndefined()
  expect(wrongCut(bitget, [whole], change, A)).toBeUndefined()
})

test('a level that is no number loses this book alone', () => {
  const bench = new FeedBench(bitgetV1)
  const sent = (instType: string, price: string) =>
    bench.hear(message('books', 'snapshot', [{ asks: [[price, '1']], bids: [], ts: '1' }], instType))
  sent('sp', '2')
  expect(sent('mc', 'two')).toBe('malformed')
  expect(bench.lost[0]).toBe('ABCUSDT_UMCBL malformed')
})

test('symbols and contracts of both versions', () => {
  const fees = { makerFeeRate: '0.0002', takerFeeRate: '0.0006' }
  const spot = {
    symbol: A,
    baseCoin: 'ABC',
    quoteCoin: 'USDT',
    ...fees,
    minTradeAmount: '0',
    pricePrecision: '2',
    quantityPrecision: '4',
    minTradeUSDT: '1',
    status: 'online',
  }
  const listing = (data: object[]) => JSON.stringify({ code: '00000', data })
  expect(
    bitget.readListings(
      'https://api.bitget.com/api/v2/spot/public/symbols',
      listing([spot, { ...spot, status: 'offline' }]),
    ),
  ).toMatchObject([
    {
      name: A,
      symbol: 'ABC/USDT',
      tickSize: '0.01',
      lotSize: '0.0001',
      notionalMin: '1',
      makerPpm: 200,
      takerPpm: 600,
    },
  ])
  const contract = {
    symbol: A,
    baseCoin: 'ABC',
    quoteCoin: 'USDT',
    ...fees,
    minTradeNum: '0.01',
    priceEndStep: '5',
    volumePlace: '2',
    pricePlace: '1',
    sizeMultiplier: '0.01',
    symbolType: 'perpetual',
    symbolStatus: 'normal',
  }
  const url = 'https://api.bitget.com/api/v2/mix/market/contracts?productType=USDT-FUTURES'
  const inverse = { ...contract, symbol: 'ABCUSD', quoteCoin: 'USD' }
  const inUsdc = { ...contract, symbol: 'ABCPERP', quoteCoin: 'USDC' }
  expect(bitgetFutures.readListings(url, listing([contract, inverse, inUsdc]))).toMatchObject([
    { symbol: 'ABC/USDT:USDT', tickSize: '0.5', lotSize: '0.01' },
    { symbol: 'ABC/USD:ABC' },
    { symbol: 'ABC/USDC:USDC' },
  ])
  const old = {
    symbol: 'ABCUSDT_UMCBL',
    baseCoin: 'ABC',
    quoteCoin: 'USDT',
    ...fees,
    minTradeNum: '1',
    priceEndStep: '1',
    volumePlace: '0',
    pricePlace: '3',
  }
  expect(
    bitgetV1.readListings('https://api.bitget.com/api/mix/v1/market/contracts?productType=umcbl', listing([old])),
  ).toMatchObject([{ name: 'ABCUSDT_UMCBL', symbol: 'ABC/USDT:USDT', tickSize: '0.001', lotSize: '1' }])
})

test('which contracts a name means is told by its end', () => {
  const { subscribe } = bitgetFutures.connection
  const kinds = (name: string) => JSON.parse(subscribe([name])[0]).args[0].instType
  expect(['BTCUSDT', 'BTCPERP', 'BTCUSD'].map(kinds)).toEqual(['USDT-FUTURES', 'USDC-FUTURES', 'COIN-FUTURES'])
})
