/**
 * A venue's own numbers of one instrument as ours: prices to ticks, sizes (base or contracts) to lots. What does not fall on
 * our grid is rounded against us: nobody is shown a better price or more lots than there are.
 */
import { assert } from '../../shared/assert.ts'
import type { Instrument } from '../../shared/domain/instrument.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../shared/limits.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import { BookSide } from '../book/book-table.ts'
import { POWERS_OF_TEN } from '../venues/feed/json-cursor.ts'

export class BookGrid {
  readonly #priceDigits: number
  /** Lots = size x contract x 10^(lotDigits - digits of the size). */
  readonly #contract: number
  readonly #lotDigits: number

  /** `contractSize`: base units of one contract, decimal text; '1' on spot. */
  constructor(instrument: Instrument, contractSize: string) {
    const [whole, part = ''] = contractSize.split('.')
    this.#priceDigits = instrument.priceDigits
    this.#contract = Number(whole + part)
    this.#lotDigits = instrument.qtyDigits - part.length
    assert(Number.isSafeInteger(this.#contract) && this.#contract > 0, 'a contract has an exact size')
  }

  /** A bid is rounded down, an ask up; 0 when it is beyond what a price may be. */
  ticks(price: number, digits: number, side: BookSide): PriceTicks {
    const up = this.#priceDigits - digits
    const exact = up >= 0 ? price * POWERS_OF_TEN[up] : price / POWERS_OF_TEN[-up]
    const ticks = side === BookSide.bid ? Math.floor(exact) : Math.ceil(exact)
    return (ticks > 0 && ticks <= PRICE_TICKS_MAX ? ticks : 0) as PriceTicks
  }

  /** Rounded down; the most we keep exactly when there is more. */
  lots(size: number, digits: number): QtyLots {
    const up = this.#lotDigits - digits
    const product = size * this.#contract
    // Beyond the safe integers it may have been rounded up: then a little less is shown.
    const scaled = product <= Number.MAX_SAFE_INTEGER ? product : product * (1 - 2 * Number.EPSILON)
    const lots = up >= 0 ? scaled * powerOfTen(up) : Math.floor(scaled / powerOfTen(-up))
    return Math.min(lots, QTY_LOTS_MAX) as QtyLots
  }
}

/** A size of many digits times a contract of many more. */
function powerOfTen(exponent: number): number {
  return exponent < POWERS_OF_TEN.length ? POWERS_OF_TEN[exponent] : 10 ** exponent
}
