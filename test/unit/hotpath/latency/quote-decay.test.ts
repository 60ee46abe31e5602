import { describe, expect, test } from 'vitest'
import { QuoteDecay } from '../../../../hotpath/latency/quote-decay.ts'
import { Prng } from '../../../../shared/prng.ts'
import { NS_PER_S } from '../../../../shared/units/time.ts'

describe('QuoteDecay', () => {
  test('starts at the rate of the configuration', () => {
    const decay = new QuoteDecay(2, 0.5)
    expect(decay.ratePerS(1)).toBe(0.5)
    expect(decay.goneShare(1, 0)).toBe(0)
    expect(decay.goneShare(1, 2 * NS_PER_S)).toBeCloseTo(1 - Math.exp(-1), 12)
  })

  test('learns the rate of a venue whose levels vanish at 0.8 a second, within 10 %', () => {
    const decay = new QuoteDecay(2, 0.1)
    const prng = new Prng(6)
    for (let i = 0; i < 8_000; i++) {
      const exposureNs = (0.05 + 0.3 * prng.nextFloat()) * NS_PER_S
      decay.note(0, exposureNs, prng.nextExponential(1 / 0.8) * NS_PER_S < exposureNs)
    }
    expect(decay.ratePerS(0)).toBeGreaterThan(0.72)
    expect(decay.ratePerS(0)).toBeLessThan(0.88)
    expect(decay.ratePerS(1)).toBe(0.1)
  })

  test('an order without exposure tells nothing', () => {
    const decay = new QuoteDecay(1, 1)
    decay.note(0, 0, true)
    decay.note(0, Number.NaN, true)
    expect(decay.ratePerS(0)).toBe(1)
  })
})
