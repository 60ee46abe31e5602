/**
 * One journal record, laid out alike in the ring and in the segment files. Little-endian, 8-byte aligned:
 *
 *   0         4         6         8                 16                24
 *   ┌─────────┬─────────┬─────────┬─────────────────┬─────────────────┬───────────────┬───────────────┐
 *   │ check   │ length  │ version │ sequence        │ epochUs         │ payload       │ zeros to 8    │
 *   │ u32     │ u16     │ u16     │ f64             │ f64             │ length bytes  │ 0 … 7         │
 *   └─────────┴─────────┴─────────┴─────────────────┴─────────────────┴───────────────┴───────────────┘
 *
 * The check covers everything but itself, padding included. In the files it is CRC-32C, which disks need. In the ring it
 * is a fold of the words: two multiplications each eight bytes, so that the core does not pay 1 ns a byte for what the
 * journal's own thread can do while it copies. Any change within one word is found for sure (an odd factor loses
 * nothing), any other but once in 2^32. A payload has at least one byte, so eight zeros are never a record but the end
 * of what was written.
 *
 * In the files a mark (a header without payload, of a version of its own) precedes every batch: its sequence was the
 * last one on disk, fdatasync returned, before anything behind it was written. Damage before a mark is therefore loss
 * of what was confirmed; damage behind the last one may be a batch that a power failure cut short in any order.
 */
import { assert } from '../../shared/assert.ts'
import { JOURNAL_RECORD_BYTES_MAX } from '../../shared/limits.ts'
import type { EpochUs } from '../../shared/units/time.ts'
import { CRC32C_START, crc32cStep, crc32cUpdate } from '../memory/crc32c.ts'

export const RECORD_VERSION = 1
export const RECORD_HEADER_BYTES = 24
/** A whole record, header and padding included. */
export const RECORD_BYTES_MAX = recordBytes(JOURNAL_RECORD_BYTES_MAX)

/** A mark takes the place of a header. */
export const MARK_BYTES = RECORD_HEADER_BYTES
const MARK_VERSION = 0x8001

const HEADER_WORDS = RECORD_HEADER_BYTES / 4
/** Length and version of a wrap marker (ring only): the rest of the ring is skipped. */
const WRAP_MARK = 0xffff << 16

export const RecordState = {
  good: 0,
  /** Eight zeros, or nothing left: the end. */
  none: 1,
  damaged: 2,
  /** Not a record: the mark of a batch. */
  mark: 3,
  /** Whole, but of a version this program does not know. */
  foreign: 4,
} as const
export type RecordState = (typeof RecordState)[keyof typeof RecordState]

assert(JOURNAL_RECORD_BYTES_MAX < 0xffff, 'a payload length fits 16 bits')
assert(new Uint8Array(new Uint16Array([1]).buffer)[0] === 1, 'the journal is little-endian, and so is the machine')

/** What a payload of `length` bytes takes in ring and file. */
export function recordBytes(length: number): number {
  return (RECORD_HEADER_BYTES + length + 7) & ~7
}

/** Odd, without a pattern: the halves of the golden ratio's and of 2^64/e's bits. */
const FOLD_LOW = 0x9e3779b1 | 0
const FOLD_HIGH = 0x5e2d58d9 | 0
const FOLD_TURN = 15

/**
 * Completes the record at word `at` (a multiple of 2) of a ring: payload, length and fold. Sequence and time are there
 * already: handed over as arguments they would be boxed. `payload` is a multiple of 4 bytes long, `length` of them count.
 */
export function foldRecord(words: Int32Array, at: number, payload: Int32Array, length: number): void {
  const lengthAndVersion = length | (RECORD_VERSION << 16)
  words[at + 1] = lengthAndVersion
  let low = Math.imul(lengthAndVersion, FOLD_LOW)
  let high = Math.imul(words[at + 2] ^ FOLD_HIGH, FOLD_HIGH)
  low = Math.imul(low ^ words[at + 3], FOLD_LOW)
  high = Math.imul(high ^ words[at + 4], FOLD_HIGH)
  low = Math.imul(low ^ words[at + 5], FOLD_LOW)
  let to = at + HEADER_WORDS
  const pairs = length >>> 3
  let from = 0
  for (let pair = 0; pair < pairs; pair++) {
    const first = payload[from++]
    const second = payload[from++]
    words[to++] = first
    words[to++] = second
    high = Math.imul(high ^ first, FOLD_HIGH)
    low = Math.imul(low ^ second, FOLD_LOW)
  }
  const rest = length & 7
  if (rest > 0) {
    const first = rest >= 4 ? payload[from] : payload[from] & lowBytes(rest)
    const second = rest > 4 ? payload[from + 1] & lowBytes(rest - 4) : 0
    words[to++] = first
    words[to] = second
    high = Math.imul(high ^ first, FOLD_HIGH)
    low = Math.imul(low ^ second, FOLD_LOW)
  }
  words[at] = low ^ (high >>> FOLD_TURN) ^ (high << (32 - FOLD_TURN))
}

