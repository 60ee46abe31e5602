/** What every venue lists and at which terms, as columns: a row per (instrument, venue), poured once at boot. */
import type { Instrument, Listing } from '../../shared/domain/instrument.ts'
import { FeeSide } from '../../shared/domain/instrument.ts'
import { Side } from '../../shared/domain/order.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import { ASSET_DIGITS, PPM } from '../../shared/units/ticks.ts'

export class ListingTable {
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  /** Names of all assets; a balance row is venue * assets.length + asset. */
  readonly assets: readonly string[]
  readonly isListed: Uint8Array
  readonly tickStep: Float64Array
  readonly lotStep: Float64Array
  readonly lotsMin: Float64Array
  readonly lotsMax: Float64Array
  readonly notionalMin: Float64Array
  readonly childCost: Float64Array
  readonly takerPpm: Int32Array
  readonly makerPpm: Int32Array
  readonly buyFactor: Float64Array
  readonly sellFactor: Float64Array
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
    this.tickStep = new Float64Array(rows)
    this.lotStep = new Float64Array(rows)
    this.lotsMin = new Float64Array(rows)
    this.lotsMax = new Float64Array(rows)
    this.notionalMin = new Float64Array(rows)
    this.childCost = new Float64Array(rows)
    this.takerPpm = new Int32Array(rows)
    this.makerPpm = new Int32Array(rows)
    this.buyFactor = new Float64Array(rows)
    this.sellFactor = new Float64Array(rows)
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
    return side === Side.buy ? this.buyFactor[row] : this.sellFactor[row]
  }

  #pour(listing: Listing): void {
    const row = this.row(listing.instrument, listing.venue)
    this.isListed[row] = 1
    this.tickStep[row] = listing.tickStep
    this.lotStep[row] = listing.lotStep
    this.lotsMin[row] = listing.lotsMin
    this.lotsMax[row] = listing.lotsMax
    this.notionalMin[row] = listing.notionalMin
    this.childCost[row] = listing.childCost
    this.takerPpm[row] = listing.takerPpm
    this.makerPpm[row] = listing.makerPpm
    const inBase = listing.feeSide === FeeSide.received
    this.buyFactor[row] = inBase ? (PPM * PPM) / (PPM - listing.takerPpm) : PPM + listing.takerPpm
    this.sellFactor[row] = PPM - listing.takerPpm
  }
}
