/**
 * The spine: an order in, a plan out. Synchronous; what must be waited for is in the tables already. Ifs and sequence
 * live here, loops in the steps.
 */
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { Side } from '../../shared/domain/order.ts'
import type { Turn } from '../../shared/turn.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import { ceilToTick, floorToTick, PPM } from '../../shared/units/ticks.ts'
import { type BookRow, BookSide, BookState, type BookTable, takenSide } from '../book/book-table.ts'
import type { BalanceTable } from '../orders/balance-table.ts'
import type { ExecutionPlan } from '../plan/execution-plan.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { DropReason, type VenueCandidates } from '../plan/venue-candidates.ts'
import type { VenueStateTable } from '../plan/venue-state-table.ts'
import type { OrderSplitter } from '../splitting/order-splitter.ts'
import type { RouteInput } from './route-input.ts'

const CENTI_BPS = 1_000_000

export interface RoutingParts {
  readonly books: BookTable
  readonly listings: ListingTable
  readonly balances: BalanceTable
  readonly states: VenueStateTable
  readonly splitter: OrderSplitter
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
    const key = input.instrument * 2 + (input.side === Side.buy ? 0 : 1)
    if (candidates.preparedFor !== key) this.#listVenues(input, candidates, key)
    this.#readVenues(input, candidates, turn)
    plan.mid = this.touch[2]
    if (candidates.count === 0) return DenyReason.noVenueLeft
    this.#boundPrice(input)
    this.#limitRows(input, candidates, turn)
    return this.#split(input, candidates, plan)
  }

  /** A row per venue that lists the instrument, with its terms: what does not move between two decisions. */
  #listVenues(input: RouteInput, candidates: VenueCandidates, key: number): void {
    const { books, listings } = this.#parts
    candidates.reset()
    for (let venue = 0; venue < listings.venues.length; venue++) {
      const listing = listings.row(input.instrument, venue as VenueIndex)
      if (listings.isListed[listing] === 0) continue
      const row = candidates.add(venue as VenueIndex, books.row(input.instrument, venue as VenueIndex))
      candidates.tickStep[row] = listings.tickStep[listing]
      candidates.lotStep[row] = listings.lotStep[listing]
      candidates.lotsMin[row] = listings.lotsMin[listing]
      candidates.venueLotsMax[row] = listings.lotsMax[listing]
      candidates.notionalMin[row] = listings.notionalMin[listing]
      candidates.childCost[row] = listings.childCost[listing]
      candidates.takerPpm[row] = listings.takerPpm[listing]
      candidates.feeFactor[row] = listings.feeFactor(listing, input.side)
    }
    candidates.preparedFor = key
  }

  /** What each venue shows now and whether the order may go there; best prices over every live book on the way. */
  #readVenues(input: RouteInput, candidates: VenueCandidates, turn: Turn): void {
    const { books, states } = this.#parts
    const side = takenSide(input.side)
    const { nowNs } = turn
    const bids = books.touchPrices[BookSide.bid]
    const asks = books.touchPrices[BookSide.ask]
    const taken = books.touchPrices[side]
    const shown = books.touchLots[side]
    let bid = 0
    let ask = 0
    for (let row = 0; row < candidates.count; row++) {
      const book = candidates.bookRow[row] as BookRow
      const venue = candidates.venue[row]
      candidates.bestTicks[row] = taken[book]
      candidates.bestLots[row] = shown[book]
      candidates.dropped[row] = this.#dropReason(input, venue, book, taken[book])
      candidates.latencyNs[row] = states.latencyNs[venue]
      candidates.ageNs[row] = nowNs - books.updatedNs(book)
      if (books.state(book) !== BookState.live) continue
      if (bids[book] > bid) bid = bids[book]
      if (asks[book] !== 0 && (ask === 0 || asks[book] < ask)) ask = asks[book]
    }
    this.touch[0] = bid
    this.touch[1] = ask
    this.touch[2] = bid !== 0 && ask !== 0 ? (bid + ask) / 2 : 0
    this.touch[3] = bid !== 0 && ask !== 0 ? (bid + ask) / 2 : bid + ask
  }

  #dropReason(input: RouteInput, venue: number, book: BookRow, best: number): DropReason {
    const { books, states } = this.#parts
    const mask = venue < 32 ? input.venuesLow : input.venuesHigh
    if (((mask >>> (venue & 31)) & 1) === 0) return DropReason.excluded
    if (states.isReady[venue] === 0) return DropReason.down
    const state = books.state(book)
    if (state === BookState.crossed) return DropReason.crossedBook
    if (state === BookState.stale || state === BookState.recovering) return DropReason.staleBook
    if (best === 0) return DropReason.emptyBook
    if (states.missNs[book] >= books.updatedNs(book)) return DropReason.refused
    return DropReason.alive
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
    if (input.side === Side.buy) {
      const bound = Math.floor(input.referenceMid + reach)
      this.#limit[0] = input.priceTicks === 0 ? bound : Math.min(input.priceTicks, bound)
    } else {
      this.#limit[0] = Math.max(input.priceTicks, 1, Math.ceil(input.referenceMid - reach))
    }
  }

  /** Price, fee, rate and balance limits of the rows still alive; a row that nothing is left of is dropped. */
  #limitRows(input: RouteInput, candidates: VenueCandidates, turn: Turn): void {
    const { states, balances, listings } = this.#parts
    const { nowNs } = turn
    const { instrument } = input
    const buys = input.side === Side.buy
    const limit = this.#limit[0]
    const ppmMax = input.feeCentiBps < 0 ? PPM : (input.feeCentiBps * PPM) / CENTI_BPS
    const asset = buys ? listings.quoteAsset[instrument] : listings.baseAsset[instrument]
    const perUnit = 1 / (buys ? listings.quoteUnitsPerNotional[instrument] : listings.baseUnitsPerLot[instrument])
    for (let row = 0; row < candidates.count; row++) {
      candidates.limitTicks[row] = 0
      if (!candidates.isAlive(row)) continue
      const venue = candidates.venue[row] as VenueIndex
      if (candidates.takerPpm[row] > ppmMax) candidates.drop(row, DropReason.feeLimit)
      else if (!states.hasToken(venue, nowNs)) candidates.drop(row, DropReason.rateLimited)
      else if (limit !== 0) this.#limitPrice(candidates, row, limit, buys)
      if (candidates.isAlive(row)) this.#capBalance(candidates, row, buys, balances.free(venue, asset) * perUnit)
    }
  }

  #limitPrice(candidates: VenueCandidates, row: number, limit: number, buys: boolean): void {
    const step = candidates.tickStep[row]
    const ticks = step === 1 ? limit : buys ? floorToTick(limit, step) : ceilToTick(limit, step)
    candidates.limitTicks[row] = ticks
    const best = candidates.bestTicks[row]
    if (ticks === 0 || (buys ? best > ticks : best < ticks)) candidates.drop(row, DropReason.limitPrice)
  }

  /** `free`: quote we may spend there in ticks x lots (buy), lots we have there (sell). */
  #capBalance(candidates: VenueCandidates, row: number, buys: boolean, free: number): void {
    const most = candidates.venueLotsMax[row]
    if (buys) {
      candidates.lotsMax[row] = most
      candidates.spendMax[row] = free
      if (free <= 0) candidates.drop(row, DropReason.noBalance)
      return
    }
    candidates.spendMax[row] = Number.POSITIVE_INFINITY
    candidates.lotsMax[row] = free < most ? Math.floor(free) : most
    if (free < candidates.lotStep[row] || free < candidates.lotsMin[row]) candidates.drop(row, DropReason.noBalance)
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
    if (input.quoteBudget > 0 && input.side === Side.buy) this.#fitBudget(input, candidates, plan, childrenMax)
    if (input.allOrNone && plan.plannedLots < input.lots) {
      plan.count = 0
      return DenyReason.fokNotFillable
    }
    return plan.count > 0 ? DenyReason.none : whyNothing(input, candidates, lots)
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
  if (has(DropReason.alive)) return lots > 0 ? DenyReason.belowMinimum : DenyReason.quantityTooSmall
  if (has(DropReason.noBalance)) return DenyReason.insufficientBalance
  if (has(DropReason.limitPrice)) return input.priceTicks > 0 ? DenyReason.priceLimit : DenyReason.slippageLimit
  if (has(DropReason.feeLimit)) return DenyReason.feeLimit
  if (has(DropReason.rateLimited)) return DenyReason.rateLimited
  if (has(DropReason.staleBook) || has(DropReason.crossedBook) || has(DropReason.refused)) return DenyReason.staleBooks
  if (has(DropReason.emptyBook)) return DenyReason.noLiquidity
  if (has(DropReason.down)) return DenyReason.noVenueUp
  return DenyReason.noVenueLeft
}
