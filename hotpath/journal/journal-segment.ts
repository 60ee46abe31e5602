/**
 * The journal's files: journal-000001.sor, journal-000002.sor … each written full of zeros first and then filled, so
 * that fdatasync has no metadata to write (measured: 150 us instead of 210).
 *
 *   0           8         12        16           24               32        60       64
 *   ┌───────────┬─────────┬─────────┬────────────┬────────────────┬─────────┬────────┬──────────────────┐
 *   │ SORJOURN  │ version │ number  │ journalId  │ first sequence │ zeros   │ crc32c │ batches … zeros  │
 *   └───────────┴─────────┴─────────┴────────────┴────────────────┴─────────┴────────┴──────────────────┘
 *
 * A batch is a mark and then records (journal-record); the last mark stands alone when the journal was closed. A segment
 * of zeros only is one prepared ahead and not yet used. Version 1: a change of any layout here or in journal-record
 * takes a new one.
 */
import { assert } from '../../shared/assert.ts'
import { crc32c } from '../memory/crc32c.ts'
import type { JournalFiles } from './journal-files.ts'
import { encodeMark, MARK_BYTES, RECORD_BYTES_MAX } from './journal-record.ts'

export const SEGMENT_BYTES_DEFAULT = 2 ** 26
export const SEGMENT_HEADER_BYTES = 64
export const SEGMENT_VERSION = 1
const MAGIC = new TextEncoder().encode('SORJOURN')
const At = { version: 8, number: 12, journalId: 16, firstSequence: 24, crc: 60 } as const
const ZEROS = new Uint8Array(2 ** 20)
/** Zeros written and synced in one turn: about 1 ms. */
const STEP_BYTES = 2 ** 19

export interface SegmentHeader {
  readonly version: number
  readonly number: number
  readonly journalId: number
  readonly firstSequence: number
}

/** Where writing goes on: a segment's number and the byte offset in it; number 0 before the first segment. */
export interface SegmentPlace {
  readonly number: number
  readonly offset: number
}

export function segmentName(number: number): string {
  return `journal-${String(number).padStart(6, '0')}.sor`
}

/** Numbers of the segments there are, ascending. */
export function listSegments(files: JournalFiles): number[] {
  const numbers: number[] = []
  for (const name of files.list()) {
    const match = /^journal-(\d{6,})\.sor$/.exec(name)
    if (match !== null) numbers.push(Number(match[1]))
  }
  return numbers.sort((a, b) => a - b)
}

export function encodeSegmentHeader(number: number, journalId: number, firstSequence: number): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC)
  view.setUint32(At.version, SEGMENT_VERSION, true)
  view.setUint32(At.number, number, true)
  view.setFloat64(At.journalId, journalId, true)
  view.setFloat64(At.firstSequence, firstSequence, true)
  view.setInt32(At.crc, crc32c(bytes, 0, At.crc), true)
  return bytes
}

/** The header at the start of `bytes`, or undefined when there is no whole one. */
export function decodeSegmentHeader(bytes: Uint8Array): SegmentHeader | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || !MAGIC.every((byte, at) => bytes[at] === byte)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER_BYTES)
  if (view.getInt32(At.crc, true) !== crc32c(bytes, 0, At.crc)) return undefined
  return {
    version: view.getUint32(At.version, true),
    number: view.getUint32(At.number, true),
    journalId: view.getFloat64(At.journalId, true),
    firstSequence: view.getFloat64(At.firstSequence, true),
  }
}

/** Appends records to the last segment and moves on to the next. Every step can be repeated after a disk error. */
export class SegmentWriter {
  readonly #files: JournalFiles
  readonly #journalId: number
  readonly #segmentBytes: number
  readonly #mark = new Uint8Array(MARK_BYTES)
  #file = -1
  #number: number
  #offset: number
  #nextFile = -1
  #nextFilled = 0
  #isNextReady = false

  /** Opens the segment of `place`; behind its offset there are zeros, or `blankRest` comes first. */
  constructor(files: JournalFiles, journalId: number, segmentBytes: number, place: SegmentPlace) {
    assert(
      segmentBytes >= SEGMENT_HEADER_BYTES + RECORD_BYTES_MAX + 2 * MARK_BYTES,
      'a segment holds the largest record',
    )
    this.#files = files
    this.#journalId = journalId
    this.#segmentBytes = segmentBytes
    this.#number = place.number
    this.#offset = place.offset
    if (place.number === 0) this.#offset = segmentBytes
    else this.#file = files.open(segmentName(place.number))
  }

