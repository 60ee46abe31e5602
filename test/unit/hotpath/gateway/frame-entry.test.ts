/** Binary orders: the same rules as JSON, at offsets. */
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { FrameEntry } from '../../../../hotpath/gateway/frame-entry.ts'
import { venueMasksOf } from '../../../../hotpath/gateway/order-rules.ts'
import { denyReasonNames } from '../../../../shared/domain/deny-reason.ts'
import { Durability, OrderType, Side, TimeInForce } from '../../../../shared/domain/order.ts'
import {
  beginOrderFrame,
  EVERY_INSTRUMENT,
  FrameKind,
  ORDER_FRAME_BYTES,
  OrderField,
  OrderFlag,
  writeClientId,
} from '../../../../shared/wire/order-frame.ts'
import { writeInt64 } from '../../../../shared/wire/wide-integer.ts'
import { fixedClock, START_US, smallListings } from '../../../e2e/gateway/small-market.ts'

const listings = smallListings()
const size = { instruments: listings.instruments.length, venues: listings.venues.length }
const clock = fixedClock(START_US)
const entry = new FrameEntry(size, venueMasksOf(listings))
let view: DataView

beforeEach(() => {
  view = newOrder()
})

function newOrder(): DataView {
  const frame = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))
  beginOrderFrame(frame, FrameKind.new, 9)
  frame.setUint8(OrderField.side, Side.buy)
  frame.setUint8(OrderField.type, OrderType.limit)
  frame.setUint8(OrderField.timeInForce, TimeInForce.gtc)
  writeInt64(frame, OrderField.lots, 7)
  writeInt64(frame, OrderField.priceTicks, 8)
  for (const field of ['venuesLow', 'venuesHigh', 'slippageCentiBps', 'feeCentiBps'] as const)
    frame.setInt32(OrderField[field], -1, true)
  writeClientId(frame, OrderField.clientId, OrderField.clientIdLength, 'c1')
  return frame
}

function reference(kind: FrameKind): DataView {
  const frame = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))
  beginOrderFrame(frame, kind, 9)
  writeInt64(frame, OrderField.orderId, 33)
  return frame
}

function refusal(frame: DataView): [string, number] {
  return [
    denyReasonNames[entry.decode(new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength), clock)],
    entry.field,
  ]
}

test('a new order arrives field by field', () => {
  view.setUint8(OrderField.flags, OrderFlag.all)
  view.setUint8(OrderField.timeInForce, TimeInForce.gtd)
  writeInt64(view, OrderField.expireUs, START_US + 1)
  view.setUint32(OrderField.venuesLow, 2, true)
  view.setUint32(OrderField.venuesHigh, 0, true)
  view.setInt32(OrderField.slippageCentiBps, 50, true)
  expect(refusal(view)).toEqual(['none', 0])
  const { request } = entry
  expect([entry.kind, entry.id]).toEqual([FrameKind.new, 9])
  expect(request).toMatchObject({
    side: Side.buy,
    type: OrderType.limit,
    timeInForce: TimeInForce.gtd,
    postOnly: true,
    durability: Durability.machine,
    venuesLow: 2,
    venuesHigh: 0,
    slippageCentiBps: 50,
    feeCentiBps: -1,
    clientOrderIdLength: 2,
  })
  expect([request.lots, request.priceTicks, request.expireUs]).toEqual([7, 8, START_US + 1])
  expect(String.fromCharCode(...request.clientOrderId.subarray(0, 2))).toBe('c1')
})

test('cancel, status, replace, mass cancel and ping', () => {
  for (const kind of [FrameKind.cancel, FrameKind.status]) {
    expect(refusal(reference(kind))).toEqual(['none', 0])
    expect(entry.request.orderId).toBe(33)
  }
  const replace = reference(FrameKind.replace)
  expect(refusal(replace)).toEqual(['missingField', OrderField.lots])
  writeInt64(replace, OrderField.priceTicks, 5)
  expect(refusal(replace)).toEqual(['none', 0])
  beginOrderFrame(view, FrameKind.massCancel, 1)
  view.setUint16(OrderField.instrument, EVERY_INSTRUMENT, true)
  expect(refusal(view)).toEqual(['none', 0])
  expect(entry.request.instrument).toBe(-1)
  view.setUint16(OrderField.instrument, 1, true)
  expect([refusal(view)[0], entry.request.instrument]).toEqual(['none', 1])
  beginOrderFrame(view, FrameKind.ping, 1)
  expect(refusal(view)).toEqual(['none', 0])
})

const set8 = (at: number, value: number) => (frame: DataView) => frame.setUint8(at, value)
const set64 = (at: number, value: number) => (frame: DataView) => writeInt64(frame, at, value)

