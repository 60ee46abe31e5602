/**
 * Parent rows by (account, clientOrderId): linear probing over typed arrays, at most half full, FNV-1a. A Map would
 * need a string per lookup; this one allocates nothing. The hash stands beside the row, so that neither a foreign entry
 * of the same run nor the closing of a gap reads an id again (profiled: a tenth of an order).
 */
import { CLIENT_ORDER_ID_BYTES_MAX as idBytesMax } from '../../shared/limits.ts'
import type { AccountIndex, ParentRow } from '../../shared/units/ids.ts'

// Bound here: V8 reads an imported or exported binding from its cell at each use, a module's own is folded into code.
const CLIENT_ORDER_ID_BYTES_MAX = idBytesMax

const EMPTY = -1

export class ClientIdIndex {
  /** Two words a slot: row and hash. */
  readonly #slots: Int32Array
  readonly #mask: number
  readonly #accounts: Uint16Array
  readonly #ids: Uint8Array
  readonly #lengths: Uint8Array
  /** By row. */
  readonly #hashes: Int32Array

  constructor(rows: number, accounts: Uint16Array, ids: Uint8Array, lengths: Uint8Array) {
    this.#slots = new Int32Array(rows * 4).fill(EMPTY)
    this.#mask = rows * 2 - 1
    this.#accounts = accounts
    this.#ids = ids
    this.#lengths = lengths
    this.#hashes = new Int32Array(rows)
  }

  /** The parent of this account with this id, or -1. O(1) expected. */
  find(account: AccountIndex, id: Uint8Array, length: number): ParentRow {
    const slots = this.#slots
    const wanted = hash(account, id, 0, length)
    let slot = wanted & this.#mask
    while (slots[slot << 1] !== EMPTY) {
      const row = slots[slot << 1]
      if (slots[(slot << 1) + 1] === wanted && this.#matches(row, account, id, length)) return row as ParentRow
      slot = (slot + 1) & this.#mask
    }
    return EMPTY as ParentRow
  }

  /** The row's account and id columns are already written. */
  add(row: ParentRow): void {
    const own = hash(this.#accounts[row], this.#ids, row * CLIENT_ORDER_ID_BYTES_MAX, this.#lengths[row])
    let slot = own & this.#mask
    while (this.#slots[slot << 1] !== EMPTY) slot = (slot + 1) & this.#mask
    this.#slots[slot << 1] = row
    this.#slots[(slot << 1) + 1] = own
    this.#hashes[row] = own
  }

  /** Removes and closes the gap, so that later entries of the same run stay findable (Knuth 6.4, algorithm R). */
  remove(row: ParentRow): void {
    const slots = this.#slots
    const mask = this.#mask
    let hole = this.#hashes[row] & mask
    while (slots[hole << 1] !== row) {
      if (slots[hole << 1] === EMPTY) return
      hole = (hole + 1) & mask
    }
    let next = hole
    for (;;) {
      next = (next + 1) & mask
      if (slots[next << 1] === EMPTY) break
      const home = slots[(next << 1) + 1] & mask
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        slots[hole << 1] = slots[next << 1]
        slots[(hole << 1) + 1] = slots[(next << 1) + 1]
        hole = next
      }
    }
    slots[hole << 1] = EMPTY
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
