import { expect, test } from 'vitest'
import { ConnectionSequence } from '../../../../../hotpath/venues/feed/connection-sequence.ts'
import type { FeedSink } from '../../../../../hotpath/venues/feed/feed-venue.ts'

function listener(): { sink: FeedSink; gaps: () => number } {
  let gaps = 0
  const quiet = () => {}
  const sink = { onBook: quiet, onTrade: quiet, onQuote: quiet, onState: quiet, onConnectionGap: () => gaps++ }
  return { sink, gaps: () => gaps }
}

test('the first number may be any; then each is one more', () => {
  const sequence = new ConnectionSequence()
  const { sink, gaps } = listener()
  for (const number of [7_000, 7_001, 7_002]) expect(sequence.follows(number, sink)).toBe(true)
  expect(gaps()).toBe(0)
})

test('a hole is told once; what comes late or twice is not taken', () => {
  const sequence = new ConnectionSequence()
  const { sink, gaps } = listener()
  sequence.follows(1, sink)
  expect(sequence.follows(4, sink)).toBe(true)
  expect(gaps()).toBe(1)
  expect(sequence.follows(3, sink)).toBe(false)
  expect(sequence.follows(4, sink)).toBe(false)
  expect(sequence.follows(5, sink)).toBe(true)
  expect(gaps()).toBe(1)
})

test('a number that was nonsense does not make everything after it late for ever', () => {
  const sequence = new ConnectionSequence()
  const { sink, gaps } = listener()
  sequence.follows(10, sink)
  sequence.follows(9e15, sink)
  expect(sequence.follows(12, sink)).toBe(true)
  expect(gaps()).toBe(2)
  expect(sequence.follows(13, sink)).toBe(true)
  expect(gaps()).toBe(2)
})
