/** Both ends of a ring, and the one reader of several: what each does in a race. */
import { FanIn } from '../../hotpath/memory/fan-in.ts'
import { RingReader, RingWriter } from '../../hotpath/memory/ring.ts'
import { fillPayload, isWholePayload } from './payload.ts'
import { type RaceAnswer, type RaceSeat, shareOf } from './race-task.ts'
import { SequenceCheck } from './sequence-check.ts'

export const SLOT_BYTES = 64
const SLOT_WORDS = SLOT_BYTES / 4
const TELL_EVERY = 2 ** 16
const FAN_IN_BURST = 64

export const ringRegion = (producer: number): string => `ring ${producer}`

/** Sends this producer's share, a batch a publish. */
export function writeRing(seat: RaceSeat): RaceAnswer {
  const { seat: producer, batch, mistake } = seat.task
  const words = seat.words(ringRegion(producer))
  const writer = new RingWriter(seat.engine.bytes(ringRegion(producer)))
  const isEarly = mistake === 'publish before fill'
  const count = seat.share
  seat.waitForGo()
  for (let sequence = 0; sequence < count; ) {
    const slot = writer.claim()
    if (slot === -1) {
      writer.publish()
      seat.idle()
      continue
    }
    seat.backOff.reset()
    if (isEarly) writer.publish()
    fillPayload(words, slot >> 2, SLOT_WORDS, sequence++, producer)
    if (sequence % batch === 0) writer.publish()
  }
  writer.publish()
  return { received: 0, lost: 0, torn: 0, outOfOrder: 0 }
}

/** Takes what is there, at most `batch` before it gives the slots back. */
export function readRing(seat: RaceSeat): RaceAnswer {
  const { batch, messages, mistake } = seat.task
  const words = seat.words(ringRegion(0))
  const reader = new RingReader(seat.engine.bytes(ringRegion(0)))
  const isEarly = mistake === 'release before read'
  const check = new SequenceCheck()
  const slots = new Int32Array(batch)
  seat.waitForGo()
  for (let isLast = false; ; ) {
    let count = 0
    for (; count < batch; count++) {
      const slot = reader.poll()
      if (slot === -1) break
      slots[count] = slot
    }
    if (count === 0) {
      if (isLast) break
      isLast = seat.areProducersDone()
      if (!isLast) seat.idle()
      continue
    }
    seat.backOff.reset()
    if (isEarly) reader.release()
    for (let i = 0; i < count; i++) {
      const at = slots[i] >> 2
      check.receive(words[at], isWholePayload(words, at, SLOT_WORDS, 0))
    }
    if (!isEarly) reader.release()
    if ((check.received & (TELL_EVERY - 1)) < count) seat.tell(check.received)
  }
  return { received: check.received, ...check.faults(messages) }
}

/** One reader of every producer's ring. */
export function readFanIn(seat: RaceSeat): RaceAnswer {
  const { task } = seat
  const { producers, batch } = task
  const producerRows = Array.from({ length: producers }, (_, producer) => producer)
  const words = producerRows.map((producer) => seat.words(ringRegion(producer)))
  const checks = producerRows.map(() => new SequenceCheck())
  const fanIn = new FanIn(
    producerRows.map((producer) => new RingReader(seat.engine.bytes(ringRegion(producer)))),
    FAN_IN_BURST,
  )
  let received = 0
  seat.waitForGo()
  for (let isLast = false; ; ) {
    let count = 0
    for (; count < batch; count++) {
      const slot = fanIn.poll()
      if (slot === -1) break
      const { source } = fanIn
      const at = slot >> 2
      checks[source].receive(words[source][at], isWholePayload(words[source], at, SLOT_WORDS, source))
    }
    received += count
    if (count > 0) {
      fanIn.release()
      seat.backOff.reset()
      if ((received & (TELL_EVERY - 1)) < count) seat.tell(received)
    } else if (isLast) break
    else {
      isLast = seat.areProducersDone()
      if (!isLast) seat.idle()
    }
  }
  const faults = checks.map((check, producer) => check.faults(shareOf(task, producer)))
  const sum = (key: 'lost' | 'torn' | 'outOfOrder'): number => faults.reduce((total, one) => total + one[key], 0)
  return { received, lost: sum('lost'), torn: sum('torn'), outOfOrder: sum('outOfOrder') }
}
