/**
 * Step one of a split: take displayed levels in order of fee-adjusted price until the order is filled.
 *
 * A winner tree over the rows' best levels with the keys in its nodes: one comparison per tree level, no index chasing.
 * The key is the signed effective price, raw x feeFactor for a buy and minus that for a sell, so the least key is
 * always the best; it is an exact integer while the fee is taken in quote (shared/limits). Of equal keys the lower
 * latency wins, then the larger displayed level, then the lower row. Optimal whenever cost is
 * proportional and nothing discrete binds (fractional knapsack); a venue's cap only shortens its curve.
 */
import { Side } from '../../shared/domain/order.ts'
import { VENUES_MAX as venuesMax } from '../../shared/limits.ts'
import { PPM as ppm } from '../../shared/units/ticks.ts'
import { type BookRow, type BookTable, BOOK_SHIFT as bookShift, takenSide as takes } from '../book/book-table.ts'
import { Binding, type ExecutionPlan } from '../plan/execution-plan.ts'
import { Column, DropReason, type VenueCandidates } from '../plan/venue-candidates.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Col = Column
const Bound = Binding
const ALIVE = DropReason.alive
const BUY = Side.buy

const PPM = ppm
const BOOK_SHIFT = bookShift
const takenSide = takes
const VENUES_MAX = venuesMax

const NONE = Number.POSITIVE_INFINITY

// Scratch of the one sweep a thread does at a time. In the module and not in the object because the compiler then knows
// where the arrays are and how long: measured 25 % faster. What a sweep leaves here holds until the next sweep.
/** By row that won at least once: its level at hand, the last one of its side, signed fee factor, key of its limit. */
const heads = new Int32Array(VENUES_MAX).fill(-1)
const ends = new Int32Array(VENUES_MAX)
const factors = new Float64Array(VENUES_MAX)
const limitKeys = new Float64Array(VENUES_MAX)
const openedRow = new Int32Array(VENUES_MAX)
/** Node 1 is the winner; row r of n is leaf n + r, infinite when it cannot trade. */
const treeKey = new Float64Array(2 * VENUES_MAX)
const treeRow = new Int32Array(2 * VENUES_MAX)
const taken = new Float64Array(VENUES_MAX)
const notional = new Float64Array(VENUES_MAX)
const worst = new Float64Array(VENUES_MAX)
const touchedRow = new Int32Array(VENUES_MAX)
const lotsLeft = new Float64Array(VENUES_MAX)
const spendLeft = new Float64Array(VENUES_MAX)
/** Rows that could give no more, and the level one more lot would come from, for the shadow prices. */
const boundRow = new Int32Array(2 * VENUES_MAX)
const boundAt = new Int32Array(2 * VENUES_MAX)
const boundWhy = new Uint16Array(2 * VENUES_MAX)
/** The changing doubles, in an array because a field that holds them would allocate. */
const scalars = new Float64Array(5)
const LEFT = 0
const COST = 1
const MARGINAL = 2
const NEXT = 3
const TARGET = 4
const counts = new Int32Array(4)
const TOUCHED = 0
const LEAVES = 1
const BOUNDS = 2
const OPENED = 3

export class LevelSweep {
  /** By candidate row: lots taken, their raw notional (ticks x lots) and worst raw price; zero where untouched. */
  readonly lots = taken
  readonly notional = notional
  readonly worst = worst
  /** Rows something was taken from, `touched` of them, in order of the first take. */
  readonly touchedRow = touchedRow
  /** Row of the first level of which nothing was taken, or -1. */
  nextRow = -1

  readonly #books: BookTable
  /** Of the side taken from, in a book's block. */
  #place = 0

  constructor(books: BookTable) {
    this.#books = books
  }

  get touched(): number {
    return counts[TOUCHED]
  }
  /** Lots that were wanted. */
  get target(): number {
    return scalars[TARGET]
  }
  /** Lots that the books inside limits and caps did not have. */
  get left(): number {
    return scalars[LEFT]
  }
  /** Sum of key x lots: all-in cost of a buy, minus the proceeds of a sell, micro-ticks x lots. */
  get cost(): number {
    return scalars[COST]
  }
  /** Key of the last lot taken. */
  get marginalKey(): number {
    return scalars[MARGINAL]
  }
  /** Key of the first level of which nothing was taken; infinite when there is none. */
  get nextKey(): number {
    return scalars[NEXT]
  }

