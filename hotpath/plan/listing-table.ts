/**
 * What every venue lists and at which terms: a row per (instrument, venue), poured once at boot. What a decision reads
 * of a row is a block of one cache line, the venues of an instrument side by side; the rest are columns.
 */
import type { Instrument, Listing } from '../../shared/domain/instrument.ts'
import { FeeSide } from '../../shared/domain/instrument.ts'
import { Side } from '../../shared/domain/order.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { ASSET_DIGITS, PPM } from '../../shared/units/ticks.ts'

/** Doubles of a row's block. */
export const TERMS = 8
/** Place in a block. The factors are fee-adjusted price over raw price, in millionths (plan/venue-candidates). */
export const Term = {
  tickStep: 0,
  lotStep: 1,
  lotsMin: 2,
  lotsMax: 3,
  notionalMin: 4,
  childCost: 5,
  buyFactor: 6,
  sellFactor: 7,
} as const

export class ListingTable {
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  /** Names of all assets; a balance row is venue * assets.length + asset. */
  readonly assets: readonly string[]
  readonly isListed: Uint8Array
  /** TERMS doubles a row: see Term. */
  readonly terms: Float64Array
  readonly makerPpm: Int32Array
  /** By instrument: row of the base and quote asset, and AssetUnits per (ticks x lots) and per lot. */
  readonly baseAsset: Uint16Array
  readonly quoteAsset: Uint16Array
  readonly quoteUnitsPerNotional: Float64Array
  readonly baseUnitsPerLot: Float64Array
  /** One tick x lot in quote. */
  readonly notionalUnit: Float64Array

  constructor(market: {
    venues: readonly Venue[]
    instruments: readonly Instrument[]
    listings: readonly Listing[]
  }) {
    this.venues = market.venues
    this.instruments = market.instruments
    this.assets = [...new Set(market.instruments.flatMap(({ base, quote }) => [base, quote]))].sort()
    const rows = market.venues.length * market.instruments.length
    this.isListed = new Uint8Array(rows)
    this.terms = new Float64Array(rows * TERMS)
    this.makerPpm = new Int32Array(rows)
    for (const listing of market.listings) this.#pour(listing)
    this.baseAsset = Uint16Array.from(market.instruments, ({ base }) => this.assets.indexOf(base))
    this.quoteAsset = Uint16Array.from(market.instruments, ({ quote }) => this.assets.indexOf(quote))
    this.quoteUnitsPerNotional = Float64Array.from(
      market.instruments,
      ({ priceDigits, qtyDigits }) => 10 ** (ASSET_DIGITS - priceDigits - qtyDigits),
    )
    this.notionalUnit = Float64Array.from(
      market.instruments,
      ({ priceDigits, qtyDigits }) => 10 ** -(priceDigits + qtyDigits),
    )
    this.baseUnitsPerLot = Float64Array.from(market.instruments, ({ qtyDigits }) => 10 ** (ASSET_DIGITS - qtyDigits))
  }

  row(instrument: InstrumentIndex, venue: VenueIndex): number {
    return instrument * this.venues.length + venue
  }

  /** Fee-adjusted price over raw price, in millionths (plan/venue-candidates). */
  feeFactor(row: number, side: Side): number {
    return this.terms[row * TERMS + (side === Side.buy ? Term.buyFactor : Term.sellFactor)]
  }

  tickStep(row: number): number {
    return this.terms[row * TERMS + Term.tickStep]
  }

  lotStep(row: number): number {
    return this.terms[row * TERMS + Term.lotStep]
  }

  lotsMin(row: number): number {
    return this.terms[row * TERMS + Term.lotsMin]
  }

  lotsMax(row: number): number {
    return this.terms[row * TERMS + Term.lotsMax]
  }

  notionalMin(row: number): number {
    return this.terms[row * TERMS + Term.notionalMin]
  }

  takerPpm(row: number): number {
    return PPM - this.terms[row * TERMS + Term.sellFactor]
  }

  #pour(listing: Listing): void {
    const row = this.row(listing.instrument, listing.venue)
    this.isListed[row] = 1
    this.makerPpm[row] = listing.makerPpm
    const { terms } = this
    const at = row * TERMS
    terms[at + Term.tickStep] = listing.tickStep
    terms[at + Term.lotStep] = listing.lotStep
    terms[at + Term.lotsMin] = listing.lotsMin
    terms[at + Term.lotsMax] = listing.lotsMax
    terms[at + Term.notionalMin] = listing.notionalMin
    terms[at + Term.childCost] = listing.childCost
    const inBase = listing.feeSide === FeeSide.received
    terms[at + Term.buyFactor] = inBase ? (PPM * PPM) / (PPM - listing.takerPpm) : PPM + listing.takerPpm
    terms[at + Term.sellFactor] = PPM - listing.takerPpm
  }
}
