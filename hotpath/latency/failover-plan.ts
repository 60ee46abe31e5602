/**
 * What happens when a venue's latency spikes or its link loses packets, decided ahead: each venue has its links in order
 * of preference (endpoints, or routes of network-path), and after the last one the venue leaves new routes, so that its
 * share goes to the others. A turn of the duty switches by reading the prepared table; after a quiet time the venue goes
 * back to its first link, and one that relapses must be quiet for twice as long. Nothing is allocated after boot.
 *
 *   link 0 --spike, loss--> link 1 --spike, loss--> out
 *     ^-------- quiet for holdNs ------|--------------'
 */
import { assert } from '../../shared/assert.ts'
import type { Duty } from '../../shared/duty.ts'
import type { MonoNs } from '../../shared/units/time.ts'
import { NS_PER_MS, NS_PER_S } from '../../shared/units/time.ts'

export const FailoverCause = { none: 0, spike: 1, loss: 2, quiet: 3 } as const
export type FailoverCause = (typeof FailoverCause)[keyof typeof FailoverCause]
export const failoverCauseNames = Object.keys(FailoverCause) as readonly (keyof typeof FailoverCause)[]

/** `linkOf` a venue that new routes leave out. */
export const LINK_OUT = -1
const SWITCHES_KEPT = 256

export interface FailoverVenue {
  /** Links in order of preference, at least one: the first is the one that is used while nothing is wrong. */
  readonly links: readonly string[]
  /** Venues that take over, best first; by number. What is not named here follows in ascending order. */
  readonly standIns?: readonly number[]
}

/** Told of every switch within the turn: reconnects to the link, or does nothing for LINK_OUT. */
export interface FailoverEvents {
  onLinkSwitch(venue: number, link: number, cause: FailoverCause): void
}

export interface FailoverLimits {
  /** Quiet time before a venue goes back to its first link, and its longest after relapses. */
  readonly holdNs: number
  readonly holdNsMax: number
}

/** 2 s is ten of the slowest usual round trips (p50 0.2 s); a venue that flaps is away for at most two minutes at a time. */
export const failoverLimitsDefault: FailoverLimits = { holdNs: 2 * NS_PER_S, holdNsMax: 120 * NS_PER_S }

/** One switch as it was: the newest are kept for the explanation. */
export interface FailoverSwitch {
  readonly atNs: MonoNs
  readonly venue: number
  readonly from: number
  readonly to: number
  readonly cause: FailoverCause
}

export class FailoverPlan implements Duty {
  readonly name = 'failover'
  readonly #venues: readonly FailoverVenue[]
  readonly #events: FailoverEvents
  readonly #limits: FailoverLimits
  readonly #linkCount: Int32Array
  readonly #link: Int32Array
  /** The cause seen since the last turn; the graver wins. */
  readonly #seen: Uint8Array
  readonly #troubleNs: Float64Array
  readonly #returnedNs: Float64Array
  readonly #holdNs: Float64Array
  /** Row of venue numbers per venue: who takes over, best first. */
  readonly #standIns: Int32Array
  readonly #counts = new Float64Array(failoverCauseNames.length)
  /** Spikes that changed nothing because the venue was the last one left. */
  readonly #kept = new Float64Array(1)
  readonly #logNs = new Float64Array(SWITCHES_KEPT)
  readonly #logVenue = new Int32Array(SWITCHES_KEPT)
  readonly #logFrom = new Int32Array(SWITCHES_KEPT)
  readonly #logTo = new Int32Array(SWITCHES_KEPT)
  readonly #logCause = new Uint8Array(SWITCHES_KEPT)
  readonly #now = new Float64Array(1)
  #logged = 0
  #usable = 0
  /** Something was seen since the last turn; and how many venues are not on their first link. */
  #isSeen = false
  #away = 0

  constructor(venues: readonly FailoverVenue[], events: FailoverEvents, limits = failoverLimitsDefault) {
    assert(venues.length > 0, 'a failover plan has a venue')
    assert(
      venues.every(({ links }) => links.length > 0),
      'a venue has at least one link',
    )
    assert(limits.holdNs > 0 && limits.holdNsMax >= limits.holdNs, 'a hold is positive and below its bound')
    const count = venues.length
    this.#venues = venues
    this.#events = events
    this.#limits = limits
    this.#linkCount = Int32Array.from(venues, ({ links }) => links.length)
    this.#link = new Int32Array(count)
    this.#seen = new Uint8Array(count)
    this.#troubleNs = new Float64Array(count)
    this.#returnedNs = new Float64Array(count).fill(Number.NEGATIVE_INFINITY)
    this.#holdNs = new Float64Array(count).fill(limits.holdNs)
    this.#standIns = new Int32Array(count * count).fill(LINK_OUT)
    venues.forEach(({ standIns = [] }, venue) => {
      const others = [...new Set([...standIns, ...venues.keys()])].filter((other) => other !== venue)
      assert(
        others.every((other) => other >= 0 && other < count),
        'a stand-in is a venue',
      )
      this.#standIns.set(others, venue * count)
    })
    this.#usable = count
  }

