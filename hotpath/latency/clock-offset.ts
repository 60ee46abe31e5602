/**
 * How far a venue's clock is from ours, and how far that can be wrong: the on-wire protocol of NTP (RFC 5905, section 8) over
 * given samples, and kept up to date with every answer of a venue. Offset = venue's clock minus ours.
 */
import { assert } from '../../shared/assert.ts'

/** t0 sent (ours), t1 received there, t2 sent there, t3 received (ours); one unit of time throughout. */
export type ClockSample = readonly [sent: number, venueReceived: number, venueSent: number, received: number]

export interface ClockEstimate {
  readonly offsets: readonly number[]
  readonly delays: readonly number[]
  /** The first sample of the smallest delay. */
  readonly bestIndex: number
  readonly offset: number
  /** Half the smallest delay: all of it may have been on one way. */
  readonly errorBound: number
}

/** Needs a sample. O(samples). */
export function clockEstimate(samples: readonly ClockSample[]): ClockEstimate {
  assert(samples.length > 0, 'an offset needs a sample')
  const offsets = samples.map(([t0, t1, t2, t3]) => (t1 - t0 + (t2 - t3)) / 2)
  const delays = samples.map(([t0, t1, t2, t3]) => t3 - t0 - (t2 - t1))
  const bestIndex = delays.reduce((best, delay, at) => (delay < delays[best] ? at : best), 0)
  return { offsets, delays, bestIndex, offset: offsets[bestIndex], errorBound: delays[bestIndex] / 2 }
}

export interface ClockOffsetOptions {
  /** How fast two clocks may part, millionths: RFC 5905 takes 15, cheap machines do 50. */
  readonly driftPpm?: number
  /** Venues cut their stamps: a stamp of 5 ms means from 5.000 to 5.999 ms. */
  readonly venueResolutionUs?: number
  /** What each way takes at least (geodesic and speed of light), if the venue's place is known. */
  readonly oneWayFloorUs?: number
}

/** So many answers in a row against everything before them mean that a clock was set, not that one stamp was wrong. */
const CONTRADICTIONS_MAX = 3
const PPM = 1_000_000

const SENT = 0
const VENUE_RECEIVED = 1
const VENUE_SENT = 2
const RECEIVED = 3
const LOW = 4
const HIGH = 5
const LAST = 6
const SLOTS = 7

/**
 * Every sample says: the offset lies between venueSent - received and venueReceived - sent (less the floors), because no way
 * takes less than nothing. All samples hold together when older ones are widened by what the clocks may have drifted since;
 * widening and intersecting commute, so two numbers remember the whole history, and they are never wider than the sample of
 * the smallest delay in any window (Marzullo and Owicki 1983). O(1) an answer, nothing allocated. Stamps in microseconds.
 */
export class ClockOffset {
  readonly #drift: number
  readonly #resolutionUs: number
  readonly #floorUs: number
  readonly #state = new Float64Array(SLOTS)
  #samples = 0
  #contradictions = 0
  /** Answers that came before they were sent, with the time there taken off: no such thing. Not used. */
  impossible = 0
  /** Times a clock was set: everything before was forgotten. */
  steps = 0

  constructor({ driftPpm = 50, venueResolutionUs = 1_000, oneWayFloorUs = 0 }: ClockOffsetOptions = {}) {
    assert(driftPpm >= 0 && venueResolutionUs >= 0 && oneWayFloorUs >= 0, 'drift, resolution and floor are 0 or more')
    this.#drift = driftPpm / PPM
    this.#resolutionUs = venueResolutionUs
    this.#floorUs = oneWayFloorUs
  }

  get samples(): number {
    return this.#samples
  }

  /** Answers in time order. Where a venue gives one stamp it is both. Small, so that it is inlined and nothing is boxed. */
  note(sentUs: number, venueReceivedUs: number, venueSentUs: number, receivedUs: number): void {
    const state = this.#state
    state[SENT] = sentUs
    state[VENUE_RECEIVED] = venueReceivedUs
    state[VENUE_SENT] = venueSentUs
    state[RECEIVED] = receivedUs
    this.#fold()
  }

  #fold(): void {
    const state = this.#state
    // the stamps are as old as the round trip at most, and the clocks drifted meanwhile
    const drifted = this.#drift * (state[RECEIVED] - state[SENT])
    const low = state[VENUE_SENT] - state[RECEIVED] + this.#floorUs - drifted
    const high = state[VENUE_RECEIVED] + this.#resolutionUs - state[SENT] - this.#floorUs + drifted
    if (!(low <= high) || state[RECEIVED] < state[SENT]) {
      this.impossible++
      return
    }
    const widened = this.#samples === 0 ? Number.POSITIVE_INFINITY : this.#drift * this.#since(state[RECEIVED])
    const lowBoth = Math.max(low, state[LOW] - widened)
    const highBoth = Math.min(high, state[HIGH] + widened)
    if (lowBoth <= highBoth) {
      this.#take(lowBoth, highBoth)
      this.#contradictions = 0
      return
    }
    if (++this.#contradictions < CONTRADICTIONS_MAX) return
    this.steps++
    this.#contradictions = 0
    this.#take(low, high)
  }

  #take(low: number, high: number): void {
    this.#state[LOW] = low
    this.#state[HIGH] = high
    this.#state[LAST] = this.#state[RECEIVED]
    this.#samples++
  }

  #since(nowUs: number): number {
    return Math.max(0, nowUs - this.#state[LAST])
  }

  /** Middle of what is possible; NaN before the first answer. */
  get offsetUs(): number {
    return this.#samples === 0 ? Number.NaN : (this.#state[LOW] + this.#state[HIGH]) / 2
  }

  /** The true offset at `nowUs` (ours) is no farther from `offsetUs` than this; Infinity before the first answer. */
  boundUs(nowUs: number): number {
    if (this.#samples === 0) return Number.POSITIVE_INFINITY
    return (this.#state[HIGH] - this.#state[LOW]) / 2 + this.#drift * this.#since(nowUs)
  }
}
