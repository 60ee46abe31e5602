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
 * processors fetch them in pairs. `npm run bench -- ring` measures each choice against its alternative. On two cores of an
 * AMD EPYC: a publish each 16 slots carries 1.8 times the messages of one a slot, the copied index 1.2 times those of one
 * loaded each time; the distance of the indices and slots of two lines instead of one made no difference there.
 *
 * Why this is enough: Atomics.store is a release (xchg on x86-64, stlr on arm64) and Atomics.load an acquire (mov, ldar),
 * so slots filled before `publish` are seen by who sees the tail, and slots read before `release` are read before the
 * writer can see the head. Every plain access is ordered by such a pair, so there is no race by the rules of the language
 * either, as long as the memory is a SharedArrayBuffer; for mapped memory (an ArrayBuffer to the engine) it rests on V8
 * using the same instructions. `npm run races` tests both, 100 million messages a layout; on x86-64 only, so far.
 *
 * Either side may end and another take its place over the same bytes: what was claimed but not published is forgotten,
 * what was polled but not released is polled again.
 */
import { assert } from '../../shared/assert.ts'

export interface RingShape {
  /** A power of two, at most 2^30. */
  readonly slots: number
  /** A multiple of 8; of 64 where two slots must not share a cache line. */
  readonly slotBytes: number
}

const HEADER_BYTES = 384
const SLOTS_MAX = 2 ** 30
const MAGIC = 0x52_49_4e_47

/** Int32 index in the region. */
const Word = { magic: 0, slots: 1, slotBytes: 2, tail: 32, head: 64 } as const
const Own = { tail: 0, head: 1, count: 2 } as const

/** Size of the region for `shape`, bytes. */
export function ringBytes({ slots, slotBytes }: RingShape): number {
  return HEADER_BYTES + slots * slotBytes
}

/**
 * Makes an empty ring of `bytes`; before either side is opened. `firstIndex` is where the counters begin: the tests begin
 * shortly before they wrap.
 */
export function formatRing(bytes: Uint8Array, shape: RingShape, firstIndex = 0): void {
  assertShape(bytes, shape.slots, shape.slotBytes)
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_BYTES / 4)
  Atomics.store(words, Word.magic, 0)
  bytes.fill(0)
  words[Word.slots] = shape.slots
  words[Word.slotBytes] = shape.slotBytes
  words[Word.tail] = firstIndex | 0
  words[Word.head] = firstIndex | 0
  Atomics.store(words, Word.magic, MAGIC)
}

/** The words may come from another process's hand: nothing is taken for granted. */
function assertShape(bytes: Uint8Array, slots: number, slotBytes: number): void {
  assert(bytes.byteOffset % 8 === 0, 'a ring begins at a whole double')
  assert(
    Number.isInteger(slots) && slots >= 1 && slots <= SLOTS_MAX,
    'a ring has at least a slot and counts in 32 bits',
  )
  assert((slots & (slots - 1)) === 0, 'a ring has a power of two of slots')
  assert(Number.isInteger(slotBytes) && slotBytes >= 8 && slotBytes % 8 === 0, 'a slot is whole doubles')
  assert(bytes.length === ringBytes({ slots, slotBytes }), 'a ring fills its region')
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

  /** Opens one side of a formatted ring; throws an assertion when it is not one. */
  constructor(bytes: Uint8Array) {
    assert(bytes.byteOffset % 8 === 0 && bytes.length > HEADER_BYTES, 'a ring begins at a whole double and has slots')
    this.bytes = bytes
    this.index = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_BYTES / 4)
    assert(Atomics.load(this.index, Word.magic) === MAGIC, 'the ring is formatted')
    this.slots = this.index[Word.slots]
    this.slotBytes = this.index[Word.slotBytes]
    assertShape(bytes, this.slots, this.slotBytes)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.doubles = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)
    // The reader's index first: it never passes the writer's, so what is read second is never behind.
    this.own[Own.head] = Atomics.load(this.index, Word.head)
    this.own[Own.tail] = Atomics.load(this.index, Word.tail)
    this.assertApart()
  }

  /** Two writers or two readers on one ring, or a stranger's stores, come to light here. */
  protected assertApart(): void {
    assert((this.own[Own.tail] - this.own[Own.head]) >>> 0 <= this.slots, 'the writer is at most a ring ahead')
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
      this.lookAtReader()
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
    this.lookAtReader()
    return this.slots - ((this.own[Own.tail] - this.own[Own.head]) | 0)
  }

  private lookAtReader(): void {
    this.own[Own.head] = Atomics.load(this.index, Word.head)
    this.assertApart()
  }
}

export class RingReader extends RingSide {
  /** Byte offset of the next published slot, or -1 when there is none. Polled slots are given back together. */
  poll(): number {
    const head = this.own[Own.head]
    if (head === this.own[Own.tail]) {
      this.own[Own.tail] = Atomics.load(this.index, Word.tail)
      this.assertApart()
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
