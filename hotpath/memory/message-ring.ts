/**
 * Messages of any length over a ring of fixed slots: a message takes as many consecutive slots as it needs, and one that
 * is longer than the free room (or the ring) goes in pieces, while nothing else may come between.
 *
 *   slot   0 length u16 | 2 kind u8 | 3 more u8 | 4 channel u32 | 8 payload …
 *
 * `more` is 1 in every slot but a message's last. Kinds and channels mean what the two sides agree on.
 */
import { assert } from '../../shared/assert.ts'
import { RingReader, RingWriter } from './ring.ts'

const HEADER_BYTES = 8
const Field = { kind: 2, more: 3, channel: 4 } as const
const NO_BYTES = new Uint8Array(0)

/** What a waiting message is counted for beside its bytes. */
const WAITING_BYTES = 64
/** Gone messages that may stand at the head of the queue before it is cut. */
const GONE_MAX = 1_024

class Waiting {
  readonly kind: number
  readonly channel: number
  readonly bytes: Uint8Array
  sent = 0

  constructor(kind: number, channel: number, bytes: Uint8Array) {
    this.kind = kind
    this.channel = channel
    this.bytes = bytes
  }
}

/** The writing side. A message that finds no room waits here, in order, and counts for its channel. */
export class MessageWriter {
  readonly #ring: RingWriter
  readonly #pieceBytes: number
  readonly #waiting: Waiting[] = []
  /** Of `#waiting`: those before it have gone. */
  #head = 0
  /** Bytes that wait: by channel, and all of them with 64 for each message. */
  readonly #waitingBytes: Float64Array
  readonly #waitingAll = new Float64Array(1)

  /** Of the channels below `channels`, what waits is counted for each. */
  constructor(bytes: Uint8Array, channels = 0) {
    this.#ring = new RingWriter(bytes)
    this.#pieceBytes = this.#ring.slotBytes - HEADER_BYTES
    this.#waitingBytes = new Float64Array(channels)
  }

  /** Bytes of this channel that are taken and not in the ring yet. */
  waitingBytes(channel: number): number {
    return this.#waitingBytes[channel]
  }

  /** Memory that waits, of all channels. */
  get waitingBytesAll(): number {
    return this.#waitingAll[0]
  }

  /** True while a message waits, also one without bytes. */
  get isWaiting(): boolean {
    return this.#head < this.#waiting.length
  }

  /**
   * `length` bytes of `source` from `from` on are in the ring and shown to the reader, or (false) some of them wait and
   * were copied. Allocates nothing while nothing waits. O(length).
   */
  send(
    kind: number,
    channel: number,
    source: Uint8Array = NO_BYTES,
    from = 0,
    length: number = source.length,
  ): boolean {
    if (this.isWaiting) {
      this.#wait(new Waiting(kind, channel, source.slice(from, from + length)))
      return false
    }
    const taken = this.#put(kind, channel, source, from, length)
    this.#ring.publish()
    if (taken === length) return true
    this.#wait(new Waiting(kind, channel, source.slice(from + Math.max(0, taken), from + length)))
    return false
  }

  /** Puts what waits into the ring as far as there is room; answers how many messages have gone. */
  flush(): number {
    if (this.#waiting.length === 0) return 0
    const from = this.#head
    while (this.isWaiting && this.#sendOn(this.#waiting[this.#head])) this.#head++
    const count = this.#head - from
    if (this.#head > GONE_MAX || !this.isWaiting) {
      this.#waiting.splice(0, this.#head)
      this.#head = 0
    }
    return count
  }

  #sendOn(message: Waiting): boolean {
    const { kind, channel, bytes, sent } = message
    const taken = this.#put(kind, channel, bytes, sent, bytes.length - sent)
    if (taken < 0) return false
    this.#ring.publish()
    message.sent += taken
    this.#count(channel, -taken)
    if (message.sent < bytes.length) return false
    this.#waitingAll[0] -= WAITING_BYTES
    return true
  }

  #wait(message: Waiting): void {
    this.#waiting.push(message)
    this.#waitingAll[0] += WAITING_BYTES
    this.#count(message.channel, message.bytes.length)
  }

