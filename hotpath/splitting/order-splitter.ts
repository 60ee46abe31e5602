/**
 * The heart: the provably cheapest split of an order over venues, and the certificate that says how sure that is.
 *
 *   sweep ── nothing discrete broken ──▶ plan, proof `sweep`, gap 0          (nearly every order, below a microsecond)
 *     └──── lot steps, minimums, child costs, caps, children ──▶ search ──▶ proof `search` (closed) or `bound`
 */
import { Side } from '../../shared/domain/order.ts'
import { PPM } from '../../shared/units/ticks.ts'
import type { BookTable } from '../book/book-table.ts'
import { type ExecutionPlan, Proof } from '../plan/execution-plan.ts'
import type { VenueCandidates } from '../plan/venue-candidates.ts'
import { LevelSweep } from './level-sweep.ts'
import { PlanSlices } from './plan-slices.ts'
import { SplitSearch } from './split-search.ts'

const BPS = 10_000

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
   * all-in cost (sell: the most proceeds). `childrenMax` 0 means no maximum. `nodesMax` bounds the search's work; a
   * first feasible plan may need more. Keeps `plan.mid`. Allocates nothing.
   */
  split(
    candidates: VenueCandidates,
    plan: ExecutionPlan,
    side: Side,
    lots: number,
    childrenMax: number,
    nodesMax: number,
  ): void {
    const { mid } = plan
    plan.reset(side)
    plan.mid = mid
    plan.targetLots = lots
    const sweep = this.#sweep
    sweep.run(candidates, plan, side, lots, false)
    if (sweep.touched === 0) {
      plan.proof = Proof.sweep
      return
    }
    if (this.#isOverCap(candidates, side)) {
      plan.binding.fill(0)
      plan.shadowPrice.fill(0)
      sweep.run(candidates, plan, side, lots, true)
    }
    if (this.#isWhole(candidates, childrenMax)) this.#writeSweep(candidates, plan, side)
    else this.#writeSearch(candidates, plan, side, childrenMax, nodesMax)
  }

  /**
   * Largest lots whose all-in spend (raw price x lots x (1 + fee); for a sell its proceeds) stays within `budget`
   * ticks x lots, taken best first within limits and caps: the size of an order given in quote.
   */
  lotsForQuote(candidates: VenueCandidates, side: Side, budget: number): number {
    return this.#sweep.lotsWithin(candidates, side, budget * PPM)
  }

  /** Whether the sweep without caps took more of a row than lotsMax or spendMax allow. */
  #isOverCap(candidates: VenueCandidates, side: Side): boolean {
    const { touched, touchedRow, lots, notional } = this.#sweep
    for (let i = 0; i < touched; i++) {
      const row = touchedRow[i]
      if (lots[row] > candidates.lotsMax[row]) return true
      if (side === Side.buy && notional[row] * candidates.feeFactor[row] > candidates.spendMax[row] * PPM) return true
    }
    return false
  }

  /** Whether the sweep respects what is not proportional: then it is the optimum of the whole problem. */
  #isWhole(candidates: VenueCandidates, childrenMax: number): boolean {
    const { touched, touchedRow, lots, notional } = this.#sweep
    if (childrenMax > 0 && touched > childrenMax) return false
    for (let i = 0; i < touched; i++) {
      const row = touchedRow[i]
      const taken = lots[row]
      const step = candidates.lotStep[row]
      if (taken < candidates.lotsMin[row] || notional[row] < candidates.notionalMin[row]) return false
      if (candidates.childCost[row] > 0) return false
      if (step !== 1 && Math.floor(taken / step) * step !== taken) return false
    }
    return true
  }

  #writeSweep(candidates: VenueCandidates, plan: ExecutionPlan, side: Side): void {
    const sweep = this.#sweep
    const { touched, touchedRow, lots, notional, worst } = sweep
    const { feeFactor } = candidates
    sortRows(touchedRow, touched)
    for (let i = 0; i < touched; i++) {
      const row = touchedRow[i]
      plan.add(row, lots[row], worst[row], notional[row], notional[row] * feeFactor[row])
    }
    const sign = side === Side.buy ? 1 : -1
    plan.plannedLots = plan.targetLots - sweep.left
    plan.objective = sign * sweep.cost
    plan.dualBound = plan.objective
    plan.marginal = sign * sweep.marginalKey
    plan.nextRow = sweep.nextRow
    if (sweep.nextRow >= 0) plan.nextEffective = sign * sweep.nextKey
    plan.proof = Proof.sweep
  }

  #writeSearch(
    candidates: VenueCandidates,
    plan: ExecutionPlan,
    side: Side,
    childrenMax: number,
    nodesMax: number,
  ): void {
    const search = this.#search
    const { curves } = search
    const children = childrenMax > 0 ? childrenMax : Number.POSITIVE_INFINITY
    search.run(candidates, side, plan.targetLots, this.#sweep, children, nodesMax)
    plan.binding.fill(0)
    plan.shadowPrice.fill(0)
    this.#slices.lots.fill(0)
    for (let venue = 0; venue < curves.count; venue++) this.#slices.lots[curves.row[venue]] = search.lots[venue]
    this.#slices.write(candidates, plan, side, childrenMax)
    plan.nodes = search.nodes
    plan.proof = search.isProven ? Proof.search : Proof.bound
    plan.dualBound = side === Side.buy ? search.bound : -search.bound
    const gap = side === Side.buy ? plan.objective - plan.dualBound : plan.dualBound - plan.objective
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
