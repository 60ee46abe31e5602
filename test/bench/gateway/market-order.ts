/** The order of the gateway's benches: a market order that ends by itself, as one frame, its id counted up in place. */
import { OrderType, Side, TimeInForce } from '../../../shared/domain/order.ts'
import {
  beginOrderFrame,
  FrameKind,
  ORDER_FRAME_BYTES,
  OrderField,
  writeClientId,
} from '../../../shared/wire/order-frame.ts'
import { writeInt64 } from '../../../shared/wire/wide-integer.ts'

/** The leading digits of the id, which count; behind them a word of the run, so that no run meets another's ids. */
export const ID_DIGITS = 12

/** Buys `lots` of instrument 0. */
export function marketOrderFrame(lots: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ORDER_FRAME_BYTES)
  const view = new DataView(bytes.buffer)
  beginOrderFrame(view, FrameKind.new, 1)
  view.setUint8(OrderField.side, Side.buy)
  view.setUint8(OrderField.type, OrderType.market)
  view.setUint8(OrderField.timeInForce, TimeInForce.ioc)
  writeInt64(view, OrderField.lots, lots)
  for (const field of ['venuesLow', 'venuesHigh', 'slippageCentiBps', 'feeCentiBps'] as const)
    view.setInt32(OrderField[field], -1, true)
  const run = Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')
  writeClientId(view, OrderField.clientId, OrderField.clientIdLength, `${'0'.repeat(ID_DIGITS)}-${run}`)
  return bytes
}

/** Writes the number at `at` in ID_DIGITS digits. */
export function writeIdDigits(bytes: Uint8Array, at: number, id: number): void {
  let left = id
  for (let digit = ID_DIGITS - 1; digit >= 0; digit--) {
    bytes[at + digit] = 48 + (left % 10)
    left = Math.floor(left / 10)
  }
}
