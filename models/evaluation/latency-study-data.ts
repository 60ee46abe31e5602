/**
 * Finds recorded order round trips below a directory, by content: csv (gz or plain) of Timestamp in ms, Order_ID and Status,
 * where a PENDING_ row and its completion of the same order and kind make one round trip.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { LatencyKind } from '../../hotpath/latency/learned-latency.ts'

export class LatencyDataError extends Error {
  override readonly name = 'LatencyDataError'
}

export interface RoundTrip {
  readonly kind: LatencyKind
  readonly sentMs: number
  readonly answeredMs: number
}

export interface LatencyFile {
  readonly name: string
  /** By the time of the answer. */
  readonly trips: readonly RoundTrip[]
}

export interface LatencyData {
  readonly files: readonly LatencyFile[]
  /** What was left out and why, a line each. */
  readonly notes: readonly string[]
}

const HEADER = 'Timestamp,Order_ID,Status'
const TEXT_BYTES_MAX = 268_435_456

const asks: Readonly<Record<string, LatencyKind>> = {
  PENDING_CREATE: LatencyKind.place,
  PENDING_CANCEL: LatencyKind.cancel,
  PENDING_EXECUTE: LatencyKind.execute,
}
const answers: Readonly<Record<string, LatencyKind>> = {
  CREATED: LatencyKind.place,
  CANCELED: LatencyKind.cancel,
  EXECUTED: LatencyKind.execute,
}

/**
 * Round trips of one csv text, or undefined when it is not this layout. `bad` counts rows that cannot be read or make no
 * positive latency; `halves` asks without an answer and answers without an ask (a cut recording has some).
 */
export function readRoundTrips(text: string): { trips: RoundTrip[]; bad: number; halves: number } | undefined {
  const lines = text.split(/\r?\n/)
  if (lines[0].trim() !== HEADER) return undefined
  const asked = new Map<string, number>()
  const trips: RoundTrip[] = []
  let bad = 0
  let halves = 0
  for (const line of lines.slice(1)) {
    if (line === '') continue
    const [time, order, status = ''] = line.split(',')
    const isAsk = Object.hasOwn(asks, status)
    const ms = Number(time)
    if (!/^\d{1,15}$/.test(time) || !order || !(isAsk || Object.hasOwn(answers, status))) {
      bad++
      continue
    }
    const kind = isAsk ? asks[status] : answers[status]
    const key = `${kind} ${order}`
    const sentMs = asked.get(key)
    if (isAsk) {
      if (sentMs === undefined) asked.set(key, ms)
      else bad++
    } else if (sentMs === undefined) {
      halves++
    } else {
      asked.delete(key)
      if (ms > sentMs) trips.push({ kind, sentMs, answeredMs: ms })
      else bad++
    }
  }
  trips.sort((a, b) => a.answeredMs - b.answeredMs)
  return { trips, bad, halves: halves + asked.size }
}

function filesBelow(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new LatencyDataError(`${path}: no such directory; give one with recorded round trips`)
  if (found.isFile()) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => /\.csv(\.gz)?$/.test(file))
    .sort()
}

function textOf(file: string): string {
  const bytes = readFileSync(file)
  return (file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes).toString('utf8')
}

/** Every file below `path` that holds round trips. Throws LatencyDataError when there is none. */
export function readLatencyData(path: string): LatencyData {
  const files: LatencyFile[] = []
  const notes: string[] = []
  for (const file of filesBelow(path)) {
    const name = relative(path, file) || basename(file)
    try {
      const read = readRoundTrips(textOf(file))
      if (read === undefined) notes.push(`${name}: left out, its first line is not ${HEADER}`)
      else if (read.trips.length === 0) notes.push(`${name}: left out, no round trip in it (${read.bad} bad rows)`)
      else {
        files.push({ name, trips: read.trips })
        if (read.bad + read.halves > 0) notes.push(`${name}: ${read.bad} bad rows, ${read.halves} half round trips`)
      }
    } catch (error) {
      notes.push(`${name}: left out, ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (files.length === 0) {
    const why = notes.length > 0 ? ` (${notes.join('; ')})` : ''
    throw new LatencyDataError(`${path}: no recorded round trips in it${why}`)
  }
  return { files, notes }
}
