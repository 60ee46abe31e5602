import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ColumnArena } from '../../../../hotpath/orders/column-arena.ts'

test('columns share no byte, begin on cache lines, and never in the same set of a cache twice in a row', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4_096 }), (rows) => {
      const arena = new ColumnArena({ rows, rowBytes: 15, columns: 4 })
      const columns = [arena.float64(rows), arena.int32(rows), arena.uint16(rows), arena.uint8(rows)]
      let end = 0
      for (const column of columns) {
        expect(column.byteOffset % 64).toBe(0)
        expect(column.byteOffset).toBeGreaterThanOrEqual(end)
        expect(column.length).toBe(rows)
        end = column.byteOffset + column.byteLength
      }
    }),
  )
  const large = new ColumnArena({ rows: 131_072, rowBytes: 16, columns: 2 })
  const [one, two] = [large.float64(131_072), large.float64(131_072)]
  expect((two.byteOffset - one.byteOffset) % 4_096).not.toBe(0)
})

test('more columns than were announced are refused', () => {
  const arena = new ColumnArena({ rows: 64, rowBytes: 8, columns: 1 })
  arena.float64(64)
  expect(() => arena.float64(64)).toThrow('arena')
})
