/**
 * The named baselines on the books of each order's first decision. Worked out after the children are out, in the same
 * turn and before the next market data, at a bounded rate; written to the journal so that a report survives a restart.
 */
import type { ExecutionPlan } from '../plan/execution-plan.ts'
import type { VenueCandidates } from '../plan/venue-candidates.ts'

export interface BenchmarkRow {
  readonly name: string
  readonly venue?: string
  readonly allInBps: number
  readonly slippageBps: number
  readonly feeBps: number
  readonly incomplete: boolean
}

export interface BenchmarkNote {
  /** Of the plan itself, bps of the mid. */
  readonly allInBps: number
  readonly gapBps: number
  readonly proof: string
  readonly rows: readonly BenchmarkRow[]
}

/** A first decision that may still be looked at. */
export interface NotedDecision {
  readonly parentSequence: number
  readonly candidates: VenueCandidates
  readonly plan: ExecutionPlan
}

const PENDING_MAX = 64

export class BenchmarkLog {
  readonly #notes = new Map<number, BenchmarkNote>()
  readonly #kept: number
  readonly #pending: (NotedDecision | undefined)[] = new Array(PENDING_MAX).fill(undefined)
  readonly #pendingSequence = new Float64Array(PENDING_MAX)
  #pendingCount = 0
  readonly #work: (decision: NotedDecision) => BenchmarkNote

  constructor(kept: number, work: (decision: NotedDecision) => BenchmarkNote) {
    this.#kept = kept
    this.#work = work
  }

  /** Hot: remembers the decision; more than the turn can look at are not sampled. */
  note(decision: NotedDecision): void {
    if (this.#pendingCount === PENDING_MAX) return
    this.#pending[this.#pendingCount] = decision
    this.#pendingSequence[this.#pendingCount++] = decision.parentSequence
  }

  get pendingCount(): number {
    return this.#pendingCount
  }

  /** Cold, before books change: works the pending ones out and hands each to `keep` (the journal). */
  run(keep: (parentSequence: number, note: BenchmarkNote) => void): void {
    for (let at = 0; at < this.#pendingCount; at++) {
      const decision = this.#pending[at]
      if (decision === undefined || decision.parentSequence !== this.#pendingSequence[at]) continue
      const note = this.#work(decision)
      this.put(decision.parentSequence, note)
      keep(decision.parentSequence, note)
    }
    this.#pendingCount = 0
  }

  put(parentSequence: number, note: BenchmarkNote): void {
    this.#notes.set(parentSequence, note)
    if (this.#notes.size <= this.#kept) return
    const [oldest] = this.#notes.keys()
    if (oldest !== undefined) this.#notes.delete(oldest)
  }

  find(parentSequence: number): BenchmarkNote | undefined {
    return this.#notes.get(parentSequence)
  }
}
