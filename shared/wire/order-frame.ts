/**
 * What a client asks, as bytes: one frame of ORDER_FRAME_BYTES per WebSocket message, little endian, one layout for
 * every operation. Fields an operation does not have are zero, and so is what is reserved.
 *
 *   0 u8 version   1 u8 kind      2 u16 length     4 u32 id: echoed in direct answers
 *   8 u8 side      9 u8 type     10 u8 timeInForce 11 u8 flags  12 u16 instrument  14 u8 clientIdLength  15 u8 reserved
 *  16 u64 orderId: 0 when the client order id names the order
 *  24 u64 lots: base quantity; of a replace, 0 keeps it
 *  32 u64 quoteBudget, ticks x lots: exactly one of lots and quoteBudget in a new order
 *  40 u64 priceTicks: 0 for a market order; of a replace, 0 keeps it
 *  48 u64 expireUs, microseconds since 1970: only with GTD
 *  56 u32 venuesLow  60 u32 venuesHigh: the venues a new order may use, bit by venue index; all ones for every venue
 *  64 i32 slippageCentiBps  68 i32 feeCentiBps: hundredths of a bp, -1 for no limit
 *  72 36 bytes clientOrderId, ASCII, zero padded
 * 108 u32 reserved
 */
import { assert } from '../assert.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../limits.ts'

export const ORDER_FRAME_VERSION = 1
export const ORDER_FRAME_BYTES = 112

/** Append only. */
export const FrameKind = { new: 1, cancel: 2, replace: 3, status: 4, massCancel: 5, ping: 6 } as const
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind]
/** JSON names of the kinds, by number. */
export const frameKindNames = ['', 'new', 'cancel', 'replace', 'status', 'massCancel', 'ping'] as const

export const OrderFlag = { postOnly: 1, machineDurability: 2, all: 3 } as const

/** Instrument of a mass cancel over all of them. */
export const EVERY_INSTRUMENT = 0xffff

/** Offsets. */
export const OrderField = {
  version: 0,
  kind: 1,
  length: 2,
  id: 4,
  side: 8,
  type: 9,
  timeInForce: 10,
  flags: 11,
  instrument: 12,
  clientIdLength: 14,
  reserved: 15,
  orderId: 16,
  lots: 24,
  quoteBudget: 32,
  priceTicks: 40,
  expireUs: 48,
  venuesLow: 56,
  venuesHigh: 60,
  slippageCentiBps: 64,
  feeCentiBps: 68,
  clientId: 72,
  reservedEnd: 108,
} as const

/** Writes a head and zeroes the rest; the caller then sets the fields its operation has. */
export function beginOrderFrame(view: DataView, kind: FrameKind, id: number): void {
  for (let at = 0; at < ORDER_FRAME_BYTES; at += 4) view.setUint32(at, 0, true)
  view.setUint8(OrderField.version, ORDER_FRAME_VERSION)
  view.setUint8(OrderField.kind, kind)
  view.setUint16(OrderField.length, ORDER_FRAME_BYTES, true)
  view.setUint32(OrderField.id, id, true)
}

/** An id longer than its field, or outside ASCII, is our own mistake: callers have checked it. */
export function writeClientId(view: DataView, at: number, lengthAt: number, id: string): void {
  assert(id.length <= CLIENT_ORDER_ID_BYTES_MAX, 'a client order id fits its field')
  view.setUint8(lengthAt, id.length)
  for (let i = 0; i < id.length; i++) view.setUint8(at + i, id.charCodeAt(i))
}

export function readClientId(view: DataView, at: number, lengthAt: number): string {
  let id = ''
  const length = view.getUint8(lengthAt)
  for (let i = 0; i < length; i++) id += String.fromCharCode(view.getUint8(at + i))
  return id
}

assert(OrderField.clientId + CLIENT_ORDER_ID_BYTES_MAX === OrderField.reservedEnd, 'the layout has no gap')
