/** Truncation at every byte, damage at every byte, and everything a crash can leave behind. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JournalDamaged } from '../../../../hotpath/journal/journal-reader.ts'
import { MARK_BYTES, recordBytes } from '../../../../hotpath/journal/journal-record.ts'
import { RING_VERSION, RingWord } from '../../../../hotpath/journal/journal-ring.ts'
import { SEGMENT_HEADER_BYTES, segmentName } from '../../../../hotpath/journal/journal-segment.ts'
import { crc32c } from '../../../../hotpath/memory/crc32c.ts'
import { Prng } from '../../../../shared/prng.ts'
import type { MemoryFiles } from './memory-files.ts'
import { MemoryRig, payloadOf, readBack } from './memory-rig.ts'

const RING_BYTES = 32_768
const SEGMENT_BYTES = 65_536
const LENGTH = 20
const RECORD_BYTES = recordBytes(LENGTH)

/** Batches of `batchSize` records, `count` in all, each batch written and confirmed. */
function written(count: number, batchSize: number): MemoryRig {
  const rig = new MemoryRig(RING_BYTES, SEGMENT_BYTES)
  for (let sequence = 1; sequence <= count; sequence++) {
    rig.append(payloadOf(sequence, LENGTH))
    if (sequence % batchSize === 0) rig.drain()
  }
  return rig
}

function segment(files: MemoryFiles, number = 1): { bytes: Uint8Array } {
  const file = files.files.get(segmentName(number))
  if (file === undefined) throw new Error('no such segment')
  return file
}

/** Byte offset of a record when batches have `batchSize` records. */
function offsetOf(sequence: number, batchSize: number): number {
  const batch = Math.floor((sequence - 1) / batchSize)
  return SEGMENT_HEADER_BYTES + (batch + 1) * MARK_BYTES + (sequence - 1) * RECORD_BYTES
}

function endOf(sequence: number, batchSize: number): number {
  return offsetOf(sequence, batchSize) + RECORD_BYTES
}

describe('a file cut short', () => {
  test('at every byte of the last three records gives every whole record and says what was torn', () => {
    const rig = written(10, 10)
    const whole = segment(rig.files).bytes
    for (let size = offsetOf(8, 10); size <= endOf(10, 10); size++) {
      segment(rig.files).bytes = whole.slice(0, size)
      const { reader, sequences } = readBack(rig.files)
      const kept = 7 + Math.floor((size - offsetOf(8, 10)) / RECORD_BYTES)
      expect(sequences.length).toBe(kept)
      const summary = reader.summary()
      expect(summary.lastSequence).toBe(kept)
      const end = endOf(7, 10) + (kept - 7) * RECORD_BYTES
      const torn = whole.subarray(end, size)
      expect(summary.tornBytes).toBe(torn.findLastIndex((byte) => byte !== 0) + 1)
      expect(summary.tornReason === undefined).toBe(summary.tornBytes === 0)
      expect(reader.place).toEqual({ number: 1, offset: end })
    }
  })

  test('to nothing, or within the header of the only segment, is a new journal', () => {
    const rig = written(1, 1)
    const whole = segment(rig.files).bytes
    for (let size = 0; size < SEGMENT_HEADER_BYTES; size++) {
      segment(rig.files).bytes = whole.slice(0, size)
      const { reader } = readBack(rig.files)
      expect(reader.summary().lastSequence).toBe(0)
      expect(reader.place.number).toBe(0)
      expect(reader.tornNumber).toBe(size === 0 ? 0 : 1)
    }
  })

  test('with another segment behind it is damage', () => {
    const rig = written(1_500, 100)
    expect(rig.segment.place.number).toBeGreaterThan(1)
    segment(rig.files).bytes = segment(rig.files).bytes.slice(0, 40_000)
    expect(() => readBack(rig.files)).toThrow(JournalDamaged)
  })
})

