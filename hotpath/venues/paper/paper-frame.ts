/**
 * What router and paper venues say to each other: length-prefixed frames, little endian, fixed offsets, one socket for
 * all venues. Version 1. Numbers are whole; wide ones are doubles (exact to 2^53).
 *
 *   every frame   0 bytes u32 (all of it) | 4 kind u8 | 5 version u8 | 6 venue u16 | 8 body
 *
 *   hello, welcome      8 JSON, UTF-8 (paper-hello)
 *   health              8 JSON, UTF-8 (paper-health): of the feeds that the venues stand on, when they are live
 *   cancel, query       8 epoch u32 | 12 child u32 | 16 parent f64                                            = 24
 *   place               8 epoch u32 | 12 child u32 | 16 parent f64 | 24 lots f64 | 32 limitTicks f64
 *                      40 deadlineUs f64 | 48 instrument u16 | 50 side u8 | 51 timeInForce u8
 *                      52 postOnly u8 | 53 zero, 3                                                            = 56
 *   cancelAll           8                                                                                     =  8
 *   reconcile           8 execution f64                                                                       = 16
 *   subscribe           8 instrument u16 | 10 allLevels u8 | 11 zero, 5                                       = 16
 *   report              8 kind u8 | 9 reason u8 | 10 liquidity u8 | 11 flags u8 | 12 asset u16 | 14 zero, 2
 *                      16 epoch u32 | 20 child u32 | 24 parent f64 | 32 execution f64 | 40 lots f64
 *                      48 priceTicks f64 | 56 filledLots f64 | 64 feeUnits f64 | 72 venueTimeUs f64 | 80 units f64  = 88
 *   book                8 instrument u16 | 10 flags u8 | 11 zero | 12 levels u32 | 16 sequence f64
 *                      24 per level: priceTicks u32 | side u32 | lots f64, 0 lots: gone                       = 24 + 16 n
 *   print               8 instrument u16 | 10 aggressor u8 | 11 zero | 12 priceTicks u32 | 16 lots f64 | 24 timeUs f64 = 32
 */
import type { VenueIndex } from '../../../shared/units/ids.ts'
import type { FrameBuffer } from './frame-buffer.ts'

export const PAPER_PROTOCOL = 1

export const FrameKind = {
  hello: 1,
  place: 2,
  cancel: 3,
  query: 4,
  cancelAll: 5,
  reconcile: 6,
  subscribe: 7,
  welcome: 32,
  report: 33,
  book: 34,
  print: 35,
  health: 36,
} as const
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind]

/** Whole sizes; JSON and book frames have their own. */
export const FrameBytes = {
  header: 8,
  place: 56,
  identity: 24,
  cancelAll: 8,
  reconcile: 16,
  subscribe: 16,
  report: 88,
  book: 24,
  level: 16,
  print: 32,
} as const

export function frameBytes(view: DataView, at: number): number {
  return view.getUint32(at, true)
}

export function frameKind(view: DataView, at: number): number {
  return view.getUint8(at + 4)
}

export function frameVersion(view: DataView, at: number): number {
  return view.getUint8(at + 5)
}

export function frameVenue(view: DataView, at: number): VenueIndex {
  return view.getUint16(at + 6, true) as VenueIndex
}

/** Claims a frame and writes its header; answers its offset, or -1 when the buffer is full. */
export function openFrame(buffer: FrameBuffer, kind: FrameKind, venue: number, bytes: number): number {
  const at = buffer.claim(bytes)
  if (at < 0) return -1
  const { view } = buffer
  view.setUint32(at, bytes, true)
  view.setUint8(at + 4, kind)
  view.setUint8(at + 5, PAPER_PROTOCOL)
  view.setUint16(at + 6, venue, true)
  return at
}

export function writeJson(buffer: FrameBuffer, kind: FrameKind, value: unknown): boolean {
  const body = new TextEncoder().encode(JSON.stringify(value))
  if (openFrame(buffer, kind, 0, FrameBytes.header + body.length) < 0) return false
  buffer.bytes.set(body, buffer.length - body.length)
  return true
}

/** The JSON of a hello or welcome; throws SyntaxError or TypeError on what is not JSON or not UTF-8. */
export function readJson(view: DataView, at: number): unknown {
  const bytes = new Uint8Array(
    view.buffer,
    view.byteOffset + at + FrameBytes.header,
    frameBytes(view, at) - FrameBytes.header,
  )
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
}
