import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  asObject,
  asObjects,
  asText,
  expiryOf,
  listed,
  parseBody,
  plainDecimal,
  positive,
  ratePpm,
  stepOf,
} from '../../../../../hotpath/venues/feed/listing-reader.ts'

test('positive decimals are texts without exponents and trailing zeros', () => {
  expect(positive('0.01000')).toBe('0.01')
  expect(positive('100')).toBe('100')
  expect(positive('1.000')).toBe('1')
  expect(positive(1e-8)).toBe('0.00000001')
  expect(positive('1E-7')).toBe('0.0000001')
  for (const text of ['0', '0.000', '-1', '', 'abc', '1e999', 'NaN', null, undefined, {}, [], true, Number.NaN])
    expect(positive(text), String(text)).toBe('')
})

test('steps of digits', () => {
  expect([stepOf(0), stepOf(2), stepOf('3')]).toEqual(['1', '0.01', '0.001'])
  for (const wrong of [-1, 1.5, 23, '', 'x', null, undefined, {}]) expect(stepOf(wrong), String(wrong)).toBe('')
})

test('plain decimals are the same number', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = plainDecimal(value)
      expect(text).toMatch(/^-?[0-9]+(\.[0-9]+)?$/)
      expect(Number(text)).toBe(value === 0 ? 0 : value)
    }),
  )
})

test('a listing has what is needed or is none', () => {
  const whole = { name: 'BTC-PERP', base: 'BTC', quote: 'USD', tickSize: '0.50', lotSize: '1' }
  expect(listed(whole)).toMatchObject({ symbol: 'BTC/USD', tickSize: '0.5', quantityMin: '1', contractSize: '1' })
  expect(listed({ ...whole, settle: 'BTC', expiry: '260327', option: '50000-C' })?.symbol).toBe(
    'BTC/USD:BTC-260327-50000-C',
  )
  for (const missing of ['name', 'base', 'quote', 'tickSize', 'lotSize'] as const)
    expect(listed({ ...whole, [missing]: '' })).toBeUndefined()
})

test('rates and expiries out of bounds are none', () => {
  expect(ratePpm('0.00075')).toBe(750)
  expect(ratePpm(-0.0001)).toBe(-100)
  for (const wrong of ['', 'x', 0.5, Number.NaN, null, {}]) expect(ratePpm(wrong)).toBeUndefined()
  expect(expiryOf(Date.UTC(2026, 2, 27))).toBe('260327')
  for (const wrong of [0, -1, 1e300, 'x', null, {}]) expect(expiryOf(wrong)).toBe('')
})

test('nothing that JSON can say throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, text) => {
      parseBody(text)
      asObjects(value).map(asObject)
      for (const field of [value, ...Object.values(asObject(value))]) {
        asText(field)
        positive(field)
        stepOf(field)
        ratePpm(field)
        expiryOf(field)
      }
    }),
  )
  expect(parseBody('{"__proto__":{"x":1}')).toBeUndefined()
  expect(Object.getPrototypeOf(asObject(parseBody('{"__proto__":{"tickSize":"1"}}')))).toBe(Object.prototype)
})
