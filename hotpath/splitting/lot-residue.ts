/**
 * Places the lots that are left when every cheap next step is too large: with lot steps of 100, 30 and 7 the answer may
 * be one step more here and three fewer there.
 *
 * Venues with the same step act as one: their merged curve is convex on that step. Around the greedy point every class
 * gets its curve of extra cost against the marginal price, and classes are settled from the coarsest step to the
 * finest. The rest, relaxed to whole lots, is a convex bound, so a class is searched outwards from its relaxed share
 * until the bound says no more. The search never has to leave the window of sum over finer steps of lcm(step, finer):
 * beyond it some coarse steps could be traded back for finer ones at no loss (the exchange argument of Eisenbrand and
 * Weismantel, Proximity and Steinitz lemma, 2018, for one constraint and a separable convex cost).
 */
import type { LotPositions } from './lot-positions.ts'
import { divisor } from './venue-curves.ts'

const CLASSES_MAX = 12
/** Segments kept of one curve in one direction; beyond them the search calls itself incomplete. */
const POINTS_MAX = 128
const UP = 0
const DOWN = 1

export class LotResidue {
  nodes = 0
  isComplete = true
  readonly #positions: LotPositions
  readonly #step = new Float64Array(CLASSES_MAX)
  readonly #window = new Float64Array(CLASSES_MAX)
  /** Greatest common divisor of this step and all finer ones. */
  readonly #divisor = new Float64Array(CLASSES_MAX + 1)
  #classes = 0
  #nodesMax = 0
  /** Curve c of one class, curve CLASSES_MAX + c of that class and all finer ones together; two directions each. */
  readonly #points = new Int32Array(4 * CLASSES_MAX)
  readonly #isCut = new Uint8Array(4 * CLASSES_MAX)
  readonly #moved = new Float64Array(4 * CLASSES_MAX * POINTS_MAX)
  readonly #extra = new Float64Array(4 * CLASSES_MAX * POINTS_MAX)
  /** Of the moved lots, those of the coarsest class of the curve. */
  readonly #own = new Float64Array(4 * CLASSES_MAX * POINTS_MAX)
  readonly #trial = new Float64Array(CLASSES_MAX)
  readonly #found = new Float64Array(CLASSES_MAX)
  /** Marginal price, best extra cost so far, slack of a comparison. */
  readonly #scalars = new Float64Array(3)

  constructor(positions: LotPositions) {
    this.#positions = positions
  }

