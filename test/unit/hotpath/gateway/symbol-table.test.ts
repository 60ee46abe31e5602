/** Every word is found in the middle of other bytes, and nothing else is. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SymbolTable } from '../../../../hotpath/gateway/symbol-table.ts'

const encoder = new TextEncoder()

test('each word has its place, another word has none', () => {
  const table = new SymbolTable(['BTC/USDT', 'ETH/USDT', '', 'A', 'straße'])
  const bytes = encoder.encode('xxETH/USDTxx')
  expect(table.find(bytes, 2, 10)).toBe(1)
  expect(table.find(bytes, 2, 9)).toBe(-1)
  expect(table.find(bytes, 0, 0)).toBe(2)
  expect(table.find(encoder.encode('straße'), 0, 7)).toBe(-1)
})

test('it agrees with indexOf for any words', () => {
  const word = fc.string({ unit: fc.constantFrom('A', 'B', '/', 'U'), maxLength: 8 })
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 60 }), fc.array(word), (words, asked) => {
      const table = new SymbolTable(words)
      for (const one of [...words, ...asked])
        expect(table.find(encoder.encode(one), 0, one.length)).toBe(words.indexOf(one))
    }),
  )
})
