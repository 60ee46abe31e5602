/**
 * Reads a journal back: the segments in order, then what only the ring still has. Every check is checked: CRC-32C in the files, the fold in the ring.
 *
 * - A torn tail is cut and reported: what is not whole, and the rest of the batch that was never confirmed on disk.
 * - Damage to what was once confirmed (a later mark says so), or a missing sequence, is never cut: JournalDamaged, and
 *   nothing is changed.
 */
import fs from 'node:fs'
import { assert } from '../../shared/assert.ts'
import type { EpochUs } from '../../shared/units/time.ts'
import { type JournalFiles, NodeJournalFiles } from './journal-files.ts'
import { RECORD_HEADER_BYTES, RecordState, RecordView, RingRecordView } from './journal-record.ts'
import { RING_HEADER_BYTES, RING_JOURNAL_ID, RING_MAGIC, RING_VERSION, RingWord } from './journal-ring.ts'
import {
  decodeSegmentHeader,
  listSegments,
  SEGMENT_HEADER_BYTES,
  SEGMENT_VERSION,
  type SegmentPlace,
  segmentName,
} from './journal-segment.ts'
import { readRingBytes, ringPaths } from './ring-region.ts'

/** One record, in order; the payload is a view, valid during the call. */
export type OnRecord = (sequence: number, epochUs: EpochUs, payload: Uint8Array) => void

export interface ReplaySummary {
  /** 0 for a new journal. */
  readonly lastSequence: number
  readonly records: number
  /** Of these, how many no file had: a killed process's last ones. */
  readonly recordsFromRing: number
  /** Bytes behind the last whole record of the files, without the zeros at the end. */
  readonly tornBytes: number
  readonly tornReason?: string
}

export class JournalDamaged extends Error {
  override readonly name = 'JournalDamaged'
}

/** Reads the journal of `directory` without changing it. Throws JournalDamaged, or what the file system throws. */
export function readJournal(directory: string, onRecord: OnRecord): ReplaySummary {
  const home = fs.realpathSync(directory)
  return replay(home, new NodeJournalFiles(home), onRecord).summary()
}

/** The same, keeping what is needed to go on writing. `directory` is absolute and free of links. */
export function replay(directory: string, files: JournalFiles, onRecord: OnRecord): JournalReader {
  const reader = new JournalReader(files, onRecord)
  reader.readSegments()
  for (const path of Object.values(ringPaths(directory))) {
    const ring = readRingBytes(path)
    if (ring !== undefined) reader.readRing(ring, path)
  }
  return reader
}

export class JournalReader {
  /** Name of the journal, 0 when there is none yet. */
  journalId = 0
  lastSequence = 0
  /** End of the last whole record in the files; number 0 when there is no segment in use. */
  place: SegmentPlace = { number: 0, offset: 0 }
  /** Size of that segment's file. */
  placeSize = 0
  /** Number of the segment whose tail is torn; 0 when none is. It is that of `place`, or the one begun behind it. */
  tornNumber = 0
  readonly #files: JournalFiles
  readonly #onRecord: OnRecord
  readonly #ringTail: Uint8Array[] = []
  #records = 0
  #tornBytes = 0
  #tornReason = ''

  constructor(files: JournalFiles, onRecord: OnRecord) {
    this.#files = files
    this.#onRecord = onRecord
  }

