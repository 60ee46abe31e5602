/**
 * The cheapest lots of a settled set of venues, each on its own grid, that make the target exactly.
 *
 * First greedily by key, which is optimal while the steps fit. When the cheapest next step is larger than what is
 * left, the residue goes to LotResidue.
 */
import { VENUES_MAX } from '../../shared/limits.ts'
import { LotPositions } from './lot-positions.ts'
import { LotResidue } from './lot-residue.ts'
import type { VenueCurves } from './venue-curves.ts'

const TARGET = 0
const ENOUGH = 1
const SLACK = 2
const COST = 3

export class LotFill {
  /** The set to fill and where it stands, set before `fill`. */
  readonly positions: LotPositions
  /** By venue of the curves: the lots found, 0 for venues outside the set. */
  readonly lots = new Float64Array(VENUES_MAX)
  readonly #curves: VenueCurves
  readonly #residue: LotResidue
  readonly #scalars = new Float64Array(4)

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
  /** Relative cost found, bases included; infinite when the last `fill` found nothing. */
  get cost(): number {
    return this.#scalars[COST]
  }

  /** What to fill to, below which cost (by more than `slack`) a fill is worth finding. */
  aim(target: number, enough: number, slack: number): void {
    this.#scalars[TARGET] = target
    this.#scalars[ENOUGH] = enough
    this.#scalars[SLACK] = slack
  }

  /** Fills the positions from where they stand; false when nothing cheap enough exists or the work did not find it. */
  fill(nodesMax: number): boolean {
    const { positions } = this
    const scalars = this.#scalars
    this.#residue.nodes = 0
    this.#residue.isComplete = true
    scalars[COST] = Number.POSITIVE_INFINITY
    if (!this.#fillGreedily(nodesMax)) return false
    positions.sum()
    if (!(positions.cost < scalars[ENOUGH])) return false
    scalars[COST] = positions.cost
    positions.writeLots(this.lots)
    return true
  }

  #fillGreedily(nodesMax: number): boolean {
    const { positions } = this
    const { step } = this.#curves
    const scalars = this.#scalars
    positions.sum()
    let over = positions.lots - scalars[TARGET]
    while (over > 0) {
      const venue = positions.dearest(0, VENUES_MAX)
      if (venue < 0) return false
      positions.wanted = Math.ceil(over / step[venue]) * step[venue]
      positions.give(venue)
      over -= positions.moved
    }
    let left = -over
    while (left > 0) {
      const venue = positions.cheapest(0, VENUES_MAX)
      if (venue < 0) return false
      if (step[venue] > left) {
        positions.sum()
        const price = positions.keyUp(venue)
        this.#residue.aim(left, price, scalars[ENOUGH] - positions.cost - price * left, scalars[SLACK])
        return this.#residue.place(nodesMax)
      }
      positions.wanted = Math.floor(left / step[venue]) * step[venue]
      positions.take(venue)
      left -= positions.moved
    }
    return true
  }
}