  /**
   * Moves the positions by `left` lots in total at the least extra cost against `price`, if that is below `limit`.
   * Answers whether it did; positions stay where they were otherwise.
   */
  place(left: number, price: number, limit: number, slack: number, nodesMax: number): boolean {
    this.#rankSteps()
    if (left % this.#divisor[0] !== 0) return false
    if (this.#classes === 1) return false
    const scalars = this.#scalars
    scalars[0] = price
    scalars[1] = limit
    scalars[2] = slack
    this.#nodesMax = nodesMax
    this.#found[0] = Number.NaN
    let reach = left
    for (let i = 0; i < this.#classes; i++) reach += this.#window[i]
    this.#positions.save()
    for (let i = 0; i < this.#classes; i++) {
      this.#trace(i, i, i, reach)
      this.#trace(CLASSES_MAX + i, i, this.#classes - 1, reach)
    }
    this.#descend(0, left, 0)
    if (Number.isNaN(this.#found[0])) return false
    this.#apply()
    return true
  }

  /** Ranks the members by step, coarsest first, and derives divisors and windows. */
  #rankSteps(): void {
    const { count, member, rank, curves } = this.#positions
    const step = this.#step
    let classes = 0
    for (let i = 0; i < count; i++) {
      const own = curves.step[member[i]]
      let at = 0
      while (at < classes && step[at] > own) at++
      if (at < classes && step[at] === own) continue
      if (classes === CLASSES_MAX) {
        this.isComplete = false
        continue
      }
      for (let j = classes; j > at; j--) step[j] = step[j - 1]
      step[at] = own
      classes++
    }
    this.#classes = classes
    for (let i = 0; i < count; i++) {
      let at = 0
      while (at < classes && step[at] !== curves.step[member[i]]) at++
      rank[member[i]] = at
    }
    this.#divisor[classes] = 0
    for (let i = classes - 1; i >= 0; i--) {
      this.#divisor[i] = divisor(step[i], this.#divisor[i + 1])
      this.#window[i] = 0
      for (let j = i + 1; j < classes; j++) this.#window[i] += (step[i] / divisor(step[i], step[j])) * step[j]
    }
  }

  /** Extra cost of moving the classes first..last together, up and down, as far as `reach` lots. */
  #trace(curve: number, first: number, last: number, reach: number): void {
    const positions = this.#positions
    const price = this.#scalars[0]
    for (let way = UP; way <= DOWN; way++) {
      const from = (curve * 2 + way) * POINTS_MAX
      let points = 0
      let moved = 0
      let extra = 0
      let own = 0
      while (moved < reach) {
        const venue = way === UP ? positions.cheapest(first, last) : positions.dearest(first, last)
        if (venue < 0) break
        if (points === POINTS_MAX) break
        const key = way === UP ? positions.keyUp(venue) : positions.keyDown(venue)
        const lots = way === UP ? positions.take(venue, reach) : positions.give(venue, reach)
        moved += lots
        extra += way === UP ? lots * (key - price) : lots * (price - key)
        if (positions.rank[venue] === first) own += lots
        this.#moved[from + points] = moved
        this.#extra[from + points] = extra
        this.#own[from + points] = own
        points++
      }
      this.#points[curve * 2 + way] = points
      this.#isCut[curve * 2 + way] = points === POINTS_MAX ? 1 : 0
      positions.restore()
    }
  }

  /** Extra cost of moving a curve by `amount` lots (negative: giving back), infinite beyond its ends. */
  #cost(curve: number, amount: number): number {
    if (amount === 0) return 0
    const way = amount > 0 ? UP : DOWN
    const from = (curve * 2 + way) * POINTS_MAX
    const end = from + this.#points[curve * 2 + way]
    const lots = Math.abs(amount)
    let at = from
    while (at < end && this.#moved[at] < lots) at++
    if (at === end) {
      if (this.#isCut[curve * 2 + way] === 1) this.isComplete = false
      return Number.POSITIVE_INFINITY
    }
    const movedTo = at === from ? 0 : this.#moved[at - 1]
    const extraTo = at === from ? 0 : this.#extra[at - 1]
    return extraTo + ((lots - movedTo) * (this.#extra[at] - extraTo)) / (this.#moved[at] - movedTo)
  }

  /** The coarsest class's part when classes from `level` on move by `amount` lots, relaxed; NaN when they cannot. */
  #share(level: number, amount: number): number {
    if (amount === 0) return 0
    const curve = CLASSES_MAX + level
    const way = amount > 0 ? UP : DOWN
    const from = (curve * 2 + way) * POINTS_MAX
    const end = from + this.#points[curve * 2 + way]
    const lots = Math.abs(amount)
    let at = from
    while (at < end && this.#moved[at] < lots) at++
    if (at === end) {
      if (this.#isCut[curve * 2 + way] === 1) this.isComplete = false
      return Number.NaN
    }
    const movedTo = at === from ? 0 : this.#moved[at - 1]
    const ownTo = at === from ? 0 : this.#own[at - 1]
    const own = this.#own[at] > ownTo ? ownTo + lots - movedTo : ownTo
    return way === UP ? own : -own
  }

  /** Settles the classes from `level` on, which must move by `amount` lots together. */
  #descend(level: number, amount: number, spent: number): void {
    const scalars = this.#scalars
    if (level === this.#classes - 1) {
      if (amount % this.#step[level] !== 0) return
      const extra = spent + this.#cost(level, amount)
      if (!(extra < scalars[1] - scalars[2])) return
      scalars[1] = extra
      this.#trial[level] = amount
      this.#found.set(this.#trial)
      return
    }
    const centre = this.#share(level, amount)
    if (Number.isNaN(centre)) return
    if (this.nodes >= this.#nodesMax) {
      this.isComplete = false
      return
    }
    this.nodes++
    const step = this.#step[level]
    const window = this.#window[level]
    const below = Math.floor(centre / step) * step
    const isNearBelow = centre - below <= step / 2
    for (let pass = 0; pass < 2; pass++) {
      if ((pass === 0) === isNearBelow) {
        for (let own = below; own > centre - window; own -= step) if (!this.#try(level, amount, own, spent)) break
      } else {
        for (let own = below + step; own < centre + window; own += step) {
          if (!this.#try(level, amount, own, spent)) break
        }
      }
    }
  }

  /** One quantity for one class; false when this and everything farther out cannot be better. */
  #try(level: number, amount: number, own: number, spent: number): boolean {
    const rest = amount - own
    const mine = spent + this.#cost(level, own)
    const bound = mine + this.#cost(CLASSES_MAX + level + 1, rest)
    if (!(bound < this.#scalars[1] - this.#scalars[2])) return false
    if (rest % this.#divisor[level + 1] === 0) {
      this.#trial[level] = own
      this.#descend(level + 1, rest, mine)
    }
    return true
  }

  #apply(): void {
    const positions = this.#positions
    for (let rank = 0; rank < this.#classes; rank++) {
      for (let left = this.#found[rank]; left > 0; ) left -= positions.take(positions.cheapest(rank, rank), left)
      for (let left = -this.#found[rank]; left > 0; ) left -= positions.give(positions.dearest(rank, rank), left)
    }
  }
}
