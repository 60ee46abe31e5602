import { constants } from 'node:perf_hooks'
import { afterEach, expect, test } from 'vitest'
import { Collections, ThreadCounter } from '../../../../hotpath/telemetry/collections.ts'

let collections: Collections
afterEach(() => collections.stop())

const value = (counter: ThreadCounter) => collections.counters.value(counter)

test('collections are told apart by kind, their pauses summed, the longest kept', () => {
  collections = new Collections()
  collections.stop()
  const entries = [
    { duration: 2, detail: { kind: constants.NODE_PERFORMANCE_GC_MINOR, flags: 0 } },
    { duration: 0.5, detail: { kind: constants.NODE_PERFORMANCE_GC_MINOR, flags: 0 } },
    { duration: 40, detail: { kind: constants.NODE_PERFORMANCE_GC_MAJOR, flags: 4 } },
    { duration: 1, detail: { kind: constants.NODE_PERFORMANCE_GC_INCREMENTAL, flags: 0 } },
    { duration: 0.1, detail: { kind: constants.NODE_PERFORMANCE_GC_WEAKCB, flags: 0 } },
    { duration: 0.4 },
  ]
  for (const entry of entries) collections.note(entry)
  expect(value(ThreadCounter.collectionsMinor)).toBe(3)
  expect(value(ThreadCounter.collectionsMajor)).toBe(1)
  expect(value(ThreadCounter.collectionsIncremental)).toBe(1)
  expect(value(ThreadCounter.collectionsWeak)).toBe(1)
  expect(value(ThreadCounter.pauseSeconds)).toBeCloseTo(0.044, 12)
  expect(value(ThreadCounter.longestPauseSeconds)).toBe(0.04)
})

test('a real collection of this thread is heard of', async () => {
  collections = new Collections()
  let kept: number[][] = []
  for (let round = 0; round < 2_000 && value(ThreadCounter.collectionsMinor) === 0; round++) {
    kept = Array.from({ length: 2_000 }, (_, at) => [at, at])
    if (round % 20 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(kept).toHaveLength(2_000)
  expect(value(ThreadCounter.collectionsMinor)).toBeGreaterThan(0)
  expect(value(ThreadCounter.pauseSeconds)).toBeGreaterThan(0)
})

test('a look reads the heap at once, and the loop when enough of it has passed', async () => {
  collections = new Collections()
  collections.look()
  expect(value(ThreadCounter.heapUsedBytes)).toBeGreaterThan(1_000_000)
  expect(value(ThreadCounter.heapTotalBytes)).toBeGreaterThanOrEqual(value(ThreadCounter.heapUsedBytes))
  await new Promise((resolve) => setTimeout(resolve, 150))
  collections.look()
  expect(value(ThreadCounter.loopUtilization)).toBeGreaterThan(0)
  expect(value(ThreadCounter.loopUtilization)).toBeLessThan(1)
})