  /** May new orders be routed there? O(1). */
  isUsable(venue: number): boolean {
    return this.#link[venue] !== LINK_OUT
  }

  /** The link in use, by its place in the venue's list; LINK_OUT when it has none left. O(1). */
  linkOf(venue: number): number {
    return this.#link[venue]
  }

  /** The best usable venue after this one, or -1: who is next to get its share. O(venues out). */
  standInOf(venue: number): number {
    const from = venue * this.#venues.length
    for (let at = from; at < from + this.#venues.length; at++) {
      const other = this.#standIns[at]
      if (other === LINK_OUT) return LINK_OUT
      if (this.isUsable(other)) return other
    }
    return LINK_OUT
  }

  /** The venue's latency left its usual range; heeded in the next turn. O(1). */
  onSpike(venue: number): void {
    this.#isSeen = true
    if (this.#seen[venue] === FailoverCause.none) this.#seen[venue] = FailoverCause.spike
  }

  /** The venue's link lost something: a time-out, a resend, a disconnect; heeded in the next turn. O(1). */
  onLoss(venue: number): void {
    this.#isSeen = true
    this.#seen[venue] = FailoverCause.loss
  }

  /** Nothing was seen and everybody is on the first link: a turn would change nothing. */
  get isIdle(): boolean {
    return !this.#isSeen && this.#away === 0
  }

  /** Switches what was seen since the last turn and what has been quiet for long enough; answers how many. O(venues). */
  work(nowNs: MonoNs): number {
    this.#now[0] = nowNs
    let switched = 0
    this.#isSeen = false
    for (let venue = 0; venue < this.#link.length; venue++) {
      const cause = this.#seen[venue] as FailoverCause
      if (cause !== FailoverCause.none) {
        this.#seen[venue] = FailoverCause.none
        switched += this.#fail(venue, cause)
      } else if (this.#link[venue] !== 0 && nowNs - this.#troubleNs[venue] >= this.#holdNs[venue]) {
        this.#returnedNs[venue] = nowNs
        this.#switch(venue, 0, FailoverCause.quiet)
        switched++
      }
    }
    return switched
  }

  /** Switches so far by what caused them. */
  count(cause: FailoverCause): number {
    return this.#counts[cause]
  }

  /** Spikes that were not heeded, because no other venue was left. */
  get keptCount(): number {
    return this.#kept[0]
  }

  /** The newest switches, oldest first; at most 256. Allocates: for people. */
  switches(): FailoverSwitch[] {
    const kept = Math.min(this.#logged, SWITCHES_KEPT)
    return Array.from({ length: kept }, (_, at) => {
      const slot = (this.#logged - kept + at) % SWITCHES_KEPT
      return {
        atNs: this.#logNs[slot] as MonoNs,
        venue: this.#logVenue[slot],
        from: this.#logFrom[slot],
        to: this.#logTo[slot],
        cause: this.#logCause[slot] as FailoverCause,
      }
    })
  }

  /** One line of one switch, with the links' names. Allocates: for people. */
  explain(change: FailoverSwitch): string {
    const { links } = this.#venues[change.venue]
    const name = (link: number): string => (link === LINK_OUT ? 'out of new routes' : links[link])
    const why = failoverCauseNames[change.cause]
    return `${(change.atNs / NS_PER_MS).toFixed(3)} ms  venue ${change.venue}  ${why}: ${name(change.from)} -> ${name(change.to)}`
  }

  /** The next link of the table. A spike never takes the last venue out: a slow way is better than none. */
  #fail(venue: number, cause: FailoverCause): number {
    const link = this.#link[venue]
    this.#troubleNs[venue] = this.#now[0]
    if (link === LINK_OUT) return 0
    const next = link + 1 < this.#linkCount[venue] ? link + 1 : LINK_OUT
    if (next === LINK_OUT && cause === FailoverCause.spike && this.#usable === 1) {
      this.#kept[0]++
      return 0
    }
    if (link === 0) this.#lengthenHold(venue)
    this.#switch(venue, next, cause)
    return 1
  }

  /** A venue that fails again soon after it came back must be quiet for twice as long; one that held starts anew. */
  #lengthenHold(venue: number): void {
    const isRelapse = this.#now[0] - this.#returnedNs[venue] < 2 * this.#holdNs[venue]
    this.#holdNs[venue] = isRelapse ? Math.min(2 * this.#holdNs[venue], this.#limits.holdNsMax) : this.#limits.holdNs
  }

  #switch(venue: number, to: number, cause: FailoverCause): void {
    const from = this.#link[venue]
    if (from === LINK_OUT) this.#usable++
    if (to === LINK_OUT) this.#usable--
    if (from === 0) this.#away++
    if (to === 0) this.#away--
    this.#link[venue] = to
    this.#counts[cause]++
    const slot = this.#logged % SWITCHES_KEPT
    this.#logNs[slot] = this.#now[0]
    this.#logVenue[slot] = venue
    this.#logFrom[slot] = from
    this.#logTo[slot] = to
    this.#logCause[slot] = cause
    this.#logged++
    this.#events.onLinkSwitch(venue, to, cause)
  }
}
