/**
 * Brings the ring to disk: group commit. Everything published since the last turn is written in one piece, fdatasync
 * makes it durable, and only then the ring gets its room back. A disk error is a state, not the end: nothing is
 * released, the same bytes are written again later (after a failed fdatasync the kernel may have dropped them), and
 * when the ring is full the core hears -1 and denies new orders.
 */
import { assert } from '../../shared/assert.ts'
import type { Duty } from '../../shared/duty.ts'
import { type MonoNs, NS_PER_MS, NS_PER_S } from '../../shared/units/time.ts'
import type { RingConsumer } from './journal-ring.ts'
import type { SegmentWriter } from './journal-segment.ts'

/** One write at most: a turn stays bounded, about 1 ms. */
const BATCH_BYTES_MAX = 2 ** 20
const RETRY_NS_MIN = 10 * NS_PER_MS
const RETRY_NS_MAX = NS_PER_S

export class JournalDuty implements Duty {
  readonly name = 'journal'
  readonly #ring: RingConsumer
  readonly #segment: SegmentWriter
  /** What is written next, with the checksums that the core leaves to this thread. */
  readonly #batch = new Uint8Array(BATCH_BYTES_MAX)
  #retryNs = 0
  #retryAtNs = 0
  #prepareAtNs = 0
  #commitProblem: string | undefined
  #prepareProblem: string | undefined

  constructor(ring: RingConsumer, segment: SegmentWriter) {
    this.#ring = ring
    this.#segment = segment
  }

  /**
   * What keeps records from the disk now ('ENOSPC: no space left on device, write'), or soon will: the next segment
   * cannot be prepared. Undefined when all is well.
   */
  get problem(): string | undefined {
    return this.#commitProblem ?? this.#prepareProblem
  }

  /** True when everything published is on disk. */
  isDrained(): boolean {
    return !this.#ring.hasRecords()
  }

  /** After the last turn: when everything is on disk, writes that down. A disk error leaves it unwritten, no more. */
  end(): void {
    if (!this.isDrained()) return
    try {
      this.#segment.seal(this.#ring.nextSequence - 1)
    } catch (error) {
      this.#commitProblem = diskProblem(error)
    }
  }

  /** Answers the number of records that became durable, or 1 for a step of preparing the next segment. */
  work(nowNs: MonoNs): number {
    const committed = this.#ring.hasRecords() && nowNs >= this.#retryAtNs ? this.#commit(nowNs) : 0
    const isPrepared = this.#segment.wantsNext() && nowNs >= this.#prepareAtNs && this.#prepare(nowNs)
    return isPrepared ? Math.max(1, committed) : committed
  }

  #commit(nowNs: MonoNs): number {
    try {
      let bytes = this.#ring.peek(Math.min(BATCH_BYTES_MAX, this.#segment.room()))
      if (bytes === 0) {
        this.#segment.rotate(this.#ring.nextSequence)
        this.#prepareProblem = undefined
        bytes = this.#ring.peek(Math.min(BATCH_BYTES_MAX, this.#segment.room()))
      }
      assert(bytes > 0, 'an empty segment has room for the next record')
      this.#ring.copySealed(this.#batch)
      this.#segment.append(this.#batch, 0, bytes, this.#ring.nextSequence - 1)
    } catch (error) {
      this.#commitProblem = diskProblem(error)
      this.#retryNs = Math.min(RETRY_NS_MAX, Math.max(RETRY_NS_MIN, this.#retryNs * 2))
      this.#retryAtNs = nowNs + this.#retryNs
      return 0
    }
    this.#commitProblem = undefined
    this.#retryNs = 0
    return this.#ring.release()
  }

  /** The current segment still has room, so a failure here only warns ahead. */
  #prepare(nowNs: MonoNs): boolean {
    try {
      this.#segment.prepareNext()
    } catch (error) {
      this.#prepareProblem = diskProblem(error)
      this.#prepareAtNs = nowNs + RETRY_NS_MAX
      return false
    }
    this.#prepareProblem = undefined
    return true
  }
}

/** The text of a disk error; anything else is our own mistake and is thrown on. */
function diskProblem(error: unknown): string {
  if (error instanceof Error && 'code' in error && 'syscall' in error) return error.message
  throw error
}
