import { expect, test } from 'vitest'
import { bitfinex } from '../../../../../hotpath/venues/bitfinex/bitfinex-feed.ts'
import { FeedBench, type Frame, wrongCut } from '../../../../fixtures/feed-bench.ts'

const A = 'tABCUSD'
const BOOK = 11
const TRADES = 12
const TICKER = 13
const CHECKSUM = -1_171_988_938
const conf = { event: 'conf', status: 'OK', flags: 196_608 }
const opened = (channel: string, chanId: number, rest: object = { symbol: A }) => ({
  event: 'subscribed',
  channel,
  chanId,
  ...rest,
})
const subscribed = opened('book', BOOK, { symbol: A, prec: 'P0', freq: 'F0', len: '250' })
const levels = [
  [2, 3, 5],
  [1.9, 1, 4],
  [2.1, 2, -3],
  [2.2, 1, -1],
]
const whole = [BOOK, levels, 1]
const begun: Frame[] = [conf, subscribed, whole]

function bench(frames: readonly Frame[] = begun): FeedBench {
  const made = new FeedBench(bitfinex)
  for (const frame of frames) made.hear(frame)
  return made
}

test('amounts below zero are asks, a count of zero deletes', () => {
  const made = bench()
  expect(made.book(A)).toBe('2x5 1.9x4 | 2.1x3 2.2x1')
  expect(made.hear([BOOK, [2.1, 0, -1], 2])).toBe('parsed')
  made.hear([BOOK, [1.95, 1, 7.5], 3])
  expect(made.book(A)).toBe('2x5 1.95x7.5 1.9x4 | 2.2x1')
})

test('a message left out loses every book of the connection', () => {
  const made = bench()
  made.hear([BOOK, [2.3, 1, -1], 3])
  expect([made.book(A), made.keeper.connectionGaps]).toEqual(['lost', 1])
})

test('heartbeats are counted too', () => {
  const made = bench()
  expect(made.hear([BOOK, 'hb', 2])).toBe('heartbeat')
  made.hear([BOOK, [2.3, 1, -1], 3])
  expect(made.lost).toEqual([])
})

test('without the flag nothing is counted', () => {
  const made = bench([{ ...conf, flags: 0 }, subscribed, [BOOK, levels]])
  made.hear([BOOK, [2.1, 0, -1]])
  expect(made.book(A)).toBe('2x5 1.9x4 | 2.2x1')
})

test('a checksum that holds, and one that does not', () => {
  // CRC-32 of '2:5:2.1:-3:1.9:4:2.2:-1', signed, as zlib makes it.
  const made = bench()
  made.hear([BOOK, 'cs', CHECKSUM, 2])
  expect([made.lost, made.keeper.book(0).checksums]).toEqual([[], 1])
  made.hear([BOOK, 'cs', CHECKSUM + 1, 3])
  expect(made.lost).toEqual([`${A} checksum`])
})

test('an executed trade is told once: by the first of its two messages', () => {
  const made = bench([conf, opened('trades', TRADES)])
  expect(made.hear([TRADES, [[1, 1_700_000_000_000, 1, 2]], 1])).toBe('statistics')
  expect(made.hear([TRADES, 'te', [2, 1_700_000_000_000, -0.5, 2.05], 2])).toBe('parsed')
  expect(made.hear([TRADES, 'tu', [2, 1_700_000_000_000, -0.5, 2.05], 3])).toBe('statistics')
  made.hear([TRADES, 'te', [3, 1_700_000_000_000, 0.25, 2.06], 4])
  expect(made.trades).toEqual([
    { name: A, side: 'sell', price: 2.05, size: 0.5, timeUs: 1_700_000_000_000_000 },
    { name: A, side: 'buy', price: 2.06, size: 0.25, timeUs: 1_700_000_000_000_000 },
  ])
})

test('a ticker tells best prices, not their sizes', () => {
  const made = bench([conf, opened('ticker', TICKER)])
  made.hear(`[${TICKER},[2,170.23900800000002,2.1,9,0,0,2.05,1,3,1],1]`)
  expect(made.quotes[0].best).toEqual([2, undefined, 2.1, undefined])
})

test('the status of a derivative', () => {
  const made = bench([conf, opened('status', 14, { key: 'deriv:tABCF0:USTF0' })])
  made.hear([14, [9, null, 2.1, 2, null, 5, null, 8, 0, 0, null, 0.0001, null, null, 2.05, null, null, 77], 1])
  expect(made.states).toEqual([{ name: 'tABCF0:USTF0', values: [2.05, 2, 0.0001, 8_000, 77, 2.1] }])
})

test('events have their reasons; the end of a maintenance loses all books', () => {
  const made = bench()
  expect(made.hear({ event: 'info', version: 2, platform: { status: 1 } })).toBe('notice')
  expect(made.hear({ event: 'error', msg: 'symbol: invalid', code: 10_300 })).toBe('refused')
  expect(made.hear({ event: 'pong', ts: 1, cid: 2 })).toBe('heartbeat')
  expect(made.hear([99, [1, 2, 3], 2])).toBe('unknownSymbol')
  expect(made.lost).toEqual([])
  made.hear({ event: 'info', code: 20_061 })
  expect(made.lost).toEqual([`${A} gap`])
})

test('a channel that was left is not known any more', () => {
  const made = bench()
  expect(made.hear({ event: 'unsubscribed', status: 'OK', chanId: BOOK })).toBe('answer')
  expect(made.hear([BOOK, [2.1, 0, -1], 2])).toBe('unknownSymbol')
})

test('cut anywhere, a book is as before, as after, or lost', () => {
  expect(wrongCut(bitfinex, [conf, subscribed], whole, A)).toBeUndefined()
  expect(wrongCut(bitfinex, begun, [BOOK, [2.1, 0, -1], 2], A)).toBeUndefined()
})

test.each(['[11,[null,1,5],2]', '[11,[2,1],2]', '[11,[2,-1,5],2]', '[11,["x",1,5],2]'])('%s is no level', (frame) => {
  const made = bench()
  expect(made.hear(frame)).toBe('malformed')
  expect(made.book(A)).toBe('lost')
})

test.each(['[]', '[1]', '[11,5]', '[-1,[]]', '[11,"te"]', '{"event":', '7'])('%s is no message', (frame) => {
  expect(bench().hear(frame)).toBe('malformed')
})

test('pairs have the step of their price of today, one finer', () => {
  const row = (name: string, last: number) => [name, 0, 0, 0, 0, 0, 0, last, 1, 1, 1]
  const body = JSON.stringify([
    row('tBTCUSD', 65_432),
    row('tDUSK:UST', 0.25),
    row('tBTCF0:USTF0', 65_432),
    row('fUSD', 1),
    row('tTESTBTC:TESTUSD', 1),
  ])
  expect(bitfinex.readListings('https://api-pub.bitfinex.com/v2/tickers?symbols=ALL', body)).toMatchObject([
    { name: 'tBTCUSD', symbol: 'BTC/USD', tickSize: '0.1', lotSize: '0.00000001' },
    { name: 'tDUSK:UST', symbol: 'DUSK/USDT', tickSize: '0.000001' },
    { name: 'tBTCF0:USTF0', symbol: 'BTC/USDT:USDT' },
  ])
})
