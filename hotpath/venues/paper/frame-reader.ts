/**
 * Finds the frames in a stream of bytes, whatever pieces they come in. A frame that cannot be one (too short, too long,
 * another version) breaks the reader for good: the connection is to be closed.
 */
import { FrameBytes, frameBytes, frameVersion, PAPER_PROTOCOL } from './paper-frame.ts'

export interface FrameSink {
  /** One whole frame at `at` of `view`, valid during the call only. False: nonsense, stop here. */
  onFrame(view: DataView, at: number): boolean
}

const BYTES_FIRST = 4_096

export class FrameReader {
  readonly #frameBytesMax: number
  /** A frame whose end has not come yet. */
  #part = new Uint8Array(BYTES_FIRST)
  #partView = new DataView(this.#part.buffer)
  #length = 0
  /** The last chunk and its view: a ring brings the same memory all day. */
  #chunk: Uint8Array = this.#part
  #chunkView: DataView = this.#partView
  #isBroken = false

  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  /** Hands every whole frame of the chunk's first `length` bytes on. False once the stream has made no sense. O(bytes). */
  read(chunk: Uint8Array, sink: FrameSink, length: number = chunk.length): boolean {
    let at = 0
    while (!this.#isBroken && this.#length > 0 && at < length) at = this.#complete(chunk, at, length, sink)
    if (!this.#isBroken && at < length) at = this.#readWhole(chunk, at, length, sink)
    if (!this.#isBroken && at < length) this.#keep(chunk, at, length)
    return !this.#isBroken
  }

  /** Frames that lie whole in the chunk; answers where the rest begins. */
  #readWhole(chunk: Uint8Array, from: number, length: number, sink: FrameSink): number {
    if (chunk !== this.#chunk) {
      this.#chunk = chunk
      this.#chunkView = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    }
    const view = this.#chunkView
    let at = from
    while (length - at >= FrameBytes.header) {
      const bytes = this.#bytesOf(view, at)
      if (bytes < 0 || length - at < bytes) return at
      if (!sink.onFrame(view, at)) this.#isBroken = true
      if (this.#isBroken) return at
      at += bytes
    }
    return at
  }

  /** Adds to the part of a frame that we have; answers where the chunk goes on. */
  #complete(chunk: Uint8Array, from: number, length: number, sink: FrameSink): number {
    const wanted = this.#length < FrameBytes.header ? FrameBytes.header : this.#bytesOf(this.#partView, 0)
    if (wanted < 0) return from
    const to = Math.min(length, from + wanted - this.#length)
    this.#keep(chunk, from, to)
    if (this.#length < wanted) return to
    const bytes = this.#bytesOf(this.#partView, 0)
    if (bytes === this.#length) {
      this.#length = 0
      if (!sink.onFrame(this.#partView, 0)) this.#isBroken = true
    }
    return to
  }

  /** Length of the frame that starts here, or -1 when it cannot be one. */
  #bytesOf(view: DataView, at: number): number {
    const bytes = frameBytes(view, at)
    if (bytes >= FrameBytes.header && bytes <= this.#frameBytesMax && frameVersion(view, at) === PAPER_PROTOCOL)
      return bytes
    this.#isBroken = true
    return -1
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const length = this.#length + to - from
    if (length > this.#part.length) {
      const wider = new Uint8Array(Math.max(length, this.#part.length * 2))
      wider.set(this.#part.subarray(0, this.#length))
      this.#part = wider
      this.#partView = new DataView(wider.buffer)
    }
    this.#part.set(chunk.subarray(from, to), this.#length)
    this.#length = length
  }
}
