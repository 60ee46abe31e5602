import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DelayLine } from '../../../../../hotpath/venues/paper/delay-line.ts'

function message(line: DelayLine): number[] {
  return [...line.bytes.slice(line.at, line.at + line.size)]
}

test('a message comes out at its time, and never before the one pushed before it', () => {
  const line = new DelayLine(1_000)
  line.push(50, 1, 2, Uint8Array.of(9, 8, 7), 1, 2)
  line.push(40, 3, 4, Uint8Array.of(1), 0, 1)
  expect([line.dueNs, line.tag, line.target, message(line)]).toEqual([50, 1, 2, [8, 7]])
  line.pop()
  expect([line.dueNs, line.tag, line.target, message(line)]).toEqual([50, 3, 4, [1]])
  line.pop()
  expect(line.dueNs).toBe(Number.POSITIVE_INFINITY)
})

test('is bounded: a full line says so and keeps what it has', () => {
  const line = new DelayLine(2_000)
  const bytes = new Uint8Array(50).fill(7)
  expect(line.push(1, 0, 0, bytes, 0, 50)).toBe(true)
  let count = 1
  while (line.push(1, 0, 0, bytes, 0, 50)) count++
  expect(count).toBeGreaterThan(20)
  expect(count).toBeLessThan(60)
  expect(message(line)).toEqual([...bytes])
  line.pop()
  expect(line.push(1, 0, 0, bytes, 0, 50)).toBe(true)
})

test('keeps every message whole and in order, however pushes and pops alternate', () => {
  const step = fc.oneof(fc.record({ size: fc.integer({ min: 0, max: 600 }) }), fc.constant('pop' as const))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const line = new DelayLine(1_000_000)
      const waiting: number[][] = []
      let count = 0
      for (const one of steps) {
        if (one === 'pop') {
          if (waiting.length === 0) continue
          expect(message(line)).toEqual(waiting.shift())
          line.pop()
          continue
        }
        const bytes = Uint8Array.from({ length: one.size }, () => ++count & 255)
        line.push(0, 0, 0, bytes, 0, bytes.length)
        waiting.push([...bytes])
      }
    }),
    { numRuns: 100 },
  )
})