  /**
   * Takes `lots` and notes in `plan.binding` what stopped a row. With `capped`, lotsMax and spendMax hold; without,
   * they are the caller's to check. O(rows + levels taken x log rows).
   */
  run(candidates: VenueCandidates, plan: ExecutionPlan, side: Side, lots: number, capped: boolean): void {
    this.#plant(candidates, side)
    if (capped) openCaps(candidates, side)
    const { prices, lots: shown } = this.#books
    let touched = 0
    let left = lots
    let cost = 0
    let marginal = Number.NEGATIVE_INFINITY
    while (left > 0) {
      const key = treeKey[1]
      if (key === NONE) break
      const row = treeRow[1]
      if (heads[row] < 0) this.#open(candidates, side, row)
      const at = heads[row]
      const level = shown[at]
      let take = level < left ? level : left
      if (capped) take = capTake(candidates, row, key, take)
      if (take > 0) {
        if (taken[row] === 0) touchedRow[touched++] = row
        const price = prices[at]
        taken[row] += take
        notional[row] += take * price
        worst[row] = price
        cost += take * key
        left -= take
        marginal = key
      }
      // Nothing more from a row that reached its cap; a full order looks behind its last level.
      const isOver = take < level && left > 0
      const next = isOver ? NONE : advance(prices, row, left > 0)
      this.#replay(candidates, row, next)
    }
    counts[TOUCHED] = touched
    scalars[TARGET] = lots
    scalars[LEFT] = left
    scalars[COST] = cost
    scalars[MARGINAL] = marginal
    scalars[NEXT] = treeKey[1]
    this.nextRow = treeKey[1] === NONE ? -1 : treeRow[1]
    if (counts[BOUNDS] > 0) this.#tellBounds(candidates, plan, side)
  }

  /**
   * Largest lots whose cost (a sell: proceeds) taken best first stays within `budget`, micro-ticks x lots; caps hold.
   * O(rows + levels taken x log rows).
   */
  lotsWithin(candidates: VenueCandidates, side: Side, budget: number): number {
    this.#plant(candidates, side)
    openCaps(candidates, side)
    let money = budget
    let total = 0
    while (treeKey[1] !== NONE) {
      const key = treeKey[1]
      const each = Math.abs(key)
      const row = treeRow[1]
      if (heads[row] < 0) this.#open(candidates, side, row)
      const level = this.#books.lots[heads[row]]
      const take = capTake(candidates, row, key, level)
      if (take * each > money) return total + affordable(money, each)
      if (take > 0 && taken[row] === 0) touchedRow[counts[TOUCHED]++] = row
      taken[row] += take
      money -= take * each
      total += take
      this.#replay(candidates, row, take < level ? NONE : advance(this.#books.prices, row, false))
    }
    return total
  }

  /**
   * Puts every row's best key on its leaf and plays each match once. Here and in `run` the loops call nothing: V8 would
   * keep their values in memory for the sake of a call that is seldom made.
   */
  #plant(candidates: VenueCandidates, side: Side): void {
    const { bookRow, wide, count } = candidates
    const { block } = this.#books
    const place = takenSide(side) << 1
    this.#place = place
    forget()
    treeKey[1] = NONE
    if (candidates.isKeyed) for (let row = 0; row < count; row++) treeKey[count + row] = wide[Col.key + row]
    else this.#readKeys(candidates, side)
    if (counts[LEAVES] !== count) plantLeaves(count)
    for (let node = count - 1; node > 0; node--) {
      const one = node << 1
      const rival = treeKey[one + 1]
      let key = treeKey[one]
      let row = treeRow[one]
      if (rival <= key && rival !== NONE) {
        const other = treeRow[one + 1]
        let wins = rival < key
        if (!wins) {
          const later = wide[Col.latencyNs + other] - wide[Col.latencyNs + row]
          const shown = block[(bookRow[row] << BOOK_SHIFT) + place + 1]
          const smaller = shown - block[(bookRow[other] << BOOK_SHIFT) + place + 1]
          wins = later < 0 || (later === 0 && (smaller < 0 || (smaller === 0 && other < row)))
        }
        if (wins) {
          key = rival
          row = other
        }
      }
      treeKey[node] = key
      treeRow[node] = row
    }
  }

  /** What a row's levels need, once it won: most rows never do. */
  #open(candidates: VenueCandidates, side: Side, row: number): void {
    const books = this.#books
    const book = candidates.bookRow[row] as BookRow
    const end = books.offset(book, takenSide(side))
    const factor = side === BUY ? candidates.feeFactor[row] : -candidates.feeFactor[row]
    const limit = candidates.limitTicks[row]
    heads[row] = end + books.count(book, takenSide(side)) - 1
    ends[row] = end
    factors[row] = factor
    limitKeys[row] = limit === 0 ? NONE : limit * factor
    openedRow[counts[OPENED]++] = row
  }

  /** Gives a row its next key and plays its matches up to the root; equal keys: see the head of this file. */
  #replay(candidates: VenueCandidates, row: number, next: number): void {
    const { wide, count } = candidates
    let node = count + row
    let key = next
    let winner = row
    treeKey[node] = next
    while (node > 1) {
      const rival = treeKey[node ^ 1]
      if (rival <= key) {
        const other = treeRow[node ^ 1]
        let wins = rival < key
        if (!wins && key !== NONE) {
          const later = wide[Col.latencyNs + other] - wide[Col.latencyNs + winner]
          wins = later < 0 || (later === 0 && this.#isDeeper(candidates, other, winner))
        }
        if (wins) {
          key = rival
          winner = other
        }
      }
      node >>= 1
      treeKey[node] = key
      treeRow[node] = winner
    }
  }

  #isDeeper(candidates: VenueCandidates, one: number, two: number): boolean {
    const larger = this.#shown(candidates, one) - this.#shown(candidates, two)
    return larger !== 0 ? larger > 0 : one < two
  }

  /** Lots of a row's level at hand. */
  #shown(candidates: VenueCandidates, row: number): number {
    const { lots, block } = this.#books
    const head = heads[row]
    return head >= 0 ? lots[head] : block[(candidates.bookRow[row] << BOOK_SHIFT) + this.#place + 1]
  }

  /** The keys of the best levels, for candidates that come without; a row that is beyond its limit is bound. */
  #readKeys(candidates: VenueCandidates, side: Side): void {
    const { dropped, bookRow, wide, count } = candidates
    const { block } = this.#books
    const place = takenSide(side) << 1
    const sign = side === BUY ? 1 : -1
    let shut = 0
    for (let row = 0; row < count; row++) {
      const price = block[(bookRow[row] << BOOK_SHIFT) + place] * sign
      const limit = wide[Col.limitTicks + row] * sign
      let key = price * wide[Col.feeFactor + row]
      if (dropped[row] !== ALIVE || price === 0) key = NONE
      else if (limit !== 0 && price > limit) {
        key = NONE
        shut++
      }
      treeKey[count + row] = key
    }
    if (shut > 0) this.#bindShut(candidates, side)
  }

  #bindShut(candidates: VenueCandidates, side: Side): void {
    for (let row = 0; row < candidates.count; row++) {
      const book = candidates.bookRow[row] as BookRow
      const levels = this.#books.count(book, takenSide(side))
      if (!candidates.isAlive(row) || levels === 0 || treeKey[candidates.count + row] !== NONE) continue
      bind(row, this.#books.offset(book, takenSide(side)) + levels - 1, Bound.limitPrice)
    }
  }

  /** What stopped a row, and what one more lot there would have saved: marginal minus the price it would come at. */
  #tellBounds(candidates: VenueCandidates, plan: ExecutionPlan, side: Side): void {
    const { prices } = this.#books
    const sign = side === BUY ? 1 : -1
    for (let i = 0; i < counts[BOUNDS]; i++) {
      const row = boundRow[i]
      const saved = scalars[MARGINAL] - sign * prices[boundAt[i]] * candidates.feeFactor[row]
      plan.bind(row, plan.binding[row] | boundWhy[i], saved > 0 ? saved : 0)
    }
  }
}