  summary(): ReplaySummary {
    return {
      lastSequence: this.lastSequence,
      records: this.#records,
      recordsFromRing: this.#ringTail.length,
      tornBytes: this.#tornBytes,
      ...(this.#tornReason === '' ? {} : { tornReason: this.#tornReason }),
    }
  }

  /** The records that only the ring had, whole and in order, to be written to the files. */
  ringTail(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#ringTail))
  }

  readSegments(): void {
    for (const number of listSegments(this.#files)) this.#readSegment(number)
  }

  /** A copy of the ring's region as it was left; `path` is for messages. */
  readRing(bytes: Uint8Array, path: string): void {
    if (bytes.length <= RING_HEADER_BYTES) return
    const index = new Int32Array(bytes.buffer, bytes.byteOffset, RING_HEADER_BYTES / 4)
    if (index[RingWord.magic] !== RING_MAGIC) return // killed while it was being made: nothing was in it
    const isKnown = index[RingWord.version] === RING_VERSION
    if (!isKnown || index[RingWord.ringBytes] !== bytes.length - RING_HEADER_BYTES) {
      throw new JournalDamaged(`${path} is not a ring of version ${RING_VERSION} of its size; nothing was changed`)
    }
    const tail = index[RingWord.tail]
    const head = index[RingWord.head]
    const journalId = new Float64Array(bytes.buffer, bytes.byteOffset, RING_HEADER_BYTES / 8)[RING_JOURNAL_ID]
    if (journalId !== this.journalId) {
      if (tail === head) return
      throw new JournalDamaged(
        `${path} holds records of a journal whose files are not here. Put the files back, or remove it to give them up`,
      )
    }
    const ring = new RingImage(bytes, path)
    const durable = this.lastSequence + ((index[RingWord.durableLow] - (this.lastSequence | 0)) | 0)
    if (durable > this.lastSequence) this.#readRingHistory(ring, head, durable)
    ring.walk(head, tail, durable + 1, (at) => this.#takeFromRing(ring.records, at))
  }

  /** The files lost records that were once confirmed on disk; the ring may not have overwritten them yet. */
  #readRingHistory(ring: RingImage, head: number, durable: number): void {
    const from = ring.find(this.lastSequence + 1, head)
    if (from === undefined) {
      throw new JournalDamaged(
        `records ${this.lastSequence + 1} to ${durable} were confirmed on disk, and the files end before them. ` +
          `Put the files back, or remove ${ring.path} to give them up; nothing was changed`,
      )
    }
    ring.walk(from, head, this.lastSequence + 1, (at) => this.#takeFromRing(ring.records, at))
  }

  #takeFromRing(records: RecordView, at: number): void {
    if (records.sequence(at) <= this.lastSequence) return
    assert(records.sequence(at) === this.lastSequence + 1, 'the ring goes on where the files end')
    this.#take(records, at)
    const record = records.bytes.slice(at, records.end(at))
    new RecordView(record).seal(0)
    this.#ringTail.push(record)
  }

  #take(records: RecordView, at: number): void {
    this.lastSequence = records.sequence(at)
    this.#records++
    this.#onRecord(this.lastSequence, records.epochUs(at), records.payload(at))
  }

  #readSegment(number: number): void {
    const name = segmentName(number)
    const bytes = this.#load(name)
    const contentEnd = endOfContent(bytes)
    if (contentEnd === 0) return // prepared ahead and not used
    if (this.tornNumber > 0) throw this.#damaged(this.place.number, this.place.offset, `${name} follows`)
    const records = new RecordView(bytes)
    const header = decodeSegmentHeader(bytes)
    if (header === undefined) {
      this.#tear(number, records, 0, contentEnd)
      return
    }
    if (header.version !== SEGMENT_VERSION) {
      throw new JournalDamaged(`${name} is of version ${header.version}, unknown here; nothing was changed`)
    }
    if (this.journalId === 0) this.journalId = header.journalId
    if (header.journalId !== this.journalId || header.number !== number) {
      throw new JournalDamaged(`${name} belongs to another journal; nothing was changed`)
    }
    this.#expect(header.firstSequence, number, 0)
    const at = this.#readBatches(number, records)
    this.place = { number, offset: at }
    this.placeSize = bytes.length
    if (at < contentEnd) this.#tear(number, records, at, contentEnd)
  }

  /** Takes the records of a segment; answers where the last whole one ends. */
  #readBatches(number: number, records: RecordView): number {
    let at = SEGMENT_HEADER_BYTES
    for (;;) {
      const state = records.check(at)
      if (state === RecordState.mark) this.#expect(records.sequence(at) + 1, number, at)
      else if (state === RecordState.good) {
        this.#expect(records.sequence(at), number, at)
        this.#take(records, at)
      } else if (state === RecordState.foreign) {
        throw new JournalDamaged(`${segmentName(number)} has records of a version unknown here; nothing was changed`)
      } else return at
      at = records.end(at)
    }
  }

  #load(name: string): Uint8Array {
    const file = this.#files.open(name)
    try {
      const bytes = new Uint8Array(this.#files.size(file))
      this.#files.read(file, bytes)
      return bytes
    } finally {
      this.#files.close(file)
    }
  }

