import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonCursor } from '../../../../../hotpath/venues/feed/json-cursor.ts'
import { LevelList } from '../../../../../hotpath/venues/feed/level-list.ts'
import { longDecimal, longTimeUs, readLongPairs } from '../../../../../hotpath/venues/feed/long-decimal.ts'

function read(text: string): { value: number; fraction: number; rest: string } {
  const cursor = new JsonCursor()
  cursor.start(Buffer.from(text))
  const value = longDecimal(cursor)
  return { value, fraction: cursor.fraction, rest: text.slice(cursor.at) }
}

test('what fits is read as ever; what does not loses its last digits', () => {
  expect(read('12.50,')).toEqual({ value: 125, fraction: 1, rest: ',' })
  expect(read('3307.9982700421942]')).toEqual({ value: 3_307_998_270_042_194, fraction: 12, rest: ']' })
  expect(read('"1234567890123456789"')).toEqual({ value: 1_234_567_890_123_456, fraction: -3, rest: '' })
  expect(read('1.23456789012345678E7,')).toEqual({ value: 1_234_567_890_123_456, fraction: 8, rest: ',' })
})

test('what is no number stays none', () => {
  for (const text of ['null', '"1.2.34567890123456789012"', '12345678901234567890x', '{}', '9'.repeat(70), '""']) {
    expect(read(text).value, text).toBe(-1)
  }
})

test('nanoseconds become microseconds', () => {
  const cursor = new JsonCursor()
  cursor.start(Buffer.from('"1700000000123456789"'))
  expect(longTimeUs(cursor, -3)).toBe(1_700_000_000_123_456)
})

test('any number of digits: never more than it was, and all of the first fifteen', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.integer({ min: 0, max: 20 }), (digits, places) => {
      const text = digits.toString().padStart(places + 1, '0')
      const shown = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
      const { value, fraction } = read(`${shown},`)
      const want = Number(shown)
      const got = value / 10 ** fraction
      expect(got).toBeLessThanOrEqual(want * (1 + 1e-15))
      expect(got).toBeGreaterThan(want * (1 - 1e-14))
    }),
  )
})

test('levels with long sizes; a broken one is noticed', () => {
  const cursor = new JsonCursor()
  const levels = new LevelList()
  cursor.start(Buffer.from('[[1.5,3307.9982700421942],[1.4,2,9]]'))
  readLongPairs(levels, cursor, 0)
  expect([levels.count, levels.isBroken, levels.size[1]]).toEqual([2, false, 2])
  for (const text of ['[[1.5]]', '[1.5]', '{}', '[[1.5,-2]]', '[[1.5,2']) {
    levels.clear()
    cursor.start(Buffer.from(text))
    readLongPairs(levels, cursor, 0)
    expect(levels.isBroken, text).toBe(true)
  }
})
