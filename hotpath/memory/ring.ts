/**
 * A ring of fixed slots between one writer and one reader: two threads over a SharedArrayBuffer, or two processes over
 * mapped memory, the same code. Nothing is allocated, nothing waits; a full ring is an answer.
 *
 *   byte 0       128          256          384            384 + slots x slotBytes
 *   ┌────────────┬────────────┬────────────┬──────────────┐
 *   │ shape      │ tail       │ head       │ slots …      │
 *   │ at boot    │ writer's   │ reader's   │              │
 *   └────────────┴────────────┴────────────┴──────────────┘
 *
 * Tail and head count slots ever passed, modulo 2^32. The writer fills slots with plain stores and publishes a whole batch
 * with one Atomics.store of the tail; each side keeps its own copy of the other's index and looks again only when that
 * copy says full or empty (an Atomics.load is a call of 13 ns). Indices are 128 bytes apart: two cache lines, because
 * processors fetch them in pairs.
 */
import { assert } from '../../shared/assert.ts'

export interface RingShape {
  /** A power of two. */
  readonly slots: number
  /** A multiple of 8; of 64 where two slots must not share a cache line. */
  readonly slotBytes: number
}

const HEADER_BYTES = 384
const MAGIC = 0x52_49_4e_47

/** Int32 index in the region. */
const Word = { magic: 0, slots: 1, slotBytes: 2, tail: 32, head: 64 } as const
const Own = { tail: 0, head: 1, count: 2 } as const

export function ringBytes({ slots, slotBytes }: RingShape): number {
  return HEADER_BYTES + slots * slotBytes
}

/** Makes an empty ring of `bytes`; before either side is opened. */
export function formatRing(bytes: Uint8Array, { slots, slotBytes }: RingShape): void {
  assert(Number.isInteger(Math.log2(slots)) && slots <= 2 ** 30, 'a ring has a power of two of slots')
  assert(slotBytes >= 8 && slotBytes % 8 === 0, 'a slot is whole doubles')
  assert(bytes.length === ringBytes({ slots, slotBytes }), 'a ring fills its region')
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_BYTES / 4)
  words.fill(0)
  words[Word.slots] = slots
  words[Word.slotBytes] = slotBytes
  Atomics.store(words, Word.magic, MAGIC)
}

/** What both sides know. */
class RingSide {
  /** The region; slots are found in it by the offsets that `claim` and `poll` answer. */
  readonly bytes: Uint8Array
  readonly view: DataView
  /** The same memory in doubles: an offset of a slot is a multiple of 8. */
  readonly doubles: Float64Array
  readonly slotBytes: number
  protected readonly index: Int32Array
  protected readonly slots: number
  /** This side's index and its copy of the other's. */
  protected readonly own = new Int32Array(Own.count)

  constructor(bytes: Uint8Array) {
    assert(bytes.byteOffset % 8 === 0, 'a ring begins at a whole double')
    this.bytes = bytes
    this.index = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_BYTES / 4)
    assert(Atomics.load(this.index, Word.magic) === MAGIC, 'the ring is formatted')
    this.slots = this.index[Word.slots]
    this.slotBytes = this.index[Word.slotBytes]
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.doubles = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)
    this.own[Own.tail] = Atomics.load(this.index, Word.tail)
    this.own[Own.head] = Atomics.load(this.index, Word.head)
  }

  protected offset(cursor: number): number {
    return HEADER_BYTES + (cursor & (this.slots - 1)) * this.slotBytes
  }
}

export class RingWriter extends RingSide {
  /** Byte offset of the next free slot, or -1 when the reader is a whole ring behind. Claimed slots are published together. */
  claim(): number {
    const tail = this.own[Own.tail]
    if (((tail - this.own[Own.head]) | 0) === this.slots) {
      this.own[Own.head] = Atomics.load(this.index, Word.head)
      if (((tail - this.own[Own.head]) | 0) === this.slots) return -1
    }
    this.own[Own.tail] = (tail + 1) | 0
    return this.offset(tail)
  }

  /** Shows the reader everything claimed since the last call. */
  publish(): void {
    Atomics.store(this.index, Word.tail, this.own[Own.tail])
  }

  /** Slots that can be claimed now; looks at the reader. */
  room(): number {
    this.own[Own.head] = Atomics.load(this.index, Word.head)
    return this.slots - ((this.own[Own.tail] - this.own[Own.head]) | 0)
  }
}

export class RingReader extends RingSide {
  /** Byte offset of the next published slot, or -1 when there is none. Polled slots are given back together. */
  poll(): number {
    const head = this.own[Own.head]
    if (head === this.own[Own.tail]) {
      this.own[Own.tail] = Atomics.load(this.index, Word.tail)
      if (head === this.own[Own.tail]) return -1
    }
    this.own[Own.head] = (head + 1) | 0
    return this.offset(head)
  }

  /** Gives the writer everything polled since the last call. */
  release(): void {
    Atomics.store(this.index, Word.head, this.own[Own.head])
  }
}
