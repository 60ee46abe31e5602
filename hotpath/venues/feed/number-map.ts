/**
 * A bounded map from whole numbers to numbers in two typed columns (open addressing): no boxes and no garbage however
 * often it changes. For what a venue makes us remember by number: BitMEX's level ids, dYdX's offsets.
 */
const SLOTS_FIRST = 256
const FREE = -1

export class NumberMap {
  readonly #entriesMax: number
  #keys = new Float64Array(SLOTS_FIRST).fill(FREE)
  #values = new Float64Array(SLOTS_FIRST)
  #count = 0

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax
  }

  get count(): number {
    return this.#count
  }

  /** NaN when the key is unknown. O(1). */
  get(key: number): number {
    if (!(key >= 0)) return Number.NaN
    const slot = this.#slot(key)
    return this.#keys[slot] === key ? this.#values[slot] : Number.NaN
  }

  /** False: it is full, or the key is negative; nothing was kept. */
  set(key: number, value: number): boolean {
    if (!(key >= 0)) return false
    let slot = this.#slot(key)
    if (this.#keys[slot] !== key) {
      if (this.#count >= this.#entriesMax) return false
      if (this.#count * 2 >= this.#keys.length) {
        this.#grow()
        slot = this.#slot(key)
      }
      this.#keys[slot] = key
      this.#count++
    }
    this.#values[slot] = value
    return true
  }

  /** Moves what was pushed aside by the key back, so that no search ends early. */
  delete(key: number): void {
    if (!(key >= 0)) return
    const keys = this.#keys
    const mask = keys.length - 1
    let hole = this.#slot(key)
    if (keys[hole] !== key) return
    for (let at = (hole + 1) & mask; keys[at] !== FREE; at = (at + 1) & mask) {
      const home = hashOf(keys[at]) & mask
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      keys[hole] = keys[at]
      this.#values[hole] = this.#values[at]
      hole = at
    }
    keys[hole] = FREE
    this.#count--
  }

  clear(): void {
    this.#keys.fill(FREE)
    this.#count = 0
  }

  /** Where the key is, or the free slot where it would be. */
  #slot(key: number): number {
    const keys = this.#keys
    const mask = keys.length - 1
    let slot = hashOf(key) & mask
    while (keys[slot] !== FREE && keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const keys = this.#keys
    const values = this.#values
    this.#keys = new Float64Array(keys.length * 2).fill(FREE)
    this.#values = new Float64Array(keys.length * 2)
    for (let at = 0; at < keys.length; at++) {
      if (keys[at] === FREE) continue
      const slot = this.#slot(keys[at])
      this.#keys[slot] = keys[at]
      this.#values[slot] = values[at]
    }
  }
}

function hashOf(key: number): number {
  const low = Math.imul((key % 4_294_967_296) | 0, 0x9e3779b1)
  const mixed = low ^ Math.imul(Math.floor(key / 4_294_967_296) | 0, 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
