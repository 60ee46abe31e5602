/**
 * Step two of a split: the cheapest plan under lot steps, minimums, child costs, balances and a maximum of children.
 *
 * Depth-first branch and bound over "is this venue used": the Lagrangian dual bounds a node from below, reduced costs
 * settle most venues without a node of their own, and once the set is settled LotFill finds its cheapest lots. Work is
 * counted in nodes, never in time, so the same input gives the same plan; what is left open when the nodes run out is
 * the honest lower bound.
 */
import type { Side } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import { floorToLot } from '../../shared/units/ticks.ts'
import type { BookTable } from '../book/book-table.ts'
import type { VenueCandidates } from '../plan/venue-candidates.ts'
import { Choice, DualBound } from './dual-bound.ts'
import type { LevelSweep } from './level-sweep.ts'
import { LotFill } from './lot-fill.ts'
import { ReachableLots } from './reachable-lots.ts'
import { commonStep, divisor, VenueCurves } from './venue-curves.ts'

/** The first feasible plan may cost this many nodes even when fewer are allowed. */
const FIRST_PLAN_NODES = 4_096
// Places of the changing doubles.
const TARGET = 0
const UPPER = 1
const OPEN = 2
const SLACK = 3
const NONE = Number.POSITIVE_INFINITY

export class SplitSearch {
  readonly curves: VenueCurves
  /** By venue of the curves: lots of the best plan. */
  readonly lots = new Float64Array(VENUES_MAX)
  nodes = 0
  /** True: `planned` is the most that can be planned, and no plan of it is cheaper. */
  isProven = false

  readonly #dual: DualBound
  readonly #fill: LotFill
  readonly #reachable: ReachableLots
  readonly #trail = new Int32Array(2 * VENUES_MAX)
  /** Beside the trail, while sets are looked at in turn: what a venue's opposite choice costs at least. */
  readonly #extra = new Float64Array(2 * VENUES_MAX)
  readonly #scalars = new Float64Array(4)
  #trailed = 0
  #nodesMax = 0
  #childrenMax = 0

  constructor(books: BookTable) {
    this.curves = new VenueCurves(books)
    this.#dual = new DualBound(this.curves)
    this.#fill = new LotFill(this.curves)
    this.#reachable = new ReachableLots(this.curves)
  }

  get planned(): number {
    return this.#scalars[TARGET]
  }
  /** Cost of the best plan and a bound below every plan of `planned` lots: signed keys x lots, rounded outwards. */
  get cost(): number {
    return this.#scalars[TARGET] * this.curves.reference + this.#scalars[UPPER]
  }
  get bound(): number {
    const { reference } = this.curves
    const scalars = this.#scalars
    const least = Math.min(scalars[OPEN], scalars[UPPER] - scalars[SLACK])
    const whole = scalars[TARGET] * reference
    return whole + least - (Math.abs(whole) + Math.abs(least)) * 2 ** -51
  }

  /**
   * Searches from where the sweep of the same order ended; `children` is the most venues (infinite: no maximum).
   * O(levels within the order), then `nodesMax` nodes.
   */
  run(
    candidates: VenueCandidates,
    side: Side,
    lots: number,
    sweep: LevelSweep,
    children: number,
    nodesMax: number,
  ): void {
    this.nodes = 0
    const isCounted = children < candidates.count
    // Where the maximum may not bind, the simpler problem without it is often the answer.
    if (!isCounted || sweep.touched <= children) {
      this.#open(candidates, side, lots, false)
      this.#solve(candidates, lots, sweep, NONE, isCounted ? nodesMax / 2 : nodesMax)
      if (!isCounted || (this.isProven && this.#childrenUsed() <= children)) return
    }
    this.#open(candidates, side, lots, true)
    this.#solve(candidates, lots, sweep, children, nodesMax - this.nodes)
  }

  #childrenUsed(): number {
    let children = 0
    for (let venue = 0; venue < this.curves.count; venue++) if (this.lots[venue] > 0) children++
    return children
  }

  #open(candidates: VenueCandidates, side: Side, lots: number, counted: boolean): void {
    this.curves.open(candidates, side, lots, counted)
    this.#trailed = 0
    this.#scalars[TARGET] = 0
    this.#scalars[UPPER] = NONE
    this.#scalars[OPEN] = NONE
    this.#scalars[SLACK] = 0
    this.isProven = true
  }

