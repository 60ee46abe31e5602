/** One market source for any number of emulated venues: each is told what happens at the venue whose books it borrows. */
import { assert } from '../../../shared/assert.ts'
import type { Side } from '../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import type { BookSide } from '../../book/book-table.ts'
import type { MarketSink, MarketSource } from '../paper/market-source.ts'

/** A venue of the market: time first, then what happened. */
export interface MarketFollower extends MarketSink {
  advance(nowNs: MonoNs): void
  /** Everything up to now has been told. */
  settle(): void
}

export class EmulatedMarket implements MarketSink {
  readonly source: MarketSource
  /** By venue of the source. */
  readonly #followers: MarketFollower[][]
  readonly #times = new Float64Array([-1])

  constructor(source: MarketSource) {
    this.source = source
    this.#followers = source.venues.map(() => [])
  }

  /** Before the first turn: opening books are told once. */
  follow(venue: VenueIndex, follower: MarketFollower): void {
    assert(this.#times[0] < 0, 'every venue follows a market before it opens')
    this.#followers[venue].push(follower)
  }

  /** Any follower may push the time; the same time twice tells nothing new. Answers events told. */
  work(nowNs: MonoNs): number {
    if (nowNs <= this.#times[0]) return 0
    this.#times[0] = nowNs
    for (const followers of this.#followers) for (const follower of followers) follower.advance(nowNs)
    const told = this.source.work(nowNs, this)
    for (const followers of this.#followers) for (const follower of followers) follower.settle()
    return told
  }

  onLevel(venue: VenueIndex, instrument: InstrumentIndex, side: BookSide, price: PriceTicks, lots: QtyLots): void {
    for (const follower of this.#followers[venue]) follower.onLevel(venue, instrument, side, price, lots)
  }

  onTrade(venue: VenueIndex, instrument: InstrumentIndex, aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    for (const follower of this.#followers[venue]) follower.onTrade(venue, instrument, aggressor, price, lots)
  }

  onUpdateEnd(venue: VenueIndex, instrument: InstrumentIndex): void {
    for (const follower of this.#followers[venue]) follower.onUpdateEnd(venue, instrument)
  }

  onClear(venue: VenueIndex, instrument: InstrumentIndex): void {
    for (const follower of this.#followers[venue]) follower.onClear(venue, instrument)
  }
}
