/**
 * The contract of a door to a venue. Every call returns at once; what the venue says comes back as a VenueReport
 * through VenueEvents, in any order, late, twice or never. One adapter object per venue; adapters share links.
 */

import type { VenueIndex } from '../../shared/units/ids.ts'
import type { ChildOrder, VenueReport } from '../orders/venue-report.ts'

export { ChildOrder, VenueReport, VenueReportKind } from '../orders/venue-report.ts'

export interface VenueEvents {
  onVenueReport(report: VenueReport): void
  /** The link to this venue came up; `reconcile` must follow before new orders go there. */
  onVenueUp(venue: VenueIndex): void
  /** The link is gone: what was sent and not answered is now unknown. */
  onVenueDown(venue: VenueIndex): void
}

export interface VenueAdapter {
  readonly venue: VenueIndex
  readonly isUp: boolean
  /** False: not sent, and certain never to be; true: on its way, outcome to come. */
  place(child: ChildOrder): boolean
  /** By identity; the answer is canceled, cancelRejected, or a fill that was faster. */
  cancel(epoch: number, parentSequence: number, childSequence: number): boolean
  /**
   * New limit and new whole quantity (what is filled included) for a resting order, under the same identity. False: this
   * venue has none, or it was certainly not sent. The answer is replaced, replaceRejected, or news of the order's end.
   */
  replace(child: ChildOrder): boolean
  /** State of one order by identity: status (after repeating its fills) or notFound. */
  query(epoch: number, parentSequence: number, childSequence: number): boolean
  /** Cancels every order of ours there. */
  cancelAll(): boolean
  /** Repeats every fill after `execution`, the status of every open order, and the balances; ends with reconciled. */
  reconcile(execution: number): boolean
}
