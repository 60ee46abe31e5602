import { describe, expect, it } from 'vitest'
import { bitmex } from '../../../../../hotpath/venues/bitmex/bitmex-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

const rows = (action: string, data: readonly object[], table = 'orderBookL2') => ({ table, action, data })
const whole = rows('partial', [
  { symbol: 'XBTUSD', id: 17, side: 'Sell', size: 300, price: 101.5 },
  { symbol: 'XBTUSD', id: 19, side: 'Buy', size: 200, price: 101 },
  { symbol: 'XBTUSD', id: 20, side: 'Buy', size: 100, price: 100.5 },
])

describe('books of BitMEX', () => {
  it('know a level by its id when a change tells no price', () => {
    const bench = new FeedBench(bitmex)
    expect(bench.hear(whole)).toBe('parsed')
    expect(bench.book('XBTUSD')).toBe('101x200 100.5x100 | 101.5x300')
    bench.hear(rows('update', [{ symbol: 'XBTUSD', id: 20, side: 'Buy', size: 700 }]))
    bench.hear(rows('delete', [{ symbol: 'XBTUSD', id: 19, side: 'Buy' }]))
    bench.hear(rows('insert', [{ symbol: 'XBTUSD', id: 21, side: 'Buy', size: 5, price: 99.5 }]))
    expect(bench.book('XBTUSD')).toBe('100.5x700 99.5x5 | 101.5x300')
  })

  it('take the price a change tells, of an id never heard of (since 2023)', () => {
    const bench = new FeedBench(bitmex)
    bench.hear(whole)
    bench.hear(rows('update', [{ price: 100, size: 9, side: 'Buy', id: 999, symbol: 'XBTUSD' }]))
    bench.hear(rows('delete', [{ symbol: 'XBTUSD', id: 19, side: 'Buy', price: 101 }]))
    expect(bench.book('XBTUSD')).toBe('100.5x100 100x9 | 101.5x300')
  })

  it('are asked for anew when a change names a level that nobody knows', () => {
    const bench = new FeedBench(bitmex)
    bench.hear(whole)
    expect(bench.hear(rows('update', [{ symbol: 'XBTUSD', id: 404, side: 'Buy', size: 7 }]))).toBe('malformed')
    expect(bench.book('XBTUSD')).toBe('lost')
    expect(bench.hear(rows('update', [{ symbol: 'XBTUSD', id: 20, side: 'Buy', size: 7 }]))).toBe('parsed')
    bench.hear(whole)
    expect(bench.book('XBTUSD')).toBe('101x200 100.5x100 | 101.5x300')
  })

  it('of several instruments come in one message, and an empty one by its filter', () => {
    const bench = new FeedBench(bitmex)
    bench.hear(
      rows('partial', [
        { symbol: 'A', id: 1, side: 'Buy', size: 1, price: 10 },
        { symbol: 'B', id: 2, side: 'Sell', size: 2, price: 20 },
      ]),
    )
    bench.hear({ data: [], filter: { symbol: 'C' }, action: 'partial', table: 'orderBookL2' })
    bench.hear({ table: 'orderBookL2', action: 'partial', filter: { symbol: 'D' }, data: [] })
    expect([bench.book('A'), bench.book('B'), bench.book('C'), bench.book('D')]).toEqual([
      '10x1 | ',
      ' | 20x2',
      ' | ',
      ' | ',
    ])
  })

  it('wait for the whole one: changes before it are early', () => {
    const bench = new FeedBench(bitmex)
    bench.hear(rows('delete', [{ symbol: 'XBTUSD', id: 19, side: 'Buy' }]))
    expect(bench.lost).toEqual([])
    expect(bench.keeper.book(0).early).toBe(1)
  })
})

