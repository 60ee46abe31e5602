import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArrivalQueue, NOBODY } from '../../../../hotpath/execution/arrival-queue.ts'
import type { ChildRow } from '../../../../shared/units/ids.ts'

const row = (value: number) => value as ChildRow

test('gives each child when it is due, the earliest first', () => {
  const queue = new ArrivalQueue(8, 64)
  queue.hold(row(1), 300)
  queue.hold(row(2), 100)
  queue.hold(row(3), 200)
  expect(queue.nextDueNs).toBe(100)
  expect(queue.take(99)).toBe(NOBODY)
  expect(queue.take(250)).toBe(2)
  expect(queue.take(250)).toBe(3)
  expect(queue.take(250)).toBe(NOBODY)
  expect(queue.isHeld(row(1))).toBe(true)
  expect(queue.take(300)).toBe(1)
  expect(queue.nextDueNs).toBe(Number.POSITIVE_INFINITY)
})

test('a full queue says so', () => {
  const queue = new ArrivalQueue(100, 64)
  for (let child = 0; child < 64; child++) expect(queue.hold(row(child), child)).toBe(true)
  expect(queue.hold(row(64), 0)).toBe(false)
  expect(queue.isHeld(row(64))).toBe(false)
})

test('any history of holding, releasing and taking agrees with a sorted list', () => {
  const step = fc.oneof(
    fc.record({ is: fc.constant('hold' as const), child: fc.nat(63), due: fc.nat(50) }),
    fc.record({ is: fc.constant('release' as const), child: fc.nat(63) }),
    fc.record({ is: fc.constant('take' as const), now: fc.nat(60) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new ArrivalQueue(64, 64)
      const twin = new Map<number, number>()
      for (const it of steps) {
        if (it.is === 'hold') {
          if (!twin.has(it.child)) {
            expect(queue.hold(row(it.child), it.due)).toBe(true)
            twin.set(it.child, it.due)
          }
        } else if (it.is === 'release') expect(queue.release(row(it.child))).toBe(twin.delete(it.child))
        else {
          const earliest = Math.min(...twin.values())
          const child = queue.take(it.now)
          if (earliest > it.now) expect(child).toBe(NOBODY)
          else {
            expect(twin.get(child)).toBe(earliest)
            twin.delete(child)
          }
        }
        expect(queue.count).toBe(twin.size)
        expect(queue.nextDueNs).toBe(Math.min(...twin.values()))
        for (const child of twin.keys()) expect(queue.isHeld(row(child))).toBe(true)
      }
    }),
  )
})
