/** One order, routed every way at the same moment: by the router's splitter, and by the named baselines B1 to B5. */
import { ExecutionPlan } from '../../hotpath/plan/execution-plan.ts'
import type { OrderSplitter } from '../../hotpath/splitting/order-splitter.ts'
import {
  type BaselineMarket,
  type BaselineRoute,
  bestDisplayedPrice,
  displayedLots,
  priceRoute,
  proRata,
  singleVenue,
  tradableRows,
  uniformSplit,
} from '../../hotpath/tca/baselines.ts'
import { assert } from '../../shared/assert.ts'
import type { Side } from '../../shared/domain/order.ts'
import type { Prng } from '../../shared/prng.ts'
import { openCandidates, type StudyMoment } from './study-moment.ts'

export const baselineNames = ['bestSingleVenue', 'bestDisplayedPrice', 'proRata', 'uniform', 'randomVenue'] as const
export type BaselineName = (typeof baselineNames)[number]

export const baselineMeanings: Readonly<Record<BaselineName, string>> = {
  bestSingleVenue: 'B1 best single venue, all-in',
  bestDisplayedPrice: 'B2 best displayed price, fees ignored',
  proRata: 'B3 pro rata by displayed depth',
  uniform: 'B4 the same everywhere',
  randomVenue: 'B5 one venue at random',
}

export interface OrderRoutes {
  readonly router: BaselineRoute
  /** In the order of baselineNames. */
  readonly baselines: readonly BaselineRoute[]
}

/** Work of the splitter's second stage; nothing discrete binds in these data, so it is hardly touched. */
const NODES_MAX = 2_000

/** B1: the cheapest venue that fills the whole; what even the fullest cannot fill goes on to the next in the same way. */
function cheapestVenueFirst(market: BaselineMarket, lots: number): BaselineRoute {
  const asked = new Float64Array(market.candidates.count)
  let open = tradableRows(market)
  let left = lots
  while (left > 0 && open.length > 0) {
    const rest = left
    const routes = open.map((row) => singleVenue(market, rest, row))
    const best = routes.reduce((one, two) =>
      two.filledLots > one.filledLots || (two.filledLots === one.filledLots && two.allInBps < one.allInBps) ? two : one,
    )
    asked[best.row] = best.filledLots
    left -= best.filledLots
    open = open.filter((row) => row !== best.row)
  }
  return priceRoute(market, asked, lots)
}

/** B5: venues in an order that only chance knows, each as far as it reaches. */
function anyVenueFirst(market: BaselineMarket, lots: number, prng: Prng): BaselineRoute {
  const asked = new Float64Array(market.candidates.count)
  const open = tradableRows(market)
  let left = lots
  while (left > 0 && open.length > 0) {
    const [row] = open.splice(prng.nextBelow(open.length), 1)
    asked[row] = Math.min(left, displayedLots(market, row))
    left -= asked[row]
  }
  return priceRoute(market, asked, lots)
}

type Split = (market: BaselineMarket, lots: number) => BaselineRoute

/** B3, B4: the split that what is displayed suggests, repeated until the whole order is given out, then priced. */
function splitAsDisplayed(
  split: Split,
  displayed: BaselineMarket,
  fillable: BaselineMarket,
  lots: number,
): BaselineRoute {
  const asked = new Float64Array(fillable.candidates.count)
  let left = lots
  while (left > 0) {
    const part = split(displayed, left)
    if (part.filledLots === 0) break
    for (let row = 0; row < asked.length; row++) asked[row] += part.lots[row]
    left -= part.filledLots
  }
  return priceRoute(fillable, asked, lots)
}

function planned(splitter: OrderSplitter, market: BaselineMarket, lots: number): BaselineRoute {
  const plan = new ExecutionPlan()
  plan.reset(market.side)
  plan.mid = market.mid
  splitter.split(market.candidates, plan, market.side, lots, 0, NODES_MAX)
  const asked = new Float64Array(market.candidates.count)
  for (let at = 0; at < plan.count; at++) asked[plan.row[at]] = plan.lots[at]
  const route = priceRoute(market, asked, lots)
  assert(route.isComplete, 'the router plans the whole of an order that the books can fill')
  return route
}

/** `splitter` is of the moment's fillable books. undefined when they cannot fill the order: it is left out for everybody. */
export function routeOrder(
  splitter: OrderSplitter,
  moment: StudyMoment,
  side: Side,
  lots: number,
  scenario: number,
  prng: Prng,
): OrderRoutes | undefined {
  const candidates = openCandidates(moment, side, scenario)
  const fillable: BaselineMarket = { books: moment.fillable, candidates, side, mid: moment.mid }
  const displayed: BaselineMarket = { ...fillable, books: moment.displayed }
  const depth = tradableRows(fillable).reduce((sum, row) => sum + displayedLots(fillable, row), 0)
  if (depth < lots) return undefined
  return {
    router: planned(splitter, fillable, lots),
    baselines: [
      cheapestVenueFirst(fillable, lots),
      bestDisplayedPrice(fillable, lots),
      splitAsDisplayed(proRata, displayed, fillable, lots),
      splitAsDisplayed(uniformSplit, displayed, fillable, lots),
      anyVenueFirst(fillable, lots, prng),
    ],
  }
}
