/**
 * What time costs at each venue, per instrument and side, in millionths of notional: the column that makes fee against
 * speed one number. Worked out beside the orders, a few rows a turn, and read by a decision as an integer.
 */
import { Side } from '../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { type MonoNs, NS_PER_MS } from '../../shared/units/time.ts'
import { type BookRow, BookState, type BookTable, takenSide } from '../book/book-table.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import type { MidVolatility } from './mid-volatility.ts'
import { type PriceOfTime, TimeSlot } from './price-of-time.ts'

/** Instruments of one turn, and how long a whole round takes at least: latencies and books do not age faster. */
const INSTRUMENTS_PER_TURN = 4
const ROUND_NS = 20 * NS_PER_MS
const PPM_PER_BPS = 100
const BPS = 10_000
const NONE = Number.POSITIVE_INFINITY
const DUE = 0
const NOW = 1

export interface TimePriceParts {
  readonly books: BookTable
  readonly listings: ListingTable
  readonly price: PriceOfTime
  readonly volatility: MidVolatility
  /** Forecast round trip by venue. */
  readonly latencyNs: Float64Array
}

export class TimePrices {
  /** [listing row x 2 + (buy 0, sell 1)]; whole millionths, so that a key of ticks x factor stays an exact integer. */
  readonly ppm: Int32Array
  /** By instrument: rises whenever one of its prices changed. */
  readonly version: Int32Array
  readonly volatility: MidVolatility
  readonly #parts: TimePriceParts
  /** By venue: all-in price of the touch, signed so that less is better; infinite where there is none. */
  readonly #cost: Float64Array
  readonly #best = new Float64Array(2)
  /** When the next round is due, and now. */
  readonly #times = new Float64Array(2)
  #next = 0

  constructor(parts: TimePriceParts) {
    const { instruments, venues } = parts.listings
    this.#parts = parts
    this.volatility = parts.volatility
    this.ppm = new Int32Array(instruments.length * venues.length * 2)
    this.version = new Int32Array(instruments.length)
    this.#cost = new Float64Array(venues.length)
  }

  /** The next few instruments of a round. O(instruments of a turn x venues), some 50 ns a row. */
  work(turn: { readonly nowNs: MonoNs }): void {
    const { instruments } = this.#parts.listings
    if (this.#next === 0) {
      if (turn.nowNs < this.#times[DUE]) return
      this.#times[DUE] = turn.nowNs + ROUND_NS
    }
    this.#times[NOW] = turn.nowNs
    const end = Math.min(instruments.length, this.#next + INSTRUMENTS_PER_TURN)
    for (; this.#next < end; this.#next++) this.#price(this.#next as InstrumentIndex)
    if (this.#next === instruments.length) this.#next = 0
  }

  #price(instrument: InstrumentIndex): void {
    this.#rank(instrument, Side.buy)
    const ask = this.#best[0]
    let changed = this.#fill(instrument, Side.buy)
    this.#rank(instrument, Side.sell)
    const bid = this.#best[0]
    changed += this.#fill(instrument, Side.sell)
    if (changed > 0) this.version[instrument]++
    if (ask !== NONE && bid !== NONE) this.volatility.note(instrument, (ask - bid) / 2, this.#times[NOW] as MonoNs)
  }

  /** All-in touch prices of every venue that could be traded at now, and the best two, in `#best`. */
  #rank(instrument: InstrumentIndex, side: Side): void {
    const { books, listings } = this.#parts
    const sign = side === Side.buy ? 1 : -1
    let best = NONE
    let second = NONE
    for (let venue = 0; venue < this.#cost.length; venue++) {
      const row = listings.row(instrument, venue as VenueIndex)
      const ticks = books.bestPrice(row as BookRow, takenSide(side))
      const isOpen = ticks !== 0 && listings.isListed[row] === 1 && books.state(row as BookRow) === BookState.live
      const cost = isOpen ? ticks * listings.feeFactor(row, side) * sign : NONE
      this.#cost[venue] = cost
      if (cost < best) {
        second = best
        best = cost
      } else if (cost < second) second = cost
    }
    this.#best[0] = best
    this.#best[1] = second
  }

  /** Answers how many prices changed. */
  #fill(instrument: InstrumentIndex, side: Side): number {
    const { listings } = this.#parts
    const column = side === Side.buy ? 0 : 1
    let changed = 0
    for (let venue = 0; venue < this.#cost.length; venue++) {
      const row = listings.row(instrument, venue as VenueIndex)
      const ppm = this.#cost[venue] === NONE ? 0 : this.#ppmOf(instrument, venue, row)
      if (this.ppm[row * 2 + column] === ppm) continue
      this.ppm[row * 2 + column] = ppm
      changed++
    }
    return changed
  }

  #ppmOf(instrument: InstrumentIndex, venue: number, row: number): number {
    const { books, price, latencyNs } = this.#parts
    const { scratch } = price
    const own = this.#cost[venue]
    // Where it would go instead: the best of the others.
    const other = own === this.#best[0] ? this.#best[1] : this.#best[0]
    const dearer = other === NONE || other <= own ? 0 : other - own
    // The silence of a feed that is alive means that nothing changed: what may be on its way to us is a round trip old.
    const ageNs = Math.min(this.#times[NOW] - books.updatedNs(row as BookRow), latencyNs[venue])
    scratch[TimeSlot.latencyNs] = latencyNs[venue]
    scratch[TimeSlot.ageNs] = ageNs > 0 ? ageNs : 0
    scratch[TimeSlot.rerouteBps] = (dearer / Math.abs(own)) * BPS
    price.costOf(venue, instrument)
    return Math.round(scratch[TimeSlot.costBps] * PPM_PER_BPS)
  }
}
