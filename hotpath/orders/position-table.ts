/** The books of account: what was bought and sold at each venue in each instrument, exact, never forgotten. */

import { Side } from '../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { addNotional, notionalToBig, type PriceTicks, type QtyLots } from '../../shared/units/ticks.ts'

export class PositionTable {
  readonly #venues: number
  /** By (instrument, venue, side). */
  readonly lots: Float64Array
  /** Exact pairs, two a row. */
  readonly notional: Float64Array
  readonly feeQuoteUnits: Float64Array
  readonly feeBaseUnits: Float64Array
  readonly fills: Float64Array

  constructor(size: { venues: number; instruments: number }) {
    const rows = size.venues * size.instruments * 2
    this.#venues = size.venues
    this.lots = new Float64Array(rows)
    this.notional = new Float64Array(rows * 2)
    this.feeQuoteUnits = new Float64Array(rows)
    this.feeBaseUnits = new Float64Array(rows)
    this.fills = new Float64Array(rows)
  }

  row(instrument: InstrumentIndex, venue: VenueIndex, side: Side): number {
    return (instrument * this.#venues + venue) * 2 + (side === Side.buy ? 0 : 1)
  }

  add(row: number, lots: QtyLots, price: PriceTicks, feeUnits: number, feeInBase: boolean): void {
    this.lots[row] += lots
    addNotional(this.notional, row * 2, price, lots)
    if (feeInBase) this.feeBaseUnits[row] += feeUnits
    else this.feeQuoteUnits[row] += feeUnits
    this.fills[row]++
  }

  /** Ticks x lots, exact. */
  notionalOf(row: number): bigint {
    return notionalToBig(this.notional, row * 2)
  }
}
