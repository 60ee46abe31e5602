/** One record: encode and decode are inverse, and no change goes unseen. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  encodeMark,
  foldRecord,
  MARK_BYTES,
  markWrap,
  RECORD_BYTES_MAX,
  RecordState,
  RecordView,
  RingRecordView,
  recordBytes,
} from '../../../../hotpath/journal/journal-record.ts'

/** A record as a ring holds it. */
function folded(payload: Uint8Array, sequence = 1, epochUs = 2): RingRecordView {
  const doubles = new Float64Array(recordBytes(payload.length) / 8)
  doubles[1] = sequence
  doubles[2] = epochUs
  // What lies behind the payload in the writer's array must not get in.
  const source = new Uint8Array((payload.length + 7) & ~7).fill(0xaa)
  source.set(payload)
  foldRecord(new Int32Array(doubles.buffer), 0, new Int32Array(source.buffer), payload.length)
  return new RingRecordView(new Uint8Array(doubles.buffer))
}

/** The same as files hold it. */
function sealed(payload: Uint8Array, sequence = 1, epochUs = 2): RecordView {
  const view = new RecordView(folded(payload, sequence, epochUs).bytes)
  view.seal(0)
  return view
}

describe('a record', () => {
  test('reads back as it was written', () => {
    const payload = Uint8Array.of(9, 8, 7, 6, 5)
    const view = sealed(payload, 2 ** 40 + 1, 1_700_000_000_000_001)
    expect(view.check(0)).toBe(RecordState.good)
    expect(view.sequence(0)).toBe(2 ** 40 + 1)
    expect(view.epochUs(0)).toBe(1_700_000_000_000_001)
    expect([...view.payload(0)]).toEqual([...payload])
    expect(view.end(0)).toBe(32)
  })

  test('of a ring has a check of its own, and the same content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (payload) => {
        const ring = folded(payload)
        const file = sealed(payload)
        expect(ring.check(0)).toBe(RecordState.good)
        expect([...ring.payload(0)]).toEqual([...payload])
        expect([...ring.bytes.subarray(4)]).toEqual([...file.bytes.subarray(4)])
        expect(file.check(0)).toBe(RecordState.good)
        expect(new RecordView(ring.bytes).check(0)).toBe(RecordState.damaged)
      }),
    )
  })

  test('is a header, its payload, and zeros up to eight bytes', () => {
    expect(recordBytes(1)).toBe(32)
    expect(recordBytes(8)).toBe(32)
    expect(recordBytes(9)).toBe(40)
    expect(recordBytes(200)).toBe(224)
    expect(RECORD_BYTES_MAX).toBe(4120)
  })

  test('no flipped bit goes unseen, wherever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), (payload) => {
        for (const view of [sealed(payload), folded(payload)]) {
          const { bytes } = view
          for (let bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit >> 3] ^= 1 << (bit & 7)
            expect(view.check(0)).not.toBe(RecordState.good)
            bytes[bit >> 3] ^= 1 << (bit & 7)
          }
        }
      }),
      { numRuns: 20 },
    )
  })

  test('cut short at any byte it is none or damaged', () => {
    const { bytes } = sealed(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))
    for (let length = 0; length < bytes.length; length++) {
      const state = new RecordView(bytes.slice(0, length)).check(0)
      expect(state).toBe(length === 0 ? RecordState.none : RecordState.damaged)
    }
  })

  test('of another version is foreign, not damaged', () => {
    const { bytes } = sealed(Uint8Array.of(1, 2, 3))
    bytes[6] = 2
    const view = new RecordView(bytes)
    new DataView(bytes.buffer).setInt32(0, view.checksum(0, bytes.length), true)
    expect(view.check(0)).toBe(RecordState.foreign)
  })
})

test('zeros are the end, a wrap is not a record', () => {
  const words = new Int32Array(8)
  const view = new RecordView(new Uint8Array(words.buffer))
  expect(view.check(0)).toBe(RecordState.none)
  expect(view.isWrap(0)).toBe(false)
  markWrap(words, 2)
  expect(view.isWrap(8)).toBe(true)
  expect(view.check(8)).toBe(RecordState.damaged)
})

test('a mark carries its sequence and is checked like a record', () => {
  const bytes = new Uint8Array(MARK_BYTES)
  encodeMark(bytes, 2 ** 33)
  const view = new RecordView(bytes)
  expect(view.check(0)).toBe(RecordState.mark)
  expect(view.sequence(0)).toBe(2 ** 33)
  expect(view.end(0)).toBe(MARK_BYTES)
  for (let bit = 0; bit < MARK_BYTES * 8; bit++) {
    bytes[bit >> 3] ^= 1 << (bit & 7)
    expect(view.check(0)).toBe(RecordState.damaged)
    bytes[bit >> 3] ^= 1 << (bit & 7)
  }
})
