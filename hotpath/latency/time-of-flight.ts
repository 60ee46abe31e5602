/** The least time a signal needs over a distance, and what it means when a measured round trip is shorter. Microseconds. */
import { assert } from '../../shared/assert.ts'
import { US_PER_S } from '../../shared/units/time.ts'

const LIGHT_M_PER_S = 299_792_458
/** How much slower than in vacuum: group index of single-mode fibre at 1550 nm (Corning SMF-28), air at sea level. */
const refraction = { fibre: 1.468, microwave: 1.0003, vacuum: 1 } as const
export type Medium = keyof typeof refraction

/** One way, in a straight line over the ground. */
export function flightUs(distanceM: number, medium: Medium): number {
  assert(distanceM >= 0, 'a distance is 0 or more')
  return ((distanceM * refraction[medium]) / LIGHT_M_PER_S) * US_PER_S
}

export interface FlightTimes {
  readonly fibreOneWayUs: number
  readonly fibreRoundTripUs: number
  readonly microwaveOneWayUs: number
  readonly vacuumOneWayUs: number
}

/** `routeFactor`: how much longer the cable is than the geodesic, 1 or more (1.2 to 2 is usual); radio goes straight. */
export function flightTimes(distanceM: number, routeFactor: number): FlightTimes {
  assert(routeFactor >= 1, 'no cable is shorter than the geodesic')
  const fibreOneWayUs = flightUs(distanceM * routeFactor, 'fibre')
  return {
    fibreOneWayUs,
    fibreRoundTripUs: 2 * fibreOneWayUs,
    microwaveOneWayUs: flightUs(distanceM, 'microwave'),
    vacuumOneWayUs: flightUs(distanceM, 'vacuum'),
  }
}

/** What no round trip over this distance can be faster than: the straight fibre, unless microwave is rented. */
export function roundTripFloorUs(distanceM: number, medium: Medium = 'fibre'): number {
  return 2 * flightUs(distanceM, medium)
}

export type RoundTripVerdict =
  /** `aboveFloorUs`: what the route, the routers and the venue took. */
  { readonly ok: true; readonly aboveFloorUs: number } | { readonly ok: false; readonly error: string }

/** A sample below the floor is not a fast network but a wrong clock (or a wrong place, or a wrong unit). */
export function judgeRoundTrip(sampleUs: number, floorUs: number): RoundTripVerdict {
  if (sampleUs >= floorUs) return { ok: true, aboveFloorUs: sampleUs - floorUs }
  const [sample, floor] = [sampleUs, floorUs].map((us) => `${us.toFixed(1)} us`)
  return { ok: false, error: `clock error: a round trip of ${sample} is below the floor of ${floor}` }
}
