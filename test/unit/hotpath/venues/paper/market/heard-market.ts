/** A listener for tests: keeps the books it hears about, hashes every event, and counts what must not happen. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type BookSide, BookTable } from '../../../../../../hotpath/book/book-table.ts'
import type { MarketSink, MarketSource } from '../../../../../../hotpath/venues/paper/market-source.ts'
import type { Side } from '../../../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../../../../shared/units/time.ts'

/** Where the recordings of the project lie; tests that want them skip without them. */
export const dataPath = process.env['SOR_DATA'] ?? '../shared/data'

export function hasData(folder: string): boolean {
  return existsSync(join(dataPath, folder))
}

export interface HeardTrade {
  readonly venue: number
  readonly instrument: number
  readonly aggressor: Side
  readonly price: number
  readonly lots: number
}

export class HeardMarket implements MarketSink {
  readonly books: BookTable
  readonly trades: HeardTrade[] = []
  levels = 0
  updates = 0
  clears = 0
  /** Updates that left a book crossed or locked. */
  crossed = 0
  /** Levels told with the quantity they already had. */
  repeated = 0
  hash = 17

  constructor(source: MarketSource) {
    const { venues, instruments, levelsMax } = source
    this.books = new BookTable({ venues: venues.length, instruments: instruments.length, levelsMax })
  }

  onLevel(venue: VenueIndex, instrument: InstrumentIndex, side: BookSide, price: PriceTicks, lots: QtyLots): void {
    const row = this.books.row(instrument, venue)
    if (this.lotsAt(venue, instrument, side, price) === lots) this.repeated++
    this.books.setLevel(row, side, price, lots)
    this.levels++
    this.#mix(1, venue, instrument, side, price, lots)
  }

  onTrade(venue: VenueIndex, instrument: InstrumentIndex, aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    this.trades.push({ venue, instrument, aggressor, price, lots })
    this.#mix(2, venue, instrument, aggressor, price, lots)
  }

  onUpdateEnd(venue: VenueIndex, instrument: InstrumentIndex): void {
    const row = this.books.row(instrument, venue)
    const [bid, ask] = [this.books.bestPrice(row, 0), this.books.bestPrice(row, 1)]
    if (bid !== 0 && ask !== 0 && bid >= ask) this.crossed++
    this.updates++
    this.#mix(3, venue, instrument)
  }

  onClear(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.books.clear(this.books.row(instrument, venue))
    this.clears++
    this.#mix(4, venue, instrument)
  }

  /** Lots of one level, 0 where there is none. */
  lotsAt(venue: number, instrument: number, side: BookSide, price: number): number {
    const row = this.books.row(instrument as InstrumentIndex, venue as VenueIndex)
    const from = this.books.offset(row, side)
    for (let at = from; at < from + this.books.count(row, side); at++) {
      if (this.books.prices[at] === price) return this.books.lots[at]
    }
    return 0
  }

  /** One side, best first, as [price, lots]. */
  side(venue: number, instrument: number, side: BookSide): [number, number][] {
    const row = this.books.row(instrument as InstrumentIndex, venue as VenueIndex)
    const from = this.books.offset(row, side)
    const levels: [number, number][] = []
    for (let at = from + this.books.count(row, side) - 1; at >= from; at--) {
      levels.push([this.books.prices[at], this.books.lots[at]])
    }
    return levels
  }

  mid(venue: number, instrument: number): number {
    const row = this.books.row(instrument as InstrumentIndex, venue as VenueIndex)
    return (this.books.bestPrice(row, 0) + this.books.bestPrice(row, 1)) / 2
  }

  /** Of everything that stands in every book now. */
  bookHash(): number {
    let hash = 17
    for (let instrument = 0; instrument < this.books.instruments; instrument++) {
      for (let venue = 0; venue < this.books.venues; venue++) {
        for (const side of [0, 1] as const) {
          for (const [price, lots] of this.side(venue, instrument, side)) hash = mixed(hash, price, lots, side)
          hash = mixed(hash, venue, instrument)
        }
      }
    }
    return hash
  }

  #mix(...numbers: number[]): void {
    this.hash = mixed(this.hash, ...numbers)
  }
}

function mixed(hash: number, ...numbers: number[]): number {
  let all = hash
  for (const number of numbers) {
    all = Math.imul(all ^ (number % 2 ** 31), 16777619)
    all = Math.imul(all ^ Math.floor(number / 2 ** 31), 16777619)
  }
  return all
}

/** Turns the source every `stepNs` up to `untilNs`, from `fromNs` on. */
export function play(source: MarketSource, heard: HeardMarket, untilNs: number, stepNs: number, fromNs = 0): void {
  for (let ns = fromNs; ns <= untilNs; ns += stepNs) while (source.work(ns as MonoNs, heard) > 0);
}
