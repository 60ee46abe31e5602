/**
 * Branch and bound over "is this venue used", depth first.
 *
 * The dual bounds a node from below; reduced costs settle most venues without a node of their own; once the choice is
 * settled, LotFill finds the set's cheapest lots. Work is counted in nodes, never in time, so the same input gives the
 * same plan; what is left open when the nodes run out is the honest lower bound.
 */
import { VENUES_MAX } from '../../shared/limits.ts'
import { Choice, DualBound } from './dual-bound.ts'
import { LotFill } from './lot-fill.ts'
import { ReachableLots } from './reachable-lots.ts'
import type { VenueCurves } from './venue-curves.ts'

const NONE = Number.POSITIVE_INFINITY
/** Every node settles at least one venue. */
const DEPTH_MAX = VENUES_MAX + 2
// Places of the doubles: fields and arguments of doubles would allocate.
const TARGET = 0
const UPPER = 1
const OPEN = 2
const SLACK = 3

export class ChoiceTree {
  readonly curves: VenueCurves
  readonly reachable: ReachableLots
  /** By venue of the curves: lots of the best plan. */
  readonly lots = new Float64Array(VENUES_MAX)
  nodes = 0
  nodesMax = 0
  childrenMax = 0

  readonly #dual: DualBound
  readonly #fill: LotFill
  /** Settled venues in order, to be opened again; beside them what the opposite choice costs at least. */
  readonly #trail = new Int32Array(2 * VENUES_MAX)
  readonly #extra = new Float64Array(2 * VENUES_MAX)
  #trailed = 0
  /** By depth: what the node is known to cost at least, and the price of its bound. */
  readonly #bound = new Float64Array(DEPTH_MAX)
  readonly #price = new Float64Array(DEPTH_MAX)
  readonly #scalars = new Float64Array(4)

  constructor(curves: VenueCurves) {
    this.curves = curves
    this.#dual = new DualBound(curves)
    this.#fill = new LotFill(curves)
    this.reachable = new ReachableLots(curves)
  }

  /** Lots of every plan looked at. */
  get target(): number {
    return this.#scalars[TARGET]
  }
  /** True: no plan of `target` lots is cheaper than the best one. */
  get isClosed(): boolean {
    return this.#scalars[OPEN] >= this.#scalars[UPPER] - this.#scalars[SLACK]
  }

  /** What to look for: plans of `target` lots, around the price `start`. */
  aim(target: number, start: number): void {
    this.#scalars[TARGET] = target
    this.#price[0] = start
  }

  /** Forgets plans and bounds and opens every venue. */
  begin(): void {
    const scalars = this.#scalars
    scalars[UPPER] = NONE
    scalars[OPEN] = NONE
    this.#trailed = 0
    this.#dual.target = scalars[TARGET]
    this.#bound[0] = Number.NEGATIVE_INFINITY
    for (let venue = 0; venue < this.curves.count; venue++) this.openVenue(venue)
    this.#boundAtStart()
    scalars[SLACK] = 4 * this.#dual.error
  }

  /** A venue that was added to the curves after `begin` joins. */
  openVenue(venue: number): void {
    this.#dual.choice[venue] = this.curves.optional[venue] === 1 ? Choice.open : Choice.used
    this.#dual.place[venue] = 0
    this.lots[venue] = 0
  }

  /** Tells the curves the room between the best plan and the bound at the start: what another row must stay below. */
  measureSpare(): void {
    this.#boundAtStart()
    this.curves.setPrice(this.#price[0], this.#scalars[UPPER] - this.#scalars[SLACK] - this.#dual.bound)
  }

  #boundAtStart(): void {
    this.#dual.price = this.#price[0]
    this.#dual.evaluate(this.childrenMax)
  }

