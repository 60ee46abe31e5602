/**
 * A histogram of whole numbers with a bounded relative error, after HdrHistogram (Gil Tene): the first 2^k values have
 * a bucket each, from there on every doubling has 2^(k-1). Recording is one increment, histograms merge exactly, and
 * quantiles come from all values ever recorded. It lies in one piece of memory that threads may share: one writer, any
 * number of readers, who may see the newest value's count before its sum.
 *
 *   digits  buckets of the first range   relative width   buckets   bytes (a double each: exact to 2^53)
 *      3              2,048                 <= 1/1024      23,552    188,480
 *      2                256                 <= 1/128        3,328     26,688
 *
 * The unit is the caller's: 3,600,000,000 is an hour of microseconds or 3.6 s of nanoseconds. What is above counts in
 * the last bucket and in `above`; minimum, maximum and sum stay exact.
 */
import { assert } from '../../shared/assert.ts'

export const HISTOGRAM_VALUE_MAX = 3_600_000_000
/** The same, not exported: V8 reads an exported binding from its cell at every use. */
const VALUE_MAX = HISTOGRAM_VALUE_MAX

/** Significant decimal digits that a quantile is right to. */
export type Digits = 2 | 3

/** log2 of the values that have a bucket each: the smallest power of two of at least 2 x 10^digits. */
const firstRangeBits: Readonly<Record<Digits, number>> = { 2: 8, 3: 11 }
const HIGHEST_BITS = Math.ceil(Math.log2(HISTOGRAM_VALUE_MAX))

/** Cells before the counts: two cache lines, so that histograms side by side do not share one. */
const Cell = { count: 0, sum: 1, least: 2, most: 3, above: 4, refused: 5, counts: 8 } as const

/** Bytes of one histogram; a multiple of 64. */
export function histogramBytes(digits: Digits): number {
  return (Cell.counts + bucketsOf(firstRangeBits[digits])) * Float64Array.BYTES_PER_ELEMENT
}

function bucketsOf(bits: number): number {
  return (HIGHEST_BITS - bits + 2) << (bits - 1)
}

/** Least of the values that share a bucket with this one. */
export function lowestEquivalent(value: number, digits: Digits = 3): number {
  const width = widthAt(value, digits)
  return value - (value % width)
}

/** Greatest of the values that share a bucket with this one. */
export function highestEquivalent(value: number, digits: Digits = 3): number {
  return lowestEquivalent(value, digits) + widthAt(value, digits) - 1
}

/** How many values share a bucket there: a power of two. */
function widthAt(value: number, digits: Digits): number {
  return 2 ** Math.max(0, 32 - Math.clz32(value) - firstRangeBits[digits])
}

export class Histogram {
  readonly digits: Digits
  readonly #cells: Float64Array
  /** Bits of a place within a range, values below the first doubling, buckets of a doubling. */
  readonly #bits: number
  readonly #mask: number
  readonly #half: number

  /** `memory` at `offset`, a multiple of 8, holds `histogramBytes`: zeros make an empty one. */
  constructor(digits: Digits, memory: ArrayBufferLike = new ArrayBuffer(histogramBytes(digits)), offset = 0) {
    this.digits = digits
    this.#bits = firstRangeBits[digits]
    this.#mask = 2 ** this.#bits - 1
    this.#half = 2 ** (this.#bits - 1)
    this.#cells = new Float64Array(memory, offset, Cell.counts + bucketsOf(this.#bits))
  }

  get count(): number {
    return this.#cells[Cell.count]
  }

  /** Of all values as they came; exact below 2^53. */
  get sum(): number {
    return this.#cells[Cell.sum]
  }

  /** 0 while nothing was recorded. */
  get min(): number {
    return this.#cells[Cell.least]
  }

