/** Draws the orders, routes them every way, and holds the router against every baseline. Deterministic for a seed. */
import { OrderSplitter } from '../../hotpath/splitting/order-splitter.ts'
import { Side } from '../../shared/domain/order.ts'
import { Prng } from '../../shared/prng.ts'
import { type BaselineName, baselineMeanings, baselineNames, routeOrder } from './order-routes.ts'
import { type Estimate, type PairedOrder, type PairedSummary, type RouteCost, summarise } from './paired-sample.ts'
import type { StudyData, StudyMoment } from './study-moment.ts'

export interface StudyRow {
  /** In mean top-level quantities, or the name of a mix of sizes. */
  readonly size: string
  readonly baseline: BaselineName
  readonly summary: PairedSummary
}

export interface StudyClaim {
  readonly claim: string
  readonly verdict: 'supported' | 'not supported' | 'too few blocks to say'
}

/** One data set under one fee scenario. */
export interface StudyPart {
  readonly data: string
  readonly scenario: string
  readonly moments: number
  /** Orders that the books could not fill, left out for everybody. */
  readonly tooLarge: number
  readonly rows: readonly StudyRow[]
  readonly claims: readonly StudyClaim[]
}

export interface Study {
  readonly seed: number
  readonly parts: readonly StudyPart[]
  readonly notes: readonly string[]
}

/** The mixes: the declared sizes, and of these the large ones, the primary sample of the slippage claim. */
const MIX_MIN = 0.25
const LARGE_MIN = 3
const MIX_MAX = 8
const ALL_SIZES = `${MIX_MIN} to ${MIX_MAX}`
const LARGE_SIZES = `${LARGE_MIN} to ${MIX_MAX}`
const SLIPPAGE_TARGET = 0.3
const FEE_TARGET = 0.25
/** Fewer blocks than this carry no 95 % interval that a claim could rest on. */
const CLAIM_BLOCKS_MIN = 20
/** An order is its nominal size, give or take a quarter. */
const SIZE_LOW = 0.75
const SIZE_SPAN = 0.5
const sides = [Side.buy, Side.sell] as const

interface DrawnOrder {
  readonly multiple: number
  readonly pairs: readonly PairedOrder[]
}

function drawLots(moment: StudyMoment, multiple: number, prng: Prng): number {
  return Math.max(1, Math.round(multiple * moment.topLots * (SIZE_LOW + SIZE_SPAN * prng.nextFloat())))
}

/** Takes its draws before it looks at a cost: scenarios and baselines see the same orders. */
function runScenario(data: StudyData, scenario: number, seed: number, onOrder: () => void): StudyPart {
  const sizePrng = new Prng(seed).fork(1)
  const venuePrng = new Prng(seed).fork(2)
  const drawn: DrawnOrder[] = []
  let tooLarge = 0
  const draw = (splitter: OrderSplitter, moment: StudyMoment, side: Side, multiple: number): void => {
    const lots = drawLots(moment, multiple, sizePrng)
    const routes = routeOrder(splitter, moment, side, lots, scenario, venuePrng)
    onOrder()
    if (routes === undefined) tooLarge++
    else {
      const weight = lots * moment.mid
      const router: RouteCost = routes.router
      const pairs = routes.baselines.map((baseline) => ({ weight, block: moment.block, router, baseline }))
      drawn.push({ multiple, pairs })
    }
  }
  for (const moment of data.moments) {
    const splitter = new OrderSplitter(moment.fillable)
    for (const side of sides) {
      for (const multiple of data.multiples) {
        for (let i = 0; i < data.repeats; i++) draw(splitter, moment, side, multiple)
      }
    }
  }
  const rows = groupsOf(data.multiples).flatMap(([size, isIn]) => rowsOf(size, drawn.filter(isIn), seed))
  const scenarioName = data.scenarios[scenario]
  return {
    data: data.name,
    scenario: scenarioName,
    moments: data.moments.length,
    tooLarge,
    rows,
    claims: claimsOf(rows),
  }
}

function groupsOf(multiples: readonly number[]): [string, (order: DrawnOrder) => boolean][] {
  return [
    ...multiples.map((multiple): [string, (order: DrawnOrder) => boolean] => [
      String(multiple),
      (order) => order.multiple === multiple,
    ]),
    [LARGE_SIZES, ({ multiple }) => multiple >= LARGE_MIN && multiple <= MIX_MAX],
    [ALL_SIZES, ({ multiple }) => multiple >= MIX_MIN && multiple <= MIX_MAX],
  ]
}

function rowsOf(size: string, orders: readonly DrawnOrder[], seed: number): StudyRow[] {
  if (orders.length === 0) return []
  return baselineNames.map((baseline, at) => {
    const pairs = orders.map((order) => order.pairs[at])
    return { size, baseline, summary: summarise(pairs, new Prng(seed).fork(3 + at)) }
  })
}

function isAbove(estimate: Estimate | null, target: number): boolean {
  return estimate !== null && estimate.interval95.low > target
}

/** The two claims of the project, each with the baseline it names, and all-in no worse with 95 % confidence. */
function claimsOf(rows: readonly StudyRow[]): StudyClaim[] {
  const judge = (
    size: string,
    baseline: BaselineName,
    claim: string,
    isTrue: (summary: PairedSummary) => boolean,
  ): StudyClaim[] => {
    const summary = rows.find((row) => row.size === size && row.baseline === baseline)?.summary
    if (summary === undefined) return []
    const isSupported = isTrue(summary) && summary.savedBps.interval95.low >= 0
    const judged = isSupported ? 'supported' : 'not supported'
    const verdict = summary.blocks < CLAIM_BLOCKS_MIN ? 'too few blocks to say' : judged
    return [{ claim: `${claim} than ${baselineMeanings[baseline]} (sizes ${size}), all-in no worse`, verdict }]
  }
  return [
    ...judge(LARGE_SIZES, 'bestSingleVenue', `over ${100 * SLIPPAGE_TARGET} % less slippage`, ({ slippageReduction }) =>
      isAbove(slippageReduction, SLIPPAGE_TARGET),
    ),
    ...judge(ALL_SIZES, 'bestDisplayedPrice', `over ${100 * FEE_TARGET} % less fees`, ({ feeReduction }) =>
      isAbove(feeReduction, FEE_TARGET),
    ),
  ]
}

/** Orders that runStudy will draw. */
export function countOrders(data: StudyData): number {
  return data.moments.length * sides.length * data.multiples.length * data.repeats * data.scenarios.length
}

export function runStudy(all: readonly StudyData[], seed: number, onOrder: () => void): Study {
  const parts = all.flatMap((data) => data.scenarios.map((_, scenario) => runScenario(data, scenario, seed, onOrder)))
  return { seed, parts, notes: [...new Set(all.flatMap((data) => data.notes))] }
}
