/** Topics of splitting.json. */
import { ExecutionPlan } from '../../../hotpath/plan/execution-plan.ts'
import {
  type Outflow,
  type PlacementCosts,
  placeOnLattice,
  placeOnOne,
} from '../../../hotpath/splitting/cont-kukanov.ts'
import { riskyPrice } from '../../../hotpath/splitting/fill-risk.ts'
import { type RoundingMode, roundPrice, roundQuantity } from '../../../hotpath/splitting/grid-rounding.ts'
import { largestRemainder } from '../../../hotpath/splitting/largest-remainder.ts'
import { OrderSplitter } from '../../../hotpath/splitting/order-splitter.ts'
import { waterfill } from '../../../hotpath/splitting/waterfill.ts'
import {
  type BaselineMarket,
  type BaselineRoute,
  bestDisplayedPrice,
  bestSingleVenue,
  priceRoute,
  proRata,
  uniformSplit,
} from '../../../hotpath/tca/baselines.ts'
import { Side } from '../../../shared/domain/order.ts'
import { type AreaAdapters, adapter } from '../adapter.ts'
import { VectorMarket, type VectorOrder } from './splitting-market.ts'

/** Work the second stage may spend: a vector asks for the optimum, not for the answer of a few microseconds. */
const NODES_MAX = 1_000_000
/** Continuous splits are expected to nine digits. */
const FINE_DIGITS = 9

function plan(market: VectorMarket, childrenMax = 0): ExecutionPlan {
  const plan = new ExecutionPlan()
  plan.reset(market.side)
  new OrderSplitter(market.books).split(market.candidates, plan, market.side, market.lots, childrenMax, NODES_MAX)
  return plan
}

function lotsByRow(market: VectorMarket, { count, row, lots }: ExecutionPlan): Float64Array {
  const byRow = new Float64Array(market.candidates.count)
  for (let at = 0; at < count; at++) byRow[row[at]] = lots[at]
  return byRow
}

const sweep = adapter((order: VectorOrder) => {
  const market = new VectorMarket(order)
  const result = plan(market)
  return {
    filled: market.toQuantity(result.plannedLots),
    unfilled: market.toQuantity(result.targetLots - result.plannedLots),
    alloc: market.toAlloc(lotsByRow(market, result)),
    netNotional: market.toQuote(result.objective),
    avgEffectivePrice: market.toPrice(result.objective / result.plannedLots),
    marginalEffectivePrice: market.toPrice(result.marginal),
  }
})

interface PlacementVector {
  readonly S: number
  readonly h: number
  readonly f: number
  readonly theta: number
  readonly lambdaU: number
  readonly lambdaO: number
}

function placementCosts({ h, f, theta, lambdaU, lambdaO }: PlacementVector): PlacementCosts {
  return { halfSpread: h, takerFee: f, impact: theta, underfill: lambdaU, overfill: lambdaO }
}

interface GridVector {
  readonly price: string
  readonly tick: string
  readonly qty: string
  readonly lot: string
  readonly mode: RoundingMode
  readonly side: keyof typeof Side
}

interface FillRiskVector {
  readonly venues: readonly { id: string; price: number; takerFee: number; pFill: number; latencyMs: number }[]
  readonly fallbackEffectivePrice: number
  readonly riskAversion: number
  readonly driftPerMs: number
}

export const splitting: AreaAdapters = {
  'tick-lot': adapter(({ price, tick, qty, lot, mode, side }: GridVector) => ({
    price: roundPrice(price, tick, Side[side], mode),
    qty: roundQuantity(qty, lot),
  })),
  'largest-remainder': adapter(({ weights, lots }: { weights: number[]; lots: number }) => ({
    alloc: largestRemainder(weights, lots),
  })),
  waterfill: adapter(({ total, a, b, cap }: { total: number; a: number[]; b: number[]; cap: number[] }) =>
    waterfill(total, a, b, cap),
  ),
  'fill-risk': adapter(({ venues, fallbackEffectivePrice, riskAversion, driftPerMs }: FillRiskVector) => {
    const risk = { fallbackPrice: fallbackEffectivePrice, riskAversion, driftPerMs }
    const scores = venues.map(
      ({ id, pFill, ...venue }) => [id, riskyPrice({ ...venue, fillChance: pFill }, risk)] as const,
    )
    return { score: Object.fromEntries(scores), order: scores.toSorted((x, y) => x[1] - y[1]).map(([id]) => id) }
  }),
  'ck-single': adapter((order: PlacementVector & { Q: number; r: number; outflow: Outflow }) => {
    const { market, limit, cost, quantile } = placeOnOne(
      order.S,
      order.Q,
      order.outflow,
      order.r,
      placementCosts(order),
    )
    return { M: market, L: limit, cost, quantile }
  }),
  'ck-lattice': adapter((order: PlacementVector & { queueAhead: number[]; scenarios: number[][]; r: number[] }) => {
    const { cost, placements } = placeOnLattice(
      order.S,
      order.queueAhead,
      order.scenarios,
      order.r,
      placementCosts(order),
    )
    return { minCost: cost, argmin: placements.map(({ market, limits }) => ({ M: market, L: limits })) }
  }),
  sweep,
  'tie-break': sweep,
  milp: adapter(
    (order: VectorOrder) => {
      const market = new VectorMarket(order)
      const result = plan(market, order.maxVenues ?? 0)
      return { optimalCost: market.toQuote(result.objective), alloc: market.toAlloc(lotsByRow(market, result)) }
    },
    // What a naive router would pay and whether the optimum is unique are facts about the instance, not the plan.
    ({ uniqueOptimum }) => ['greedyCost', 'uniqueOptimum', ...(uniqueOptimum === false ? ['alloc'] : [])],
  ),
  baselines: adapter((order: VectorOrder & { mid: number }) => {
    const market = new VectorMarket(order, FINE_DIGITS)
    const { books, candidates, side, lots } = market
    const arena: BaselineMarket = { books, candidates, side, mid: market.toFineTicks(order.mid) }
    const show = (route: BaselineRoute): object => ({ ...route, alloc: market.toAlloc(route.lots) })
    const single = bestSingleVenue(arena, lots)
    return {
      // The definition asks for a venue that fills the whole; ours also names the fullest when none does.
      bestSingle: single?.isComplete ? show(single) : null,
      rawPriceSweep: show(bestDisplayedPrice(arena, lots)),
      proRata: show(proRata(arena, lots)),
      uniform: show(uniformSplit(arena, lots)),
      optimal: show(priceRoute(arena, lotsByRow(market, plan(market)), lots)),
    }
  }),
}