  #expect(sequence: number, number: number, at: number): void {
    if (sequence === this.lastSequence + 1) return
    throw new JournalDamaged(
      `${segmentName(number)} has record ${sequence} at byte ${at} where ${this.lastSequence + 1} belongs: ` +
        'records are missing. Put the missing files back; nothing was changed',
    )
  }

  /**
   * Bytes [at, contentEnd) begin with something that is no record: a torn tail, unless a mark behind it says that it
   * was on disk. A segment's header is on disk before anything else of it, so there any record says so.
   */
  #tear(number: number, records: RecordView, at: number, contentEnd: number): void {
    let unconfirmed = 0
    const nextMax = Math.min(contentEnd - 1, records.bytes.length - RECORD_HEADER_BYTES)
    for (let next = at + 8; next <= nextMax; next += 8) {
      if (!(records.sequence(next) > this.lastSequence)) continue // cheap, and true of almost every byte
      const state = records.check(next)
      if (state === RecordState.mark || (state === RecordState.good && at === 0)) {
        throw this.#damaged(number, at, `byte ${next} shows that it was whole`)
      }
      if (state === RecordState.good) unconfirmed++
    }
    this.tornNumber = number
    this.#tornBytes = contentEnd - at
    const what = at === 0 ? 'has no whole header' : `has no whole record ${this.lastSequence + 1} at byte ${at}`
    const rest = unconfirmed === 0 ? '' : `; ${unconfirmed} whole ones of the same unconfirmed batch follow`
    this.#tornReason = `${segmentName(number)} ${what}${rest}`
  }

  #damaged(number: number, at: number, what: string): JournalDamaged {
    const path = `${this.#files.directory}/${segmentName(number)}`
    return new JournalDamaged(
      `${path} is damaged at byte ${at}, after record ${this.lastSequence}: ${what}, so this is no torn tail. ` +
        'Restore the file from a copy. To give up every record from there on instead, remove later segments and run: ' +
        `truncate -s ${at} ${path}`,
    )
  }
}

/** A ring's region as it was left. Cursors count words modulo 2^32, as in the region. */
class RingImage {
  readonly path: string
  readonly records: RingRecordView
  readonly #capacity: number

  constructor(bytes: Uint8Array, path: string) {
    this.path = path
    this.records = new RingRecordView(bytes)
    this.#capacity = (bytes.length - RING_HEADER_BYTES) / 8
  }

  /** Visits every record from one cursor to another; they must be whole and count up from `sequence`. */
  walk(from: number, to: number, sequence: number, visit: (at: number) => void): void {
    for (let cursor = from; cursor !== to; sequence++) {
      let at = this.#offset(cursor)
      if (this.records.isWrap(at)) {
        cursor = (cursor + (this.records.bytes.length - at) / 8) | 0
        at = RING_HEADER_BYTES
      }
      if (this.records.check(at) !== RecordState.good || this.records.sequence(at) !== sequence) {
        throw new JournalDamaged(
          `${this.path} is damaged at byte ${at}: record ${sequence} is not whole; nothing was changed`,
        )
      }
      visit(at)
      cursor = (cursor + (this.records.end(at) - at) / 8) | 0
    }
  }

  /** Cursor, before `head`, of the record with that sequence that was not overwritten yet. */
  find(sequence: number, head: number): number | undefined {
    for (let at = RING_HEADER_BYTES; at + RECORD_HEADER_BYTES <= this.records.bytes.length; at += 8) {
      if (this.records.sequence(at) !== sequence || this.records.check(at) !== RecordState.good) continue
      const back = ((this.#offset(head) - at) / 8) & (this.#capacity - 1)
      return (head - (back === 0 ? this.#capacity : back)) | 0
    }
    return undefined
  }

  #offset(cursor: number): number {
    return RING_HEADER_BYTES + (cursor & (this.#capacity - 1)) * 8
  }
}

/** Offset behind the last byte that is not zero. */
function endOfContent(bytes: Uint8Array): number {
  let end = bytes.length
  while (end % 4 !== 0 && bytes[end - 1] === 0) end--
  if (end % 4 === 0) {
    const words = new Int32Array(bytes.buffer, 0, end / 4)
    let count = words.length
    while (count > 0 && words[count - 1] === 0) count--
    end = count * 4
  }
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}
