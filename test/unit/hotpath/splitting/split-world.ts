/** Small hand-made markets for the splitting tests, and the slow, obvious splitter that they are compared with. */
import { BookSide, BookTable } from '../../../../hotpath/book/book-table.ts'
import { ExecutionPlan } from '../../../../hotpath/plan/execution-plan.ts'
import { VenueCandidates } from '../../../../hotpath/plan/venue-candidates.ts'
import { OrderSplitter } from '../../../../hotpath/splitting/order-splitter.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../shared/units/ticks.ts'

export interface VenueSpec {
  /** Price and lots, best first. */
  readonly levels: readonly (readonly [price: number, lots: number])[]
  readonly ppm?: number
  readonly latencyNs?: number
  readonly lotStep?: number
  readonly lotsMin?: number
  readonly lotsMax?: number
  readonly spendMax?: number
  readonly notionalMin?: number
  readonly childCost?: number
  readonly limitTicks?: number
}

export class SplitWorld {
  readonly side: Side
  readonly books: BookTable
  readonly candidates = new VenueCandidates()
  readonly plan = new ExecutionPlan()
  readonly splitter: OrderSplitter

  constructor(side: Side, venues: readonly VenueSpec[]) {
    this.side = side
    const levelsMax = Math.max(1, ...venues.map((venue) => venue.levels.length))
    this.books = new BookTable({ venues: Math.max(1, venues.length), instruments: 1, levelsMax })
    this.splitter = new OrderSplitter(this.books)
    this.candidates.reset()
    for (const [index, venue] of venues.entries()) this.#add(index, venue)
  }

  #add(index: number, venue: VenueSpec): void {
    const { books, candidates, side } = this
    const book = books.row(0 as InstrumentIndex, index as VenueIndex)
    for (const [price, lots] of venue.levels) {
      books.setLevel(book, side === Side.buy ? BookSide.ask : BookSide.bid, price as PriceTicks, lots as QtyLots)
    }
    const row = candidates.add(index as VenueIndex, book)
    const ppm = venue.ppm ?? 0
    candidates.takerPpm[row] = ppm
    candidates.feeFactor[row] = 1_000_000 + (side === Side.buy ? ppm : -ppm)
    candidates.latencyNs[row] = venue.latencyNs ?? 0
    candidates.lotStep[row] = venue.lotStep ?? 1
    candidates.lotsMin[row] = venue.lotsMin ?? 0
    candidates.lotsMax[row] = venue.lotsMax ?? Number.POSITIVE_INFINITY
    candidates.spendMax[row] = venue.spendMax ?? Number.POSITIVE_INFINITY
    candidates.notionalMin[row] = venue.notionalMin ?? 0
    candidates.childCost[row] = venue.childCost ?? 0
    candidates.limitTicks[row] = venue.limitTicks ?? 0
  }

  split(lots: number, childrenMax = 0, nodesMax = 100_000): ExecutionPlan {
    this.plan.reset(this.side)
    this.splitter.split(this.candidates, this.plan, this.side, lots, childrenMax, nodesMax)
    return this.plan
  }

  /** Lots by row of the last plan. */
  lotsByRow(): number[] {
    const lots = new Array<number>(this.candidates.count).fill(0)
    for (let at = 0; at < this.plan.count; at++) lots[this.plan.row[at]] = this.plan.lots[at]
    return lots
  }
}

/** One allowed quantity of one venue and its signed all-in cost, micro-ticks x lots. */
interface Choice {
  readonly lots: number
  readonly cost: number
}

/** Every allowed quantity of a venue, by walking its levels one lot at a time. */
export function allowedChoices(side: Side, venue: VenueSpec): Choice[] {
  const choices = [{ lots: 0, cost: 0 }]
  const sign = side === Side.buy ? 1 : -1
  const factor = 1_000_000 + (side === Side.buy ? 1 : -1) * (venue.ppm ?? 0)
  let lots = 0
  let notional = 0
  for (const [price, shown] of venue.levels) {
    const limit = venue.limitTicks ?? 0
    if (limit > 0 && sign * price > sign * limit) break
    for (let i = 0; i < shown; i++) {
      lots++
      notional += price
      const fits =
        lots % (venue.lotStep ?? 1) === 0 &&
        lots >= (venue.lotsMin ?? 0) &&
        notional >= (venue.notionalMin ?? 0) &&
        lots <= (venue.lotsMax ?? lots) &&
        (side === Side.sell || notional * factor <= (venue.spendMax ?? Number.POSITIVE_INFINITY) * 1_000_000)
      if (fits) choices.push({ lots, cost: sign * notional * factor + (venue.childCost ?? 0) * 1_000_000 })
    }
  }
  return choices
}

/** The most lots any plan has, and the least signed cost of such a plan: by looking at every combination. */
export function bestByEnumeration(
  side: Side,
  venues: readonly VenueSpec[],
  lots: number,
  childrenMax: number,
): { lots: number; cost: number } {
  const choices = venues.map((venue) => allowedChoices(side, venue))
  let best = { lots: 0, cost: 0 }
  const visit = (venue: number, taken: number, cost: number, children: number): void => {
    if (venue === venues.length) {
      if (taken > best.lots || (taken === best.lots && cost < best.cost)) best = { lots: taken, cost }
      return
    }
    for (const choice of choices[venue]) {
      const used = children + (choice.lots > 0 ? 1 : 0)
      if (taken + choice.lots > lots || (childrenMax > 0 && used > childrenMax)) continue
      visit(venue + 1, taken + choice.lots, cost + choice.cost, used)
    }
  }
  visit(0, 0, 0, 0)
  return best
}
