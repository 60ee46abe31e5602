/**
 * A venue's instruments by the bytes of their names: dense rows, found without making a string. Open: names that come are
 * added (recordings); closed: what was not subscribed is unknown (live).
 */
import { INSTRUMENTS_MAX } from '../../../shared/limits.ts'

export const NO_SYMBOL = -1
const SLOTS = 8_192
const NAME_BYTES_MAX = 64

export class SymbolTable {
  readonly names: string[] = []
  readonly #isOpen: boolean
  readonly #slots = new Int32Array(SLOTS).fill(NO_SYMBOL)
  readonly #bytes: Uint8Array[] = []

  constructor(names: readonly string[] = [], options: { isOpen?: boolean } = {}) {
    this.#isOpen = options.isOpen ?? false
    for (const name of names) this.add(name)
  }

  get count(): number {
    return this.names.length
  }

  /** Row of a name, added if it is new; NO_SYMBOL when the table is full or the name too long. */
  add(name: string): number {
    const bytes = Buffer.from(name)
    return this.#find(bytes, 0, bytes.length, true)
  }

  /** Row of the name in these bytes, or NO_SYMBOL. O(length). */
  find(bytes: Uint8Array, from: number, to: number): number {
    return this.#find(bytes, from, to, this.#isOpen)
  }

  #find(bytes: Uint8Array, from: number, to: number, mayAdd: boolean): number {
    const length = to - from
    if (length <= 0 || length > NAME_BYTES_MAX) return NO_SYMBOL
    let hash = 0
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]) | 0
    let slot = (hash ^ (hash >>> 13)) & (SLOTS - 1)
    for (;;) {
      const row = this.#slots[slot]
      if (row === NO_SYMBOL) break
      if (isSame(this.#bytes[row], bytes, from, length)) return row
      slot = (slot + 1) & (SLOTS - 1)
    }
    if (!mayAdd || this.names.length >= INSTRUMENTS_MAX) return NO_SYMBOL
    const row = this.names.length
    const name = Buffer.from(bytes.subarray(from, to))
    this.#bytes.push(name)
    this.names.push(name.toString())
    this.#slots[slot] = row
    return row
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, length: number): boolean {
  if (known.length !== length) return false
  for (let at = 0; at < length; at++) if (known[at] !== bytes[from + at]) return false
  return true
}
