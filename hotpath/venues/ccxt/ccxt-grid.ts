/**
 * One listed instrument between ccxt's doubles and our ticks and lots: a double stands for the decimal it is the shortest
 * text of, and what is not on the grid is refused (-1), never rounded in silence.
 */
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../shared/limits.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { decimalWord } from '../native/json-words.ts'
import { type NativeListing, VenueUnits } from '../native/venue-units.ts'

/** A product of two doubles this near to a whole number means that number (2^-50 and a little). */
const NEAR = 1e-14

export class CcxtGrid {
  readonly units: VenueUnits
  readonly symbol: string
  readonly #priceScale: number
  readonly #lotsPerAmount: number

  constructor(listing: NativeListing) {
    this.units = new VenueUnits(listing)
    this.symbol = listing.symbol.symbol
    this.#priceScale = 10 ** listing.instrument.priceDigits
    this.#lotsPerAmount = Number(listing.symbol.contractSize) * 10 ** listing.instrument.qtyDigits
  }

  /**
   * -1 when it is not on the grid. Division rounds correctly and the scale is exact, so equality means: this double is
   * how that decimal reads.
   */
  ticks(price: number | undefined): PriceTicks {
    if (price === undefined || !(price >= 0)) return -1 as PriceTicks
    const ticks = Math.round(price * this.#priceScale)
    const isExact = ticks <= PRICE_TICKS_MAX && ticks / this.#priceScale === price
    return (isExact ? ticks : -1) as PriceTicks
  }

  /** Of our own orders and fills: -1 when it is not on the grid. */
  lots(amount: number | undefined): QtyLots {
    return Math.max(-1, this.units.lotsOf(decimalWord(amount))) as QtyLots
  }

  /** What a book or a print shows may be finer than what can be ordered: the whole lots in it; -1 for no number. */
  floorLots(amount: number | undefined): QtyLots {
    if (amount === undefined || !(amount >= 0)) return -1 as QtyLots
    const lots = amount * this.#lotsPerAmount
    const near = Math.round(lots)
    const whole = Math.abs(lots - near) <= near * NEAR ? near : Math.floor(lots)
    return Math.min(whole, QTY_LOTS_MAX) as QtyLots
  }
}
