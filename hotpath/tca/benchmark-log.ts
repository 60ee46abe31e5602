/**
 * The named baselines on the books of each order's first decision. Worked out after the children are out, in the same
 * turn and before the next market data, at a bounded rate; written to the journal so that a report survives a restart.
 * Kept in columns: at 50,000 orders a second notes in objects would be 150 MB of garbage a second.
 */
import type { Proof } from '../plan/execution-plan.ts'
import { type FirstDecision, NotedDecision } from './noted-decision.ts'

export type { NotedDecision } from './noted-decision.ts'

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

export const BASELINES_MAX = 4
const PENDING_MAX = 64

/** One decision's figures in columns, a row a baseline; reused, so that keeping them makes no garbage. */
export class BenchmarkFigures {
  rows = 0
  proof: Proof = 0
  /** Number of the baseline, venue index (255: none), 1 where the depth did not suffice. */
  readonly baseline = new Uint8Array(BASELINES_MAX)
  readonly venue = new Uint8Array(BASELINES_MAX)
  readonly isIncomplete = new Uint8Array(BASELINES_MAX)
  /** Bps of the mid. */
  readonly allInBps = new Float64Array(BASELINES_MAX)
  readonly slippageBps = new Float64Array(BASELINES_MAX)
  readonly feeBps = new Float64Array(BASELINES_MAX)
  /** Of the plan itself: all-in, gap. */
  readonly planBps = new Float64Array(2)
}

export class BenchmarkLog {
  /** The newest, in a ring. */
  readonly #figures: readonly BenchmarkFigures[]
  readonly #sequence: Float64Array
  #next = 0
  readonly #pending = Array.from({ length: PENDING_MAX }, () => new NotedDecision())
  #pendingCount = 0
  readonly #work: (decision: NotedDecision, figures: BenchmarkFigures) => void
  readonly #describe: (figures: BenchmarkFigures) => BenchmarkNote

  constructor(
    kept: number,
    work: (decision: NotedDecision, figures: BenchmarkFigures) => void,
    describe: (figures: BenchmarkFigures) => BenchmarkNote,
  ) {
    this.#figures = Array.from({ length: kept }, () => new BenchmarkFigures())
    this.#sequence = new Float64Array(kept).fill(-1)
    this.#work = work
    this.#describe = describe
  }

  /** Hot: copies of the decision what it takes; more than the turn can look at are not sampled. */
  note(decision: FirstDecision): void {
    if (this.#pendingCount === PENDING_MAX) return
    this.#pending[this.#pendingCount++].take(decision)
  }

  get pendingCount(): number {
    return this.#pendingCount
  }

  /** Before books change: works the pending ones out and hands each to `keep` (the journal). */
  run(keep: (decision: NotedDecision, figures: BenchmarkFigures) => void): void {
    for (let at = 0; at < this.#pendingCount; at++) {
      const decision = this.#pending[at]
      const figures = this.#take()
      this.#sequence[this.#slotOf(1)] = decision.parentSequence
      this.#work(decision, figures)
      keep(decision, figures)
    }
    this.#pendingCount = 0
  }

  /** Figures of this order, to be filled in by the caller: what a journal says. */
  place(parentSequence: number): BenchmarkFigures {
    const figures = this.#take()
    this.#sequence[this.#slotOf(1)] = parentSequence
    return figures
  }

  /** Cold: O(kept). */
  find(parentSequence: number): BenchmarkNote | undefined {
    for (let back = 1; back <= this.#figures.length; back++) {
      const slot = this.#slotOf(back)
      if (this.#sequence[slot] === parentSequence) return this.#describe(this.#figures[slot])
    }
    return undefined
  }

  #take(): BenchmarkFigures {
    const figures = this.#figures[this.#next]
    this.#next = (this.#next + 1) % this.#figures.length
    return figures
  }

  /** The slot taken `back` takes ago. */
  #slotOf(back: number): number {
    return (this.#next - back + this.#figures.length) % this.#figures.length
  }
}
