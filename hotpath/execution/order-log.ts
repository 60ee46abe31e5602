/** Write ahead: a record is in the journal before the order store changes, and the store changes only by records. */
import { assert } from '../../shared/assert.ts'
import { JournalRecord } from '../../shared/wire/journal-frame.ts'
import type { JournalSink } from '../journal/journal-sink.ts'
import type { Change, OrderLifecycle } from '../orders/order-lifecycle.ts'

/** Kept free in the journal for what live orders still bring: below it nothing new is begun. */
const RESERVE_BYTES = 1_048_576

export class OrderLog {
  readonly record = new JournalRecord()
  readonly lifecycle: OrderLifecycle
  readonly #sink: JournalSink
  readonly #sequence = new Float64Array(1)

  constructor(sink: JournalSink, lifecycle: OrderLifecycle) {
    this.#sink = sink
    this.lifecycle = lifecycle
  }

  /** Journal sequence of the last committed record. */
  get sequence(): number {
    return this.#sequence[0]
  }

  get durableSequence(): number {
    return this.#sink.durableSequence()
  }

  /** Is there room for a new order or route beside everything that can follow from the live ones? */
  get hasReserve(): boolean {
    return this.#sink.room() >= RESERVE_BYTES
  }

  /** Publishes the record under construction, then applies it. */
  commit(): Change {
    const sequence = this.#sink.append(this.record.bytes, this.record.length)
    assert(sequence > 0, 'the journal keeps a reserve for what cannot be refused')
    this.#sequence[0] = sequence
    return this.lifecycle.apply(this.record)
  }
}
