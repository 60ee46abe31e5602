/**
 * The heart: the provably cheapest split of an order over venues, and the certificate that says how sure that is.
 *
 *   sweep ── nothing discrete broken ──▶ plan, proof `sweep`, gap 0          (nearly every order, below a microsecond)
 *     └──── lot steps, minimums, child costs, caps, children ──▶ search ──▶ proof `search` (closed) or `bound`
 */
import { assert } from '../../shared/assert.ts'
import { Side } from '../../shared/domain/order.ts'
import { PPM as ppm } from '../../shared/units/ticks.ts'
import type { BookTable } from '../book/book-table.ts'
import { type ExecutionPlan, Proof } from '../plan/execution-plan.ts'
import type { VenueCandidates } from '../plan/venue-candidates.ts'
import { LevelSweep } from './level-sweep.ts'
import { PlanSlices } from './plan-slices.ts'
import { SplitSearch } from './split-search.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Proven = Proof
const Sides = Side
const PPM = ppm

const BPS = 10_000

/** What the sweep's answer is worth: the optimum, past a venue's cap, or against something discrete. */
const Verdict = { whole: 0, overCap: 1, broken: 2 } as const
type Verdict = (typeof Verdict)[keyof typeof Verdict]

export class OrderSplitter {
  readonly #sweep: LevelSweep
  readonly #search: SplitSearch
  readonly #slices: PlanSlices

  constructor(books: BookTable) {
    this.#sweep = new LevelSweep(books)
    this.#search = new SplitSearch(books)
    this.#slices = new PlanSlices(books)
  }

  /**
   * Fills `plan` from the alive rows of `candidates`: first as many of `lots` as can be planned, then at the least
   * all-in cost (sell: the most proceeds). The caller has reset `plan`; its mid stays. `childrenMax` 0 means no maximum.
   * `nodesMax` bounds the search's work beyond a first feasible plan. Allocates nothing.
   */
  split(
    candidates: VenueCandidates,
    plan: ExecutionPlan,
    side: Side,
    lots: number,
    childrenMax: number,
    nodesMax: number,
  ): void {
    assert(plan.count === 0 && plan.proof === Proven.none, 'a plan is reset before it is filled')
    assert(lots >= 0 && Number.isSafeInteger(lots), 'an order is a whole number of lots')
    plan.side = side
    plan.targetLots = lots
    const sweep = this.#sweep
    sweep.run(candidates, plan, side, lots, false)
    let verdict = this.#judge(candidates, side, childrenMax)
    if (verdict === Verdict.overCap) {
      plan.clearBounds()
      sweep.run(candidates, plan, side, lots, true)
      verdict = this.#judge(candidates, side, childrenMax)
    }
    if (verdict === Verdict.whole) this.#writeSweep(candidates, plan, side)
    else this.#writeSearch(candidates, plan, side, childrenMax, nodesMax)
  }

  /**
   * Largest lots whose all-in spend (raw price x lots x (1 + fee); for a sell its proceeds) stays within `budget`
   * ticks x lots, taken best first within limits and caps: the size of an order given in quote.
   */
  lotsForQuote(candidates: VenueCandidates, side: Side, budget: number): number {
    return this.#sweep.lotsWithin(candidates, side, budget * PPM)
  }

  /** Whether the sweep's answer respects what is not proportional: then it is the optimum of the whole problem. */
  #judge(candidates: VenueCandidates, side: Side, childrenMax: number): Verdict {
    const { touched, touchedRow, lots, notional } = this.#sweep
    let verdict: Verdict = childrenMax > 0 && touched > childrenMax ? Verdict.broken : Verdict.whole
    for (let i = 0; i < touched; i++) {
      const row = touchedRow[i]
      const taken = lots[row]
      const worth = notional[row]
      const step = candidates.lotStep[row]
      if (taken > candidates.lotsMax[row]) return Verdict.overCap
      if (
        side === Sides.buy &&
        worth * (candidates.feeFactor[row] - candidates.timePpm[row]) > candidates.spendMax[row] * PPM
      )
        return Verdict.overCap
      if (taken < candidates.lotsMin[row] || worth < candidates.notionalMin[row]) verdict = Verdict.broken
      if (candidates.childCost[row] > 0 || (step !== 1 && Math.floor(taken / step) * step !== taken)) {
        verdict = Verdict.broken
      }
    }
    return verdict
  }

  #writeSweep(candidates: VenueCandidates, plan: ExecutionPlan, side: Side): void {
    const sweep = this.#sweep
    const { touched, touchedRow, lots, notional, worst } = sweep
    const { feeFactor, timePpm } = candidates
    sortRows(touchedRow, touched)
    for (let i = 0; i < touched; i++) {
      const row = touchedRow[i]
      const charged = side === Sides.buy ? feeFactor[row] - timePpm[row] : feeFactor[row] + timePpm[row]
      plan.add(row, lots[row], worst[row], notional[row], notional[row] * charged)
    }
    const sign = side === Sides.buy ? 1 : -1
    plan.plannedLots = plan.targetLots - sweep.left
    if (touched > 0) {
      plan.objective = sign * sweep.cost
      plan.dualBound = plan.objective
      plan.marginal = sign * sweep.marginalKey
    }
    plan.nextRow = sweep.nextRow
    plan.nextEffective = sweep.nextRow < 0 ? Number.POSITIVE_INFINITY : sign * sweep.nextKey
    plan.proof = Proven.sweep
  }

  #writeSearch(
    candidates: VenueCandidates,
    plan: ExecutionPlan,
    side: Side,
    childrenMax: number,
    nodesMax: number,
  ): void {
    const search = this.#search
    search.run(candidates, side, this.#sweep, childrenMax, nodesMax)
    search.writeLots(this.#slices.lots)
    plan.clearBounds()
    this.#slices.write(candidates, plan, side, childrenMax)
    plan.nodes = search.nodes
    plan.proof = search.isProven ? Proven.search : Proven.bound
    plan.dualBound = side === Sides.buy ? search.bound : -search.bound
    const gap = side === Sides.buy ? plan.objective - plan.dualBound : plan.dualBound - plan.objective
    if (!search.isProven && gap > 0 && plan.objective !== 0) plan.gapBps = (gap / Math.abs(plan.objective)) * BPS
  }
}

/** Ascending; a handful of rows, nearly sorted. */
function sortRows(rows: Int32Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const row = rows[i]
    let at = i
    while (at > 0 && rows[at - 1] > row) {
      rows[at] = rows[at - 1]
      at--
    }
    rows[at] = row
  }
}
