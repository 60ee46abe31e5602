/**
 * Where a paper market's background flow comes from: the calibrated generator or a recording. The matching engine is
 * the sink; it keeps our own orders and what they consumed on top of this flow.
 */
import type { Instrument, Listing } from '../../../shared/domain/instrument.ts'
import type { Side } from '../../../shared/domain/order.ts'
import type { Venue } from '../../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import type { BookSide } from '../../book/book-table.ts'

export interface MarketSink {
  /** The background quantity of one level is now `lots`; 0 removes it. */
  onLevel(venue: VenueIndex, instrument: InstrumentIndex, side: BookSide, price: PriceTicks, lots: QtyLots): void
  /** Somebody else traded: the aggressor's side took `lots` at `price`. Comes before the levels it changes. */
  onTrade(venue: VenueIndex, instrument: InstrumentIndex, aggressor: Side, price: PriceTicks, lots: QtyLots): void
  /** Every level of one update of one book has been told. */
  onUpdateEnd(venue: VenueIndex, instrument: InstrumentIndex): void
  /** The book starts anew (first snapshot, or the recording jumped). */
  onClear(venue: VenueIndex, instrument: InstrumentIndex): void
}

/** The order latency of a venue, one way in and one way out, in nanoseconds: log-normal body from its median and p99. */
export interface VenueLatency {
  readonly medianNs: number
  readonly p99Ns: number
}

export interface MarketSource {
  /** 'calibrated' or 'replay:...', as every screen and report names it. */
  readonly name: string
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  /** By venue index. */
  readonly latencies: readonly VenueLatency[]
  /** Deepest side this source ever tells, so that books can be laid out once. */
  readonly levelsMax: number
  /** Tells the sink everything that happens up to `nowNs` (first call: the opening books). Answers events told. */
  work(nowNs: MonoNs, sink: MarketSink): number
}