  #solve(candidates: VenueCandidates, lots: number, sweep: LevelSweep, children: number, nodesMax: number): void {
    const { curves } = this
    const scalars = this.#scalars
    const start = Math.max(0, sweep.marginalKey - curves.reference)
    const first = this.nodes
    this.#childrenMax = children
    if (!this.#startFromSweep(candidates, lots, sweep, start)) this.#startFromAll(candidates, lots, start)
    this.#nodesMax = Math.max(first + nodesMax, this.nodes + 1)
    if (scalars[TARGET] === 0) {
      scalars[UPPER] = 0
      this.lots.fill(0)
      return
    }
    this.#explore(start, Number.NEGATIVE_INFINITY)
    if (scalars[OPEN] < scalars[UPPER] - scalars[SLACK]) this.isProven = false
  }

  /**
   * Starts with the rows the sweep took from. If they alone can make all that any rows could, their first plan tells
   * which other rows can still matter; mostly hardly any, and the others need no curve. False: it did not work out.
   */
  #startFromSweep(candidates: VenueCandidates, lots: number, sweep: LevelSweep, start: number): boolean {
    const { curves } = this
    const scalars = this.#scalars
    const dual = this.#dual
    if (sweep.left > 0) return false
    const goal = floorToLot(lots, commonStep(candidates))
    for (let row = 0; row < candidates.count; row++) {
      if (candidates.isAlive(row) && (sweep.lots[row] > 0 || curves.keyOf(row) < start)) curves.add(candidates, row)
    }
    this.#addFinerRow(candidates, goal)
    if (this.#reach(lots) !== goal) return false
    this.#prepare(goal, start)
    this.#tryAll()
    if (scalars[UPPER] === NONE) this.#tryFirst()
    if (scalars[TARGET] !== goal) return false
    dual.evaluate(start, this.#childrenMax)
    const limit = scalars[UPPER] - scalars[SLACK] - (dual.value - dual.error)
    for (let row = 0; row < candidates.count; row++) {
      if (!candidates.isAlive(row) || curves.hasRow(row)) continue
      if (curves.extraCost(candidates, row, start) >= limit || !curves.add(candidates, row)) continue
      this.#openVenue(curves.count - 1)
    }
    this.#reachable.rank()
    return true
  }

  /** When the steps so far cannot make `goal`: the row with the best price among those whose step can help. */
  #addFinerRow(candidates: VenueCandidates, goal: number): void {
    const { curves } = this
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

  #startFromAll(candidates: VenueCandidates, lots: number, start: number): void {
    this.curves.clear()
    this.#scalars[UPPER] = NONE
    for (let row = 0; row < candidates.count; row++) if (candidates.isAlive(row)) this.curves.add(candidates, row)
    const reached = this.#reach(lots)
    this.isProven = this.#reachable.isComplete
    if (reached === 0) return
    this.#prepare(reached, start)
    this.#tryFirst()
  }

