/**
 * Step two's view of the books: per venue the cheapest cost of 0, low, low + step, ... high lots, as a convex chain of
 * straight segments whose ends lie on the venue's lot grid.
 *
 *   cost |            /  segment 1 (blended where one step spans two book levels)
 *        |        __/
 *        |     _/  segment 0
 *        |    o  base: `low` lots (minimum quantity and notional reached), child cost paid
 *      0 o----------------- lots
 *
 * Costs are kept relative to the best key of all venues. Every plan of the same lots pays that key for each of them, so
 * it moves no decision, and without it the sums are exact integers for most orders (below 2^53).
 */
import { assert } from '../../shared/assert.ts'
import { Side } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import { PPM } from '../../shared/units/ticks.ts'
import { type BookRow, type BookTable, takenSide } from '../book/book-table.ts'
import { DropReason, type VenueCandidates } from '../plan/venue-candidates.ts'
import { affordable } from './level-sweep.ts'

// Places of the walk along one venue's levels: what is taken, what is left, the level, a step that spans levels.
const LOTS = 0
const COST = 1
const NOTIONAL = 2
const FIXED = 3
const CAP = 4
const MONEY = 5
const LEVEL = 6
const KEY = 7
const PRICE_RAW = 8
const PART_LOTS = 9
const PART_COST = 10
const PART_NOTIONAL = 11
/** Relative key of the segment to be pushed. */
const UNIT = 12
const WALK_PLACES = 13
// Places of the order's own doubles.
const REFERENCE = 0
const BASE_COST = 1
const ORDER = 2
const PRICE = 3
const SPARE = 4
/** Errors of a handful of operations stay below this. */
const ROUND_DOWN = 1 - 2 ** -40

export class VenueCurves {
  /** Places per venue in the segment arrays. */
  readonly stride: number
  /** Usable venues: those with a reachable quantity within the order. In order of their rows. */
  count = 0
  readonly row = new Int32Array(VENUES_MAX)
  readonly step = new Float64Array(VENUES_MAX)
  /** Least and largest lots of a venue in use. */
  readonly low = new Float64Array(VENUES_MAX)
  readonly high = new Float64Array(VENUES_MAX)
  /** 1: using the venue is a decision (it has a minimum, a child cost, or venues are counted). 0: it starts at 0 lots. */
  readonly optional = new Uint8Array(VENUES_MAX)
  readonly latencyNs = new Float64Array(VENUES_MAX)
  readonly segments = new Int32Array(VENUES_MAX)
  /** Lots and relative cost up to the start of segment j, at venue x stride + j; place `segments` is the end. */
  readonly lotsTo: Float64Array
  readonly costTo: Float64Array
  /** Relative key of segment j - 1 at venue x stride + j; minus and plus infinity before the first and after the last. */
  readonly keyBefore: Float64Array

  readonly #books: BookTable
  readonly #walk = new Float64Array(WALK_PLACES)
  readonly #scalars = new Float64Array(5)
  readonly #bestKey = new Float64Array(VENUES_MAX)
  #side: Side = Side.buy
  #isCounted = false
  #segmentsMax = 0

  constructor(books: BookTable) {
    this.#books = books
    // A level gives at most one blended step and one run of whole steps; two ends.
    this.stride = 2 * books.levelsMax + 3
    const venues = Math.min(VENUES_MAX, books.venues)
    this.lotsTo = new Float64Array(venues * this.stride)
    this.costTo = new Float64Array(venues * this.stride)
    this.keyBefore = new Float64Array(venues * this.stride)
  }

  /** The key that relative costs leave out. */
  get reference(): number {
    return this.#scalars[REFERENCE]
  }
  /** Sum of what the venues' bases cost: the part of a sum's rounding error that does not grow with the lots. */
  get baseCost(): number {
    return this.#scalars[BASE_COST]
  }
  /** For `canMatter`. */
  setPrice(price: number, spare: number): void {
    this.#scalars[PRICE] = price
    this.#scalars[SPARE] = spare
  }
  get segmentsMax(): number {
    return this.#segmentsMax
  }

