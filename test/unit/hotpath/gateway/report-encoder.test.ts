/** An execution report says what happened and how the order stands. */
import { beforeEach, expect, test } from 'vitest'
import { MemoryGateway } from '../../../e2e/gateway/memory-gateway.ts'

let gateway: MemoryGateway
beforeEach(() => {
  gateway = new MemoryGateway()
})

const resting = {
  op: 'new',
  clientOrderId: 'a-1',
  symbol: 'BTC/USDT',
  side: 'buy',
  type: 'limit',
  quantity: '1.5',
  price: '60000',
}

test('an order is acknowledged with the id of its message', () => {
  const socket = gateway.logOn()
  expect(socket.ask({ ...resting, id: 'first', postOnly: true })).toEqual([
    {
      type: 'executionReport',
      id: 'first',
      execType: 'new',
      ordStatus: 'new',
      clientOrderId: 'a-1',
      orderId: '1',
      symbol: 'BTC/USDT',
      side: 'buy',
      ordType: 'limit',
      timeInForce: 'GTC',
      quantity: '1.5',
      price: '60000',
      postOnly: true,
      cumQty: '0',
      leavesQty: '1.5',
      execId: '1',
      transactTime: gateway.clock.epochUs(),
      fees: {},
      durability: 'process',
    },
  ])
})

test('a fill says what, where and what it cost, and what it came to so far', () => {
  const socket = gateway.logOn()
  const reports = socket.ask({
    op: 'new',
    clientOrderId: 'm',
    symbol: 'BTC/USDT',
    side: 'sell',
    type: 'market',
    quantity: '2',
  })
  expect(reports[1]).toMatchObject({
    execType: 'trade',
    ordStatus: 'filled',
    cumQty: '2',
    leavesQty: '0',
    avgPx: '64000.5',
    lastQty: '2',
    lastPx: '64000.5',
    lastVenue: 'beta',
    lastLiquidity: 'taker',
    fee: '0.002',
    feeAsset: 'USDT',
    fees: { USDT: '0.002' },
  })
})
