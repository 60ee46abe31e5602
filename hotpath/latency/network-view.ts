/** What the network to every venue is like: distance, floor, clock, one-way bounds, congestion. A row per venue for people. */
import type { VenueIndex } from '../../shared/units/ids.ts'
import { ClockOffset } from './clock-offset.ts'
import { CongestionDetector, congestionNames } from './congestion.ts'
import { geodesic } from './geodesic.ts'
import type { VenueNetwork } from './latency-report.ts'
import { narrowed, type OneWayBounds, oneWayBounds } from './one-way-delay.ts'
import type { Region } from './regions.ts'
import { judgeRoundTrip, roundTripFloorUs } from './time-of-flight.ts'
import { placeOf, type VenuePlace } from './venue-places.ts'

/** Absent: not known (no answer yet, or a place that nobody tells). */
export interface NetworkRow extends VenueNetwork {
  /** Of the newest round trip, the way there. */
  readonly oneWayLowUs?: number
  readonly oneWayHighUs?: number
  readonly congestion: string
  readonly note: string
}

/** Venues write milliseconds and cut the rest off. */
const VENUE_RESOLUTION_US = 1_000

/** What is known before the first answer. */
interface Way {
  readonly venue: string
  readonly place: VenuePlace
  readonly distanceKm?: number
  /** Of a round trip in straight fibre, both places as near to each other as they may be; of published places only. */
  readonly floorUs?: number
}

export class NetworkView {
  readonly #ways: readonly Way[]
  readonly #isPlaced: boolean
  readonly #offsets: readonly ClockOffset[]
  readonly #congestion: readonly CongestionDetector[]
  /** By venue, of the newest answer: round trip and venue's stamp minus sending time (NaN without a stamp); least round trip. */
  readonly #roundTripUs: Float64Array
  readonly #forwardUs: Float64Array
  readonly #leastUs: Float64Array
  /** Sent, the venue's time (0: none), received. */
  readonly stamps = new Float64Array(3)

  /** `region`: where this machine stands; undefined: unknown, so no distance and no floor is claimed. */
  constructor(venueIds: readonly string[], region?: Region) {
    this.#isPlaced = region !== undefined
    this.#ways = venueIds.map((venue) => wayTo(venue, region))
    this.#offsets = this.#ways.map(({ floorUs = 0 }) => {
      return new ClockOffset({ venueResolutionUs: VENUE_RESOLUTION_US, oneWayFloorUs: floorUs / 2 })
    })
    this.#congestion = venueIds.map(() => new CongestionDetector())
    this.#roundTripUs = new Float64Array(venueIds.length).fill(Number.NaN)
    this.#forwardUs = new Float64Array(venueIds.length).fill(Number.NaN)
    this.#leastUs = new Float64Array(venueIds.length).fill(Number.POSITIVE_INFINITY)
  }

  get venues(): number {
    return this.#ways.length
  }

  congestionOf(venue: VenueIndex): CongestionDetector {
    return this.#congestion[venue]
  }

  offsetOf(venue: VenueIndex): ClockOffset {
    return this.#offsets[venue]
  }

  /** An answer to something sent once. Stamps in wall-clock microseconds; `venueTimeUs` 0 when it bears none. O(1). */
  note(venue: VenueIndex, sentUs: number, venueTimeUs: number, receivedUs: number): void {
    this.stamps[0] = sentUs
    this.stamps[1] = venueTimeUs
    this.stamps[2] = receivedUs
    this.noteStamps(venue)
  }

  /** The same with the times in `stamps`: as arguments they would be boxed. */
  noteStamps(venue: VenueIndex): void {
    const sentUs = this.stamps[0]
    const venueTimeUs = this.stamps[1]
    const receivedUs = this.stamps[2]
    const roundTripUs = receivedUs - sentUs
    this.#roundTripUs[venue] = roundTripUs
    if (roundTripUs < this.#leastUs[venue]) this.#leastUs[venue] = roundTripUs
    this.#congestion[venue].note(roundTripUs)
    this.#forwardUs[venue] = venueTimeUs > 0 ? venueTimeUs - sentUs : Number.NaN
    if (venueTimeUs > 0) this.#offsets[venue].note(sentUs, venueTimeUs, venueTimeUs, receivedUs)
  }

  /** Allocates: for people. `nowUs`: our wall clock. */
  rows(nowUs: number): NetworkRow[] {
    return this.#ways.map((way, at) => this.#rowOf(way, at, nowUs))
  }

  #rowOf({ venue, place, distanceKm, floorUs }: Way, at: number, nowUs: number): NetworkRow {
    const offset = this.#offsets[at]
    const hasOffset = offset.samples > 0
    const bounds = this.#oneWayOf(at, floorUs ?? 0, nowUs)
    const hasBounds = bounds !== undefined && bounds.low <= bounds.high
    return {
      venue,
      ...(distanceKm === undefined ? {} : { distanceKm }),
      ...(floorUs === undefined ? {} : { floorUs }),
      ...(hasOffset ? { offsetUs: offset.offsetUs, offsetBoundUs: offset.boundUs(nowUs) } : {}),
      ...(hasBounds ? { oneWayLowUs: bounds.low, oneWayHighUs: bounds.high } : {}),
      congestion: congestionNames[this.#congestion[at].now],
      note: this.#notesOf(place, floorUs, at).join('; '),
    }
  }

  #oneWayOf(at: number, floorUs: number, nowUs: number): OneWayBounds | undefined {
    const roundTripUs = this.#roundTripUs[at]
    if (Number.isNaN(roundTripUs)) return undefined
    const alone = oneWayBounds(roundTripUs, floorUs / 2, floorUs / 2)
    const offset = this.#offsets[at]
    if (Number.isNaN(this.#forwardUs[at]) || offset.samples === 0) return alone
    const half = VENUE_RESOLUTION_US / 2
    return narrowed(alone, this.#forwardUs[at] + half, offset.offsetUs, offset.boundUs(nowUs) + half)
  }

  #notesOf({ region, confidence }: VenuePlace, floorUs: number | undefined, at: number): string[] {
    const notes: string[] = []
    if (!this.#isPlaced) notes.push('our region is not configured')
    if (region === undefined) notes.push('place unknown')
    else notes.push(`${region.city} (${confidence})`)
    const least = this.#leastUs[at]
    if (least === Number.POSITIVE_INFINITY) notes.push('no answer yet')
    else if (floorUs !== undefined) {
      const verdict = judgeRoundTrip(least, floorUs)
      if (!verdict.ok) notes.push(verdict.error)
    }
    const { impossible, steps } = this.#offsets[at]
    if (impossible > 0) notes.push(`${impossible} impossible stamps`)
    if (steps > 0) notes.push(`a clock was set ${steps} times`)
    return notes
  }
}

function wayTo(venue: string, region: Region | undefined): Way {
  const place = placeOf(venue)
  if (region === undefined || place.region === undefined) return { venue, place }
  const distanceKm = geodesic(region, place.region).distanceM / 1_000
  const nearestKm = Math.max(0, distanceKm - region.uncertaintyKm - place.region.uncertaintyKm)
  // a believed place makes no floor: a sample below it would accuse the clock of our own mistake
  if (place.confidence !== 'published') return { venue, place, distanceKm }
  return { venue, place, distanceKm, floorUs: roundTripFloorUs(nearestKm * 1_000) }
}