  get place(): SegmentPlace {
    return { number: this.#number, offset: this.#offset }
  }

  /** Bytes of records that still fit into this segment, beside their mark and the closing one. */
  room(): number {
    return Math.max(0, this.#segmentBytes - this.#offset - 2 * MARK_BYTES)
  }

  /**
   * Writes a batch of whole records and returns when it is on disk; `durable` is the last sequence that is there now.
   * After an error the same records come again.
   */
  append(records: Uint8Array, from: number, length: number, durable: number): void {
    assert(length <= this.room(), 'records stay within the segment')
    this.#writeMark(durable)
    this.#files.write(this.#file, records, from, length, this.#offset + MARK_BYTES)
    this.#files.sync(this.#file)
    this.#offset += MARK_BYTES + length
  }

  /**
   * Writes down that everything up to `durable` is on disk, when no batch will follow. There is room after any batch;
   * where there is none, nothing was written since the last closing mark.
   */
  seal(durable: number): void {
    if (this.#offset + MARK_BYTES > this.#segmentBytes) return
    this.#writeMark(durable)
    this.#files.sync(this.#file)
    this.#offset += MARK_BYTES
  }

  #writeMark(durable: number): void {
    encodeMark(this.#mark, durable)
    this.#files.write(this.#file, this.#mark, 0, MARK_BYTES, this.#offset)
  }

  /** Goes on in a new segment, whose first record will be `firstSequence`. */
  rotate(firstSequence: number): void {
    if (!this.#isNextReady) this.prepareNext(this.#segmentBytes)
    const header = encodeSegmentHeader(this.#number + 1, this.#journalId, firstSequence)
    this.#files.write(this.#nextFile, header, 0, header.length, 0)
    this.#files.sync(this.#nextFile)
    if (this.#file >= 0) this.#files.close(this.#file)
    this.#file = this.#nextFile
    this.#number += 1
    this.#offset = SEGMENT_HEADER_BYTES
    this.#nextFile = -1
    this.#nextFilled = 0
    this.#isNextReady = false
  }

  /**
   * Whether it is time for a step of `prepareNext`: over the second half of this segment, twice as much of the next is
   * written as of this one. In small steps, because a sync of 64 MiB of zeros held records up for 130 ms.
   */
  wantsNext(): boolean {
    return !this.#isNextReady && this.#nextFilled < 2 * this.#offset - this.#segmentBytes
  }

  /** Writes at most `bytesMax` more of the next segment, zeros, and returns when they are on disk. */
  prepareNext(bytesMax = STEP_BYTES): void {
    if (this.#nextFile < 0) this.#nextFile = this.#files.open(segmentName(this.#number + 1))
    if (this.#nextFilled === 0) this.#files.truncate(this.#nextFile, 0)
    const to = Math.min(this.#segmentBytes, this.#nextFilled + bytesMax)
    writeZeros(this.#files, this.#nextFile, this.#nextFilled, to)
    this.#files.sync(this.#nextFile)
    this.#nextFilled = to
    if (to < this.#segmentBytes) return
    this.#files.syncNames()
    this.#isNextReady = true
  }

  /** What a killed process wrote may not be on disk yet. At boot only. */
  sync(): void {
    if (this.#file >= 0) this.#files.sync(this.#file)
  }

  /** Cuts off what is behind the last record and writes zeros there; `sync` follows. At boot only. */
  blankRest(): void {
    this.#files.truncate(this.#file, this.#offset)
    writeZeros(this.#files, this.#file, this.#offset, this.#segmentBytes)
  }

  close(): void {
    if (this.#file >= 0) this.#files.close(this.#file)
    if (this.#nextFile >= 0) this.#files.close(this.#nextFile)
    this.#file = -1
    this.#nextFile = -1
  }
}

function writeZeros(files: JournalFiles, file: number, from: number, to: number): void {
  for (let at = from; at < to; at += ZEROS.length) files.write(file, ZEROS, 0, Math.min(ZEROS.length, to - at), at)
}
