/** Puts what the feeds keep into the table that decisions read: best levels on the market's grid, and each book's state. */
import type { Clock } from '../../shared/clock.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { BookSide, BookState, type BookTable } from '../book/book-table.ts'
import type { TradeMessage } from '../venues/feed/feed-message.ts'
import type { NativeListing } from '../venues/native/venue-units.ts'
import { PaperPrint } from '../venues/paper/paper-news-frame.ts'
import { BookGrid } from './book-grid.ts'
import type { KeptBook } from './book-keeper.ts'
import type { FeedEvents } from './feed-duty.ts'
import type { PrintEvents } from './paper-feed.ts'

export class BookPublisher implements FeedEvents {
  readonly #books: BookTable
  readonly #clock: Clock
  readonly #prints: PrintEvents | undefined
  readonly #beforeBooksChange: () => void
  /** By book row. */
  readonly #grids: (BookGrid | undefined)[] = []
  readonly #print = new PaperPrint()
  /** Numbers the updates of each book as the table wants them. */
  readonly #sequences: Float64Array

  constructor(
    listings: readonly NativeListing[],
    parts: { books: BookTable; clock: Clock; prints: PrintEvents | undefined; beforeBooksChange: () => void },
  ) {
    this.#books = parts.books
    this.#clock = parts.clock
    this.#prints = parts.prints
    this.#beforeBooksChange = parts.beforeBooksChange
    this.#sequences = new Float64Array(parts.books.venues * parts.books.instruments)
    for (const { instrument, listing, symbol } of listings) {
      this.#grids[parts.books.row(instrument.index, listing.venue)] = new BookGrid(instrument, symbol.contractSize)
    }
  }

  onBook(venue: VenueIndex, instrument: InstrumentIndex, book: KeptBook): void {
    const books = this.#books
    const row = books.row(instrument, venue)
    const grid = this.#grids[row]
    if (grid === undefined) return
    this.#beforeBooksChange()
    for (let side = 0 as BookSide; side <= BookSide.ask; side = (side + 1) as BookSide) {
      const { prices, sizes, count } = book.depth.side(side)
      const { priceDigits, sizeDigits } = book.depth
      books.clearSide(row, side)
      // From the worst of the best levels up, so that each is laid down at the end of its side.
      for (let at = Math.max(0, count - books.levelsMax); at < count; at++) {
        const price = grid.ticks(prices[at], priceDigits, side)
        const lots = grid.lots(sizes[at], sizeDigits)
        if (price > 0 && price <= PRICE_TICKS_MAX && lots > 0) books.setLevel(row, side, price, lots)
      }
    }
    books.finishUpdate(row, ++this.#sequences[row], this.#clock.monoNs())
  }

  onBookLost(venue: VenueIndex, instrument: InstrumentIndex): void {
    const row = this.#books.row(instrument, venue)
    this.#beforeBooksChange()
    this.#books.setState(row, BookState.recovering)
  }

  onTrade(venue: VenueIndex, instrument: InstrumentIndex, trade: TradeMessage): void {
    // What was traded before we came is nobody's news.
    if (trade.isHistory) return
    const grid = this.#grids[this.#books.row(instrument, venue)]
    if (grid === undefined || this.#prints === undefined) return
    const print = this.#print
    const side = trade.aggressor === 1 ? BookSide.ask : BookSide.bid
    const price = grid.ticks(trade.price, trade.priceFraction, side)
    const lots = grid.lots(trade.size, trade.sizeFraction)
    if (price === 0 || lots === 0 || lots > QTY_LOTS_MAX) return
    print.venue = venue
    print.instrument = instrument
    print.aggressor = trade.aggressor
    print.price = price
    print.lots = lots
    print.timeUs = trade.timeUs
    this.#prints.onPrint(print)
  }
}
