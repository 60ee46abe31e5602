/** Which of some ASCII words a piece of bytes is: open addressing, at most a quarter full, no text made. */
const EMPTY = -1

export class SymbolTable {
  readonly #slots: Int16Array
  readonly #mask: number
  readonly #words: readonly Uint8Array[]

  /** A word outside ASCII is kept and never found. */
  constructor(words: readonly string[]) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(1, words.length) * 4))
    this.#slots = new Int16Array(size).fill(EMPTY)
    this.#mask = size - 1
    this.#words = words.map((word) => Uint8Array.from(word, (char) => char.charCodeAt(0)))
    for (const [at, word] of words.entries()) {
      if (!/^[ -~]*$/.test(word)) continue
      let slot = hash(this.#words[at], 0, word.length) & this.#mask
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & this.#mask
      this.#slots[slot] = at
    }
  }

  /** Its place among the words, or -1. O(bytes) expected. */
  find(bytes: Uint8Array, from: number, to: number): number {
    let slot = hash(bytes, from, to) & this.#mask
    while (this.#slots[slot] !== EMPTY) {
      const at = this.#slots[slot]
      if (isSame(this.#words[at], bytes, from, to)) return at
      slot = (slot + 1) & this.#mask
    }
    return EMPTY
  }
}

function isSame(word: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (word.length !== to - from) return false
  for (let i = 0; i < word.length; i++) if (word[i] !== bytes[from + i]) return false
  return true
}

/** Of the length and four of the bytes: names and symbols mostly differ there; the rest is compared. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 2) return to - from
  let h = Math.imul(to - from, 0x9e3779b1) ^ bytes[from]
  h = Math.imul(h, 0x01000193) ^ bytes[from + 1]
  h = Math.imul(h, 0x01000193) ^ bytes[(from + to) >> 1]
  h = Math.imul(h, 0x01000193) ^ bytes[to - 2]
  return h ^ (h >>> 15)
}
