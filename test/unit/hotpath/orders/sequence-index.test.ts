import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SequenceIndex } from '../../../../hotpath/orders/sequence-index.ts'
import type { ParentRow } from '../../../../shared/units/ids.ts'

test('sequences beyond 32 bits that share their low half are told apart', () => {
  const sequences = new Float64Array([5, 5 + 2 ** 32, 5 + 2 ** 33, 6])
  const index = new SequenceIndex(4, sequences)
  for (let row = 0; row < 4; row++) index.add(row as ParentRow)
  expect([...sequences].map((sequence) => index.find(sequence))).toEqual([0, 1, 2, 3])
  index.remove(0 as ParentRow)
  expect([index.find(5), index.find(5 + 2 ** 32), index.find(5 + 2 ** 33)]).toEqual([-1, 1, 2])
})

test('agrees with a Map over random histories: rising sequences, any row forgotten', () => {
  const rows = 8
  fc.assert(
    fc.property(fc.array(fc.record({ skip: fc.nat(2 ** 30), victim: fc.nat() }), { maxLength: 100 }), (steps) => {
      const sequences = new Float64Array(rows)
      const index = new SequenceIndex(rows, sequences)
      const truth = new Map<number, number>()
      const free = Array.from({ length: rows }, (_, row) => row)
      let last = 0
      for (const { skip, victim } of steps) {
        if (free.length === 0) {
          const [sequence, row] = [...truth][victim % truth.size]
          index.remove(row as ParentRow)
          truth.delete(sequence)
          free.push(row)
          expect(index.find(sequence)).toBe(-1)
        }
        last += 1 + skip
        const row = free.pop() ?? 0
        sequences[row] = last
        index.add(row as ParentRow)
        truth.set(last, row)
        for (const [sequence, kept] of truth) expect(index.find(sequence)).toBe(kept)
      }
    }),
  )
})
