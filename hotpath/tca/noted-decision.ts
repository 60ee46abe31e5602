/**
 * A first decision as the baselines need it: its own copy, because the tables it was taken in serve the next order before
 * the baselines are worked out. Only the venues that were not dropped.
 */
import { type Side, Side as Sides } from '../../shared/domain/order.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import { type ExecutionPlan, Proof } from '../plan/execution-plan.ts'
import { Column, DropReason, type VenueCandidates } from '../plan/venue-candidates.ts'

/** What is copied from; read once, when it is noted. */
export interface FirstDecision {
  readonly parentSequence: number
  readonly candidates: VenueCandidates
  readonly plan: ExecutionPlan
}

const Wide = { parentSequence: 0, plannedLots: 1, mid: 2, objective: 3, gapBps: 4, count: 5 } as const
/** Place in a row's block of doubles: numbers as in the candidate table. */
export const NotedTerm = { bookRow: 0, feeFactor: 1, childCost: 2, latencyNs: 3 } as const
export const NOTED_TERMS = 4

export class NotedDecision {
  side: Side = Sides.buy
  proof: Proof = Proof.none
  /** Rows in use, in the order of the candidates. */
  count = 0
  readonly venue = new Uint8Array(VENUES_MAX)
  /** NOTED_TERMS doubles a row: see NotedTerm. */
  readonly terms = new Float64Array(VENUES_MAX * NOTED_TERMS)
  readonly #wide = new Float64Array(Wide.count)

  get parentSequence(): number {
    return this.#wide[Wide.parentSequence]
  }
  get plannedLots(): number {
    return this.#wide[Wide.plannedLots]
  }
  /** Ticks; 0 when the market was one-sided. */
  get mid(): number {
    return this.#wide[Wide.mid]
  }
  /** Micro-ticks x lots. */
  get objective(): number {
    return this.#wide[Wide.objective]
  }
  get gapBps(): number {
    return this.#wide[Wide.gapBps]
  }

  /** Hot. O(candidates). */
  take({ parentSequence, candidates, plan }: FirstDecision): void {
    const wide = this.#wide
    wide[Wide.parentSequence] = parentSequence
    wide[Wide.plannedLots] = plan.plannedLots
    wide[Wide.mid] = plan.mid
    wide[Wide.objective] = plan.objective
    wide[Wide.gapBps] = plan.gapBps
    this.side = plan.side
    this.proof = plan.proof
    this.#takeRows(candidates, plan.side)
  }

  /** Fees as they are charged: what time costs is nobody's invoice. */
  #takeRows(candidates: VenueCandidates, side: Side): void {
    const sign = side === Sides.buy ? 1 : -1
    const { dropped, venue, bookRow, wide, count } = candidates
    const { terms, venue: venues } = this
    let rows = 0
    let to = 0
    for (let row = 0; row < count; row++) {
      if (dropped[row] !== DropReason.alive) continue
      venues[rows++] = venue[row]
      terms[to + NotedTerm.bookRow] = bookRow[row]
      terms[to + NotedTerm.feeFactor] = wide[Column.feeFactor + row] - sign * wide[Column.timePpm + row]
      terms[to + NotedTerm.childCost] = wide[Column.childCost + row]
      terms[to + NotedTerm.latencyNs] = wide[Column.latencyNs + row]
      to += NOTED_TERMS
    }
    this.count = rows
  }
}
