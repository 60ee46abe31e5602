/**
 * The newest decisions as they were made. A decision is taken directly in the tables of the next slot, so keeping it
 * costs nothing; the oldest is overwritten.
 */
import type { Turn } from '../../shared/turn.ts'
import type { ParentRow } from '../../shared/units/ids.ts'
import type { OrderStore } from '../orders/order-store.ts'
import { ExecutionPlan } from '../plan/execution-plan.ts'
import { VenueCandidates } from '../plan/venue-candidates.ts'

export class Decision {
  readonly candidates = new VenueCandidates()
  readonly plan = new ExecutionPlan()
  /** 0: no order (a quote, or not yet accepted). */
  route = 0
  readonly #wide = new Float64Array(2)
  get parentSequence(): number {
    return this.#wide[0]
  }
  set parentSequence(value: number) {
    this.#wide[0] = value
  }
  get timeUs(): number {
    return this.#wide[1]
  }
  set timeUs(value: number) {
    this.#wide[1] = value
  }

  /** Stamps the decision with its order; one call with objects, because doubles as arguments would be boxed. */
  belongTo(store: OrderStore, parent: ParentRow, route: number, turn: Turn): void {
    this.#wide[0] = store.sequence[parent]
    this.#wide[1] = turn.nowUs
    this.route = route
  }
}

export class DecisionLog {
  readonly #decisions: Decision[]
  #next = 0

  constructor(kept: number) {
    this.#decisions = Array.from({ length: kept }, () => new Decision())
  }

  /** The slot of the next decision, wiped of the order it belonged to; the same one again until `keep`. */
  open(): Decision {
    const decision = this.#decisions[this.#next]
    decision.parentSequence = 0
    decision.route = 0
    return decision
  }

  /** The open decision was acted on: the next one takes another slot. What led to nothing pushes nothing out. */
  keep(): void {
    this.#next = this.#next + 1 === this.#decisions.length ? 0 : this.#next + 1
  }

  /** The decision of an order's route, or undefined when it is overwritten. O(kept). */
  find(parentSequence: number, route: number): Decision | undefined {
    return this.#decisions.find((one) => one.parentSequence === parentSequence && one.route === route)
  }
}
