/** Binary operations from the frame to its answer. */
import { beforeEach, expect, test } from 'vitest'
import {
  beginOrderFrame,
  FrameKind,
  ORDER_FRAME_BYTES,
  OrderField,
  readClientId,
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
  expect(readClientId(denied, ReportField.clientId, ReportField.clientIdLength)).toBe('bin-1')
})

test('a report holds nothing of the frame that was written before it in the same buffer', () => {
  const socket = gateway.logOn('main', { reports: 'binary' })
  const order = (side: number, id: string): Uint8Array => {
    const view = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))
    beginOrderFrame(view, FrameKind.new, 5)
    view.setUint8(OrderField.side, side)
    view.setUint8(OrderField.type, 1)
    view.setUint8(OrderField.timeInForce, 3)
    writeInt64(view, OrderField.lots, 7)
    for (const field of ['venuesLow', 'venuesHigh', 'slippageCentiBps', 'feeCentiBps'] as const)
      view.setInt32(OrderField[field], -1, true)
    writeClientId(view, OrderField.clientId, OrderField.clientIdLength, id)
    return new Uint8Array(view.buffer)
  }
  socket.receive(order(9, 'a-very-long-client-order-id'))
  socket.receive(order(1, 'short'))
  const [, acknowledged, filled] = socket.sent as Uint8Array<ArrayBuffer>[]
  const report = new DataView(acknowledged.buffer)
  expect([report.getUint8(ReportField.operation), report.getUint8(ReportField.field)]).toEqual([0, 0])
  expect(report.getUint8(ReportField.denied)).toBe(0)
  expect(report.getInt16(ReportField.venue, true)).toBe(-1)
  expect([...acknowledged.subarray(ReportField.clientId + 5)].every((byte) => byte === 0)).toBe(true)
  expect(new DataView(filled.buffer).getInt16(ReportField.venue, true)).toBe(1)
  const pong = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))
  beginOrderFrame(pong, FrameKind.ping, 6)
  socket.receive(new Uint8Array(pong.buffer))
  const answer = socket.sent.at(-1) as Uint8Array
  expect(answer[ReportField.kind]).toBe(ReportKind.pong)
  expect([...answer.subarray(ReportField.execType, ReportField.venue)].every((byte) => byte === 0)).toBe(true)
  expect([...answer.subarray(ReportField.denied)].every((byte) => byte === 0)).toBe(true)
})
