/**
 * Exact quantiles of the last `window` values, a row per series: the values in the order they came, so that the oldest
 * can leave, and the same values in ascending order, so that a quantile is one read. Nothing is allocated after boot.
 *
 *   came:    | 5 9 7 2 |      head at the oldest
 *   sorted:  | 2 5 7 9 |
 */
import { assert } from '../../shared/assert.ts'

export class RollingQuantile {
  readonly window: number
  readonly #came: Float64Array
  readonly #sorted: Float64Array
  readonly #count: Int32Array
  readonly #head: Int32Array
  readonly #value = new Float64Array(1)

  /** rows x window x 16 bytes. */
  constructor(rows: number, window: number) {
    assert(rows > 0 && window > 0, 'a rolling quantile has a row and a window')
    this.window = window
    this.#came = new Float64Array(rows * window)
    this.#sorted = new Float64Array(rows * window)
    this.#count = new Int32Array(rows)
    this.#head = new Int32Array(rows)
  }

  /** Values in the window now. */
  count(row: number): number {
    return this.#count[row]
  }

  /** Any finite value; NaN would never be found again. */
  note(row: number, value: number): void {
    this.#value[0] = value
    this.noteFrom(row, this.#value, 0)
  }

  /**
   * `note` of `values[index]`: a double handed to a function too large to be inlined would be boxed. O(log window) and the
   * values between the one that leaves and the one that comes.
   */
  noteFrom(row: number, values: Float64Array, index: number): void {
    const sorted = this.#sorted
    const value = values[index]
    const from = row * this.window
    const count = this.#count[row]
    const slot = from + this.#head[row]
    this.#head[row] = (this.#head[row] + 1) % this.window
    const isFull = count === this.window
    if (!isFull) this.#count[row] = count + 1
    // The place that is free: behind the last value, or that of the value that leaves. Those in between move over.
    let at = isFull ? this.#find(from, slot) : from + count
    const last = from + (isFull ? count - 1 : count)
    while (at > from && sorted[at - 1] > value) {
      sorted[at] = sorted[at - 1]
      at--
    }
    while (at < last && sorted[at + 1] < value) {
      sorted[at] = sorted[at + 1]
      at++
    }
    sorted[at] = value
    this.#came[slot] = value
  }

  /**
   * Nearest-rank quantile, 0 < share <= 1 (shared/math/quantile): exact, no interpolation. 0 while the row is empty.
   * 1e-9 forgives 0.07 x 100 = 7.000000000000001. O(1).
   */
  quantile(row: number, share: number): number {
    const count = this.#count[row]
    if (count === 0) return 0
    const rank = Math.ceil(share * count - 1e-9)
    return this.#sorted[row * this.window + Math.min(count, Math.max(1, rank)) - 1]
  }

  /** First place in a full row that is not below the value that came into `slot`. */
  #find(from: number, slot: number): number {
    const value = this.#came[slot]
    let low = from
    let high = from + this.window - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sorted[middle] < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
