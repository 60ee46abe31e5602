/**
 * How far apart the children of one route landed, which is what holding them back is for. A venue's clock cannot be trusted
 * to a millisecond, so a landing is taken as the middle between sending a child and hearing of it first; what the venue
 * takes to answer is in it, for all of them alike. Routes of at least two children; microseconds.
 */
import type { Turn } from '../../shared/turn.ts'
import type { ParentRow } from '../../shared/units/ids.ts'
import { NS_PER_US } from '../../shared/units/time.ts'
import { Histogram } from '../telemetry/histogram.ts'

const DIGITS = 2
/** Doubles of a parent: first and last landing, nanoseconds, and the spread of its newest whole route. */
const ROW = 3
const At = { first: 0, last: 1, spreadUs: 2 } as const

export class ArrivalSpread {
  readonly histogram: Histogram
  readonly #turn: Turn
  readonly #times: Float64Array
  /** By parent: children of its newest route that have not landed. */
  readonly #missing: Int32Array

  constructor(parentsMax: number, turn: Turn) {
    this.histogram = new Histogram(DIGITS)
    this.#turn = turn
    this.#times = new Float64Array(parentsMax * ROW)
    this.#missing = new Int32Array(parentsMax)
  }

  /** A route with so many children begins; what an earlier one still lacks is forgotten. */
  begin(parent: ParentRow, children: number): void {
    const at = parent * ROW
    this.#missing[parent] = children < 2 ? 0 : children
    this.#times[at + At.first] = Number.POSITIVE_INFINITY
    this.#times[at + At.last] = 0
    this.#times[at + At.spreadUs] = -1
  }

  /** First word of a child that was sent at `sentNs[child]`, heard in this turn. */
  landed(parent: ParentRow, sentNs: Float64Array, child: number): void {
    if (this.#missing[parent] === 0) return
    const times = this.#times
    const at = parent * ROW
    const landedNs = (sentNs[child] + this.#turn.nowNs) / 2
    if (landedNs < times[at + At.first]) times[at + At.first] = landedNs
    if (landedNs > times[at + At.last]) times[at + At.last] = landedNs
    if (--this.#missing[parent] > 0) return
    times[at + At.spreadUs] = Math.round((times[at + At.last] - times[at + At.first]) / NS_PER_US)
    this.histogram.record(times[at + At.spreadUs])
  }

  /** One child of the route will never land: it was not sent. */
  lost(parent: ParentRow): void {
    if (this.#missing[parent] > 0) this.#missing[parent] = 0
  }

  /** Microseconds between the first and the last landing of the newest whole route; undefined: there was none. */
  ofParent(parent: ParentRow): number | undefined {
    const us = this.#times[parent * ROW + At.spreadUs]
    return us >= 0 && this.#times[parent * ROW + At.last] > 0 ? us : undefined
  }
}
