/** What trailing volume does to a rate: tables of thresholds, the worth of the next one, and where to send a period's volume. */
import { assert } from '../../shared/assert.ts'

/**
 * Rows of [volume from which on, rate as a fraction of notional], ascending; the threshold itself already has the rate
 * (exchange tables say "≥"). The first row holds for everything below the second.
 */
export type FeeTiers = readonly (readonly [threshold: number, rate: number])[]

/** Row of the tier that `volume` has reached. O(rows). */
function tierIndex(tiers: FeeTiers, volume: number): number {
  assert(tiers.length > 0, 'a tier table has a row')
  let index = 0
  while (index + 1 < tiers.length && volume >= tiers[index + 1][0]) index++
  return index
}

export interface Tier {
  readonly rate: number
  /** Volume of the next tier, or null on the last. */
  readonly next: number | null
}

export function lookUpTier(tiers: FeeTiers, volume: number): Tier {
  const index = tierIndex(tiers, volume)
  return { rate: tiers[index][1], next: index + 1 < tiers.length ? tiers[index + 1][0] : null }
}

/** Fees of one market of one venue; a side without tiers charges its flat rate. */
export interface FeeSchedule {
  readonly maker: number
  readonly taker: number
  readonly tiers?: { readonly maker?: FeeTiers; readonly taker?: FeeTiers }
}

/** Rate of one side at a trailing volume, in the unit of that table. */
export function scheduledRate(schedule: FeeSchedule, side: 'maker' | 'taker', volume: number): number {
  const tiers = schedule.tiers?.[side]
  return tiers === undefined ? schedule[side] : lookUpTier(tiers, volume).rate
}

export interface TierValue {
  /** Volume still missing. */
  readonly distance: number
  readonly rateGap: number
  /** Saved on the future volume, less what the missing volume costs extra. */
  readonly value: number
  /** Future volume from which on the detour pays. */
  readonly breakEvenFutureVolume: number
  readonly worthIt: boolean
}

/** Is the next tier worth trading towards? undefined on the last tier. `extraCostPerUnit` is per unit of volume. */
export function valueOfNextTier(
  tiers: FeeTiers,
  volume: number,
  expectedFutureVolume: number,
  extraCostPerUnit: number,
): TierValue | undefined {
  const index = tierIndex(tiers, volume)
  if (index + 1 === tiers.length) return undefined
  const distance = tiers[index + 1][0] - volume
  const rateGap = tiers[index][1] - tiers[index + 1][1]
  const detour = distance * extraCostPerUnit
  const value = rateGap * expectedFutureVolume - detour
  return { distance, rateGap, value, breakEvenFutureVolume: detour / rateGap, worthIt: value > 0 }
}

export interface TierAllocation {
  readonly cost: number
  /** By venue; they sum to the volume asked for. */
  readonly volumes: readonly number[]
}

const COMBINATIONS_MAX = 10_000_000
/** Costs closer than this (relative) are one cost: the first found stays. */
const COST_EPSILON = 1e-12

/**
 * Cheapest way to trade `volume` over venues whose reached rate holds for the whole period's volume. The cost is linear
 * between thresholds, so an optimum has every venue but one at 0 or at a threshold: all such corners are tried, free
 * venue ascending, thresholds ascending, ties to the first. Falling rates; O(venues x product of rows), asserted small.
 */
export function allocateOverTiers(volume: number, venues: readonly FeeTiers[]): TierAllocation {
  assert(venues.length > 0 && volume >= 0, 'an allocation needs a venue and a volume')
  const combinations = venues.reduce((product, tiers) => product * (tiers.length + 1), venues.length)
  assert(combinations <= COMBINATIONS_MAX, 'corners are enumerated only while they are few')
  const volumes = new Array<number>(venues.length).fill(0)
  let best: TierAllocation = { cost: Number.POSITIVE_INFINITY, volumes }

  const visit = (venue: number, free: number, left: number, cost: number): void => {
    if (venue === venues.length) {
      volumes[free] = left
      const total = cost + left * lookUpTier(venues[free], left).rate
      const isBetter = best.cost === Number.POSITIVE_INFINITY || total < best.cost - COST_EPSILON * Math.abs(best.cost)
      if (isBetter) best = { cost: total, volumes: [...volumes] }
      return
    }
    if (venue === free) {
      visit(venue + 1, free, left, cost)
      return
    }
    volumes[venue] = 0
    visit(venue + 1, free, left, cost)
    for (const [threshold, rate] of venues[venue]) {
      if (threshold <= 0 || threshold > left) continue
      volumes[venue] = threshold
      visit(venue + 1, free, left - threshold, cost + threshold * rate)
    }
  }
  for (let free = 0; free < venues.length; free++) visit(0, free, volume, 0)
  return best
}
