/**
 * What orders teach about the way to each venue, and what follows from it: round trips go to the stamps, to the network
 * view and to the forecast; a spike or a loss takes a venue out of new routes; levels found gone make time dearer there.
 * The core calls in at four places; everything else happens in `work`, beside the orders.
 */
import type { Turn } from '../../shared/turn.ts'
import type { ChildRow, ParentRow, VenueIndex } from '../../shared/units/ids.ts'
import { NS_PER_MS, NS_PER_US } from '../../shared/units/time.ts'
import type { BookRow, BookTable } from '../book/book-table.ts'
import type { VenueStateTable } from '../plan/venue-state-table.ts'
import type { ArrivalSpread } from './arrival-spread.ts'
import { Congestion } from './congestion.ts'
import type { FailoverPlan } from './failover-plan.ts'
import type { ForecastFeed } from './forecast-duty.ts'
import type { LatencyTracker } from './latency-tracker.ts'
import type { NetworkView } from './network-view.ts'
import type { QuoteDecay } from './quote-decay.ts'
import type { TimePrices } from './time-prices.ts'

/** A spike is worth a switch when the round trip is this much longer than forecast, and by at least this much. */
const SPIKE_TIMES = 3
const SPIKE_NS_MIN = 5 * NS_PER_MS
/** Round trips between two turns; more of them teach nothing more. */
const HEARD_MAX = 4_096
/** Doubles of one: venue, nanoseconds, the venue's time and ours, microseconds. */
const HEARD = 4
const Slot = { venue: 0, ns: 1, venueUs: 2, nowUs: 3 } as const
/** When more than this share of the venues is congested at once, what is slow is on our side of the wire. */
const OURS_SHARE = 0.34

export interface LatencyWatchParts {
  readonly tracker: LatencyTracker
  readonly network: NetworkView
  readonly forecast: ForecastFeed
  /** Absent: a slow venue stays in. */
  readonly failover: FailoverPlan | undefined
  readonly decay: QuoteDecay
  readonly spread: ArrivalSpread
  /** Absent: time is not priced. */
  readonly prices: TimePrices | undefined
  readonly books: BookTable
  readonly states: VenueStateTable
  readonly turn: Turn
  readonly childrenMax: number
}

/** What is read of a venue's report; its time is 0 when the venue did not say it. */
interface Heard {
  readonly venue: VenueIndex
  readonly venueTimeUs: number
}

export class LatencyWatch {
  readonly parts: LatencyWatchParts
  /** By child row: since when the level it was sent for has been shown. */
  readonly #shownNs: Float64Array
  /** By child row: has its venue said anything of it? */
  readonly #isHeard: Uint8Array
  readonly #isCongested: Uint8Array
  #congested = 0
  /** What was heard since the last turn: learning from it waits until the orders are out. */
  readonly #queue = new Float64Array(HEARD_MAX * HEARD)
  #queued = 0

  constructor(parts: LatencyWatchParts) {
    this.parts = parts
    this.#shownNs = new Float64Array(parts.childrenMax)
    this.#isHeard = new Uint8Array(parts.childrenMax)
    this.#isCongested = new Uint8Array(parts.network.venues)
  }

  /** A route begins, with so many children. */
  begun(parent: ParentRow, children: number): void {
    this.parts.spread.begin(parent, children)
  }

  /** A child goes to its door; `book` is the one it was decided on, `rests`: it waits there for others. */
  sent(child: ChildRow, book: BookRow, rests: boolean): void {
    this.parts.tracker.sent(child, rests)
    this.#shownNs[child] = this.parts.books.updatedNs(book)
    this.#isHeard[child] = 0
  }

  /** It certainly did not go out. */
  notSent(parent: ParentRow, child: ChildRow): void {
    this.parts.tracker.sentNs[child] = 0
    this.parts.spread.lost(parent)
  }

  /** A child is acknowledged, or its fill says so. The report comes whole: its time as an argument would be boxed. */
  heard(parent: ParentRow, child: ChildRow, report: Heard): void {
    const { tracker, turn, spread } = this.parts
    const sentNs = tracker.sentNs[child]
    if (this.#isHeard[child] === 1 || sentNs === 0) return
    this.#isHeard[child] = 1
    tracker.acknowledged(child, report.venue)
    spread.landed(parent, tracker.sentNs, child)
    if (this.#queued === HEARD_MAX) return
    const at = this.#queued++ * HEARD
    this.#queue[at + Slot.venue] = report.venue
    this.#queue[at + Slot.ns] = turn.nowNs - sentNs
    this.#queue[at + Slot.venueUs] = report.venueTimeUs
    this.#queue[at + Slot.nowUs] = turn.nowUs
  }

  /** An immediate child found its level, or did not. */
  found(child: ChildRow, venue: VenueIndex, isGone: boolean): void {
    const shownNs = this.#shownNs[child]
    if (shownNs === 0) return
    this.#shownNs[child] = 0
    this.parts.decay.note(venue, this.parts.turn.nowNs - shownNs, isGone)
  }

  /** Silent past its deadline, or the link went down under it. */
  lost(venue: VenueIndex): void {
    this.parts.failover?.onLoss(venue)
  }

  /** Beside the orders, once a turn. Its time is the turn's: handed over it would be boxed at every step. */
  work(): void {
    const { forecast, failover, prices, states, turn } = this.parts
    for (let at = 0; at < this.#queued; at++) this.#learn(at * HEARD)
    this.#queued = 0
    forecast.work()
    if (failover !== undefined && !failover.isIdle && failover.work(turn.nowNs) > 0) {
      for (let venue = 0; venue < states.venues; venue++)
        states.setUsable(venue as VenueIndex, failover.isUsable(venue))
    }
    prices?.work(turn)
  }

  #learn(at: number): void {
    const { network, forecast, states } = this.parts
    const queue = this.#queue
    const venue = queue[at + Slot.venue] as VenueIndex
    states.noteRoundTrip(venue, queue, at + Slot.ns)
    network.stamps[0] = queue[at + Slot.nowUs] - Math.round(queue[at + Slot.ns] / NS_PER_US)
    network.stamps[1] = queue[at + Slot.venueUs]
    network.stamps[2] = queue[at + Slot.nowUs]
    network.noteStamps(venue)
    forecast.sample[0] = queue[at + Slot.ns]
    forecast.sample[1] = queue[at + Slot.nowUs]
    forecast.note(venue)
    this.#judge(venue, at)
  }

  /** Congestion alone is a number; together with a round trip far beyond its forecast it is a reason to go elsewhere. */
  #judge(venue: VenueIndex, at: number): void {
    const { network, forecast, failover } = this.parts
    const isCongested = network.congestionOf(venue).now === Congestion.congested ? 1 : 0
    this.#congested += isCongested - this.#isCongested[venue]
    this.#isCongested[venue] = isCongested
    if (isCongested === 0 || this.#congested > Math.max(1, OURS_SHARE * this.#isCongested.length)) return
    const ns = this.#queue[at + Slot.ns]
    const usualNs = forecast.p50Ns[venue]
    if (ns > SPIKE_TIMES * usualNs && ns - usualNs > SPIKE_NS_MIN) failover?.onSpike(venue)
  }
}
