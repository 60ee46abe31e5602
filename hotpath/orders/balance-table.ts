/**
 * What we may spend at each venue, by asset, in AssetUnits: told by the venue, reserved while a child works there,
 * moved by fills. An estimate between two balance reports; the venue has the last word. Unknown is unlimited.
 */
import type { VenueIndex } from '../../shared/units/ids.ts'

export class BalanceTable {
  readonly #assets: number
  readonly #free: Float64Array

  constructor(size: { venues: number; assets: number }) {
    this.#assets = size.assets
    this.#free = new Float64Array(size.venues * size.assets).fill(Number.POSITIVE_INFINITY)
  }

  free(venue: VenueIndex, asset: number): number {
    return this.#free[venue * this.#assets + asset]
  }

  /** The venue's word replaces the estimate. */
  set(venue: VenueIndex, asset: number, units: number): void {
    this.#free[venue * this.#assets + asset] = units
  }

  /** Positive frees or brings in, negative reserves or spends. */
  move(venue: VenueIndex, asset: number, units: number): void {
    this.#free[venue * this.#assets + asset] += units
  }
}
