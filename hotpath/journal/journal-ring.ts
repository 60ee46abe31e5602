/**
 * The journal's ring in memory that survives kill -9: one writer (the core), one reader (the journal duty).
 *
 *   byte 0       128              256                          4096              4096 + ring bytes
 *   ┌────────────┬────────────────┬────────────────────────────┬─────────────────────┐
 *   │ identity   │ tail           │ head · durable             │ records …  wrap     │
 *   │ at boot    │ writer's line  │ reader's line              │ one in one piece    │
 *   └────────────┴────────────────┴────────────────────────────┴─────────────────────┘
 *
 * Tail and head count 8-byte words ever passed, modulo 2^32. The writer stores a record plainly and publishes it with
 * one Atomics.store of the tail; what lies between head and tail is whole, whatever happens to the process. The reader
 * moves the head only after fdatasync, so the ring holds everything that is not on disk yet.
 */
import { assert } from '../../shared/assert.ts'
import { JOURNAL_RECORD_BYTES_MAX } from '../../shared/limits.ts'
import type { EpochUs } from '../../shared/units/time.ts'
import type { MappedRegion } from '../memory/mapped-region.ts'
import {
  foldRecord,
  markWrap,
  RECORD_BYTES_MAX,
  RecordState,
  RecordView,
  RingRecordView,
  recordBytes,
} from './journal-record.ts'
import type { JournalSink } from './journal-sink.ts'

/** 0.7 s of 100,000 records of 200 bytes a second: longer than a disk stalls. */
export const RING_BYTES_DEFAULT = 2 ** 24
export const RING_HEADER_BYTES = 4096
export const RING_MAGIC = 0x52_4a_4f_53
export const RING_VERSION = 2

/** Int32 index in the region. Lines written by different threads are 128 bytes apart: two cache lines, prefetch pairs. */
export const RingWord = { magic: 0, version: 1, ringBytes: 2, tail: 32, head: 64, durableLow: 65 } as const
/** The part of the header that changes. */
const RING_INDEX_BYTES = 384
/** Float64 index: when the journal was made, microseconds; its name, so that a ring is never joined to other files. */
export const RING_JOURNAL_ID = 2

/** The writer's own numbers. */
const Own = { tail: 0, head: 1, count: 2 } as const
const Wide = { lastSequence: 0, nowUs: 1, count: 2 } as const

export function ringRegionBytes(ringBytes: number): number {
  return RING_HEADER_BYTES + ringBytes
}

/** Makes an empty ring of the whole region; everything that was in it is wiped. The magic is written last. */
export function formatRing(region: MappedRegion, journalId: number, lastSequence: number): void {
  const { bytes } = region
  const ringBytes = bytes.length - RING_HEADER_BYTES
  assert(Number.isInteger(Math.log2(ringBytes)), 'a ring is a power of two')
  assert(
    ringBytes >= 4 * RECORD_BYTES_MAX && ringBytes <= 2 ** 30,
    'a ring holds several records and counts in 32 bits',
  )
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, RING_HEADER_BYTES / 4)
  Atomics.store(words, RingWord.magic, 0)
  region.save(0, 4)
  bytes.fill(0)
  words[RingWord.version] = RING_VERSION
  words[RingWord.ringBytes] = ringBytes
  words[RingWord.durableLow] = lastSequence | 0
  new Float64Array(bytes.buffer, bytes.byteOffset, RING_HEADER_BYTES / 8)[RING_JOURNAL_ID] = journalId
  region.save(4, bytes.length)
  Atomics.store(words, RingWord.magic, RING_MAGIC)
  region.save(0, 4)
}

/** The writer's side. One object per region; the ring is empty. */
export class JournalRing implements JournalSink {
  readonly #region: MappedRegion
  readonly #isMirrored: boolean
  readonly #index: Int32Array
  readonly #words: Int32Array
  readonly #doubles: Float64Array
  /** Words in the ring. */
  readonly #capacity: number
  readonly #own = new Int32Array(Own.count)
  readonly #wide = new Float64Array(Wide.count)
  /** The bytes of the last append and the same in words: the core brings one record object all day. */
  #source: Uint8Array = new Uint8Array(0)
  #sourceWords: Int32Array = new Int32Array(0)
  readonly #unaligned = new Uint8Array(JOURNAL_RECORD_BYTES_MAX)

