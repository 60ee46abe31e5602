import { expect, test } from 'vitest'
import { renderOrders, renderReportLine } from '../../../../hotpath/cli/report-line.ts'
import type { ExecutionReport } from '../../../../hotpath/client/order-types.ts'
import { plain } from '../../../../hotpath/tca/text-table.ts'

const base: ExecutionReport = {
  type: 'executionReport',
  execType: 'new',
  ordStatus: 'new',
  clientOrderId: 'my-1',
  orderId: '7',
  symbol: 'BTC/USDT',
  side: 'buy',
  ordType: 'market',
  timeInForce: 'IOC',
  quantity: '2.5',
  cumQty: '0',
  leavesQty: '2.5',
  execId: '1',
  transactTime: 1,
  fees: {},
  durability: 'process',
}

test('accepted, and how safe', () => {
  expect(renderReportLine(base, plain)).toBe('accepted as order 7')
  expect(renderReportLine({ ...base, durability: 'machine' }, plain)).toBe('accepted as order 7, on disk')
})

test('a fill with venue, liquidity, fee and progress', () => {
  const fill: ExecutionReport = {
    ...base,
    execType: 'trade',
    ordStatus: 'partiallyFilled',
    lastQty: '0.8',
    lastPx: '64123.4',
    lastVenue: 'binance',
    lastLiquidity: 'taker',
    fee: '5.13',
    feeAsset: 'USDT',
    cumQty: '0.8',
  }
  expect(renderReportLine(fill, plain)).toBe('fill  0.8 @ 64123.4 on binance, taker, fee 5.13 USDT  (0.8 of 2.5)')
})

test('an end with its reason; a status says the state', () => {
  const ended: ExecutionReport = { ...base, execType: 'expired', ordStatus: 'expired', reason: 'slippageLimit' }
  expect(renderReportLine(ended, plain)).toBe('expired: slippageLimit  (0 of 2.5)')
  expect(renderReportLine({ ...base, execType: 'orderStatus', ordStatus: 'filled' }, plain)).toBe('filled  (0 of 2.5)')
})

test('a table of orders: quote-sized orders show their budget, names cannot paint', () => {
  const lines = renderOrders([{ ...base, quoteQuantity: '10000', clientOrderId: 'x\u001b[2J' }], plain)
  expect(lines[1]).toContain('10000 USDT')
  expect(lines[1]).toContain('x?[2J')
})
