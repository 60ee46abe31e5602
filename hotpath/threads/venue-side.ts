/**
 * What stands between the core and the venues of a market, whichever they are: paper venues behind one link, or real ones
 * each behind its own doors and feeds. HotPath drives it and knows nothing more of it.
 */
import type { VenueHealth } from '../../shared/domain/venue-health.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import type { BookTable } from '../book/book-table.ts'
import type { PrintEvents } from '../marketdata/paper-feed.ts'
import type { VenueAdapter, VenueEvents } from '../venues/venue-adapter.ts'

export interface SideHooks {
  readonly events: VenueEvents
  readonly books: BookTable
  readonly prints: PrintEvents | undefined
  /** Instrument of one of our orders, or -1 when we know none of this number. */
  instrumentOf(parentSequence: number): InstrumentIndex | -1
  /** Must be called before any book is changed. */
  beforeBooksChange(): void
}

export interface VenueSide {
  /** By venue index. */
  readonly adapters: readonly VenueAdapter[]
  /** Will orders ever go there? A venue that is only followed is not waited for. */
  isTraded(venue: VenueIndex): boolean
  /** Once the core is built: from now on news and books are delivered. */
  attach(hooks: SideHooks): void
  /** One turn. Answers how much was done. */
  work(nowNs: MonoNs): number
  /** Sends what was written since the last turn. */
  flush(): number
  /** Has one book told anew. */
  renewBook(venue: VenueIndex, instrument: InstrumentIndex): void
  /** Of every venue that has a feed of its own. */
  health(nowNs: MonoNs): readonly VenueHealth[]
  close(): void
}
