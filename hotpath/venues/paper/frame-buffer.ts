/** Bytes on their way out: frames are appended, somebody takes them all, and the memory is used again. */
import { assert } from '../../../shared/assert.ts'

export class FrameBuffer {
  bytes: Uint8Array<ArrayBuffer>
  view: DataView
  length = 0
  readonly #bytesMax: number

  constructor(bytesFirst: number, bytesMax: number) {
    assert(bytesFirst <= bytesMax, 'a buffer starts within its bound')
    this.bytes = new Uint8Array(bytesFirst)
    this.view = new DataView(this.bytes.buffer)
    this.#bytesMax = bytesMax
  }

  /** Room for `bytes` more; answers where it starts, or -1 when the bound is reached. */
  claim(bytes: number): number {
    const end = this.length + bytes
    if (end > this.bytes.length && !this.#grow(end)) return -1
    const at = this.length
    this.length = end
    return at
  }

  append(source: Uint8Array, from: number, bytes: number): boolean {
    const at = this.claim(bytes)
    if (at < 0) return false
    // A loop is faster than set(subarray()) for the few hundred bytes of a frame, and makes no garbage.
    if (bytes <= 256) for (let i = 0; i < bytes; i++) this.bytes[at + i] = source[from + i]
    else this.bytes.set(source.subarray(from, from + bytes), at)
    return true
  }

  /** A copy of everything, which is then forgotten here. */
  take(): Uint8Array {
    const taken = this.bytes.slice(0, this.length)
    this.length = 0
    return taken
  }

  clear(): void {
    this.length = 0
  }

  #grow(bytes: number): boolean {
    if (bytes > this.#bytesMax) return false
    const wider = new Uint8Array(Math.min(this.#bytesMax, Math.max(bytes, this.bytes.length * 2)))
    wider.set(this.bytes.subarray(0, this.length))
    this.bytes = wider
    this.view = new DataView(wider.buffer)
    return true
  }
}
