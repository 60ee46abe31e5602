/**
 * Turns lots per row into the plan: slices with limits and sums, the marginal price, the first level left behind, and
 * for each row what bound it and what one more lot there would have saved.
 */
import { Side } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import { PPM } from '../../shared/units/ticks.ts'
import { type BookRow, type BookTable, takenSide } from '../book/book-table.ts'
import { Binding, type ExecutionPlan } from '../plan/execution-plan.ts'
import { DropReason, type VenueCandidates } from '../plan/venue-candidates.ts'

export class PlanSlices {
  /** By candidate row: lots to plan there. The caller fills it before `write`. */
  readonly lots = new Float64Array(VENUES_MAX)
  readonly #books: BookTable
  readonly #notional = new Float64Array(VENUES_MAX)
  /** By row, index of the level the next lot would come from, -1 at the end of the book. */
  readonly #next = new Int32Array(VENUES_MAX)
  /** By row: that level is beyond the limit price; something of it is taken. */
  readonly #isBeyond = new Uint8Array(VENUES_MAX)
  readonly #isBegun = new Uint8Array(VENUES_MAX)
  /** By row: raw notional of the last lot step taken. */
  readonly #lastPrice = new Float64Array(VENUES_MAX)

  constructor(books: BookTable) {
    this.#books = books
  }

  /** Writes slices, sums, marginal and next level; `plan` was reset for this order. O(levels taken + rows). */
  write(candidates: VenueCandidates, plan: ExecutionPlan, side: Side, childrenMax: number): void {
    for (let row = 0; row < candidates.count; row++) {
      if (candidates.dropped[row] === DropReason.alive) this.#walk(candidates, side, row)
    }
    this.#addSlices(candidates, plan, side)
    if (plan.count > 0) this.#noteBindings(candidates, plan, side, childrenMax)
    this.#noteNext(candidates, plan, side)
  }

  #addSlices(candidates: VenueCandidates, plan: ExecutionPlan, side: Side): void {
    const { feeFactor, timePpm, childCost } = candidates
    const sign = side === Side.buy ? 1 : -1
    let objective = 0
    let planned = 0
    let marginal = Number.NEGATIVE_INFINITY
    for (let row = 0; row < candidates.count; row++) {
      if (candidates.dropped[row] !== DropReason.alive || this.lots[row] === 0) continue
      const effective = this.#notional[row] * feeFactor[row]
      const charged = effective - sign * this.#notional[row] * timePpm[row]
      plan.add(row, this.lots[row], this.#lastPrice[row], this.#notional[row], charged)
      planned += this.lots[row]
      objective += effective + sign * childCost[row] * PPM
      marginal = Math.max(marginal, sign * this.#lastPrice[row] * feeFactor[row])
    }
    plan.plannedLots = planned
    plan.objective = objective
    plan.marginal = planned > 0 ? sign * marginal : 0
  }

  /** Takes the row's lots from its levels, best first. */
  #walk(candidates: VenueCandidates, side: Side, row: number): void {
    const books = this.#books
    const bookRow = candidates.bookRow[row] as BookRow
    const end = books.offset(bookRow, takenSide(side))
    let at = end + books.count(bookRow, takenSide(side)) - 1
    let left = this.lots[row]
    let notional = 0
    let price = 0
    while (left > 0 && left >= books.lots[at]) {
      price = books.prices[at]
      notional += books.lots[at] * price
      left -= books.lots[at]
      at--
    }
    if (left > 0) {
      price = books.prices[at]
      notional += left * price
    }
    this.#notional[row] = notional
    this.#lastPrice[row] = price
    this.#isBegun[row] = left > 0 ? 1 : 0
    this.#next[row] = at >= end ? at : -1
    const limit = candidates.limitTicks[row]
    this.#isBeyond[row] = 0
    if (at >= end && limit > 0) {
      const beyond = side === Side.buy ? books.prices[at] > limit : books.prices[at] < limit
      this.#isBeyond[row] = beyond ? 1 : 0
    }
  }

  /** The best level of which nothing was taken, inside its row's limit and of a row not held by a cap. */
  #noteNext(candidates: VenueCandidates, plan: ExecutionPlan, side: Side): void {
    const { prices } = this.#books
    const sign = side === Side.buy ? 1 : -1
    let best = Number.POSITIVE_INFINITY
    for (let row = 0; row < candidates.count; row++) {
      if (candidates.dropped[row] !== DropReason.alive || this.#isBeyond[row] === 1) continue
      if ((plan.binding[row] & (Binding.lotsMax | Binding.balance)) !== 0) continue
      const at = this.#next[row] - this.#isBegun[row]
      if (this.#next[row] < 0 || at < this.#end(candidates, row, side)) continue
      const price = prices[at]
      const limit = candidates.limitTicks[row]
      if (limit > 0 && sign * price > sign * limit) continue
      const key = sign * price * candidates.feeFactor[row]
      if (key >= best) continue
      best = key
      plan.nextRow = row
    }
    plan.nextEffective = plan.nextRow < 0 ? Number.POSITIVE_INFINITY : sign * best
  }

  #end(candidates: VenueCandidates, row: number, side: Side): number {
    return this.#books.offset(candidates.bookRow[row] as BookRow, takenSide(side))
  }

  #noteBindings(candidates: VenueCandidates, plan: ExecutionPlan, side: Side, childrenMax: number): void {
    const { prices } = this.#books
    const sign = side === Side.buy ? 1 : -1
    const marginal = sign * plan.marginal
    const isFull = childrenMax > 0 && plan.count >= childrenMax
    const isShort = plan.plannedLots < plan.targetLots
    for (let row = 0; row < candidates.count; row++) {
      if (candidates.dropped[row] !== DropReason.alive) continue
      const at = this.#next[row]
      const price = at < 0 ? this.#lastPrice[row] : prices[at]
      if (price === 0) continue
      const saved = marginal - sign * price * candidates.feeFactor[row]
      const why = this.#whyHeld(candidates, side, row, isShort || saved > 0, isFull)
      if (why !== Binding.none) plan.bind(row, why, saved > 0 ? saved : 0)
    }
  }

  /** What keeps a row from giving more, if more was wanted of it; and whether it was lifted to its minimum. */
  #whyHeld(candidates: VenueCandidates, side: Side, row: number, isWanted: boolean, isFull: boolean): number {
    const lots = this.lots[row]
    const step = candidates.lotStep[row]
    const least = candidates.lotsMin[row]
    const notional = this.#notional[row]
    let why: number = Binding.none
    if (lots > 0 && least > step && lots - step < least) why |= Binding.lotsMin
    if (lots > 0 && notional - step * this.#lastPrice[row] < candidates.notionalMin[row]) why |= Binding.notionalMin
    if (!isWanted) return why
    const at = this.#next[row]
    if (at < 0) return why | Binding.depth
    if (this.#isBeyond[row] === 1) return why | Binding.limitPrice
    if (lots + step > candidates.lotsMax[row]) return why | Binding.lotsMax
    const spend = (notional + step * this.#books.prices[at]) * candidates.chargeFactor(row, side)
    if (side === Side.buy && spend > candidates.spendMax[row] * PPM) return why | Binding.balance
    if (lots > 0) return why === Binding.none ? Binding.lotStep : why
    if (isFull) return why | Binding.childrenMax
    if (candidates.childCost[row] > 0) return why | Binding.childCost
    if (least > step) return why | Binding.lotsMin
    if (candidates.notionalMin[row] > step * this.#books.prices[at]) return why | Binding.notionalMin
    return why | Binding.lotStep
  }
}
