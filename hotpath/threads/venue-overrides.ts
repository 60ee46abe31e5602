/** What the configuration says of single venues, over what the market says. */
import type { HotpathConfig } from '../../shared/config/hotpath-config.ts'
import type { Instrument, Listing } from '../../shared/domain/instrument.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { RatePpm } from '../../shared/units/ticks.ts'

interface Terms {
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
}

/** Throws a line for people when a venue is not in the market. A disabled venue lists nothing. */
export function withVenueOverrides(market: Terms, overrides: HotpathConfig['venues']): Terms {
  for (const id of Object.keys(overrides)) {
    if (!market.venues.some((venue) => venue.id === id)) throw new Error(`venues.${id}: this market has no such venue`)
  }
  const venues = market.venues.map((venue) => {
    const { ordersPerSecond, ordersBurst } = overrides[venue.id] ?? {}
    return {
      ...venue,
      ...(ordersPerSecond !== undefined && { ordersPerSecond }),
      ...(ordersBurst !== undefined && { ordersBurst }),
    }
  })
  const listings = market.listings.flatMap((listing) => {
    const { disabled, takerPpm, makerPpm } = overrides[market.venues[listing.venue].id] ?? {}
    if (disabled === true) return []
    return {
      ...listing,
      ...(takerPpm !== undefined && { takerPpm: takerPpm as RatePpm }),
      ...(makerPpm !== undefined && { makerPpm: makerPpm as RatePpm }),
    }
  })
  return { venues, instruments: market.instruments, listings }
}
