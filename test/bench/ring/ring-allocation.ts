/** Bytes a message allocates in the ring, the fan-in and the seqlock: a child process as in decision/allocation-probe.ts. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import v8 from 'node:v8'
import { FanIn } from '../../../hotpath/memory/fan-in.ts'
import { formatRing, RingReader, RingWriter, ringBytes } from '../../../hotpath/memory/ring.ts'
import { formatSeqlock, SeqlockTable } from '../../../hotpath/memory/seqlock.ts'

const FLAGS = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']
const OPERATIONS = 100_000
const WARM_UP = 300_000

export interface RingAllocation {
  readonly ring: number
  readonly fanIn: number
  readonly seqlock: number
}

export async function ringAllocation(): Promise<RingAllocation> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, fileURLToPath(import.meta.url)])
  return JSON.parse(stdout) as RingAllocation
}

/** Bytes an operation, the least of four measurements. */
function probe(operations: (count: number) => void): number {
  operations(WARM_UP)
  operations(WARM_UP)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    // A collection throws optimised code away: what V8 compiles anew is not the message's.
    operations(OPERATIONS / 5)
    const before = v8.getHeapStatistics().used_heap_size
    operations(OPERATIONS)
    least = Math.min(least, (v8.getHeapStatistics().used_heap_size - before) / OPERATIONS)
  }
  return least
}

/** Near the end of the counters: their last values must not be boxed. */
const FIRST_INDEX = 2 ** 31 - 500_000

function openRing(): { writer: RingWriter; reader: RingReader } {
  const shape = { slots: 256, slotBytes: 64 }
  const bytes = new Uint8Array(new SharedArrayBuffer(ringBytes(shape)))
  formatRing(bytes, shape, FIRST_INDEX)
  return { writer: new RingWriter(bytes), reader: new RingReader(bytes) }
}

function write(writer: RingWriter, value: number): void {
  const at = writer.claim() >> 3
  for (let i = 0; i < 8; i++) writer.doubles[at + i] = value + i * 0.5
  writer.publish()
}

function probeRing(): number {
  const { writer, reader } = openRing()
  const sum = new Float64Array(1)
  return probe((count) => {
    for (let i = 0; i < count; i++) {
      write(writer, i)
      const at = reader.poll() >> 3
      for (let word = 0; word < 8; word++) sum[0] += reader.doubles[at + word]
      reader.release()
    }
  })
}

function probeFanIn(): number {
  const rings = [openRing(), openRing(), openRing()]
  const fanIn = new FanIn(
    rings.map(({ reader }) => reader),
    4,
  )
  const sum = new Float64Array(1)
  return probe((count) => {
    for (let i = 0; i < count; i++) {
      write(rings[i % 3].writer, i)
      const at = fanIn.poll() >> 3
      sum[0] += fanIn.ring.doubles[at]
      fanIn.release()
    }
  })
}

function probeSeqlock(): number {
  const shape = { blocks: 32, doublesPerBlock: 15 }
  const bytes = new Uint8Array(new SharedArrayBuffer(SeqlockTable.bytes(shape.blocks, shape.doublesPerBlock)))
  formatSeqlock(bytes, shape)
  const writer = new SeqlockTable(bytes)
  const reader = new SeqlockTable(bytes)
  const target = new Float64Array(15)
  return probe((count) => {
    for (let i = 0; i < count; i++) {
      const at = writer.begin(i & 31)
      for (let word = 0; word < 15; word++) writer.doubles[at + word] = i + word * 0.5
      writer.end(i & 31)
      reader.read(i & 31, target)
    }
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The first measurement of a process pays some 17 KB for the measuring itself.
  probe(() => {})
  process.stdout.write(JSON.stringify({ ring: probeRing(), fanIn: probeFanIn(), seqlock: probeSeqlock() }))
}
