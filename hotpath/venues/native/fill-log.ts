/**
 * The last fills told at one venue: an execution that comes again (in the answer to the order, on the stream, in the list of
 * trades) is known, and is told again only when it is asked for, then exactly as it was.
 */
import type { TrackedOrder } from './order-table.ts'

const FILLS_MAX = 16_384

export interface ToldFill {
  /** Counts up: in which order they were told. */
  readonly at: number
  readonly order: TrackedOrder
  readonly execution: number
  readonly lots: number
  readonly ticks: number
  readonly filledLots: number
  readonly feeUnits: number
  readonly feeInBase: boolean
  readonly isMaker: boolean
  readonly timeMs: number
}

export class FillLog {
  readonly #byKey = new Map<string, ToldFill>()
  #next = 1

  get size(): number {
    return this.#byKey.size
  }

  find(symbolName: string, executionId: string): ToldFill | undefined {
    return this.#byKey.get(`${symbolName} ${executionId}`)
  }

  add(symbolName: string, executionId: string, fill: Omit<ToldFill, 'at'>): ToldFill {
    const told = { ...fill, at: this.#next++ }
    this.#byKey.set(`${symbolName} ${executionId}`, told)
    if (this.#byKey.size > FILLS_MAX) {
      for (const oldest of this.#byKey.keys()) {
        this.#byKey.delete(oldest)
        break
      }
    }
    return told
  }

  /**
   * When the fill of this execution number was told; of several (numbers are a symbol's own at some venues) the first; 0 when
   * it is not remembered. Linear: once a reconcile.
   */
  toldAt(execution: number): number {
    if (execution === 0) return 0
    for (const fill of this.#byKey.values()) if (fill.execution === execution) return fill.at
    return 0
  }
}
