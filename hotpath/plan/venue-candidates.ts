/**
 * The one table an order is routed on: a row per venue, a column per opinion. Each step fills its own column or drops
 * a row, and a dropped row keeps the reason; printed, it explains the decision.
 */
import { VENUES_MAX } from '../../shared/limits.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import type { BookRow } from '../book/book-table.ts'

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

export class VenueCandidates {
  /** Rows in use, venues in ascending order: row order is the last tie-break. */
  count = 0
  readonly venue = new Int32Array(VENUES_MAX)
  readonly dropped = new Uint8Array(VENUES_MAX)
  readonly bookRow = new Int32Array(VENUES_MAX)
  /** Fee-adjusted price = raw price x this: 1e6 + ppm (buy), 1e6 - ppm (sell), 1e12 / (1e6 - ppm) (buy, fee in base). */
  readonly feeFactor = new Float64Array(VENUES_MAX)
  readonly takerPpm = new Int32Array(VENUES_MAX)
  readonly tickStep = new Float64Array(VENUES_MAX)
  readonly lotStep = new Float64Array(VENUES_MAX)
  readonly lotsMin = new Float64Array(VENUES_MAX)
  /** The venue's own maximum; infinite where it has none. */
  readonly venueLotsMax = new Float64Array(VENUES_MAX)
  /** The least of the venue's maximum and what our balance there covers; infinite where nothing binds. */
  readonly lotsMax = new Float64Array(VENUES_MAX)
  /** Quote we may spend there on a buy, fee included, in ticks x lots; infinite where nothing binds. */
  readonly spendMax = new Float64Array(VENUES_MAX)
  /** In ticks x lots. */
  readonly notionalMin = new Float64Array(VENUES_MAX)
  /** Fixed cost of one child there, in ticks x lots. */
  readonly childCost = new Float64Array(VENUES_MAX)
  /** Worst raw price this order may trade at there, on the venue's grid. */
  readonly limitTicks = new Float64Array(VENUES_MAX)
  /** Best raw price on the side we take from and the lots shown at it; for the explanation. */
  readonly bestTicks = new Float64Array(VENUES_MAX)
  readonly bestLots = new Float64Array(VENUES_MAX)
  readonly latencyNs = new Float64Array(VENUES_MAX)
  readonly ageNs = new Float64Array(VENUES_MAX)

  /** Which instrument and side the columns that do not move between decisions are filled for; -1: none. */
  preparedFor = -1

  reset(): void {
    this.count = 0
    this.preparedFor = -1
  }

  /** Adds an alive row with nothing binding; answers its number. */
  add(venue: VenueIndex, bookRow: BookRow): number {
    const row = this.count++
    this.venue[row] = venue
    this.dropped[row] = DropReason.alive
    this.bookRow[row] = bookRow
    this.feeFactor[row] = 1_000_000
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

  isAlive(row: number): boolean {
    return this.dropped[row] === DropReason.alive
  }

  drop(row: number, why: DropReason): void {
    if (this.dropped[row] === DropReason.alive) this.dropped[row] = why
  }
}
