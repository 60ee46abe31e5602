/** Every venue by its number and by its name, each with its door. */
import { assert } from '../../shared/assert.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { VenueIndex } from '../../shared/units/ids.ts'
import type { VenueAdapter } from './venue-adapter.ts'

export class VenueRegistry {
  readonly venues: readonly Venue[]
  /** By venue index. */
  readonly adapters: readonly VenueAdapter[]
  readonly #indexes: ReadonlyMap<string, VenueIndex>

  constructor(venues: readonly Venue[], adapters: readonly VenueAdapter[]) {
    assert(venues.length === adapters.length, 'every venue has one door')
    assert(
      venues.every((venue, at) => venue.index === at && adapters[at].venue === at),
      'venues and doors stand in the order of their numbers',
    )
    this.venues = venues
    this.adapters = adapters
    this.#indexes = new Map(venues.map(({ id, index }) => [id, index]))
  }

  /** The venue with this id, or undefined. */
  find(id: string): VenueIndex | undefined {
    return this.#indexes.get(id)
  }

  /** Venues whose link is up now. */
  get upCount(): number {
    return this.adapters.filter(({ isUp }) => isUp).length
  }
}
