import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areWholeDoubles, fillDoubles, fillPayload, isWholePayload } from '../../../races/payload.ts'

const WORDS = 16
const sequences = fc.integer({ min: 0, max: 2 ** 31 - 1 })

test('what is filled is whole, for its own producer only', () => {
  const words = new Int32Array(WORDS * 2)
  fillPayload(words, WORDS, WORDS, 1_234_567, 2)
  expect(isWholePayload(words, WORDS, WORDS, 2)).toBe(true)
  expect(isWholePayload(words, WORDS, WORDS, 1)).toBe(false)
})

test('a slot of zeros is not whole: nobody wrote it', () => {
  expect(isWholePayload(new Int32Array(WORDS), 0, WORDS, 0)).toBe(false)
})

test('any mixture of two payloads is torn', () => {
  fc.assert(
    fc.property(sequences, sequences, fc.integer({ min: 1, max: WORDS - 1 }), (older, newer, cut) => {
      fc.pre(older !== newer)
      const mixture = new Int32Array(WORDS)
      const rest = new Int32Array(WORDS)
      fillPayload(mixture, 0, WORDS, older, 0)
      fillPayload(rest, 0, WORDS, newer, 0)
      mixture.set(rest.subarray(cut), cut)
      expect(isWholePayload(mixture, 0, WORDS, 0)).toBe(false)
    }),
  )
})

test('the same in doubles', () => {
  fc.assert(
    fc.property(sequences, sequences, fc.integer({ min: 1, max: 30 }), (older, newer, cut) => {
      fc.pre(older !== newer)
      const mixture = new Float64Array(31)
      const rest = new Float64Array(31)
      fillDoubles(mixture, 0, 31, older)
      fillDoubles(rest, 0, 31, newer)
      expect(areWholeDoubles(mixture, 0, 31)).toBe(true)
      mixture.set(rest.subarray(cut), cut)
      expect(areWholeDoubles(mixture, 0, 31)).toBe(false)
    }),
  )
})
