import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonCursor } from '../../../../../hotpath/venues/feed/json-cursor.ts'
import { ASK, BID, LevelList, levelKeys, MESSAGE_LEVELS_MAX } from '../../../../../hotpath/venues/feed/level-list.ts'

function over(text: string): JsonCursor {
  const cursor = new JsonCursor()
  cursor.start(Buffer.from(text))
  return cursor
}

function pairs(text: string): LevelList {
  const levels = new LevelList()
  levels.readPairs(over(text), BID)
  return levels
}

const told = (levels: LevelList) =>
  Array.from({ length: levels.count }, (_, at) => [
    levels.price[at] / 10 ** levels.priceFraction[at],
    levels.size[at] / 10 ** levels.sizeFraction[at],
  ])

test('pairs of any writing are read', () => {
  const levels = pairs(
    '[["60000.10","0.5"],[59999,1.25,3],["1e-3", "2", "x]", [1]] , [ "7" , "0.000" ],["1","2","\\"]"]]',
  )
  expect(told(levels)).toEqual([
    [60_000.1, 0.5],
    [59_999, 1.25],
    [0.001, 2],
    [7, 0],
    [1, 2],
  ])
  expect(levels.isBroken).toBe(false)
  expect(levels.priceShown).toBe(3)
  expect(levels.sizeShown).toBe(3)
})

test('objects of any order are read, other keys skipped', () => {
  const levels = new LevelList()
  const keys = levelKeys('price', 'qty')
  levels.readObjects(over('[{"qty":1.50,"x":[{}],"price":"9.5"},{"price":9,"qty":0}]'), ASK, keys)
  expect(told(levels)).toEqual([
    [9.5, 1.5],
    [9, 0],
  ])
  expect(levels.isBroken).toBe(false)
})

test('null is no level; any other thing in the place of levels cannot be believed', () => {
  expect(pairs('null')).toMatchObject({ count: 0, isBroken: false })
  expect(pairs('[]')).toMatchObject({ count: 0, isBroken: false })
  for (const text of ['5', '"x"', '{}', 'true', '[5]', '[["1"]]', '[[]]', '[["a","1"]]', '[["1","-1"]]', '[[-1,1]]'])
    expect(pairs(text).isBroken, text).toBe(true)
  for (const text of ['[["1","2"', '[["1","2"]', '[["1",', '[[', '[["9007199254740993","1"]]', '[["1",1e999]]'])
    expect(pairs(text).isBroken, text).toBe(true)
})

test('room is bounded', () => {
  const levels = new LevelList()
  for (let at = 0; at < MESSAGE_LEVELS_MAX; at++) levels.add(BID, at, 0, 1, 0)
  expect(levels.isBroken).toBe(false)
  levels.add(BID, 1, 0, 1, 0)
  expect(levels.isBroken).toBe(true)
  expect(levels.count).toBe(MESSAGE_LEVELS_MAX)
  levels.clear()
  expect(levels).toMatchObject({ count: 0, isBroken: false, priceShown: 0, sizeShown: 0 })
})

const number = fc.oneof(
  fc.nat(10 ** 6).map(String),
  fc.tuple(fc.nat(10 ** 6), fc.nat(10 ** 9), fc.nat(3)).map(([a, b, zeros]) => `${a}.${b}${'0'.repeat(zeros)}`),
  fc.tuple(fc.nat(99), fc.integer({ min: -9, max: 9 })).map(([a, e]) => `${a}e${e}`),
)
const written = fc.tuple(number, fc.boolean()).map(([text, isQuoted]) => (isQuoted ? `"${text}"` : text))
const more = fc.array(fc.constantFrom('"0"', '4', '"a]b"', '[1,2]', '"\\""', 'null', '{"x":[1]}'), { maxLength: 3 })
const level = fc.tuple(written, written, more, fc.constantFrom('', ' '))

/** One item after the other through the cursor's own steps: what the fast loop must agree with. */
function slowPairs(text: string): LevelList {
  const levels = new LevelList()
  const cursor = over(text)
  cursor.enterArray()
  while (cursor.nextItem()) {
    cursor.enterArray()
    levels.readPair(cursor, BID)
    cursor.leaveArray()
  }
  return levels
}

test('the fast loop reads what the general steps read', () => {
  fc.assert(
    fc.property(fc.array(level, { maxLength: 12 }), (items) => {
      const text = `[${items.map(([a, b, c, blank]) => `[${[a, b, ...c].join(`,${blank}`)}]`).join(',')}]`
      const fast = pairs(text)
      const slow = slowPairs(text)
      expect(fast.count).toBe(items.length)
      for (const column of ['price', 'priceFraction', 'size', 'sizeFraction'] as const)
        expect([...fast[column].subarray(0, fast.count)]).toEqual([...slow[column].subarray(0, slow.count)])
      expect(fast.isBroken).toBe(false)
      expect([fast.priceShown, fast.sizeShown]).toEqual([slow.priceShown, slow.sizeShown])
    }),
    { numRuns: 1_000 },
  )
})

test('the fast loop over objects reads what the general steps read', () => {
  const keys = levelKeys('price', 'qty')
  const other = fc.constantFrom('', ',"x":[{"price":1}]', ',"price2":"9"')
  const item = fc.tuple(written, written, other, fc.boolean(), fc.constantFrom('', ' '))
  fc.assert(
    fc.property(fc.array(item, { maxLength: 10 }), (items) => {
      const objects = items.map(([price, qty, more, isTurned, blank]) =>
        isTurned ? `{"qty":${qty},${blank}"price":${price}${more}}` : `{"price":${price},${blank}"qty":${qty}${more}}`,
      )
      const fast = new LevelList()
      fast.readObjects(over(`[${objects.join(',')}]`), BID, keys)
      const slow = new LevelList()
      for (const object of objects) {
        const cursor = over(object)
        cursor.enterObject()
        slow.readObject(cursor, BID, keys)
      }
      expect(fast.isBroken).toBe(false)
      expect(fast.count).toBe(items.length)
      for (const column of ['price', 'priceFraction', 'size', 'sizeFraction'] as const)
        expect([...fast[column].subarray(0, fast.count)]).toEqual([...slow[column].subarray(0, slow.count)])
      expect([fast.priceShown, fast.sizeShown]).toEqual([slow.priceShown, slow.sizeShown])
    }),
    { numRuns: 500 },
  )
})