  constructor(region: MappedRegion, lastSequence: number) {
    const { buffer, byteOffset, length } = region.bytes
    this.#region = region
    this.#isMirrored = region.kind === 'file'
    this.#index = new Int32Array(buffer, byteOffset, RING_HEADER_BYTES / 4)
    const data = byteOffset + RING_HEADER_BYTES
    this.#words = new Int32Array(buffer, data, (length - RING_HEADER_BYTES) / 4)
    this.#doubles = new Float64Array(buffer, data, (length - RING_HEADER_BYTES) / 8)
    this.#capacity = this.#doubles.length
    assert(this.#index[RingWord.magic] === RING_MAGIC, 'the ring is formatted')
    assert(this.#index[RingWord.tail] === this.#index[RingWord.head], 'the ring is empty')
    this.#own[Own.tail] = this.#index[RingWord.tail]
    this.#own[Own.head] = this.#index[RingWord.head]
    this.#wide[Wide.lastSequence] = lastSequence
  }

  /** The time written into records: set once per turn, because reading a clock costs as much as half an append. */
  get nowUs(): EpochUs {
    return this.#wide[Wide.nowUs] as EpochUs
  }
  set nowUs(value: EpochUs) {
    this.#wide[Wide.nowUs] = value
  }

  /** Allocates nothing up to sequence 2^31 (some 500 GB of journal); from there on the answer is boxed, 16 bytes. */
  append(record: Uint8Array, length: number): number {
    return this.#write(record, length) ? this.#wide[Wide.lastSequence] : -1
  }

  /** A record takes 24 bytes more than its payload, rounded up to 8; what a wrap may waste is already taken off. */
  room(): number {
    const used = (this.#own[Own.tail] - Atomics.load(this.#index, RingWord.head)) | 0
    return Math.max(0, (this.#capacity - used) * 8 - RECORD_BYTES_MAX)
  }

  durableSequence(): number {
    const last = this.#wide[Wide.lastSequence]
    return last - (((last | 0) - Atomics.load(this.#index, RingWord.durableLow)) >>> 0)
  }

  lastSequence(): number {
    return this.#wide[Wide.lastSequence]
  }

  #write(record: Uint8Array, length: number): boolean {
    assert(length >= 1 && length <= JOURNAL_RECORD_BYTES_MAX, 'a record has a payload within its bound')
    assert(length <= record.length, 'a record is as long as it says')
    const words = recordBytes(length) >>> 3
    const at = this.#own[Own.tail] & (this.#capacity - 1)
    const toEnd = this.#capacity - at
    const skipped = words > toEnd ? toEnd : 0
    if (skipped + words > this.#freeWords() && !this.#reclaim(skipped + words)) return false
    if (skipped > 0) markWrap(this.#words, at * 2)
    const start = skipped > 0 ? 0 : at
    this.#doubles[start + 1] = this.#wide[Wide.lastSequence] + 1
    this.#doubles[start + 2] = this.#wide[Wide.nowUs]
    if (record !== this.#source) this.#look(record, length)
    foldRecord(this.#words, start * 2, this.#sourceWords, length)
    this.#publish(at, start, skipped, words)
    return true
  }

  /** Allocates: for whoever brings another array each time, or one that is not made of whole words. */
  #look(record: Uint8Array, length: number): void {
    if (record.byteOffset % 4 === 0 && record.length % 8 === 0) {
      this.#source = record
      this.#sourceWords = new Int32Array(record.buffer, record.byteOffset, record.length / 4)
      return
    }
    this.#source = this.#unaligned
    this.#unaligned.set(record.subarray(0, length))
    this.#sourceWords = new Int32Array(this.#unaligned.buffer)
  }

  #publish(at: number, start: number, skipped: number, words: number): void {
    const tail = (this.#own[Own.tail] + skipped + words) | 0
    if (this.#isMirrored) this.#saveRecord(at, start, skipped, words)
    Atomics.store(this.#index, RingWord.tail, tail)
    if (this.#isMirrored) this.#region.save(0, RING_INDEX_BYTES)
    this.#own[Own.tail] = tail
    this.#wide[Wide.lastSequence] += 1
  }

  #saveRecord(at: number, start: number, skipped: number, words: number): void {
    if (skipped > 0) this.#region.save(RING_HEADER_BYTES + at * 8, RING_HEADER_BYTES + at * 8 + 8)
    this.#region.save(RING_HEADER_BYTES + start * 8, RING_HEADER_BYTES + (start + words) * 8)
  }

  #freeWords(): number {
    return this.#capacity - ((this.#own[Own.tail] - this.#own[Own.head]) | 0)
  }

  /**
   * Looks again how far the reader is; true when `words` fit now. In a mirrored ring the head goes to the file before
   * anything behind it is overwritten: a restart must not look for records there.
   */
  #reclaim(words: number): boolean {
    const head = Atomics.load(this.#index, RingWord.head)
    if (head === this.#own[Own.head]) return false
    this.#own[Own.head] = head
    if (this.#isMirrored) this.#region.save(0, RING_INDEX_BYTES)
    return words <= this.#freeWords()
  }
}

/** The reader's side: hands out published records in whole pieces and, once they are safe, gives their room back. */
export class RingConsumer {
  readonly bytes: Uint8Array
  /** Byte offset in `bytes` of the piece that `peek` found. */
  from = 0
  readonly #index: Int32Array
  readonly #records: RingRecordView
  readonly #capacity: number
  #head: number
  #peeked = 0
  #peekedRecords = 0
  #durable: number

  constructor(bytes: Uint8Array, lastSequence: number) {
    this.bytes = bytes
    this.#index = new Int32Array(bytes.buffer, bytes.byteOffset, RING_HEADER_BYTES / 4)
    this.#records = new RingRecordView(bytes)
    this.#capacity = (bytes.length - RING_HEADER_BYTES) / 8
    this.#durable = lastSequence
    this.#head = this.#index[RingWord.head]
    assert(this.#index[RingWord.magic] === RING_MAGIC, 'the ring is formatted')
  }

  /** Sequence of the next record that is not on disk. */
  get nextSequence(): number {
    return this.#durable + 1
  }

  /** True when something is published that was not released. */
  hasRecords(): boolean {
    return Atomics.load(this.#index, RingWord.tail) !== this.#head
  }

  /**
   * Checks the next records and answers how many bytes of them, at most `bytesMax`, lie in one piece at `from`; 0 when
   * there is none or the first is longer. A record that is not whole and next in order is our own mistake.
   */
  peek(bytesMax: number): number {
    const tail = Atomics.load(this.#index, RingWord.tail)
    this.#peekedRecords = 0
    if (tail !== this.#head && this.#records.isWrap(this.#offset(this.#head))) {
      this.#head = (this.#head + this.#capacity - (this.#head & (this.#capacity - 1))) | 0
    }
    this.from = this.#offset(this.#head)
    let end = this.from
    let cursor = this.#head
    while (cursor !== tail && !this.#records.isWrap(end)) {
      const next = this.#records.end(end)
      if (next - this.from > bytesMax) break
      assert(this.#records.check(end) === RecordState.good, 'a published record is whole')
      this.#peekedRecords++
      assert(this.#records.sequence(end) === this.#durable + this.#peekedRecords, 'records are published in order')
      cursor = (cursor + (next - end) / 8) | 0
      end = next
      if (end === this.bytes.length) break
    }
    this.#peeked = end - this.from
    return this.#peeked
  }

  /** Copies what `peek` found to the start of `target`, each record with the checksum that files have. */
  copySealed(target: Uint8Array): void {
    target.set(this.bytes.subarray(this.from, this.from + this.#peeked))
    const records = new RecordView(target)
    for (let at = 0; at < this.#peeked; at = records.end(at)) records.seal(at)
  }

  /** What `peek` found is on disk: tells the writer. Answers how many records that were. */
  release(): number {
    this.#durable += this.#peekedRecords
    this.#head = (this.#head + this.#peeked / 8) | 0
    Atomics.store(this.#index, RingWord.durableLow, this.#durable | 0)
    Atomics.store(this.#index, RingWord.head, this.#head)
    this.#peeked = 0
    return this.#peekedRecords
  }

  #offset(cursor: number): number {
    return RING_HEADER_BYTES + (cursor & (this.#capacity - 1)) * 8
  }
}
