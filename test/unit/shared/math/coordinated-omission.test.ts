import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withOmitted } from '../../../../shared/math/coordinated-omission.ts'

test('a slow answer of 25 every 5 hides 20, 15, 10 and 5', () => {
  expect([...withOmitted([2, 3, 25, 2], 5)]).toEqual([2, 2, 3, 5, 10, 15, 20, 25])
})

test('nothing is missing up to the interval', () => expect([...withOmitted([10, 7], 10)]).toEqual([7, 10]))

test('an interval of 0 stops', () => expect(() => withOmitted([1], 0)).toThrow('positive'))

test('a value of k intervals becomes k values', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 60 }),
      (values, gap) => {
        const expected = values.reduce((sum, value) => sum + Math.max(1, Math.floor(value / gap)), 0)
        expect(withOmitted(values, gap).length).toBe(expected)
      },
    ),
  )
})
