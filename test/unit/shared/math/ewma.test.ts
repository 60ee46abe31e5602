import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Ewma } from '../../../../shared/math/ewma.ts'

test('the first value is the mean; later ones weigh alpha', () => {
  const ewma = new Ewma(0.5)
  expect([ewma.count, ewma.mean, ewma.variance]).toEqual([0, 0, 0])
  ewma.add(10)
  expect([ewma.count, ewma.mean, ewma.variance]).toEqual([1, 10, 0])
  ewma.add(20)
  expect([ewma.count, ewma.mean, ewma.variance]).toEqual([2, 15, 25])
})

test('reset forgets; restart takes over another stream', () => {
  const ewma = new Ewma(0.25)
  ewma.add(3)
  ewma.reset()
  ewma.add(8)
  expect(ewma.mean).toBe(8)
  ewma.restart(100, 4)
  ewma.add(104)
  expect(ewma.mean).toBe(101)
  expect(ewma.variance).toBe(0.75 * (4 + 0.25 * 16))
})

test.each([0, -0.1, 1.1, Number.NaN])('alpha %s is refused', (alpha) => {
  expect(() => new Ewma(alpha)).toThrow('a weight')
})

test('mean and variance are those of the explicit weights', () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (stream, alpha) => {
      const ewma = new Ewma(alpha)
      for (const value of stream) ewma.add(value)
      const last = stream.length - 1
      const weights = stream.map((_, i) => (i === 0 ? 1 : alpha) * (1 - alpha) ** (last - i))
      const mean = stream.reduce((sum, value, i) => sum + weights[i] * value, 0)
      const variance = stream.reduce((sum, value, i) => sum + weights[i] * (value - mean) ** 2, 0)
      expect(Math.abs(ewma.mean - mean)).toBeLessThan(1e-8)
      expect(Math.abs(ewma.variance - variance)).toBeLessThan(1e-5)
    }),
  )
})
