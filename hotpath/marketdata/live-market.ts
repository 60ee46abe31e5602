/** The exchanges' public feeds as a market for the paper venues: real books and real trades under simulated fills. */

import type { Instrument, Listing } from '../../shared/domain/instrument.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { VenueHealth } from '../../shared/domain/venue-health.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import type { OpenedMarket } from '../venues/paper/market/opened-market.ts'
import { venueLatency } from '../venues/paper/market/venue-terms.ts'
import type { MarketSink, VenueLatency } from '../venues/paper/market-source.ts'
import { FeedDuty } from './feed-duty.ts'
import { findLiveTerms, type LiveTerms, type LiveWish } from './live-terms.ts'
import { MarketTeller, TOLD_LEVELS } from './market-teller.ts'

export class LiveMarket implements OpenedMarket {
  readonly name = 'live'
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  readonly latencies: readonly VenueLatency[]
  readonly levelsMax = TOLD_LEVELS
  readonly notes: readonly string[]
  readonly endNs = Number.POSITIVE_INFINITY
  readonly #teller: MarketTeller
  readonly #feeds: FeedDuty

  constructor(terms: LiveTerms, wish: LiveWish) {
    const { venues, instruments, listings, notes } = terms
    this.venues = venues
    this.instruments = instruments
    this.listings = listings
    this.notes = notes
    this.latencies = venues.map(({ id }) => venueLatency(id))
    this.#teller = new MarketTeller(terms.natives, instruments.length)
    this.#feeds = new FeedDuty(terms.followed, {
      doors: wish.doors,
      events: this.#teller,
      say: wish.say,
      ...(wish.readdress !== undefined && { readdress: wish.readdress }),
    })
  }

  /** What came since the last turn has been told as it came: the first turn only says where. */
  work(nowNs: MonoNs, sink: MarketSink): number {
    this.#teller.sink = sink
    const before = this.#teller.told
    this.#feeds.work(nowNs)
    return this.#teller.told - before
  }

  health(nowNs: MonoNs): readonly VenueHealth[] {
    return this.#feeds.health(nowNs)
  }

  close(): void {
    this.#feeds.close()
  }
}

/** Waits for the venues' lists; see findLiveTerms. */
export async function openLiveMarket(wish: LiveWish): Promise<LiveMarket> {
  return new LiveMarket(await findLiveTerms(wish), wish)
}
