import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FillStore } from '../../../../hotpath/orders/fill-store.ts'
import type { ChildRow } from '../../../../shared/units/ids.ts'

const child = (row: number) => row as ChildRow

test('an execution is known to its own child only', () => {
  const fills = new FillStore({ fillsMax: 4, childrenMax: 2 })
  fills.execution[fills.add(child(0))] = 77
  expect([fills.has(child(0), 77), fills.has(child(1), 77), fills.has(child(0), 78)]).toEqual([true, false, false])
})

test('no row is left: loud', () => {
  const fills = new FillStore({ fillsMax: 1, childrenMax: 1 })
  fills.add(child(0))
  expect(() => fills.add(child(0))).toThrow('a fill row is free')
})

test('lists keep their order, rows are never shared, and what is released comes back', () => {
  const step = fc.record({ child: fc.nat(3), isRelease: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const fills = new FillStore({ fillsMax: 16, childrenMax: 4 })
      const truth: number[][] = [[], [], [], []]
      steps.forEach(({ child: row, isRelease }, at) => {
        if (isRelease || fills.freeCount === 0) {
          fills.release(child(row))
          truth[row] = []
          return
        }
        fills.execution[fills.add(child(row))] = at + 1
        truth[row].push(at + 1)
      })
      for (let row = 0; row < 4; row++) {
        const listed: number[] = []
        for (let fill = fills.first[row]; fill !== -1; fill = fills.next[fill]) listed.push(fills.execution[fill])
        expect(listed).toEqual(truth[row])
      }
      expect(fills.freeCount).toBe(16 - truth.flat().length)
    }),
  )
})
