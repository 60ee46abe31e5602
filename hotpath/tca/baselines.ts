/**
 * What simpler routers would have paid for the same order on the same books: the honest baselines a plan is held
 * against. They trade every displayed level of the venues still alive, and are let off lot steps, minimums, balances
 * and the order's limit price, which can only make them look cheaper. Cold side; pure. The core, which holds every first
 * decision against them, has the same to the bit and without garbage in baseline-desk.
 */
import { assert } from '../../shared/assert.ts'
import { Side } from '../../shared/domain/order.ts'
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

/** Cost of taking these lots from each row's best levels on, as far as they reach. O(levels taken). */
export function priceRoute(market: BaselineMarket, asked: Float64Array, wanted: number): BaselineRoute {
  const { books, candidates, side, mid } = market
  assert(mid > 0, 'a cost in basis points needs a mid')
  const sign = side === Side.buy ? 1 : -1
  const lots = new Float64Array(candidates.count)
  let filledLots = 0
  let slippage = 0
  let fees = 0
  for (const row of tradableRows(market)) {
    const bookRow = candidates.bookRow[row] as BookRow
    const from = books.offset(bookRow, takenSide(side))
    const feeShare = sign * (candidates.feeFactor[row] / PPM - 1)
    let left = asked[row]
    for (let at = from + books.count(bookRow, takenSide(side)) - 1; at >= from && left > 0; at--) {
      const take = Math.min(left, books.lots[at])
      slippage += sign * (books.prices[at] - mid) * take
      fees += books.prices[at] * feeShare * take
      left -= take
      lots[row] += take
    }
    if (lots[row] > 0) fees += candidates.childCost[row]
    filledLots += lots[row]
  }
  const scale = filledLots > 0 ? BPS / (mid * filledLots) : 0
  const slippageBps = slippage * scale
  const feeBps = fees * scale
  return { lots, filledLots, isComplete: filledLots === wanted, slippageBps, feeBps, allInBps: slippageBps + feeBps }
}

/** Everything to one row. */
export function singleVenue(market: BaselineMarket, lots: number, row: number): SingleVenueRoute {
  const asked = new Float64Array(market.candidates.count)
  asked[row] = lots
  return { ...priceRoute(market, asked, lots), row }
}

/**
 * The one venue with the lowest all-in cost of those that can fill the whole; when none can, the one that fills most.
 * Ties to the lower row. undefined when nobody displays anything. Walks the books as they lie: laying them out for the
 * SIMD kernel (memory/venue-cost) takes longer than the walk, see `npm run bench -- kernels`. O(levels taken).
 */
export function bestSingleVenue(market: BaselineMarket, lots: number): SingleVenueRoute | undefined {
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
  return best < 0 ? undefined : singleVenue(market, lots, best)
}

/**
 * Best displayed price first, whatever the fee; equal prices as the router orders equal effective ones (lower latency,
 * larger level, lower row). O(levels taken x rows).
 */
export function bestDisplayedPrice(market: BaselineMarket, lots: number): BaselineRoute {
  const { books, candidates, side } = market
  const taken = takenSide(side)
  const sign = side === Side.buy ? 1 : -1
  const asked = new Float64Array(candidates.count)
  const heads = tradableRows(market).map((row) => {
    const end = books.offset(candidates.bookRow[row] as BookRow, taken)
    return { row, end, at: end + books.count(candidates.bookRow[row] as BookRow, taken) - 1 }
  })
  type Head = (typeof heads)[number]
  const compareHeads = (one: Head, two: Head): number =>
    sign * (books.prices[one.at] - books.prices[two.at]) ||
    candidates.latencyNs[one.row] - candidates.latencyNs[two.row] ||
    books.lots[two.at] - books.lots[one.at] ||
    one.row - two.row
  let left = lots
  while (left > 0) {
    let best: Head | undefined
    for (const head of heads) {
      if (head.at >= head.end && (best === undefined || compareHeads(head, best) < 0)) best = head
    }
    if (best === undefined) break
    const take = Math.min(left, books.lots[best.at])
    asked[best.row] += take
    left -= take
    best.at--
  }
  return priceRoute(market, asked, lots)
}

/** Split by displayed depth, rounded to lots by largest remainder (ties to the lower row). */
export function proRata(market: BaselineMarket, lots: number): BaselineRoute {
  const rows = tradableRows(market)
  const depths = rows.map((row) => displayedLots(market, row))
  const total = depths.reduce((sum, depth) => sum + depth, 0)
  const share = Math.min(1, lots / total)
  const asked = new Float64Array(market.candidates.count)
  const quotas = rows.map((row, i) => ({ row, quota: depths[i] * share, depth: depths[i] }))
  let left = Math.min(lots, total)
  for (const { row, quota, depth } of quotas) {
    asked[row] = Math.min(depth, Math.floor(quota))
    left -= asked[row]
  }
  quotas.sort((a, b) => (b.quota % 1) - (a.quota % 1) || a.row - b.row)
  for (const { row, depth } of quotas) {
    if (left <= 0 || asked[row] === depth) continue
    asked[row]++
    left--
  }
  assert(left === 0 || rows.length === 0, 'a pro-rata split gives out every lot')
  return priceRoute(market, asked, lots)
}

/** The same lots everywhere; what a venue cannot take goes in equal parts to those that still can. */
export function uniformSplit(market: BaselineMarket, lots: number): BaselineRoute {
  const asked = new Float64Array(market.candidates.count)
  let open = tradableRows(market).map((row) => ({ row, room: displayedLots(market, row) }))
  let left = lots
  while (left > 0 && open.length > 0) {
    const share = Math.floor(left / open.length)
    const extra = left - share * open.length
    for (const [i, venue] of open.entries()) {
      const take = Math.min(venue.room, share + (i < extra ? 1 : 0))
      asked[venue.row] += take
      venue.room -= take
      left -= take
    }
    open = open.filter(({ room }) => room > 0)
  }
  return priceRoute(market, asked, lots)
}
