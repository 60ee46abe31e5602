/** The journal's ring in a race: the core that appends and the worker that reads, without the disk. */
import { RecordView } from '../../hotpath/journal/journal-record.ts'
import { JournalRing, RingConsumer } from '../../hotpath/journal/journal-ring.ts'
import type { MappedRegion } from '../../hotpath/memory/mapped-region.ts'
import { AssertionError } from '../../shared/assert.ts'
import { fillPayload, isWholePayload } from './payload.ts'
import type { RaceAnswer, RaceSeat } from './race-task.ts'
import { SequenceCheck } from './sequence-check.ts'

export const JOURNAL_REGION = 'journal'
const PAYLOAD_WORDS = 16
const PAYLOAD_BYTES = PAYLOAD_WORDS * 4
const HEADER_BYTES = 24
const TELL_EVERY = 2 ** 16

/** The journal wants a region of its own kind; these bytes are one already. */
export function journalRegion(bytes: Uint8Array): MappedRegion {
  return { kind: 'shared memory', path: '', bytes, save: () => {}, close: () => {} }
}

export function writeJournal(seat: RaceSeat): RaceAnswer {
  const { messages } = seat.task
  const ring = new JournalRing(journalRegion(seat.engine.bytes(JOURNAL_REGION)), 0)
  const words = new Int32Array(PAYLOAD_WORDS)
  const record = new Uint8Array(words.buffer)
  seat.waitForGo()
  for (let sequence = 0; sequence < messages; ) {
    fillPayload(words, 0, PAYLOAD_WORDS, sequence, 0)
    if (ring.append(record, PAYLOAD_BYTES) === -1) {
      seat.idle()
      continue
    }
    seat.backOff.reset()
    sequence++
  }
  return { received: 0, lost: 0, torn: 0, outOfOrder: 0 }
}

export function readJournal(seat: RaceSeat): RaceAnswer {
  const { messages } = seat.task
  const bytes = seat.engine.bytes(JOURNAL_REGION)
  const words = seat.words(JOURNAL_REGION)
  const consumer = new RingConsumer(bytes, 0)
  const records = new RecordView(bytes)
  const check = new SequenceCheck()
  seat.waitForGo()
  try {
    for (let isLast = false; ; ) {
      const length = consumer.peek(bytes.length)
      if (length === 0) {
        if (isLast) break
        isLast = seat.areProducersDone()
        if (!isLast) seat.idle()
        continue
      }
      seat.backOff.reset()
      const end = consumer.from + length
      for (let at = consumer.from; at < end; at = records.end(at)) {
        const from = (at + HEADER_BYTES) >> 2
        check.receive(words[from], isWholePayload(words, from, PAYLOAD_WORDS, 0))
        if ((check.received & (TELL_EVERY - 1)) === 0) seat.tell(check.received)
      }
      consumer.release()
    }
  } catch (error) {
    // The ring checks its records itself and stops at the first that is not whole and next.
    if (!(error instanceof AssertionError)) throw error
    const { lost, torn, outOfOrder } = check.faults(messages)
    return { received: check.received, lost, torn: torn + 1, outOfOrder, note: error.message }
  }
  return { received: check.received, ...check.faults(messages) }
}
