import { expect, test } from 'vitest'
import { type BenchRow, verdictOf } from '../../../bench/bench-row.ts'

const row = (value: number, limit?: BenchRow['limit']): BenchRow => ({
  name: 'x',
  unit: 'x',
  value,
  ...(limit === undefined ? {} : { limit }),
})

test('a gate that does not hold fails, a promise is missed, a figure is told', () => {
  expect(verdictOf(row(2.2, { max: 2.2, isGate: true }))).toBe('holds')
  expect(verdictOf(row(2.21, { max: 2.2, isGate: true }))).toBe('failed')
  expect(verdictOf(row(2.21, { max: 2.2, isGate: false }))).toBe('missed')
  expect(verdictOf(row(2.21))).toBe('told')
})

test('lower bounds, and both', () => {
  expect(verdictOf(row(999, { min: 1_000, isGate: true }))).toBe('failed')
  expect(verdictOf(row(1_000, { min: 1_000, isGate: true }))).toBe('holds')
  expect(verdictOf(row(5, { min: 1, max: 4, isGate: true }))).toBe('failed')
})

test('what was not measured does not hold', () => {
  expect(verdictOf(row(Number.NaN, { max: 1, isGate: true }))).toBe('failed')
  expect(verdictOf(row(Number.POSITIVE_INFINITY, { min: 1, isGate: true }))).toBe('failed')
})
