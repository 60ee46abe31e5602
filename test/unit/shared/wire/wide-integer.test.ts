/** What is written is read, and what does not fit a number is said. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { int64ToWords, readInt64, readUint64, wordsToUint64, writeInt64 } from '../../../../shared/wire/wide-integer.ts'

const view = new DataView(new ArrayBuffer(16))

test('write and read are the identity, at any place, and agree with BigInt', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.nat(8), (value, at) => {
      writeInt64(view, at, value)
      expect(readInt64(view, at)).toBe(value)
      expect(view.getBigInt64(at, true)).toBe(BigInt(value))
      expect(readUint64(view, at)).toBe(value >= 0 ? value : -1)
    }),
  )
})

const words = new Uint32Array(view.buffer)

test('in words it is the same', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.constantFrom(0, 8), (value, at) => {
      int64ToWords(words, at, value)
      expect(readInt64(view, at)).toBe(value)
      expect(wordsToUint64(words, at)).toBe(readUint64(view, at))
    }),
  )
})

test.each([
  [2n ** 53n - 1n, Number.MAX_SAFE_INTEGER],
  [2n ** 53n, -1],
  [2n ** 64n - 1n, -1],
])('an unsigned %d is read as %d', (value, read) => {
  view.setBigUint64(0, value, true)
  expect(readUint64(view, 0)).toBe(read)
  expect(wordsToUint64(words, 0)).toBe(read)
})
