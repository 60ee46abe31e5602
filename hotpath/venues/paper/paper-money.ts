/** What a trade costs in AssetUnits, exactly: the venue's own arithmetic, where BigInt is allowed. */
import { assert } from '../../../shared/assert.ts'
import type { Instrument } from '../../../shared/domain/instrument.ts'
import { ASSET_DIGITS, PPM, type PriceTicks, type QtyLots, type RatePpm } from '../../../shared/units/ticks.ts'

const PPM_BIG = BigInt(PPM)

export class PaperMoney {
  /** AssetUnits of base in one lot: a power of ten. */
  readonly #baseUnits: bigint
  /** AssetUnits of quote in one tick x lot are multiply / divide; one of the two is 1. */
  readonly #multiply: number
  readonly #divide: number

  constructor(instrument: Instrument) {
    assert(instrument.qtyDigits <= ASSET_DIGITS, 'a lot is a whole number of asset units')
    const digits = ASSET_DIGITS - instrument.priceDigits - instrument.qtyDigits
    this.#baseUnits = 10n ** BigInt(ASSET_DIGITS - instrument.qtyDigits)
    this.#multiply = 10 ** Math.max(0, digits)
    this.#divide = 10 ** Math.max(0, -digits)
  }

  base(lots: QtyLots): bigint {
    return BigInt(lots) * this.#baseUnits
  }

  /** price x lots rounded down to the unit: what buyer pays and seller gets, so that nothing is created. */
  floorQuote(price: PriceTicks, lots: QtyLots): bigint {
    const product = price * lots * this.#multiply
    if (product > Number.MAX_SAFE_INTEGER) return this.#bigProduct(price, lots) / BigInt(this.#divide)
    return BigInt((product - (product % this.#divide)) / this.#divide)
  }

  /** price x lots rounded up to the unit: what an order must hold. */
  ceilQuote(price: PriceTicks, lots: QtyLots): bigint {
    const product = price * lots * this.#multiply
    if (product > Number.MAX_SAFE_INTEGER) {
      const divide = BigInt(this.#divide)
      return (this.#bigProduct(price, lots) + divide - 1n) / divide
    }
    const over = product % this.#divide
    return BigInt((product - over) / this.#divide + (over > 0 ? 1 : 0))
  }

  #bigProduct(price: PriceTicks, lots: QtyLots): bigint {
    return BigInt(price) * BigInt(lots) * BigInt(this.#multiply)
  }
}

/** A fee rounded up to the unit; a rebate (negative rate) rounded down: both towards the venue. */
export function feeUnits(amount: bigint, rate: RatePpm): bigint {
  const product = amount * BigInt(rate)
  // BigInt division cuts towards zero, which is towards the venue for a rebate and away from it for a fee.
  return product >= 0n ? (product + PPM_BIG - 1n) / PPM_BIG : product / PPM_BIG
}
