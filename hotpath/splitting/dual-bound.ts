/**
 * Lower bound on the cost of an order over venue curves: the Lagrangian dual in the price of one lot.
 *
 *   L(price) = price x target + sum over used venues of min over x of (cost(x) - price x x)
 *            + the `children` most negative of the same minima over undecided venues
 *
 * Every price gives a valid bound (weak duality), L is concave and piecewise linear, and its best price is found by
 * intersecting the two supporting lines around it. What stays between L and the optimum is the fraction of one venue's
 * base and of one lot step, which the search closes. Fisher, Management Science 27 (1981), for the method.
 */
import { VENUES_MAX } from '../../shared/limits.ts'
import type { VenueCurves } from './venue-curves.ts'

/** What the search has decided about a venue. */
export const Choice = { open: 0, used: 1, unused: 2 } as const
export type Choice = (typeof Choice)[keyof typeof Choice]

/** Supporting lines kept while closing in: one with too few lots (or just enough), one with too many. */
const FEW = 0
const MANY = 1
/** Exactly the target: nothing can be better. */
const EXACT = 2
const ITERATIONS_MAX = 48
// Places of the doubles that go in and out: fields and arguments of doubles would allocate.
const TARGET = 0
const PRICE = 1
const VALUE = 2
const LOTS = 3
const ERROR = 4
const GAIN_OUT = 5
const GAIN_WEAKEST = 6
const REACH = 7
const ENOUGH = 8
const BOUND = 9
const PLACES = 10

export class DualBound {
  readonly curves: VenueCurves
  readonly choice = new Uint8Array(VENUES_MAX)
  /** After `evaluate`: cost(x) - price x x of every venue not unused, and whether an open one was chosen. */
  readonly gain = new Float64Array(VENUES_MAX)
  readonly chosen = new Uint8Array(VENUES_MAX)
  /** Open venues chosen by the two lines around the best price: where they differ, the choice is fractional. */
  readonly chosenFew = new Uint8Array(VENUES_MAX)
  readonly chosenMany = new Uint8Array(VENUES_MAX)
  /** Where the last evaluation stood on each curve: the next price is near. */
  readonly place = new Int32Array(VENUES_MAX)

  readonly #ranked = new Int32Array(VENUES_MAX)
  /** Price, value and lots of the two lines. */
  readonly #price = new Float64Array(3)
  readonly #value = new Float64Array(3)
  readonly #lots = new Float64Array(3)
  readonly #scalars = new Float64Array(PLACES)

  constructor(curves: VenueCurves) {
    this.curves = curves
  }

  /** Lots to be planned, exactly. */
  get target(): number {
    return this.#scalars[TARGET]
  }
  set target(lots: number) {
    this.#scalars[TARGET] = lots
  }
  /** Where to evaluate or to start from; afterwards where the bound was found. */
  get price(): number {
    return this.#scalars[PRICE]
  }
  set price(price: number) {
    this.#scalars[PRICE] = price
  }
  /** First step away from the start. */
  set reach(step: number) {
    this.#scalars[REACH] = step
  }
  /** A bound that is good enough to stop. */
  set enough(bound: number) {
    this.#scalars[ENOUGH] = bound
  }
  /** Value of the last evaluation, the lots of it, and the most its sum can be wrong by. */
  get value(): number {
    return this.#scalars[VALUE]
  }
  get lots(): number {
    return this.#scalars[LOTS]
  }
  get error(): number {
    return this.#scalars[ERROR]
  }
  /** The bound of the last evaluation, rounded down by its error. */
  get bound(): number {
    return this.#scalars[BOUND]
  }
  /** Gain of the first open venue that the maximum of children kept out; 0 when it kept none out. */
  get gainOut(): number {
    return this.#scalars[GAIN_OUT]
  }
  /** Gain of the weakest chosen venue while the maximum of children is reached; 0 otherwise. */
  get gainWeakest(): number {
    return this.#scalars[GAIN_WEAKEST]
  }

  /** L at `price`; at most `children` open venues are chosen. O(venues + places moved). */
  evaluate(children: number): void {
    const { count, stride, lotsTo, costTo, keyBefore } = this.curves
    const { choice, gain, chosen, place } = this
    const scalars = this.#scalars
    const price = scalars[PRICE]
    let value = price * scalars[TARGET]
    let lots = 0
    let open = 0
    for (let venue = 0; venue < count; venue++) {
      if (choice[venue] === Choice.unused) continue
      const first = venue * stride
      let at = first + place[venue]
      while (keyBefore[at + 1] < price) at++
      while (keyBefore[at] >= price) at--
      place[venue] = at - first
      const net = costTo[at] - price * lotsTo[at]
      gain[venue] = net
      if (choice[venue] === Choice.open) {
        if (net >= 0) {
          chosen[venue] = 0
          continue
        }
        chosen[venue] = 1
        open++
      }
      value += net
      lots += lotsTo[at]
    }
    // Every term is at most price x (target + lots) + bases; a sum of n terms errs by n x 2^-53 of their sum.
    const size = price * (scalars[TARGET] + 2 * lots) + this.curves.baseCost
    scalars[VALUE] = value
    scalars[LOTS] = lots
    scalars[ERROR] = size * (this.curves.segmentsMax + 2 * count + 16) * 2 ** -53
    scalars[GAIN_OUT] = 0
    scalars[GAIN_WEAKEST] = 0
    if (open >= children) this.#keepBest(children)
    scalars[BOUND] = scalars[VALUE] - scalars[ERROR]
  }

