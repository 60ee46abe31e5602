/** Latency as operators and programs read it: types only, shared with the client. Times are microseconds with fractions. */

export interface LatencyFigures {
  readonly count: number
  readonly meanUs: number
  readonly p50Us: number
  readonly p90Us: number
  readonly p99Us: number
  readonly p999Us: number
  readonly maxUs: number
}

export interface StageLatency extends LatencyFigures {
  readonly stage: string
  /** A step of an order's way, a total over steps, or a round trip to a venue. */
  readonly kind: 'step' | 'total' | 'roundTrip'
  /** From where to where, in words. */
  readonly meaning: string
}

/** What is known of the way to a venue, apart from orders; absent: not known. A row of the network view is one. */
export interface VenueNetwork {
  readonly venue: string
  readonly distanceKm?: number | undefined
  /** No round trip can be shorter: the distance at the speed of light in glass, there and back. */
  readonly floorUs?: number | undefined
  /** Venue clock minus ours, and how far off that may be. */
  readonly offsetUs?: number | undefined
  readonly offsetBoundUs?: number | undefined
  /** Of the newest round trip, the way there: between these. */
  readonly oneWayLowUs?: number | undefined
  readonly oneWayHighUs?: number | undefined
  /** In a word. */
  readonly congestion?: string | undefined
  readonly note?: string | undefined
}

export interface VenueLatency {
  readonly venue: string
  readonly ack: LatencyFigures
  readonly fill: LatencyFigures
  readonly network?: VenueNetwork
}

export interface LatencyReport {
  /** In the order of an order's way. */
  readonly stages: readonly StageLatency[]
  readonly venues: readonly VenueLatency[]
  /** Times that came out negative: clocks were compared that cannot be. Not in the figures. */
  readonly refused: number
}

/** Where the time of one order went; steps that it did not take are absent. */
export interface OrderSteps {
  /** From the message to the end of its last step. */
  readonly totalUs: number
  readonly steps: readonly { readonly stage: string; readonly us: number }[]
}
