import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OpenOrders } from '../../../../hotpath/routing/open-orders.ts'
import type { ParentRow } from '../../../../shared/units/ids.ts'

test('a row that comes back starts without a wake', () => {
  const open = new OpenOrders(2)
  open.add(1 as ParentRow)
  open.wakeUs[1] = 77
  open.remove(1 as ParentRow)
  open.add(1 as ParentRow)
  expect(open.wakeUs[1]).toBe(0)
})

test('agrees with a Set, dense, whatever is added or removed twice', () => {
  const step = fc.record({ row: fc.nat(7), isRemoval: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const open = new OpenOrders(8)
      const truth = new Set<number>()
      for (const { row, isRemoval } of steps) {
        if (isRemoval) {
          open.remove(row as ParentRow)
          truth.delete(row)
        } else {
          open.add(row as ParentRow)
          truth.add(row)
        }
        const listed = Array.from({ length: open.count }, (_, at) => open.at(at))
        expect(listed.sort()).toEqual([...truth].sort())
      }
    }),
  )
})
