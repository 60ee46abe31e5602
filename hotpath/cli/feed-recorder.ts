/**
 * Turns the gateway's book and trade messages into the level changes a recording is made of. The gateway shows the best
 * quotes of all venues as one book; here they go back to their venues, and what changed since the last message is told.
 * A level that leaves the visible part is told as gone: a recording holds what was seen, not what was behind it.
 */
import type { Instrument } from '../../shared/domain/instrument.ts'
import { Side } from '../../shared/domain/order.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { type PriceTicks, parseDecimal, type QtyLots } from '../../shared/units/ticks.ts'
import { BookSide } from '../book/book-table.ts'
import type { BookUpdate, TradePrint } from '../client/order-types.ts'
import type { MarketSink } from '../venues/paper/market-source.ts'

/** Quantity by price, of one side of one book. */
type Levels = Map<number, number>

interface SeenBook {
  readonly sides: readonly [Levels, Levels]
}

export class FeedRecorder {
  readonly #sink: MarketSink
  readonly #venues: ReadonlyMap<string, VenueIndex>
  readonly #instruments: ReadonlyMap<string, Instrument>
  readonly #seen = new Map<string, SeenBook>()
  /** Messages that named a venue, a symbol or an amount we do not know: told at the end, never guessed. */
  unknown = 0
  levels = 0
  trades = 0

  constructor(sink: MarketSink, venues: readonly Venue[], instruments: readonly Instrument[]) {
    this.#sink = sink
    this.#venues = new Map(venues.map((venue) => [venue.id, venue.index]))
    this.#instruments = new Map(instruments.map((instrument) => [instrument.symbol, instrument]))
  }

  onBook(book: BookUpdate): void {
    const instrument = this.#instruments.get(book.symbol)
    const shown = instrument === undefined ? undefined : this.#split(book, instrument)
    if (instrument === undefined || shown === undefined) {
      this.unknown++
      return
    }
    for (const venue of this.#venues.values()) {
      const key = `${instrument.index} ${venue}`
      const before = this.#seen.get(key)
      const now = shown.get(venue)
      if (before === undefined && now === undefined) continue
      this.#tellBook(venue, instrument.index, before, now ?? emptyBook())
      this.#seen.set(key, now ?? emptyBook())
    }
  }

  onTrade(trade: TradePrint): void {
    const instrument = this.#instruments.get(trade.symbol)
    const venue = this.#venues.get(trade.venue)
    const price = instrument === undefined ? -1 : parseDecimal(trade.price, instrument.priceDigits)
    const lots = instrument === undefined ? -1 : parseDecimal(trade.quantity, instrument.qtyDigits)
    if (instrument === undefined || venue === undefined || price <= 0 || lots <= 0) {
      this.unknown++
      return
    }
    const aggressor = trade.side === 'buy' ? Side.buy : Side.sell
    this.#sink.onTrade(venue, instrument.index, aggressor, price as PriceTicks, lots as QtyLots)
    this.trades++
  }

  /** The message by venue; undefined when anything in it is not ours. */
  #split(book: BookUpdate, instrument: Instrument): Map<VenueIndex, SeenBook> | undefined {
    const shown = new Map<VenueIndex, SeenBook>()
    for (const [side, levels] of [book.bids, book.asks].entries()) {
      for (const [priceText, lotsText, venueId] of levels) {
        const venue = this.#venues.get(venueId)
        const price = parseDecimal(priceText, instrument.priceDigits)
        const lots = parseDecimal(lotsText, instrument.qtyDigits)
        if (venue === undefined || price <= 0 || lots <= 0) return undefined
        const seen = shown.get(venue) ?? emptyBook()
        shown.set(venue, seen)
        seen.sides[side].set(price, lots)
      }
    }
    return shown
  }

  /** Removals first, so that a book that moved never looks crossed on the way. */
  #tellBook(venue: VenueIndex, instrument: InstrumentIndex, before: SeenBook | undefined, now: SeenBook): void {
    if (before === undefined) this.#sink.onClear(venue, instrument)
    let changes = before === undefined ? 1 : 0
    for (const side of [BookSide.bid, BookSide.ask]) {
      for (const price of before?.sides[side].keys() ?? []) {
        if (now.sides[side].has(price)) continue
        this.#sink.onLevel(venue, instrument, side, price as PriceTicks, 0 as QtyLots)
        changes++
      }
    }
    for (const side of [BookSide.bid, BookSide.ask]) {
      for (const [price, lots] of now.sides[side]) {
        if (before?.sides[side].get(price) === lots) continue
        this.#sink.onLevel(venue, instrument, side, price as PriceTicks, lots as QtyLots)
        changes++
      }
    }
    if (changes > 0) this.#sink.onUpdateEnd(venue, instrument)
    this.levels += changes
  }
}

function emptyBook(): SeenBook {
  return { sides: [new Map(), new Map()] }
}
