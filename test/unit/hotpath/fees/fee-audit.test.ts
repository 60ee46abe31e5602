import { expect, test } from 'vitest'
import { auditFees } from '../../../../hotpath/fees/fee-audit.ts'
import { Prng } from '../../../../shared/prng.ts'

const prng = new Prng(5)
const published = Array.from({ length: 80 }, () => [2, 5, 10, 26][prng.nextBelow(4)])
const charged = (slope: number, intercept: number): number[] =>
  published.map((bps) => intercept + slope * bps + 0.3 * prng.nextNormal())

test('an honest venue: intercept 0, slope 1, no excess', () => {
  const audit = auditFees(published, charged(1, 0))
  expect(audit.interceptP).toBeGreaterThan(0.01)
  expect(audit.slopeP).toBeGreaterThan(0.01)
  expect(audit.excessBps95.low).toBeLessThan(0)
  expect(audit.excessBps95.high).toBeGreaterThan(0)
})

test('a surcharge of half a basis point shows in the intercept', () => {
  const audit = auditFees(published, charged(1, 0.5))
  expect(audit.interceptP).toBeLessThan(1e-6)
  expect(audit.excessBps95.low).toBeGreaterThan(0.3)
  expect(audit.excessBps).toBeCloseTo(0.5, 0)
})

test('a venue that takes a tenth more shows in the slope', () => {
  const audit = auditFees(published, charged(1.1, 0))
  expect(audit.slope).toBeCloseTo(1.1, 1)
  expect(audit.slopeP).toBeLessThan(1e-6)
})

test('published fees that are all the same prove nothing', () => {
  expect(() => auditFees([5, 5, 5], [5, 6, 7])).toThrow('two different x')
})
