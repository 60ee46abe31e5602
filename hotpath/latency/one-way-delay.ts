/** What a round trip says about its two halves: bounds that hold whatever the asymmetry. Any one unit of time. */

export interface OneWayBounds {
  readonly low: number
  readonly high: number
}

/** From the round trip alone: each way takes at least its floor, so the way there leaves the way back its own. */
export function oneWayBounds(roundTrip: number, forwardFloor: number, reverseFloor: number): OneWayBounds {
  return { low: forwardFloor, high: roundTrip - reverseFloor }
}

/**
 * From a venue's stamp as well: venueReceived - sent is off by the clocks' offset, known to within `offsetBound`; the answer is
 * where both agree. `low` above `high`: they do not, so a stamp, a floor or the offset is wrong.
 */
export function narrowed(
  bounds: OneWayBounds,
  venueReceivedMinusSent: number,
  offset: number,
  offsetBound: number,
): OneWayBounds {
  const middle = venueReceivedMinusSent - offset
  return { low: Math.max(bounds.low, middle - offsetBound), high: Math.min(bounds.high, middle + offsetBound) }
}

/** How different the two ways can be at most. */
export function asymmetryMax({ low, high }: OneWayBounds): number {
  return high - low
}
