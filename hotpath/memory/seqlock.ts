/**
 * A table of equal blocks of doubles that one writer keeps and any number of readers copy out: books, scores, latencies.
 * The writer never waits and never knows of readers; a reader sees a block whole, or tries again.
 *
 *   byte 0       128                                   128 + stride
 *   ┌────────────┬──────────┬───────────────┬─────────┬──────────┬───────
 *   │ shape      │ sequence │ doubles …     │ unused  │ sequence │ …
 *   │ at boot    │ block 0  │               │         │ block 1  │
 *   └────────────┴──────────┴───────────────┴─────────┴──────────┴───────
 *
 * A block is whole units of 128 bytes (cache lines in the pairs they are fetched in), so that writing one never disturbs
 * the readers of its neighbour; 15 doubles and the sequence fill one unit. The sequence is odd while the block is written.
 *
 * Order of memory. The language has no fences for plain stores, and makes no promise at all about plain reads that race
 * with writes; what holds is what V8 emits: Atomics are calls that no plain access is moved across by the compiler.
 * - x86-64 keeps loads among loads and stores among stores: sequence, doubles, sequence stay in program order.
 * - arm64: Atomics.store is stlr (nothing earlier moves behind it, later ones may move before it), Atomics.load is ldar
 *   (nothing later moves before it), and an ldar never passes an earlier stlr. So one store followed by one load is a
 *   full barrier, and a read-modify-write alone is not by the older texts of the architecture. Hence: the writer stores
 *   the odd sequence and loads it again before it touches the doubles, and stores the even one after them (release);
 *   a reader loads the sequence (acquire), copies, stores to a word of its own and loads the sequence again.
 * Verified: on x86-64 by the races (test/races). Not verified: anything on arm64, neither a run nor the instructions.
 *
 * A reader would be deceived if exactly a multiple of 2^31 writes fell into one copy of a block.
 */
import { assert } from '../../shared/assert.ts'

export interface SeqlockShape {
  readonly blocks: number
  readonly doublesPerBlock: number
}

const HEADER_BYTES = 128
const UNIT_BYTES = 128
const SEQUENCE_BYTES = 8
const MAGIC = 0x53_45_51_4c
/** How often a reader looks before it answers false: some microseconds, for the writer may have lost its core. */
const READ_TRIES_MAX = 64

/** Int32 index in the region. */
const Word = { magic: 0, blocks: 1, doublesPerBlock: 2 } as const

function strideBytes(doublesPerBlock: number): number {
  return Math.ceil((SEQUENCE_BYTES + doublesPerBlock * 8) / UNIT_BYTES) * UNIT_BYTES
}

/** Makes a table of `bytes`, every block zeros; before either side is opened. */
export function formatSeqlock(bytes: Uint8Array, { blocks, doublesPerBlock }: SeqlockShape): void {
  assertShape(bytes, blocks, doublesPerBlock)
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_BYTES / 4)
  Atomics.store(words, Word.magic, 0)
  bytes.fill(0)
  words[Word.blocks] = blocks
  words[Word.doublesPerBlock] = doublesPerBlock
  Atomics.store(words, Word.magic, MAGIC)
}

function assertShape(bytes: Uint8Array, blocks: number, doublesPerBlock: number): void {
  assert(bytes.byteOffset % 8 === 0, 'a table begins at a whole double')
  assert(Number.isInteger(blocks) && blocks >= 1, 'a table has at least a block')
  assert(Number.isInteger(doublesPerBlock) && doublesPerBlock >= 1, 'a block has at least a double')
  assert(bytes.length === SeqlockTable.bytes(blocks, doublesPerBlock), 'a table fills its region')
  assert(bytes.length <= 2 ** 30, 'a table is found by 32-bit offsets')
}

export class SeqlockTable {
  /** The region in doubles; a block is found in it by the index that `begin` answers. */
  readonly doubles: Float64Array
  readonly blocks: number
  readonly doublesPerBlock: number
  readonly #words: Int32Array
  /** Int32 words from block to block. */
  readonly #stride: number
  /** What a reader stores to between copying and looking again; nobody else reads it. */
  readonly #barrier = new Int32Array(1)

  /** Size of the region, bytes. */
  static bytes(blocks: number, doublesPerBlock: number): number {
    return HEADER_BYTES + blocks * strideBytes(doublesPerBlock)
  }

  /** Opens a formatted table, for writing (one thread) or reading; throws an assertion when it is not one. */
  constructor(bytes: Uint8Array) {
    assert(bytes.byteOffset % 8 === 0 && bytes.length > HEADER_BYTES, 'a table begins at a whole double and has blocks')
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2)
    assert(Atomics.load(this.#words, Word.magic) === MAGIC, 'the table is formatted')
    this.blocks = this.#words[Word.blocks]
    this.doublesPerBlock = this.#words[Word.doublesPerBlock]
    assertShape(bytes, this.blocks, this.doublesPerBlock)
    this.doubles = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 3)
    this.#stride = strideBytes(this.doublesPerBlock) / 4
  }

  /**
   * Opens `block` for writing and answers the index of its first double in `doubles`; what is not overwritten stays.
   * A block that a writer left half written when it died stays unreadable until the next whole write.
   */
  begin(block: number): number {
    const word = this.#word(block)
    const sequence = (this.#words[word] + 1) | 1
    Atomics.store(this.#words, word, sequence)
    assert(Atomics.load(this.#words, word) === sequence, 'a table has one writer')
    return (word >>> 1) + SEQUENCE_BYTES / 8
  }

  /** Shows readers what was written since `begin`. */
  end(block: number): void {
    const word = this.#word(block)
    const sequence = this.#words[word]
    assert((sequence & 1) === 1, 'a block is ended after it is begun')
    Atomics.store(this.#words, word, (sequence + 1) | 0)
  }

  /** The whole block at once: its doubles from the first of `source`. */
  write(block: number, source: Float64Array): void {
    assert(source.length >= this.doublesPerBlock, 'a block is written whole')
    const at = this.begin(block)
    for (let i = 0; i < this.doublesPerBlock; i++) this.doubles[at + i] = source[i]
    this.end(block)
  }

  /**
   * Copies `block` to the front of `target`. False when the writer was at it every time: then `target` holds nothing
   * that may be used, and the caller goes on with what it had. Zeros before the first write.
   */
  read(block: number, target: Float64Array): boolean {
    assert(target.length >= this.doublesPerBlock, 'a block is read whole')
    const word = this.#word(block)
    const at = (word >>> 1) + SEQUENCE_BYTES / 8
    for (let tries = 0; tries < READ_TRIES_MAX; tries++) {
      const sequence = Atomics.load(this.#words, word)
      if ((sequence & 1) === 1) continue
      for (let i = 0; i < this.doublesPerBlock; i++) target[i] = this.doubles[at + i]
      Atomics.store(this.#barrier, 0, 0)
      if (Atomics.load(this.#words, word) === sequence) return true
    }
    return false
  }

  #word(block: number): number {
    assert(block >= 0 && block < this.blocks, 'the table has the block')
    return HEADER_BYTES / 4 + block * this.#stride
  }
}
