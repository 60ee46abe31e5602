/**
 * The baselines (baselines.ts, the slow and obvious twin) for the core, which holds every first decision against all of
 * them: the same numbers to the last bit, in memory of its own and without garbage. Opened on a decision, each method
 * asks the rows for lots and prices them; the fields say what came of it.
 */
import { assert } from '../../shared/assert.ts'
import { Side } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import { PPM } from '../../shared/units/ticks.ts'
import { type BookRow, type BookTable, takenSide } from '../book/book-table.ts'
import { NOTED_TERMS, type NotedDecision, NotedTerm } from './noted-decision.ts'

const BPS = 10_000
/** So few levels are taken one by one: comparing every row's next costs less than narrowing the price further. */
const LEVELS_FEW = 12
const TURNS_MAX = 24

/**
 * Of the desk's doubles, in one array so that loops over many columns keep its place in a register: what is not of one
 * row, then columns by row. Keys are prices signed so that less is better.
 */
const Wide = {
  wanted: 0,
  mid: 1,
  sign: 2,
  total: 3,
  bestKey: 4,
  worstKey: 5,
  deepest: 6,
  left: 7,
  upTo: 8,
  filled: 9,
  slippageBps: 10,
  feeBps: 11,
  allInBps: 12,
  feeFactor: VENUES_MAX,
  feeShare: VENUES_MAX * 2,
  childCost: VENUES_MAX * 3,
  latencyNs: VENUES_MAX * 4,
  /** All lots displayed; lots asked for; what is ordered by. */
  depth: VENUES_MAX * 5,
  asked: VENUES_MAX * 6,
  key: VENUES_MAX * 7,
} as const
/** Columns of integers: place in the decision; best, worst and next level in the book table; rows in some order. */
const Int = {
  from: 0,
  best: VENUES_MAX,
  worst: VENUES_MAX * 2,
  level: VENUES_MAX * 3,
  order: VENUES_MAX * 4,
} as const

export class BaselineDesk {
  readonly #books: BookTable
  /** Rows that display something, in the order of the decision. */
  #count = 0
  #levels = 0
  readonly #int = new Int32Array(VENUES_MAX * 5)
  readonly #wide = new Float64Array(VENUES_MAX * 8)

  constructor(books: BookTable) {
    this.#books = books
  }

  /** The displayed depth sufficed for the whole order. */
  get isComplete(): boolean {
    return this.#wide[Wide.filled] === this.#wide[Wide.wanted]
  }
  get slippageBps(): number {
    return this.#wide[Wide.slippageBps]
  }
  get feeBps(): number {
    return this.#wide[Wide.feeBps]
  }
  get allInBps(): number {
    return this.#wide[Wide.allInBps]
  }

  /** On the books as they are now. Prices and lots are integers. O(levels). */
  open(decision: NotedDecision): void {
    assert(decision.mid > 0, 'a cost in basis points needs a mid')
    const wide = this.#wide
    wide[Wide.wanted] = decision.plannedLots
    wide[Wide.mid] = decision.mid
    wide[Wide.sign] = decision.side === Side.buy ? 1 : -1
    this.#readRows(decision)
    this.#look()
  }

