/** Where a set of venues stands on its curves: a segment each and the lots taken inside it. */
import { VENUES_MAX } from '../../shared/limits.ts'
import { divisor, type VenueCurves } from './venue-curves.ts'

const WANTED = 0
const MOVED = 1
const LOTS = 2
const COST = 3

export class LotPositions {
  readonly curves: VenueCurves
  /** The set: venues of the curves, `count` of them. */
  count = 0
  readonly member = new Int32Array(VENUES_MAX)
  /** By venue: rank of its lot step among the set's distinct steps, 0 the coarsest. */
  readonly rank = new Int32Array(VENUES_MAX)
  /** By venue: index of its segment's start in the curve arrays, and the lots taken inside the segment. */
  readonly #at = new Int32Array(VENUES_MAX)
  readonly #part = new Float64Array(VENUES_MAX)
  readonly #savedAt = new Int32Array(VENUES_MAX)
  readonly #savedPart = new Float64Array(VENUES_MAX)
  /** Doubles that go in and out: arguments of doubles would allocate. */
  readonly #scalars = new Float64Array(4)

  constructor(curves: VenueCurves) {
    this.curves = curves
  }

  /** How many lots the next `take` or `give` may move, and how many the last one did. */
  set wanted(lots: number) {
    this.#scalars[WANTED] = lots
  }
  get moved(): number {
    return this.#scalars[MOVED]
  }
  /** After `sum`: lots of all positions, and their relative cost with bases. */
  get lots(): number {
    return this.#scalars[LOTS]
  }
  get cost(): number {
    return this.#scalars[COST]
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

  sum(): void {
    const { lotsTo, costTo, keyBefore } = this.curves
    let lots = 0
    let cost = 0
    for (let i = 0; i < this.count; i++) {
      const venue = this.member[i]
      const at = this.#at[venue]
      const part = this.#part[venue]
      lots += lotsTo[at] + part
      cost += costTo[at]
      if (part > 0) cost += part * keyBefore[at + 1]
    }
    this.#scalars[LOTS] = lots
    this.#scalars[COST] = cost
  }

  /** Writes the members' lots by venue, 0 for every other. */
  writeLots(into: Float64Array): void {
    into.fill(0)
    for (let i = 0; i < this.count; i++) {
      const venue = this.member[i]
      into[venue] = this.curves.lotsTo[this.#at[venue]] + this.#part[venue]
    }
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
    const { member, rank } = this
    let best = -1
    let bestKey = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.count; i++) {
      const venue = member[i]
      if (rank[venue] < first || rank[venue] > last) continue
      const key = this.keyUp(venue)
      if (key > bestKey || key === Number.POSITIVE_INFINITY) continue
      if (key === bestKey && this.#precedes(best, venue)) continue
      best = venue
      bestKey = key
    }
    return best
  }

  /** The member whose last lot is dearest among ranks first..last, or -1. Ties: higher latency, then higher row. */
  dearest(first: number, last: number): number {
    const { member, rank } = this
    let best = -1
    let bestKey = Number.NEGATIVE_INFINITY
    for (let i = 0; i < this.count; i++) {
      const venue = member[i]
      if (rank[venue] < first || rank[venue] > last) continue
      const key = this.keyDown(venue)
      if (key < bestKey || key === Number.NEGATIVE_INFINITY) continue
      if (key === bestKey && this.#precedes(venue, best)) continue
      best = venue
      bestKey = key
    }
    return best
  }

  #precedes(one: number, two: number): boolean {
    const { latencyNs, row } = this.curves
    const sooner = latencyNs[one] - latencyNs[two]
    return sooner !== 0 ? sooner < 0 : row[one] < row[two]
  }

  /** Takes up to `wanted` more lots, within the venue's current segment. */
  take(venue: number): void {
    const { lotsTo } = this.curves
    const scalars = this.#scalars
    const at = this.#at[venue]
    const room = lotsTo[at + 1] - lotsTo[at] - this.#part[venue]
    if (scalars[WANTED] < room) {
      this.#part[venue] += scalars[WANTED]
      scalars[MOVED] = scalars[WANTED]
      return
    }
    this.#at[venue] = at + 1
    this.#part[venue] = 0
    scalars[MOVED] = room
  }

  /** Gives up to `wanted` lots back, within one segment. */
  give(venue: number): void {
    const { lotsTo } = this.curves
    const scalars = this.#scalars
    if (this.#part[venue] === 0) {
      const at = --this.#at[venue]
      this.#part[venue] = lotsTo[at + 1] - lotsTo[at]
    }
    scalars[MOVED] = Math.min(scalars[WANTED], this.#part[venue])
    this.#part[venue] -= scalars[MOVED]
  }

  save(): void {
    for (let i = 0; i < this.count; i++) {
      const venue = this.member[i]
      this.#savedAt[venue] = this.#at[venue]
      this.#savedPart[venue] = this.#part[venue]
    }
  }

  restore(): void {
    for (let i = 0; i < this.count; i++) {
      const venue = this.member[i]
      this.#at[venue] = this.#savedAt[venue]
      this.#part[venue] = this.#savedPart[venue]
    }
  }
}
