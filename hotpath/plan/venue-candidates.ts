/**
 * The one table an order is routed on: a row per venue, a column per opinion. Each step fills its own column or drops
 * a row, and a dropped row keeps the reason; printed, it explains the decision.
 */
import { type Side, Side as Sides } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { PPM as ppm } from '../../shared/units/ticks.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import { type BookRow, type BookTable, takenSide } from '../book/book-table.ts'
import { type ListingTable, Term, TERMS as termsOfRow } from './listing-table.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const Of = Term
const BUY = Sides.buy
const PPM = ppm
const TERMS = termsOfRow

/** Stable numbers: in the journal and in `explain`; append only. */
export const DropReason = {
  alive: 0,
  notListed: 1,
  excluded: 2,
  down: 3,
  emptyBook: 4,
  staleBook: 5,
  crossedBook: 6,
  feeLimit: 7,
  limitPrice: 8,
  noBalance: 9,
  belowMinimum: 10,
  rateLimited: 11,
  tooSlow: 12,
  refused: 13,
} as const
export type DropReason = (typeof DropReason)[keyof typeof DropReason]
export const dropReasonNames = Object.keys(DropReason) as readonly (keyof typeof DropReason)[]

/** Where a column of doubles starts in `wide`: loops over many columns read one array and keep its place in a register. */
export const Column = {
  feeFactor: 0,
  limitTicks: VENUES_MAX,
  lotsMax: VENUES_MAX * 2,
  spendMax: VENUES_MAX * 3,
  latencyNs: VENUES_MAX * 4,
  tickStep: VENUES_MAX * 5,
  lotStep: VENUES_MAX * 6,
  lotsMin: VENUES_MAX * 7,
  venueLotsMax: VENUES_MAX * 8,
  notionalMin: VENUES_MAX * 9,
  childCost: VENUES_MAX * 10,
  takerPpm: VENUES_MAX * 11,
  bestTicks: VENUES_MAX * 12,
  bestLots: VENUES_MAX * 13,
  ageNs: VENUES_MAX * 14,
  key: VENUES_MAX * 15,
  timePpm: VENUES_MAX * 16,
} as const
const COLUMNS = 17
const Col = Column

/** What the columns are filled for, as one number. */
export function listingKey(instrument: InstrumentIndex, side: Side): number {
  return instrument * 2 + (side === BUY ? 0 : 1)
}

export class VenueCandidates {
  /** Rows in use, venues in ascending order: row order is the last tie-break. */
  count = 0
  readonly venue = new Int32Array(VENUES_MAX)
  readonly dropped = new Uint8Array(VENUES_MAX)
  readonly bookRow = new Int32Array(VENUES_MAX)
  /** Every column of doubles: see Col. */
  readonly wide = new Float64Array(COLUMNS * VENUES_MAX)
  /**
   * Price that is compared = raw price x this: 1e6 + ppm (buy), 1e6 - ppm (sell), 1e12 / (1e6 - ppm) (buy, fee in base),
   * worsened by `timePpm`. What is charged leaves that out: see `chargeFactor`.
   */
  readonly feeFactor = this.#column(Col.feeFactor)
  /** What time costs there, millionths of notional: whole, so that keys stay exact. */
  readonly timePpm = this.#column(Col.timePpm)
  readonly takerPpm = this.#column(Col.takerPpm)
  readonly tickStep = this.#column(Col.tickStep)
  readonly lotStep = this.#column(Col.lotStep)
  readonly lotsMin = this.#column(Col.lotsMin)
  /** The venue's own maximum; infinite where it has none. */
  readonly venueLotsMax = this.#column(Col.venueLotsMax)
  /** The least of the venue's maximum and what our balance there covers; infinite where nothing binds. */
  readonly lotsMax = this.#column(Col.lotsMax)
  /** Quote we may spend there on a buy, fee included, in ticks x lots; infinite where nothing binds. */
  readonly spendMax = this.#column(Col.spendMax)
  /** In ticks x lots. */
  readonly notionalMin = this.#column(Col.notionalMin)
  /** Fixed cost of one child there, in ticks x lots. */
  readonly childCost = this.#column(Col.childCost)
  /** Worst raw price this order may trade at there, on the venue's grid. */
  readonly limitTicks = this.#column(Col.limitTicks)
  /** Best raw price on the side we take from, the lots shown at it, its age; for the explanation: filled by `show`. */
  readonly bestTicks = this.#column(Col.bestTicks)
  readonly bestLots = this.#column(Col.bestLots)
  readonly ageNs = this.#column(Col.ageNs)
  readonly latencyNs = this.#column(Col.latencyNs)

