/**
 * Our splitter against HiGHS on random orders: the linear programme where only fees count, the mixed-integer one (gap 0)
 * where steps, minimums, ticket fees or a maximum of venues do. HiGHS is timed inside its own run() alone, not building
 * the model; ours is one whole call. HiGHS's answer is rounded to lots and priced by the definition.
 *
 * `node test/bench/splitting/contest-bench.ts [INSTANCES] [SEED]` runs any number on any seed.
 */
import { fileURLToPath } from 'node:url'
import loadHighs, { type Highs } from 'highs'
import { ExecutionPlan, Proof } from '../../../hotpath/plan/execution-plan.ts'
import { OrderSplitter } from '../../../hotpath/splitting/order-splitter.ts'
import { Side } from '../../../shared/domain/order.ts'
import { Prng } from '../../../shared/prng.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { buildProblem } from './highs-model.ts'
import { type Family, families, type RandomMarket, randomMarket } from './random-market.ts'

/** Work the search may spend on one order. */
const NODES_MAX = 5_000
const HIGHS_SECONDS_MAX = 30
/** HiGHS's own tolerances and the doubles of a sum: below this two costs are the same. */
const SAME_BPS = 1e-9

interface Bout {
  readonly family: Family
  readonly ourUs: number
  readonly highsUs: number
  /** How much dearer we are than HiGHS, in bps of the order; never negative. */
  readonly gapBps: number
  readonly isLie: boolean
  readonly isProven: boolean
  /** HiGHS's answer respects the terms once rounded to lots. */
  readonly isComparable: boolean
}

export async function run(options: BenchOptions): Promise<BenchRow[]> {
  return runContest(options.quick ? 60 : 2_000, 1)
}

export async function runContest(instances: number, seed: number): Promise<BenchRow[]> {
  const highs = (await loadHighs()) as Highs
  const prng = new Prng(seed)
  warmUp(prng.fork(0))
  const bouts: Bout[] = []
  for (let i = 0; i < instances; i++) {
    const family = families[i % families.length]
    const bout = fight(highs, randomMarket(prng.fork(i), family), family)
    if (bout !== undefined) bouts.push(bout)
  }
  const linear = bouts.filter((bout) => bout.family === 'proportional')
  const discrete = bouts.filter((bout) => bout.family !== 'proportional')
  return [
    ...contestRows('only fees', linear, { median: SAME_BPS, p99: SAME_BPS, speed: 1_000 }),
    ...contestRows('discrete terms', discrete, { median: SAME_BPS, p99: 1, speed: 100 }),
    {
      name: 'certificates that lie',
      unit: 'count',
      value: bouts.filter((bout) => bout.isLie).length,
      limit: { max: 0, isGate: true },
      note: `a plan of HiGHS below our dual bound, in ${bouts.length} orders of 5-30 venues x 20-100 levels`,
    },
  ]
}

/** Enough orders of every family that what is timed is compiled code. */
function warmUp(prng: Prng): void {
  for (let i = 0; i < 150; i++) {
    const market = randomMarket(prng, families[i % families.length])
    const splitter = new OrderSplitter(market.books)
    for (let repeat = 0; repeat < 20; repeat++) plan(splitter, market)
  }
}

function plan(splitter: OrderSplitter, market: RandomMarket, into = new ExecutionPlan()): ExecutionPlan {
  into.reset(market.side)
  splitter.split(market.candidates, into, market.side, market.lots, market.childrenMax, NODES_MAX)
  return into
}

/** One order through both; undefined when nothing of it can be planned. */
function fight(highs: Highs, market: RandomMarket, family: Family): Bout | undefined {
  const splitter = new OrderSplitter(market.books)
  const ours = plan(splitter, market)
  if (ours.plannedLots === 0) return undefined
  const start = performance.now()
  plan(splitter, market, ours)
  const ourUs = (performance.now() - start) * 1_000
  const problem = buildProblem(market, ours.plannedLots, family !== 'proportional')
  const theirs = highs.withModel(problem.model, (model) => {
    model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: 1e-9, time_limit: HIGHS_SECONDS_MAX })
    const from = performance.now()
    model.run()
    const us = (performance.now() - from) * 1_000
    return { us, ...problem.costOf(model.getSolution().colValue) }
  })
  const sign = market.side === Side.buy ? 1 : -1
  const size = Math.abs(theirs.cost)
  return {
    family,
    ourUs,
    highsUs: theirs.us,
    gapBps: Math.max(0, ((sign * ours.objective - theirs.cost) / size) * 10_000),
    isLie: theirs.isLegal && theirs.cost < sign * ours.dualBound - size * 1e-13,
    isProven: ours.proof !== Proof.bound,
    isComparable: theirs.isLegal,
  }
}

function contestRows(
  what: string,
  bouts: readonly Bout[],
  limits: { median: number; p99: number; speed: number },
): BenchRow[] {
  const compared = bouts.filter((bout) => bout.isComparable)
  const gaps = compared.map((bout) => bout.gapBps)
  const us = bouts.map((bout) => bout.ourUs)
  const speed = bouts.map((bout) => bout.highsUs / bout.ourUs)
  const proven = bouts.filter((bout) => bout.isProven).length
  const highsMs = (
    rank(
      bouts.map((bout) => bout.highsUs),
      0.5,
    ) / 1_000
  ).toFixed(1)
  return [
    {
      name: `${what}: gap to HiGHS, median`,
      unit: 'bps',
      value: rank(gaps, 0.5),
      limit: { max: limits.median, isGate: true },
      note: `${compared.length} orders; ${bouts.length - compared.length} of HiGHS's answers were not on the grid`,
    },
    {
      name: `${what}: gap to HiGHS, p99`,
      unit: 'bps',
      value: rank(gaps, 0.99),
      limit: { max: limits.p99, isGate: true },
      note: `worst ${Math.max(...gaps).toExponential(1)} bps; ${proven} of ${bouts.length} proven optimal`,
    },
    { name: `${what}: our time`, unit: 'us', value: rank(us, 0.5), p50: rank(us, 0.5), p99: rank(us, 0.99) },
    {
      name: `${what}: times faster than HiGHS, median`,
      unit: 'x',
      value: rank(speed, 0.5),
      limit: { min: limits.speed, isGate: true },
      note: `HiGHS median ${highsMs} ms; our least advantage ${Math.min(...speed).toFixed(0)} x`,
    },
  ]
}

function rank(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [instances = '200', seed = '1'] = process.argv.slice(2)
  for (const row of await runContest(Number(instances), Number(seed))) console.log(JSON.stringify(row))
}