  get max(): number {
    return this.#cells[Cell.most]
  }

  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }

  /** Values beyond HISTOGRAM_VALUE_MAX: their quantiles are only known to be that large. */
  get above(): number {
    return this.#cells[Cell.above]
  }

  /** Negative or not a number: clocks that were compared and cannot be. In no other figure. */
  get refused(): number {
    return this.#cells[Cell.refused]
  }

  /** O(1), allocates nothing. Fractions are cut for the bucket and kept in the sum. */
  record(value: number): void {
    const cells = this.#cells
    if (!(value >= 0)) {
      cells[Cell.refused] += 1
      return
    }
    if (cells[Cell.count] === 0 || value < cells[Cell.least]) cells[Cell.least] = value
    if (value > cells[Cell.most]) cells[Cell.most] = value
    cells[Cell.sum] += value
    cells[Cell.counts + this.#bucketOf(value)] += 1
    cells[Cell.count] += 1
    if (value > VALUE_MAX) cells[Cell.above] += 1
  }

  /**
   * Somebody who waits for an answer before asking again does not ask while it is slow: the questions left out, one an
   * interval, are put back with what they would have waited. O(value / interval).
   */
  recordCorrected(value: number, expectedInterval: number): void {
    assert(expectedInterval > 0, 'the expected interval is positive')
    this.record(value)
    for (let missing = value - expectedInterval; missing >= expectedInterval; missing -= expectedInterval) {
      this.record(missing)
    }
  }

  /**
   * Nearest rank: the greatest value that shares a bucket with the k-th smallest, k = ceil(share x count), never above
   * the maximum; 0 when empty. The share is from 0 to 1. O(buckets between minimum and maximum).
   */
  quantile(share: number): number {
    const { count, max } = this
    if (count === 0) return 0
    // 0.07 x 100 is 7.000000000000001 in doubles, and rank 7 is meant.
    const exact = share * count
    const rank = Math.max(1, Math.ceil(exact - exact * 2 ** -50))
    const last = this.#bucketOf(max)
    let seen = 0
    for (let bucket = this.#bucketOf(this.min); bucket < last; bucket++) {
      seen += this.#cells[Cell.counts + bucket]
      if (seen >= rank) return Math.min(max, this.#highestOf(bucket))
    }
    return max
  }

  /**
   * For each of these rising bounds how many values were at most that; values that share a bucket with a bound which does
   * not end it count above it. O(buckets between minimum and maximum + bounds).
   */
  countsUpTo(bounds: readonly number[]): number[] {
    const { count, min, max, above } = this
    const last = this.#bucketOf(max)
    let bucket = this.#bucketOf(min)
    let seen = 0
    return bounds.map((bound) => {
      if (bound >= max) return count
      if (bound >= VALUE_MAX) return count - above
      const own = this.#bucketOf(bound)
      const end = Math.min(last, this.#highestOf(own) <= bound ? own + 1 : own)
      for (; bucket < end; bucket++) seen += this.#cells[Cell.counts + bucket]
      return seen
    })
  }

  /** As if everything recorded there had been recorded here. Same digits. */
  merge(other: Histogram): void {
    assert(other.digits === this.digits, 'merged histograms have the same buckets')
    if (other.count === 0 && other.refused === 0) return
    const cells = this.#cells
    if (other.count > 0 && (this.count === 0 || other.min < this.min)) cells[Cell.least] = other.min
    if (other.max > this.max) cells[Cell.most] = other.max
    for (const cell of [Cell.count, Cell.sum, Cell.above, Cell.refused]) cells[cell] += other.#cells[cell]
    for (let at = Cell.counts; at < cells.length; at++) cells[at] += other.#cells[at]
  }

  /**
   * Takes out what an earlier copy of this histogram holds: what is left was recorded since. Minimum and maximum are
   * then as fine as the buckets.
   */
  subtract(earlier: Histogram): void {
    assert(earlier.digits === this.digits, 'subtracted histograms have the same buckets')
    const cells = this.#cells
    for (const cell of [Cell.count, Cell.sum, Cell.above, Cell.refused]) cells[cell] -= earlier.#cells[cell]
    let first = -1
    let last = -1
    for (let at = Cell.counts; at < cells.length; at++) {
      cells[at] -= earlier.#cells[at]
      assert(cells[at] >= 0, 'a histogram only grows')
      if (cells[at] === 0) continue
      if (first < 0) first = at - Cell.counts
      last = at - Cell.counts
    }
    cells[Cell.least] = first < 0 ? 0 : Math.max(this.min, this.#lowestOf(first))
    cells[Cell.most] = last < 0 ? 0 : Math.min(this.max, this.#highestOf(last))
  }

  copyFrom(other: Histogram): void {
    assert(other.digits === this.digits, 'a copy has the same buckets')
    this.#cells.set(other.#cells)
  }

  clear(): void {
    this.#cells.fill(0)
  }

  /** Ranges double; the first is twice as fine as half a range, so places count on: range x half + place. */
  #bucketOf(value: number): number {
    const within = value > VALUE_MAX ? VALUE_MAX : value
    const range = 32 - this.#bits - Math.clz32(within | this.#mask)
    return range * this.#half + (within >>> range)
  }

  #lowestOf(bucket: number): number {
    const range = Math.max(0, Math.floor(bucket / this.#half) - 1)
    return (bucket - range * this.#half) * 2 ** range
  }

  #highestOf(bucket: number): number {
    const range = Math.max(0, Math.floor(bucket / this.#half) - 1)
    return (bucket - range * this.#half + 1) * 2 ** range - 1
  }
}
