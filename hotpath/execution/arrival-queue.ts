/**
 * Children held back so that all of one route land together: a sweep that arrives at its nearest venue first tells the
 * others what is coming, and what they show may be gone (RBC's THOR and the delays of IEX answer the same effect). A child
 * waits for the difference between the slowest venue's expected one-way time and its own; nobody waits longer than a
 * bound, so one far venue does not hold up the rest.
 *
 * A binary heap by due time: O(log held) a child, nothing allocated. Bounded; a full queue is an answer and the child goes
 * at once.
 */
import { assert } from '../../shared/assert.ts'
import { VENUES_MAX } from '../../shared/limits.ts'
import type { ChildRow } from '../../shared/units/ids.ts'

export const NOBODY = -1 as ChildRow

export class ArrivalQueue {
  readonly #due: Float64Array
  readonly #row: Int32Array
  /** By child row: is it in the heap? */
  readonly #isHeld: Uint8Array
  readonly #capacity: number
  #count = 0

  constructor(childrenMax: number, capacity: number) {
    assert(capacity >= VENUES_MAX, 'the children of one route fit')
    this.#capacity = capacity
    this.#due = new Float64Array(capacity)
    this.#row = new Int32Array(capacity)
    this.#isHeld = new Uint8Array(childrenMax)
  }

  get count(): number {
    return this.#count
  }

  /** When the earliest is due, nanoseconds; infinite while nobody is held. */
  get nextDueNs(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#due[0]
  }

  isHeld(child: ChildRow): boolean {
    return this.#isHeld[child] === 1
  }

  /** False: no room, send it now. */
  hold(child: ChildRow, dueNs: number): boolean {
    if (this.#count === this.#capacity) return false
    assert(this.#isHeld[child] === 0, 'a child is held once')
    this.#isHeld[child] = 1
    let at = this.#count++
    while (at > 0) {
      const above = (at - 1) >> 1
      if (this.#due[above] <= dueNs) break
      this.#put(at, this.#row[above], this.#due[above])
      at = above
    }
    this.#put(at, child, dueNs)
    return true
  }

  /** The earliest child that is due, or NOBODY. */
  take(nowNs: number): ChildRow {
    if (this.#count === 0 || this.#due[0] > nowNs) return NOBODY
    return this.#removeAt(0)
  }

  /** Lets go of a child that must not be sent any more. O(held). */
  release(child: ChildRow): boolean {
    if (this.#isHeld[child] === 0) return false
    let at = 0
    while (this.#row[at] !== child) at++
    this.#removeAt(at)
    return true
  }

  #removeAt(hole: number): ChildRow {
    const child = this.#row[hole] as ChildRow
    this.#isHeld[child] = 0
    const last = --this.#count
    if (hole !== last) this.#settle(hole, this.#row[last], this.#due[last])
    return child
  }

  /** Puts an entry where a hole is: up while it is earlier than what is above, else down. */
  #settle(hole: number, row: number, due: number): void {
    let at = hole
    while (at > 0 && this.#due[(at - 1) >> 1] > due) {
      const above = (at - 1) >> 1
      this.#put(at, this.#row[above], this.#due[above])
      at = above
    }
    for (;;) {
      let below = 2 * at + 1
      if (below >= this.#count) break
      if (below + 1 < this.#count && this.#due[below + 1] < this.#due[below]) below++
      if (this.#due[below] >= due) break
      this.#put(at, this.#row[below], this.#due[below])
      at = below
    }
    this.#put(at, row, due)
  }

  #put(at: number, row: number, due: number): void {
    this.#row[at] = row
    this.#due[at] = due
  }
}
