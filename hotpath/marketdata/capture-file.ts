/**
 * Recorded connections as files: one JSON object a line (gzip or plain), a header first, then what was sent, received and
 * asked over HTTP, each with its connection and local time. The layout `sor record` writes; bytes that were binary are
 * base64 (`b64`).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { isRawCapture, readRawCapture } from './raw-capture.ts'

export type CaptureKind = 'connect' | 'send' | 'recv' | 'http' | 'books'

export interface CaptureEvent {
  readonly kind: CaptureKind
  readonly connection: string
  /** Local receive time, microseconds since 1970. */
  readonly timeUs: number
  /** Address of a connection or a request. */
  readonly url: string
  readonly bytes: Uint8Array
}

export interface Capture {
  /** The venue's name in the header: 'BINANCE'. */
  readonly exchange: string
  /** When its recording began, seconds since 1970, as the header says: parts of one recording share it. */
  readonly recorded: number
  readonly file: string
  /** By time, as they came. */
  readonly events: readonly CaptureEvent[]
  /** Lines that are no event. */
  readonly badLines: number
}

/** A recording unpacked, and one of its lines: more is no recording of ours. */
const FILE_BYTES_MAX = 2 ** 31
/** Year 2255: microseconds stay safe integers. */
const SECONDS_MAX = 9e9
const LINE_BYTES_MAX = 2 ** 28

const kinds: ReadonlySet<string> = new Set(['connect', 'send', 'recv', 'http', 'books'])

/** Every capture of a folder, or the one file. Files without a header of a capture are left out. Throws what the file system throws. */
export function captureFiles(place: string): readonly string[] {
  if (!statSync(place).isDirectory()) return [place]
  return readdirSync(place)
    .filter((name) => name.endsWith('.gz') || name.endsWith('.jsonl'))
    .sort()
    .map((name) => path.join(place, name))
}

/**
 * Undefined when the file does not begin as a capture. A file cut short, as a killed recorder leaves it, is read as far as it
 * goes. O(bytes), all in memory. Throws what the file system and zlib throw (a file that is damaged, or unpacks beyond 2 GiB).
 */
export function readCapture(file: string): Capture | undefined {
  const raw = readFileSync(file)
  const bytes = raw[0] === 0x1f && raw[1] === 0x8b ? unpacked(raw) : raw
  if (isRawCapture(bytes)) return readRawCapture(file, bytes)
  const events: CaptureEvent[] = []
  let header: { exchange: string; recorded: number } | undefined
  let badLines = 0
  for (let from = 0; from < bytes.length; ) {
    let to = bytes.indexOf(10, from)
    if (to < 0) to = bytes.length
    if (to - from > LINE_BYTES_MAX) {
      badLines++
      from = to + 1
      continue
    }
    const line = bytes.toString('utf8', from, to)
    from = to + 1
    if (line.trim() === '') continue
    const value = parseLine(line)
    if (header === undefined) {
      header = readHeader(value)
      if (header === undefined) return undefined
      continue
    }
    const event = readEvent(value)
    if (event === undefined) badLines++
    else events.push(event)
  }
  if (header === undefined) return undefined
  // Connections were recorded each in their turn: time puts them back together; equal times keep the order of the file.
  events.sort((a, b) => a.timeUs - b.timeUs)
  return { ...header, file, events, badLines }
}

function unpacked(raw: Buffer): Buffer {
  return gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: FILE_BYTES_MAX })
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function readHeader(value: Readonly<Record<string, unknown>>): { exchange: string; recorded: number } | undefined {
  const { t, exchange, recorded } = value
  if (t !== 'header' || typeof exchange !== 'string') return undefined
  return { exchange, recorded: typeof recorded === 'number' ? recorded : 0 }
}

function readEvent(value: Readonly<Record<string, unknown>>): CaptureEvent | undefined {
  const { t, conn, ts, addr, url, data, b64 } = value
  if (typeof t !== 'string' || !kinds.has(t) || typeof ts !== 'number' || !(Math.abs(ts) < SECONDS_MAX))
    return undefined
  const address = typeof url === 'string' ? url : typeof addr === 'string' ? addr : ''
  if (t === 'http' && !URL.canParse(address)) return undefined
  const bytes = typeof b64 === 'string' ? Buffer.from(b64, 'base64') : Buffer.from(typeof data === 'string' ? data : '')
  return {
    kind: t as CaptureKind,
    connection: typeof conn === 'string' ? conn : '',
    timeUs: Math.round(ts * 1e6),
    url: address,
    bytes,
  }
}
