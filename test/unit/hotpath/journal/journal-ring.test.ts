/** The ring in one thread: a queue of bytes that wraps, fills up and counts past 2^32. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RingRecordView, recordBytes } from '../../../../hotpath/journal/journal-record.ts'
import { formatRing, JournalRing, RingConsumer, RingWord } from '../../../../hotpath/journal/journal-ring.ts'
import { JOURNAL_RECORD_BYTES_MAX } from '../../../../shared/limits.ts'
import type { EpochUs } from '../../../../shared/units/time.ts'
import { JOURNAL_ID, memoryRegion, payloadOf } from './memory-rig.ts'

const RING_BYTES = 32_768

/** Both sides of a ring whose cursors stand at `cursor`. */
function openRing(lastSequence = 0, cursor = 0) {
  const region = memoryRegion(RING_BYTES)
  formatRing(region, JOURNAL_ID, lastSequence)
  const index = new Int32Array(region.bytes.buffer, 0, 128)
  index[RingWord.tail] = cursor
  index[RingWord.head] = cursor
  const ring = new JournalRing(region, lastSequence)
  return { ring, consumer: new RingConsumer(region.bytes, lastSequence), records: new RingRecordView(region.bytes) }
}

function append(ring: JournalRing, payload: Uint8Array): number {
  return ring.append(payload, payload.length)
}

describe('one record', () => {
  test('goes through with sequence, time and payload', () => {
    const { ring, consumer, records } = openRing()
    ring.nowUs = 1_700_000_000_123_456 as EpochUs
    expect(append(ring, Uint8Array.of(1, 2, 3))).toBe(1)
    expect(consumer.peek(RING_BYTES)).toBe(32)
    expect(records.sequence(consumer.from)).toBe(1)
    expect(records.epochUs(consumer.from)).toBe(1_700_000_000_123_456)
    expect([...records.payload(consumer.from)]).toEqual([1, 2, 3])
  })

  test('takes only the first bytes of a longer array', () => {
    const { ring, consumer, records } = openRing()
    ring.append(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 9)
    consumer.peek(RING_BYTES)
    expect([...records.payload(consumer.from)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  test('is durable when the consumer says so, not before', () => {
    const { ring, consumer } = openRing(41)
    expect(ring.durableSequence()).toBe(41)
    append(ring, Uint8Array.of(1))
    consumer.peek(RING_BYTES)
    expect(ring.durableSequence()).toBe(41)
    expect(consumer.release()).toBe(1)
    expect(ring.durableSequence()).toBe(42)
    expect(consumer.hasRecords()).toBe(false)
  })

  test('of no bytes, too many, or more than it has is a mistake', () => {
    const { ring } = openRing()
    expect(() => ring.append(new Uint8Array(8), 0)).toThrow('payload within its bound')
    expect(() => ring.append(new Uint8Array(8), 9)).toThrow('as long as it says')
    const large = new Uint8Array(JOURNAL_RECORD_BYTES_MAX + 1)
    expect(() => ring.append(large, large.length)).toThrow('payload within its bound')
  })
})

describe('a full ring', () => {
  test('answers -1, keeps what it has and goes on when there is room', () => {
    const { ring, consumer, records } = openRing()
    let appended = 0
    while (append(ring, payloadOf(appended + 1, 200)) !== -1) appended++
    expect(appended).toBe(Math.floor(RING_BYTES / recordBytes(200)))
    expect(append(ring, payloadOf(0, 200))).toBe(-1)
    expect(ring.lastSequence()).toBe(appended)
    let read = 0
    for (let bytes = consumer.peek(RING_BYTES); bytes > 0; bytes = consumer.peek(RING_BYTES)) {
      for (let at = consumer.from; at < consumer.from + bytes; at = records.end(at)) {
        read++
        expect(records.sequence(at)).toBe(read)
        expect([...records.payload(at)]).toEqual([...payloadOf(read, 200)])
      }
      consumer.release()
    }
    expect(read).toBe(appended)
    expect(append(ring, payloadOf(0, 200))).toBe(appended + 1)
  })

  test('room never promises what append refuses', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: JOURNAL_RECORD_BYTES_MAX }), { maxLength: 40 }), (lengths) => {
        const { ring, consumer } = openRing()
        const payload = new Uint8Array(JOURNAL_RECORD_BYTES_MAX)
        for (const [turn, length] of lengths.entries()) {
          const fits = recordBytes(length) <= ring.room()
          const sequence = ring.append(payload, length)
          if (fits) expect(sequence).toBeGreaterThan(0)
          if (turn % 5 === 4 && consumer.peek(RING_BYTES) > 0) consumer.release()
        }
      }),
    )
  })
})

test('any history of appends and reads is a queue, also where the cursors pass 2^31 and 2^32', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('append' as const), length: fc.integer({ min: 1, max: JOURNAL_RECORD_BYTES_MAX }) }),
    fc.record({ kind: fc.constant('read' as const), bytesMax: fc.integer({ min: 0, max: RING_BYTES }) }),
  )
  const cursors = fc.constantFrom(0, 2 ** 31 - 512, -512 - 4096 * 3, -8)
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), cursors, fc.constantFrom(0, 2 ** 32 - 5), (steps, cursor, last) => {
      const { ring, consumer, records } = openRing(last, cursor)
      const queue: { sequence: number; payload: Uint8Array }[] = []
      let appended = last
      for (const it of steps) {
        if (it.kind === 'append') {
          const payload = payloadOf(appended, it.length)
          const sequence = append(ring, payload)
          if (sequence === -1) continue
          expect(sequence).toBe(++appended)
          queue.push({ sequence, payload })
        } else {
          const bytes = consumer.peek(it.bytesMax)
          expect(bytes).toBeLessThanOrEqual(it.bytesMax)
          for (let at = consumer.from; at < consumer.from + bytes; at = records.end(at)) {
            const expected = queue.shift()
            expect(records.sequence(at)).toBe(expected?.sequence)
            expect(Buffer.compare(records.payload(at), expected?.payload ?? new Uint8Array())).toBe(0)
          }
          consumer.release()
        }
        expect(ring.durableSequence()).toBe(appended - queue.length)
        expect(consumer.hasRecords()).toBe(queue.length > 0)
      }
    }),
    { numRuns: 150 },
  )
})

test('a published record that changed afterwards stops the reader', () => {
  const { ring, consumer } = openRing()
  append(ring, payloadOf(1, 40))
  consumer.peek(RING_BYTES)
  consumer.bytes[consumer.from + 30] ^= 1
  expect(() => consumer.peek(RING_BYTES)).toThrow('a published record is whole')
})

test('a ring that is no power of two, or too small for its records, is not made', () => {
  expect(() => formatRing(memoryRegion(40_000), JOURNAL_ID, 0)).toThrow('power of two')
  expect(() => formatRing(memoryRegion(8_192), JOURNAL_ID, 0)).toThrow('several records')
})
