/** The side of real venues (and their emulators): our own feeds, a native door or ccxt for each venue that has keys. */

import type { Clock } from '../../shared/clock.ts'
import type { VenueHealth } from '../../shared/domain/venue-health.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import { BookPublisher } from '../marketdata/book-publisher.ts'
import { FeedDuty, type FeedDutyParts, type FollowedVenue } from '../marketdata/feed-duty.ts'
import type { NativeAdapter } from '../venues/native/native-adapter.ts'
import type { NativeListing } from '../venues/native/venue-units.ts'
import type { VenueAdapter } from '../venues/venue-adapter.ts'
import type { HostedVenues } from './hosted-venues.ts'
import type { SideHooks, VenueSide } from './venue-side.ts'

export interface RealSideParts {
  /** By venue index. */
  readonly adapters: readonly VenueAdapter[]
  readonly natives: readonly NativeAdapter[]
  readonly hosted: HostedVenues | undefined
  readonly followed: readonly FollowedVenue[]
  readonly listings: readonly NativeListing[]
  readonly clock: Clock
  readonly feed: Omit<FeedDutyParts, 'events'>
}

export class RealSide implements VenueSide {
  readonly adapters: readonly VenueAdapter[]
  readonly #parts: RealSideParts
  #feeds: FeedDuty | undefined

  constructor(parts: RealSideParts) {
    this.#parts = parts
    this.adapters = parts.adapters
  }

  isTraded(venue: VenueIndex): boolean {
    return !(this.adapters[venue] instanceof FeedOnlyAdapter)
  }

  attach(hooks: SideHooks): void {
    const { natives, hosted, followed, listings, clock, feed } = this.#parts
    const { books, prints, beforeBooksChange } = hooks
    const events = new BookPublisher(listings, { books, clock, prints, beforeBooksChange })
    this.#feeds = new FeedDuty(followed, { ...feed, events })
    for (const native of natives) native.attach(hooks.events)
    hosted?.attach(hooks)
  }

  work(nowNs: MonoNs): number {
    const { natives, hosted } = this.#parts
    let done = this.#feeds?.work(nowNs) ?? 0
    for (const native of natives) done += native.work(nowNs)
    return done + (hosted?.work(nowNs) ?? 0)
  }

  flush(): number {
    return this.#parts.hosted?.flush() ?? 0
  }

  renewBook(venue: VenueIndex, instrument: InstrumentIndex): void {
    if (this.#parts.hosted?.renewBook(venue, instrument) === true) return
    // A feed tells everything that changes: what we missed there was taken by others, and will be told.
  }

  health(nowNs: MonoNs): readonly VenueHealth[] {
    return this.#feeds?.health(nowNs) ?? []
  }

  close(): void {
    this.#feeds?.close()
    for (const native of this.#parts.natives) native.close()
    this.#parts.hosted?.close()
  }
}

/** A venue whose books are followed and which cannot be traded: no keys, or no door. */
export class FeedOnlyAdapter implements VenueAdapter {
  readonly venue: VenueIndex
  readonly isUp = false

  constructor(venue: VenueIndex) {
    this.venue = venue
  }

  place(): boolean {
    return false
  }
  cancel(): boolean {
    return false
  }
  replace(): boolean {
    return false
  }
  query(): boolean {
    return false
  }
  cancelAll(): boolean {
    return false
  }
  reconcile(): boolean {
    return false
  }
}
