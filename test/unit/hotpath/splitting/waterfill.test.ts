import fc from 'fast-check'
import { expect, test } from 'vitest'
import { waterfill } from '../../../../hotpath/splitting/waterfill.ts'

test('equal venues share equally, a cap sends the rest on', () => {
  expect(waterfill(10, [1, 1], [1, 1], [100, 100])?.x).toEqual([5, 5])
  expect(waterfill(10, [1, 1], [1, 1], [2, 100])?.x).toEqual([2, 8])
  expect(waterfill(10, [1], [1], [9])).toBeUndefined()
  expect(waterfill(0, [1, 2], [1, 1], [9, 9])?.x).toEqual([0, 0])
})

test('property: the total is met and no small exchange between two venues is cheaper', () => {
  const venue = fc.tuple(
    fc.double({ min: 0, max: 10, noNaN: true }),
    fc.double({ min: 0.01, max: 2, noNaN: true }),
    fc.double({ min: 0.5, max: 50, noNaN: true }),
  )
  fc.assert(
    fc.property(
      fc.array(venue, { minLength: 1, maxLength: 6 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (venues, share) => {
        const [a, b, cap] = [0, 1, 2].map((column) => venues.map((one) => one[column]))
        const total = share * cap.reduce((sum, most) => sum + most, 0)
        const split = waterfill(total, a, b, cap)
        expect(split).toBeDefined()
        if (split === undefined) return
        expect(split.x.reduce((sum, x) => sum + x, 0)).toBeCloseTo(total, 6)
        const marginal = split.x.map((x, at) => a[at] + b[at] * x)
        split.x.forEach((x, from) => {
          split.x.forEach((y, to) => {
            if (x > 1e-6 && y < cap[to] - 1e-6) expect(marginal[from]).toBeLessThanOrEqual(marginal[to] + 1e-5)
          })
        })
      },
    ),
  )
})
