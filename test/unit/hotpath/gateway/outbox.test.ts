/** What waits to be read is bounded, and what waits to be sent stays as it was said. */
import { beforeEach, expect, test } from 'vitest'
import { GATEWAY_BACKPRESSURE_BYTES_MAX } from '../../../../shared/limits.ts'
import type { ParentRow } from '../../../../shared/units/ids.ts'
import type { QtyLots } from '../../../../shared/units/ticks.ts'
import { ReportField } from '../../../../shared/wire/report-frame.ts'
import { readUint64 } from '../../../../shared/wire/wide-integer.ts'
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

test('frames that wait are used again only once they are sent, whoever they were for', () => {
  const [first, second] = [gateway.logOn('main', { reports: 'binary' }), gateway.logOn('main', { reports: 'binary' })]
  const filled = (socket: typeof first): number[] =>
    socket.sent.splice(0).map((frame) => readUint64(new DataView((frame as Uint8Array).buffer), ReportField.cumLots))
  gateway.logOn().ask(resting)
  for (const lots of [10, 20, 30]) gateway.core.fill(0 as ParentRow, lots as QtyLots)
  expect([first.sent.length, second.sent.length]).toEqual([0, 0])
  gateway.turn()
  expect([filled(first), filled(second)]).toEqual([
    [0, 10, 30, 60],
    [0, 10, 30, 60],
  ])
  for (const lots of [1, 2]) gateway.core.fill(0 as ParentRow, lots as QtyLots)
  gateway.turn()
  expect([filled(first), filled(second)]).toEqual([
    [61, 63],
    [61, 63],
  ])
})
