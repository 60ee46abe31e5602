import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LevelList } from '../../../../../hotpath/venues/feed/level-list.ts'
import { readPlainLevels } from '../../../../../hotpath/venues/feed/plain-levels.ts'

function read(text: string, end = text.length): { levels: LevelList; rest: string } {
  const levels = new LevelList()
  const done = readPlainLevels(Buffer.from(text), 0, end, 1, levels)
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

test('a cut is never read over', () => {
  const text = '["60000.10","0.50"],["59999","3.25","4"]'
  const first = text.indexOf(']') + 1
  for (let end = 0; end <= text.length; end++) {
    const { levels, rest } = read(text, end)
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
      const done = readPlainLevels(bytes, 0, end, 0, new LevelList())
      expect(done).toBeLessThanOrEqual(end)
    }),
    { numRuns: 2_000 },
  )
})
