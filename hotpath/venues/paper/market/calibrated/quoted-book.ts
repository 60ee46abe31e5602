/**
 * One venue's book of one instrument while it is being quoted: two sides of at most LEVELS_MAX levels, best first.
 * Every change is told to the sink at once, so the sink hears differences and nothing else.
 */
import { assert } from '../../../../../shared/assert.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../../../shared/units/ticks.ts'
import { BookSide } from '../../../../book/book-table.ts'
import type { MarketSink } from '../../market-source.ts'

export const LEVELS_MAX = 32

export class QuotedBook {
  readonly venue: VenueIndex
  readonly instrument: InstrumentIndex
  /** Both sides, LEVELS_MAX each. */
  readonly #prices = new Float64Array(2 * LEVELS_MAX)
  readonly #lots = new Float64Array(2 * LEVELS_MAX)
  readonly #counts = new Int32Array(2)
  /** Level changes told so far, counting round at 2^32: differs from before when something was told. */
  readonly #changes = new Uint32Array(1)

  constructor(venue: VenueIndex, instrument: InstrumentIndex) {
    this.venue = venue
    this.instrument = instrument
  }

  get changes(): number {
    return this.#changes[0]
  }

  count(side: BookSide): number {
    return this.#counts[side]
  }

  /** Price of the level `at` from the best; 0 where there is none. */
  price(side: BookSide, at: number): number {
    return at < this.#counts[side] ? this.#prices[side * LEVELS_MAX + at] : 0
  }

  lots(side: BookSide, at: number): number {
    return at < this.#counts[side] ? this.#lots[side * LEVELS_MAX + at] : 0
  }

  /** Sets one level; a full side loses its worst level for a better one and ignores a worse one. O(LEVELS_MAX). */
  set(side: BookSide, price: number, lots: number, sink: MarketSink): void {
    assert(lots > 0 && price > 0, 'a level has a price and a quantity')
    const at = this.#find(side, price)
    if (this.price(side, at) === price) {
      if (this.lots(side, at) !== lots) this.#tell(side, at, lots, sink)
      return
    }
    if (this.#counts[side] === LEVELS_MAX) {
      if (at === LEVELS_MAX) return
      this.remove(side, LEVELS_MAX - 1, sink)
    }
    const place = side * LEVELS_MAX + at
    const end = side * LEVELS_MAX + this.#counts[side]
    this.#prices.copyWithin(place + 1, place, end)
    this.#lots.copyWithin(place + 1, place, end)
    this.#counts[side]++
    this.#prices[place] = price
    this.#tell(side, at, lots, sink)
  }

  /** Sets the quantity of the level `at`. */
  resize(side: BookSide, at: number, lots: number, sink: MarketSink): void {
    assert(at < this.#counts[side] && lots > 0, 'only a level that is there changes its quantity')
    if (this.lots(side, at) !== lots) this.#tell(side, at, lots, sink)
  }

  remove(side: BookSide, at: number, sink: MarketSink): void {
    assert(at < this.#counts[side], 'only a level that is there goes')
    const place = side * LEVELS_MAX + at
    const price = this.#prices[place]
    const end = side * LEVELS_MAX + this.#counts[side]
    this.#prices.copyWithin(place, place + 1, end)
    this.#lots.copyWithin(place, place + 1, end)
    this.#counts[side]--
    this.#changes[0]++
    sink.onLevel(this.venue, this.instrument, side, price as PriceTicks, 0 as QtyLots)
  }

  /** Removes every level better than `price`: what would stand in the way of the other side. */
  removeBetter(side: BookSide, price: number, sink: MarketSink): void {
    while (this.#counts[side] > 0 && isBetter(side, this.price(side, 0), price)) this.remove(side, 0, sink)
  }

  /** Index of the first level at `price` or worse. */
  #find(side: BookSide, price: number): number {
    let at = 0
    while (at < this.#counts[side] && isBetter(side, this.#prices[side * LEVELS_MAX + at], price)) at++
    return at
  }

  #tell(side: BookSide, at: number, lots: number, sink: MarketSink): void {
    const place = side * LEVELS_MAX + at
    this.#lots[place] = lots
    this.#changes[0]++
    sink.onLevel(this.venue, this.instrument, side, this.#prices[place] as PriceTicks, lots as QtyLots)
  }
}

export function isBetter(side: BookSide, price: number, than: number): boolean {
  return side === BookSide.bid ? price > than : price < than
}