  /** Writes what no plan of `target` lots costs less than, the reference key counted, rounded down. */
  writeLower(into: Float64Array, at: number): void {
    const scalars = this.#scalars
    const lower = Math.min(scalars[OPEN], scalars[UPPER] - scalars[SLACK])
    const whole = scalars[TARGET] * this.curves.reference
    into[at] = scalars[TARGET] === 0 ? 0 : whole + lower - (Math.abs(whole) + Math.abs(lower)) * 2 ** -51
  }

  /** Tries the plan of all venues, if their minimums leave room for it; false when there is none. */
  tryAll(nodesMax: number): boolean {
    const { curves } = this
    const { positions } = this.#fill
    let least = 0
    for (let venue = 0; venue < curves.count; venue++) least += curves.low[venue]
    if (curves.count > this.childrenMax || least > this.#scalars[TARGET]) return false
    positions.clear()
    for (let venue = 0; venue < curves.count; venue++) positions.add(venue, this.#dual.place[venue])
    return this.#takeFill(nodesMax)
  }

  /** Tries the set that is known to reach the target; false when its lots could not be found within the work. */
  tryReachable(nodesMax: number): boolean {
    const { positions } = this.#fill
    positions.clear()
    for (let venue = 0; venue < this.curves.count; venue++) {
      if (this.reachable.used[venue] === 1) positions.add(venue, this.#dual.place[venue])
    }
    return this.#takeFill(nodesMax)
  }

  /** After a try that failed: gives up the residue it could not place, and plans what it had. */
  takeShort(): void {
    const { positions } = this.#fill
    positions.sum()
    this.#scalars[TARGET] = positions.lots
    this.#dual.target = positions.lots
    this.#takeFill(0)
  }

  /** Searches everything there is time for; afterwards `lots` and the lower bound stand. */
  search(): void {
    this.#explore(0)
  }

  /** Cheapest lots of the set in the fill's positions; true and kept when they beat the best plan. */
  #takeFill(nodesMax: number): boolean {
    const scalars = this.#scalars
    const fill = this.#fill
    fill.aim(scalars[TARGET], scalars[UPPER], scalars[SLACK] / 4)
    const isBetter = fill.fill(nodesMax)
    this.nodes += fill.nodes
    if (!isBetter) return false
    scalars[UPPER] = fill.cost
    this.lots.set(fill.lots)
    return true
  }

  /** Everything under the present choices, which cost at least #bound[depth] and are priced around #price[depth]. */
  #explore(depth: number): void {
    const scalars = this.#scalars
    const dual = this.#dual
    if (this.nodes >= this.nodesMax) {
      scalars[OPEN] = Math.min(scalars[OPEN], this.#bound[depth])
      return
    }
    this.nodes++
    const children = this.#childrenLeft()
    if (children < 0 || !this.#isReachable(children)) return
    dual.price = this.#price[depth]
    dual.reach = Math.max(1, this.#price[depth] / 32)
    dual.enough = scalars[UPPER] - scalars[SLACK]
    dual.maximise(children)
    dual.raise(this.#bound, this.#price, depth)
    if (depth === 0) scalars[SLACK] = Math.max(scalars[SLACK], 4 * dual.error)
    if (!this.#isWorth(depth, 0)) return
    const mark = this.#trailed
    this.#fixByReducedCost(depth)
    const venue = this.#fractional()
    if (venue >= 0) this.#branch(depth, venue)
    else this.#settle(depth)
    this.#undo(mark)
  }

  /** A node below with the present choices, known to cost `extra` more than its parent. */
  #exploreChild(depth: number, extra: number): void {
    this.#bound[depth + 1] = this.#bound[depth] + extra
    this.#price[depth + 1] = this.#price[depth]
    this.#explore(depth + 1)
  }

  #branch(depth: number, venue: number): void {
    const dual = this.#dual
    if (this.#scalars[UPPER] === NONE || depth === 0) {
      this.#gather(dual.chosenMany)
      this.#takeFill(this.nodesMax - this.nodes)
    }
    const isUsedFirst = dual.chosenMany[venue] === 1
    const mark = this.#trailed
    this.#choose(venue, isUsedFirst ? Choice.used : Choice.unused)
    this.#exploreChild(depth, 0)
    this.#undo(mark)
    this.#choose(venue, isUsedFirst ? Choice.unused : Choice.used)
    this.#exploreChild(depth, 0)
  }

  /** No fraction left: fill the chosen set, then look at each other set that could still be cheaper. */
  #settle(depth: number): void {
    const scalars = this.#scalars
    const dual = this.#dual
    const { positions } = this.#fill
    this.#gather(dual.chosenFew)
    if (scalars[TARGET] % positions.commonStep() !== 0) {
      this.#addFiner(depth, positions.commonStep())
      return
    }
    const isBetter = this.#takeFill(this.nodesMax - this.nodes)
    if (isBetter && !this.#isWorth(depth, 0)) return
    if (!this.#fill.isComplete) scalars[OPEN] = Math.min(scalars[OPEN], this.#bound[depth])
    this.#flipEach(depth)
  }

  /** The chosen steps cannot make the target: some venue with a finer step must come in. Each in turn, cheapest first. */
  #addFiner(depth: number, common: number): void {
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
      if (this.#isWorth(depth, this.#extra[i])) this.#exploreChild(depth, this.#extra[i])
      choice[this.#trail[i]] = Choice.unused
    }
    this.#undo(mark)
  }

  /** Every other set of the open venues: each venue's opposite choice in turn, with those before it as chosen. */
  #flipEach(depth: number): void {
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
      if (this.#isWorth(depth, this.#extra[i])) this.#exploreChild(depth, this.#extra[i])
      choice[venue] = Choice.open
    }
    this.#trailed = mark
  }

  /** Whether something that costs `extra` more than the node's bound could still beat the best plan. */
  #isWorth(depth: number, extra: number): boolean {
    return this.#bound[depth] + extra < this.#scalars[UPPER] - this.#scalars[SLACK]
  }

  /** What the opposite choice for an open venue adds to the last bound, at least: its reduced cost. */
  #flipCost(venue: number): number {
    const { chosen, gain, gainOut, gainWeakest } = this.#dual
    return chosen[venue] === 1 ? gainOut - gain[venue] : gain[venue] - gainWeakest
  }

  /** Settles open venues whose opposite choice would cost more than the best plan. */
  #fixByReducedCost(depth: number): void {
    const { choice, chosen } = this.#dual
    for (let venue = 0; venue < this.curves.count; venue++) {
      if (choice[venue] !== Choice.open || this.#isWorth(depth, this.#flipCost(venue))) continue
      this.#choose(venue, chosen[venue] === 1 ? Choice.used : Choice.unused)
    }
  }

  /** The open venue on which the two sides of the best price disagree, the largest minimum first; -1: they agree. */
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

  /** Puts the used and the chosen open venues into the fill's positions, where the bound stands. */
  #gather(chosen: Uint8Array): void {
    const { choice, place } = this.#dual
    const { positions } = this.#fill
    positions.clear()
    for (let venue = 0; venue < this.curves.count; venue++) {
      const isIn = choice[venue] === Choice.used || (choice[venue] === Choice.open && chosen[venue] === 1)
      if (isIn) positions.add(venue, place[venue])
    }
  }

  #childrenLeft(): number {
    if (this.childrenMax >= this.curves.count) return VENUES_MAX
    const { choice } = this.#dual
    let left = this.childrenMax
    for (let venue = 0; venue < this.curves.count; venue++) if (choice[venue] === Choice.used) left--
    return left
  }

  /** Whether the target is between the least and the most that the choices allow. */
  #isReachable(children: number): boolean {
    const { count, low, high } = this.curves
    const { choice } = this.#dual
    const { bySize, optional } = this.reachable
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
    for (let i = 0; i < optional && left > 0 && most < target; i++) {
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
