/** A thread that reads the journal's ring as fast as it can and checks every byte: the journal worker without the disk. */
import { parentPort, workerData } from 'node:worker_threads'
import { RecordView } from '../../hotpath/journal/journal-record.ts'
import { RingConsumer } from '../../hotpath/journal/journal-ring.ts'
import { openSharedRegion } from '../../hotpath/memory/mapped-region.ts'
import { isNumbered } from '../unit/hotpath/journal/numbered-record.ts'

interface ReaderTask {
  readonly ring: { readonly path: string; readonly sizeBytes: number } | SharedArrayBuffer
  readonly records: number
}

const { ring, records } = workerData as ReaderTask
const bytes =
  ring instanceof SharedArrayBuffer ? new Uint8Array(ring) : openSharedRegion(ring.path, ring.sizeBytes)?.bytes
if (bytes === undefined) throw new Error('the ring cannot be mapped a second time')
const consumer = new RingConsumer(bytes, 0)
const view = new RecordView(bytes)
parentPort?.postMessage('ready')

/** Looks before the thread sleeps: on a busy machine the other side may have no core. */
const SPINS = 1_000
const pause = new Int32Array(new SharedArrayBuffer(4))
let empty = 0
let read = 0
let torn = 0
while (read < records) {
  const length = consumer.peek(bytes.length)
  for (let at = consumer.from; at < consumer.from + length; at = view.end(at)) {
    read++
    if (!isNumbered(view.payload(at), read)) torn++
  }
  consumer.release()
  empty = length === 0 ? empty + 1 : 0
  if (empty % SPINS === SPINS - 1) Atomics.wait(pause, 0, 0, 0.02)
}
parentPort?.postMessage({ read, torn })
