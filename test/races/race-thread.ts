/** One participant of a race, as a thread or as a process: takes its task, says ready, runs its role, answers. */
import { parentPort, workerData } from 'node:worker_threads'
import { readJournal, writeJournal } from './journal-roles.ts'
import { type RaceAnswer, RaceSeat, type RaceTask } from './race-task.ts'
import { readFanIn, readRing, writeRing } from './ring-roles.ts'
import { readSeqlock, writeSeqlock } from './seqlock-roles.ts'

const roles: Readonly<Record<string, (seat: RaceSeat) => RaceAnswer>> = {
  writeRing,
  readRing,
  readFanIn,
  writeSeqlock,
  readSeqlock,
  writeJournal,
  readJournal,
}

function run(task: RaceTask, tellReady: () => void): RaceAnswer {
  try {
    const seat = new RaceSeat(task)
    tellReady()
    const answer = roles[task.role](seat)
    if (task.seat < task.producers) seat.finish()
    return answer
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { received: 0, lost: 0, torn: 0, outOfOrder: 0, error: text }
  }
}

if (parentPort !== null) {
  const port = parentPort
  port.postMessage(run(workerData as RaceTask, () => port.postMessage('ready')))
} else {
  process.once('message', (task) => {
    // The loop of the race never lets the event loop turn: 'ready' has to be written before it.
    const send = (message: unknown): Promise<void> =>
      new Promise((done) => {
        process.send?.(message, () => done())
      })
    void send('ready')
      .then(() => send(run(task as RaceTask, () => {})))
      .then(() => process.exit(0))
  })
}
