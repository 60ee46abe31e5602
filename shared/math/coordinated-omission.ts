/** A load generator that waits for a slow answer forgets the requests it did not send; this puts them back. */
import { assert } from '../assert.ts'

/**
 * Every value v above the expected interval brings v - interval, v - 2 interval, ... down to the interval itself
 * (HdrHistogram recordValueWithExpectedInterval). Answers all values, ascending. O(n log n) in what comes out.
 */
export function withOmitted(values: readonly number[], expectedInterval: number): Float64Array {
  assert(expectedInterval > 0, 'the expected interval is positive')
  const all: number[] = []
  for (const value of values) {
    all.push(value)
    for (let missing = value - expectedInterval; missing >= expectedInterval; missing -= expectedInterval) {
      all.push(missing)
    }
  }
  return Float64Array.from(all).sort()
}
