/**
 * What simpler routers would have paid for the same order on the same books: the honest baselines a plan is held
 * against. They trade every displayed level of the venues still alive, and are let off lot steps, minimums, balances
 * and the order's limit price, which can only make them look cheaper. Pure.
 *
 * The functions answer whole routes; a BaselineDesk works in memory of its own and leaves figures, without garbage: the core
 * holds every first decision against all of them.
 */
import { assert } from '../../shared/assert.ts'
import { Side } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import { PPM } from '../../shared/units/ticks.ts'
import { type BookRow, type BookTable, takenSide } from '../book/book-table.ts'
import type { VenueCandidates } from '../plan/venue-candidates.ts'

const BPS = 10_000

export interface BaselineMarket {
  readonly books: BookTable
  readonly candidates: VenueCandidates
  readonly side: Side
  /** Consolidated mid in ticks, half ticks allowed; above 0. */
  readonly mid: number
}

export interface BaselineRoute {
  /** Lots by candidate row. */
  readonly lots: Float64Array
  readonly filledLots: number
  /** The displayed depth sufficed for the whole order. */
  readonly isComplete: boolean
  /** Distance of the average raw price from the mid, in bps of the mid: positive is bad. 0 when nothing filled. */
  readonly slippageBps: number
  /** Fees and fixed cost of children, in bps of the filled lots at the mid. */
  readonly feeBps: number
  /** The sum of both. */
  readonly allInBps: number
}

/** A route that goes to one venue only. */
export interface SingleVenueRoute extends BaselineRoute {
  /** Candidate row. */
  readonly row: number
}

const Wide = { wanted: 0, filled: 1, slippageBps: 2, feeBps: 3, allInBps: 4, count: 5 } as const

/** One baseline at a time: a method asks the rows for lots and prices them, the fields say what came of it. */
export class BaselineDesk {
  /** Lots taken, by candidate row. */
  readonly lots = new Float64Array(VENUES_MAX)
  readonly #asked = new Float64Array(VENUES_MAX)
  /** Of tradable rows, in their order: the row, what it displays or has left, what it should get, its level now. */
  readonly #rows = new Int32Array(VENUES_MAX)
  readonly #depth = new Float64Array(VENUES_MAX)
  readonly #quota = new Float64Array(VENUES_MAX)
  readonly #level = new Int32Array(VENUES_MAX)
  readonly #order = new Int32Array(VENUES_MAX)
  readonly #wide = new Float64Array(Wide.count)

  get filledLots(): number {
    return this.#wide[Wide.filled]
  }
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

  /** Cost of taking these lots from each row's best levels on, as far as they reach. O(levels taken). */
  price({ books, candidates, side, mid }: BaselineMarket, asked: Float64Array, wanted: number): void {
    assert(mid > 0, 'a cost in basis points needs a mid')
    const sign = side === Side.buy ? 1 : -1
    const taken = takenSide(side)
    let filledLots = 0
    let slippage = 0
    let fees = 0
    for (let row = 0; row < candidates.count; row++) {
      let left = candidates.isAlive(row) ? asked[row] : 0
      let lots = 0
      const bookRow = candidates.bookRow[row] as BookRow
      const from = books.offset(bookRow, taken)
      const feeShare = sign * (candidates.feeFactor[row] / PPM - 1)
      for (let at = from + books.count(bookRow, taken) - 1; at >= from && left > 0; at--) {
        const take = Math.min(left, books.lots[at])
        slippage += sign * (books.prices[at] - mid) * take
        fees += books.prices[at] * feeShare * take
        left -= take
        lots += take
      }
      if (lots > 0) fees += candidates.childCost[row]
      this.lots[row] = lots
      filledLots += lots
    }
    const scale = filledLots > 0 ? BPS / (mid * filledLots) : 0
    this.#wide[Wide.wanted] = wanted
    this.#wide[Wide.filled] = filledLots
    this.#wide[Wide.slippageBps] = slippage * scale
    this.#wide[Wide.feeBps] = fees * scale
    this.#wide[Wide.allInBps] = slippage * scale + fees * scale
  }

