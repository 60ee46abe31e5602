import fc from 'fast-check'
import { expect, test } from 'vitest'
import { roundPrice, roundQuantity } from '../../../../hotpath/splitting/grid-rounding.ts'
import { Side } from '../../../../shared/domain/order.ts'
import { formatDecimal } from '../../../../shared/units/ticks.ts'

test('passive prices never pay more, aggressive ones never fall short', () => {
  expect(roundPrice('10.07', '0.05', Side.buy, 'passive')).toBe('10.05')
  expect(roundPrice('10.07', '0.05', Side.sell, 'passive')).toBe('10.1')
  expect(roundPrice('10.07', '0.05', Side.buy, 'aggressive')).toBe('10.1')
  expect(roundPrice('10.07', '0.05', Side.sell, 'aggressive')).toBe('10.05')
})

test('what binary floats get wrong comes out right', () => {
  expect(roundQuantity('0.3', '0.1')).toBe('0.3')
  expect(roundQuantity('1.15', '0.05')).toBe('1.15')
  expect(() => roundQuantity('1e3', '1')).toThrow(RangeError)
  expect(() => roundQuantity('1', '0')).toThrow(RangeError)
})

test('property: on the grid, and never a step away', () => {
  const amount = fc.integer({ min: 0, max: 1e12 })
  fc.assert(
    fc.property(amount, fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 0, max: 9 }), (value, step, digits) => {
      const floor = Math.floor(value / step) * step
      expect(roundPrice(formatDecimal(value, digits), formatDecimal(step, digits), Side.buy, 'passive')).toBe(
        formatDecimal(floor, digits),
      )
      const ceil = Math.ceil(value / step) * step
      expect(roundPrice(formatDecimal(value, digits), formatDecimal(step, digits), Side.buy, 'aggressive')).toBe(
        formatDecimal(ceil, digits),
      )
    }),
  )
})
