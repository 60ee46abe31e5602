/**
 * The latencies of the router: a histogram a stage, and two a venue. One writer (the latency tracker, on the core's
 * thread); given shared memory, any thread reads the same board.
 *
 * Stages of our own are right to three digits, venues to two: a network jitters by more than 0.8 %. With 32 venues
 * that is 8 x 188,480 + 64 x 26,688 bytes = 3.2 MB (three digits everywhere: 13.6 MB), of which the machine gives only
 * the pages that were touched.
 */
import type { VenueIndex } from '../../shared/units/ids.ts'
import { Histogram, histogramBytes } from '../telemetry/histogram.ts'
import { LatencyStage, OWN_STAGES } from './latency-stage.ts'

const OWN_DIGITS = 3
const VENUE_DIGITS = 2
/** Of one venue: acknowledgements, then fills. */
const VENUE_HISTOGRAMS = 2

export function latencyBoardBytes(venues: number): number {
  return OWN_STAGES * histogramBytes(OWN_DIGITS) + venues * VENUE_HISTOGRAMS * histogramBytes(VENUE_DIGITS)
}

export class LatencyBoard {
  readonly venues: number
  readonly #own: readonly Histogram[]
  readonly #acks: readonly Histogram[]
  readonly #fills: readonly Histogram[]

  /** `memory` at `offset`, a multiple of 8, holds `latencyBoardBytes`. */
  constructor(venues: number, memory: ArrayBufferLike = new ArrayBuffer(latencyBoardBytes(venues)), offset = 0) {
    this.venues = venues
    const ownBytes = histogramBytes(OWN_DIGITS)
    const venueBytes = histogramBytes(VENUE_DIGITS)
    const first = offset + OWN_STAGES * ownBytes
    this.#own = Array.from({ length: OWN_STAGES }, (_, at) => new Histogram(OWN_DIGITS, memory, offset + at * ownBytes))
    const ofVenues = (which: number) =>
      Array.from(
        { length: venues },
        (_, at) => new Histogram(VENUE_DIGITS, memory, first + (at * VENUE_HISTOGRAMS + which) * venueBytes),
      )
    this.#acks = ofVenues(0)
    this.#fills = ofVenues(1)
  }

  /** Of a stage before OWN_STAGES; in the unit of its facts. */
  stage(stage: LatencyStage): Histogram {
    return this.#own[stage]
  }

  /** Microseconds. */
  ack(venue: VenueIndex): Histogram {
    return this.#acks[venue]
  }

  /** Microseconds. */
  fill(venue: VenueIndex): Histogram {
    return this.#fills[venue]
  }

  /** A stage over everything: percentiles cannot be averaged, histograms can be merged. O(buckets x venues). */
  whole(stage: LatencyStage): Histogram {
    if (stage < OWN_STAGES) return this.#own[stage]
    const all = new Histogram(VENUE_DIGITS)
    for (const one of stage === LatencyStage.venueAck ? this.#acks : this.#fills) all.merge(one)
    return all
  }
}
