/** Paired costs of the router and one baseline over the same orders, and what they say: costs, savings, intervals. */
import { bootstrapRatio } from '../../shared/math/block-bootstrap.ts'
import type { Interval } from '../../shared/math/interval.ts'
import type { Prng } from '../../shared/prng.ts'

export interface RouteCost {
  readonly slippageBps: number
  readonly feeBps: number
  readonly allInBps: number
}

export interface PairedOrder {
  /** Notional at the mid: the weight of the order. */
  readonly weight: number
  readonly block: number
  readonly router: RouteCost
  readonly baseline: RouteCost
}

export interface Estimate {
  readonly value: number
  readonly interval95: Interval
}

export interface PairedSummary {
  readonly orders: number
  readonly blocks: number
  /** Means weighted by notional, bps at the mid. */
  readonly router: RouteCost
  readonly baseline: RouteCost
  /** All-in cost of the baseline less the router's, bps: positive when the router is cheaper. */
  readonly savedBps: Estimate
  /** 1 - router / baseline; null where the baseline's own cost is not surely above 0. */
  readonly slippageReduction: Estimate | null
  readonly feeReduction: Estimate | null
  readonly allInReduction: Estimate | null
  readonly verdict: 'cheaper' | 'dearer' | 'not told apart'
}

type Part = keyof RouteCost

const DRAWS = 1_000
/** Below this many bps a difference is the rounding of doubles. */
const NOTHING_BPS = 1e-9
/** A ratio to a baseline is said only while the low end of the baseline's own cost is above this share of it. */
const LEVEL_SHARE_MIN = 0.25

function weightedMean(orders: readonly PairedOrder[], cost: (order: PairedOrder) => number): number {
  let sum = 0
  let weight = 0
  for (const order of orders) {
    sum += order.weight * cost(order)
    weight += order.weight
  }
  return sum / weight
}

function meanCost(orders: readonly PairedOrder[], who: 'router' | 'baseline'): RouteCost {
  return {
    slippageBps: weightedMean(orders, (order) => order[who].slippageBps),
    feeBps: weightedMean(orders, (order) => order[who].feeBps),
    allInBps: weightedMean(orders, (order) => order[who].allInBps),
  }
}

/** Block numbers made dense, so that blocks without an order of this group are not drawn. */
function denseBlocks(orders: readonly PairedOrder[]): Int32Array {
  const known = new Map<number, number>()
  return Int32Array.from(orders, ({ block }) => {
    if (!known.has(block)) known.set(block, known.size)
    return known.get(block) ?? 0
  })
}

function column(orders: readonly PairedOrder[], value: (order: PairedOrder) => number): Float64Array {
  return Float64Array.from(orders, (order) => order.weight * value(order))
}

function reduction(orders: readonly PairedOrder[], blocks: Int32Array, part: Part, prng: Prng): Estimate | null {
  const saved = column(orders, (order) => order.baseline[part] - order.router[part])
  const spent = column(orders, (order) => order.baseline[part])
  const weights = column(orders, () => 1)
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
  const level = total(spent) / total(weights)
  const { low } = bootstrapRatio(spent, weights, blocks, prng, DRAWS)
  if (level <= NOTHING_BPS || low < LEVEL_SHARE_MIN * level) return null
  return { value: total(saved) / total(spent), interval95: bootstrapRatio(saved, spent, blocks, prng, DRAWS) }
}

function verdictOf({ low, high }: Interval): PairedSummary['verdict'] {
  if (low > NOTHING_BPS) return 'cheaper'
  return high < -NOTHING_BPS ? 'dearer' : 'not told apart'
}

/** At least one order. Intervals: 95 %, whole blocks drawn again; deterministic for a Prng. */
export function summarise(orders: readonly PairedOrder[], prng: Prng): PairedSummary {
  const blocks = denseBlocks(orders)
  const router = meanCost(orders, 'router')
  const baseline = meanCost(orders, 'baseline')
  const saved = column(orders, (order) => order.baseline.allInBps - order.router.allInBps)
  const interval95 = bootstrapRatio(
    saved,
    column(orders, () => 1),
    blocks,
    prng,
    DRAWS,
  )
  return {
    orders: orders.length,
    blocks: blocks.reduce((most, block) => Math.max(most, block + 1), 0),
    router,
    baseline,
    savedBps: { value: baseline.allInBps - router.allInBps, interval95 },
    slippageReduction: reduction(orders, blocks, 'slippageBps', prng),
    feeReduction: reduction(orders, blocks, 'feeBps', prng),
    allInReduction: reduction(orders, blocks, 'allInBps', prng),
    verdict: verdictOf(interval95),
  }
}
