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
import { Side } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import { PPM } from '../../shared/units/ticks.ts'
import { type BookRow, type BookTable, takenSide } from '../book/book-table.ts'
import { DropReason, type VenueCandidates } from '../plan/venue-candidates.ts'
import { affordable } from './level-sweep.ts'

// Places of the walk along one venue's levels.
const LOTS = 0
const COST = 1
const NOTIONAL = 2
const MONEY = 3
const PART_LOTS = 4
const PART_COST = 5
const PART_NOTIONAL = 6

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
  readonly #walk = new Float64Array(7)
  /** Best key (the reference), sum of base costs, lots of the order. */
  readonly #scalars = new Float64Array(3)
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
    return this.#scalars[0]
  }
  /** Sum of what the venues' bases cost: the part of a sum's rounding error that does not grow with the lots. */
  get baseCost(): number {
    return this.#scalars[1]
  }
  get segmentsMax(): number {
    return this.#segmentsMax
  }

  /** Begins an order of `lots`. With `counted`, venues in use count against a maximum, so all are optional. */
  open(candidates: VenueCandidates, side: Side, lots: number, counted: boolean): void {
    const books = this.#books
    const sign = side === Side.buy ? 1 : -1
    let best = Number.POSITIVE_INFINITY
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
    this.#scalars[0] = best
    this.#scalars[2] = lots
    this.clear()
  }

  /** Forgets the venues, not the order. */
  clear(): void {
    this.count = 0
    this.#segmentsMax = 0
    this.#scalars[1] = 0
  }

  hasRow(row: number): boolean {
    for (let venue = 0; venue < this.count; venue++) if (this.row[venue] === row) return true
    return false
  }

  /** Relative key of a row's best level; infinite when it has none. */
  keyOf(row: number): number {
    return this.#bestKey[row] - this.reference
  }

  /** The least that using this row costs above `price` a lot: its child cost and its minimum at its best price. */
  extraCost(candidates: VenueCandidates, row: number, price: number): number {
    const raw = Math.abs(this.#bestKey[row]) / candidates.feeFactor[row]
    const least = Math.max(candidates.lotStep[row], candidates.lotsMin[row], candidates.notionalMin[row] / raw)
    return candidates.childCost[row] * PPM + least * (this.keyOf(row) - price) * (1 - 2 ** -40)
  }

  /** Reads a row's levels up to the order; false when no quantity is allowed there. O(levels read). */
  add(candidates: VenueCandidates, row: number): boolean {
    if (!this.#walkRow(candidates, row)) return false
    const venue = this.count++
    this.row[venue] = row
    this.step[venue] = candidates.lotStep[row]
    this.latencyNs[venue] = candidates.latencyNs[row]
    if (this.optional[venue] === 1) this.#scalars[1] += this.costTo[venue * this.stride]
    if (this.segments[venue] > this.#segmentsMax) this.#segmentsMax = this.segments[venue]
    return true
  }

  /** Walks a row's levels into segments; false when no quantity is allowed there. */
  #walkRow(candidates: VenueCandidates, row: number): boolean {
    const side = this.#side
    const lots = this.#scalars[2]
    const counted = this.#isCounted
    const books = this.#books
    const { prices, lots: shown } = books
    const walk = this.#walk
    const bookRow = candidates.bookRow[row] as BookRow
    const end = books.offset(bookRow, takenSide(side))
    const factor = side === Side.buy ? candidates.feeFactor[row] : -candidates.feeFactor[row]
    const limit = candidates.limitTicks[row]
    const limitKey = limit > 0 ? limit * factor : Number.POSITIVE_INFINITY
    const step = candidates.lotStep[row]
    const cap = Math.floor(Math.min(lots, candidates.lotsMax[row]) / step) * step
    const reference = this.reference
    walk.fill(0)
    walk[MONEY] = side === Side.buy ? candidates.spendMax[row] * PPM : Number.POSITIVE_INFINITY
    this.segments[this.count] = -1
    for (let at = end + books.count(bookRow, takenSide(side)) - 1; at >= end && walk[LOTS] < cap; at--) {
      const key = prices[at] * factor
      if (key > limitKey) break
      let level = shown[at]
      if (walk[PART_LOTS] > 0) {
        const missing = step - walk[PART_LOTS]
        const use = level < missing ? level : missing
        walk[PART_LOTS] += use
        walk[PART_COST] += use * (key - reference)
        walk[PART_NOTIONAL] += use * prices[at]
        if (level < missing) continue
        if (!this.#takeBlended(candidates, row, step, counted)) break
        level -= missing
      }
      const room = cap - walk[LOTS]
      let whole = Math.floor((level < room ? level : room) / step) * step
      const isShort = whole * key > walk[MONEY]
      if (isShort) whole = affordable(walk[MONEY], key * step) * step
      if (whole > 0) this.#takeWhole(candidates, row, whole, key, prices[at], counted)
      if (isShort) break
      const part = level - whole
      walk[PART_LOTS] = part
      walk[PART_COST] = part * (key - reference)
      walk[PART_NOTIONAL] = part * prices[at]
    }
    return this.#closeVenue()
  }

  /** One step that spans several levels; false when the money does not reach for it. */
  #takeBlended(candidates: VenueCandidates, row: number, step: number, counted: boolean): boolean {
    const walk = this.#walk
    const money = walk[PART_COST] + this.reference * step
    if (money > walk[MONEY]) return false
    walk[MONEY] -= money
    walk[NOTIONAL] += walk[PART_NOTIONAL]
    const cost = walk[PART_COST]
    walk[PART_LOTS] = 0
    if (this.segments[this.count] >= 0) this.#push(step, cost, cost / step)
    else {
      walk[LOTS] += step
      walk[COST] += cost
      if (walk[LOTS] >= candidates.lotsMin[row] && walk[NOTIONAL] >= candidates.notionalMin[row]) {
        this.#open(candidates, row, step, counted)
      }
    }
    return true
  }

  /** Whole steps inside one level: the first of them may still belong to the base. */
  #takeWhole(
    candidates: VenueCandidates,
    row: number,
    whole: number,
    key: number,
    price: number,
    counted: boolean,
  ): void {
    const walk = this.#walk
    const step = candidates.lotStep[row]
    const relative = key - this.reference
    walk[MONEY] -= whole * key
    let rest = whole
    if (this.segments[this.count] < 0) {
      const missing = Math.max(
        step,
        stepsUp(candidates.lotsMin[row] - walk[LOTS], step),
        stepsUp((candidates.notionalMin[row] - walk[NOTIONAL]) / price, step),
      )
      let use = missing < whole ? missing : whole
      // Beyond 2^53 a quotient may round down across the minimum: one step more then.
      if (use < whole && walk[NOTIONAL] + use * price < candidates.notionalMin[row]) use += step
      walk[LOTS] += use
      walk[COST] += use * relative
      walk[NOTIONAL] += use * price
      rest = whole - use
      if (use < missing) return
      this.#open(candidates, row, step, counted)
    }
    if (rest > 0) this.#push(rest, rest * relative, relative)
  }

  /** The base is reached: what was walked so far is the least the venue takes. */
  #open(candidates: VenueCandidates, row: number, step: number, counted: boolean): void {
    const walk = this.#walk
    const venue = this.count
    const at = venue * this.stride
    const fixed = candidates.childCost[row] * PPM
    const isPlain = !counted && fixed === 0 && walk[LOTS] === step
    this.segments[venue] = 0
    this.optional[venue] = isPlain ? 0 : 1
    this.low[venue] = isPlain ? 0 : walk[LOTS]
    this.lotsTo[at] = isPlain ? 0 : walk[LOTS]
    this.costTo[at] = isPlain ? 0 : walk[COST] + fixed
    this.keyBefore[at] = Number.NEGATIVE_INFINITY
    if (isPlain) {
      walk[LOTS] = 0
      this.#push(step, walk[COST], walk[COST] / step)
    }
  }

  #push(lots: number, cost: number, key: number): void {
    const venue = this.count
    const at = venue * this.stride + this.segments[venue]++
    this.lotsTo[at + 1] = this.lotsTo[at] + lots
    this.costTo[at + 1] = this.costTo[at] + cost
    this.keyBefore[at + 1] = key
    this.#walk[LOTS] += lots
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

/** The least whole number of steps that holds `lots`, in lots; 0 for nothing. */
function stepsUp(lots: number, step: number): number {
  return lots > 0 ? Math.ceil(lots / step) * step : 0
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