describe('other tables of BitMEX', () => {
  it('tell trades by the side that took, quotes and the state of a contract', () => {
    const bench = new FeedBench(bitmex)
    const trade = { timestamp: '2024-01-02T03:04:05.678Z', symbol: 'X', side: 'Sell', size: 40, price: 0.00001819 }
    bench.hear(rows('insert', [trade, { ...trade, side: 'Buy' }], 'trade'))
    bench.hear(rows('insert', [{ symbol: 'X', bidSize: 1, bidPrice: 2.5, askPrice: 3, askSize: null }], 'quote'))
    const state = {
      symbol: 'X',
      markPrice: 9.5,
      fundingRate: -0.0001,
      openInterest: 12,
      fundingTimestamp: trade.timestamp,
    }
    bench.hear(rows('update', [state], 'instrument'))
    const timeUs = Date.UTC(2024, 0, 2, 3, 4, 5, 678) * 1_000
    const told = { name: 'X', price: 0.00001819, size: 40, timeUs }
    expect(bench.trades).toEqual([
      { ...told, side: 'sell' },
      { ...told, side: 'buy' },
    ])
    expect(bench.quotes[0].best).toEqual([2.5, 1, 3, undefined])
    expect(bench.states[0].values).toEqual([9.5, Number.NaN, -0.0001, timeUs, 12, Number.NaN])
  })

  it('and what is none gets its reason', () => {
    const bench = new FeedBench(bitmex, ['X'])
    expect(bench.hear('pong')).toBe('heartbeat')
    expect(bench.hear({ info: 'Welcome', version: '2' })).toBe('notice')
    expect(bench.hear({ success: true, subscribe: 'trade:X', request: { op: 'subscribe' } })).toBe('answer')
    expect(bench.hear({ status: 400, error: 'Unknown table', meta: {} })).toBe('refused')
    expect(bench.hear(rows('insert', [], 'wallet'))).toBe('unknownChannel')
    expect(bench.hear(rows('insert', [{ symbol: 'Y', id: 1, side: 'Buy', size: 1, price: 1 }]))).toBe('unknownSymbol')
    expect(bench.hear('{"table":"orderBookL2","action":"partial","data":{}}')).toBe('malformed')
  })

  it('never a wrong book, wherever a message is cut', () => {
    const change = rows('update', [
      { symbol: 'XBTUSD', id: 20, side: 'Buy', size: 1_234 },
      { symbol: 'XBTUSD', id: 17, side: 'Sell', size: 55 },
    ])
    expect(wrongCut(bitmex, [whole], change, 'XBTUSD')).toBeUndefined()
    expect(wrongCut(bitmex, [], whole, 'XBTUSD')).toBeUndefined()
  })
})

it('lists what trades, by everybody’s names, without quantos', () => {
  const one = {
    symbol: 'XBTZ30',
    state: 'Open',
    typ: 'FFCCSX',
    underlying: 'XBT',
    quoteCurrency: 'USD',
    settlCurrency: 'XBt',
    tickSize: 0.5,
    lotSize: 100,
    isInverse: true,
    isQuanto: false,
    expiry: '2030-12-27T12:00:00.000Z',
    makerFee: -0.0001,
    takerFee: 0.0005,
  }
  const linear = {
    ...one,
    symbol: 'SOLUSDT',
    typ: 'FFWCSX',
    underlying: 'SOL',
    quoteCurrency: 'USDT',
    settlCurrency: 'USDt',
  }
  const body = [
    one,
    { ...linear, isInverse: false, underlyingToPositionMultiplier: 10_000 },
    { ...one, symbol: 'Q', isQuanto: true },
    { ...one, symbol: 'U', state: 'Unlisted' },
    { ...one, symbol: 'S', typ: 'FFMCSX' },
  ]
  const url = bitmex.listingUrls()[0]
  const symbols = bitmex.readListings(url, JSON.stringify(body)) ?? []
  expect(symbols.map(({ name, symbol, contractSize }) => [name, symbol, contractSize])).toEqual([
    ['XBTZ30', 'BTC/USD:BTC-301227', '1'],
    ['SOLUSDT', 'SOL/USDT:USDT', '0.0001'],
  ])
  expect(symbols[0]).toMatchObject({ isInverse: true, tickSize: '0.5', lotSize: '100', makerPpm: -100, takerPpm: 500 })
  expect(bitmex.readListings(url, 'no JSON')).toBeUndefined()
})
