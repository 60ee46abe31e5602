import { describe, expect, test } from 'vitest'
import { MidVolatility } from '../../../../hotpath/latency/mid-volatility.ts'
import { Prng } from '../../../../shared/prng.ts'
import { type MonoNs, NS_PER_S } from '../../../../shared/units/time.ts'

const at = (seconds: number): MonoNs => Math.round(seconds * NS_PER_S) as MonoNs

describe('MidVolatility', () => {
  test('the guess until the first move', () => {
    const volatility = new MidVolatility(2, 1.5)
    volatility.note(0, 100, at(1))
    expect(volatility.bpsPerRootS(0)).toBe(1.5)
    volatility.note(0, 100, at(2))
    expect(volatility.bpsPerRootS(0)).toBe(0)
    expect(volatility.bpsPerRootS(1)).toBe(1.5)
  })

  test.each([0.2, 1, 5])('finds the volatility of a random walk looked at every %s s', (everyS) => {
    const volatility = new MidVolatility(1, 0, 600)
    const prng = new Prng(1)
    let log = 0
    for (let i = 0; i < 20_000; i++) {
      volatility.note(0, 50_000 * Math.exp(log), at(1 + i * everyS))
      log += (2 / 10_000) * Math.sqrt(everyS) * prng.nextNormal()
    }
    expect(volatility.bpsPerRootS(0) / 2).toBeGreaterThan(0.8)
    expect(volatility.bpsPerRootS(0) / 2).toBeLessThan(1.2)
  })

  test('a touch that bounces a hundred times a second is not a hundred moves', () => {
    const volatility = new MidVolatility(1)
    for (let i = 0; i < 10_000; i++) volatility.note(0, i % 2 === 0 ? 10_000 : 10_001, at(1 + i / 100))
    expect(volatility.bpsPerRootS(0)).toBeLessThan(4)
  })

  test('a quiet hour is forgotten slowly, a missing mid at once', () => {
    const volatility = new MidVolatility(1)
    volatility.note(0, 10_000, at(1))
    volatility.note(0, 10_010, at(2))
    const busy = volatility.bpsPerRootS(0)
    volatility.note(0, 0, at(3))
    volatility.note(0, Number.NaN, at(4))
    expect(volatility.bpsPerRootS(0)).toBe(busy)
    volatility.note(0, 10_010, at(600))
    expect(volatility.bpsPerRootS(0)).toBeLessThan(busy / 10)
  })
})
