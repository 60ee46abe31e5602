/** The writer and the readers of a seqlock table: what each does in a race. */
import { SeqlockTable } from '../../hotpath/memory/seqlock.ts'
import { areWholeDoubles, fillDoubles } from './payload.ts'
import type { RaceAnswer, RaceSeat } from './race-task.ts'

export const SEQLOCK_REGION = 'table'
/** Few and long: the readers are often in the block that is written. */
export const seqlockShape = { blocks: 16, doublesPerBlock: 31 } as const
/** Writes in a row, and pauses (30 ns each) after them: without any, most copies would be disturbed and none compared. */
const BURST = 16
const PAUSES = 16
const TELL_EVERY = 2 ** 16

/** Writes sequences 1 to `messages` into the blocks in turn; sequence n lies in block n mod blocks. */
export function writeSeqlock(seat: RaceSeat): RaceAnswer {
  const { messages, mistake } = seat.task
  const table = new SeqlockTable(seat.engine.bytes(SEQLOCK_REGION))
  const isUnmarked = mistake === 'write unmarked'
  const { blocks, doublesPerBlock } = seqlockShape
  seat.waitForGo()
  for (let sequence = 1; sequence <= messages; sequence++) {
    const block = sequence % blocks
    const at = table.begin(block)
    if (isUnmarked) table.end(block)
    fillDoubles(table.doubles, at, doublesPerBlock, sequence)
    if (!isUnmarked) table.end(block)
    if (sequence % BURST === 0) for (let i = 0; i < PAUSES; i++) seat.backOff.pause()
    if ((sequence & (TELL_EVERY - 1)) === 0) seat.tell(sequence)
  }
  return { received: 0, lost: 0, torn: 0, outOfOrder: 0 }
}

/** Copies the blocks in turn until the writer is done: whole, never older than before, and in the end the last ones. */
export function readSeqlock(seat: RaceSeat): RaceAnswer {
  const { messages } = seat.task
  const { blocks, doublesPerBlock } = seqlockShape
  const table = new SeqlockTable(seat.engine.bytes(SEQLOCK_REGION))
  const target = new Float64Array(doublesPerBlock)
  const newest = new Int32Array(blocks)
  let [received, refused, torn, outOfOrder] = [0, 0, 0, 0]
  seat.waitForGo()
  for (let round = 0, last = -1; last !== 0; round++) {
    if (last > 0) last--
    else if ((round & 63) === 0 && seat.areProducersDone()) last = blocks * 2
    const block = round % blocks
    if (!table.read(block, target)) {
      refused++
      continue
    }
    if (target[0] === 0) continue
    received++
    const sequence = target[0]
    if (sequence % blocks !== block || !areWholeDoubles(target, 0, doublesPerBlock)) torn++
    else if (sequence < newest[block]) outOfOrder++
    else if (sequence > newest[block]) seat.backOff.reset()
    else seat.idle()
    newest[block] = sequence
  }
  let lost = 0
  for (let sequence = Math.max(1, messages - blocks + 1); sequence <= messages; sequence++) {
    if (newest[sequence % blocks] !== sequence) lost++
  }
  const note = `${received} copies, ${refused} refused`
  return { received, lost, torn, outOfOrder, note }
}
