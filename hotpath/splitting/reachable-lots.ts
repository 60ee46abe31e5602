/**
 * The largest quantity, at most the order, that the venues can make under minimums, lot steps and a maximum number of
 * children, with a set of venues that makes it. Nearly always the order itself, found at the first look.
 */
import { VENUES_MAX } from '../../shared/limits.ts'
import { divisor, type VenueCurves } from './venue-curves.ts'

export class ReachableLots {
  /** 1 for the venues of the set found. */
  readonly used = new Uint8Array(VENUES_MAX)
  /** False when the work ran out: more may be reachable. */
  isComplete = true
  nodes = 0
  readonly #curves: VenueCurves
  readonly #trial = new Uint8Array(VENUES_MAX)
  /** Optional venues by what they hold, largest first, and the running sum of that. */
  readonly bySize = new Int32Array(VENUES_MAX)
  readonly #highTo = new Float64Array(VENUES_MAX + 1)
  optional = 0
  #nodesMax = 0
  /** Distinct steps of a set, coarsest first, and the lots its venues can add on each. */
  readonly #step = new Float64Array(VENUES_MAX)
  readonly #capacity = new Float64Array(VENUES_MAX)
  readonly #divisor = new Float64Array(VENUES_MAX + 1)
  readonly #capacityFrom = new Float64Array(VENUES_MAX + 1)
  #steps = 0
  /** Best total so far, what no set can exceed. */
  readonly #scalars = new Float64Array(2)

  constructor(curves: VenueCurves) {
    this.#curves = curves
  }

  /** Answers the quantity; `used` holds the set. At most `children` optional venues (infinite: no maximum). */
  find(target: number, children: number, nodesMax: number): number {
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
    scalars[0] = -1
    scalars[1] = this.#most(Math.min(target, size), false)
    for (let venue = 0; venue < count; venue++) this.#trial[venue] = 1 - optional[venue]
    this.#descend(0, children, 0, plain)
    return scalars[0]
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

  /** Tries the set as it is, then with one more optional venue from `first` on. */
  #descend(first: number, children: number, low: number, high: number): void {
    const { low: lows, high: highs } = this.#curves
    const scalars = this.#scalars
    if (this.nodes >= this.#nodesMax) {
      this.isComplete = false
      return
    }
    this.nodes++
    if (high > scalars[0]) {
      const total = low + this.#most(scalars[1] - low, true)
      if (total > scalars[0]) {
        scalars[0] = total
        this.used.set(this.#trial)
      }
    }
    if (children === 0) return
    for (let i = first; i < this.optional && scalars[0] < scalars[1]; i++) {
      const room = Math.min(this.optional, i + children)
      if (high + this.#highTo[room] - this.#highTo[i] <= scalars[0]) return
      const venue = this.bySize[i]
      if (low + lows[venue] > scalars[1]) continue
      this.#trial[venue] = 1
      this.#descend(i + 1, children - 1, low + lows[venue], high + highs[venue])
      this.#trial[venue] = 0
    }
  }

  /** Most lots up to `limit` that the trial set adds to its minimums (or to 0, with them relaxed). */
  #most(limit: number, above: boolean): number {
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
    return steps === 0 ? 0 : this.#mostFrom(0, limit)
  }

  /**
   * Subset sum over few steps: as much of the coarse step as fits, or somewhat less. A coarse step given up is only
   * worth it while the finer ones cannot be traded back for it, so the window is sum of finer / gcd(step, finer).
   */
  #mostFrom(level: number, limit: number): number {
    if (this.#capacityFrom[level] <= limit) return this.#capacityFrom[level]
    const step = this.#step[level]
    const goal = Math.floor(limit / this.#divisor[level]) * this.#divisor[level]
    let own = Math.floor(Math.min(limit, this.#capacity[level]) / step) * step
    if (level === this.#steps - 1) return own
    let window = 0
    for (let j = level + 1; j < this.#steps; j++) window += (this.#step[j] / divisor(step, this.#step[j])) * step
    const least = Math.max(0, own - window)
    let best = 0
    for (; own >= least && best < goal; own -= step) {
      if (++this.nodes > this.#nodesMax) {
        this.isComplete = false
        return best
      }
      best = Math.max(best, own + this.#mostFrom(level + 1, limit - own))
    }
    return best
  }
}
