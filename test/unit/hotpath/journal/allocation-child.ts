/**
 * Bytes allocated per operation, one JSON line. Needs --expose-gc --min-semi-space-size=128 --max-semi-space-size=128:
 * then no collection can hide an allocation between the two readings.
 */
import { getHeapStatistics } from 'node:v8'
import { formatRing, JournalRing, RingConsumer } from '../../../../hotpath/journal/journal-ring.ts'
import { crc32c } from '../../../../hotpath/memory/crc32c.ts'
import { MachineClock } from '../../../../hotpath/threads/machine-clock.ts'
import type { EpochUs } from '../../../../shared/units/time.ts'
import { JOURNAL_ID, memoryRegion } from './memory-rig.ts'

/** Operations of one call, and calls of one measurement: short calls are compiled once and for all, long loops are not. */
const COUNT = 1_000
const CALLS = 100
const WARM_UPS = 6
const ROUNDS = 10
/** Holds a whole measurement: the reader, on its own thread in the product, is not measured. */
const RING_BYTES = 2 ** 25

/** Least of ten measurements: compiling in the background allocates too, and so does the probe. */
function bytesPerOperation(repeat: (count: number) => void, prepare = () => {}): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    prepare()
    globalThis.gc?.()
    const before = getHeapStatistics().used_heap_size
    for (let call = 0; call < CALLS; call++) repeat(COUNT)
    const perOperation = (getHeapStatistics().used_heap_size - before) / (CALLS * COUNT)
    if (round >= 0) least = Math.min(least, Math.abs(perOperation))
  }
  return least
}

/** Appends as the core does: the time, the room, the record. */
function measureAppend(): number {
  const region = memoryRegion(RING_BYTES)
  formatRing(region, JOURNAL_ID, 0)
  const ring = new JournalRing(region, 0)
  const consumer = new RingConsumer(region.bytes, 0)
  const record = new Uint8Array(256).fill(5)
  const seen = new Float64Array(3)
  const appendMany = (count: number) => {
    for (let i = 0; i < count; i++) {
      ring.nowUs = (1_700_000_000_000_000 + i) as EpochUs
      seen[0] = ring.room()
      seen[1] = ring.append(record, 40 + (i % 160))
      seen[2] = ring.durableSequence()
      if (seen[1] < 0) throw new Error('the ring is full')
    }
  }
  const empty = () => {
    while (consumer.peek(RING_BYTES) > 0) consumer.release()
  }
  return bytesPerOperation(appendMany, empty)
}

function clockReader(): (count: number) => void {
  const clock = new MachineClock()
  const seen = new Float64Array(2)
  return (count) => {
    for (let i = 0; i < count; i++) {
      seen[0] = clock.monoNs()
      seen[1] = clock.epochUs()
    }
  }
}

function checksummer(): (count: number) => void {
  const bytes = new Uint8Array(200).fill(3)
  const seen = new Int32Array(1)
  return (count) => {
    for (let i = 0; i < count; i++) seen[0] ^= crc32c(bytes, i % 8, 200)
  }
}

/** The probe itself must see an allocation. */
function allocator(): (count: number) => void {
  const kept: object[] = [{}]
  return (count) => {
    for (let i = 0; i < count; i++) kept[0] = { i }
  }
}

const result = {
  anObject: bytesPerOperation(allocator()),
  nothing: bytesPerOperation(() => {}),
  append: measureAppend(),
  clock: bytesPerOperation(clockReader()),
  crc32c: bytesPerOperation(checksummer()),
}
process.stdout.write(JSON.stringify(result))
