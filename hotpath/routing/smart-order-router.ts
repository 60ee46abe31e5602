/**
 * The spine: an order in, a plan out. Synchronous; what must be waited for is in the tables already. Ifs and sequence
 * live here, loops in the steps.
 */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { Side } from '../../shared/domain/order.ts'
import type { Turn } from '../../shared/turn.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import { ceilToTick, floorToTick, PPM as ppm } from '../../shared/units/ticks.ts'
import {
  BookPlace,
  type BookRow,
  BookState,
  type BookTable,
  BookWord,
  BOOK_SHIFT as bookShift,
  takenSide as takes,
} from '../book/book-table.ts'
import type { TimePrices } from '../latency/time-prices.ts'
import type { BalanceTable } from '../orders/balance-table.ts'
import type { ExecutionPlan } from '../plan/execution-plan.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { Column, DropReason, listingKey, type VenueCandidates } from '../plan/venue-candidates.ts'
import type { VenueStateTable } from '../plan/venue-state-table.ts'
import type { OrderSplitter } from '../splitting/order-splitter.ts'
import type { RouteInput } from './route-input.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Col = Column
const Drop = DropReason
const Place = BookPlace
const Word = BookWord
const State = BookState
const Deny = DenyReason
const Sides = Side
const PPM = ppm
const BOOK_SHIFT = bookShift
const takenSide = takes

const CENTI_BPS = 1_000_000

export interface RoutingParts {
  readonly books: BookTable
  readonly listings: ListingTable
  readonly balances: BalanceTable
  readonly states: VenueStateTable
  readonly splitter: OrderSplitter
  /** Absent: time costs nothing. */
  readonly timePrices: TimePrices | undefined
}

export class SmartOrderRouter {
  readonly #parts: RoutingParts
  readonly #searchNodesMax: number
  /** Best bid, best ask, mid over all live venues at the last decision, 0 where there is none; mid or the only touch. */
  readonly touch = new Float64Array(4)
  /** Worst raw price of the decision at hand, before each venue's grid; 0: none. */
  readonly #limit = new Float64Array(1)

  constructor(parts: RoutingParts, config: { searchNodesMax: number }) {
    this.#parts = parts
    this.#searchNodesMax = config.searchNodesMax
  }

  /** Fills both tables. None: the plan has at least one slice. Otherwise why it has none. */
  decide(input: RouteInput, candidates: VenueCandidates, plan: ExecutionPlan, turn: Turn): DenyReason {
    plan.reset(input.side)
    const key = listingKey(input.instrument, input.side)
    candidates.isKeyed = false
    if (candidates.preparedFor !== key) candidates.listAll(this.#parts.listings, input.instrument, input.side)
    if (candidates.latencyVersion !== this.#parts.states.latencyVersion) this.#readLatencies(candidates)
    this.#priceTime(input, candidates)
    const { states } = this.#parts
    const why = this.#plan(input, candidates, plan, turn, states.readyBits)
    if (why === Deny.none || !states.leavesOut) return why
    // A slow way is better than none: what is left out comes in for an order that finds nothing without it.
    plan.reset(input.side)
    return this.#plan(input, candidates, plan, turn, states.upBits)
  }

  /** With the venues of `allowed`, bit by venue. */
  #plan(
    input: RouteInput,
    candidates: VenueCandidates,
    plan: ExecutionPlan,
    turn: Turn,
    allowed: Int32Array,
  ): DenyReason {
    this.#readVenues(input, candidates, allowed)
    plan.mid = this.touch[2]
    if (candidates.count === 0) return Deny.noVenueLeft
    this.#boundPrice(input)
    this.#limitRows(input, candidates, turn)
    return this.#split(input, candidates, plan)
  }

  /**
   * Whether the order may go to each venue as its book stands now; best prices over every live book on the way. Nothing
   * is called inside the loop: V8 would keep the loop's values in memory for the sake of a call that is never made.
   */
  #readVenues(input: RouteInput, candidates: VenueCandidates, allowed: Int32Array): void {
    const { block, words } = this.#parts.books
    const { count, venue: venues, bookRow, dropped } = candidates
    const low = input.venuesLow & allowed[0]
    const high = input.venuesHigh & allowed[1]
    const place = takenSide(input.side) << 1
    let bid = 0
    let ask = Number.POSITIVE_INFINITY
    let out = 0
    for (let row = 0; row < count; row++) {
      const venue = venues[row]
      const at = bookRow[row] << BOOK_SHIFT
      const bits = venue < 32 ? low : high
      const bids = block[at + Place.bidPrice]
      const asks = block[at + Place.askPrice]
      dropped[row] = Drop.alive
      if (((bits >>> venue) & words[(at << 1) + Word.isOpen]) === 0 || block[at + place] === 0) {
        dropped[row] = Drop.excluded
        out++
        if (words[(at << 1) + Word.state] !== State.live) continue
      }
      if (bids > bid) bid = bids
      if (asks < ask && asks !== 0) ask = asks
    }
    if (out > 0) this.#tellOut(input, candidates)
    if (ask === Number.POSITIVE_INFINITY) ask = 0
    this.touch[0] = bid
    this.touch[1] = ask
    this.touch[2] = bid !== 0 && ask !== 0 ? (bid + ask) / 2 : 0
    this.touch[3] = bid !== 0 && ask !== 0 ? (bid + ask) / 2 : bid + ask
  }

