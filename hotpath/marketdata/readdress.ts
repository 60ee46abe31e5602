/** The same path and query at other addresses: a proxy, a testnet, an emulator instead of the venue's own. */
import type { FeedVenue } from '../venues/feed/feed-venue.ts'

export interface FeedEndpoints {
  readonly rest: string
  readonly publicSocket: string
}

export function readdressed(url: string, endpoints: FeedEndpoints | undefined): string {
  if (endpoints === undefined) return url
  const { protocol, pathname, search } = new URL(url)
  const base = new URL(protocol.startsWith('ws') ? endpoints.publicSocket : endpoints.rest)
  return `${base.protocol}//${base.host}${pathname}${search}`
}

/** For venues that are named there; all others stay where they are. */
export function readdresser(
  endpoints: Readonly<Record<string, FeedEndpoints>>,
): (venue: FeedVenue, url: string) => string {
  return (venue, url) => readdressed(url, Object.hasOwn(endpoints, venue.id) ? endpoints[venue.id] : undefined)
}
