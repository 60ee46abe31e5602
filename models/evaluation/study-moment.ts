/** One instant of a market as the study sees it: the books of several venues at once, and what they may charge. */

import type { BookRow, BookTable } from '../../hotpath/book/book-table.ts'
import { feeFactor } from '../../hotpath/fees/fee-model.ts'
import { VenueCandidates } from '../../hotpath/plan/venue-candidates.ts'
import type { FeeSide } from '../../shared/domain/instrument.ts'
import type { Side } from '../../shared/domain/order.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'

export interface MomentVenue {
  readonly name: string
  readonly bookRow: BookRow
  /** Taker fee in millionths of notional by fee scenario; negative for a rebate. */
  readonly takerPpm: readonly number[]
  readonly feeSide: FeeSide
}

export interface StudyMoment {
  /** Instrument and instant, for messages. */
  readonly label: string
  /** Moments of one block hang together: the bootstrap draws whole blocks. */
  readonly block: number
  readonly venues: readonly MomentVenue[]
  /** What is displayed: splits by depth look at this. */
  readonly displayed: BookTable
  /** What an order can be filled from: the same books, or with an assumed level behind what is displayed. */
  readonly fillable: BookTable
  /** Consolidated mid, ticks. */
  readonly mid: number
  /** Mean displayed quantity of a venue's best level, the unit of order sizes. */
  readonly topLots: number
}

export interface StudyData {
  readonly name: string
  /** Names of the fee scenarios; MomentVenue.takerPpm has one rate for each. */
  readonly scenarios: readonly string[]
  /** Order sizes, in multiples of a moment's topLots. */
  readonly multiples: readonly number[]
  readonly moments: readonly StudyMoment[]
  /** Orders to draw for each moment, side and size. */
  readonly repeats: number
  /** What was assumed, left out or could not be read; one line each. */
  readonly notes: readonly string[]
}

/** The candidate table of an order at this moment: every venue alive, nothing binding but depth. */
export function openCandidates(moment: StudyMoment, side: Side, scenario: number): VenueCandidates {
  const candidates = new VenueCandidates()
  for (const [index, venue] of moment.venues.entries()) {
    const row = candidates.add(index as VenueIndex, venue.bookRow)
    candidates.takerPpm[row] = Math.round(venue.takerPpm[scenario])
    candidates.feeFactor[row] = feeFactor(side, venue.takerPpm[scenario], venue.feeSide)
  }
  return candidates
}
