import { expect, test } from 'vitest'
import { placeOnLattice, placeOnOne } from '../../../../hotpath/splitting/cont-kukanov.ts'

const costs = { halfSpread: 0.02, takerFee: 0.003, impact: 0.0005, underfill: 0.06, overfill: 0.05 }

test('a long queue means take, a short one before a strong outflow means post', () => {
  expect(placeOnOne(1_000, 1e6, { type: 'normal', mean: 2_000, sd: 500 }, 0.002, costs)).toMatchObject({
    market: 1_000,
    limit: 0,
  })
  expect(placeOnOne(1_000, 0, { type: 'normal', mean: 9_000, sd: 500 }, 0.002, costs)).toMatchObject({
    market: 0,
    limit: 1_000,
  })
})

test('the closed form is the minimum of a numerical expectation', () => {
  const outflow = { type: 'exponential', mean: 2_500 } as const
  const best = placeOnOne(1_000, 2_000, outflow, 0.002, { ...costs, underfill: 0.08 })
  for (const limit of [0, 250, 500, 750, 1_000]) {
    let cost = 0
    const steps = 20_000
    for (let i = 0; i < steps; i++) {
      const xi = -outflow.mean * Math.log(1 - (i + 0.5) / steps)
      const fill = Math.min(limit, Math.max(0, xi - 2_000))
      const short = limit - fill
      cost += (0.023 * (1_000 - limit) - 0.022 * fill + 0.0005 * (1_000 + short) + 0.08 * short) / steps
    }
    expect(best.cost).toBeLessThanOrEqual(cost + 1e-3)
    if (Math.abs(limit - best.limit) < 1e-9) expect(best.cost).toBeCloseTo(cost, 2)
  }
})

test('on the lattice: with certain outflow everything is posted where the rebate is best', () => {
  const found = placeOnLattice(4, [0, 0], [[10, 10]], [0.001, 0.003], costs)
  expect(found.placements).toEqual([{ market: 0, limits: [0, 4] }])
})
