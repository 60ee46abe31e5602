import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LevelList } from '../../../../../hotpath/venues/feed/level-list.ts'
import { objectShape, pairShape, readPlainLevels } from '../../../../../hotpath/venues/feed/plain-levels.ts'

function read(text: string, end = text.length, shape = pairShape): { levels: LevelList; rest: string } {
  const levels = new LevelList()
  const done = readPlainLevels(Buffer.from(text), 0, end, 1, shape, levels)
  return { levels, rest: text.slice(done) }
}

test('stops in front of what is not plain', () => {
  expect(read('["1.50","2"],["3",4,"x"]]').rest).toBe(']')
  expect(read('["1.50","2"], ["3","4"]]').rest).toBe(', ["3","4"]]')
  expect(read('["1","2"],["3",-4]]').rest).toBe(',["3",-4]]')
  expect(read('["1","2"],["3",1e5]]').rest).toBe(',["3",1e5]]')
  expect(read('["1","2"],["3","4",[1]]]').rest).toBe(',["3","4",[1]]]')
  expect(read('["1","2"],["1234567890","4"]]').rest).toBe(',["1234567890","4"]]')
  expect(read('["999999999.999999999","2"]]').rest).toBe('["999999999.999999999","2"]]')
  expect(read('["1","2","a]b"]]').rest).toBe(']')
  for (const text of ['["1"]]', '["1",""]]', '["1" ,"2"]]', '["1","2]]', '[".5","2"]]', '{}]', ']', ''])
    expect(read(text).rest, text).toBe(text)
})

test('objects are plain with these keys in this order and nothing else', () => {
  const shape = objectShape('price', 'qty')
  const plain = '{"price":1.50,"qty":"2"},{"price":"3","qty":4}'
  const { levels, rest } = read(`${plain}]`, undefined, shape)
  expect([rest, ...levels.price.subarray(0, 2), ...levels.size.subarray(0, 2)]).toEqual([']', 15, 3, 2, 4])
  for (const text of [
    '{"qty":1,"price":2}]',
    '{"price":1,"qty":2,"x":3}]',
    '{"price":1, "qty":2}]',
    '{"price":1,"qty":2]',
    '{"price":1,"qty":-2}]',
    '["1","2"]]',
    '{"price":1,"qty"',
  ])
    expect(read(text, undefined, shape).rest, text).toBe(text)
})

test.each([
  ['pairs', '["60000.10","0.50"],["59999","3.25","4"]', pairShape, ']'],
  ['objects', '{"p":60000.10,"q":"0.50"},{"p":59999,"q":3.25}', objectShape('p', 'q'), '}'],
] as const)('a cut of %s is never read over', (_what, text, shape, close) => {
  const first = text.indexOf(close) + 1
  for (let end = 0; end <= text.length; end++) {
    const { levels, rest } = read(text, end, shape)
    const count = end < first ? 0 : end < text.length ? 1 : 2
    expect(levels.count, String(end)).toBe(count)
    expect(rest).toBe(text.slice([0, first, text.length][count]))
  }
})

test('any bytes end inside the window', () => {
  const near = fc.array(fc.constantFrom(...'[]",.0123456789e-\\ {}'), { maxLength: 80 })
  fc.assert(
    fc.property(near, fc.nat(80), (parts, cut) => {
      const bytes = Buffer.from(parts.join(''))
      const end = Math.min(cut, bytes.length)
      const done = readPlainLevels(bytes, 0, end, 0, pairShape, new LevelList())
      expect(done).toBeLessThanOrEqual(end)
    }),
    { numRuns: 2_000 },
  )
})
