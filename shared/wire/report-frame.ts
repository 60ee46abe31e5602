/**
 * What a client hears, as bytes: one frame of REPORT_FRAME_BYTES per WebSocket message, little endian, one layout for
 * execution reports, refusals and the short answers. Amounts are integers of the instrument's grid.
 *
 *   0 u8 version    1 u8 kind       2 u16 length       4 u32 id: of the frame this answers, 0 when it answers none
 *   8 u8 execType   9 u8 ordStatus 10 u8 side         11 u8 type     12 u8 timeInForce  13 u8 flags
 *  14 u8 liquidity 15 u8 clientIdLength
 *  16 u16 instrument               18 i16 venue of the last fill, -1 for none
 *  20 u8 denied (DenyReason)       21 u8 rejected (RejectReason)
 *  22 u8 operation: FrameKind that was denied          23 u8 field: offset in the order frame that was wrong
 *  24 u64 orderId   32 u64 execution   40 u64 timeUs
 *  48 u64 lots      56 u64 quoteBudget 64 u64 priceTicks  72 u64 expireUs
 *  80 u64 cumLots: filled so far; of a mass cancel, how many orders
 *  88 u64 leavesLots
 *  96 u64 notionalHigh 104 u64 notionalLow: price x lots filled so far = high x 2^22 + low, ticks x lots
 * 112 u64 lastLots 120 u64 lastTicks
 * 128 i64 feeUnits of this fill, 10^-8 of the asset; negative for a rebate
 * 136 i64 feeQuoteUnits 144 i64 feeBaseUnits: so far
 * 152 36 bytes clientOrderId, ASCII, zero padded
 * 188 u32 reserved
 */
import { assert } from '../assert.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../limits.ts'

export const REPORT_FRAME_VERSION = 1
export const REPORT_FRAME_BYTES = 192

/** Append only. */
export const ReportKind = { executionReport: 1, denied: 2, massCancel: 3, pong: 4 } as const
export type ReportKind = (typeof ReportKind)[keyof typeof ReportKind]

export const ReportFlag = { feeInBase: 1, machineDurability: 2, quoteSized: 4, postOnly: 8 } as const

/** Offsets. */
export const ReportField = {
  version: 0,
  kind: 1,
  length: 2,
  id: 4,
  execType: 8,
  ordStatus: 9,
  side: 10,
  type: 11,
  timeInForce: 12,
  flags: 13,
  liquidity: 14,
  clientIdLength: 15,
  instrument: 16,
  venue: 18,
  denied: 20,
  rejected: 21,
  operation: 22,
  field: 23,
  orderId: 24,
  execution: 32,
  timeUs: 40,
  lots: 48,
  quoteBudget: 56,
  priceTicks: 64,
  expireUs: 72,
  cumLots: 80,
  leavesLots: 88,
  notionalHigh: 96,
  notionalLow: 104,
  lastLots: 112,
  lastTicks: 120,
  feeUnits: 128,
  feeQuoteUnits: 136,
  feeBaseUnits: 144,
  clientId: 152,
  reservedEnd: 188,
} as const

/** Writes a head and zeroes the rest. */
export function beginReportFrame(view: DataView, kind: ReportKind, id: number): void {
  for (let at = 0; at < REPORT_FRAME_BYTES; at += 4) view.setUint32(at, 0, true)
  view.setUint8(ReportField.version, REPORT_FRAME_VERSION)
  view.setUint8(ReportField.kind, kind)
  view.setUint16(ReportField.length, REPORT_FRAME_BYTES, true)
  view.setUint32(ReportField.id, id, true)
  view.setInt16(ReportField.venue, -1, true)
}

/** Is this a frame we can read? Anything else is not ours, or newer than we are. */
export function isReportFrame(view: DataView): boolean {
  return (
    view.byteLength === REPORT_FRAME_BYTES &&
    view.getUint8(ReportField.version) === REPORT_FRAME_VERSION &&
    view.getUint16(ReportField.length, true) === REPORT_FRAME_BYTES
  )
}

assert(ReportField.clientId + CLIENT_ORDER_ID_BYTES_MAX === ReportField.reservedEnd, 'the layout has no gap')
