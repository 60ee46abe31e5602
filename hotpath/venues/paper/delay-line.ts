/**
 * Messages on their way: each comes out no earlier than its time and never before the one pushed before it, as on one
 * TCP connection. Memory grows to a bound and is used again.
 *
 *   head                                              tail
 *   | release f64 | bytes u32 | tag u32 | target u32 | zero u32 | message, padded to 8 | release ...
 */
import { widened } from './paper-orders.ts'

const BYTES_FIRST = 1_024
const HEADER_BYTES = 24

export class DelayLine {
  readonly #bytesMax: number
  #bytes = new Uint8Array(BYTES_FIRST)
  #view = new DataView(this.#bytes.buffer)
  #head = 0
  #tail = 0
  readonly #lastNs = new Float64Array(1)

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** When the next message comes out; infinite when there is none. */
  get dueNs(): number {
    return this.#head === this.#tail ? Number.POSITIVE_INFINITY : this.#view.getFloat64(this.#head, true)
  }

  /** Of the next message. */
  get tag(): number {
    return this.#view.getUint32(this.#head + 12, true)
  }

  get target(): number {
    return this.#view.getUint32(this.#head + 16, true)
  }

  get size(): number {
    return this.#view.getUint32(this.#head + 8, true)
  }

  /** Where the next message lies; valid until the next push or pop. */
  get bytes(): Uint8Array {
    return this.#bytes
  }

  get view(): DataView {
    return this.#view
  }

  get at(): number {
    return this.#head + HEADER_BYTES
  }

  /** False: the line is full and the message is not in it. O(bytes). */
  push(releaseNs: number, tag: number, target: number, source: Uint8Array, from: number, bytes: number): boolean {
    const padded = HEADER_BYTES + ((bytes + 7) & ~7)
    if (this.#tail + padded > this.#bytes.length && !this.#makeRoom(padded)) return false
    const at = this.#tail
    const dueNs = Math.max(releaseNs, this.#lastNs[0])
    this.#lastNs[0] = dueNs
    this.#view.setFloat64(at, dueNs, true)
    this.#view.setUint32(at + 8, bytes, true)
    this.#view.setUint32(at + 12, tag, true)
    this.#view.setUint32(at + 16, target, true)
    const to = at + HEADER_BYTES
    if (bytes <= 256) for (let i = 0; i < bytes; i++) this.#bytes[to + i] = source[from + i]
    else this.#bytes.set(source.subarray(from, from + bytes), to)
    this.#tail = at + padded
    return true
  }

  pop(): void {
    this.#head += HEADER_BYTES + ((this.size + 7) & ~7)
    if (this.#head !== this.#tail) return
    this.#head = 0
    this.#tail = 0
  }

  /** Moves what is waiting to the front, or widens, or says that the bound is reached. */
  #makeRoom(bytes: number): boolean {
    const waiting = this.#tail - this.#head
    const needed = waiting + bytes
    if (needed > this.#bytes.length / 2 && needed <= this.#bytesMax) {
      this.#bytes = widened(this.#bytes, Math.max(this.#bytes.length * 2, needed))
      this.#view = new DataView(this.#bytes.buffer)
    }
    if (needed > this.#bytes.length) return false
    this.#bytes.copyWithin(0, this.#head, this.#tail)
    this.#head = 0
    this.#tail = waiting
    return true
  }
}
