import { expect, test } from 'vitest'
import { kucoin } from '../../../../../hotpath/venues/kucoin/kucoin-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'ABC-USDT'
const body = (sequence: string, bids: string[][], asks: string[][]) => ({
  code: '200000',
  data: { time: 1_700_000_000_000, sequence, bids, asks },
})
const change = (first: number, last: number, bids: string[][], asks: string[][], name = A) => ({
  type: 'message',
  topic: `/market/level2:${name}`,
  subject: 'trade.l2update',
  data: { changes: { asks, bids }, sequenceStart: first, sequenceEnd: last, symbol: name, time: 1_700_000_000_050 },
})

test('changes before the book are kept and laid over it; the first may overlap', () => {
  const bench = new FeedBench(kucoin)
  bench.hear(change(8, 9, [['1.5', '9', '8']], []))
  bench.hear(change(10, 12, [['1.4', '3', '10']], [['1.6', '0', '12']]))
  expect(
    bench.hearSnapshot(
      A,
      body(
        '10',
        [['1.5', '2']],
        [
          ['1.6', '5'],
          ['1.7', '1'],
        ],
      ),
    ),
  ).toBe('parsed')
  expect(bench.book(A)).toBe('1.5x2 1.4x3 | 1.7x1')
  bench.hear(change(13, 13, [['1.5', '0', '13']], []))
  expect(bench.book(A)).toBe('1.4x3 | 1.7x1')
  bench.hear(change(15, 15, [], []))
  expect(bench.lost).toEqual([`${A} gap`])
})

test('price 0 changes a number and nothing else', () => {
  const bench = new FeedBench(kucoin)
  bench.hearSnapshot(A, body('10', [['1.5', '2']], [['1.6', '5']]))
  bench.hear(change(11, 11, [['0', '0', '11']], [['0', '0', '11']]))
  expect([bench.book(A), bench.keeper.book(0).known]).toEqual(['1.5x2 | 1.6x5', 11])
})

test('the topic before the data or behind it', () => {
  const bench = new FeedBench(kucoin)
  bench.hearSnapshot(A, body('10', [], []))
  const { type, topic, data } = change(11, 11, [['1.5', '2', '11']], [])
  bench.hear({ data, topic, type })
  expect(bench.book(A)).toBe('1.5x2 | ')
})

test('sizes too fine for the largest of the book are cut', () => {
  const bench = new FeedBench(kucoin)
  bench.hearSnapshot(
    A,
    body(
      '10',
      [
        ['1.5', '452338153.08'],
        ['1.4', '0.12345678'],
      ],
      [],
    ),
  )
  bench.hear(change(11, 11, [['1.3', '5.12345678', '11']], []))
  expect([bench.book(A), bench.lost]).toEqual(['1.5x452338153.08 1.4x0.123456 1.3x5.123456 | ', []])
})

test('whole books of 50 levels', () => {
  const bench = new FeedBench(kucoin)
  const frame = (asks: string[][]) => ({
    type: 'message',
    topic: `/spotMarket/level2Depth50:${A}`,
    subject: 'level2',
    data: { asks, bids: [], timestamp: 1_700_000_000_000 },
  })
  bench.hear(frame([['2', '1']]))
  bench.hear(frame([['3', '1']]))
  expect(bench.book(A)).toBe(' | 3x1')
})

test('trades in nanoseconds, quotes of tickers', () => {
  const bench = new FeedBench(kucoin)
  const match = (side: string) => ({
    data: { symbol: A, sequence: '5', side, size: '0.5', price: '1.55', time: '1700000000123456789', type: 'match' },
    subject: 'trade.l3match',
    topic: `/market/match:${A}`,
    type: 'message',
  })
  bench.hear(match('sell'))
  expect(bench.trades).toEqual([{ name: A, side: 'sell', price: 1.55, size: 0.5, timeUs: 1_700_000_000_123_456 }])
  expect(bench.hear(match('?'))).toBe('malformed')
  bench.hear({
    data: { bestAsk: '1.6', bestAskSize: '2', bestBid: '1.5', bestBidSize: '3', price: '1.5', size: '1', time: 7 },
    topic: `/market/ticker:${A}`,
    type: 'message',
  })
  expect(bench.quotes).toEqual([{ name: A, best: [1.5, 3, 1.6, 2], timeUs: 7_000 }])
})

test('what is said around the data', () => {
  const bench = new FeedBench(kucoin)
  expect(bench.hear({ id: 'x', type: 'welcome' })).toBe('answer')
  expect(bench.hear({ id: 'x', type: 'ack' })).toBe('answer')
  expect(bench.hear({ id: 'x', type: 'pong' })).toBe('heartbeat')
  expect(bench.hear({ id: 'x', type: 'error', code: 404, data: 'topic does not exist' })).toBe('refused')
  expect(bench.hear({ type: 'message', topic: `/market/candles:${A}_1min`, data: {} })).toBe('candle')
  expect(bench.hear({ type: 'message', topic: '/indicator/index:A', data: {} })).toBe('unknownChannel')
  expect(new FeedBench(kucoin, ['X']).hear(change(1, 1, [], []))).toBe('unknownSymbol')
  expect(bench.hear(`{"data":${'{"changes":'.repeat(50_000)}`)).toBe('malformed')
})

test('a refused book is none', () => {
  const bench = new FeedBench(kucoin)
  expect(bench.hearSnapshot(A, { code: '429000', msg: 'too many requests' })).toBe('malformed')
  expect(bench.hearSnapshot(A, body('x', [], []))).toBe('malformed')
})

test('cut anywhere: never a wrong book; a broken level loses that book only', () => {
  const whole = {
    type: 'message',
    topic: `/spotMarket/level2Depth5:${A}`,
    data: { asks: [['2', '1']], bids: [['1', '5']], timestamp: 1 },
  }
  expect(wrongCut(kucoin, [whole], change(1, 1, [['1.25', '44', '1']], []), A)).toBeUndefined()
  const bench = new FeedBench(kucoin)
  bench.hear(whole)
  bench.hear({ ...whole, topic: '/spotMarket/level2Depth5:DEF-USDT' })
  expect(bench.hear(change(1, 1, [['1.25']], []))).toBe('malformed')
  expect([bench.book(A), bench.book('DEF-USDT')]).toEqual(['lost', '1x5 | 2x1'])
})

test('instruments, the address of the socket, the book of an address', () => {
  const one = {
    symbol: A,
    baseCurrency: 'ABC',
    quoteCurrency: 'USDT',
    baseMinSize: '0.1',
    baseMaxSize: '1000',
    baseIncrement: '0.01',
    priceIncrement: '0.0001',
    minFunds: '0.1',
    enableTrading: true,
  }
  const list = JSON.stringify({ code: '200000', data: [one, { ...one, symbol: 'B', enableTrading: false }] })
  expect(kucoin.readListings('https://api.kucoin.com/api/v2/symbols', list)).toEqual([
    expect.objectContaining({ name: A, symbol: 'ABC/USDT', tickSize: '0.0001', lotSize: '0.01', notionalMin: '0.1' }),
  ])
  const ticket = JSON.stringify({ code: '200000', data: { token: 'T', instanceServers: [{ endpoint: 'wss://e/' }] } })
  expect(kucoin.connection.ticket?.read(ticket)).toBe('wss://e/?token=T')
  expect(kucoin.connection.ticket?.read('{}')).toBeUndefined()
  expect(kucoin.snapshotSymbol?.(kucoin.snapshotUrl?.(A) ?? '')).toBe(A)
})
