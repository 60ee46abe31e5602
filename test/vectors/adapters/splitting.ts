/** Topics of splitting.json. */
import { ExecutionPlan } from '../../../hotpath/plan/execution-plan.ts'
import { OrderSplitter } from '../../../hotpath/splitting/order-splitter.ts'
import {
  type BaselineMarket,
  type BaselineRoute,
  bestDisplayedPrice,
  bestSingleVenue,
  priceRoute,
  proRata,
  uniformSplit,
} from '../../../hotpath/tca/baselines.ts'
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

export const splitting: AreaAdapters = {
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