  /** Begins an order of `lots`. With `counted`, venues in use count against a maximum, so all are optional. */
  open(candidates: VenueCandidates, side: Side, lots: number, counted: boolean): void {
    const books = this.#books
    const sign = side === Side.buy ? 1 : -1
    let best = Number.POSITIVE_INFINITY
    assert(candidates.count * this.stride <= this.lotsTo.length, 'a candidate row per venue of the books, at most')
    this.#side = side
    this.#isCounted = counted
    for (let row = 0; row < candidates.count; row++) {
      this.#bestKey[row] = Number.POSITIVE_INFINITY
      if (candidates.dropped[row] !== DropReason.alive) continue
      const price = books.bestPrice(candidates.bookRow[row] as BookRow, takenSide(side))
      if (price === 0) continue
      this.#bestKey[row] = sign * price * candidates.feeFactor[row]
      if (this.#bestKey[row] < best) best = this.#bestKey[row]
    }
    this.#scalars[REFERENCE] = best
    this.#scalars[ORDER] = lots
    this.clear()
  }

  /** Forgets the venues, not the order. */
  clear(): void {
    this.count = 0
    this.#segmentsMax = 0
    this.#scalars[BASE_COST] = 0
  }

  hasRow(row: number): boolean {
    for (let venue = 0; venue < this.count; venue++) if (this.row[venue] === row) return true
    return false
  }

  /** Relative key of a row's best level; infinite when it has none. */
  keyOf(row: number): number {
    return this.#bestKey[row] - this.reference
  }

  /**
   * Whether a plan that uses this row can cost less than `spare` more than the bound at `price`: its child cost, and
   * its minimum at its best price, are the least it adds. Both are set before.
   */
  canMatter(candidates: VenueCandidates, row: number): boolean {
    const raw = Math.abs(this.#bestKey[row]) / candidates.feeFactor[row]
    const least = Math.max(candidates.lotStep[row], candidates.lotsMin[row], candidates.notionalMin[row] / raw)
    const dearer = this.#bestKey[row] - this.#scalars[REFERENCE] - this.#scalars[PRICE]
    return candidates.childCost[row] * PPM + least * dearer * ROUND_DOWN < this.#scalars[SPARE]
  }

  /** Reads a row's levels up to the order; false when no quantity is allowed there. O(levels read). */
  add(candidates: VenueCandidates, row: number): boolean {
    if (!this.#walkRow(candidates, row)) return false
    const venue = this.count++
    this.row[venue] = row
    this.step[venue] = candidates.lotStep[row]
    this.latencyNs[venue] = candidates.latencyNs[row]
    if (this.optional[venue] === 1) this.#scalars[BASE_COST] += this.costTo[venue * this.stride]
    if (this.segments[venue] > this.#segmentsMax) this.#segmentsMax = this.segments[venue]
    return true
  }

  /** Walks a row's levels into segments; false when no quantity is allowed there. */
  #walkRow(candidates: VenueCandidates, row: number): boolean {
    const books = this.#books
    const { prices, lots: shown } = books
    const walk = this.#walk
    const bookRow = candidates.bookRow[row] as BookRow
    const end = books.offset(bookRow, takenSide(this.#side))
    const buys = this.#side === Side.buy
    const factor = buys ? candidates.feeFactor[row] : -candidates.feeFactor[row]
    const limit = candidates.limitTicks[row]
    const limitKey = limit > 0 ? limit * factor : Number.POSITIVE_INFINITY
    const step = candidates.lotStep[row]
    const cap = Math.floor(Math.min(this.#scalars[ORDER], candidates.lotsMax[row]) / step) * step
    walk.fill(0)
    walk[CAP] = cap
    walk[MONEY] = buys ? candidates.spendMax[row] * PPM : Number.POSITIVE_INFINITY
    this.segments[this.count] = -1
    for (let at = end + books.count(bookRow, takenSide(this.#side)) - 1; at >= end && walk[LOTS] < cap; at--) {
      walk[PRICE_RAW] = prices[at]
      walk[KEY] = prices[at] * factor
      walk[LEVEL] = shown[at]
      if (walk[KEY] > limitKey) break
      if (walk[PART_LOTS] > 0 && !this.#takeBlended(candidates, row)) break
      if (walk[PART_LOTS] === 0 && !this.#takeWhole(candidates, row)) break
    }
    return this.#closeVenue()
  }

  /** Adds the level to a step begun on earlier levels, and takes the step once full; false: the money is short of it. */
  #takeBlended(candidates: VenueCandidates, row: number): boolean {
    const walk = this.#walk
    const step = candidates.lotStep[row]
    const missing = step - walk[PART_LOTS]
    const use = walk[LEVEL] < missing ? walk[LEVEL] : missing
    walk[LEVEL] -= use
    walk[PART_LOTS] += use
    walk[PART_COST] += use * (walk[KEY] - this.#scalars[REFERENCE])
    walk[PART_NOTIONAL] += use * walk[PRICE_RAW]
    if (walk[PART_LOTS] < step) return true
    const money = walk[PART_COST] + this.#scalars[REFERENCE] * step
    if (money > walk[MONEY]) return false
    walk[MONEY] -= money
    walk[LOTS] += step
    walk[COST] += walk[PART_COST]
    walk[NOTIONAL] += walk[PART_NOTIONAL]
    walk[PART_LOTS] = 0
    walk[UNIT] = walk[PART_COST] / step
    if (this.segments[this.count] >= 0) this.#push()
    else if (walk[LOTS] >= candidates.lotsMin[row] && walk[NOTIONAL] >= candidates.notionalMin[row]) {
      this.#reachBase(candidates, row)
    }
    return true
  }

  /** Takes the whole steps of the level and keeps what is over for a blended one; false: the money is short of them. */
  #takeWhole(candidates: VenueCandidates, row: number): boolean {
    const walk = this.#walk
    const step = candidates.lotStep[row]
    const room = Math.min(walk[LEVEL], walk[CAP] - walk[LOTS])
    const relative = walk[KEY] - this.#scalars[REFERENCE]
    let rest = step === 1 ? room : Math.floor(room / step) * step
    const isShort = rest * walk[KEY] > walk[MONEY]
    if (isShort) rest = affordable(walk[MONEY], walk[KEY] * step) * step
    walk[MONEY] -= rest * walk[KEY]
    const part = walk[LEVEL] - rest
    walk[PART_LOTS] = part
    walk[PART_COST] = part * relative
    walk[PART_NOTIONAL] = part * walk[PRICE_RAW]
    if (rest > 0 && this.segments[this.count] < 0) {
      const missing = this.#missing(candidates, row, step)
      const use = missing < rest ? missing : rest
      walk[LOTS] += use
      walk[COST] += use * relative
      walk[NOTIONAL] += use * walk[PRICE_RAW]
      if (use === missing) this.#reachBase(candidates, row)
      rest -= use
    }
    if (rest > 0) {
      walk[LOTS] += rest
      walk[COST] += rest * relative
      walk[UNIT] = relative
      this.#push()
    }
    return !isShort
  }

  /** Lots of this level, at most all it has, that are still needed for the venue's minimum: whole steps, at least one. */
  #missing(candidates: VenueCandidates, row: number, step: number): number {
    const walk = this.#walk
    const byLots = Math.ceil((candidates.lotsMin[row] - walk[LOTS]) / step)
    const byNotional = Math.ceil((candidates.notionalMin[row] - walk[NOTIONAL]) / (walk[PRICE_RAW] * step))
    let steps = Math.max(1, byLots, byNotional)
    // The quotient may have been rounded down across the minimum, beyond 2^53.
    if (walk[NOTIONAL] + steps * step * walk[PRICE_RAW] < candidates.notionalMin[row]) steps++
    return steps * step
  }

  /** What was walked so far is the least the venue takes: the base, or the first segment where nothing is fixed. */
  #reachBase(candidates: VenueCandidates, row: number): void {
    const walk = this.#walk
    const venue = this.count
    const at = venue * this.stride
    const fixed = candidates.childCost[row] * PPM
    const isPlain = !this.#isCounted && fixed === 0 && walk[LOTS] === candidates.lotStep[row]
    this.segments[venue] = 0
    this.optional[venue] = isPlain ? 0 : 1
    this.low[venue] = isPlain ? 0 : walk[LOTS]
    this.keyBefore[at] = Number.NEGATIVE_INFINITY
    this.lotsTo[at] = isPlain ? 0 : walk[LOTS]
    this.costTo[at] = isPlain ? 0 : walk[COST] + fixed
    walk[FIXED] = fixed
    walk[UNIT] = walk[COST] / walk[LOTS]
    if (isPlain) this.#push()
  }

  /** A segment up to where the walk stands. */
  #push(): void {
    const walk = this.#walk
    const venue = this.count
    const at = venue * this.stride + this.segments[venue]++
    this.lotsTo[at + 1] = walk[LOTS]
    this.costTo[at + 1] = walk[COST] + walk[FIXED]
    this.keyBefore[at + 1] = walk[UNIT]
  }

  #closeVenue(): boolean {
    const venue = this.count
    if (this.segments[venue] < 0) return false
    const end = venue * this.stride + this.segments[venue]
    this.high[venue] = this.lotsTo[end]
    this.keyBefore[end + 1] = Number.POSITIVE_INFINITY
    return true
  }
}

/** Greatest common divisor; of a number and 0, the number. */
export function divisor(a: number, b: number): number {
  let high = a
  let low = b
  while (low !== 0) {
    const rest = high % low
    high = low
    low = rest
  }
  return high
}

/** Greatest common divisor of the alive rows' lot steps: every plan's total is a multiple of it. */
export function commonStep(candidates: VenueCandidates): number {
  let common = 0
  for (let row = 0; row < candidates.count; row++) {
    if (candidates.dropped[row] !== DropReason.alive) continue
    const step = candidates.lotStep[row]
    if (step !== common) common = divisor(step, common)
  }
  return common
}
