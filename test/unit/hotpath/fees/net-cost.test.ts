import fc from 'fast-check'
import { expect, test } from 'vitest'
import { netEdgeBps, postOrTake, rankOpportunities, roundTripBreakEven } from '../../../../hotpath/fees/net-cost.ts'

test('a round trip at 10 bp each way needs a little over 20 bp', () => {
  expect(roundTripBreakEven(0.001, 0.001, 0, 10_000)).toBeCloseTo(1.001 / 0.999 - 1, 15)
  expect(roundTripBreakEven(0, 0, 5, 10_000)).toBeCloseTo(0.0005, 15)
})

test('at the break-even edge the round trip earns nothing', () => {
  const rate = fc.double({ min: -0.001, max: 0.02, noNaN: true })
  fc.assert(
    fc.property(rate, rate, (buy, sell) => {
      const edge = roundTripBreakEven(buy, sell, 0, 1)
      expect((1 + edge) * (1 - sell) - (1 + buy)).toBeCloseTo(0, 12)
    }),
  )
})

const choice = { bid: 50, ask: 50.05, makerRate: 0.001, takerRate: 0.002, adverseMove: 0.02, fillProbability: 0.4 }

test('posting against taking, by hand', () => {
  const cost = postOrTake(choice)
  expect(cost.takeCost).toBeCloseTo(50.1501, 10)
  expect(cost.passiveCost).toBeCloseTo(0.4 * 50.05 + 0.6 * 50.07 * 1.002, 12)
  expect(cost.choosesPassive).toBe(true)
})

test('at the break-even probability both cost the same, and more certainty favours posting', () => {
  const cents = fc.integer({ min: 1, max: 50 })
  fc.assert(
    fc.property(cents, cents, fc.double({ min: 0, max: 1, noNaN: true }), (spread, adverse, fillProbability) => {
      const market = { ...choice, ask: 50 + spread / 100, adverseMove: adverse / 100 }
      const { breakEvenProbability } = postOrTake({ ...market, fillProbability })
      const even = postOrTake({ ...market, fillProbability: breakEvenProbability })
      expect(even.passiveCost).toBeCloseTo(even.takeCost, 9)
      if (Math.abs(fillProbability - breakEvenProbability) > 1e-6) {
        expect(postOrTake({ ...market, fillProbability }).choosesPassive).toBe(fillProbability > breakEvenProbability)
      }
    }),
  )
})

test('what survives its costs, best first', () => {
  const edge = (id: string, grossBps: number, fixed: number) => ({
    id,
    grossBps,
    feesBps: 4,
    slippageBps: 1,
    fixed,
    notional: 10_000,
  })
  const all = [edge('small', 6, 0), edge('gas', 20, 16), edge('big', 12, 2), edge('twin', 12, 2), edge('even', 5, 0)]
  expect(netEdgeBps(all[1])).toBeCloseTo(-1, 12)
  expect(rankOpportunities(all).map(({ id }) => id)).toEqual(['big', 'twin', 'small'])
  expect(rankOpportunities([...all].reverse()).map(({ id }) => id)).toEqual(['big', 'twin', 'small'])
})
