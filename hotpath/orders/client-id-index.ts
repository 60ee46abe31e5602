/**
 * Parent rows by (account, clientOrderId): linear probing over typed arrays, at most half full, FNV-1a. A Map would
 * need a string per lookup; this one allocates nothing.
 */
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../shared/limits.ts'
import type { AccountIndex, ParentRow } from '../../shared/units/ids.ts'

const EMPTY = -1

export class ClientIdIndex {
  readonly #slots: Int32Array
  readonly #mask: number
  readonly #accounts: Uint16Array
  readonly #ids: Uint8Array
  readonly #lengths: Uint8Array

  constructor(rows: number, accounts: Uint16Array, ids: Uint8Array, lengths: Uint8Array) {
    this.#slots = new Int32Array(rows * 2).fill(EMPTY)
    this.#mask = rows * 2 - 1
    this.#accounts = accounts
    this.#ids = ids
    this.#lengths = lengths
  }

  /** The parent of this account with this id, or -1. O(1) expected. */
  find(account: AccountIndex, id: Uint8Array, length: number): ParentRow {
    let slot = hash(account, id, 0, length) & this.#mask
    while (this.#slots[slot] !== EMPTY) {
      if (this.#matches(this.#slots[slot], account, id, length)) return this.#slots[slot] as ParentRow
      slot = (slot + 1) & this.#mask
    }
    return EMPTY as ParentRow
  }

  /** The row's account and id columns are already written. */
  add(row: ParentRow): void {
    let slot = this.#home(row)
    while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & this.#mask
    this.#slots[slot] = row
  }

  /** Removes and closes the gap, so that later entries of the same run stay findable (Knuth 6.4, algorithm R). */
  remove(row: ParentRow): void {
    let hole = this.#home(row)
    while (this.#slots[hole] !== row) {
      if (this.#slots[hole] === EMPTY) return
      hole = (hole + 1) & this.#mask
    }
    let next = hole
    for (;;) {
      next = (next + 1) & this.#mask
      const other = this.#slots[next]
      if (other === EMPTY) break
      const home = this.#home(other)
      if (((next - home) & this.#mask) >= ((next - hole) & this.#mask)) {
        this.#slots[hole] = other
        hole = next
      }
    }
    this.#slots[hole] = EMPTY
  }

  #home(row: number): number {
    return hash(this.#accounts[row], this.#ids, row * CLIENT_ORDER_ID_BYTES_MAX, this.#lengths[row]) & this.#mask
  }

  #matches(row: number, account: number, id: Uint8Array, length: number): boolean {
    if (this.#accounts[row] !== account || this.#lengths[row] !== length) return false
    const at = row * CLIENT_ORDER_ID_BYTES_MAX
    for (let i = 0; i < length; i++) if (this.#ids[at + i] !== id[i]) return false
    return true
  }
}

function hash(account: number, bytes: Uint8Array, from: number, length: number): number {
  let h = Math.imul(0x811c9dc5 ^ account, 0x01000193)
  for (let i = 0; i < length; i++) h = Math.imul(h ^ bytes[from + i], 0x01000193)
  return h ^ (h >>> 15)
}
