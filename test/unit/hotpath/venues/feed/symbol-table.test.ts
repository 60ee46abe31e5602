import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NO_SYMBOL, SymbolTable } from '../../../../../hotpath/venues/feed/symbol-table.ts'
import { INSTRUMENTS_MAX } from '../../../../../shared/limits.ts'

const find = (table: SymbolTable, name: string) => {
  const bytes = Buffer.from(`"${name}"`)
  return table.find(bytes, 1, bytes.length - 1)
}

test('a closed table knows what it was given, an open one learns', () => {
  const closed = new SymbolTable(['BTCUSDT', 'ETHUSDT'])
  expect(find(closed, 'ETHUSDT')).toBe(1)
  expect(find(closed, 'ETHUSD')).toBe(NO_SYMBOL)
  expect(find(closed, '')).toBe(NO_SYMBOL)
  expect(closed.count).toBe(2)
  const open = new SymbolTable([], { isOpen: true })
  expect(find(open, 'A')).toBe(0)
  expect(find(open, '__proto__')).toBe(1)
  expect(find(open, 'A')).toBe(0)
  expect(open.names).toEqual(['A', '__proto__'])
})

test('full or too long is unknown', () => {
  const table = new SymbolTable([], { isOpen: true })
  for (let at = 0; at < INSTRUMENTS_MAX; at++) expect(find(table, `S${at}`)).toBe(at)
  expect(find(table, 'one more')).toBe(NO_SYMBOL)
  expect(find(table, `S${INSTRUMENTS_MAX - 1}`)).toBe(INSTRUMENTS_MAX - 1)
  expect(find(new SymbolTable([], { isOpen: true }), 'x'.repeat(65))).toBe(NO_SYMBOL)
})

test('names of one hash stay apart', () => {
  // 'Aa' and 'BB' are the same in base 31.
  const table = new SymbolTable(['Aa', 'BB', 'AaAa', 'BBBB', 'AaBB', 'BBAa'])
  for (const [row, name] of table.names.entries()) expect(find(table, name)).toBe(row)
})

test('agrees with a map', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 80 }), (names) => {
      const table = new SymbolTable([], { isOpen: true })
      const twin = new Map<string, number>()
      for (const name of names) {
        if (!twin.has(name)) twin.set(name, twin.size)
        expect(table.add(name)).toBe(twin.get(name))
      }
      expect(table.names).toEqual([...twin.keys()])
    }),
  )
})
