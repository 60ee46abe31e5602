/** Reading untrusted words. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  amountOf,
  compareDecimals,
  decimalsOf,
  decimalWord,
  numberOf,
  parseWords,
  textOf,
  wordsOf,
} from '../../../../../hotpath/venues/native/json-words.ts'

test.each([
  ['1.50', '1.50'],
  [1.5, '1.5'],
  [1e-7, '0.0000001'],
  ['1e-8', '0.00000001'],
  ['-2.5E+3', '-2500'],
  [-1e21, '-1000000000000000000000'],
  ['.5', '0.5'],
  ['12.34e1', '123.4'],
])('%s is %s', (value, text) => {
  expect(decimalWord(value)).toBe(text)
})

test.each([
  [
    '',
    'NaN',
    'Infinity',
    '1e999',
    '0x10',
    '1,5',
    ' 1',
    '--1',
    '1'.repeat(61),
    null,
    undefined,
    {},
    [],
    true,
    Number.NaN,
  ],
])('no amount: %s', (...values) => {
  for (const value of values) expect(decimalWord(value)).toBe('')
})

test('what JSON says of a number is what comes out', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e25, max: 1e25 }), (value) => {
      const word = decimalWord(value)
      if (value === 0 || Math.abs(value) > 1e-28) expect(Number(word)).toBe(value === 0 ? 0 : value)
    }),
  )
})

test('own members only, of the right kind', () => {
  const words = wordsOf(parseWords('{"__proto__": {"id": 7}, "id": 12, "time": "1700", "big": 1e300, "list": [1]}'))
  expect([textOf(words, 'id'), textOf(words, 'toString'), textOf(words, 'list')]).toEqual(['12', '', ''])
  expect([numberOf(words, 'time'), numberOf(words, 'big'), numberOf(words, 'constructor')]).toEqual([1700, 0, 0])
  expect(amountOf(words, 'big')).toBe('')
  expect(wordsOf([1])).toEqual({})
  expect(parseWords('{"a":')).toBeUndefined()
  expect(parseWords('['.repeat(100_000))).toBeUndefined()
})

test('decimals that matter, and which is larger', () => {
  expect(['1', '1.0', '0.0100', '10.25'].map(decimalsOf)).toEqual([0, 0, 2, 2])
  expect([compareDecimals('1.0', '1'), compareDecimals('0.09', '0.1'), compareDecimals('10', '9.99')]).toEqual([
    0, -1, 1,
  ])
})
