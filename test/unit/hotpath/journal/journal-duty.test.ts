/** The duty in turns, on a disk that refuses when told to. */
import { describe, expect, test } from 'vitest'
import { SEGMENT_HEADER_BYTES, segmentName } from '../../../../hotpath/journal/journal-segment.ts'
import { MemoryRig, payloadOf, readBack } from './memory-rig.ts'

const RING_BYTES = 32_768
const SEGMENT_BYTES = 65_536

function openRig(): MemoryRig {
  return new MemoryRig(RING_BYTES, SEGMENT_BYTES)
}

function appendMany(rig: MemoryRig, count: number, length = 200): void {
  for (let i = 0; i < count; i++) {
    const payload = payloadOf(rig.ring.lastSequence() + 1, length)
    if (rig.append(payload) === -1) {
      rig.drain()
      rig.append(payload)
    }
  }
}

test('everything published since the last turn is one write and one sync', () => {
  const rig = openRig()
  appendMany(rig, 30)
  const before = rig.files.syncs
  expect(rig.turn()).toBe(30)
  expect(rig.files.syncs).toBe(before + 1)
  expect(rig.ring.durableSequence()).toBe(30)
  expect(rig.turn()).toBe(0)
})

test('what was written reads back over several segments', () => {
  const rig = openRig()
  appendMany(rig, 1_000)
  rig.drain()
  rig.duty.end()
  expect(rig.files.list().length).toBeGreaterThan(3)
  const { reader, sequences, payloads } = readBack(rig.files)
  expect(reader.summary()).toEqual({ lastSequence: 1_000, records: 1_000, recordsFromRing: 0, tornBytes: 0 })
  expect(sequences).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 1))
  for (const [at, payload] of payloads.entries()) expect([...payload]).toEqual([...payloadOf(at + 1, 200)])
})

test('every segment keeps its size, full of zeros behind the last record', () => {
  const rig = openRig()
  appendMany(rig, 600)
  rig.drain()
  for (const { bytes } of rig.files.files.values()) expect(bytes.length).toBe(SEGMENT_BYTES)
})

test('the next segment is prepared in steps over the second half of this one, and used', () => {
  const rig = openRig()
  appendMany(rig, 100)
  rig.drain()
  expect(rig.turn()).toBe(0)
  expect(rig.files.list()).toEqual([segmentName(1)])
  appendMany(rig, 60)
  rig.drain()
  for (let turns = 0; rig.turn() > 0; turns++) expect(turns).toBeLessThan(10)
  expect(rig.files.files.get(segmentName(2))?.bytes.length).toBe(SEGMENT_BYTES)
  expect(readBack(rig.files).reader.summary().lastSequence).toBe(160)
  appendMany(rig, 200)
  rig.drain()
  expect(rig.segment.place.number).toBe(2)
  expect(readBack(rig.files).reader.summary().lastSequence).toBe(360)
})

test('a segment of the usual size is prepared half a MiB a turn, ahead of its use', () => {
  const rig = new MemoryRig(2 ** 21, 2 ** 23)
  const next = () => rig.files.files.get(segmentName(2))?.bytes.length ?? 0
  let before = 0
  while (rig.segment.place.number === 1) {
    appendMany(rig, 500, 400)
    rig.turn()
    expect(next() - before).toBeLessThanOrEqual(2 ** 19)
    before = next()
  }
  expect(before).toBe(2 ** 23)
})

