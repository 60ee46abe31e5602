import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MidVolatility } from '../../../../hotpath/latency/mid-volatility.ts'
import { adverseMoveBps, PriceOfTime } from '../../../../hotpath/latency/price-of-time.ts'
import { QuoteDecay } from '../../../../hotpath/latency/quote-decay.ts'
import { Prng } from '../../../../shared/prng.ts'
import { NS_PER_MS, NS_PER_S } from '../../../../shared/units/time.ts'

describe('adverseMoveBps', () => {
  test('is the mean of the absolute move of a random walk', () => {
    const prng = new Prng(2)
    let sum = 0
    for (let i = 0; i < 200_000; i++) sum += Math.abs(3 * Math.sqrt(0.25) * prng.nextNormal())
    expect(adverseMoveBps(3, NS_PER_S / 4)).toBeCloseTo(sum / 200_000, 2)
  })
})

describe('PriceOfTime', () => {
  test('by hand: 100 ms away, rate 1 a second, 2 bps a root second, 3 bps to the next', () => {
    const price = new PriceOfTime(new MidVolatility(1, 2), new QuoteDecay(1, 1))
    // T = 100 ms: gone with 1 - e^-0.1; then 3 bps and the move over 200 ms.
    const gone = 1 - Math.exp(-0.1)
    const move = 2 * Math.sqrt(0.2) * Math.sqrt(2 / Math.PI)
    expect(price.costBps(0, 0, 100 * NS_PER_MS, 0, 3)).toBeCloseTo(gone * (3 + move), 12)
  })

  test('costs nothing at once', () => {
    const price = new PriceOfTime(new MidVolatility(1, 50), new QuoteDecay(1, 10))
    expect(price.costBps(0, 0, 0, 0, 100)).toBe(0)
  })

  test('never outweighs 1 % of notional', () => {
    const price = new PriceOfTime(new MidVolatility(1, 1e6), new QuoteDecay(1, 10))
    expect(price.costBps(0, 0, 60 * NS_PER_S, 0, 1e9)).toBe(100)
  })

  test('a venue that is half a basis point dearer but four times nearer can be the cheaper one', () => {
    const price = new PriceOfTime(new MidVolatility(1, 3), new QuoteDecay(2, 2))
    const far = price.costBps(0, 0, 300 * NS_PER_MS, 0, 1)
    const near = price.costBps(1, 0, 40 * NS_PER_MS, 0, 1)
    expect(near + 0.5).toBeLessThan(far)
  })

  test('times before now are our own mistake', () => {
    const price = new PriceOfTime(new MidVolatility(1, 2), new QuoteDecay(1, 1))
    expect(() => price.costBps(0, 0, -1, 0, 0)).toThrow()
    expect(() => price.costBps(0, 0, 0, Number.NaN, 0)).toThrow()
  })

  test('property: never falls as latency, age, reroute, volatility or rate rise', () => {
    const ns = fc.integer({ min: 0, max: 5 * NS_PER_S })
    const rate = fc.double({ min: 0.001, max: 20, noNaN: true })
    const bps = fc.double({ min: 0, max: 50, noNaN: true })
    fc.assert(
      fc.property(ns, ns, bps, bps, rate, fc.nat(4), ns, (latency, age, reroute, sigma, perS, which, more) => {
        const cost = (of: { latency: number; age: number; reroute: number; sigma: number; perS: number }): number =>
          new PriceOfTime(new MidVolatility(1, of.sigma), new QuoteDecay(1, of.perS)).costBps(
            0,
            0,
            of.latency,
            of.age,
            of.reroute,
          )
        const one = { latency, age, reroute, sigma, perS }
        const name = (['latency', 'age', 'reroute', 'sigma', 'perS'] as const)[which]
        const other = { ...one, [name]: one[name] + (which < 2 ? more : more / NS_PER_S) }
        expect(cost(one)).toBeGreaterThanOrEqual(0)
        expect(cost(other)).toBeGreaterThanOrEqual(cost(one) - 1e-12)
      }),
    )
  })
})
