/**
 * Bytes that the core allocates: a child process whose semi-space is larger than all that is measured, so that no
 * collection can hide anything; heap before and after 100,000 operations, least of four.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import v8 from 'node:v8'
import type { JournalSink } from '../../../hotpath/journal/journal-sink.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import { BenchWorld } from './bench-world.ts'

const FLAGS = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']

export async function coreBytes(): Promise<CoreBytes> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, fileURLToPath(import.meta.url)])
  return JSON.parse(stdout) as CoreBytes
}

/** Takes every record and keeps none: the ring's own cost is measured in the journal's gate. */
export class CountingJournal implements JournalSink {
  nowUs = 0
  readonly #sequence = new Float64Array(1)
  append(): number {
    return ++this.#sequence[0]
  }
  room(): number {
    return 1e9
  }
  durableSequence(): number {
    return this.#sequence[0]
  }
}

export interface CoreBytes {
  /** A decision with its children, and the reports that fill them: what either takes is in it. */
  readonly order: number
  /** One level of a book set, and the update finished. */
  readonly update: number
}

function probe(): CoreBytes {
  const market = { venues: 32, instruments: 1, levels: 20 }
  const bench = new BenchWorld(market, new CountingJournal(), new MachineClock(), 4_096)
  const order = bytesPer((i) => {
    bench.core.turn.read()
    bench.core.core.newOrder(bench.next(0, 20_000 + (i & 1023) * 50))
    bench.venues.fillAll(bench.core)
  })
  return { order, update: bytesPer((i) => bench.updateBook(i)) }
}

/** Least of four of 100,000 operations each, inside one semi-space. */
function bytesPer(operation: (i: number) => void): number {
  const repeat = (count: number) => {
    for (let i = 0; i < count; i++) operation(i)
  }
  repeat(300_000)
  repeat(300_000)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.()
    // A collection throws optimised code away: what V8 compiles anew is not the operation's.
    repeat(20_000)
    const before = v8.getHeapStatistics().used_heap_size
    repeat(100_000)
    least = Math.min(least, (v8.getHeapStatistics().used_heap_size - before) / 100_000)
  }
  return least
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(JSON.stringify(probe()))
