import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PLAIN, QuantileChoice } from '../../../../hotpath/latency/quantile-choice.ts'
import { Prng } from '../../../../shared/prng.ts'

const WINDOW = 64

/** Excess loss of what was served over the plain forecast, round trip by round trip. */
function serve(choice: QuantileChoice, plain: number, losses: readonly number[]): number {
  const served = choice.served(0)
  choice.note(0, Float64Array.of(plain, ...losses))
  return served === PLAIN ? 0 : losses[served] - plain
}

describe('QuantileChoice', () => {
  test('nobody is served before there is something to judge by', () => {
    const choice = new QuantileChoice(1, 1, WINDOW, [64])
    for (let i = 0; i < 63; i++) serve(choice, 1, [0])
    expect(choice.served(0)).toBe(PLAIN)
    serve(choice, 1, [0])
    expect(choice.served(0)).toBe(0)
  })

  test('a rare quantile may be asked to wait longer', () => {
    const choice = new QuantileChoice(3, 1, WINDOW, [64, 64, 1_000])
    for (let i = 0; i < 999; i++) for (const at of [1, 2]) choice.note(at, Float64Array.of(1, 0))
    expect([choice.served(1), choice.served(2)]).toEqual([0, PLAIN])
    choice.note(2, Float64Array.of(1, 0))
    expect(choice.served(2)).toBe(0)
  })

  test('the better of two challengers is served, and left when it turns bad', () => {
    const choice = new QuantileChoice(1, 2, WINDOW, [64])
    for (let i = 0; i < 100; i++) serve(choice, 1, [0.9, 0.8])
    expect(choice.served(0)).toBe(1)
    for (let i = 0; i < 20; i++) serve(choice, 1, [0.9, 3])
    expect(choice.served(0)).not.toBe(1)
  })

  test('a lead within the noise is not heeded', () => {
    const choice = new QuantileChoice(1, 1, WINDOW, [64])
    for (let i = 0; i < 1_000; i++) serve(choice, 1, [0.999])
    expect(choice.served(0)).toBe(PLAIN)
  })

  test('against an adversary that is bad exactly when served, the excess stays below its bound for ever', () => {
    const choice = new QuantileChoice(1, 1, WINDOW, [64])
    let excess = 0
    let most = 0
    for (let i = 0; i < 200_000; i++) {
      const isServed = choice.served(0) !== PLAIN
      excess += serve(choice, 0.5, [isServed ? 1 : 0])
      most = Math.max(most, excess)
    }
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThanOrEqual((WINDOW + 1) * 0.5)
  })

  test('property: over any stretch the excess is within the debt, and the debt within (window + 1) x the largest loss', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 200 }), (seed, phase) => {
        const prng = new Prng(seed)
        const choice = new QuantileChoice(1, 2, WINDOW, [64])
        let excess = 0
        let least = 0
        let beyond = 0
        let debt = 0
        for (let i = 0; i < 1_500; i++) {
          const isGood = Math.floor(i / phase) % 2 === 0
          const losses = [prng.nextFloat() * (isGood ? 0.6 : 1), prng.nextFloat() * (isGood ? 1 : 0.6)]
          excess += serve(choice, prng.nextFloat() * 0.7, losses)
          least = Math.min(least, excess)
          beyond = Math.max(beyond, excess - least - choice.debt(0))
          debt = Math.max(debt, choice.debt(0))
        }
        expect(beyond).toBeLessThanOrEqual(1e-9)
        expect(debt).toBeLessThanOrEqual(WINDOW + 1)
      }),
      { numRuns: 40 },
    )
  })
})
