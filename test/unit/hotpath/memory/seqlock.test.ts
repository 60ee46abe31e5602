import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatSeqlock, type SeqlockShape, SeqlockTable } from '../../../../hotpath/memory/seqlock.ts'

function openTable(shape: SeqlockShape): { bytes: Uint8Array; writer: SeqlockTable; reader: SeqlockTable } {
  const bytes = new Uint8Array(new SharedArrayBuffer(SeqlockTable.bytes(shape.blocks, shape.doublesPerBlock)))
  formatSeqlock(bytes, shape)
  return { bytes, writer: new SeqlockTable(bytes), reader: new SeqlockTable(bytes) }
}

test('a block that was never written is zeros', () => {
  const { reader } = openTable({ blocks: 2, doublesPerBlock: 3 })
  const target = new Float64Array(3).fill(7)
  expect(reader.read(1, target)).toBe(true)
  expect([...target]).toEqual([0, 0, 0])
})

test('what is written is read, block by block', () => {
  const { writer, reader } = openTable({ blocks: 3, doublesPerBlock: 2 })
  writer.write(0, Float64Array.of(1, 2))
  writer.write(2, Float64Array.of(5, 6, 99))
  const target = new Float64Array(4).fill(-1)
  expect(reader.read(0, target)).toBe(true)
  expect([...target]).toEqual([1, 2, -1, -1])
  expect(reader.read(1, target)).toBe(true)
  expect([...target]).toEqual([0, 0, -1, -1])
  expect(reader.read(2, target)).toBe(true)
  expect([...target]).toEqual([5, 6, -1, -1])
})

test('one column can be changed in place, the others stay', () => {
  const { writer, reader } = openTable({ blocks: 1, doublesPerBlock: 3 })
  writer.write(0, Float64Array.of(1, 2, 3))
  const at = writer.begin(0)
  writer.doubles[at + 1] = 20
  writer.end(0)
  const target = new Float64Array(3)
  expect(reader.read(0, target)).toBe(true)
  expect([...target]).toEqual([1, 20, 3])
})

test('between begin and end a reader is told false, of this block only', () => {
  const { writer, reader } = openTable({ blocks: 2, doublesPerBlock: 1 })
  const target = new Float64Array(1)
  writer.begin(0)
  expect(reader.read(0, target)).toBe(false)
  expect(reader.read(1, target)).toBe(true)
  writer.end(0)
  expect(reader.read(0, target)).toBe(true)
})

test('a write that falls into the copying is noticed', () => {
  const { writer, reader } = openTable({ blocks: 1, doublesPerBlock: 2 })
  // A target that writes while it is written to: every copy is disturbed, so the bounded tries end in false.
  let disturbed = 0
  const target = new Proxy(new Float64Array(2), {
    set: () => {
      disturbed++
      writer.write(0, Float64Array.of(disturbed, disturbed))
      return true
    },
    get: (array, key) => Reflect.get(array, key, array),
  })
  expect(reader.read(0, target)).toBe(false)
  expect(disturbed).toBeGreaterThan(10)
})

test('a block left half written by a writer that died is unreadable until the next whole write', () => {
  const { bytes, writer, reader } = openTable({ blocks: 1, doublesPerBlock: 2 })
  writer.doubles[writer.begin(0)] = 666
  const next = new SeqlockTable(bytes)
  const target = new Float64Array(2)
  expect(reader.read(0, target)).toBe(false)
  next.begin(0)
  expect(reader.read(0, target)).toBe(false)
  next.end(0)
  next.write(0, Float64Array.of(1, 2))
  expect(reader.read(0, target)).toBe(true)
  expect([...target]).toEqual([1, 2])
})

test('the sequence passes 2^31 and 2^32', () => {
  for (const start of [2 ** 31 - 4, 2 ** 32 - 4]) {
    const { bytes, writer, reader } = openTable({ blocks: 1, doublesPerBlock: 1 })
    new Int32Array(bytes.buffer)[32] = start
    const target = new Float64Array(1)
    for (let value = 0; value < 10; value++) {
      writer.begin(0)
      expect(reader.read(0, target)).toBe(false)
      writer.end(0)
      writer.write(0, Float64Array.of(value))
      expect(reader.read(0, target)).toBe(true)
      expect(target[0]).toBe(value)
    }
  }
})

test('blocks are whole units of 128 bytes, 15 doubles in the first', () => {
  expect(SeqlockTable.bytes(1, 1)).toBe(128 + 128)
  expect(SeqlockTable.bytes(1, 15)).toBe(128 + 128)
  expect(SeqlockTable.bytes(1, 16)).toBe(128 + 256)
  expect(SeqlockTable.bytes(10, 31)).toBe(128 + 10 * 256)
  const { writer } = openTable({ blocks: 3, doublesPerBlock: 16 })
  const places = [0, 1, 2].map((block) => {
    const at = writer.begin(block)
    writer.end(block)
    return at * 8
  })
  expect(places).toEqual([128 + 8, 384 + 8, 640 + 8])
})

describe('our own mistakes', () => {
  test('end without begin, blocks that are not there, targets and sources that are too short', () => {
    const { writer } = openTable({ blocks: 2, doublesPerBlock: 4 })
    expect(() => writer.end(0)).toThrow('ended after it is begun')
    for (const block of [-1, 2, Number.NaN]) expect(() => writer.begin(block)).toThrow('has the block')
    expect(() => writer.read(0, new Float64Array(3))).toThrow('read whole')
    expect(() => writer.write(0, new Float64Array(3))).toThrow('written whole')
  })

  test.each([
    ['no blocks', { blocks: 0, doublesPerBlock: 4 }],
    ['half a block', { blocks: 0.5, doublesPerBlock: 4 }],
    ['empty blocks', { blocks: 4, doublesPerBlock: 0 }],
    ['blocks of half a double', { blocks: 4, doublesPerBlock: 0.5 }],
    ['not a number', { blocks: Number.NaN, doublesPerBlock: 4 }],
  ])('%s cannot be formatted', (_, shape) => {
    expect(() => formatSeqlock(new Uint8Array(1024), shape)).toThrow()
  })

  test('a region of another size or that was never formatted is not opened', () => {
    expect(() => formatSeqlock(new Uint8Array(1024), { blocks: 1, doublesPerBlock: 1 })).toThrow('fills its region')
    expect(() => new SeqlockTable(new Uint8Array(1024))).toThrow('formatted')
    expect(() => new SeqlockTable(new Uint8Array(0))).toThrow('has blocks')
    const { bytes } = openTable({ blocks: 2, doublesPerBlock: 4 })
    new Int32Array(bytes.buffer)[1] = 3
    expect(() => new SeqlockTable(bytes)).toThrow('fills its region')
  })
})

test('any order of whole writes: each block reads as its last one', () => {
  const write = fc.tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.array(fc.double({ noNaN: true }), { minLength: 17, maxLength: 17 }),
  )
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
      const { writer, reader } = openTable({ blocks: 5, doublesPerBlock: 17 })
      const twin = Array.from({ length: 5 }, () => new Array<number>(17).fill(0))
      const target = new Float64Array(17)
      for (const [block, values] of writes) {
        writer.write(block, Float64Array.from(values))
        twin[block] = values
        for (let one = 0; one < 5; one++) {
          expect(reader.read(one, target)).toBe(true)
          expect([...target]).toEqual(twin[one])
        }
      }
    }),
    { numRuns: 50 },
  )
})
