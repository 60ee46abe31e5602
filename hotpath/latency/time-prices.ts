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
import type { PriceOfTime } from './price-of-time.ts'

/** Instruments of one turn, and how long a whole round takes at least: latencies and books do not age faster. */
const INSTRUMENTS_PER_TURN = 4
const ROUND_NS = 20 * NS_PER_MS
const PPM_PER_BPS = 100
const BPS = 10_000
const NONE = Number.POSITIVE_INFINITY

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
  readonly #dueNs = new Float64Array(1)
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
  work(nowNs: MonoNs): void {
    const { instruments } = this.#parts.listings
    if (this.#next === 0) {
      if (nowNs < this.#dueNs[0]) return
      this.#dueNs[0] = nowNs + ROUND_NS
    }
    const end = Math.min(instruments.length, this.#next + INSTRUMENTS_PER_TURN)
    for (; this.#next < end; this.#next++) this.#price(this.#next as InstrumentIndex, nowNs)
    if (this.#next === instruments.length) this.#next = 0
  }

  #price(instrument: InstrumentIndex, nowNs: MonoNs): void {
    const askCost = this.#rank(instrument, Side.buy)
    let changed = this.#fill(instrument, Side.buy, nowNs)
    const bidCost = this.#rank(instrument, Side.sell)
    changed += this.#fill(instrument, Side.sell, nowNs)
    if (changed > 0) this.version[instrument]++
    if (askCost !== NONE && bidCost !== NONE) this.#parts.volatility.note(instrument, (askCost - bidCost) / 2, nowNs)
  }

  /** All-in touch prices of every venue that could be traded at now, and the best two. Answers the best. */
  #rank(instrument: InstrumentIndex, side: Side): number {
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
    return best
  }

  /** Answers how many prices changed. */
  #fill(instrument: InstrumentIndex, side: Side, nowNs: MonoNs): number {
    const { listings } = this.#parts
    const column = side === Side.buy ? 0 : 1
    let changed = 0
    for (let venue = 0; venue < this.#cost.length; venue++) {
      const row = listings.row(instrument, venue as VenueIndex)
      const ppm = this.#cost[venue] === NONE ? 0 : this.#ppmOf(instrument, venue, row, nowNs)
      if (this.ppm[row * 2 + column] === ppm) continue
      this.ppm[row * 2 + column] = ppm
      changed++
    }
    return changed
  }

  #ppmOf(instrument: InstrumentIndex, venue: number, row: number, nowNs: MonoNs): number {
    const { books, price, latencyNs } = this.#parts
    const own = this.#cost[venue]
    // Where it would go instead: the best of the others.
    const other = own === this.#best[0] ? this.#best[1] : this.#best[0]
    const dearer = other === NONE || other <= own ? 0 : other - own
    // The silence of a feed that is alive means that nothing changed: what may be on its way to us is a round trip old.
    const ageNs = Math.min(nowNs - books.updatedNs(row as BookRow), latencyNs[venue])
    const bps = price.costBps(
      venue,
      instrument,
      latencyNs[venue],
      ageNs > 0 ? ageNs : 0,
      (dearer / Math.abs(own)) * BPS,
    )
    return Math.round(bps * PPM_PER_BPS)
  }
}
