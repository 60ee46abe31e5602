import { expect, test } from 'vitest'
import { exactUpperBound } from '../../../../shared/math/binomial-interval.ts'
import { attributeFailures, foreignOutcomes, routingCauses } from '../../../../shared/math/failure-attribution.ts'

test('our own failures among everything that happened', () => {
  const result = attributeFailures({ filled: 990, 'invalid-lot': 2, 'no-fallback': 1, 'user-cancel': 7 })
  expect(result).toEqual({ orders: 1_000, routingFailures: 3, upper95: exactUpperBound(3, 1_000) })
})

test('the two lists have nothing in common', () => {
  expect(routingCauses.filter((cause) => (foreignOutcomes as readonly string[]).includes(cause))).toEqual([])
})

test('an outcome that nobody has classified stops', () => {
  expect(() => attributeFailures({ filled: 1, mystery: 1 })).toThrow('one of the two lists')
})
