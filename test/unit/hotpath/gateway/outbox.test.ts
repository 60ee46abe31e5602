/** What waits to be read is bounded. */
import { beforeEach, expect, test } from 'vitest'
import { GATEWAY_BACKPRESSURE_BYTES_MAX } from '../../../../shared/limits.ts'
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

test('a client that does not read is sent away once its bound is reached, after the core has returned', () => {
  const socket = gateway.logOn('main', { cancelOnDisconnect: true })
  socket.isStuck = true
  let sent = 0
  while (socket.isOpen) socket.receive(JSON.stringify({ ...resting, clientOrderId: `s${++sent}` }))
  expect(socket.closeCode).toBe(4008)
  const bound = GATEWAY_BACKPRESSURE_BYTES_MAX + 100 * 1_024
  expect(socket.bufferedBytes).toBeGreaterThan(bound)
  expect(socket.bufferedBytes).toBeLessThan(bound + 2_000)
  expect(gateway.core.openOrders(0 as never, () => {})).toBe(0)
})
