/** What we know of each venue right now: is its link up, how fast it answers, may we send. */
import type { VenueIndex } from '../../shared/units/ids.ts'
import { NS_PER_S } from '../../shared/units/time.ts'

/** Weight of the newest round trip (RFC 6298, section 2: alpha = 1/8). */
const LATENCY_WEIGHT = 1 / 8

export class VenueStateTable {
  readonly venues: number
  readonly isUp: Uint8Array
  /** Reconciled since its link came up: new orders may go there. */
  readonly isReady: Uint8Array
  /** False while the venue's link is too slow or loses what is sent: nothing new goes there. */
  readonly isUsable: Uint8Array
  /** Ready and usable, bit by venue, as two halves; and ready alone, for an order that has no other choice. */
  readonly readyBits = new Int32Array(2)
  readonly upBits = new Int32Array(2)
  /** Smoothed order round trip; 0 before the first. */
  readonly latencyNs: Float64Array
  /** Counts the changes of `latencyNs`. */
  latencyVersion = 0
  /** Highest execution number booked from each venue: where the next reconciliation starts. */
  readonly lastExecution: Float64Array
  /** By venue, orders that may go at once; below 1 ask `hasToken`, which gains what time brought. */
  readonly tokens: Float64Array
  readonly #tokensNs: Float64Array
  readonly #perSecond: Float64Array
  readonly #burst: Float64Array

  constructor(venues: readonly { ordersPerSecond: number; ordersBurst: number }[]) {
    this.venues = venues.length
    this.isUp = new Uint8Array(venues.length)
    this.isReady = new Uint8Array(venues.length)
    this.isUsable = new Uint8Array(venues.length).fill(1)
    this.latencyNs = new Float64Array(venues.length)
    this.lastExecution = new Float64Array(venues.length)
    this.#perSecond = Float64Array.from(venues, ({ ordersPerSecond }) => ordersPerSecond)
    this.#burst = Float64Array.from(venues, ({ ordersBurst }) => ordersBurst)
    this.tokens = Float64Array.from(this.#burst)
    this.#tokensNs = new Float64Array(venues.length)
  }

  setReady(venue: VenueIndex, isReady: boolean): void {
    this.isReady[venue] = isReady ? 1 : 0
    this.#setBit(venue)
  }

  /** Is a venue left out that could be traded at? */
  get leavesOut(): boolean {
    return this.readyBits[0] !== this.upBits[0] || this.readyBits[1] !== this.upBits[1]
  }

  setUsable(venue: VenueIndex, isUsable: boolean): void {
    this.isUsable[venue] = isUsable ? 1 : 0
    this.#setBit(venue)
  }

  #setBit(venue: VenueIndex): void {
    const half = venue >>> 5
    if (this.isReady[venue] === 1) this.upBits[half] |= 1 << venue
    else this.upBits[half] &= ~(1 << venue)
    if ((this.isReady[venue] & this.isUsable[venue]) === 1) this.readyBits[half] |= 1 << venue
    else this.readyBits[half] &= ~(1 << venue)
  }

  /** A round trip of `column[at]` nanoseconds: doubles as arguments would be boxed. */
  noteRoundTrip(venue: VenueIndex, column: Float64Array, at: number): void {
    const before = this.latencyNs[venue]
    const ns = column[at]
    this.latencyVersion = (this.latencyVersion + 1) | 0
    this.latencyNs[venue] = before === 0 ? ns : before + (ns - before) * LATENCY_WEIGHT
  }

  /** May one more order go to this venue within its rate limit? O(1). */
  hasToken(venue: VenueIndex, nowNs: number): boolean {
    if (this.tokens[venue] >= 1) return true
    this.#gain(venue, nowNs)
    return this.tokens[venue] >= 1
  }

  takeToken(venue: VenueIndex): void {
    this.tokens[venue] -= 1
  }

  #gain(venue: number, nowNs: number): void {
    const gained = ((nowNs - this.#tokensNs[venue]) * this.#perSecond[venue]) / NS_PER_S
    if (gained <= 0) return
    this.tokens[venue] = Math.min(this.#burst[venue], this.tokens[venue] + gained)
    this.#tokensNs[venue] = nowNs
  }
}
