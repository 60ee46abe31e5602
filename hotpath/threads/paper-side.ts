/** The paper venues' side: one link for orders and books of all of them. */

import type { Instrument } from '../../shared/domain/instrument.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { VenueHealth } from '../../shared/domain/venue-health.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import { BookState, type BookTable } from '../book/book-table.ts'
import { PaperFeed } from '../marketdata/paper-feed.ts'
import { PaperAdapter } from '../venues/paper/paper-adapter.ts'
import type { PaperLink } from '../venues/paper/paper-link.ts'
import type { VenueAdapter } from '../venues/venue-adapter.ts'
import type { SideHooks, VenueSide } from './venue-side.ts'

interface PaperTerms {
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
}

export class PaperSide implements VenueSide {
  readonly adapters: readonly VenueAdapter[]
  readonly #link: PaperLink
  readonly #market: PaperTerms
  readonly #levels: number
  /** As last told. */
  #health: readonly VenueHealth[] = []

  /** `levels`: how deep the exchange tells its books. */
  constructor(link: PaperLink, market: PaperTerms, levels: number) {
    this.#link = link
    this.#market = market
    this.#levels = levels
    this.adapters = market.venues.map(({ index }) => new PaperAdapter(index, link))
  }

  isTraded(): boolean {
    return true
  }

  attach({ events, books, prints, beforeBooksChange }: SideHooks): void {
    const feed = new PaperFeed(books, this.#levels, this.#link, prints)
    this.#link.attach(events, {
      onBook: (view, at) => {
        beforeBooksChange()
        return feed.onBook(view, at)
      },
      onPrint: (view, at) => feed.onPrint(view, at),
      onHealth: (health) => {
        this.#health = health
        beforeBooksChange()
        for (const { venue, lost } of health) for (const { symbol } of lost) this.#markLost(books, venue, symbol)
      },
      onDown: () => {
        this.#health = []
        feed.onDown()
      },
    })
  }

  /** An empty book whose feed is being told anew says so instead of looking empty. */
  #markLost(books: BookTable, venueId: string, symbol: string): void {
    const venue = this.#market.venues.find(({ id }) => id === venueId)
    const instrument = this.#market.instruments.find((one) => one.symbol === symbol)
    if (venue === undefined || instrument === undefined) return
    const row = books.row(instrument.index, venue.index)
    if (books.state(row) === BookState.empty) books.setState(row, BookState.recovering)
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

  health(): readonly VenueHealth[] {
    return this.#health
  }

  close(): void {
    this.#link.close()
  }
}
