import { expect, test } from 'vitest'
import {
  FrameSamples,
  SAMPLE_BYTES_MAX,
  SAMPLE_REASONS_MAX,
  SAMPLES_PER_REASON,
} from '../../../../hotpath/marketdata/frame-samples.ts'

test('every strange frame is counted, the first few of a reason are kept, cut', () => {
  const samples = new FrameSamples()
  for (let at = 0; at < 100; at++) samples.keep('malformed', Buffer.from(`frame ${at}`))
  samples.keep('refused', Buffer.from('x'.repeat(10_000)))
  expect(samples.count).toBe(101)
  expect([samples.countOf('malformed'), samples.countOf('refused'), samples.countOf('never')]).toEqual([100, 1, 0])
  const texts = samples.texts()
  expect(texts).toHaveLength(SAMPLES_PER_REASON + 1)
  expect(texts[0]).toBe('malformed: frame 0')
  expect(texts.at(-1)).toBe(`refused: ${'x'.repeat(SAMPLE_BYTES_MAX)}`)
  samples.clear()
  expect([samples.count, samples.texts()]).toEqual([0, []])
})

test('reasons are bounded too', () => {
  const samples = new FrameSamples()
  for (let at = 0; at < 1_000; at++) samples.keep(`reason ${at}`, Buffer.from('x'))
  expect(samples.count).toBe(1_000)
  expect(samples.texts().length).toBeLessThanOrEqual(SAMPLE_REASONS_MAX * SAMPLES_PER_REASON)
})

test('a sample is a copy, and nothing of it moves the cursor of a terminal', () => {
  const samples = new FrameSamples()
  const frame = Buffer.from('\x1b[2Jclear\u0007\u202e')
  samples.keep('malformed', frame)
  frame.fill(0)
  samples.keep('malformed', Uint8Array.of(0xff, 0x41, 0xc0))
  expect(samples.texts()).toEqual(['malformed: ?[2Jclear??', 'malformed: ?A?'])
})