  #count(channel: number, bytes: number): void {
    this.#waitingAll[0] += bytes
    if (channel < this.#waitingBytes.length) this.#waitingBytes[channel] += bytes
  }

  /** Bytes that found room, or -1 when not even the first slot did. */
  #put(kind: number, channel: number, source: Uint8Array, from: number, length: number): number {
    const ring = this.#ring
    let taken = 0
    do {
      const at = ring.claim()
      if (at < 0) return taken === 0 ? -1 : taken
      const piece = Math.min(this.#pieceBytes, length - taken)
      ring.view.setUint16(at, piece, true)
      ring.view.setUint8(at + Field.kind, kind)
      ring.view.setUint8(at + Field.more, taken + piece < length ? 1 : 0)
      ring.view.setUint32(at + Field.channel, channel, true)
      copyIn(source, from + taken, piece, ring.bytes, at + HEADER_BYTES)
      taken += piece
    } while (taken < length)
    return taken
  }
}

/** The reading side: one message at a time, whole, in memory of its own that stays the same while messages fit. */
export class MessageReader {
  kind = 0
  channel = 0
  length = 0
  readonly #ring: RingReader
  readonly #pieceWords: number
  readonly #ringWords: Int32Array
  readonly #bytesMax: number
  #bytes: Uint8Array<ArrayBuffer>
  #words: Int32Array
  #assembled = 0
  #hasPolled = false

  /** Memory for `bytesFirst` is taken at once; a message longer than `bytesMax` is our own mistake. */
  constructor(bytes: Uint8Array, bytesFirst: number, bytesMax: number) {
    this.#ring = new RingReader(bytes)
    this.#ringWords = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    this.#pieceWords = (this.#ring.slotBytes - HEADER_BYTES) / 4
    this.#bytesMax = bytesMax
    this.#bytes = new Uint8Array(wholePieces(bytesFirst, this.#pieceWords * 4))
    this.#words = new Int32Array(this.#bytes.buffer)
  }

  /** The message is its first `length` bytes, until the next `next`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes
  }

  /** Loads the next message; false when none is whole yet. Allocates only for one longer than any before. O(length). */
  next(): boolean {
    const ring = this.#ring
    for (;;) {
      const at = ring.poll()
      if (at < 0) return false
      this.#hasPolled = true
      const piece = ring.view.getUint16(at, true)
      this.#take(at + HEADER_BYTES, piece)
      if (ring.view.getUint8(at + Field.more) === 1) continue
      this.kind = ring.view.getUint8(at + Field.kind)
      this.channel = ring.view.getUint32(at + Field.channel, true)
      this.length = this.#assembled
      this.#assembled = 0
      return true
    }
  }

  /** Gives the writer the room of everything read, also of pieces of a message that is not whole yet; true if there was any. */
  release(): boolean {
    if (!this.#hasPolled) return false
    this.#hasPolled = false
    this.#ring.release()
    return true
  }

  /** Whole words, so the last of them may bring bytes behind the message. */
  #take(at: number, piece: number): void {
    const end = this.#assembled + piece
    if (end > this.#bytes.length) this.#grow(end)
    const from = at >> 2
    const to = this.#assembled >> 2
    const count = (piece + 3) >> 2
    assert(count <= this.#pieceWords, 'a piece fits its slot')
    for (let word = 0; word < count; word++) this.#words[to + word] = this.#ringWords[from + word]
    this.#assembled = end
  }

  #grow(bytes: number): void {
    assert(bytes <= this.#bytesMax, 'a message is within its bound')
    const wider = new Uint8Array(wholePieces(Math.max(bytes, this.#bytes.length * 2), this.#pieceWords * 4))
    wider.set(this.#bytes)
    this.#bytes = wider
    this.#words = new Int32Array(wider.buffer)
  }
}

function wholePieces(bytes: number, pieceBytes: number): number {
  return Math.max(1, Math.ceil(bytes / pieceBytes)) * pieceBytes
}

/** A whole array goes by `set` (no garbage); a part by a loop, because a subarray would be garbage. */
function copyIn(source: Uint8Array, from: number, length: number, target: Uint8Array, at: number): void {
  if (from === 0 && length === source.length) target.set(source, at)
  else for (let i = 0; i < length; i++) target[at + i] = source[from + i]
}