test.each<[string, number, (frame: DataView) => void]>([
  ['unsupportedVersion', OrderField.version, set8(OrderField.version, 2)],
  ['malformed', OrderField.length, set8(OrderField.length, 111)],
  ['unknownOperation', OrderField.kind, set8(OrderField.kind, 7)],
  ['unknownOperation', OrderField.kind, set8(OrderField.kind, 0)],
  ['malformed', OrderField.reserved, set8(OrderField.reserved, 1)],
  ['malformed', OrderField.reservedEnd, set8(OrderField.reservedEnd + 2, 1)],
  ['unknownField', OrderField.orderId, set8(OrderField.orderId, 1)],
  ['unknownField', OrderField.flags, set8(OrderField.flags, 4)],
  ['badSide', OrderField.side, set8(OrderField.side, 0)],
  ['badType', OrderField.type, set8(OrderField.type, 3)],
  ['badTimeInForce', OrderField.timeInForce, set8(OrderField.timeInForce, 2)],
  ['unknownSymbol', OrderField.instrument, set8(OrderField.instrument, 2)],
  ['badClientOrderId', OrderField.clientIdLength, set8(OrderField.clientIdLength, 0)],
  ['badClientOrderId', OrderField.clientIdLength, set8(OrderField.clientIdLength, 37)],
  ['badClientOrderId', OrderField.clientId, set8(OrderField.clientIdLength, 3)],
  ['badClientOrderId', OrderField.clientId, set8(OrderField.clientId, 32)],
  ['badClientOrderId', OrderField.clientId, set8(OrderField.clientId + 35, 65)],
  ['badQuantity', OrderField.lots, set64(OrderField.lots, 0)],
  ['quantityTooLarge', OrderField.lots, set64(OrderField.lots, 2 ** 44)],
  ['quantityTooLarge', OrderField.lots, set64(OrderField.lots, -1)],
  ['quoteQuantityNotAllowed', OrderField.quoteBudget, set64(OrderField.quoteBudget, 1)],
  ['quantityTooLarge', OrderField.quoteBudget, set64(OrderField.quoteBudget, -1)],
  ['priceTooLarge', OrderField.priceTicks, set64(OrderField.priceTicks, 2 ** 31)],
  ['priceRequired', OrderField.priceTicks, set64(OrderField.priceTicks, 0)],
  ['priceNotAllowed', OrderField.priceTicks, set8(OrderField.type, OrderType.market)],
  ['badExpireTime', OrderField.expireUs, set64(OrderField.expireUs, START_US + 5)],
  ['badExpireTime', OrderField.expireUs, set64(OrderField.expireUs, -5)],
  ['expireTimeRequired', OrderField.expireUs, set8(OrderField.timeInForce, TimeInForce.gtd)],
  ['unknownVenue', OrderField.venuesLow, set8(OrderField.venuesHigh, 0)],
  ['badLimit', OrderField.slippageCentiBps, (frame) => frame.setInt32(OrderField.slippageCentiBps, -2, true)],
  ['badLimit', OrderField.feeCentiBps, (frame) => frame.setInt32(OrderField.feeCentiBps, 1_000_001, true)],
])('%s at %i', (reason, field, spoil) => {
  spoil(view)
  expect(refusal(view)).toEqual([reason, field])
})

test.each<[string, number, FrameKind, (frame: DataView) => void]>([
  ['unknownField', OrderField.side, FrameKind.cancel, set8(OrderField.side, 1)],
  ['unknownField', OrderField.lots, FrameKind.status, set8(OrderField.lots, 1)],
  ['unknownField', OrderField.clientId + 3, FrameKind.cancel, set8(OrderField.clientId + 3, 65)],
  ['unknownField', OrderField.expireUs, FrameKind.replace, set8(OrderField.expireUs, 1)],
  ['unknownOrder', OrderField.orderId, FrameKind.cancel, set64(OrderField.orderId, -1)],
  ['badClientOrderId', OrderField.clientIdLength, FrameKind.cancel, set64(OrderField.orderId, 0)],
])('%s at %i of kind %i', (reason, field, kind, spoil) => {
  const frame = reference(kind)
  spoil(frame)
  expect(refusal(frame)).toEqual([reason, field])
})

test('only the whole frame is a frame', () => {
  const bytes = new Uint8Array(view.buffer)
  for (let length = 0; length < ORDER_FRAME_BYTES; length++) {
    const cut = new DataView(bytes.slice(0, length).buffer)
    expect(refusal(cut)).toEqual(['malformed', OrderField.length])
  }
  const long = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES + 1))
  new Uint8Array(long.buffer).set(bytes)
  expect(refusal(long)).toEqual(['malformed', OrderField.length])
})

test('any bytes get a known reason, the same one twice, and never a throw', () => {
  const change = fc.tuple(fc.nat(ORDER_FRAME_BYTES - 1), fc.nat(255))
  const kind = fc.constantFrom(...Object.values(FrameKind))
  fc.assert(
    fc.property(kind, fc.array(change, { maxLength: 12 }), (of, changes) => {
      const frame = newOrder()
      frame.setUint8(OrderField.kind, of)
      for (const [at, value] of changes) frame.setUint8(at, value)
      const first = refusal(frame)
      expect(first[0]).toBeDefined()
      expect(refusal(frame)).toEqual(first)
    }),
    { numRuns: 2_000 },
  )
})
