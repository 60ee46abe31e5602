/**
 * Every fill once: rows linked per child. A repeated or reordered report of the same execution finds itself here and
 * changes nothing.
 */
import { assert } from '../../shared/assert.ts'
import type { ChildRow } from '../../shared/units/ids.ts'

const NO_ROW = -1

export class FillStore {
  readonly execution: Float64Array
  readonly lots: Float64Array
  readonly ticks: Float64Array
  readonly feeUnits: Float64Array
  readonly atUs: Float64Array
  readonly liquidity: Uint8Array
  readonly feeInBase: Uint8Array
  readonly next: Int32Array
  /** By child row. */
  readonly first: Int32Array
  readonly #last: Int32Array
  readonly #free: Int32Array
  #freeCount: number

  constructor(size: { fillsMax: number; childrenMax: number }) {
    const fills = size.fillsMax
    this.execution = new Float64Array(fills)
    this.lots = new Float64Array(fills)
    this.ticks = new Float64Array(fills)
    this.feeUnits = new Float64Array(fills)
    this.atUs = new Float64Array(fills)
    this.liquidity = new Uint8Array(fills)
    this.feeInBase = new Uint8Array(fills)
    this.next = new Int32Array(fills).fill(NO_ROW)
    this.first = new Int32Array(size.childrenMax).fill(NO_ROW)
    this.#last = new Int32Array(size.childrenMax).fill(NO_ROW)
    this.#free = new Int32Array(fills)
    for (let row = 0; row < fills; row++) this.#free[row] = fills - 1 - row
    this.#freeCount = fills
  }

  get freeCount(): number {
    return this.#freeCount
  }

  /** Is this execution of this child booked? O(fills of the child). */
  has(child: ChildRow, execution: number): boolean {
    let fill = this.first[child]
    while (fill !== NO_ROW && this.execution[fill] !== execution) fill = this.next[fill]
    return fill !== NO_ROW
  }

  /** Takes a row at the end of the child's list; the caller fills in the columns. */
  add(child: ChildRow): number {
    assert(this.#freeCount > 0, 'a fill row is free')
    const row = this.#free[--this.#freeCount]
    this.next[row] = NO_ROW
    if (this.first[child] === NO_ROW) this.first[child] = row
    else this.next[this.#last[child]] = row
    this.#last[child] = row
    return row
  }

  /** Gives back all fills of a child that is being forgotten. */
  release(child: ChildRow): void {
    let fill = this.first[child]
    while (fill !== NO_ROW) {
      this.#free[this.#freeCount++] = fill
      fill = this.next[fill]
    }
    this.first[child] = NO_ROW
    this.#last[child] = NO_ROW
  }
}
