/** Rows of open parents, dense, so that timers look at a bounded few of them each turn. O(1) add and remove. */
import type { ParentRow } from '../../shared/units/ids.ts'

const ABSENT = -1

export class OpenOrders {
  readonly #rows: Int32Array
  readonly #positions: Int32Array
  /** When a parent wants to be looked at again (route the remainder, ask about a silent child); 0: never. */
  readonly wakeUs: Float64Array
  #count = 0

  constructor(parentsMax: number) {
    this.#rows = new Int32Array(parentsMax)
    this.#positions = new Int32Array(parentsMax).fill(ABSENT)
    this.wakeUs = new Float64Array(parentsMax)
  }

  get count(): number {
    return this.#count
  }

  at(position: number): ParentRow {
    return this.#rows[position] as ParentRow
  }

  add(row: ParentRow): void {
    if (this.#positions[row] !== ABSENT) return
    this.#positions[row] = this.#count
    this.#rows[this.#count++] = row
    this.wakeUs[row] = 0
  }

  remove(row: ParentRow): void {
    const position = this.#positions[row]
    if (position === ABSENT) return
    const last = this.#rows[--this.#count]
    this.#rows[position] = last
    this.#positions[last] = position
    this.#positions[row] = ABSENT
  }
}
