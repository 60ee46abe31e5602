/** Decimal books of a vector on integer grids: the fewest digits that hold every number of it exactly. */
import { BookTable, takenSide } from '../../../hotpath/book/book-table.ts'
import { feeFactor } from '../../../hotpath/fees/fee-model.ts'
import { VenueCandidates } from '../../../hotpath/plan/venue-candidates.ts'
import { FeeSide } from '../../../shared/domain/instrument.ts'
import { Side } from '../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import { PPM, type PriceTicks, type QtyLots } from '../../../shared/units/ticks.ts'

export interface VectorVenue {
  readonly id: string
  readonly takerFee: number
  readonly levels: readonly (readonly [price: number, quantity: number])[]
  readonly latencyUs?: number
  readonly fixedFee?: number
  readonly lot?: number
  readonly minQty?: number
  readonly minNotional?: number
}

export interface VectorOrder {
  readonly side: 'buy' | 'sell'
  readonly quantity: number
  readonly limitPrice?: number | null
  readonly maxVenues?: number | null
  readonly venues: readonly VectorVenue[]
}

const DIGITS_MAX = 12
const NS_PER_US = 1_000

/** Digits after the point of a number as it is written. */
export function digitsOf(value: number): number {
  return (
    value
      .toFixed(DIGITS_MAX)
      .replace(/\.?0+$/, '')
      .split('.')[1]?.length ?? 0
  )
}

function mostDigits(values: readonly number[]): number {
  return Math.max(0, ...values.map(digitsOf))
}

export class VectorMarket {
  readonly side: Side
  readonly books: BookTable
  readonly candidates = new VenueCandidates()
  readonly lots: number
  /** By row; rows are in ascending order of id, the last tie-break. */
  readonly ids: readonly string[]
  readonly #priceScale: number
  readonly #lotScale: number

  /** `qtyDigits` asks for a finer grid than the numbers need, for splits that are continuous. */
  constructor(order: VectorOrder, qtyDigits = 0) {
    const venues = [...order.venues].sort((a, b) => (a.id < b.id ? -1 : 1))
    const levels = venues.flatMap((venue) => venue.levels)
    const quantities = venues.flatMap(({ lot = 1, minQty = 0 }) => [lot, minQty])
    this.side = Side[order.side]
    this.ids = venues.map(({ id }) => id)
    this.#priceScale = 10 ** mostDigits([order.limitPrice ?? 0, ...levels.map(([price]) => price)])
    const digits = mostDigits([order.quantity, ...quantities, ...levels.map(([, quantity]) => quantity)])
    this.#lotScale = 10 ** Math.max(qtyDigits, digits)
    this.lots = this.toLots(order.quantity)
    const levelsMax = Math.max(1, ...venues.map((venue) => venue.levels.length))
    this.books = new BookTable({ venues: venues.length, instruments: 1, levelsMax })
    for (const [index, venue] of venues.entries()) this.#add(venue, index as VenueIndex, order.limitPrice ?? 0)
  }

  toLots(quantity: number): number {
    return Math.round(quantity * this.#lotScale)
  }

  toTicks(price: number): number {
    return Math.round(price * this.#priceScale)
  }

  /** Not rounded: a mid may lie between two ticks. */
  toFineTicks(price: number): number {
    return price * this.#priceScale
  }

  /** Ticks x lots of an amount of quote. */
  toNotional(quote: number): number {
    return quote * this.#priceScale * this.#lotScale
  }

  toQuantity(lots: number): number {
    return lots / this.#lotScale
  }

  /** Quote of micro-ticks x lots. */
  toQuote(microNotional: number): number {
    return microNotional / PPM / this.#priceScale / this.#lotScale
  }

  toPrice(microTicks: number): number {
    return microTicks / PPM / this.#priceScale
  }

  /** Quantities by venue id. */
  toAlloc(lotsByRow: ArrayLike<number>): Record<string, number> {
    return Object.fromEntries(this.ids.map((id, row) => [id, this.toQuantity(lotsByRow[row])]))
  }

  #add(venue: VectorVenue, index: VenueIndex, limitPrice: number): void {
    const bookRow = this.books.row(0 as InstrumentIndex, index)
    for (const [price, quantity] of venue.levels) {
      this.books.setLevel(
        bookRow,
        takenSide(this.side),
        this.toTicks(price) as PriceTicks,
        this.toLots(quantity) as QtyLots,
      )
    }
    const { candidates } = this
    const row = candidates.add(index, bookRow)
    // 0.00075 x 1e6 is 749.9999999999999: rates are decimals of at most eight digits.
    const ppm = Math.round(venue.takerFee * PPM * 100) / 100
    candidates.takerPpm[row] = Math.round(ppm)
    candidates.feeFactor[row] = feeFactor(this.side, ppm, FeeSide.quote)
    candidates.limitTicks[row] = this.toTicks(limitPrice)
    candidates.latencyNs[row] = (venue.latencyUs ?? 0) * NS_PER_US
    candidates.lotStep[row] = venue.lot === undefined ? 1 : this.toLots(venue.lot)
    candidates.lotsMin[row] = this.toLots(venue.minQty ?? 0)
    // Notionals on the grid are whole: the least one that reaches the minimum, forgiving the product's rounding.
    candidates.notionalMin[row] = Math.ceil(this.toNotional(venue.minNotional ?? 0) - 1e-6)
    candidates.childCost[row] = this.toNotional(venue.fixedFee ?? 0)
  }
}