/** Mask of the first `count` bytes of a little-endian word, 1 to 3. */
function lowBytes(count: number): number {
  return (1 << (8 * count)) - 1
}

/** Writes the mark that says everything up to `sequence` is on disk. Cold side. */
export function encodeMark(target: Uint8Array, sequence: number): void {
  const view = new DataView(target.buffer, target.byteOffset, MARK_BYTES)
  view.setUint16(4, 0, true)
  view.setUint16(6, MARK_VERSION, true)
  view.setFloat64(8, sequence, true)
  view.setFloat64(16, 0, true)
  view.setInt32(0, new RecordView(target).checksum(0, MARK_BYTES), true)
}

export function markWrap(words: Int32Array, at: number): void {
  words[at] = 0
  words[at + 1] = WRAP_MARK
}

/** Reads records in place; `at` is always a byte offset, a multiple of 8. */
export class RecordView {
  readonly bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  check(at: number): RecordState {
    if (at + 8 > this.bytes.length) return this.isBlank(at, this.bytes.length) ? RecordState.none : RecordState.damaged
    const length = this.length(at)
    const version = this.#view.getUint16(at + 6, true)
    const isMark = length === 0 && version === MARK_VERSION
    if (length === 0 && !isMark) return this.isBlank(at, at + 8) ? RecordState.none : RecordState.damaged
    const end = at + recordBytes(length)
    if (length > JOURNAL_RECORD_BYTES_MAX || end > this.bytes.length) return RecordState.damaged
    if (this.checksum(at, end) !== this.#view.getInt32(at, true)) return RecordState.damaged
    if (isMark) return RecordState.mark
    return version === RECORD_VERSION ? RecordState.good : RecordState.foreign
  }

  /** Of everything in [at, end) but the checksum's own place. */
  checksum(at: number, end: number): number {
    const start = crc32cStep(CRC32C_START, 0, this.#view.getInt32(at + 4, true))
    return ~crc32cUpdate(start, this.bytes, at + 8, end)
  }

  /** Writes the record's checksum. */
  seal(at: number): void {
    this.#view.setInt32(at, this.checksum(at, this.end(at)), true)
  }

  length(at: number): number {
    return this.#view.getUint16(at + 4, true)
  }

  sequence(at: number): number {
    return this.#view.getFloat64(at + 8, true)
  }

  epochUs(at: number): EpochUs {
    return this.#view.getFloat64(at + 16, true) as EpochUs
  }

  payload(at: number): Uint8Array {
    const from = at + RECORD_HEADER_BYTES
    return this.bytes.subarray(from, from + this.length(at))
  }

  /** Where the next record begins. */
  end(at: number): number {
    return at + recordBytes(this.length(at))
  }

  isWrap(at: number): boolean {
    return this.#view.getInt32(at + 4, true) === WRAP_MARK
  }

  isBlank(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.bytes[at] !== 0) return false
    return true
  }
}

/** Reads the records of a ring, whose checks are folds. */
export class RingRecordView extends RecordView {
  readonly #words: Int32Array

  constructor(bytes: Uint8Array) {
    super(bytes)
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >>> 2)
  }

  override checksum(at: number, end: number): number {
    const words = this.#words
    let word = (at >>> 2) + 1
    const last = end >>> 2
    let low = Math.imul(words[word++], FOLD_LOW)
    let high = Math.imul(words[word++] ^ FOLD_HIGH, FOLD_HIGH)
    low = Math.imul(low ^ words[word++], FOLD_LOW)
    while (word < last) {
      high = Math.imul(high ^ words[word++], FOLD_HIGH)
      low = Math.imul(low ^ words[word++], FOLD_LOW)
    }
    return low ^ (high >>> FOLD_TURN) ^ (high << (32 - FOLD_TURN))
  }
}
