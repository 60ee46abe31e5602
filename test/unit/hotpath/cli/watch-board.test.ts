import { expect, test } from 'vitest'
import { cutLine, WatchBoard } from '../../../../hotpath/cli/watch-board.ts'
import type { BookUpdate, ExecutionReport } from '../../../../hotpath/client/order-types.ts'
import { plain } from '../../../../hotpath/tca/text-table.ts'

const ESC = String.fromCharCode(27)

function book(changes: Partial<BookUpdate> = {}): BookUpdate {
  return {
    type: 'book',
    symbol: 'BTC/USDT',
    timeUs: 1,
    venuesLive: 2,
    bids: [
      ['63999', '1.5', 'alpha'],
      ['63998', '2', 'beta'],
    ],
    asks: [['64001', '0.75', 'beta']],
    ...changes,
  }
}

function report(changes: Partial<ExecutionReport>): ExecutionReport {
  return {
    type: 'executionReport',
    execType: 'new',
    ordStatus: 'new',
    clientOrderId: 'my-1',
    orderId: '1',
    symbol: 'BTC/USDT',
    side: 'sell',
    ordType: 'limit',
    timeInForce: 'GTC',
    quantity: '1',
    price: '70000',
    cumQty: '0',
    leavesQty: '1',
    execId: '1',
    transactTime: 1,
    fees: {},
    durability: 'process',
    ...changes,
  }
}

function board(): WatchBoard {
  return new WatchBoard('BTC/USDT', 'market test, simulated fills')
}

test('both sides with their venues, the mid and the spread', () => {
  const view = board()
  view.onBook(book())
  const text = view.render(plain, 120, 40).join('\n')
  expect(text).toContain('mid 64,000.00  spread 0.31 bps  2 venues live')
  expect(text).toMatch(/alpha +1\.5 +63999 +64001 +0\.75 +beta/)
  expect(text).toContain('market test, simulated fills')
})

test('one-sided and crossed books are said', () => {
  const view = board()
  view.onBook(book({ asks: [] }))
  expect(view.bookLine()).toContain('ask empty  one-sided')
  view.onBook(book({ asks: [['63990', '1', 'beta']] }))
  expect(view.bookLine()).toContain('crossed before fees')
})

test('orders come, fill and go', () => {
  const view = board()
  view.onReport(report({}))
  expect(view.render(plain, 120, 40).join('\n')).toMatch(/my-1 +sell +BTC\/USDT/)
  const fill = { execType: 'trade', lastQty: '1', lastPx: '70000', lastVenue: 'alpha', cumQty: '1' } as const
  view.onReport(report({ ...fill, ordStatus: 'filled' }))
  const text = view.render(plain, 120, 40).join('\n')
  expect(text).toContain('no open orders')
  expect(text).toContain('sell BTC/USDT fill  1 @ 70000 on alpha')
})

test('news of other instruments stays out of the book', () => {
  const view = board()
  view.onBook(book({ symbol: 'ETH/USDT' }))
  expect(view.bookLine()).toContain('bid empty')
})

test('never more lines than the terminal has, never wider', () => {
  const view = board()
  view.onBook(book({ bids: Array.from({ length: 50 }, (_, i) => [`${63999 - i}`, '1', 'a-venue'] as const) }))
  for (let i = 0; i < 30; i++) view.onReport(report({ orderId: `${i}`, clientOrderId: `order-${i}` }))
  const lines = view.render(plain, 60, 25)
  expect(lines.length).toBeLessThanOrEqual(25)
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
  expect(view.render(plain, 120, 60).join('\n')).toContain('and 20 more open orders')
})

test('a view that is not live says so', () => {
  const view = board()
  view.onState('reconnecting')
  expect(view.render(plain, 120, 40)[1]).toBe('not live: reconnecting')
})

test('a cut line keeps its paint and ends it', () => {
  expect(cutLine(`${ESC}[31mabcdef${ESC}[0m`, 3)).toBe(`${ESC}[31mabc${ESC}[0m`)
  expect(cutLine('abc', 10)).toBe('abc')
})