  /** Everything to one row. */
  single(market: BaselineMarket, lots: number, row: number): void {
    this.#asked.fill(0)
    this.#asked[row] = lots
    this.price(market, this.#asked, lots)
  }

  /**
   * The one venue with the lowest all-in cost of those that can fill the whole; when none can, the one that fills most.
   * Ties to the lower row. Answers the row, or -1 when nobody displays anything. Walks the books as they lie: laying them
   * out for the SIMD kernel (memory/venue-cost) takes longer than the walk, see `npm run bench -- kernels`. O(levels taken).
   */
  bestSingle(market: BaselineMarket, lots: number): number {
    const { books, candidates, side } = market
    const { prices, lots: displayed } = books
    const taken = takenSide(side)
    const sign = side === Side.buy ? 1 : -1
    let best = -1
    let bestFilled = 0
    let bestCost = 0
    for (let row = 0; row < candidates.count; row++) {
      if (!candidates.isAlive(row)) continue
      const bookRow = candidates.bookRow[row] as BookRow
      const from = books.offset(bookRow, taken)
      let left = lots
      let notional = 0
      for (let at = from + books.count(bookRow, taken) - 1; at >= from && left > 0; at--) {
        const take = Math.min(left, displayed[at])
        notional += prices[at] * take
        left -= take
      }
      const filled = lots - left
      // What the router minimises: fee-adjusted notional and the child's fixed cost, in ticks x lots.
      const cost = sign * notional * (candidates.feeFactor[row] / PPM) + candidates.childCost[row]
      if (filled > bestFilled || (filled === bestFilled && filled > 0 && cost < bestCost)) {
        best = row
        bestFilled = filled
        bestCost = cost
      }
    }
    if (best >= 0) this.single(market, lots, best)
    return best
  }

  /**
   * Best displayed price first, whatever the fee; equal prices as the router orders equal effective ones (lower latency,
   * larger level, lower row). O(levels taken x rows).
   */
  bestDisplayed(market: BaselineMarket, lots: number): void {
    const { books, candidates, side } = market
    const taken = takenSide(side)
    const count = this.#open(market)
    for (let at = 0; at < count; at++) {
      const bookRow = candidates.bookRow[this.#rows[at]] as BookRow
      this.#level[at] = books.offset(bookRow, taken) + books.count(bookRow, taken) - 1
    }
    for (let left = lots; left > 0; ) {
      let best = -1
      for (let at = 0; at < count; at++) {
        const end = books.offset(candidates.bookRow[this.#rows[at]] as BookRow, taken)
        if (this.#level[at] >= end && (best < 0 || this.#isBetter(market, at, best))) best = at
      }
      if (best < 0) break
      const take = Math.min(left, books.lots[this.#level[best]])
      this.#asked[this.#rows[best]] += take
      this.#level[best]--
      left -= take
    }
    this.price(market, this.#asked, lots)
  }

  /** Split by displayed depth, rounded to lots by largest remainder (ties to the lower row). O(levels + rows^2). */
  proRata(market: BaselineMarket, lots: number): void {
    const count = this.#open(market)
    const total = this.#lookDeep(market, count)
    const share = Math.min(1, lots / total)
    let left = Math.min(lots, total)
    for (let at = 0; at < count; at++) {
      this.#quota[at] = this.#depth[at] * share
      const whole = Math.min(this.#depth[at], Math.floor(this.#quota[at]))
      this.#asked[this.#rows[at]] = whole
      left -= whole
    }
    this.#sortByRemainder(count)
    for (let place = 0; place < count && left > 0; place++) {
      const at = this.#order[place]
      if (this.#asked[this.#rows[at]] === this.#depth[at]) continue
      this.#asked[this.#rows[at]]++
      left--
    }
    assert(left === 0 || count === 0, 'a pro-rata split gives out every lot')
    this.price(market, this.#asked, lots)
  }

  /** The same lots everywhere; what a venue cannot take goes in equal parts to those that still can. */
  uniform(market: BaselineMarket, lots: number): void {
    let count = this.#open(market)
    this.#lookDeep(market, count)
    let left = lots
    while (left > 0 && count > 0) {
      const share = Math.floor(left / count)
      const extra = left - share * count
      let open = 0
      for (let at = 0; at < count; at++) {
        const row = this.#rows[at]
        const take = Math.min(this.#depth[at], share + (at < extra ? 1 : 0))
        const room = this.#depth[at] - take
        this.#asked[row] += take
        left -= take
        if (room === 0) continue
        this.#rows[open] = row
        this.#depth[open++] = room
      }
      count = open
    }
    this.price(market, this.#asked, lots)
  }

  /** Asks nothing of anybody and finds the tradable rows; answers how many. */
  #open({ books, candidates, side }: BaselineMarket): number {
    const taken = takenSide(side)
    let count = 0
    this.#asked.fill(0)
    for (let row = 0; row < candidates.count; row++) {
      if (candidates.isAlive(row) && books.count(candidates.bookRow[row] as BookRow, taken) > 0)
        this.#rows[count++] = row
    }
    return count
  }

  #lookDeep(market: BaselineMarket, count: number): number {
    let total = 0
    for (let at = 0; at < count; at++) {
      this.#depth[at] = displayedLots(market, this.#rows[at])
      total += this.#depth[at]
    }
    return total
  }

  #isBetter({ books, candidates, side }: BaselineMarket, one: number, two: number): boolean {
    const levelOne = this.#level[one]
    const levelTwo = this.#level[two]
    const rowOne = this.#rows[one]
    const rowTwo = this.#rows[two]
    const price = books.prices[levelOne] - books.prices[levelTwo]
    if (price !== 0) return side === Side.buy ? price < 0 : price > 0
    const latency = candidates.latencyNs[rowOne] - candidates.latencyNs[rowTwo]
    if (latency !== 0) return latency < 0
    const size = books.lots[levelTwo] - books.lots[levelOne]
    return size !== 0 ? size < 0 : rowOne < rowTwo
  }

  /** Places by remainder, largest first; rows ascend already, and equal ones keep their order. */
  #sortByRemainder(count: number): void {
    const order = this.#order
    for (let at = 0; at < count; at++) {
      const remainder = this.#quota[at] % 1
      let place = at
      while (place > 0 && this.#quota[order[place - 1]] % 1 < remainder) {
        order[place] = order[place - 1]
        place--
      }
      order[place] = at
    }
  }

  /** The same as an object of its own, for `rows` candidates. */
  route(rows: number): BaselineRoute {
    const { filledLots, isComplete, slippageBps, feeBps, allInBps } = this
    return { lots: this.lots.slice(0, rows), filledLots, isComplete, slippageBps, feeBps, allInBps }
  }
}

/** Alive rows that display something on the side the order takes. */
export function tradableRows({ books, candidates, side }: BaselineMarket): number[] {
  const taken = takenSide(side)
  const rows: number[] = []
  for (let row = 0; row < candidates.count; row++) {
    if (candidates.isAlive(row) && books.count(candidates.bookRow[row] as BookRow, taken) > 0) rows.push(row)
  }
  return rows
}

/** All lots a row displays on the taken side. O(levels). */
export function displayedLots({ books, candidates, side }: BaselineMarket, row: number): number {
  const bookRow = candidates.bookRow[row] as BookRow
  const from = books.offset(bookRow, takenSide(side))
  let depth = 0
  for (let at = from + books.count(bookRow, takenSide(side)) - 1; at >= from; at--) depth += books.lots[at]
  return depth
}

export function priceRoute(market: BaselineMarket, asked: Float64Array, wanted: number): BaselineRoute {
  return worked(market, (desk) => desk.price(market, asked, wanted))
}

export function singleVenue(market: BaselineMarket, lots: number, row: number): SingleVenueRoute {
  return { ...worked(market, (desk) => desk.single(market, lots, row)), row }
}

/** undefined when nobody displays anything. */
export function bestSingleVenue(market: BaselineMarket, lots: number): SingleVenueRoute | undefined {
  const desk = new BaselineDesk()
  const row = desk.bestSingle(market, lots)
  return row < 0 ? undefined : { ...desk.route(market.candidates.count), row }
}

export function bestDisplayedPrice(market: BaselineMarket, lots: number): BaselineRoute {
  return worked(market, (desk) => desk.bestDisplayed(market, lots))
}

export function proRata(market: BaselineMarket, lots: number): BaselineRoute {
  return worked(market, (desk) => desk.proRata(market, lots))
}

export function uniformSplit(market: BaselineMarket, lots: number): BaselineRoute {
  return worked(market, (desk) => desk.uniform(market, lots))
}

function worked(market: BaselineMarket, work: (desk: BaselineDesk) => void): BaselineRoute {
  const desk = new BaselineDesk()
  work(desk)
  return desk.route(market.candidates.count)
}
