/**
 * Step two of a split: the cheapest plan under lot steps, minimums, child costs, balances and a maximum of children.
 *
 * Starts where the sweep ended. The rows the sweep took from mostly make a plan by themselves, and the room between
 * that plan and the bound tells which other rows can matter at all; the choice tree then closes the gap.
 */
import type { Side } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import { floorToLot } from '../../shared/units/ticks.ts'
import type { BookTable } from '../book/book-table.ts'
import type { VenueCandidates } from '../plan/venue-candidates.ts'
import { ChoiceTree } from './choice-tree.ts'
import type { LevelSweep } from './level-sweep.ts'
import { commonStep, divisor, VenueCurves } from './venue-curves.ts'

/** The first feasible plan may cost this many nodes even when fewer are allowed. */
const FIRST_PLAN_NODES = 4_096
// Places of the doubles.
const ORDER = 0
const START = 1
const BOUND = 2

export class SplitSearch {
  nodes = 0
  /** True: the plan has the most lots there can be, and no plan of as many is cheaper. */
  isProven = false

  readonly #curves: VenueCurves
  readonly #tree: ChoiceTree
  readonly #scalars = new Float64Array(3)

  constructor(books: BookTable) {
    this.#curves = new VenueCurves(books)
    this.#tree = new ChoiceTree(this.#curves)
  }

  /** Below the cost of every plan of the planned lots: signed key x lots with child costs, rounded down. */
  get bound(): number {
    return this.#scalars[BOUND]
  }

  /** By candidate row: the lots of the plan found. */
  writeLots(into: Float64Array): void {
    into.fill(0)
    for (let venue = 0; venue < this.#curves.count; venue++) into[this.#curves.row[venue]] = this.#tree.lots[venue]
  }

  /**
   * Searches for `sweep.target` lots; `childrenMax` is the most venues, 0 for no maximum. O(levels within the order),
   * then `nodesMax` nodes.
   */
  run(candidates: VenueCandidates, side: Side, sweep: LevelSweep, childrenMax: number, nodesMax: number): void {
    this.nodes = 0
    this.#scalars[ORDER] = sweep.target
    const isCounted = childrenMax > 0 && childrenMax < candidates.count
    // Where the maximum may not bind, the simpler problem without it is often the answer.
    if (!isCounted || sweep.touched <= childrenMax) {
      this.#curves.open(candidates, side, sweep.target, false)
      this.#solve(candidates, sweep, VENUES_MAX, isCounted ? nodesMax >> 1 : nodesMax)
      if (!isCounted || (this.isProven && this.#childrenUsed() <= childrenMax)) return
    }
    this.#curves.open(candidates, side, sweep.target, true)
    this.#solve(candidates, sweep, childrenMax, nodesMax - this.nodes)
  }

  #childrenUsed(): number {
    let children = 0
    for (let venue = 0; venue < this.#curves.count; venue++) if (this.#tree.lots[venue] > 0) children++
    return children
  }

  #solve(candidates: VenueCandidates, sweep: LevelSweep, children: number, nodesMax: number): void {
    const tree = this.#tree
    const scalars = this.#scalars
    scalars[START] = Math.max(0, sweep.marginalKey - this.#curves.reference)
    tree.childrenMax = children
    tree.nodes = 0
    this.isProven = true
    if (!this.#startFromSweep(candidates, sweep)) this.#startFromAll(candidates)
    if (tree.target > 0) {
      tree.nodesMax = Math.max(nodesMax, tree.nodes + 1)
      tree.search()
      if (!tree.isClosed) this.isProven = false
    }
    this.nodes += tree.nodes
    tree.writeLower(scalars, BOUND)
  }

  /**
   * Starts with the rows the sweep took from. If they can make all that any rows could, their first plan tells which
   * other rows can still matter, mostly hardly any, and the others need no curve. False: it did not work out.
   */
  #startFromSweep(candidates: VenueCandidates, sweep: LevelSweep): boolean {
    const curves = this.#curves
    const tree = this.#tree
    const start = this.#scalars[START]
    if (sweep.left > 0) return false
    const goal = floorToLot(this.#scalars[ORDER], commonStep(candidates))
    for (let row = 0; row < candidates.count; row++) {
      if (candidates.isAlive(row) && (sweep.lots[row] > 0 || curves.keyOf(row) < start)) curves.add(candidates, row)
    }
    this.#addFinerRows(candidates, goal)
    this.#reach()
    if (tree.reachable.lots !== goal) return false
    tree.aim(goal, start)
    tree.begin()
    if (!tree.tryAll(FIRST_PLAN_NODES) && !tree.tryReachable(FIRST_PLAN_NODES)) return false
    tree.measureSpare()
    for (let row = 0; row < candidates.count; row++) {
      if (!candidates.isAlive(row) || curves.hasRow(row)) continue
      if (curves.canMatter(candidates, row) && curves.add(candidates, row)) tree.openVenue(curves.count - 1)
    }
    tree.reachable.rank()
    return true
  }

  /** While the steps so far cannot make `goal`: the row with the best price among those whose step can help. */
  #addFinerRows(candidates: VenueCandidates, goal: number): void {
    const curves = this.#curves
    let common = 0
    for (let venue = 0; venue < curves.count; venue++) common = divisor(curves.step[venue], common)
    while (common > 0 && goal % common !== 0) {
      let best = -1
      for (let row = 0; row < candidates.count; row++) {
        if (!candidates.isAlive(row) || curves.hasRow(row) || candidates.lotStep[row] % common === 0) continue
        if (best < 0 || curves.keyOf(row) < curves.keyOf(best)) best = row
      }
      if (best < 0 || !curves.add(candidates, best)) return
      common = divisor(candidates.lotStep[best], common)
    }
  }

  #startFromAll(candidates: VenueCandidates): void {
    const curves = this.#curves
    const tree = this.#tree
    curves.clear()
    for (let row = 0; row < candidates.count; row++) if (candidates.isAlive(row)) curves.add(candidates, row)
    this.#reach()
    this.isProven = tree.reachable.isComplete
    tree.aim(tree.reachable.lots, this.#scalars[START])
    tree.begin()
    if (tree.target === 0 || tree.tryReachable(FIRST_PLAN_NODES)) return
    // The residue could not be placed within the work: plan without it, and do not claim that this is the most.
    tree.takeShort()
    this.isProven = false
  }

  #reach(): void {
    const { reachable, childrenMax } = this.#tree
    reachable.find(this.#scalars[ORDER], childrenMax, FIRST_PLAN_NODES)
    this.#tree.nodes += reachable.nodes
  }
}