describe('a disk that refuses', () => {
  test('is told, releases nothing, fills the ring, and loses nothing when it works again', () => {
    const rig = openRig()
    appendMany(rig, 10)
    rig.files.failing = { call: 'write', code: 'ENOSPC' }
    expect(rig.turn()).toBe(0)
    expect(rig.duty.problem).toMatch(/ENOSPC/)
    expect(rig.ring.durableSequence()).toBe(0)
    let appended = 10
    while (rig.append(payloadOf(appended + 1, 200)) !== -1) appended++
    expect(rig.ring.room()).toBe(0)
    rig.files.failing = undefined
    for (let i = 0; i < 200; i++) rig.turn()
    expect(rig.duty.problem).toBeUndefined()
    expect(rig.ring.durableSequence()).toBe(appended)
    expect(readBack(rig.files).reader.summary().lastSequence).toBe(appended)
  })

  test('is asked again ever more slowly, at least once a second', () => {
    const rig = openRig()
    appendMany(rig, 1)
    rig.files.failing = { call: 'write', code: 'EIO' }
    let tries = 0
    const { write } = rig.files
    rig.files.write = (...args) => {
      tries++
      write.apply(rig.files, args)
    }
    for (let ms = 0; ms < 100; ms++) rig.turn()
    expect(tries).toBeGreaterThanOrEqual(3)
    expect(tries).toBeLessThanOrEqual(5)
    for (let ms = 0; ms < 10_000; ms++) rig.turn()
    expect(tries).toBeGreaterThanOrEqual(14)
    expect(tries).toBeLessThanOrEqual(18)
    rig.files.failing = undefined
    for (let ms = 0; ms < 1_000; ms++) rig.turn()
    expect(rig.ring.durableSequence()).toBe(1)
    appendMany(rig, 1)
    rig.files.failing = { call: 'write', code: 'EIO' }
    tries = 0
    for (let ms = 0; ms < 100; ms++) rig.turn()
    expect(tries).toBeGreaterThanOrEqual(3)
  })

  test('that lost what a failed sync should have kept gets it written again', () => {
    const rig = openRig()
    appendMany(rig, 20)
    rig.files.failing = { call: 'sync', code: 'EIO' }
    rig.turn()
    rig.files.failing = undefined
    appendMany(rig, 5)
    rig.turn(20)
    expect(rig.ring.durableSequence()).toBe(25)
    expect(readBack(rig.files).sequences.length).toBe(25)
  })

  test('while a segment is begun leaves a journal that reads back', () => {
    const rig = openRig()
    for (const call of ['write', 'sync'] as const) {
      appendMany(rig, 270)
      rig.drain()
      appendMany(rig, 100)
      rig.files.failing = { call, code: 'ENOSPC' }
      for (let i = 0; i < 20; i++) rig.turn(100)
      expect(rig.duty.problem).toMatch(/ENOSPC/)
      const { durable, found } = { durable: rig.ring.durableSequence(), found: readBack(rig.files, rig.region) }
      expect(found.reader.summary().lastSequence).toBe(rig.ring.lastSequence())
      expect(found.sequences.length).toBeGreaterThanOrEqual(durable)
      rig.files.failing = undefined
      for (let i = 0; i < 20; i++) rig.turn(2_000)
      expect(rig.ring.durableSequence()).toBe(rig.ring.lastSequence())
    }
    expect(readBack(rig.files).reader.summary().lastSequence).toBe(rig.ring.lastSequence())
  })

  test('when only the next segment cannot be prepared, records still go to this one', () => {
    const rig = openRig()
    appendMany(rig, 140)
    rig.drain()
    appendMany(rig, 20)
    rig.files.openOnly = segmentName(1)
    for (let i = 0; i < 5; i++) rig.turn()
    expect(rig.duty.problem).toMatch(/ENOSPC/)
    expect(rig.ring.durableSequence()).toBe(160)
    appendMany(rig, 10)
    expect(rig.turn()).toBe(10)
    rig.files.openOnly = undefined
    rig.turn(2_000)
    expect(rig.duty.problem).toBeUndefined()
  })
})

test('a full segment can be closed any number of times', () => {
  const rig = openRig()
  appendMany(rig, 289)
  rig.drain()
  while (rig.segment.room() >= 32) {
    rig.append(payloadOf(rig.ring.lastSequence() + 1, Math.min(200, rig.segment.room() - 24)))
    rig.drain()
  }
  expect(rig.segment.place.number).toBe(1)
  for (let i = 0; i < 4; i++) rig.duty.end()
  expect(readBack(rig.files).reader.summary().tornBytes).toBe(0)
  appendMany(rig, 5)
  rig.drain()
  expect(readBack(rig.files).reader.summary().lastSequence).toBe(rig.ring.lastSequence())
})

test('a mistake of ours is thrown on, not taken for a disk error', () => {
  const rig = openRig()
  appendMany(rig, 1)
  rig.region.bytes[rig.region.bytes.length - RING_BYTES + 25] ^= 1
  expect(() => rig.turn()).toThrow('a published record is whole')
})

test('the first segment begins with its header and the mark of the first batch', () => {
  const rig = openRig()
  appendMany(rig, 1)
  rig.drain()
  const { bytes } = rig.files.files.get(segmentName(1)) ?? { bytes: new Uint8Array() }
  expect(new TextDecoder().decode(bytes.subarray(0, 8))).toBe('SORJOURN')
  expect(rig.segment.place.offset).toBe(SEGMENT_HEADER_BYTES + 24 + 224)
})
