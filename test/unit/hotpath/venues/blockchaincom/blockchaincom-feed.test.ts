import { describe, expect, it } from 'vitest'
import { blockchaincom } from '../../../../../hotpath/venues/blockchaincom/blockchaincom-feed.ts'
import { FeedBench, wrongCut } from '../../../../fixtures/feed-bench.ts'

type Levels = readonly (readonly [number, number])[]
const levels = (all: Levels) => all.map(([px, qty]) => ({ num: 1, px, qty }))
const book = (seqnum: number, event: string, symbol: string, bids: Levels, asks: Levels) => ({
  seqnum,
  event,
  channel: 'l2',
  symbol,
  bids: levels(bids),
  asks: levels(asks),
})

describe('books of Blockchain.com', () => {
  it('begin whole and change by level; numbers may have exponents', () => {
    const bench = new FeedBench(blockchaincom)
    bench.hear(book(1, 'snapshot', 'A-B', [[1.6e-7, 200]], [[2e-5, 3]]))
    bench.hear(
      '{"bids":[{"qty":4.5,"px":1.7E-7,"num":2}],"asks":[{"px":2.0E-5,"qty":0.0}],"symbol":"A-B","channel":"l2","event":"updated","seqnum":2}',
    )
    expect(bench.book('A-B')).toBe('1.7e-7x4.5 1.6e-7x200 | ')
  })

  it('are all given up when a number of the connection is missing', () => {
    const bench = new FeedBench(blockchaincom)
    bench.hear(book(1, 'snapshot', 'A-B', [[1, 1]], []))
    bench.hear(book(2, 'snapshot', 'C-D', [[1, 1]], []))
    bench.hear({ seqnum: 4, event: 'updated', channel: 'heartbeat' })
    expect(bench.lost).toEqual(['A-B gap', 'C-D gap'])
    bench.hear(book(5, 'snapshot', 'C-D', [[2, 2]], []))
    expect([bench.book('A-B'), bench.book('C-D')]).toEqual(['lost', '2x2 | '])
  })

  it('do not hear the same twice', () => {
    const bench = new FeedBench(blockchaincom)
    bench.hear(book(1, 'snapshot', 'A-B', [[1, 1]], []))
    bench.hear(book(2, 'updated', 'A-B', [[1, 5]], []))
    expect(bench.hear(book(1, 'snapshot', 'A-B', [[1, 1]], []))).toBe('repeated')
    expect(bench.book('A-B')).toBe('1x5 | ')
  })

  it('are never wrong, wherever a message is cut', () => {
    const first = book(1, 'snapshot', 'A-B', [[10, 1]], [[11, 1]])
    expect(wrongCut(blockchaincom, [first], book(2, 'updated', 'A-B', [[10, 25]], [[11, 0]]), 'A-B')).toBeUndefined()
    expect(wrongCut(blockchaincom, [], first, 'A-B')).toBeUndefined()
  })
})

it('tells trades and gives every other word its reason', () => {
  const bench = new FeedBench(blockchaincom, ['A-B'])
  const trade = {
    event: 'updated',
    channel: 'trades',
    symbol: 'A-B',
    timestamp: '2021-07-22T22:39:23.637085Z',
    side: 'sell',
    qty: 2.5,
    price: 9,
  }
  expect(bench.hear({ seqnum: 7, ...trade })).toBe('parsed')
  expect(bench.hear({ seqnum: 8, ...trade, side: 'buy' })).toBe('parsed')
  expect(bench.trades.map(({ side, price, size, timeUs }) => [side, price, size, timeUs % 1_000_000])).toEqual([
    ['sell', 9, 2.5, 637_085],
    ['buy', 9, 2.5, 637_085],
  ])
  expect(bench.hear({ seqnum: 9, event: 'subscribed', channel: 'l2', symbol: 'A-B' })).toBe('answer')
  expect(bench.hear({ seqnum: 10, event: 'rejected', channel: 'l2', text: 'No' })).toBe('refused')
  expect(bench.hear({ seqnum: 11, event: 'updated', channel: 'ticker', symbol: 'A-B' })).toBe('statistics')
  expect(bench.hear({ seqnum: 12, event: 'updated', channel: 'l3', symbol: 'A-B' })).toBe('unknownChannel')
  expect(bench.hear(book(13, 'snapshot', 'C-D', [], []))).toBe('unknownSymbol')
  expect(bench.hear({ event: 'updated', channel: 'l2' })).toBe('malformed')
})

it('lists what is open; amounts are whole numbers with a scale', () => {
  const one = {
    symbol: 'A-B',
    base_currency: 'A',
    counter_currency: 'B',
    min_price_increment: 100,
    min_price_increment_scale: 8,
    min_order_size: 8_800_000,
    min_order_size_scale: 8,
    max_order_size: 0,
    max_order_size_scale: 8,
    lot_size: 1,
    lot_size_scale: 8,
    status: 'open',
  }
  const body = JSON.stringify([one, { ...one, status: 'closed' }])
  const symbols = blockchaincom.readListings(blockchaincom.listingUrls()[0], body)
  expect(symbols).toHaveLength(1)
  expect(symbols?.[0]).toMatchObject({
    tickSize: '0.000001',
    lotSize: '0.00000001',
    quantityMin: '0.088',
    quantityMax: '',
  })
})
