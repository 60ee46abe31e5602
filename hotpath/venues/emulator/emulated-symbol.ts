/** One listed instrument of an emulated venue: its name there, its grid, and the way between text and integers. */
import type { Instrument, Listing } from '../../../shared/domain/instrument.ts'
import { decimalText } from '../../../shared/units/decimal-text.ts'
import {
  ASSET_DIGITS,
  formatDecimalBig,
  type PriceTicks,
  parseDecimal,
  type QtyLots,
} from '../../../shared/units/ticks.ts'

export class EmulatedSymbol {
  /** As the venue writes it. */
  readonly name: string
  readonly instrument: Instrument
  readonly listing: Listing
  /** Rows of its assets in `EmulatedExchange.assets`. */
  readonly baseAsset: number
  readonly quoteAsset: number

  constructor(name: string, instrument: Instrument, listing: Listing, assets: readonly string[]) {
    this.name = name
    this.instrument = instrument
    this.listing = listing
    this.baseAsset = assets.indexOf(instrument.base)
    this.quoteAsset = assets.indexOf(instrument.quote)
  }

  /** Exact ticks, or a DecimalError (negative): finer than the grid of the instrument is `tooPrecise`. */
  parsePrice(text: string): number {
    return parseDecimal(text, this.instrument.priceDigits)
  }

  /** Exact lots, or a DecimalError (negative). */
  parseLots(text: string): number {
    return parseDecimal(text, this.instrument.qtyDigits)
  }

  priceText(ticks: number): string {
    return decimalText(ticks, this.instrument.priceDigits)
  }

  lotsText(lots: number): string {
    return decimalText(lots, this.instrument.qtyDigits)
  }

  /** A notional in ticks x lots, as quote. */
  quoteText(notional: bigint): string {
    return formatDecimalBig(notional, this.#notionalDigits)
  }

  /** Quote per base over a notional, rounded down to `digits`; '0' for nothing filled. */
  averageText(notional: bigint, lots: number, digits: number): string {
    if (lots === 0) return '0'
    const power = digits - this.instrument.priceDigits
    const scaled = power >= 0 ? notional * 10n ** BigInt(power) : notional / 10n ** BigInt(-power)
    return formatDecimalBig(scaled / BigInt(lots), digits)
  }

  /** Decimal text of a notional to ticks x lots rounded down, or -1. */
  parseQuote(text: string): bigint {
    const units = parseDecimal(text, ASSET_DIGITS)
    if (units < 0) return -1n
    const power = this.#notionalDigits - ASSET_DIGITS
    return power >= 0 ? BigInt(units) * 10n ** BigInt(power) : BigInt(units) / 10n ** BigInt(-power)
  }

  get tickText(): string {
    return this.priceText(this.listing.tickStep as PriceTicks)
  }

  get lotText(): string {
    return this.lotsText(this.listing.lotStep as QtyLots)
  }

  get lotsMinText(): string {
    return this.lotsText(this.listing.lotsMin)
  }

  get lotsMaxText(): string {
    return this.lotsText(this.listing.lotsMax)
  }

  /** '0' where the venue has none. */
  get notionalMinText(): string {
    return this.quoteText(BigInt(Math.ceil(this.listing.notionalMin)))
  }

  get #notionalDigits(): number {
    return this.instrument.priceDigits + this.instrument.qtyDigits
  }
}

/** '1.5' as '1.50000000': some venues write every decimal. Exact; never cuts digits. */
export function fixedText(text: string, digits: number): string {
  const point = text.indexOf('.')
  if (digits === 0) return text
  return point < 0 ? `${text}.${'0'.repeat(digits)}` : text.padEnd(point + 1 + digits, '0')
}

export function assetText(units: bigint): string {
  return formatDecimalBig(units, ASSET_DIGITS)
}
