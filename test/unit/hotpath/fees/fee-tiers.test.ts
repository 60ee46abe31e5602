import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  allocateOverTiers,
  type FeeTiers,
  lookUpTier,
  scheduledRate,
  valueOfNextTier,
} from '../../../../hotpath/fees/fee-tiers.ts'

const tiers: FeeTiers = [
  [0, 0.0026],
  [50_000, 0.0024],
  [100_000, 0.0022],
]

test('a threshold belongs to its tier', () => {
  expect(lookUpTier(tiers, 0)).toEqual({ rate: 0.0026, next: 50_000 })
  expect(lookUpTier(tiers, 49_999.99)).toEqual({ rate: 0.0026, next: 50_000 })
  expect(lookUpTier(tiers, 50_000)).toEqual({ rate: 0.0024, next: 100_000 })
  expect(lookUpTier(tiers, 1e9)).toEqual({ rate: 0.0022, next: null })
})

test('a side without tiers is flat', () => {
  const schedule = { maker: 0.001, taker: 0.002, tiers: { taker: tiers } }
  expect(scheduledRate(schedule, 'maker', 1e9)).toBe(0.001)
  expect(scheduledRate(schedule, 'taker', 60_000)).toBe(0.0024)
  expect(scheduledRate({ maker: 0.001, taker: 0.002 }, 'taker', 1e9)).toBe(0.002)
})

test('the next tier: saved less detour', () => {
  const value = valueOfNextTier(tiers, 45_000, 200_000, 0.0005)
  expect(value?.distance).toBe(5_000)
  expect(value?.value).toBeCloseTo(0.0002 * 200_000 - 2.5, 9)
  expect(value?.breakEvenFutureVolume).toBeCloseTo(12_500, 6)
  expect(value?.worthIt).toBe(true)
  expect(valueOfNextTier(tiers, 45_000, 12_000, 0.0005)?.worthIt).toBe(false)
  expect(valueOfNextTier(tiers, 100_000, 1, 1)).toBeUndefined()
})

test('a whole period goes where its volume earns the better rate', () => {
  const deep: FeeTiers = [
    [0, 0.001],
    [500_000, 0.0008],
    [900_000, 0.0005],
  ]
  const flat: FeeTiers = [[0, 0.0009]]
  expect(allocateOverTiers(1_000_000, [deep, flat])).toEqual({ cost: 500, volumes: [1_000_000, 0] })
  expect(allocateOverTiers(400_000, [deep, flat]).volumes).toEqual([0, 400_000])
})

test('two thresholds reached at once', () => {
  const a: FeeTiers = [
    [0, 0.003],
    [100, 0.001],
  ]
  const b: FeeTiers = [
    [0, 0.003],
    [50, -0.001],
    [60, 0.002],
  ]
  // b exactly at its rebate tier, a takes the rest above its own threshold.
  const best = allocateOverTiers(150, [a, b])
  expect(best.volumes).toEqual([100, 50])
  expect(best.cost).toBeCloseTo(0.05, 12)
})

test('too many corners stop', () => {
  const wide: FeeTiers = Array.from({ length: 30 }, (_, i) => [i, 1 / (i + 1)] as const)
  expect(() => allocateOverTiers(10, [wide, wide, wide, wide, wide])).toThrow('few')
})

const table = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 9 })), { maxLength: 3 })
  .map((rows): FeeTiers => {
    const thresholds = [...new Set(rows.map(([threshold]) => threshold))].sort((a, b) => a - b)
    let rate = 0.004
    const tiersOf: [number, number][] = [[0, rate]]
    for (const [i, threshold] of thresholds.entries()) {
      rate -= rows[i][1] / 20_000
      tiersOf.push([threshold, rate])
    }
    return tiersOf
  })

test('no split on the integer grid is cheaper', () => {
  const cost = (tiersOf: FeeTiers, volume: number) => volume * lookUpTier(tiersOf, volume).rate
  fc.assert(
    fc.property(table, table, fc.integer({ min: 0, max: 120 }), (a, b, volume) => {
      const best = allocateOverTiers(volume, [a, b])
      expect(best.volumes[0] + best.volumes[1]).toBe(volume)
      expect(best.cost).toBeCloseTo(cost(a, best.volumes[0]) + cost(b, best.volumes[1]), 12)
      for (let x = 0; x <= volume; x++) expect(best.cost).toBeLessThanOrEqual(cost(a, x) + cost(b, volume - x) + 1e-12)
    }),
  )
})
