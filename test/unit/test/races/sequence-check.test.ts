import { describe, expect, test } from 'vitest'
import { formatRing, RingReader, RingWriter, ringBytes } from '../../../../hotpath/memory/ring.ts'
import { fillPayload, isWholePayload } from '../../../races/payload.ts'
import { type Faults, SequenceCheck } from '../../../races/sequence-check.ts'

function faultsOf(arrivals: readonly (number | 'torn')[], sent: number): Faults {
  const check = new SequenceCheck()
  for (const arrival of arrivals) check.receive(arrival === 'torn' ? -1 : arrival, arrival !== 'torn')
  return check.faults(sent)
}

test.each([
  ['all there', [0, 1, 2, 3], { lost: 0, torn: 0, outOfOrder: 0 }],
  ['one missing', [0, 1, 3], { lost: 1, torn: 0, outOfOrder: 0 }],
  ['the first missing', [1, 2, 3], { lost: 1, torn: 0, outOfOrder: 0 }],
  ['the last two missing', [0, 1], { lost: 2, torn: 0, outOfOrder: 0 }],
  ['nothing came', [], { lost: 4, torn: 0, outOfOrder: 0 }],
  ['one twice', [0, 1, 1, 2, 3], { lost: 0, torn: 0, outOfOrder: 1 }],
  ['two exchanged', [0, 2, 1, 3], { lost: 1, torn: 0, outOfOrder: 1 }],
  ['one torn', [0, 'torn', 2, 3], { lost: 0, torn: 1, outOfOrder: 0 }],
  ['the last torn', [0, 1, 2, 'torn'], { lost: 0, torn: 1, outOfOrder: 0 }],
] as const)('%s', (_, arrivals, faults) => {
  expect(faultsOf(arrivals, 4)).toEqual(faults)
})

/** The interleavings that wrong code allows, step by step, on a ring of two slots. */
describe('wrong sides, one thread', () => {
  const WORDS = 16
  function openRing() {
    const shape = { slots: 2, slotBytes: WORDS * 4 }
    const bytes = new Uint8Array(new SharedArrayBuffer(ringBytes(shape)))
    formatRing(bytes, shape)
    const words = new Int32Array(bytes.buffer)
    const check = new SequenceCheck()
    const writer = new RingWriter(bytes)
    const fill = (slot: number, sequence: number) => fillPayload(words, slot >> 2, WORDS, sequence, 0)
    const receive = (slot: number) => check.receive(words[slot >> 2], isWholePayload(words, slot >> 2, WORDS, 0))
    return { words, writer, reader: new RingReader(bytes), check, fill, receive }
  }

  test('right: fill, publish, read, release', () => {
    const { writer, reader, check, fill, receive } = openRing()
    for (let sequence = 0; sequence < 6; sequence++) {
      fill(writer.claim(), sequence)
      writer.publish()
      receive(reader.poll())
      reader.release()
    }
    expect(check.faults(6)).toEqual({ lost: 0, torn: 0, outOfOrder: 0 })
  })

  test('published before it is filled: an empty slot is torn, an old one is out of order', () => {
    const { writer, reader, check, fill, receive } = openRing()
    for (let sequence = 0; sequence < 3; sequence++) {
      const slot = writer.claim()
      writer.publish()
      receive(reader.poll())
      reader.release()
      fill(slot, sequence)
    }
    const { torn, outOfOrder } = check.faults(3)
    expect([torn, outOfOrder]).toEqual([2, 1])
  })

  test('published half filled: torn', () => {
    const { words, writer, reader, check, fill, receive } = openRing()
    const slot = writer.claim()
    fill(slot, 0)
    words[(slot >> 2) + WORDS - 1] = 0
    writer.publish()
    receive(reader.poll())
    expect(check.faults(1)).toEqual({ lost: 0, torn: 1, outOfOrder: 0 })
  })

  test('released before it is read: overtaken by the writer', () => {
    const { writer, reader, check, fill, receive } = openRing()
    fill(writer.claim(), 0)
    fill(writer.claim(), 1)
    writer.publish()
    const slot = reader.poll()
    reader.release()
    fill(writer.claim(), 2)
    receive(slot)
    expect(check.faults(2).lost).toBe(2)
  })
})
