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
const NONE = Number.POSITIVE_INFINITY
// Places of the doubles that go in and out.
const LEFT = 0
const PRICE = 1
const BEST = 2
const SLACK = 3
const AMOUNT = 4
const COST = 5
const SHARE = 6
const PLACES = 7

export class LotResidue {
  nodes = 0
  /** False once the work ran out, or a curve was too long to keep, before everything cheaper was looked at. */
  isComplete = true
  readonly #positions: LotPositions
  readonly #step = new Float64Array(CLASSES_MAX)
  readonly #window = new Float64Array(CLASSES_MAX)
  /** Greatest common divisor of this step and all finer ones. */
  readonly #divisor = new Float64Array(CLASSES_MAX + 1)
  #classes = 0
  #nodesMax = 0
  /** Curve c is one class, curve CLASSES_MAX + c that class and all finer ones together; two directions each. */
  readonly #points = new Int32Array(4 * CLASSES_MAX)
  readonly #isCut = new Uint8Array(4 * CLASSES_MAX)
  readonly #moved = new Float64Array(4 * CLASSES_MAX * POINTS_MAX)
  readonly #extra = new Float64Array(4 * CLASSES_MAX * POINTS_MAX)
  /** Of the moved lots, those of the coarsest class of the curve. */
  readonly #own = new Float64Array(4 * CLASSES_MAX * POINTS_MAX)
  /** By class, while descending: lots to move from here on, extra cost so far, lots tried for the class itself. */
  readonly #amount = new Float64Array(CLASSES_MAX + 1)
  readonly #spent = new Float64Array(CLASSES_MAX + 1)
  readonly #trial = new Float64Array(CLASSES_MAX)
  readonly #found = new Float64Array(CLASSES_MAX)
  #hasFound = false
  readonly #scalars = new Float64Array(PLACES)

  constructor(positions: LotPositions) {
    this.#positions = positions
  }

  /** To move `left` lots at an extra cost against `price` below `limit`, by more than `slack`. */
  aim(left: number, price: number, limit: number, slack: number): void {
    this.#scalars[LEFT] = left
    this.#scalars[PRICE] = price
    this.#scalars[BEST] = limit
    this.#scalars[SLACK] = slack
  }

