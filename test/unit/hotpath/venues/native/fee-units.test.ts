/** Fees and balances: exact, and where they cannot be, against us. */
import { expect, test } from 'vitest'
import { executionNumber } from '../../../../../hotpath/venues/native/execution-number.ts'
import { feeAgainstUs, feeAtListedRate, floorBalance } from '../../../../../hotpath/venues/native/fee-units.ts'
import { testInstrument, testListing } from '../paper/paper-world.ts'

test('a charge is rounded up, a rebate towards zero, a balance down', () => {
  expect(feeAgainstUs('0.00001234')).toBe(1_234)
  expect(feeAgainstUs('0.000012340001')).toBe(1_235)
  expect(feeAgainstUs('-0.000012349')).toBe(-1_234)
  expect(floorBalance('1.999999999')).toBe(199_999_999)
  expect(floorBalance('-0.000000001')).toBe(-1)
  expect(floorBalance('900000000000')).toBe(Number.MAX_SAFE_INTEGER)
})

test('a fee in a third asset: the listed rate of the notional in quote, rounded up', () => {
  // 10.00 x 0.0040 = 0.04 quote at 1000 and 200 ppm.
  expect(feeAtListedRate(testInstrument, testListing, 1_000, 40, false)).toBe(4_000)
  expect(feeAtListedRate(testInstrument, testListing, 1_000, 40, true)).toBe(800)
  expect(feeAtListedRate(testInstrument, testListing, 1, 1, false)).toBe(1)
})

test('execution ids: numbers stay, texts become the same positive number every time', () => {
  expect(executionNumber('BTCUSDT', '123456789')).toBe(123_456_789)
  const text = executionNumber('BTC-USD', '0d0e4c6b-8f0e-4a5f-9d5c-000000000001')
  expect(text).toBe(executionNumber('BTC-USD', '0d0e4c6b-8f0e-4a5f-9d5c-000000000001'))
  expect(text).not.toBe(executionNumber('ETH-USD', '0d0e4c6b-8f0e-4a5f-9d5c-000000000001'))
  for (const id of ['0', '007', '99999999999999999999', '', 'x', '-1']) {
    expect(Number.isSafeInteger(executionNumber('A', id)) && executionNumber('A', id) > 0).toBe(true)
  }
})
