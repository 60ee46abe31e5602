/** The journal of simulation: records in memory, a crash at any record, a disk that stalls, a machine that loses power. */
import { assert } from '../../shared/assert.ts'
import { JOURNAL_RECORD_BYTES_MAX } from '../../shared/limits.ts'
import type { EpochUs } from '../../shared/units/time.ts'
import type { OnRecord } from './journal-reader.ts'
import { RECORD_BYTES_MAX, recordBytes } from './journal-record.ts'
import { RING_BYTES_DEFAULT } from './journal-ring.ts'
import type { JournalSink } from './journal-sink.ts'

/** The process ends here, as by kill -9: whoever drives the simulation catches it, drops the router and replays. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash'
}

interface MemoryRecord {
  readonly epochUs: EpochUs
  readonly payload: Uint8Array
}

export class MemoryJournal implements JournalSink {
  nowUs = 0 as EpochUs
  /** While true nothing becomes durable, and the room runs out. */
  isDiskStalled = false
  readonly #roomBytes: number
  /** The record with sequence n is at n - 1. */
  readonly #records: MemoryRecord[] = []
  #durable = 0
  #undurableBytes = 0
  #crashAt = Number.POSITIVE_INFINITY

  constructor(roomBytes = RING_BYTES_DEFAULT) {
    this.#roomBytes = roomBytes
  }

  /** Throws SimulatedCrash once record `sequence` is published: it is in the journal, its caller never hears of it. */
  crashAfter(sequence: number): void {
    this.#crashAt = sequence
  }

  append(record: Uint8Array, length: number): number {
    assert(length >= 1 && length <= JOURNAL_RECORD_BYTES_MAX, 'a record has a payload within its bound')
    this.#sync()
    const bytes = recordBytes(length)
    if (this.#undurableBytes + bytes > this.#roomBytes) return -1
    this.#records.push({ epochUs: this.nowUs, payload: record.slice(0, length) })
    this.#undurableBytes += bytes
    const sequence = this.#records.length
    if (sequence === this.#crashAt) throw new SimulatedCrash(`simulated crash after journal record ${sequence}`)
    return sequence
  }

  room(): number {
    this.#sync()
    return Math.max(0, this.#roomBytes - this.#undurableBytes - RECORD_BYTES_MAX)
  }

  durableSequence(): number {
    this.#sync()
    return this.#durable
  }

  lastSequence(): number {
    return this.#records.length
  }

  /** Every record in order, as after a restart. */
  replay(onRecord: OnRecord): void {
    for (const [at, record] of this.#records.entries()) onRecord(at + 1, record.epochUs, record.payload)
  }

  /** The machine is lost: what was not durable is gone. */
  losePower(): void {
    this.#sync()
    this.#records.length = this.#durable
    this.#undurableBytes = 0
  }

  #sync(): void {
    if (this.isDiskStalled) return
    this.#durable = this.#records.length
    this.#undurableBytes = 0
  }
}
