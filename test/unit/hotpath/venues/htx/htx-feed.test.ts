import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { htx, htxSwap } from '../../../../../hotpath/venues/htx/htx-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const packed = (frame: object | string) => gzipSync(typeof frame === 'string' ? frame : JSON.stringify(frame))
const whole = {
  ch: 'market.abcusdt.depth.step0',
  ts: 1_700_000_000_001,
  tick: {
    bids: [
      [1.5, 10],
      [1.4, 20],
    ],
    asks: [[1.6, 5]],
    version: 7,
    ts: 1_700_000_000_000,
  },
}

test('every book is whole; frames are packed', () => {
  const bench = new FeedBench(htx)
  expect(bench.hear(packed(whole))).toBe('parsed')
  expect(bench.hear(packed({ ...whole, tick: { asks: [], bids: [[1.3, 1]], seqNum: 8 } }))).toBe('parsed')
  expect([bench.book('abcusdt'), bench.keeper.book(0).snapshots]).toEqual(['1.3x1 | ', 2])
  expect(bench.hear({ ...whole, tick: { ...whole.tick, version: 9 } }), 'plain text too').toBe('parsed')
  expect(bench.book('abcusdt')).toBe('1.5x10 1.4x20 | 1.6x5')
})

test('the channel behind the tick', () => {
  const bench = new FeedBench(htx)
  bench.hear({ tick: whole.tick, ts: 1, ch: 'market.abcusdt.mbp.refresh.20' })
  expect(bench.book('abcusdt')).toBe('1.5x10 1.4x20 | 1.6x5')
})

test('sizes that the venue added up in doubles are cut, numbers in any notation are exact', () => {
  const bench = new FeedBench(htx)
  bench.hear(
    '{"ch":"market.abcusdt.depth.step0","tick":{"bids":[[1.58E-4,3307.9982700421942],[1.0E-10,2.2E8]],"asks":[]}}',
  )
  expect(bench.book('abcusdt')).toBe('0.000158x3307.99827 1e-10x220000000 | ')
  expect(bench.lost).toEqual([])
})

test('changes of mbp link to the one before', () => {
  const bench = new FeedBench(htx)
  const mbp = (tick: object) => ({ ch: 'market.abcusdt.mbp.150', ts: 1, tick })
  bench.hear({ ...whole, tick: { seqNum: 10, bids: [[1.5, 10]], asks: [] } })
  bench.hear(mbp({ seqNum: 14, prevSeqNum: 10, bids: [[1.5, 0]], asks: [[1.6, 1]] }))
  expect(bench.book('abcusdt')).toBe(' | 1.6x1')
  bench.hear(mbp({ seqNum: 20, prevSeqNum: 15, bids: [], asks: [] }))
  expect(bench.lost).toEqual(['abcusdt gap'])
})

test('swaps: snapshot, then numbered updates', () => {
  const bench = new FeedBench(htxSwap)
  const frame = (event: string, version: number, bids: number[][]) => ({
    ch: 'market.ABC-USDT.depth.size_150.high_freq',
    tick: { asks: [[2, 1]], bids, event, version, ts: 1_700_000_000_000 },
  })
  bench.hear(frame('snapshot', 5, [[1, 4]]))
  bench.hear(frame('update', 6, [[1, 0]]))
  expect(bench.book('ABC-USDT')).toBe(' | 2x1')
  bench.hear(frame('update', 8, [[1, 3]]))
  expect(bench.lost).toEqual(['ABC-USDT gap'])
})

test('trades: the direction is the aggressor', () => {
  const bench = new FeedBench(htx)
  const trade = (direction: string, amount: number) => ({ id: 1, ts: 1_700_000_000_002, price: 1.5, amount, direction })
  const frame = { ch: 'market.abcusdt.trade.detail', ts: 1, tick: { id: 1, data: [trade('buy', 2), trade('sell', 3)] } }
  expect(bench.hear(packed(frame))).toBe('parsed')
  expect(bench.trades.map(({ side, price, size }) => [side, price, size])).toEqual([
    ['buy', 1.5, 2],
    ['sell', 1.5, 3],
  ])
  expect(bench.trades[0].timeUs).toBe(1_700_000_000_002_000)
})

