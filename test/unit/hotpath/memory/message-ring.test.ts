/** Messages arrive whole, in order and once, whatever their length and however small the ring. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MessageReader, MessageWriter } from '../../../../hotpath/memory/message-ring.ts'
import { formatRing, ringBytes } from '../../../../hotpath/memory/ring.ts'

const PIECE = 56

function openPair(slots: number, channels = 4, bytesMax = 65_536) {
  const shape = { slots, slotBytes: PIECE + 8 }
  const bytes = new Uint8Array(new SharedArrayBuffer(ringBytes(shape)))
  formatRing(bytes, shape)
  return { writer: new MessageWriter(bytes, channels), reader: new MessageReader(bytes, 64, bytesMax) }
}

/** Bytes that tell where they belong. */
function payload(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * 31 + seed * 7) & 0xff)
}

function taken(reader: MessageReader): [number, number, Uint8Array] {
  return [reader.kind, reader.channel, reader.bytes.slice(0, reader.length)]
}

test('a message comes with its kind, its channel and its bytes', () => {
  const { writer, reader } = openPair(8)
  expect(reader.next()).toBe(false)
  expect(writer.send(3, 4_000_000_000, payload(11, 1))).toBe(true)
  expect(reader.next()).toBe(true)
  expect(taken(reader)).toEqual([3, 4_000_000_000, payload(11, 1)])
  expect(reader.next()).toBe(false)
})

test('one without bytes is a message too', () => {
  const { writer, reader } = openPair(2)
  expect([writer.send(1, 0), writer.send(2, 1)]).toEqual([true, true])
  expect([reader.next(), reader.kind, reader.length, reader.next(), reader.kind]).toEqual([true, 1, 0, true, 2])
})

test.each([PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])('%i bytes need the slots they need and no more', (length) => {
  const slots = Math.ceil(length / PIECE)
  const { writer, reader } = openPair(4)
  for (let at = 0; at < 4 - slots; at++) writer.send(1, 0)
  expect(writer.send(2, 0, payload(length, 5))).toBe(true)
  expect(writer.send(3, 0)).toBe(false)
  for (let at = 0; at < 4 - slots; at++) reader.next()
  expect(reader.next()).toBe(true)
  expect(taken(reader)).toEqual([2, 0, payload(length, 5)])
})

test('a part of an array', () => {
  const { writer, reader } = openPair(8)
  writer.send(1, 0, payload(200, 2), 30, 100)
  reader.next()
  expect(taken(reader)[2]).toEqual(payload(200, 2).slice(30, 130))
})

test('what finds no room waits in order, counted by channel, and was copied', () => {
  const { writer, reader } = openPair(2)
  const bytes = payload(10, 3)
  expect([
    writer.send(1, 1, bytes),
    writer.send(1, 1, bytes),
    writer.send(1, 2, bytes),
    writer.send(1, 1, bytes),
  ]).toEqual([true, true, false, false])
  expect([writer.waitingBytes(1), writer.waitingBytes(2), writer.waitingBytesAll, writer.isWaiting]).toEqual([
    10,
    10,
    20 + 2 * 64,
    true,
  ])
  bytes.fill(0)
  expect(writer.flush()).toBe(0)
  reader.next()
  reader.next()
  reader.release()
  expect(writer.flush()).toBe(2)
  expect([writer.waitingBytesAll, writer.isWaiting]).toEqual([0, false])
  reader.next()
  expect(taken(reader)).toEqual([1, 2, payload(10, 3)])
})

test('a message longer than the ring goes in pieces, and nothing comes between', () => {
  const { writer, reader } = openPair(4)
  const long = payload(2_000, 9)
  expect(writer.send(7, 1, long)).toBe(false)
  expect(writer.send(8, 1)).toBe(false)
  let turns = 0
  while (!reader.next()) {
    reader.release()
    writer.flush()
    expect(turns++).toBeLessThan(20)
  }
  expect(taken(reader)).toEqual([7, 1, long])
  reader.release()
  writer.flush()
  expect([reader.next(), reader.kind]).toEqual([true, 8])
})

test('the memory of the reader stays the same while messages fit', () => {
  const { writer, reader } = openPair(8)
  const { bytes } = reader
  for (let at = 0; at < 100; at++) {
    writer.send(1, 0, payload(50, at))
    reader.next()
    reader.release()
  }
  expect(reader.bytes).toBe(bytes)
})

test('a message beyond its bound is our own mistake', () => {
  const { writer, reader } = openPair(8, 1, 100)
  writer.send(1, 0, payload(300, 1))
  expect(() => reader.next()).toThrow('within its bound')
})

test('any messages over any ring arrive whole, once and in order', () => {
  const message = fc.record({ kind: fc.nat(255), channel: fc.nat(3), length: fc.nat(400) })
  const step = fc.oneof(message, fc.constant('flush' as const), fc.record({ reads: fc.integer({ min: 1, max: 9 }) }))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 0, max: 5 }), (steps, power) => {
      const { writer, reader } = openPair(2 ** power)
      const sent: [number, number, Uint8Array][] = []
      const received: [number, number, Uint8Array][] = []
      const read = (count: number): void => {
        for (let at = 0; at < count && reader.next(); at++) received.push(taken(reader))
        reader.release()
      }
      for (const one of steps) {
        if (one === 'flush') writer.flush()
        else if ('reads' in one) read(one.reads)
        else {
          const bytes = payload(one.length, sent.length)
          writer.send(one.kind, one.channel, bytes)
          sent.push([one.kind, one.channel, bytes])
        }
      }
      while (writer.isWaiting) {
        read(3)
        writer.flush()
      }
      read(Number.MAX_SAFE_INTEGER)
      expect(received).toEqual(sent)
      expect([0, 1, 2, 3].map((channel) => writer.waitingBytes(channel))).toEqual([0, 0, 0, 0])
    }),
    { numRuns: 300 },
  )
})
