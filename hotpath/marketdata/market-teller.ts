/** Tells a paper market what a feed says: the best levels of its books as they change, and its trades, on the market's grid. */
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { BookSide } from '../book/book-table.ts'
import type { TradeMessage } from '../venues/feed/feed-message.ts'
import type { NativeListing } from '../venues/native/venue-units.ts'
import type { MarketSink } from '../venues/paper/market-source.ts'
import { BookGrid } from './book-grid.ts'
import type { KeptBook } from './book-keeper.ts'
import type { FeedEvents } from './feed-duty.ts'
import { ShownBook } from './shown-book.ts'

/** Levels a side that a paper venue is told. */
export const TOLD_LEVELS = 64

interface Told {
  readonly grid: BookGrid
  readonly shown: ShownBook
}

export class MarketTeller implements FeedEvents {
  readonly #told = new Map<number, Told>()
  readonly #instruments: number
  /** Where it is told; set before anything comes. */
  sink: MarketSink | undefined
  told = 0

  constructor(listings: readonly NativeListing[], instruments: number) {
    this.#instruments = instruments
    for (const { listing, instrument, symbol } of listings) {
      const grid = new BookGrid(instrument, symbol.contractSize)
      this.#told.set(this.#row(listing.venue, listing.instrument), { grid, shown: new ShownBook(grid, TOLD_LEVELS) })
    }
  }

  onBook(venue: VenueIndex, instrument: InstrumentIndex, book: KeptBook): void {
    const { sink } = this
    const told = this.#told.get(this.#row(venue, instrument))
    if (sink === undefined || told === undefined) return
    const changes = told.shown.tell(book.depth, (side, price, lots) => {
      sink.onLevel(venue, instrument, side, price, lots)
    })
    if (changes > 0) sink.onUpdateEnd(venue, instrument)
    this.told += changes
  }

  onBookLost(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#told.get(this.#row(venue, instrument))?.shown.forget()
    this.sink?.onClear(venue, instrument)
    this.sink?.onUpdateEnd(venue, instrument)
    this.told++
  }

  onTrade(venue: VenueIndex, instrument: InstrumentIndex, trade: TradeMessage): void {
    // What was traded before we came is nobody's news: it would fill what rests now.
    if (trade.isHistory) return
    const told = this.#told.get(this.#row(venue, instrument))
    if (this.sink === undefined || told === undefined) return
    const side = trade.aggressor === 1 ? BookSide.ask : BookSide.bid
    const price = told.grid.ticks(trade.price, trade.priceFraction, side)
    const lots = told.grid.lots(trade.size, trade.sizeFraction)
    if (price === 0 || lots === 0) return
    this.sink.onTrade(venue, instrument, trade.aggressor, price, lots)
    this.told++
  }

  #row(venue: VenueIndex, instrument: InstrumentIndex): number {
    return venue * this.#instruments + instrument
  }
}
