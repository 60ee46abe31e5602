import fs from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import {
  hasSharedMemory,
  type MappedRegion,
  openSharedRegion,
  SHARED_MEMORY_DIRECTORY,
} from '../../../../hotpath/memory/mapped-region.ts'
import { formatRing, RingReader, type RingShape, RingWriter, ringBytes } from '../../../../hotpath/memory/ring.ts'

const HEADER_BYTES = 384

function shared(shape: RingShape): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(ringBytes(shape)))
}

function openRing(shape: RingShape, firstIndex = 0): { bytes: Uint8Array; writer: RingWriter; reader: RingReader } {
  const bytes = shared(shape)
  formatRing(bytes, shape, firstIndex)
  return { bytes, writer: new RingWriter(bytes), reader: new RingReader(bytes) }
}

function put(writer: RingWriter, value: number): boolean {
  const slot = writer.claim()
  if (slot === -1) return false
  expect(slot).toBeGreaterThanOrEqual(HEADER_BYTES)
  writer.doubles[slot >> 3] = value
  return true
}

function take(reader: RingReader): number {
  const slot = reader.poll()
  return slot === -1 ? Number.NaN : reader.doubles[slot >> 3]
}

test('what is published is polled, in order, from the slots it was written to', () => {
  const { writer, reader } = openRing({ slots: 4, slotBytes: 64 })
  expect(reader.poll()).toBe(-1)
  const first = writer.claim()
  writer.view.setInt32(first, 7, true)
  writer.bytes[first + 63] = 9
  expect(reader.poll()).toBe(-1)
  writer.publish()
  expect(reader.poll()).toBe(first)
  expect(reader.view.getInt32(first, true)).toBe(7)
  expect(reader.bytes[first + 63]).toBe(9)
  expect(reader.poll()).toBe(-1)
})

test('a batch is shown at once', () => {
  const { writer, reader } = openRing({ slots: 8, slotBytes: 8 })
  for (let value = 1; value <= 5; value++) put(writer, value)
  expect(take(reader)).toBeNaN()
  writer.publish()
  expect([1, 2, 3, 4, 5].map(() => take(reader))).toEqual([1, 2, 3, 4, 5])
})

test('a full ring is an answer until slots are released, not merely polled', () => {
  const { writer, reader } = openRing({ slots: 4, slotBytes: 8 })
  expect([1, 2, 3, 4, 5].map((value) => put(writer, value))).toEqual([true, true, true, true, false])
  writer.publish()
  expect(writer.room()).toBe(0)
  expect(take(reader)).toBe(1)
  expect(writer.claim()).toBe(-1)
  reader.release()
  expect(writer.room()).toBe(1)
  expect(put(writer, 5)).toBe(true)
  expect(writer.claim()).toBe(-1)
})

test('a ring of one slot works', () => {
  const { writer, reader } = openRing({ slots: 1, slotBytes: 8 })
  for (let value = 0; value < 10; value++) {
    expect(put(writer, value)).toBe(true)
    expect(writer.claim()).toBe(-1)
    writer.publish()
    expect(take(reader)).toBe(value)
    expect(reader.poll()).toBe(-1)
    reader.release()
  }
})

test.each([
  ['2^31', 2 ** 31 - 5],
  ['2^32', 2 ** 32 - 5],
])('the counters pass %s', (_, firstIndex) => {
  const { writer, reader } = openRing({ slots: 4, slotBytes: 8 }, firstIndex)
  let written = 0
  let read = 0
  for (let round = 0; round < 20; round++) {
    while (put(writer, written)) written++
    expect(written - read).toBe(4)
    expect(writer.room()).toBe(0)
    writer.publish()
    for (let i = 0; i < 3; i++) expect(take(reader)).toBe(read++)
    reader.release()
    expect(writer.room()).toBe(3)
  }
  expect(take(reader)).toBe(read)
})

test('a side opened later goes on where the last one published or released', () => {
  const { bytes, writer, reader } = openRing({ slots: 8, slotBytes: 8 }, 2 ** 31 - 2)
  for (const value of [1, 2, 3]) put(writer, value)
  writer.publish()
  put(writer, 99)
  expect(take(reader)).toBe(1)
  reader.release()
  expect(take(reader)).toBe(2)
  const nextWriter = new RingWriter(bytes)
  const nextReader = new RingReader(bytes)
  put(nextWriter, 4)
  nextWriter.publish()
  expect([take(nextReader), take(nextReader), take(nextReader), take(nextReader)]).toEqual([2, 3, 4, Number.NaN])
})

test('a ring lies anywhere in a larger region, at a multiple of 8', () => {
  const shape = { slots: 2, slotBytes: 24 }
  const whole = new Uint8Array(new SharedArrayBuffer(ringBytes(shape) + 4096)).fill(0xee)
  const bytes = whole.subarray(2048, 2048 + ringBytes(shape))
  formatRing(bytes, shape)
  const writer = new RingWriter(bytes)
  put(writer, 1.5)
  put(writer, 2.5)
  writer.publish()
  const reader = new RingReader(bytes)
  expect([take(reader), take(reader)]).toEqual([1.5, 2.5])
  expect(whole.subarray(0, 2048).every((byte) => byte === 0xee)).toBe(true)
  expect(whole.subarray(2048 + bytes.length).every((byte) => byte === 0xee)).toBe(true)
})