  /** An order given in quote is charged to the last unit: it is sized without what nobody charges. */
  #priceTime({ instrument, side, quoteBudget }: RouteInput, candidates: VenueCandidates): void {
    const { timePrices } = this.#parts
    if (timePrices === undefined) return
    const version = quoteBudget > 0 ? -1 : timePrices.version[instrument]
    if (candidates.timeVersion === version) return
    const column = side === Sides.buy ? 0 : 1
    for (let row = 0; row < candidates.count; row++) {
      candidates.priceTime(row, version === -1 ? 0 : timePrices.ppm[candidates.bookRow[row] * 2 + column], side)
    }
    candidates.timeVersion = version
  }

  #readLatencies(candidates: VenueCandidates): void {
    const { states } = this.#parts
    for (let row = 0; row < candidates.count; row++) {
      candidates.latencyNs[row] = states.latencyNs[candidates.venue[row]]
    }
    candidates.latencyVersion = states.latencyVersion
  }

  #tellOut(input: RouteInput, candidates: VenueCandidates): void {
    const { venue, dropped, bookRow } = candidates
    for (let row = 0; row < candidates.count; row++) {
      if (dropped[row] === Drop.alive) continue
      dropped[row] = this.#dropReason(input, venue[row], bookRow[row] as BookRow)
    }
  }

  /** Why a venue is out; asked only of those that are. */
  #dropReason(input: RouteInput, venue: number, book: BookRow): DropReason {
    const { books, states } = this.#parts
    const mask = venue < 32 ? input.venuesLow : input.venuesHigh
    if (((mask >>> venue) & 1) === 0) return Drop.excluded
    if (states.isReady[venue] === 0) return Drop.down
    const state = books.state(book)
    if (state === State.crossed) return Drop.crossedBook
    if (state === State.stale || state === State.recovering) return Drop.staleBook
    return books.bestPrice(book, takenSide(input.side)) === 0 ? Drop.emptyBook : Drop.refused
  }

  /**
   * The tighter of limit price and slippage bound, measured from the arrival mid (one-sided: the touch there is) and
   * rounded into the order's favour.
   */
  #boundPrice(input: RouteInput): void {
    if (input.referenceMid === 0) input.referenceMid = this.touch[3]
    this.#limit[0] = input.priceTicks
    if (input.slippageCentiBps < 0 || input.referenceMid === 0) return
    const reach = (input.referenceMid * input.slippageCentiBps) / CENTI_BPS
    if (input.side === Sides.buy) {
      const bound = Math.floor(input.referenceMid + reach)
      this.#limit[0] = input.priceTicks === 0 ? bound : Math.min(input.priceTicks, bound)
    } else {
      this.#limit[0] = Math.max(input.priceTicks, 1, Math.ceil(input.referenceMid - reach))
    }
  }

  /**
   * Fee, rate, price and balance limits of the rows still alive; a row that nothing is left of is dropped, the others
   * get the key that the sweep orders by.
   */
  #limitRows(input: RouteInput, candidates: VenueCandidates, turn: Turn): void {
    const { states } = this.#parts
    if (candidates.hasTickSteps) this.#limitByGrid(candidates, input.side)
    const busy = this.#limitSpan(input, candidates, 0, candidates.count)
    candidates.isKeyed = true
    if (busy === 0) return
    for (let row = 0; row < candidates.count; row++) {
      if (candidates.dropped[row] !== Drop.rateLimited) continue
      if (!states.hasToken(candidates.venue[row] as VenueIndex, turn.nowNs)) continue
      candidates.dropped[row] = Drop.alive
      this.#limitSpan(input, candidates, row, row + 1)
    }
  }

  /** Rows from `first` to before `end`; answers how many had no token when they last looked. */
  #limitSpan(input: RouteInput, candidates: VenueCandidates, first: number, end: number): number {
    const { books, states, balances, listings } = this.#parts
    const { block } = books
    const { tokens } = states
    const { units } = balances
    const { venue: venues, bookRow, dropped, wide, hasTickSteps } = candidates
    const { instrument } = input
    const buys = input.side === Sides.buy
    const sign = buys ? 1 : -1
    const place = takenSide(input.side) << 1
    const limit = this.#limit[0]
    const hasFeeLimit = input.feeCentiBps >= 0
    const ppmMax = (input.feeCentiBps * PPM) / CENTI_BPS
    const from = balances.from(buys ? listings.quoteAsset[instrument] : listings.baseAsset[instrument])
    const perUnit = 1 / (buys ? listings.quoteUnitsPerNotional[instrument] : listings.baseUnitsPerLot[instrument])
    let busy = 0
    for (let row = first; row < end; row++) {
      const venue = venues[row]
      const best = block[(bookRow[row] << BOOK_SHIFT) + place] * sign
      const free = units[from + venue] * perUnit
      let key = best * wide[Col.feeFactor + row]
      let ticks = limit
      if (hasTickSteps) ticks = wide[Col.limitTicks + row]
      else wide[Col.limitTicks + row] = limit
      let why: DropReason = Drop.alive
      if (dropped[row] !== Drop.alive) why = dropped[row] as DropReason
      else if (hasFeeLimit && wide[Col.takerPpm + row] > ppmMax) why = Drop.feeLimit
      else if (tokens[venue] < 1) {
        why = Drop.rateLimited
        busy++
      } else if (limit !== 0 && (ticks === 0 || best > ticks * sign)) why = Drop.limitPrice
      else if (buys) {
        wide[Col.spendMax + row] = free
        if (free <= 0) why = Drop.noBalance
      } else {
        const most = wide[Col.venueLotsMax + row]
        wide[Col.lotsMax + row] = free < most ? Math.floor(free) : most
        const least = wide[Col.lotsMin + row]
        if (free < wide[Col.lotStep + row] || free < least) why = Drop.noBalance
      }
      if (why !== Drop.alive) {
        dropped[row] = why
        key = Number.POSITIVE_INFINITY
      }
      wide[Col.key + row] = key
    }
    return busy
  }

  /** The limit on each venue's grid, rounded into the order's favour. */
  #limitByGrid(candidates: VenueCandidates, side: Side): void {
    const limit = this.#limit[0]
    for (let row = 0; row < candidates.count; row++) {
      const step = candidates.tickStep[row]
      candidates.limitTicks[row] = side === Sides.buy ? floorToTick(limit, step) : ceilToTick(limit, step)
    }
  }

  #split(input: RouteInput, candidates: VenueCandidates, plan: ExecutionPlan): DenyReason {
    const { splitter } = this.#parts
    let lots = input.lots
    if (input.quoteBudget > 0) {
      const affordable = splitter.lotsForQuote(candidates, input.side, input.quoteBudget)
      lots = lots > 0 ? Math.min(lots, affordable) : affordable
    }
    const childrenMax = input.allOrNone ? 1 : input.childrenMax
    if (lots > 0) splitter.split(candidates, plan, input.side, lots, childrenMax, this.#searchNodesMax)
    if (input.quoteBudget > 0 && input.side === Sides.buy) this.#fitBudget(input, candidates, plan, childrenMax)
    if (input.allOrNone && plan.plannedLots < input.lots) {
      plan.count = 0
      return Deny.fokNotFillable
    }
    return plan.count > 0 ? Deny.none : whyNothing(input, candidates, lots)
  }

  /** A slice may fill at its limit, not at what the book showed: the budget must hold even then. */
  #fitBudget(input: RouteInput, candidates: VenueCandidates, plan: ExecutionPlan, childrenMax: number): void {
    for (let round = 0; round < 8 && plan.count > 0; round++) {
      let worst = 0
      let dearest = 0
      for (let at = 0; at < plan.count; at++) {
        const price = (plan.limitTicks[at] * candidates.feeFactor[plan.row[at]]) / PPM
        worst += price * plan.lots[at]
        if (price > dearest) dearest = price
      }
      const over = worst - input.quoteBudget
      if (over <= 0) return
      const fewer = plan.plannedLots - Math.ceil(over / dearest)
      plan.reset(input.side)
      plan.mid = this.touch[2]
      if (fewer > 0) this.#parts.splitter.split(candidates, plan, input.side, fewer, childrenMax, this.#searchNodesMax)
    }
    if (plan.count > 0) plan.count = this.#worstSpend(candidates, plan) <= input.quoteBudget ? plan.count : 0
  }

  #worstSpend(candidates: VenueCandidates, plan: ExecutionPlan): number {
    let worst = 0
    for (let at = 0; at < plan.count; at++) {
      worst += (plan.limitTicks[at] * plan.lots[at] * candidates.feeFactor[plan.row[at]]) / PPM
    }
    return worst
  }
}

/** Which reason kept the last hope out, from the most to the least telling. */
function whyNothing(input: RouteInput, candidates: VenueCandidates, lots: number): DenyReason {
  let seen = 0
  for (let row = 0; row < candidates.count; row++) seen |= 1 << candidates.dropped[row]
  const has = (why: DropReason) => (seen & (1 << why)) !== 0
  if (has(Drop.alive)) return lots > 0 ? Deny.belowMinimum : Deny.quantityTooSmall
  if (has(Drop.noBalance)) return Deny.insufficientBalance
  if (has(Drop.limitPrice)) return input.priceTicks > 0 ? Deny.priceLimit : Deny.slippageLimit
  if (has(Drop.feeLimit)) return Deny.feeLimit
  if (has(Drop.rateLimited)) return Deny.rateLimited
  if (has(Drop.staleBook) || has(Drop.crossedBook) || has(Drop.refused)) return Deny.staleBooks
  if (has(Drop.emptyBook)) return Deny.noLiquidity
  if (has(Drop.down) || has(Drop.tooSlow)) return Deny.noVenueUp
  return Deny.noVenueLeft
}
