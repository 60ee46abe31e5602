/**
 * What we may spend at each venue, by asset, in AssetUnits: told by the venue, reserved while a child works there,
 * moved by fills. An estimate between two balance reports; the venue has the last word. Unknown is unlimited. The
 * venues of an asset are side by side, as a decision reads them.
 */
import type { VenueIndex } from '../../shared/units/ids.ts'

export class BalanceTable {
  readonly #venues: number
  /** By asset, then venue. */
  readonly units: Float64Array

  constructor(size: { venues: number; assets: number }) {
    this.#venues = size.venues
    this.units = new Float64Array(size.venues * size.assets).fill(Number.POSITIVE_INFINITY)
  }

  /** Where the venues of an asset begin in `units`. */
  from(asset: number): number {
    return asset * this.#venues
  }

  free(venue: VenueIndex, asset: number): number {
    return this.units[asset * this.#venues + venue]
  }

  /** The venue's word replaces the estimate. */
  set(venue: VenueIndex, asset: number, units: number): void {
    this.units[asset * this.#venues + venue] = units
  }

  /** Positive frees or brings in, negative reserves or spends. */
  move(venue: VenueIndex, asset: number, units: number): void {
    this.units[asset * this.#venues + venue] += units
  }
}
