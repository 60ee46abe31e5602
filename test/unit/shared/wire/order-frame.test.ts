/** The layout as the drawing says it: no gap, no overlap, stable numbers. */
import { expect, test } from 'vitest'
import {
  beginOrderFrame,
  FrameKind,
  frameKindNames,
  ORDER_FRAME_BYTES,
  OrderField,
  readClientId,
  writeClientId,
} from '../../../../shared/wire/order-frame.ts'

const sizes: Readonly<Record<keyof typeof OrderField, number>> = {
  version: 1,
  kind: 1,
  length: 2,
  id: 4,
  side: 1,
  type: 1,
  timeInForce: 1,
  flags: 1,
  instrument: 2,
  clientIdLength: 1,
  reserved: 1,
  orderId: 8,
  lots: 8,
  quoteBudget: 8,
  priceTicks: 8,
  expireUs: 8,
  venuesLow: 4,
  venuesHigh: 4,
  slippageCentiBps: 4,
  feeCentiBps: 4,
  clientId: 36,
  reservedEnd: 4,
} // prettier-ignore

test('every byte belongs to one field, aligned to its size', () => {
  let at = 0
  for (const [field, offset] of Object.entries(OrderField)) {
    expect(offset, field).toBe(at)
    at += sizes[field as keyof typeof OrderField]
    expect(
      offset %
        Math.min(8, sizes[field as keyof typeof OrderField] === 36 ? 8 : sizes[field as keyof typeof OrderField]),
    ).toBe(0)
  }
  expect(at).toBe(ORDER_FRAME_BYTES)
})

test('kinds and their names are stable', () => {
  expect(FrameKind).toEqual({ new: 1, cancel: 2, replace: 3, status: 4, massCancel: 5, ping: 6 })
  for (const [name, kind] of Object.entries(FrameKind)) expect(frameKindNames[kind]).toBe(name)
})

test('a frame begins clean', () => {
  const view = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))
  new Uint8Array(view.buffer).fill(0xff)
  beginOrderFrame(view, FrameKind.cancel, 0x01020304)
  expect([...new Uint8Array(view.buffer, 0, 8)]).toEqual([1, 2, 112, 0, 4, 3, 2, 1])
  expect(new Uint8Array(view.buffer, 8).every((byte) => byte === 0)).toBe(true)
})

test('a client order id is written and read', () => {
  const view = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))
  const id = 'Az9._:-'.padEnd(36, 'x')
  writeClientId(view, OrderField.clientId, OrderField.clientIdLength, id)
  expect(readClientId(view, OrderField.clientId, OrderField.clientIdLength)).toBe(id)
  expect(() => writeClientId(view, OrderField.clientId, OrderField.clientIdLength, `${id}y`)).toThrow('fits')
})