describe('hostile shapes', () => {
  test.each([
    ['no slots', { slots: 0, slotBytes: 64 }],
    ['half a slot', { slots: 0.5, slotBytes: 64 }],
    ['three slots', { slots: 3, slotBytes: 64 }],
    ['minus two slots', { slots: -2, slotBytes: 64 }],
    ['not a number', { slots: Number.NaN, slotBytes: 64 }],
    ['more than 32-bit counters hold', { slots: 2 ** 31, slotBytes: 8 }],
    ['slots of nothing', { slots: 4, slotBytes: 0 }],
    ['slots of half a double', { slots: 4, slotBytes: 4 }],
    ['slots of 12 bytes', { slots: 4, slotBytes: 12 }],
    ['slots of 8.5 bytes', { slots: 4, slotBytes: 8.5 }],
    ['slots of negative size', { slots: 4, slotBytes: -64 }],
  ])('%s cannot be formatted', (_, shape) => {
    const size = Math.max(HEADER_BYTES, Math.min(ringBytes(shape), 4096)) || HEADER_BYTES
    expect(() => formatRing(new Uint8Array(size), shape)).toThrow()
  })

  test.each([-8, 8])('a region %i bytes off cannot be formatted', (off) => {
    const shape = { slots: 4, slotBytes: 64 }
    expect(() => formatRing(new Uint8Array(ringBytes(shape) + off), shape)).toThrow('a ring fills its region')
  })

  test('a ring begins at a whole double', () => {
    const shape = { slots: 4, slotBytes: 64 }
    const bytes = new Uint8Array(new ArrayBuffer(ringBytes(shape) + 4), 4)
    expect(() => formatRing(bytes, shape)).toThrow('whole double')
    expect(() => new RingReader(bytes)).toThrow('whole double')
  })

  test('what was never formatted is not opened, nor what is too short to be', () => {
    expect(() => new RingWriter(shared({ slots: 4, slotBytes: 64 }))).toThrow('the ring is formatted')
    expect(() => new RingReader(new Uint8Array(0))).toThrow('has slots')
    expect(() => new RingReader(new Uint8Array(HEADER_BYTES))).toThrow('has slots')
  })

  test.each([
    ['slots', 1, 8],
    ['slots, none', 1, 0],
    ['slots, sign bit', 1, -(2 ** 31)],
    ['slotBytes', 2, 128],
    ['slotBytes, none', 2, 0],
    ['slotBytes, negative', 2, -64],
    ['tail far ahead', 32, 5],
    ['tail behind the head', 32, -1],
    ['head ahead of the tail', 64, 1],
  ])('a header somebody else wrote to is not opened: %s', (_, word, value) => {
    const { bytes } = openRing({ slots: 4, slotBytes: 64 })
    new Int32Array(bytes.buffer)[word] = value
    expect(() => new RingWriter(bytes)).toThrow()
    expect(() => new RingReader(bytes)).toThrow()
  })

  test('an index that jumps while the ring is in use stops the side that sees it', () => {
    const { bytes, writer, reader } = openRing({ slots: 4, slotBytes: 64 })
    const words = new Int32Array(bytes.buffer)
    words[32] = 1_000
    expect(() => reader.poll()).toThrow('at most a ring ahead')
    words[64] = 1
    expect(() => writer.room()).toThrow('at most a ring ahead')
  })

  test('two readers come to light', () => {
    const { bytes, writer, reader } = openRing({ slots: 2, slotBytes: 8 })
    const second = new RingReader(bytes)
    for (let round = 0; round < 3; round++) {
      put(writer, round)
      writer.publish()
      second.poll()
      second.release()
    }
    expect(() => reader.poll()).toThrow('at most a ring ahead')
  })
})

describe('over mapped memory (needs shared memory)', () => {
  const path = join(SHARED_MEMORY_DIRECTORY, `sor-ring-test-${process.pid}`)
  const opened: MappedRegion[] = []
  const map = (sizeBytes: number): Uint8Array => {
    const region = openSharedRegion(path, sizeBytes)
    if (region === undefined) throw new Error('shared memory is expected on this machine')
    opened.push(region)
    return region.bytes
  }

  afterEach(() => {
    for (const region of opened.splice(0)) region.close()
    fs.rmSync(path, { force: true })
  })

  test.runIf(hasSharedMemory())('two mappings of one file are one ring (needs shared memory)', () => {
    const shape = { slots: 4, slotBytes: 64 }
    const mine = map(ringBytes(shape))
    formatRing(mine, shape, 2 ** 32 - 2)
    const writer = new RingWriter(mine)
    const reader = new RingReader(map(ringBytes(shape)))
    for (let value = 0; value < 100; value++) {
      put(writer, value)
      writer.publish()
      expect(take(reader)).toBe(value)
      reader.release()
    }
    expect(take(reader)).toBeNaN()
  })
})

test('any history of claims, publishes, polls and releases is that of a queue', () => {
  const step = fc.constantFrom('claim', 'claim', 'claim', 'publish', 'poll', 'poll', 'poll', 'release', 'room')
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(0, 2 ** 31 - 3, 2 ** 32 - 3),
      fc.array(step, { maxLength: 200 }),
      (log2, firstIndex, steps) => {
        const slots = 2 ** log2
        const { writer, reader } = openRing({ slots, slotBytes: 16 }, firstIndex)
        // Counters of the slow, obvious twin.
        const twin = { claimed: 0, published: 0, polled: 0, released: 0 }
        for (const step of steps) {
          if (step === 'claim') {
            const isFree = twin.claimed - twin.released < slots
            expect(put(writer, twin.claimed)).toBe(isFree)
            if (isFree) twin.claimed++
          } else if (step === 'publish') {
            writer.publish()
            twin.published = twin.claimed
          } else if (step === 'poll') {
            expect(take(reader)).toBe(twin.polled < twin.published ? twin.polled : Number.NaN)
            if (twin.polled < twin.published) twin.polled++
          } else if (step === 'release') {
            reader.release()
            twin.released = twin.polled
          } else expect(writer.room()).toBe(slots - (twin.claimed - twin.released))
        }
      },
    ),
    { numRuns: 300 },
  )
})
