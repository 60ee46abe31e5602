/**
 * The cheapest lots of a settled set of venues, each on its own grid, that make the target exactly.
 *
 * First greedily by key, which is optimal while the steps fit. When the cheapest next step is larger than what is
 * left, the residue goes to LotResidue. Positions are a segment of the venue's curve and lots inside it.
 */
import { VENUES_MAX } from '../../shared/limits.ts'
import { LotPositions } from './lot-positions.ts'
import { LotResidue } from './lot-residue.ts'
import type { VenueCurves } from './venue-curves.ts'

export class LotFill {
  readonly positions: LotPositions
  /** By venue of the curves: the lots found, 0 for venues outside the set. */
  readonly lots = new Float64Array(VENUES_MAX)
  readonly #curves: VenueCurves
  readonly #residue: LotResidue

  constructor(curves: VenueCurves) {
    this.#curves = curves
    this.positions = new LotPositions(curves)
    this.#residue = new LotResidue(this.positions)
  }

  /** Nodes of the last residue search, and whether it looked at everything that could be cheaper. */
  get nodes(): number {
    return this.#residue.nodes
  }
  get isComplete(): boolean {
    return this.#residue.isComplete
  }

  /**
   * Fills the member venues of `positions`, starting where they stand, to `target` lots. Answers the relative cost with
   * bases, or infinity when nothing below `enough` exists (or the work of `nodesMax` did not find it). O(members) a
   * segment moved, plus the residue.
   */
  fill(target: number, enough: number, slack: number, nodesMax: number): number {
    const { positions } = this
    this.#residue.nodes = 0
    this.#residue.isComplete = true
    let over = positions.total() - target
    while (over > 0) {
      const venue = positions.dearest(0, VENUES_MAX)
      if (venue < 0) return Number.POSITIVE_INFINITY
      const step = this.#curves.step[venue]
      over -= positions.give(venue, Math.ceil(over / step) * step)
    }
    let left = -over
    let price = 0
    while (left > 0) {
      const venue = positions.cheapest(0, VENUES_MAX)
      if (venue < 0) return Number.POSITIVE_INFINITY
      const step = this.#curves.step[venue]
      price = positions.keyUp(venue)
      if (step > left) break
      left -= positions.take(venue, Math.floor(left / step) * step)
    }
    if (left > 0) {
      const linear = positions.cost() + price * left
      if (!this.#residue.place(left, price, enough - linear, slack, nodesMax)) return Number.POSITIVE_INFINITY
    }
    const cost = positions.cost()
    return cost < enough ? this.#note(cost) : Number.POSITIVE_INFINITY
  }

  #note(cost: number): number {
    const { positions } = this
    this.lots.fill(0)
    for (let i = 0; i < positions.count; i++) {
      const venue = positions.member[i]
      this.lots[venue] = positions.lotsOf(venue)
    }
    return cost
  }
}