  /** A row for each that displays something, with its terms. */
  #readRows(decision: NotedDecision): void {
    const books = this.#books
    const { terms } = decision
    const wide = this.#wide
    const int = this.#int
    const taken = takenSide(decision.side)
    const sign = wide[Wide.sign]
    let count = 0
    for (let at = 0; at < decision.count; at++) {
      const from = at * NOTED_TERMS
      const book = terms[from + NotedTerm.bookRow] as BookRow
      const levels = books.count(book, taken)
      if (levels === 0) continue
      const worst = books.offset(book, taken)
      const factor = terms[from + NotedTerm.feeFactor] / PPM
      int[Int.from + count] = at
      int[Int.worst + count] = worst
      int[Int.best + count] = worst + levels - 1
      wide[Wide.feeFactor + count] = factor
      wide[Wide.feeShare + count] = sign * (factor - 1)
      wide[Wide.childCost + count] = terms[from + NotedTerm.childCost]
      wide[Wide.latencyNs + count] = terms[from + NotedTerm.latencyNs]
      count++
    }
    this.#count = count
  }

  /** Depths, and between which prices they lie. */
  #look(): void {
    const { prices, lots } = this.#books
    const wide = this.#wide
    const int = this.#int
    const sign = wide[Wide.sign]
    let total = 0
    let deepest = 0
    let levels = 0
    let lowest = Number.POSITIVE_INFINITY
    let highest = Number.NEGATIVE_INFINITY
    for (let row = 0; row < this.#count; row++) {
      const best = int[Int.best + row]
      const worst = int[Int.worst + row]
      let depth = 0
      for (let at = worst; at <= best; at++) depth += lots[at]
      wide[Wide.depth + row] = depth
      total += depth
      if (depth > deepest) deepest = depth
      levels += best - worst + 1
      if (sign * prices[best] < lowest) lowest = sign * prices[best]
      if (sign * prices[worst] > highest) highest = sign * prices[worst]
    }
    this.#levels = levels
    wide[Wide.total] = total
    wide[Wide.deepest] = deepest
    wide[Wide.bestKey] = lowest
    wide[Wide.worstKey] = highest
  }

  /** As bestSingleVenue; answers the place in the decision, or -1 when nobody displays anything. O(levels taken). */
  bestSingle(): number {
    const { prices, lots } = this.#books
    const wide = this.#wide
    const int = this.#int
    const count = this.#count
    const sign = wide[Wide.sign]
    const fillable = Math.min(wide[Wide.wanted], wide[Wide.deepest])
    let best = -1
    let bestCost = 0
    for (let row = 0; row < count; row++) {
      wide[Wide.asked + row] = 0
      if (wide[Wide.depth + row] < fillable) continue
      let left = fillable
      let notional = 0
      for (let at = int[Int.best + row]; left > 0; at--) {
        const shown = lots[at]
        const take = left < shown ? left : shown
        notional += prices[at] * take
        left -= take
      }
      const cost = sign * notional * wide[Wide.feeFactor + row] + wide[Wide.childCost + row]
      if (best >= 0 && cost >= bestCost) continue
      best = row
      bestCost = cost
    }
    if (best < 0) return -1
    wide[Wide.asked + best] = fillable
    this.#price()
    return int[Int.from + best]
  }

  /** As bestDisplayedPrice. O(levels). */
  bestDisplayed(): void {
    const wide = this.#wide
    const int = this.#int
    const count = this.#count
    const wanted = wide[Wide.wanted]
    const total = wide[Wide.total]
    if (wanted >= total) {
      for (let row = 0; row < count; row++) wide[Wide.asked + row] = wide[Wide.depth + row]
    } else {
      wide[Wide.left] = wanted
      for (let row = 0; row < count; row++) {
        wide[Wide.asked + row] = 0
        int[Int.level + row] = int[Int.best + row]
      }
      // Likely within the few best levels: then no price need be sought.
      if (wanted * this.#levels < total * LEVELS_FEW) this.#takeByLevel(LEVELS_FEW)
      if (wide[Wide.left] > 0) {
        this.#takeByPrice()
        this.#takeByLevel(this.#levels)
      }
    }
    this.#price()
  }

  /**
   * Takes whole every level up to a price that is not yet too bad, with few levels between it and one that is: false
   * position after Dowell and Jarratt (1971, "Illinois").
   */
  #takeByPrice(): void {
    const wide = this.#wide
    let near = wide[Wide.bestKey] - 1
    let far = wide[Wide.worstKey]
    let under = wide[Wide.wanted]
    let over = wide[Wide.total] - under
    let nearLevels = 0
    let farLevels = this.#levels
    let moved = 0
    for (let turn = 0; turn < TURNS_MAX && farLevels - nearLevels > LEVELS_FEW && far - near > 1 && under > 0; turn++) {
      const guess = Math.floor(near + ((far - near) * under) / (under + over))
      const key = guess <= near ? near + 1 : guess >= far ? far - 1 : guess
      wide[Wide.upTo] = key
      const levels = this.#takeUpTo()
      const left = wide[Wide.left]
      if (left < 0) {
        far = key
        farLevels = levels
        over = -left
        if (moved === 1) under /= 2
        moved = 1
      } else {
        near = key
        nearLevels = levels
        under = left
        if (moved === -1) over /= 2
        moved = -1
      }
    }
    wide[Wide.upTo] = near
    if (wide[Wide.left] < 0) this.#takeUpTo()
  }

  /** From wherever the rows stand: all levels up to a key are taken and no others. Answers how many those are. */
  #takeUpTo(): number {
    const { prices, lots } = this.#books
    const wide = this.#wide
    const int = this.#int
    const count = this.#count
    const sign = wide[Wide.sign]
    const key = wide[Wide.upTo]
    let levels = 0
    let taken = 0
    for (let row = 0; row < count; row++) {
      const best = int[Int.best + row]
      const worst = int[Int.worst + row]
      let at = int[Int.level + row]
      let asked = wide[Wide.asked + row]
      while (at >= worst && sign * prices[at] <= key) asked += lots[at--]
      while (at < best && sign * prices[at + 1] > key) asked -= lots[++at]
      int[Int.level + row] = at
      wide[Wide.asked + row] = asked
      levels += best - at
      taken += asked
    }
    wide[Wide.left] = wide[Wide.wanted] - taken
    return levels
  }

  /** What is left, best level first; equal prices: lower latency, larger level, lower row. */
  #takeByLevel(most: number): void {
    const { lots } = this.#books
    const wide = this.#wide
    const int = this.#int
    const count = this.#count
    for (let row = 0; row < count; row++) this.#keyRow(row)
    let left = wide[Wide.left]
    for (let level = 0; level < most && left > 0; level++) {
      let best = 0
      let bestKey = wide[Wide.key]
      for (let row = 1; row < count; row++) {
        const key = wide[Wide.key + row]
        if (key > bestKey || (key === bestKey && !this.#goesBefore(row, best))) continue
        best = row
        bestKey = key
      }
      const shown = lots[int[Int.level + best]]
      const take = left < shown ? left : shown
      wide[Wide.asked + best] += take
      left -= take
      int[Int.level + best]--
      this.#keyRow(best)
    }
    wide[Wide.left] = left
  }

  #keyRow(row: number): void {
    const wide = this.#wide
    const int = this.#int
    const at = int[Int.level + row]
    const isOpen = at >= int[Int.worst + row]
    wide[Wide.key + row] = isOpen ? wide[Wide.sign] * this.#books.prices[at] : Number.POSITIVE_INFINITY
  }

  /** Of two rows with the same key; the lower row is the second. */
  #goesBefore(one: number, two: number): boolean {
    const wide = this.#wide
    if (wide[Wide.key + one] === Number.POSITIVE_INFINITY) return false
    const latency = wide[Wide.latencyNs + one]
    const other = wide[Wide.latencyNs + two]
    if (latency !== other) return latency < other
    const { lots } = this.#books
    return lots[this.#int[Int.level + one]] > lots[this.#int[Int.level + two]]
  }

  /** As proRata. O(rows^2) at worst, for remainders that ascend. */
  proRata(): void {
    const wide = this.#wide
    const count = this.#count
    const total = wide[Wide.total]
    const wanted = wide[Wide.wanted]
    const share = Math.min(1, wanted / total)
    let left = Math.min(wanted, total)
    for (let row = 0; row < count; row++) {
      const depth = wide[Wide.depth + row]
      const quota = depth * share
      const whole = Math.floor(quota)
      const lots = whole < depth ? whole : depth
      wide[Wide.key + row] = quota - whole
      wide[Wide.asked + row] = lots
      left -= lots
    }
    if (left > 0) left = this.#roundUp(left)
    assert(left === 0 || count === 0, 'a pro-rata split gives out every lot')
    this.#price()
  }

  /** One lot more to the `left` rows of largest remainder that show one more, ties to the lower row; answers what is left. */
  #roundUp(left: number): number {
    const wide = this.#wide
    const int = this.#int
    let given = 0
    for (let row = 0; row < this.#count; row++) {
      const remainder = wide[Wide.key + row]
      if (wide[Wide.asked + row] === wide[Wide.depth + row]) continue
      let place = Int.order + given
      if (given < left) given++
      else if (remainder <= wide[Wide.key + int[--place]]) continue
      for (; place > Int.order && wide[Wide.key + int[place - 1]] < remainder; place--) int[place] = int[place - 1]
      int[place] = row
    }
    for (let at = 0; at < given; at++) wide[Wide.asked + int[Int.order + at]]++
    return left - given
  }

  /** As uniformSplit. */
  uniform(): void {
    const wide = this.#wide
    const int = this.#int
    let count = this.#count
    for (let row = 0; row < count; row++) {
      int[Int.order + row] = row
      wide[Wide.asked + row] = 0
    }
    for (let left = wide[Wide.wanted]; left > 0 && count > 0; ) {
      const share = Math.floor(left / count)
      const extra = left - share * count
      let still = 0
      for (let at = 0; at < count; at++) {
        const row = int[Int.order + at]
        const room = wide[Wide.depth + row] - wide[Wide.asked + row]
        const part = at < extra ? share + 1 : share
        const take = room < part ? room : part
        wide[Wide.asked + row] += take
        left -= take
        if (take < room) int[Int.order + still++] = row
      }
      count = still
    }
    this.#price()
  }

  /** As priceRoute, in the same order of sums. O(levels taken). */
  #price(): void {
    const { prices, lots } = this.#books
    const wide = this.#wide
    const int = this.#int
    const count = this.#count
    const mid = wide[Wide.mid]
    const sign = wide[Wide.sign]
    let filled = 0
    let slippage = 0
    let fees = 0
    for (let row = 0; row < count; row++) {
      const asked = wide[Wide.asked + row]
      if (asked === 0) continue
      const worst = int[Int.worst + row]
      const feeShare = wide[Wide.feeShare + row]
      let left = asked
      for (let at = int[Int.best + row]; at >= worst && left > 0; at--) {
        const shown = lots[at]
        const price = prices[at]
        const take = left < shown ? left : shown
        slippage += sign * (price - mid) * take
        fees += price * feeShare * take
        left -= take
      }
      fees += wide[Wide.childCost + row]
      filled += asked - left
    }
    const scale = filled > 0 ? BPS / (mid * filled) : 0
    wide[Wide.filled] = filled
    wide[Wide.slippageBps] = slippage * scale
    wide[Wide.feeBps] = fees * scale
    wide[Wide.allInBps] = slippage * scale + fees * scale
  }
}
