/**
 * Parent rows by parent sequence: linear probing over typed arrays, at most half full. Sequences are dense, and used as
 * slots they would form one long run that every removal walks (measured: 7 us); Fibonacci hashing spreads them, eight
 * neighbours at a time, so that the next order finds its cache line already there.
 */
import type { ParentRow } from '../../shared/units/ids.ts'

const EMPTY = -1
/** Neighbours that stay together: 8 slots, half a cache line. */
const GROUP_BITS = 3

export class SequenceIndex {
  readonly #slots: Int32Array
  readonly #mask: number
  readonly #groups: number
  readonly #shift: number
  readonly #sequences: Float64Array

  constructor(rows: number, sequences: Float64Array) {
    this.#slots = new Int32Array(rows * 2).fill(EMPTY)
    this.#mask = rows * 2 - 1
    this.#groups = this.#mask >>> GROUP_BITS
    this.#shift = Math.clz32(this.#groups)
    this.#sequences = sequences
  }

  /** The row of this sequence, or -1. O(1) expected. */
  find(sequence: number): ParentRow {
    let slot = this.#home(sequence)
    while (this.#slots[slot] !== EMPTY) {
      if (this.#sequences[this.#slots[slot]] === sequence) return this.#slots[slot] as ParentRow
      slot = (slot + 1) & this.#mask
    }
    return EMPTY as ParentRow
  }

  add(row: ParentRow): void {
    let slot = this.#home(this.#sequences[row])
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & this.#mask
    this.#slots[slot] = row
  }

  /** Removes and closes the gap (Knuth 6.4, algorithm R). */
  remove(row: ParentRow): void {
    let hole = this.#home(this.#sequences[row])
    while (this.#slots[hole] !== row) {
      if (this.#slots[hole] === EMPTY) return
      hole = (hole + 1) & this.#mask
    }
    let next = hole
    for (;;) {
      next = (next + 1) & this.#mask
      const other = this.#slots[next]
      if (other === EMPTY) break
      const home = this.#home(this.#sequences[other])
      if (((next - home) & this.#mask) >= ((next - hole) & this.#mask)) {
        this.#slots[hole] = other
        hole = next
      }
    }
    this.#slots[hole] = EMPTY
  }

  /** 2^32 divided by the golden ratio; the top bits of the product (Knuth 6.4). */
  #home(sequence: number): number {
    const group = (Math.imul((sequence | 0) >>> GROUP_BITS, 0x9e3779b1) >>> this.#shift) & this.#groups
    return ((group << GROUP_BITS) | (sequence & (2 ** GROUP_BITS - 1))) & this.#mask
  }
}
