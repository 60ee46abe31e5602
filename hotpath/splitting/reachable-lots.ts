/**
 * The largest quantity, at most the order, that the venues can make under minimums, lot steps and a maximum number of
 * children, with a set of venues that makes it. Nearly always the order itself, found at the first look.
 */
import { VENUES_MAX } from '../../shared/limits.ts'
import { divisor, type VenueCurves } from './venue-curves.ts'

const BEST = 0
const GOAL = 1

export class ReachableLots {
  /** 1 for the venues of the set found. */
  readonly used = new Uint8Array(VENUES_MAX)
  /** False when the work ran out: more may be reachable. */
  isComplete = true
  nodes = 0
  /** Optional venues, `optional` of them, by what they hold, largest first. */
  optional = 0
  readonly bySize = new Int32Array(VENUES_MAX)
  readonly #curves: VenueCurves
  readonly #trial = new Uint8Array(VENUES_MAX)
  /** Running sum of what the venues of `bySize` hold. */
  readonly #highTo = new Float64Array(VENUES_MAX + 1)
  #nodesMax = 0
  /** Minimum and maximum of the trial set, by how many optional venues it has. */
  readonly #low = new Float64Array(VENUES_MAX + 1)
  readonly #high = new Float64Array(VENUES_MAX + 1)
  /** Distinct steps of a set, coarsest first: what its venues can add on each, and on each and the finer ones. */
  readonly #step = new Float64Array(VENUES_MAX)
  readonly #capacity = new Float64Array(VENUES_MAX)
  readonly #capacityFrom = new Float64Array(VENUES_MAX + 1)
  readonly #divisor = new Float64Array(VENUES_MAX + 1)
  /** By step, while packing: room for it and the finer ones, and the best found. */
  readonly #room = new Float64Array(VENUES_MAX + 1)
  readonly #packed = new Float64Array(VENUES_MAX + 1)
  #steps = 0
  readonly #scalars = new Float64Array(2)

  constructor(curves: VenueCurves) {
    this.#curves = curves
  }

  /** The quantity found. */
  get lots(): number {
    return this.#scalars[BEST]
  }

  /** Looks for the most up to `target` with at most `children` optional venues; `used` then holds the set. */
  find(target: number, children: number, nodesMax: number): void {
    const { count, optional, high } = this.#curves
    const scalars = this.#scalars
    this.nodes = 0
    this.#nodesMax = nodesMax
    this.isComplete = true
    this.rank()
    let plain = 0
    for (let venue = 0; venue < count; venue++) if (optional[venue] === 0) plain += high[venue]
    const size = plain + this.#highTo[Math.min(children, this.optional)]
    for (let venue = 0; venue < count; venue++) this.#trial[venue] = 1
    this.#room[0] = Math.min(target, size)
    this.#pack(false)
    scalars[GOAL] = this.#packed[0]
    scalars[BEST] = -1
    this.#low[0] = 0
    this.#high[0] = plain
    for (let venue = 0; venue < count; venue++) this.#trial[venue] = 1 - optional[venue]
    this.#descend(0, 0, children)
  }

  /** Orders the optional venues by size; again after venues were added. */
  rank(): void {
    const { count, optional, high } = this.#curves
    const order = this.bySize
    let size = 0
    for (let venue = 0; venue < count; venue++) {
      if (optional[venue] === 0) continue
      let at = size++
      while (at > 0 && high[order[at - 1]] < high[venue]) {
        order[at] = order[at - 1]
        at--
      }
      order[at] = venue
    }
    this.optional = size
    this.#highTo[0] = 0
    for (let i = 0; i < size; i++) this.#highTo[i + 1] = this.#highTo[i] + high[order[i]]
  }

  /** Tries the set of `size` optional venues as it is, then with one more from `first` on. */
  #descend(first: number, size: number, children: number): void {
    const { low, high } = this.#curves
    const scalars = this.#scalars
    if (this.nodes >= this.#nodesMax) {
      this.isComplete = false
      return
    }
    this.nodes++
    if (this.#high[size] > scalars[BEST]) this.#measure(size)
    if (size === children) return
    for (let i = first; i < this.optional && scalars[BEST] < scalars[GOAL]; i++) {
      const end = Math.min(this.optional, i + children - size)
      if (this.#high[size] + this.#highTo[end] - this.#highTo[i] <= scalars[BEST]) return
      const venue = this.bySize[i]
      if (this.#low[size] + low[venue] > scalars[GOAL]) continue
      this.#low[size + 1] = this.#low[size] + low[venue]
      this.#high[size + 1] = this.#high[size] + high[venue]
      this.#trial[venue] = 1
      this.#descend(i + 1, size + 1, children)
      this.#trial[venue] = 0
    }
  }

  /** The most the trial set reaches, kept when it is the best. */
  #measure(size: number): void {
    const scalars = this.#scalars
    this.#room[0] = scalars[GOAL] - this.#low[size]
    this.#pack(true)
    const total = this.#low[size] + this.#packed[0]
    if (total <= scalars[BEST]) return
    scalars[BEST] = total
    this.used.set(this.#trial)
  }

  /** Packs the room with what the trial set can add to its minimums (or, with those relaxed, to nothing). */
  #pack(above: boolean): void {
    const { count, low, high, step } = this.#curves
    let steps = 0
    for (let venue = 0; venue < count; venue++) {
      if (this.#trial[venue] === 0) continue
      let at = 0
      while (at < steps && this.#step[at] > step[venue]) at++
      if (at === steps || this.#step[at] !== step[venue]) {
        for (let j = steps; j > at; j--) {
          this.#step[j] = this.#step[j - 1]
          this.#capacity[j] = this.#capacity[j - 1]
        }
        this.#step[at] = step[venue]
        this.#capacity[at] = 0
        steps++
      }
      this.#capacity[at] += high[venue] - (above ? low[venue] : 0)
    }
    this.#steps = steps
    this.#divisor[steps] = 0
    this.#capacityFrom[steps] = 0
    for (let i = steps - 1; i >= 0; i--) {
      this.#divisor[i] = divisor(this.#step[i], this.#divisor[i + 1])
      this.#capacityFrom[i] = this.#capacityFrom[i + 1] + this.#capacity[i]
    }
    this.#packFrom(0)
  }

  /**
   * Subset sum over few steps: as much of the coarse step as fits, or somewhat less. A coarse step given up is only
   * worth it while the finer ones cannot be traded back for it, so the window is sum of finer / gcd(step, finer).
   */
  #packFrom(level: number): void {
    const room = this.#room[level]
    this.#packed[level] = this.#capacityFrom[level]
    if (this.#capacityFrom[level] <= room) return
    const step = this.#step[level]
    const most = Math.floor(Math.min(room, this.#capacity[level]) / step) * step
    this.#packed[level] = level === this.#steps - 1 ? most : 0
    if (level === this.#steps - 1) return
    const goal = Math.floor(room / this.#divisor[level]) * this.#divisor[level]
    let window = 0
    for (let j = level + 1; j < this.#steps; j++) window += (this.#step[j] / divisor(step, this.#step[j])) * step
    const least = Math.max(0, most - window)
    for (let own = most; own >= least && this.#packed[level] < goal; own -= step) {
      if (++this.nodes > this.#nodesMax) {
        this.isComplete = false
        return
      }
      this.#room[level + 1] = room - own
      this.#packFrom(level + 1)
      this.#packed[level] = Math.max(this.#packed[level], own + this.#packed[level + 1])
    }
  }
}
