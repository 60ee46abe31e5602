import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventHeap } from '../../../../../../../hotpath/venues/paper/market/calibrated/event-heap.ts'

test('the earliest event is next, ties go to the lower one', () => {
  const heap = new EventHeap(3)
  heap.set(2, 5)
  heap.set(1, 5)
  expect([heap.next, heap.nextTime]).toEqual([1, 5])
  heap.set(1, 9)
  expect(heap.next).toBe(2)
  heap.set(2, Number.POSITIVE_INFINITY)
  expect([heap.next, heap.timeOf(1)]).toEqual([1, 9])
})

test('after any moves it agrees with looking at all of them', () => {
  const move = fc.tuple(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 0, max: 50 }))
  fc.assert(
    fc.property(fc.array(move, { maxLength: 200 }), (moves) => {
      const heap = new EventHeap(20)
      const times = new Array<number>(20).fill(Number.POSITIVE_INFINITY)
      for (const [event, time] of moves) {
        heap.set(event, time)
        times[event] = time
        const least = Math.min(...times)
        expect(heap.nextTime).toBe(least)
        expect(heap.next).toBe(times.indexOf(least))
      }
    }),
  )
})
