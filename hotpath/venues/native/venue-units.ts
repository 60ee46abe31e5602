/**
 * One instrument at one venue: our ticks and lots to the venue's decimal words and back, exact or refused. On derivatives
 * the venue counts contracts, we count base lots. The only place where the two meet.
 */
import { assert } from '../../../shared/assert.ts'
import type { Instrument, Listing } from '../../../shared/domain/instrument.ts'
import { QTY_LOTS_MAX } from '../../../shared/limits.ts'
import { decimalText } from '../../../shared/units/decimal-text.ts'
import { DecimalError, parseDecimal } from '../../../shared/units/ticks.ts'
import { decimalsOf, scaledBig } from './json-words.ts'
import type { VenueSymbol } from './order-dialect.ts'

/** One instrument as the router counts it and as the venue writes it (venue-terms.ts makes them). */
export interface NativeListing {
  readonly instrument: Instrument
  readonly listing: Listing
  readonly symbol: VenueSymbol
}

export class VenueUnits {
  readonly instrument: Instrument
  readonly listing: Listing
  readonly symbol: VenueSymbol
  /** The venue's quantity in steps of 10^-digits is lots x multiplier / divisor. */
  readonly #digits: number
  readonly #multiplier: number
  readonly #divisor: number

  constructor({ instrument, listing, symbol }: NativeListing) {
    this.instrument = instrument
    this.listing = listing
    this.symbol = symbol
    const isSpot = decimalsOf(symbol.contractSize) === 0 && Number(symbol.contractSize) === 1
    this.#digits = isSpot ? instrument.qtyDigits : decimalsOf(symbol.lotSize)
    const sizeDigits = decimalsOf(symbol.contractSize)
    const top = 10n ** BigInt(sizeDigits + this.#digits)
    const bottom = scaledBig(symbol.contractSize, sizeDigits) * 10n ** BigInt(instrument.qtyDigits)
    assert(bottom > 0n, 'a contract has a size')
    const shared = commonDivisor(top, bottom)
    this.#multiplier = Number(top / shared)
    this.#divisor = Number(bottom / shared)
    assert(Number.isSafeInteger(this.#multiplier) && Number.isSafeInteger(this.#divisor), 'a contract size is exact')
  }

  priceText(ticks: number): string {
    return decimalText(ticks, this.instrument.priceDigits)
  }

  /** '' when these lots are not a whole number of the venue's steps. */
  quantityText(lots: number): string {
    const scaled = lots * this.#multiplier
    if (!Number.isSafeInteger(scaled) || scaled % this.#divisor !== 0) return ''
    return decimalText(scaled / this.#divisor, this.#digits)
  }

  /** A price in ticks, or a negative DecimalError. */
  ticksOf(text: string): number {
    return parseDecimal(text, this.instrument.priceDigits)
  }

  /** A quantity in lots, or a negative DecimalError: a venue may write what our grid has no room for. */
  lotsOf(text: string): number {
    const scaled = parseDecimal(text, this.#digits)
    if (scaled < 0) return scaled
    const product = scaled * this.#divisor
    if (!Number.isSafeInteger(product)) return DecimalError.tooLarge
    if (product % this.#multiplier !== 0) return DecimalError.tooPrecise
    const lots = product / this.#multiplier
    return lots > QTY_LOTS_MAX ? DecimalError.tooLarge : lots
  }
}

function commonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : commonDivisor(b, a % b)
}