  /** Of too many chosen venues keeps the `children` with the best gain (ties: the earlier venue). */
  #keepBest(children: number): void {
    const { count, stride, lotsTo } = this.curves
    const { choice, gain, chosen, place } = this
    const ranked = this.#ranked
    const scalars = this.#scalars
    let size = 0
    for (let venue = 0; venue < count; venue++) {
      if (choice[venue] !== Choice.open || chosen[venue] === 0) continue
      let at = size++
      while (at > 0 && gain[ranked[at - 1]] > gain[venue]) {
        ranked[at] = ranked[at - 1]
        at--
      }
      ranked[at] = venue
    }
    for (let i = children; i < size; i++) {
      const venue = ranked[i]
      chosen[venue] = 0
      scalars[VALUE] -= gain[venue]
      scalars[LOTS] -= lotsTo[venue * stride + place[venue]]
    }
    if (size > children) scalars[GAIN_OUT] = gain[ranked[children]]
    if (children > 0) scalars[GAIN_WEAKEST] = gain[ranked[children - 1]]
  }

  /**
   * Finds the best bound from `price` on, first going `reach` away; stops early once `enough` is reached. Afterwards
   * `price` and the last evaluation are those of the bound.
   */
  maximise(children: number): void {
    const scalars = this.#scalars
    this.evaluate(children)
    if (scalars[BOUND] >= scalars[ENOUGH]) return
    const side = this.#keep()
    if (side === EXACT || !this.#bracket(side, children)) return
    const price = this.#price
    const value = this.#value
    for (let tries = 0; tries < ITERATIONS_MAX; tries++) {
      const slopeFew = scalars[TARGET] - this.#lots[FEW]
      const slopeMany = scalars[TARGET] - this.#lots[MANY]
      const apart = price[MANY] - price[FEW]
      const at = price[FEW] + (value[MANY] - value[FEW] - slopeMany * apart) / (slopeFew - slopeMany)
      const peak = value[FEW] + slopeFew * (at - price[FEW])
      const isBetween = at > price[FEW] && at < price[MANY]
      if (!isBetween || peak <= Math.max(value[FEW], value[MANY]) + scalars[ERROR]) break
      // The lines may close in slowly from one side: halve now and then.
      scalars[PRICE] = tries > 6 && (tries & 1) === 1 ? price[FEW] + apart / 2 : at
      this.evaluate(children)
      const met = this.#keep()
      if (met === EXACT || scalars[BOUND] >= scalars[ENOUGH] || scalars[VALUE] >= peak - scalars[ERROR]) return
    }
    scalars[PRICE] = price[value[FEW] > value[MANY] ? FEW : MANY]
    this.evaluate(children)
  }

  /** Raises the bound kept `at` a place, and notes the price of it. */
  raise(bounds: Float64Array, prices: Float64Array, at: number): void {
    const scalars = this.#scalars
    if (scalars[BOUND] > bounds[at]) bounds[at] = scalars[BOUND]
    prices[at] = scalars[PRICE]
  }

  /** Walks away from the first line until one of the other side is met; false when there is nothing more to find. */
  #bracket(first: number, children: number): boolean {
    const scalars = this.#scalars
    const price = this.#price
    let step = scalars[REACH]
    for (let tries = 0; tries < ITERATIONS_MAX; tries++) {
      if (first === MANY && price[MANY] <= 0) return false
      scalars[PRICE] = first === FEW ? price[FEW] + step : Math.max(0, price[MANY] - step)
      step *= 4
      this.evaluate(children)
      if (scalars[BOUND] >= scalars[ENOUGH]) return false
      const met = this.#keep()
      if (met === EXACT) return false
      if (met !== first) return true
    }
    return false
  }

  /** Keeps the last evaluation as the line of its side. */
  #keep(): number {
    const scalars = this.#scalars
    const over = scalars[LOTS] - scalars[TARGET]
    const side = over === 0 ? EXACT : over < 0 ? FEW : MANY
    this.#price[side] = scalars[PRICE]
    this.#value[side] = scalars[VALUE]
    this.#lots[side] = scalars[LOTS]
    const { chosen, chosenFew, chosenMany } = this
    for (let venue = 0; venue < this.curves.count; venue++) {
      if (side !== MANY) chosenFew[venue] = chosen[venue]
      if (side !== FEW) chosenMany[venue] = chosen[venue]
    }
    return side
  }
}
