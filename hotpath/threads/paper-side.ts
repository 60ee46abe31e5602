/** The paper venues' side: one link for orders and books of all of them. */
import type { Venue } from '../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import type { FeedHealth } from '../marketdata/feed-health.ts'
import { PaperFeed } from '../marketdata/paper-feed.ts'
import { PaperAdapter } from '../venues/paper/paper-adapter.ts'
import type { PaperLink } from '../venues/paper/paper-link.ts'
import type { VenueAdapter } from '../venues/venue-adapter.ts'
import type { SideHooks, VenueSide } from './venue-side.ts'

export class PaperSide implements VenueSide {
  readonly adapters: readonly VenueAdapter[]
  readonly #link: PaperLink
  readonly #levels: number

  /** `levels`: how deep the exchange tells its books. */
  constructor(link: PaperLink, venues: readonly Venue[], levels: number) {
    this.#link = link
    this.#levels = levels
    this.adapters = venues.map(({ index }) => new PaperAdapter(index, link))
  }

  attach({ events, books, prints, beforeBooksChange }: SideHooks): void {
    const feed = new PaperFeed(books, this.#levels, this.#link, prints)
    this.#link.attach(events, {
      onBook: (view, at, nowNs) => {
        beforeBooksChange()
        return feed.onBook(view, at, nowNs)
      },
      onPrint: (view, at) => feed.onPrint(view, at),
      onDown: () => feed.onDown(),
    })
  }

  work(nowNs: MonoNs): number {
    return this.#link.work(nowNs)
  }

  flush(): number {
    return this.#link.flush()
  }

  renewBook(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#link.subscribe(venue, instrument)
  }

  health(): readonly FeedHealth[] {
    return []
  }

  close(): void {
    this.#link.close()
  }
}
