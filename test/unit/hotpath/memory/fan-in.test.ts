import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FanIn } from '../../../../hotpath/memory/fan-in.ts'
import { formatRing, RingReader, RingWriter, ringBytes } from '../../../../hotpath/memory/ring.ts'

const SLOTS = 8

function openFanIn(rings: number, burst: number): { writers: RingWriter[]; readers: RingReader[]; fanIn: FanIn } {
  const shape = { slots: SLOTS, slotBytes: 8 }
  const regions = Array.from({ length: rings }, () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(ringBytes(shape)))
    formatRing(bytes, shape)
    return bytes
  })
  const readers = regions.map((bytes) => new RingReader(bytes))
  return { writers: regions.map((bytes) => new RingWriter(bytes)), readers, fanIn: new FanIn(readers, burst) }
}

function put(writer: RingWriter, ...values: number[]): void {
  for (const value of values) {
    const slot = writer.claim()
    expect(slot).toBeGreaterThan(0)
    writer.doubles[slot >> 3] = value
  }
  writer.publish()
}

/** 'ring:value' of the next, or undefined. */
function take(fanIn: FanIn): string | undefined {
  const slot = fanIn.poll()
  return slot === -1 ? undefined : `${fanIn.source}:${fanIn.ring.doubles[slot >> 3]}`
}

function takeAll(fanIn: FanIn): string[] {
  const taken: string[] = []
  for (let one = take(fanIn); one !== undefined; one = take(fanIn)) taken.push(one)
  return taken
}

test('full rings take turns, a burst each', () => {
  const { writers, fanIn } = openFanIn(3, 2)
  for (const writer of writers) put(writer, 1, 2, 3)
  expect(takeAll(fanIn)).toEqual(['0:1', '0:2', '1:1', '1:2', '2:1', '2:2', '0:3', '1:3', '2:3'])
})

test('empty rings are passed over', () => {
  const { writers, fanIn } = openFanIn(4, 4)
  put(writers[2], 1, 2)
  expect(takeAll(fanIn)).toEqual(['2:1', '2:2'])
  expect(fanIn.poll()).toBe(-1)
  put(writers[0], 3)
  expect(takeAll(fanIn)).toEqual(['0:3'])
})

test('a ring that never runs dry does not starve another', () => {
  const { writers, fanIn } = openFanIn(2, 4)
  put(writers[1], 99)
  put(writers[0], 0, 1, 2, 3, 4, 5, 6, 7)
  const taken: (string | undefined)[] = []
  for (let i = 0; i < 5; i++) {
    taken.push(take(fanIn))
    fanIn.release()
    if (writers[0].room() > 0) put(writers[0], 100 + i)
  }
  expect(taken).toContain('1:99')
})

test('release gives back what was polled, from every ring it was polled from, and nothing else', () => {
  const { writers, fanIn } = openFanIn(3, 1)
  put(writers[0], 1, 2)
  put(writers[2], 3)
  take(fanIn)
  take(fanIn)
  expect(writers.map((writer) => writer.room())).toEqual([SLOTS - 2, SLOTS, SLOTS - 1])
  fanIn.release()
  expect(writers.map((writer) => writer.room())).toEqual([SLOTS - 1, SLOTS, SLOTS])
})

describe('our own mistakes', () => {
  test('nothing to read, a ring read twice, a turn of nothing', () => {
    const { readers } = openFanIn(2, 1)
    expect(() => new FanIn([], 1)).toThrow('something is read')
    expect(() => new FanIn([readers[0], readers[0]], 1)).toThrow('read once')
    for (const burst of [0, -1, 1.5, Number.NaN]) expect(() => new FanIn(readers, burst)).toThrow('at least a slot')
  })
})

test('whatever the writers do: nothing lost, order kept within a ring, nobody waits longer than the others’ bursts', () => {
  const script = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 1, max: 3 })), { maxLength: 100 })
  fc.assert(
    fc.property(script, fc.integer({ min: 1, max: 3 }), (steps, burst) => {
      const { writers, fanIn } = openFanIn(3, burst)
      const written = [0, 0, 0]
      const read = [0, 0, 0]
      const waited = [0, 0, 0]
      const step = (): boolean => {
        const slot = fanIn.poll()
        if (slot === -1) return false
        const { source } = fanIn
        expect(fanIn.ring.doubles[slot >> 3]).toBe(read[source]++)
        fanIn.release()
        for (let ring = 0; ring < 3; ring++) {
          waited[ring] = ring === source || written[ring] === read[ring] ? 0 : waited[ring] + 1
          expect(waited[ring]).toBeLessThanOrEqual(2 * burst)
        }
        return true
      }
      for (const [ring, count] of steps) {
        for (let i = 0; i < count && written[ring] - read[ring] < SLOTS; i++) put(writers[ring], written[ring]++)
        step()
      }
      while (step()) {}
      expect(read).toEqual(written)
    }),
    { numRuns: 200 },
  )
})
