/** The whole journal in one thread: ring in plain memory, duty in turns, files that fail on purpose. */
import { JournalDuty } from '../../../../hotpath/journal/journal-duty.ts'
import { JournalReader } from '../../../../hotpath/journal/journal-reader.ts'
import { formatRing, JournalRing, RING_HEADER_BYTES, RingConsumer } from '../../../../hotpath/journal/journal-ring.ts'
import { SegmentWriter } from '../../../../hotpath/journal/journal-segment.ts'
import type { MappedRegion } from '../../../../hotpath/memory/mapped-region.ts'
import type { MonoNs } from '../../../../shared/units/time.ts'
import { MemoryFiles } from './memory-files.ts'

export const JOURNAL_ID = 1_700_000_000_000_000

export function memoryRegion(ringBytes: number): MappedRegion {
  return {
    kind: 'shared memory',
    path: '/memory/ring',
    bytes: new Uint8Array(new ArrayBuffer(RING_HEADER_BYTES + ringBytes)),
    save() {},
    close() {},
  }
}

/** A payload that tells its own number: `length` bytes, the first four of them the number. */
export function payloadOf(number: number, length: number): Uint8Array {
  const payload = Uint8Array.from({ length }, (_, at) => (number * 31 + at * 7) & 255)
  if (length >= 4) new DataView(payload.buffer).setUint32(0, number, true)
  return payload
}

export class MemoryRig {
  readonly files: MemoryFiles
  readonly region: MappedRegion
  readonly ring: JournalRing
  readonly consumer: RingConsumer
  readonly segment: SegmentWriter
  readonly duty: JournalDuty
  #nowNs = 0

  constructor(ringBytes: number, segmentBytes: number, files = new MemoryFiles()) {
    this.files = files
    this.region = memoryRegion(ringBytes)
    formatRing(this.region, JOURNAL_ID, 0)
    this.ring = new JournalRing(this.region, 0)
    this.consumer = new RingConsumer(this.region.bytes, 0)
    this.segment = new SegmentWriter(files, JOURNAL_ID, segmentBytes, { number: 0, offset: 0 })
    this.segment.rotate(1)
    this.duty = new JournalDuty(this.consumer, this.segment)
  }

  append(payload: Uint8Array): number {
    return this.ring.append(payload, payload.length)
  }

  /** A turn of the duty, `afterMs` later. */
  turn(afterMs = 1): number {
    this.#nowNs += afterMs * 1e6
    return this.duty.work(this.#nowNs as MonoNs)
  }

  drain(): void {
    while (!this.duty.isDrained()) this.turn()
  }
}

export interface ReadBack {
  reader: JournalReader
  sequences: number[]
  payloads: Uint8Array[]
}

/** Reads files, and the ring as a killed process left it. */
export function readBack(files: MemoryFiles, ring?: MappedRegion): ReadBack {
  const sequences: number[] = []
  const payloads: Uint8Array[] = []
  const reader = new JournalReader(files, (sequence, _epochUs, payload) => {
    sequences.push(sequence)
    payloads.push(payload.slice())
  })
  reader.readSegments()
  if (ring !== undefined) reader.readRing(ring.bytes.slice(), ring.path)
  return { reader, sequences, payloads }
}
