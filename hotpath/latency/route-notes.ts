/** The ways to each venue that the configured links give, in words: the fastest, and the one that survives its failure. */
import { NS_PER_MS } from '../../shared/units/time.ts'
import { type NetworkLink, venueRoutes } from './network-path.ts'
import { placeOf } from './venue-places.ts'

/** By venue; empty where no link is configured or none leads there. `from`: our region's name. Allocates: at boot. */
export function routeNotes(venueIds: readonly string[], from: string, links: readonly NetworkLink[]): string[] {
  const known = venueIds.flatMap((id, venue) => {
    const { region } = placeOf(id)
    return region === undefined ? [] : [{ venue, region: region.name }]
  })
  const notes = venueIds.map(() => '')
  for (const { venue, routes } of venueRoutes(links, from, known)) {
    const words = routes.map(({ regions, costNs }) => `${regions.join(' > ')} ${(costNs / NS_PER_MS).toFixed(1)} ms`)
    if (words.length > 0)
      notes[venue] = `way ${words[0]}${words.length > 1 ? `, backup ${words.at(-1)}` : ', no backup'}`
  }
  return notes
}