  /** Which instrument and side the columns that do not move between decisions are filled for; -1: none. */
  preparedFor = -1
  /** Which version of the prices of time is in `feeFactor`; -1: none is. */
  timeVersion = -1
  /** Which version of the round trips `latencyNs` holds. */
  latencyVersion = -1
  /**
   * Col.key holds what the sweep orders by: signed fee-adjusted best price, infinite for a dropped row. Where it does
   * not, the sweep reads the books.
   */
  isKeyed = false
  /** A venue's tick step is not 1. */
  hasTickSteps = false

  reset(): void {
    this.count = 0
    this.preparedFor = -1
    this.latencyVersion = -1
    this.timeVersion = -1
    this.isKeyed = false
    this.hasTickSteps = false
  }

  /** Adds an alive row with nothing binding; answers its number. */
  add(venue: VenueIndex, bookRow: BookRow): number {
    const row = this.count++
    this.venue[row] = venue
    this.dropped[row] = DropReason.alive
    this.bookRow[row] = bookRow
    this.feeFactor[row] = 1_000_000
    this.timePpm[row] = 0
    this.takerPpm[row] = 0
    this.tickStep[row] = 1
    this.lotStep[row] = 1
    this.lotsMin[row] = 0
    this.venueLotsMax[row] = Number.POSITIVE_INFINITY
    this.lotsMax[row] = Number.POSITIVE_INFINITY
    this.spendMax[row] = Number.POSITIVE_INFINITY
    this.notionalMin[row] = 0
    this.childCost[row] = 0
    this.limitTicks[row] = 0
    this.bestTicks[row] = 0
    this.bestLots[row] = 0
    this.latencyNs[row] = 0
    this.ageNs[row] = 0
    return row
  }

  /** A row per venue that lists the instrument, with its terms: what does not move between two decisions. */
  listAll(listings: ListingTable, instrument: InstrumentIndex, side: Side): void {
    this.reset()
    for (let venue = 0; venue < listings.venues.length; venue++) {
      const listing = listings.row(instrument, venue as VenueIndex)
      if (listings.isListed[listing] === 1) this.#list(listings, listing, venue, side)
    }
    this.preparedFor = listingKey(instrument, side)
  }

  #list(listings: ListingTable, listing: number, venue: number, side: Side): void {
    const { terms } = listings
    const { wide } = this
    const at = listing * TERMS
    const row = this.count++
    const sellFactor = terms[at + Of.sellFactor]
    const tickStep = terms[at + Of.tickStep]
    const lotsMax = terms[at + Of.lotsMax]
    this.venue[row] = venue
    this.bookRow[row] = listing
    wide[Col.feeFactor + row] = side === BUY ? terms[at + Of.buyFactor] : sellFactor
    wide[Col.takerPpm + row] = PPM - sellFactor
    wide[Col.timePpm + row] = 0
    wide[Col.tickStep + row] = tickStep
    wide[Col.lotStep + row] = terms[at + Of.lotStep]
    wide[Col.lotsMin + row] = terms[at + Of.lotsMin]
    wide[Col.venueLotsMax + row] = lotsMax
    wide[Col.lotsMax + row] = lotsMax
    wide[Col.spendMax + row] = Number.POSITIVE_INFINITY
    wide[Col.notionalMin + row] = terms[at + Of.notionalMin]
    wide[Col.childCost + row] = terms[at + Of.childCost]
    if (tickStep !== 1) this.hasTickSteps = true
  }

  /** What each book shows now, for whoever explains: the decision itself reads the books. */
  show(books: BookTable, side: Side, nowNs: MonoNs): void {
    for (let row = 0; row < this.count; row++) {
      const book = this.bookRow[row] as BookRow
      this.bestTicks[row] = books.bestPrice(book, takenSide(side))
      this.bestLots[row] = books.bestLots(book, takenSide(side))
      this.ageNs[row] = nowNs - books.updatedNs(book)
    }
  }

  /** Gives the rows another price of time; of a row that is to be charged nothing for it, 0. */
  priceTime(row: number, ppm: number, side: Side): void {
    const sign = side === BUY ? 1 : -1
    this.feeFactor[row] += sign * (ppm - this.timePpm[row])
    this.timePpm[row] = ppm
  }

  /** Charged price = raw price x this: with fees, without what time costs. */
  chargeFactor(row: number, side: Side): number {
    return side === BUY ? this.feeFactor[row] - this.timePpm[row] : this.feeFactor[row] + this.timePpm[row]
  }

  isAlive(row: number): boolean {
    return this.dropped[row] === DropReason.alive
  }

  drop(row: number, why: DropReason): void {
    if (this.dropped[row] === DropReason.alive) this.dropped[row] = why
  }

  #column(from: number): Float64Array {
    return this.wide.subarray(from, from + VENUES_MAX)
  }
}
