/** Whose each event of a recording is: most hold one of our venues, some hold several under one name (Bybit: spot and linear). */
import type { FeedVenue } from '../venues/feed/feed-venue.ts'
import type { CaptureEvent } from './capture-file.ts'

export interface VenueEvents {
  readonly venue: FeedVenue
  readonly events: readonly CaptureEvent[]
}

/** Events keep their order. What no address tells (a part without its beginning) goes to the first venue. O(events). */
export function eventsByVenue(events: readonly CaptureEvent[], venues: readonly FeedVenue[]): readonly VenueEvents[] {
  if (venues.length <= 1) return venues.map((venue) => ({ venue, events }))
  const byVenue = new Map<FeedVenue, CaptureEvent[]>(venues.map((venue) => [venue, []]))
  const byConnection = new Map<string, FeedVenue>()
  for (const event of events) {
    const owner = event.url === '' ? undefined : venues.find((venue) => venue.ownsAddress?.(event.url))
    if (owner !== undefined && event.kind !== 'http') byConnection.set(event.connection, owner)
    const venue = owner ?? byConnection.get(event.connection) ?? venues[0]
    byVenue.get(venue)?.push(event)
  }
  return [...byVenue].flatMap(([venue, own]) => (own.length === 0 ? [] : [{ venue, events: own }]))
}
