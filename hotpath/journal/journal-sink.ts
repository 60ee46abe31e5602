/** Where the core writes what must never be lost. The record's meaning is shared/wire/journal-frame's business. */
export interface JournalSink {
  /**
   * Appends `length` bytes of `record` and publishes them: from then on they survive this process. Answers the record's
   * sequence (1, 2, 3 … over restarts), or -1 when the ring is full and nothing was written. Allocates nothing.
   */
  append(record: Uint8Array, length: number): number
  /** Bytes that can still be appended now; the core keeps a reserve for reports and denies new orders below it. */
  room(): number
  /** Sequence up to which everything is on disk (fdatasync returned). */
  durableSequence(): number
}