function bind(row: number, at: number, why: number): void {
  boundWhy[counts[BOUNDS]] = why
  boundRow[counts[BOUNDS]] = row
  boundAt[counts[BOUNDS]] = at
  counts[BOUNDS]++
}

/** Wipes what the last sweep left. */
function forget(): void {
  for (let i = 0; i < counts[TOUCHED]; i++) {
    taken[touchedRow[i]] = 0
    notional[touchedRow[i]] = 0
  }
  for (let i = 0; i < counts[OPENED]; i++) heads[openedRow[i]] = -1
  counts[TOUCHED] = 0
  counts[OPENED] = 0
  counts[BOUNDS] = 0
}

/** Moves a row to its next level and answers the key; infinite when there is none, and bound if more was `wanted`. */
function advance(prices: Float64Array, row: number, wanted: boolean): number {
  const at = heads[row]
  if (at === ends[row]) {
    if (wanted) bind(row, at, Bound.depth)
    return NONE
  }
  const key = prices[at - 1] * factors[row]
  heads[row] = at - 1
  if (key <= limitKeys[row]) return key
  if (wanted) bind(row, at - 1, Bound.limitPrice)
  return NONE
}

function plantLeaves(count: number): void {
  counts[LEAVES] = count
  for (let row = 0; row < count; row++) treeRow[count + row] = row
}

/** What a row may take of `take` within its caps, and which cap it was. */
function capTake(candidates: VenueCandidates, row: number, key: number, take: number): number {
  const most = mostLots(candidates, row, key, take)
  lotsLeft[row] -= most
  spendLeft[row] -= most * key
  if (most < take) bind(row, heads[row], lotsLeft[row] > 0 ? Bound.balance : Bound.lotsMax)
  return most
}

function openCaps(candidates: VenueCandidates, side: Side): void {
  for (let row = 0; row < candidates.count; row++) {
    const cap = candidates.lotsMax[row]
    const step = candidates.lotStep[row]
    lotsLeft[row] = cap === NONE ? cap : Math.floor(cap / step) * step
    spendLeft[row] = side === BUY ? candidates.spendMax[row] * PPM : NONE
  }
}

/** Lots a capped row may still take at this key, at most `take`; money ends on a whole step where it can. */
function mostLots(candidates: VenueCandidates, row: number, key: number, take: number): number {
  const most = take < lotsLeft[row] ? take : lotsLeft[row]
  if (most * key <= spendLeft[row]) return most
  const lots = affordable(spendLeft[row], key)
  const step = candidates.lotStep[row]
  const whole = Math.floor((taken[row] + lots) / step) * step - taken[row]
  return whole > 0 ? whole : 0
}

/** Largest whole number of lots that `money` buys at `each`. */
export function affordable(money: number, each: number): number {
  let lots = Math.floor(money / each)
  while (lots > 0 && lots * each > money) lots--
  return lots > 0 ? lots : 0
}
