import fc from 'fast-check'
import { expect, it } from 'vitest'
import { NumberMap } from '../../../../../hotpath/venues/feed/number-map.ts'

it('keeps what it was told, and knows what it was not', () => {
  const map = new NumberMap(10)
  expect(map.set(88_000_000_001, 5)).toBe(true)
  expect(map.get(88_000_000_001)).toBe(5)
  expect(map.get(1)).toBeNaN()
  map.delete(88_000_000_001)
  expect(map.get(88_000_000_001)).toBeNaN()
  expect(map.count).toBe(0)
})

it('is bounded: a new key is refused when it is full, a known one is not', () => {
  const map = new NumberMap(2)
  map.set(1, 1)
  map.set(2, 2)
  expect(map.set(3, 3)).toBe(false)
  expect(map.set(2, 22)).toBe(true)
  expect([map.get(1), map.get(2), map.get(3)]).toEqual([1, 22, Number.NaN])
  map.clear()
  expect(map.set(3, 3)).toBe(true)
})

it('knows no negative keys', () => {
  const map = new NumberMap(10)
  expect(map.set(-1, 3)).toBe(false)
  map.delete(-1)
  expect([map.get(-1), map.get(Number.NaN), map.count]).toEqual([Number.NaN, Number.NaN, 0])
})

const step = fc.record({ key: fc.integer({ min: 0, max: 400 }), isDeleted: fc.boolean(), value: fc.nat() })

it('is the map of the language, whatever happens to it and however its keys lie', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000 }), fc.constantFrom(1, 1_048_576, 4_294_967_296), (steps, stride) => {
      const map = new NumberMap(1_000)
      const model = new Map<number, number>()
      for (const { key, isDeleted, value } of steps) {
        if (isDeleted) {
          map.delete(key * stride)
          model.delete(key * stride)
        } else {
          map.set(key * stride, value)
          model.set(key * stride, value)
        }
      }
      expect(map.count).toBe(model.size)
      const wrong = Array.from({ length: 401 }, (_, key) => key).filter(
        (key) => !Object.is(map.get(key * stride), model.get(key * stride) ?? Number.NaN),
      )
      expect(wrong).toEqual([])
    }),
  )
})
