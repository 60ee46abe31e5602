/** Binary operations from the frame to its answer. */
import { beforeEach, expect, test } from 'vitest'
import {
  beginOrderFrame,
  FrameKind,
  ORDER_FRAME_BYTES,
  OrderField,
  writeClientId,
} from '../../../../shared/wire/order-frame.ts'
import { ReportField, ReportKind } from '../../../../shared/wire/report-frame.ts'
import { readUint64, writeInt64 } from '../../../../shared/wire/wide-integer.ts'
import { MemoryGateway } from '../../../e2e/gateway/memory-gateway.ts'

let gateway: MemoryGateway
beforeEach(() => {
  gateway = new MemoryGateway()
})

test('binary orders and answers', () => {
  const socket = gateway.logOn('main', { reports: 'binary' })
  const view = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))
  beginOrderFrame(view, FrameKind.new, 77)
  view.setUint8(OrderField.side, 2)
  view.setUint8(OrderField.type, 2)
  view.setUint8(OrderField.timeInForce, 1)
  writeInt64(view, OrderField.lots, 12_345)
  writeInt64(view, OrderField.priceTicks, 6_500_000)
  for (const field of ['venuesLow', 'venuesHigh', 'slippageCentiBps', 'feeCentiBps'] as const)
    view.setInt32(OrderField[field], -1, true)
  writeClientId(view, OrderField.clientId, OrderField.clientIdLength, 'bin-1')
  socket.receive(new Uint8Array(view.buffer))
  const answer = new DataView((socket.sent.pop() as Uint8Array).buffer)
  expect(answer.getUint8(ReportField.kind)).toBe(ReportKind.executionReport)
  expect(answer.getUint32(ReportField.id, true)).toBe(77)
  expect(readUint64(answer, ReportField.leavesLots)).toBe(12_345)
  view.setUint8(OrderField.side, 3)
  socket.receive(new Uint8Array(view.buffer))
  const denied = new DataView((socket.sent.pop() as Uint8Array).buffer)
  expect(denied.getUint8(ReportField.kind)).toBe(ReportKind.denied)
  expect(denied.getUint8(ReportField.denied)).toBe(22)
  expect(denied.getUint8(ReportField.field)).toBe(OrderField.side)
})
