/** Who hears of an order, in which encoding, with whose id. */
import { beforeEach, expect, test } from 'vitest'
import type { ParentRow } from '../../../../shared/units/ids.ts'
import type { QtyLots } from '../../../../shared/units/ticks.ts'
import { isReportFrame, ReportField } from '../../../../shared/wire/report-frame.ts'
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

test('every session of the account hears of it, the other encoding included, nobody else does', () => {
  const asker = gateway.logOn()
  const sibling = gateway.logOn()
  const binary = gateway.logOn('main', { reports: 'binary' })
  const stranger = gateway.logOn('viewer')
  asker.ask({ ...resting, id: 3 })
  expect(sibling.sent).toHaveLength(0)
  gateway.turn()
  const [report] = sibling.take()
  expect(report['execType']).toBe('new')
  expect(report).not.toHaveProperty('id')
  const frame = binary.sent[0] as Uint8Array
  const view = new DataView(frame.buffer)
  expect(isReportFrame(view)).toBe(true)
  expect(readUint64(view, ReportField.lots)).toBe(150_000)
  expect(view.getUint32(ReportField.id, true)).toBe(0)
  expect(stranger.sent).toHaveLength(0)
})

test('news outside a message waits for the turn and keeps its order', () => {
  const socket = gateway.logOn()
  socket.ask(resting)
  gateway.core.fill(0 as ParentRow, 50_000 as QtyLots)
  gateway.core.fill(0 as ParentRow, 100_000 as QtyLots)
  expect(socket.sent).toHaveLength(0)
  gateway.turn()
  expect(socket.take().map(({ cumQty }) => cumQty)).toEqual(['0.5', '1.5'])
  gateway.core.store.parentState[0] = 1
  gateway.core.fill(0 as ParentRow, 0 as QtyLots)
  expect(socket.ask({ op: 'ping' }).map(({ type }) => type)).toEqual(['executionReport', 'pong'])
})

test('a repeated new order answers with the first one, to the asker only', () => {
  const socket = gateway.logOn()
  const sibling = gateway.logOn()
  socket.ask(resting)
  gateway.turn()
  sibling.take()
  const [again] = socket.ask({ ...resting, quantity: '9', id: 2 })
  expect(again).toMatchObject({ id: 2, execType: 'orderStatus', quantity: '1.5' })
  gateway.turn()
  expect(sibling.sent).toHaveLength(0)
  expect(gateway.core.changes).toBe(1)
})

test('a session that does not want execution reports still hears the answers to its own messages', () => {
  const quiet = gateway.logOn()
  const other = gateway.logOn()
  quiet.ask({ op: 'unsubscribe', channel: 'orders' })
  other.ask(resting)
  gateway.turn()
  expect(quiet.sent).toHaveLength(0)
  expect(quiet.ask({ op: 'status', clientOrderId: 'a-1' })[0]['execType']).toBe('orderStatus')
})
