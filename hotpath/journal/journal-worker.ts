/**
 * Thread entry of the journal: takes the duty's turns and sleeps between them. A sleeping poll, because waking a thread
 * would cost the core a system call per append, and because a spinning thread starves the disk's own threads.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../shared/assert.ts'
import { type MonoNs, NS_PER_MS } from '../../shared/units/time.ts'
import { openSharedRegion } from '../memory/mapped-region.ts'
import { JournalDuty } from './journal-duty.ts'
import { NodeJournalFiles } from './journal-files.ts'
import { RingConsumer } from './journal-ring.ts'
import { SegmentWriter } from './journal-segment.ts'
import { Control, type JournalWorkerData, type JournalWorkerMessage } from './journal-worker-data.ts'

const SLEEP_MS_MIN = 0.02
const SLEEP_MS_MAX = 1
/** Turns without work before the sleep grows: 50 at 20 us and the timer's own slack, about 4 ms. */
const QUIET_TURNS = 50
/** How long a disk error may hold up the end. */
const END_NS_MAX = 2_000 * NS_PER_MS

function run(data: JournalWorkerData): void {
  const memory = data.ring instanceof SharedArrayBuffer ? new Uint8Array(data.ring) : mapRing(data.ring)
  const segment = new SegmentWriter(new NodeJournalFiles(data.directory), data.journalId, data.segmentBytes, data.place)
  const duty = new JournalDuty(new RingConsumer(memory, data.lastSequence), segment)
  tell({ kind: 'ready' })
  takeTurns(duty, new Int32Array(data.control))
  duty.end()
  segment.close()
  tell({ kind: 'end', isDrained: duty.isDrained() })
}

/** The duty only spaces its retries by time, so the time slept is clock enough: no clock is read. */
function takeTurns(duty: JournalDuty, control: Int32Array): void {
  let sleptNs = 0
  let stopNs = -1
  let quiet = 0
  let problem: string | undefined
  for (;;) {
    const done = duty.work(sleptNs as MonoNs)
    if (duty.problem !== problem) {
      problem = duty.problem
      tell({ kind: 'problem', problem })
    }
    if (done > 0) {
      quiet = 0
      Atomics.add(control, Control.batches, 1)
      Atomics.notify(control, Control.batches)
      continue
    }
    const isStopping = Atomics.load(control, Control.stop) === 1
    if (isStopping && stopNs < 0) stopNs = sleptNs
    if (isStopping && (duty.isDrained() || sleptNs - stopNs > END_NS_MAX)) return
    quiet++
    const sleepMs =
      quiet <= QUIET_TURNS ? SLEEP_MS_MIN : Math.min(SLEEP_MS_MAX, SLEEP_MS_MIN * 2 ** (quiet - QUIET_TURNS))
    Atomics.wait(control, Control.stop, isStopping ? 1 : 0, sleepMs)
    sleptNs += sleepMs * NS_PER_MS
  }
}

function mapRing(ring: { readonly path: string; readonly sizeBytes: number }): Uint8Array {
  const region = openSharedRegion(ring.path, ring.sizeBytes)
  assert(region !== undefined, 'the ring that the main thread mapped can be mapped again')
  return region.bytes
}

function tell(message: JournalWorkerMessage): void {
  parentPort?.postMessage(message)
}

run(workerData as JournalWorkerData)