  #reach(lots: number): number {
    const reached = this.#reachable.find(lots, this.#childrenMax, FIRST_PLAN_NODES)
    this.nodes += this.#reachable.nodes
    return reached
  }

  #prepare(target: number, start: number): void {
    const dual = this.#dual
    this.#scalars[TARGET] = target
    dual.target = target
    for (let venue = 0; venue < this.curves.count; venue++) this.#openVenue(venue)
    dual.evaluate(start, this.#childrenMax)
    this.#scalars[SLACK] = 4 * dual.error
  }

  #openVenue(venue: number): void {
    this.#dual.choice[venue] = this.curves.optional[venue] === 1 ? Choice.open : Choice.used
    this.#dual.place[venue] = 0
    this.lots[venue] = 0
  }

  /** A first plan: every venue there is, if their minimums leave room for it. */
  #tryAll(): void {
    const { curves } = this
    const positions = this.#fill.positions
    if (curves.count > this.#childrenMax) return
    let least = 0
    for (let venue = 0; venue < curves.count; venue++) least += curves.low[venue]
    if (least > this.#scalars[TARGET]) return
    positions.clear()
    for (let venue = 0; venue < curves.count; venue++) positions.add(venue, this.#dual.place[venue])
    this.#takeFill(FIRST_PLAN_NODES)
  }

  /** A first plan: the set that is known to reach the target. */
  #tryFirst(): void {
    const positions = this.#fill.positions
    positions.clear()
    for (let venue = 0; venue < this.curves.count; venue++) {
      if (this.#reachable.used[venue] === 1) positions.add(venue, this.#dual.place[venue])
    }
    this.#takeFill(FIRST_PLAN_NODES)
    if (this.#scalars[UPPER] === Number.POSITIVE_INFINITY) this.#takeShort()
  }

  /** The residue could not be placed within the work: plan without it, and say that more may be possible. */
  #takeShort(): void {
    const scalars = this.#scalars
    scalars[TARGET] = this.#fill.positions.total()
    this.#dual.target = scalars[TARGET]
    this.isProven = false
    this.#takeFill(0)
  }

  /** Cheapest lots of the set in `positions`; kept when they beat the best plan. Answers their cost. */
  #takeFill(nodesMax: number): number {
    const scalars = this.#scalars
    const cost = this.#fill.fill(scalars[TARGET], scalars[UPPER], scalars[SLACK] / 4, nodesMax)
    this.nodes += this.#fill.nodes
    if (cost < scalars[UPPER]) {
      scalars[UPPER] = cost
      this.lots.set(this.#fill.lots)
    }
    return cost
  }

  /** Everything under the present choices; `parent` bounds it from below. */
  #explore(start: number, parent: number): void {
    const scalars = this.#scalars
    const dual = this.#dual
    if (this.nodes >= this.#nodesMax) {
      scalars[OPEN] = Math.min(scalars[OPEN], parent)
      return
    }
    this.nodes++
    const children = this.#childrenLeft()
    if (children < 0 || !this.#isReachable(children)) return
    const bound = Math.max(
      parent,
      dual.maximise(start, Math.max(1, start / 32), children, scalars[UPPER] - scalars[SLACK]),
    )
    if (!this.#isWorth(bound)) return
    const mark = this.#trailed
    const { price } = dual
    if (parent === Number.NEGATIVE_INFINITY) scalars[SLACK] = Math.max(scalars[SLACK], 4 * dual.error)
    this.#fixByReducedCost(bound)
    const venue = this.#fractional()
    if (venue >= 0) this.#branch(venue, price, bound)
    else this.#settle(price, bound)
    this.#undo(mark)
  }

  #branch(venue: number, price: number, bound: number): void {
    const dual = this.#dual
    if (this.#scalars[UPPER] === Number.POSITIVE_INFINITY || this.#trailed === 0) {
      this.#gather(dual.chosenMany)
      this.#takeFill(this.#nodesMax - this.nodes)
    }
    const first = dual.chosenMany[venue] === 1 ? Choice.used : Choice.unused
    const mark = this.#trailed
    this.#choose(venue, first)
    this.#explore(price, bound)
    this.#undo(mark)
    this.#choose(venue, first === Choice.used ? Choice.unused : Choice.used)
    this.#explore(price, bound)
  }

  /** No fraction left: fill the chosen set, then look at each other set that could still be cheaper. */
  #settle(price: number, bound: number): void {
    const scalars = this.#scalars
    const dual = this.#dual
    this.#gather(dual.chosenFew)
    const common = this.#fill.positions.commonStep()
    if (scalars[TARGET] % common !== 0) {
      this.#addFiner(common, price, bound)
      return
    }
    const cost = this.#takeFill(this.#nodesMax - this.nodes)
    if (cost <= bound + scalars[SLACK]) return
    if (!this.#fill.isComplete) scalars[OPEN] = Math.min(scalars[OPEN], bound)
    this.#flipEach(price, bound)
  }

  /** The chosen steps cannot make the target: some venue with a finer step must come in. Each in turn, cheapest first. */
  #addFiner(common: number, price: number, bound: number): void {
    const { choice, chosenFew } = this.#dual
    const { count, step } = this.curves
    const mark = this.#trailed
    for (let venue = 0; venue < count; venue++) {
      if (choice[venue] !== Choice.open || chosenFew[venue] === 1 || step[venue] % common === 0) continue
      const extra = this.#flipCost(venue)
      let at = this.#trailed++
      for (; at > mark && this.#extra[at - 1] > extra; at--) {
        this.#trail[at] = this.#trail[at - 1]
        this.#extra[at] = this.#extra[at - 1]
      }
      this.#trail[at] = venue
      this.#extra[at] = extra
    }
    const end = this.#trailed
    for (let i = mark; i < end; i++) {
      choice[this.#trail[i]] = Choice.used
      if (this.#isWorth(bound + this.#extra[i])) this.#explore(price, bound + this.#extra[i])
      choice[this.#trail[i]] = Choice.unused
    }
    this.#undo(mark)
  }

  /** Every other set of the open venues: each venue's opposite choice in turn, with those before it as chosen. */
  #flipEach(price: number, bound: number): void {
    const { choice, chosenFew } = this.#dual
    const mark = this.#trailed
    for (let venue = 0; venue < this.curves.count; venue++) {
      if (choice[venue] !== Choice.open) continue
      this.#extra[this.#trailed] = this.#flipCost(venue)
      this.#choose(venue, chosenFew[venue] === 1 ? Choice.used : Choice.unused)
    }
    for (let i = this.#trailed - 1; i >= mark; i--) {
      const venue = this.#trail[i]
      choice[venue] = choice[venue] === Choice.used ? Choice.unused : Choice.used
      if (this.#isWorth(bound + this.#extra[i])) this.#explore(price, bound + this.#extra[i])
      choice[venue] = Choice.open
    }
    this.#trailed = mark
  }

  /** Whether something bounded by `bound` could still be better than the best plan. */
  #isWorth(bound: number): boolean {
    return bound < this.#scalars[UPPER] - this.#scalars[SLACK]
  }

  /** What the opposite choice for an open venue adds to the last bound, at least: its reduced cost. */
  #flipCost(venue: number): number {
    const { chosen, gain, gainOut, gainWeakest } = this.#dual
    return chosen[venue] === 1 ? gainOut - gain[venue] : gain[venue] - gainWeakest
  }

  /** The set of used and chosen open venues, where they stand. */
  #gather(chosen: Uint8Array): void {
    const { choice, place } = this.#dual
    const positions = this.#fill.positions
    positions.clear()
    for (let venue = 0; venue < this.curves.count; venue++) {
      const isIn = choice[venue] === Choice.used || (choice[venue] === Choice.open && chosen[venue] === 1)
      if (isIn) positions.add(venue, place[venue])
    }
  }

  /** Settles open venues whose opposite choice would cost more than the best plan. */
  #fixByReducedCost(bound: number): void {
    const { choice, chosen } = this.#dual
    for (let venue = 0; venue < this.curves.count; venue++) {
      if (choice[venue] !== Choice.open || this.#isWorth(bound + this.#flipCost(venue))) continue
      this.#choose(venue, chosen[venue] === 1 ? Choice.used : Choice.unused)
    }
  }

  /** The open venue on which the two sides of the best price disagree, the largest first; -1 when they agree. */
  #fractional(): number {
    const { choice, chosenFew, chosenMany } = this.#dual
    const { low } = this.curves
    let found = -1
    for (let venue = 0; venue < this.curves.count; venue++) {
      if (choice[venue] !== Choice.open || chosenFew[venue] === chosenMany[venue]) continue
      if (found < 0 || low[venue] > low[found]) found = venue
    }
    return found
  }

  #childrenLeft(): number {
    if (this.#childrenMax === Number.POSITIVE_INFINITY) return this.#childrenMax
    const { choice } = this.#dual
    let left = this.#childrenMax
    for (let venue = 0; venue < this.curves.count; venue++) if (choice[venue] === Choice.used) left--
    return left
  }

  /** Whether the target is between the least and the most that the choices allow. */
  #isReachable(children: number): boolean {
    const { count, low, high } = this.curves
    const { choice } = this.#dual
    const { bySize } = this.#reachable
    const target = this.#scalars[TARGET]
    let least = 0
    let most = 0
    for (let venue = 0; venue < count; venue++) {
      if (choice[venue] !== Choice.used) continue
      least += low[venue]
      most += high[venue]
    }
    if (least > target) return false
    let left = children
    for (let i = 0; i < this.#reachable.optional && left > 0 && most < target; i++) {
      if (choice[bySize[i]] !== Choice.open) continue
      most += high[bySize[i]]
      left--
    }
    return most >= target
  }

  #choose(venue: number, choice: Choice): void {
    this.#dual.choice[venue] = choice
    this.#trail[this.#trailed++] = venue
  }

  #undo(mark: number): void {
    while (this.#trailed > mark) this.#dual.choice[this.#trail[--this.#trailed]] = Choice.open
  }
}
