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
  readonly #scalars = new Float64Array(8)

  constructor(curves: VenueCurves) {
    this.curves = curves
  }

  /** Lots to be planned, exactly. */
  get target(): number {
    return this.#scalars[0]
  }
  set target(lots: number) {
    this.#scalars[0] = lots
  }
  /** Price at which the bound was found. */
  get price(): number {
    return this.#scalars[1]
  }
  /** Value and lots of the last evaluation, and the most its sum can be wrong by. */
  get value(): number {
    return this.#scalars[2]
  }
  get lots(): number {
    return this.#scalars[3]
  }
  get error(): number {
    return this.#scalars[4]
  }
  /** Gain of the first open venue that the maximum of children kept out; 0 when it kept none out. */
  get gainOut(): number {
    return this.#scalars[5]
  }
  /** Gain of the weakest chosen venue while the maximum of children is reached; 0 otherwise. */
  get gainWeakest(): number {
    return this.#scalars[6]
  }

  /** L at one price; at most `children` open venues are chosen (infinite: no maximum). O(venues + places moved). */
  evaluate(price: number, children: number): void {
    const { count, stride, lotsTo, costTo, keyBefore } = this.curves
    const { choice, gain, chosen, place } = this
    const { target } = this
    let value = price * target
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
      if (choice[venue] === Choice.used) {
        value += net
        lots += lotsTo[at]
      } else if (net < 0) {
        chosen[venue] = 1
        open++
        value += net
        lots += lotsTo[at]
      } else chosen[venue] = 0
    }
    const scalars = this.#scalars
    scalars[2] = value
    scalars[3] = lots
    scalars[5] = 0
    scalars[6] = 0
    if (open >= children) this.#keepBest(children, open)
    // Every term is at most price x (target + lots) + bases; a sum of n terms errs by n x 2^-53 of their sum.
    const size = price * (target + 2 * scalars[3]) + this.curves.baseCost
    scalars[4] = size * (this.curves.segmentsMax + 2 * count + 16) * 2 ** -53
  }

  /** Of too many chosen venues keeps the `children` with the best gain (ties: the lower venue). */
  #keepBest(children: number, open: number): void {
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
    for (let i = children; i < open; i++) {
      const venue = ranked[i]
      chosen[venue] = 0
      scalars[2] -= gain[venue]
      scalars[3] -= lotsTo[venue * stride + place[venue]]
    }
    scalars[5] = open > children ? gain[ranked[children]] : 0
    scalars[6] = children > 0 ? gain[ranked[children - 1]] : 0
  }

  /**
   * Finds the best bound, starting at `start`; stops early once `enough` is reached. Answers the bound, already rounded
   * down by its error. The last evaluation is the one at the best price.
   */
  maximise(start: number, reach: number, children: number, enough: number): number {
    const { target } = this
    const price = this.#price
    const value = this.#value
    const lots = this.#lots
    this.evaluate(start, children)
    if (this.value - this.error >= enough) return this.#settle(start)
    let side = this.#keep(start)
    if (side === EXACT) return this.#settle(start)
    let step = reach
    // Walk away from the first line until the other kind is met.
    for (let tries = 0; ; tries++) {
      if (side === MANY && price[MANY] <= 0) return this.#settle(price[MANY])
      if (tries === ITERATIONS_MAX) return this.#settle(price[side])
      const at = side === FEW ? price[FEW] + step : Math.max(0, price[MANY] - step)
      step *= 4
      this.evaluate(at, children)
      if (this.value - this.error >= enough) return this.#settle(at)
      const met = this.#keep(at)
      if (met === EXACT) return this.#settle(at)
      if (met !== side) break
      side = met
    }
    for (let tries = 0; tries < ITERATIONS_MAX; tries++) {
      const slopeFew = target - lots[FEW]
      const slopeMany = target - lots[MANY]
      const best = value[FEW] > value[MANY] ? FEW : MANY
      const apart = price[MANY] - price[FEW]
      let at = price[FEW] + (value[MANY] - value[FEW] - slopeMany * apart) / (slopeFew - slopeMany)
      const peak = value[FEW] + slopeFew * (at - price[FEW])
      if (!(at > price[FEW] && at < price[MANY]) || peak <= value[best] + this.error) {
        return this.#settleAt(price[best], children)
      }
      if (tries > 6 && (tries & 1) === 1) at = price[FEW] + apart / 2
      this.evaluate(at, children)
      const met = this.#keep(at)
      if (met === EXACT || this.value - this.error >= enough || this.value >= peak - this.error) {
        return this.#settle(at)
      }
    }
    return this.#settleAt(price[value[FEW] > value[MANY] ? FEW : MANY], children)
  }

  /** Keeps the last evaluation as the line of its kind. */
  #keep(price: number): number {
    const side = this.lots === this.target ? EXACT : this.lots < this.target ? FEW : MANY
    this.#price[side] = price
    this.#value[side] = this.value
    this.#lots[side] = this.lots
    const { chosen, chosenFew, chosenMany } = this
    for (let venue = 0; venue < this.curves.count; venue++) {
      if (side !== MANY) chosenFew[venue] = chosen[venue]
      if (side !== FEW) chosenMany[venue] = chosen[venue]
    }
    return side
  }

  #settleAt(price: number, children: number): number {
    this.evaluate(price, children)
    return this.#settle(price)
  }

  #settle(price: number): number {
    this.#scalars[1] = price
    return this.value - this.error
  }
}
