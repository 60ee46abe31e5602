/**
 * The splitter against HiGHS on random problems of 5 to 30 venues and 20 to 100 levels: LP where the terms are only
 * proportional, MILP (gap 0) where lots, minimums, tickets or a maximum of children are discrete. Objectives, whether
 * the certificate ever lied, and how much faster.
 */
import { createRequire } from 'node:module'
import type { Highs, ModelData } from 'highs'
import { ExecutionPlan, Proof } from '../../../hotpath/plan/execution-plan.ts'
import { OrderSplitter } from '../../../hotpath/splitting/order-splitter.ts'
import { Side } from '../../../shared/domain/order.ts'
import { Prng } from '../../../shared/prng.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { buildProblem } from './highs-model.ts'
import { families, type RandomMarket, randomMarket } from './random-market.ts'

const NODES_MAX = 2_000
/** A MILP that takes longer is left out of the comparison, and counted. */
const HIGHS_SECONDS_MAX = 10
const TIMED_RUNS = 5
/** A minute and a half of HiGHS. Each full run has problems of its own: its note says which. */
const FULL_COUNT = 500
const WARM_UP_MARKETS = 400
const solverOptions = { output_flag: false, mip_rel_gap: 0, time_limit: HIGHS_SECONDS_MAX }
/** Objectives are compared in doubles: differences below this share of the objective are none. */
const SAME = 1e-9

interface Contest {
  readonly isDiscrete: boolean
  readonly gapBps: number
  readonly certificateLied: boolean
  readonly isProven: boolean
  readonly ourNs: number
  readonly highsNs: number
}

export async function run(options: BenchOptions): Promise<BenchRow[]> {
  const count = options.quick ? 60 : FULL_COUNT
  const first = options.quick ? 1 : firstOfNow()
  const highs: Highs = await createRequire(import.meta.url)('highs')()
  warmUp()
  const contests: Contest[] = []
  let unsolved = 0
  for (let at = 0; at < count; at++) {
    const family = families[at % families.length]
    const contest = compete(highs, randomMarket(new Prng(first + at), family), family !== 'proportional')
    if (contest === undefined) unsolved++
    else contests.push(contest)
    await new Promise(setImmediate)
  }
  const discrete = contests.filter(({ isDiscrete }) => isDiscrete)
  return [
    ...rowsOf(
      'proportional',
      contests.filter(({ isDiscrete }) => !isDiscrete),
      1_000,
      `${unsolved} of ${count} left out: HiGHS had no legal optimum in ${HIGHS_SECONDS_MAX} s; seeds from ${first}`,
    ),
    ...rowsOf('discrete', discrete, 100, `seeds from ${first}`),
  ]
}

/** Seeds of the minute a run begins in: problems that no run before had. */
function firstOfNow(): number {
  return Math.floor(Date.now() / 60_000) * FULL_COUNT + 1
}

/** Compiles the splitter on problems that are not counted: a router is warm after its first second. */
function warmUp(): void {
  const plan = new ExecutionPlan()
  for (let at = 0; at < WARM_UP_MARKETS; at++) {
    const market = randomMarket(new Prng(1_000_000 + at), families[at % families.length])
    const splitter = new OrderSplitter(market.books)
    for (let i = 0; i < TIMED_RUNS; i++) {
      plan.reset(market.side)
      splitter.split(market.candidates, plan, market.side, market.lots, market.childrenMax, NODES_MAX)
    }
  }
}

function compete(highs: Highs, market: RandomMarket, isDiscrete: boolean): Contest | undefined {
  const plan = new ExecutionPlan()
  const splitter = new OrderSplitter(market.books)
  const times: number[] = []
  for (let i = 0; i < TIMED_RUNS; i++) {
    plan.reset(market.side)
    const from = performance.now()
    splitter.split(market.candidates, plan, market.side, market.lots, market.childrenMax, NODES_MAX)
    times.push((performance.now() - from) * 1e6)
  }
  if (plan.plannedLots === 0) return undefined
  const problem = buildProblem(market, plan.plannedLots, isDiscrete)
  const from = performance.now()
  const values = solve(highs, problem.model)
  const highsNs = (performance.now() - from) * 1e6
  const best = values && problem.costOf(values)
  if (best === undefined || !best.isLegal) return undefined
  const sign = market.side === Side.buy ? 1 : -1
  const gap = (sign * plan.objective - best.cost) / Math.abs(best.cost)
  return {
    isDiscrete,
    gapBps: Math.abs(gap) < SAME ? 0 : gap * 10_000,
    certificateLied: best.cost < sign * plan.dualBound - SAME * Math.abs(best.cost),
    isProven: plan.proof !== Proof.bound,
    ourNs: times.toSorted((a, b) => a - b)[TIMED_RUNS >> 1],
    highsNs,
  }
}

/** Column values of the optimum, or undefined when it was not reached in time. */
function solve(highs: Highs, model: ModelData): Float64Array | undefined {
  return highs.withModel(model, (one) => {
    one.options.set(solverOptions)
    one.run()
    return one.getModelStatus() === 7 ? one.getSolution().colValue : undefined
  })
}

function rowsOf(what: string, contests: readonly Contest[], timesFaster: number, of: string): BenchRow[] {
  const gaps = contests.map(({ gapBps }) => gapBps).sort((a, b) => a - b)
  const faster = contests.map(({ ourNs, highsNs }) => highsNs / ourNs).sort((a, b) => a - b)
  const ours = contests.map(({ ourNs }) => ourNs).sort((a, b) => a - b)
  const theirs = contests.map(({ highsNs }) => highsNs).sort((a, b) => a - b)
  const at = (sorted: readonly number[], share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  const proven = contests.filter(({ isProven }) => isProven).length
  return [
    {
      name: `${what}: gap to HiGHS, median`,
      unit: 'bps',
      value: at(gaps, 0.5),
      limit: { max: 0, isGate: true },
      note: `${contests.length} instances, ${proven} proven optimal by us; ${of}`,
    },
    {
      name: `${what}: gap to HiGHS, p99`,
      unit: 'bps',
      value: at(gaps, 0.99),
      limit: { max: what === 'discrete' ? 1 : 0, isGate: true },
    },
    {
      name: `${what}: certificates that lied`,
      unit: 'count',
      value: contests.filter(({ certificateLied }) => certificateLied).length,
      limit: { max: 0, isGate: true },
    },
    { name: `${what}: our time`, unit: 'ns', value: at(ours, 0.5), p50: at(ours, 0.5), p99: at(ours, 0.99) },
    {
      name: `${what}: HiGHS time over ours, median`,
      unit: 'x',
      value: at(faster, 0.5),
      limit: { min: timesFaster, isGate: true },
      note: `HiGHS p50 ${(at(theirs, 0.5) / 1e6).toFixed(1)} ms, p99 ${(at(theirs, 0.99) / 1e6).toFixed(1)} ms (WebAssembly, one thread)`,
    },
  ]
}
