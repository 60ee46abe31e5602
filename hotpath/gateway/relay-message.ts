/**
 * What the thread with the sockets and the thread with the gateway say to each other. A channel is a row of sockets, or
 * the number of a question.
 *
 *   to the core   open row | text row, bytes | binary row, bytes | closed row | get question, path
 *                 listening 0, JSON number | refused 0, text | shut 0
 *   to the relay  text row, bytes | binary row, bytes | close row, code u16 and reason | forgotten row
 *                 page question, JSON answer or null | listen 0, JSON address | shut 0
 *
 * A row is used again only after `forgotten`, the core's answer to `closed`: nothing can reach the wrong client.
 */
import { SESSIONS_MAX } from '../../shared/limits.ts'

export const RelayKind = {
  open: 1,
  text: 2,
  binary: 3,
  closed: 4,
  get: 5,
  listening: 6,
  refused: 7,
  shut: 8,
  close: 9,
  forgotten: 10,
  page: 11,
  listen: 12,
} as const

/** Connections at once: those of sessions, and some more that are told that there is no session left. */
export const RELAY_ROWS = SESSIONS_MAX + 64

export const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function textOf(bytes: Uint8Array, from: number, length: number): string {
  return decoder.decode(bytes.subarray(from, from + length))
}

export function closeMessage(code: number, reason: string): Uint8Array {
  const text = encoder.encode(reason)
  const bytes = new Uint8Array(2 + text.length)
  new DataView(bytes.buffer).setUint16(0, code, true)
  bytes.set(text, 2)
  return bytes
}
