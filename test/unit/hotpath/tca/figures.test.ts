import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  formatBps,
  formatDuration,
  formatFixed,
  formatGap,
  formatPrice,
  formatQuote,
  formatSignedBps,
  formatTime,
} from '../../../../hotpath/tca/figures.ts'

test('thousands, signs and no negative nought', () => {
  expect(formatFixed(1_234_567.891, 2)).toBe('1,234,567.89')
  expect(formatFixed(-1_234, 0)).toBe('-1,234')
  expect(formatBps(-0.001)).toBe('0.00')
  expect(formatSignedBps(1.2)).toBe('+1.20')
  expect(formatSignedBps(-1.2)).toBe('-1.20')
  expect(formatSignedBps(0.001)).toBe('0.00')
  expect(formatBps(undefined)).toBe('-')
  expect(formatBps(Number.NaN)).toBe('-')
  expect(formatBps(Number.POSITIVE_INFINITY)).toBe('-')
})

test('prices keep eight significant digits at any size', () => {
  expect(formatPrice(64_123.456789)).toBe('64,123.457')
  expect(formatPrice(64_000)).toBe('64,000.00')
  expect(formatPrice(0.033112345678)).toBe('0.033112346')
  expect(formatPrice(0)).toBe('0')
})

test('amounts below a tenth keep more digits', () => {
  expect(formatQuote(12.345)).toBe('12.35')
  expect(formatQuote(0.0123456)).toBe('0.0123')
  expect(formatQuote(0.00001234)).toBe('0.00001234')
})

test('a gap is nought only when it is', () => {
  expect(formatGap(0)).toBe('0')
  expect(formatGap(0.00002)).toBe('< 0.0001')
  expect(formatGap(0.25)).toBe('0.25')
  expect(formatGap(Number.NaN)).toBe('unknown')
})

test('durations in the unit that fits', () => {
  expect([850, 12_340, 4_200_000, 185_000_000, 7_500_000_000].map(formatDuration)).toEqual([
    '850 us',
    '12.3 ms',
    '4.2 s',
    '3 min 5 s',
    '2 h 5 min',
  ])
})

test('time agrees with the calendar of the machine', () => {
  expect(formatTime(1_722_864_600_123_000)).toBe('2024-08-05 13:30:00.123 UTC')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
      const expected = new Date(ms).toISOString().replace('T', ' ').replace('Z', ' UTC')
      expect(formatTime(ms * 1_000)).toBe(expected)
    }),
  )
})