describe('a flipped bit', () => {
  test('at any byte of the last record cuts that record', () => {
    const rig = written(10, 10)
    const { bytes } = segment(rig.files)
    for (let at = offsetOf(10, 10); at < endOf(10, 10); at++) {
      bytes[at] ^= 4
      const { reader, sequences } = readBack(rig.files)
      expect(sequences.length).toBe(9)
      expect(reader.summary().tornBytes).toBeGreaterThan(0)
      expect(reader.summary().tornReason).toContain('record 10')
      bytes[at] ^= 4
    }
    expect(readBack(rig.files).sequences.length).toBe(10)
  })

  test('at any byte of a record that a later batch shows to be on disk refuses to start', () => {
    const rig = written(20, 10)
    const { bytes } = segment(rig.files)
    for (let at = offsetOf(4, 10); at < offsetOf(6, 10); at++) {
      bytes[at] ^= 4
      expect(() => readBack(rig.files)).toThrow(JournalDamaged)
      bytes[at] ^= 4
    }
  })

  test('in a journal that was closed refuses to start, also in its last record', () => {
    const rig = written(10, 10)
    rig.duty.end()
    const { bytes } = segment(rig.files)
    for (let at = SEGMENT_HEADER_BYTES + MARK_BYTES; at < endOf(10, 10); at++) {
      bytes[at] ^= 4
      expect(() => readBack(rig.files)).toThrow(JournalDamaged)
      bytes[at] ^= 4
    }
  })

  test('in a mark between batches refuses to start', () => {
    const rig = written(30, 10)
    const { bytes } = segment(rig.files)
    for (let at = offsetOf(11, 10) - MARK_BYTES; at < offsetOf(11, 10); at++) {
      bytes[at] ^= 4
      expect(() => readBack(rig.files)).toThrow(JournalDamaged)
      bytes[at] ^= 4
    }
  })

  test('in a header with records behind it refuses to start', () => {
    const rig = written(10, 10)
    const { bytes } = segment(rig.files)
    for (let at = 0; at < SEGMENT_HEADER_BYTES; at++) {
      bytes[at] ^= 4
      expect(() => readBack(rig.files)).toThrow()
      bytes[at] ^= 4
    }
  })

  test('the message says where, and how to give up the rest', () => {
    const rig = written(20, 10)
    segment(rig.files).bytes[offsetOf(4, 10) + 30] ^= 1
    expect(() => readBack(rig.files)).toThrow(
      new RegExp(`journal-000001.sor is damaged at byte ${offsetOf(4, 10)}, after record 3.*truncate -s`),
    )
  })
})

test('a segment of another version is told as such', () => {
  const rig = written(10, 10)
  const { bytes } = segment(rig.files)
  const view = new DataView(bytes.buffer)
  view.setUint32(8, 2, true)
  view.setInt32(60, crc32c(bytes, 0, 60), true)
  expect(() => readBack(rig.files)).toThrow(/of version 2, unknown here/)
})

describe('what is missing', () => {
  test('zeros where a confirmed record was', () => {
    const rig = written(20, 10)
    segment(rig.files).bytes.fill(0, offsetOf(5, 10), offsetOf(7, 10))
    expect(() => readBack(rig.files)).toThrow(JournalDamaged)
  })

  test('zeros in a batch that was never confirmed: the batch ends there, and the rest of it is told', () => {
    const rig = written(20, 10)
    segment(rig.files).bytes.fill(0, offsetOf(15, 10), offsetOf(17, 10))
    const { reader, sequences } = readBack(rig.files)
    expect(sequences.length).toBe(14)
    expect(reader.summary().tornReason).toContain('4 whole ones')
  })

  test('a whole record cut out', () => {
    const rig = written(20, 10)
    const { bytes } = segment(rig.files)
    bytes.copyWithin(offsetOf(5, 10), offsetOf(6, 10))
    expect(() => readBack(rig.files)).toThrow(/record 6 at byte .* where 5 belongs/)
  })

  test('a segment, in the middle or at the beginning', () => {
    const rig = written(3_000, 100)
    expect(rig.segment.place.number).toBeGreaterThan(2)
    const second = segment(rig.files, 2)
    rig.files.files.delete(segmentName(2))
    expect(() => readBack(rig.files)).toThrow(/records are missing/)
    rig.files.files.set(segmentName(2), { ...rig.files.files.get(segmentName(1)), ...second } as never)
    rig.files.files.delete(segmentName(1))
    expect(() => readBack(rig.files)).toThrow(/records are missing/)
  })

  test('a segment of another journal', () => {
    const rig = written(3_000, 100)
    const { bytes } = segment(rig.files, 1)
    segment(rig.files, 2).bytes = bytes.slice()
    expect(() => readBack(rig.files)).toThrow(/another journal/)
  })
})