test('best quotes of spot and of swaps', () => {
  const bench = new FeedBench(htx)
  bench.hear({ ch: 'market.abcusdt.bbo', tick: { bid: 1.5, bidSize: 2, ask: 1.6, askSize: 3 } })
  bench.hear({ ch: 'market.abcusdt.bbo', tick: { bid: [1.4, 7], ask: [1.7, 8], ts: 1_700_000_000_000 } })
  expect(bench.quotes.map(({ best }) => best)).toEqual([
    [1.5, 2, 1.6, 3],
    [1.4, 7, 1.7, 8],
  ])
})

test('answers, refusals, pings and other channels', () => {
  const bench = new FeedBench(htx)
  expect(bench.hear({ id: '1', subbed: 'market.abcusdt.depth.step0', ts: 1, status: 'ok' })).toBe('answer')
  expect(bench.hear({ status: 'error', 'err-code': 'bad-request', 'err-msg': 'invalid topic' })).toBe('refused')
  expect(bench.hear(packed({ ping: 5 }))).toBe('heartbeat')
  expect(bench.hear({ ch: 'market.abcusdt.kline.1min', tick: {} })).toBe('candle')
  expect(bench.hear({ ch: 'market.abcusdt.detail', tick: {} })).toBe('statistics')
  expect(bench.hear({ ch: 'market.overview', data: [] })).toBe('unknownChannel')
  expect(bench.hear(Buffer.from([0x1f, 0x8b, 1, 2, 3]))).toBe('malformed')
  expect(bench.hear(packed('[1,2]'))).toBe('malformed')
  expect(new FeedBench(htx, ['xyz']).hear(whole)).toBe('unknownSymbol')
})

test('a ping is answered with its number', () => {
  const { pong } = htx.connection
  expect(pong?.(packed({ ping: 1_700_000_000_123 }))).toBe('{"pong":1700000000123}')
  expect(pong?.(packed(whole))).toBeUndefined()
  expect(pong?.(Buffer.from('nonsense'))).toBeUndefined()
})

test('cut anywhere: never a wrong book', () => {
  expect(wrongCut(htx, [whole], { ...whole, tick: { bids: [[1.2, 3]], asks: [[1.3, 4]] } }, 'abcusdt')).toBeUndefined()
})

test('a broken level loses that book only', () => {
  const bench = new FeedBench(htx)
  bench.hear(whole)
  bench.hear({ ...whole, ch: 'market.defusdt.depth.step0' })
  expect(bench.hear({ ...whole, tick: { bids: [['x', 1]], asks: [] } })).toBe('malformed')
  expect([bench.book('abcusdt'), bench.book('defusdt')]).toEqual(['lost', '1.5x10 1.4x20 | 1.6x5'])
})

test('instruments of spot', () => {
  const one = {
    'base-currency': 'abc',
    'quote-currency': 'usdt',
    'price-precision': 4,
    'amount-precision': 2,
    symbol: 'abcusdt',
    state: 'online',
    'min-order-value': 5,
    'limit-order-min-order-amt': 0.1,
    'limit-order-max-order-amt': 1000,
    'api-trading': 'enabled',
  }
  const body = JSON.stringify({ status: 'ok', data: [one, { ...one, symbol: 'b', state: 'offline' }, null] })
  expect(htx.readListings('https://api.huobi.pro/v1/common/symbols', body)).toEqual([
    expect.objectContaining({
      name: 'abcusdt',
      symbol: 'ABC/USDT',
      tickSize: '0.0001',
      lotSize: '0.01',
      quantityMin: '0.1',
      quantityMax: '1000',
      notionalMin: '5',
    }),
  ])
  expect(htx.readListings('https://api.huobi.pro/v1/common/symbols', '{}')).toBeUndefined()
})

test('instruments of swaps, linear and inverse', () => {
  const list = (contract_code: string, contract_size: number) =>
    JSON.stringify({
      data: [
        { contract_code, contract_size, price_tick: 0.1, contract_status: 1 },
        { contract_code: 'OLD-USD', contract_size, price_tick: 0.1, contract_status: 3 },
      ],
    })
  expect(
    htxSwap.readListings('https://api.hbdm.com/linear-swap-api/v1/swap_contract_info', list('BTC-USDT', 0.001)),
  ).toEqual([
    expect.objectContaining({ symbol: 'BTC/USDT:USDT', tickSize: '0.1', lotSize: '1', contractSize: '0.001' }),
  ])
  expect(htxSwap.readListings('https://api.hbdm.com/swap-api/v1/swap_contract_info', list('BTC-USD', 100))).toEqual([
    expect.objectContaining({ symbol: 'BTC/USD:BTC', contractSize: '100', isInverse: true }),
  ])
})
