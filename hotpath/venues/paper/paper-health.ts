/** The health of the public feeds that paper venues stand on, as their process tells it to routers about once a second. */
import { z } from 'zod'
import type { VenueHealth } from '../../../shared/domain/venue-health.ts'
import { VENUES_MAX } from '../../../shared/limits.ts'

const count = z.number().nonnegative()

const venueHealth = z.strictObject({
  venue: z.string().max(64),
  state: z.enum(['connecting', 'open', 'closed']),
  trouble: z.string().max(1_000),
  books: count,
  liveBooks: count,
  silentMs: z.number(),
  delayMs: z.number().optional(),
  frames: count,
  malformed: count,
  connects: count,
  gaps: count,
  resyncs: count,
  checksumFaults: count,
  crossed: count,
  lost: z.array(z.strictObject({ symbol: z.string().max(64), why: z.string().max(64) })).max(4_096),
})

const paperHealth = z.array(venueHealth).max(VENUES_MAX)

/** Undefined when it is not one. */
export function parseHealth(value: unknown): readonly VenueHealth[] | undefined {
  const health = paperHealth.safeParse(value)
  // The schema has checked every field; an absent delay stays absent.
  return health.success ? (health.data as readonly VenueHealth[]) : undefined
}
