/** Where a set of venues stands on its curves: a segment each and the lots taken inside it. */
import { VENUES_MAX } from '../../shared/limits.ts'
import { divisor, type VenueCurves } from './venue-curves.ts'

export class LotPositions {
  readonly curves: VenueCurves
  /** The set: venues of the curves, `count` of them. */
  count = 0
  readonly member = new Int32Array(VENUES_MAX)
  /** By venue: rank of its lot step among the set's distinct steps, 0 the coarsest. */
  readonly rank = new Int32Array(VENUES_MAX)
  /** Index of the segment's start in the curve arrays, by venue. */
  readonly #at = new Int32Array(VENUES_MAX)
  readonly #part = new Float64Array(VENUES_MAX)
  readonly #savedAt = new Int32Array(VENUES_MAX)
  readonly #savedPart = new Float64Array(VENUES_MAX)

  constructor(curves: VenueCurves) {
    this.curves = curves
  }

  clear(): void {
    this.count = 0
  }

  add(venue: number, place: number): void {
    this.member[this.count++] = venue
    this.rank[venue] = 0
    this.#at[venue] = venue * this.curves.stride + place
    this.#part[venue] = 0
  }

  lotsOf(venue: number): number {
    return this.curves.lotsTo[this.#at[venue]] + this.#part[venue]
  }

  total(): number {
    let lots = 0
    for (let i = 0; i < this.count; i++) lots += this.lotsOf(this.member[i])
    return lots
  }

  /** Greatest common divisor of the members' steps: every total they make is a multiple of it. */
  commonStep(): number {
    let common = 0
    for (let i = 0; i < this.count; i++) {
      const step = this.curves.step[this.member[i]]
      if (step !== common) common = divisor(step, common)
    }
    return common
  }

  /** Relative cost of all positions, bases included. */
  cost(): number {
    const { costTo, keyBefore } = this.curves
    let cost = 0
    for (let i = 0; i < this.count; i++) {
      const venue = this.member[i]
      const at = this.#at[venue]
      cost += costTo[at]
      if (this.#part[venue] > 0) cost += this.#part[venue] * keyBefore[at + 1]
    }
    return cost
  }

  /** Key of the venue's next lot; infinite at its end. */
  keyUp(venue: number): number {
    return this.curves.keyBefore[this.#at[venue] + 1]
  }

  /** Key of the venue's last lot; minus infinity at its base. */
  keyDown(venue: number): number {
    return this.curves.keyBefore[this.#part[venue] > 0 ? this.#at[venue] + 1 : this.#at[venue]]
  }

  /** The member with the cheapest next lot among ranks first..last, or -1. Ties: lower latency, then lower row. */
  cheapest(first: number, last: number): number {
    let best = -1
    let bestKey = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.count; i++) {
      const venue = this.member[i]
      if (this.rank[venue] < first || this.rank[venue] > last) continue
      const key = this.keyUp(venue)
      if (key < bestKey || (key === bestKey && best >= 0 && this.#precedes(venue, best))) {
        best = venue
        bestKey = key
      }
    }
    return best
  }

  /** The member whose last lot is dearest among ranks first..last, or -1. Ties: higher latency, then higher row. */
  dearest(first: number, last: number): number {
    let best = -1
    let bestKey = Number.NEGATIVE_INFINITY
    for (let i = 0; i < this.count; i++) {
      const venue = this.member[i]
      if (this.rank[venue] < first || this.rank[venue] > last) continue
      const key = this.keyDown(venue)
      if (key > bestKey || (key === bestKey && best >= 0 && this.#precedes(best, venue))) {
        best = venue
        bestKey = key
      }
    }
    return best
  }

  #precedes(one: number, two: number): boolean {
    const { latencyNs, row } = this.curves
    const sooner = latencyNs[one] - latencyNs[two]
    return sooner !== 0 ? sooner < 0 : row[one] < row[two]
  }

  /** Lots left in the venue's current segment. */
  roomUp(venue: number): number {
    const { lotsTo } = this.curves
    const at = this.#at[venue]
    return lotsTo[at + 1] - lotsTo[at] - this.#part[venue]
  }

  /** Takes up to `lots` more, within the current segment; answers how many. */
  take(venue: number, lots: number): number {
    const room = this.roomUp(venue)
    if (lots < room) {
      this.#part[venue] += lots
      return lots
    }
    this.#at[venue]++
    this.#part[venue] = 0
    return room
  }

  /** Gives up to `lots` back, within one segment; answers how many. */
  give(venue: number, lots: number): number {
    const { lotsTo } = this.curves
    if (this.#part[venue] === 0) {
      const at = --this.#at[venue]
      this.#part[venue] = lotsTo[at + 1] - lotsTo[at]
    }
    const given = Math.min(lots, this.#part[venue])
    this.#part[venue] -= given
    return given
  }

  save(): void {
    this.#savedAt.set(this.#at)
    this.#savedPart.set(this.#part)
  }

  restore(): void {
    this.#at.set(this.#savedAt)
    this.#part.set(this.#savedPart)
  }
}