  /** Moves the positions to the cheapest way found; false, and they stay, when there is none cheap enough. */
  place(nodesMax: number): boolean {
    this.#rankSteps()
    const left = this.#scalars[LEFT]
    if (this.#classes < 2 || left % this.#divisor[0] !== 0) return false
    this.#nodesMax = nodesMax
    this.#hasFound = false
    let reach = left
    for (let i = 0; i < this.#classes; i++) reach += this.#window[i]
    this.#scalars[AMOUNT] = reach
    this.#positions.save()
    for (let i = 0; i < this.#classes; i++) {
      this.#trace(i, i, i)
      this.#trace(CLASSES_MAX + i, i, this.#classes - 1)
    }
    this.#amount[0] = left
    this.#spent[0] = 0
    this.#descend(0)
    if (this.#hasFound) this.#apply()
    return this.#hasFound
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

  /** Extra cost of moving the classes first..last together, up and down, as far as AMOUNT lots. */
  #trace(curve: number, first: number, last: number): void {
    const positions = this.#positions
    const price = this.#scalars[PRICE]
    const reach = this.#scalars[AMOUNT]
    positions.wanted = reach
    for (let way = UP; way <= DOWN; way++) {
      const from = (curve * 2 + way) * POINTS_MAX
      let points = 0
      let moved = 0
      let extra = 0
      let own = 0
      while (moved < reach && points < POINTS_MAX) {
        const venue = way === UP ? positions.cheapest(first, last) : positions.dearest(first, last)
        if (venue < 0) break
        const dearer = way === UP ? positions.keyUp(venue) - price : price - positions.keyDown(venue)
        if (way === UP) positions.take(venue)
        else positions.give(venue)
        moved += positions.moved
        extra += positions.moved * dearer
        if (positions.rank[venue] === first) own += positions.moved
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

  /**
   * COST of moving a curve by AMOUNT lots (negative: giving back), infinite beyond its ends; and SHARE, what of that
   * falls on the curve's coarsest class.
   */
  #read(curve: number): void {
    const scalars = this.#scalars
    const amount = scalars[AMOUNT]
    scalars[COST] = 0
    scalars[SHARE] = 0
    if (amount === 0) return
    const way = amount > 0 ? UP : DOWN
    const from = (curve * 2 + way) * POINTS_MAX
    const end = from + this.#points[curve * 2 + way]
    const lots = Math.abs(amount)
    let at = from
    while (at < end && this.#moved[at] < lots) at++
    if (at === end) {
      if (this.#isCut[curve * 2 + way] === 1) this.isComplete = false
      scalars[COST] = NONE
      return
    }
    const movedTo = at === from ? 0 : this.#moved[at - 1]
    const extraTo = at === from ? 0 : this.#extra[at - 1]
    const ownTo = at === from ? 0 : this.#own[at - 1]
    const own = this.#own[at] > ownTo ? ownTo + lots - movedTo : ownTo
    scalars[COST] = extraTo + ((lots - movedTo) * (this.#extra[at] - extraTo)) / (this.#moved[at] - movedTo)
    scalars[SHARE] = way === UP ? own : -own
  }

  /** Settles the classes from `level` on, which must move by #amount[level] lots together. */
  #descend(level: number): void {
    const scalars = this.#scalars
    if (level === this.#classes - 1) {
      this.#finish(level)
      return
    }
    scalars[AMOUNT] = this.#amount[level]
    this.#read(CLASSES_MAX + level)
    if (scalars[COST] === NONE) return
    if (this.nodes >= this.#nodesMax) {
      this.isComplete = false
      return
    }
    this.nodes++
    const step = this.#step[level]
    const centre = scalars[SHARE]
    const below = Math.floor(centre / step) * step
    const least = centre - this.#window[level]
    const most = centre + this.#window[level]
    const isNearBelow = centre - below <= step / 2
    for (let pass = 0; pass < 2; pass++) {
      const down = (pass === 0) === isNearBelow
      this.#trial[level] = down ? below : below + step
      while (this.#trial[level] > least && this.#trial[level] < most) {
        if (!this.#try(level)) break
        this.#trial[level] += down ? -step : step
      }
    }
  }

  /** The trial quantity of one class; false when this and everything farther out cannot be better. */
  #try(level: number): boolean {
    const scalars = this.#scalars
    const rest = this.#amount[level] - this.#trial[level]
    scalars[AMOUNT] = this.#trial[level]
    this.#read(level)
    const mine = this.#spent[level] + scalars[COST]
    scalars[AMOUNT] = rest
    this.#read(CLASSES_MAX + level + 1)
    if (!(mine + scalars[COST] < scalars[BEST] - scalars[SLACK])) return false
    if (rest % this.#divisor[level + 1] === 0) {
      this.#amount[level + 1] = rest
      this.#spent[level + 1] = mine
      this.#descend(level + 1)
    }
    return true
  }

  /** The finest class takes what is left. */
  #finish(level: number): void {
    const scalars = this.#scalars
    const amount = this.#amount[level]
    if (amount % this.#step[level] !== 0) return
    scalars[AMOUNT] = amount
    this.#read(level)
    const extra = this.#spent[level] + scalars[COST]
    if (!(extra < scalars[BEST] - scalars[SLACK])) return
    scalars[BEST] = extra
    this.#trial[level] = amount
    this.#found.set(this.#trial)
    this.#hasFound = true
  }

  #apply(): void {
    const positions = this.#positions
    for (let rank = 0; rank < this.#classes; rank++) {
      let left = this.#found[rank]
      while (left !== 0) {
        positions.wanted = Math.abs(left)
        if (left > 0) {
          positions.take(positions.cheapest(rank, rank))
          left -= positions.moved
        } else {
          positions.give(positions.dearest(rank, rank))
          left += positions.moved
        }
      }
    }
  }
}
