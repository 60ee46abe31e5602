/** A bucket: its burst at once, its rate in the long run, each row for itself. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RateLimiter } from '../../../../hotpath/gateway/rate-limiter.ts'
import { type MonoNs, NS_PER_S } from '../../../../shared/units/time.ts'

const start = (7 * NS_PER_S) as MonoNs

test('the burst, then nothing, then one each interval', () => {
  const limiter = new RateLimiter([{ ordersPerSecond: 10, ordersBurst: 3 }], start)
  expect([1, 2, 3, 4].map(() => limiter.take(0, start))).toEqual([true, true, true, false])
  const tenth = NS_PER_S / 10
  expect(limiter.take(0, (start + tenth - 1) as MonoNs)).toBe(false)
  expect(limiter.take(0, (start + tenth) as MonoNs)).toBe(true)
  expect(limiter.take(0, (start + tenth) as MonoNs)).toBe(false)
  expect([1, 2, 3, 4].map(() => limiter.take(0, (start + 100 * NS_PER_S) as MonoNs))).toEqual([true, true, true, false])
})

test('rows do not share', () => {
  const limiter = new RateLimiter(
    [
      { ordersPerSecond: 1, ordersBurst: 1 },
      { ordersPerSecond: 1, ordersBurst: 1 },
    ],
    start,
  )
  expect([limiter.take(0, start), limiter.take(0, start), limiter.take(1, start)]).toEqual([true, false, true])
})

test('never more than burst plus rate times time, whatever the pattern', () => {
  const pauses = fc.array(fc.nat(NS_PER_S / 5), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(pauses, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), (gaps, perSecond, burst) => {
      const limiter = new RateLimiter([{ ordersPerSecond: perSecond, ordersBurst: burst }], start)
      let now: number = start
      let taken = 0
      for (const gap of gaps) {
        now += gap
        while (limiter.take(0, now as MonoNs)) taken++
      }
      expect(taken).toBeLessThanOrEqual(burst + ((now - start) / NS_PER_S) * perSecond + 1e-6)
    }),
  )
})