describe('the ring of a killed process', () => {
  test('gives what no file has, once', () => {
    const rig = written(10, 10)
    for (let sequence = 11; sequence <= 15; sequence++) rig.append(payloadOf(sequence, LENGTH))
    const { reader, sequences, payloads } = readBack(rig.files, rig.region)
    expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
    expect(reader.summary().recordsFromRing).toBe(5)
    expect([...payloads[14]]).toEqual([...payloadOf(15, LENGTH)])
    expect(reader.ringTail().length).toBe(5 * RECORD_BYTES)
  })

  test('repeats what a file has already: written, not yet released', () => {
    const rig = written(10, 10)
    const before = rig.region.bytes.slice()
    rig.append(payloadOf(11, LENGTH))
    const published = rig.region.bytes.slice()
    rig.drain()
    rig.region.bytes.set(published)
    expect(before).not.toEqual(published)
    const { reader, sequences } = readBack(rig.files, rig.region)
    expect(sequences.length).toBe(11)
    expect(reader.summary().recordsFromRing).toBe(0)
  })

  test('gives back what a file lost after it was confirmed', () => {
    const rig = written(30, 10)
    const { bytes } = segment(rig.files)
    segment(rig.files).bytes = bytes.slice(0, offsetOf(14, 10) + 9)
    rig.append(payloadOf(31, LENGTH))
    const { reader, sequences } = readBack(rig.files, rig.region)
    expect(sequences.length).toBe(31)
    expect(reader.summary().recordsFromRing).toBe(18)
    expect(reader.summary().tornBytes).toBeGreaterThan(0)
  })

  test('that has overwritten what the file lost refuses to start', () => {
    const rig = written(2_000, 100)
    segment(rig.files, rig.segment.place.number)
    for (let number = 2; number <= rig.segment.place.number; number++) rig.files.files.delete(segmentName(number))
    segment(rig.files).bytes = segment(rig.files).bytes.slice(0, 20_000)
    expect(() => readBack(rig.files, rig.region)).toThrow(/were confirmed on disk/)
  })

  test('damaged at any byte of a record that only it has refuses to start', () => {
    const rig = written(10, 10)
    const from = rig.region.bytes.length - RING_BYTES + 10 * RECORD_BYTES
    for (let sequence = 11; sequence <= 12; sequence++) rig.append(payloadOf(sequence, LENGTH))
    for (let at = from; at < from + 2 * RECORD_BYTES; at++) {
      rig.region.bytes[at] ^= 16
      expect(() => readBack(rig.files, rig.region)).toThrow(JournalDamaged)
      rig.region.bytes[at] ^= 16
    }
    expect(readBack(rig.files, rig.region).sequences.length).toBe(12)
  })

  test('of another journal is refused with records and ignored without', () => {
    const rig = written(10, 10)
    const other = written(10, 10)
    new Float64Array(other.region.bytes.buffer)[2] += 1
    expect(readBack(rig.files, other.region).sequences.length).toBe(10)
    other.append(payloadOf(11, LENGTH))
    expect(() => readBack(rig.files, other.region)).toThrow(/whose files are not here/)
  })

  test('killed while it was being made is no ring', () => {
    const rig = written(10, 10)
    rig.append(payloadOf(11, LENGTH))
    new Int32Array(rig.region.bytes.buffer)[RingWord.magic] = 0
    expect(readBack(rig.files, rig.region).sequences.length).toBe(10)
  })

  test('of an unknown version is refused', () => {
    const rig = written(10, 10)
    new Int32Array(rig.region.bytes.buffer)[RingWord.version] = RING_VERSION + 1
    expect(() => readBack(rig.files, rig.region)).toThrow(/not a ring of version 2/)
  })
})

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('append' as const), length: fc.integer({ min: 4, max: 700 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('turn' as const), length: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('failWrite' as const, 'failSync' as const, 'heal' as const),
      length: fc.constant(0),
    }),
  },
)

/** Plays a history; answers how many records were acknowledged. */
function play(rig: MemoryRig, steps: readonly { kind: string; length: number }[]): void {
  for (const it of steps) {
    if (it.kind === 'append') rig.append(payloadOf(rig.ring.lastSequence() + 1, it.length))
    else if (it.kind === 'turn') rig.turn(50)
    else if (it.kind === 'heal') rig.files.failing = undefined
    else rig.files.failing = { call: it.kind === 'failSync' ? 'sync' : 'write', code: 'EIO' }
  }
}

function expectOwnPayloads(payloads: readonly Uint8Array[]): void {
  for (const [at, payload] of payloads.entries()) {
    expect(Buffer.compare(payload, payloadOf(at + 1, payload.length))).toBe(0)
  }
}

test('kill -9 after any history: every acknowledged record, in order, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 300 }), (steps) => {
      const rig = new MemoryRig(16_384 * 2, 8_192)
      play(rig, steps)
      const { sequences, payloads } = readBack(rig.files, rig.region)
      expect(sequences.length).toBe(rig.ring.lastSequence())
      expectOwnPayloads(payloads)
    }),
    { numRuns: 100 },
  )
})

test('power failure after any history, whatever sectors it kept: every durable record, in order, no more than was written', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 300 }), fc.nat(), fc.boolean(), (steps, seed, inBatch) => {
      const rig = new MemoryRig(16_384 * 2, 8_192)
      play(rig, steps)
      if (inBatch) {
        rig.files.failing = undefined
        rig.files.sync = () => {
          throw Object.assign(new Error('the lights go out'), { code: 'EIO', syscall: 'fdatasync' })
        }
        for (let i = 0; i < 30; i++) rig.turn(2_000)
      }
      const durable = rig.ring.durableSequence()
      rig.files.losePower(new Prng(seed))
      const { sequences, payloads } = readBack(rig.files)
      expect(sequences.length).toBeGreaterThanOrEqual(durable)
      expect(sequences.length).toBeLessThanOrEqual(rig.ring.lastSequence())
      expectOwnPayloads(payloads)
    }),
    { numRuns: 150 },
  )
})
