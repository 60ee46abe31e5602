/**
 * The ring of hotpath/memory with its choices open, to measure each against its alternative: how far apart the indices
 * lie, whether a side keeps a copy of the other's index, how long a slot is, where in a cache line the first one begins.
 */
export interface RingVariant {
  readonly slots: number
  readonly slotBytes: number
  /** Bytes from tail to head: 128, 64, or 8 for the same cache line. */
  readonly apartBytes: number
  /** False: the other's index is loaded at every claim and poll. */
  readonly isCached: boolean
  /** Bytes from a page to the first slot, modulo 64. */
  readonly skewBytes: number
}

const HEADER_BYTES = 384
const TAIL_WORD = 32

export function variantBytes({ slots, slotBytes, skewBytes }: RingVariant): number {
  return HEADER_BYTES + skewBytes + slots * slotBytes
}

/** Both sides in one class; each thread uses its own half. */
export class VariantRing {
  readonly doubles: Float64Array
  readonly #index: Int32Array
  readonly #own = new Int32Array(2)
  readonly #mask: number
  readonly #slotBytes: number
  readonly #head: number
  readonly #first: number
  readonly #isCached: boolean

  constructor(bytes: Uint8Array, { slots, slotBytes, apartBytes, isCached, skewBytes }: RingVariant) {
    this.#index = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_BYTES / 4)
    this.doubles = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 3)
    this.#mask = slots - 1
    this.#slotBytes = slotBytes
    this.#head = TAIL_WORD + apartBytes / 4
    this.#first = HEADER_BYTES + skewBytes
    this.#isCached = isCached
  }

  claim(): number {
    const tail = this.#own[0]
    if (!this.#isCached || tail - this.#own[1] > this.#mask) {
      this.#own[1] = Atomics.load(this.#index, this.#head)
      if (tail - this.#own[1] > this.#mask) return -1
    }
    this.#own[0] = tail + 1
    return this.#first + (tail & this.#mask) * this.#slotBytes
  }

  publish(): void {
    Atomics.store(this.#index, TAIL_WORD, this.#own[0])
  }

  poll(): number {
    const head = this.#own[0]
    if (!this.#isCached || head === this.#own[1]) {
      this.#own[1] = Atomics.load(this.#index, TAIL_WORD)
      if (head === this.#own[1]) return -1
    }
    this.#own[0] = head + 1
    return this.#first + (head & this.#mask) * this.#slotBytes
  }

  release(): void {
    Atomics.store(this.#index, this.#head, this.#own[0])
  }
}
