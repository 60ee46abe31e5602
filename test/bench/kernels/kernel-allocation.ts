/**
 * Bytes a run of each kernel allocates: a child process whose semi-space is larger than all that is measured. What 2 n
 * runs leave on the heap minus what n leave, by n; least of three.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import v8 from 'node:v8'
import { openMlpHead } from '../../../hotpath/memory/mlp-head.ts'
import { openVenueCost } from '../../../hotpath/memory/venue-cost.ts'

const FLAGS = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64']
const RUNS = 3_000

/** By kernel and kind. */
export async function kernelBytesPerRun(): Promise<Record<string, number>> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, fileURLToPath(import.meta.url)])
  return JSON.parse(stdout) as Record<string, number>
}

function bytesPerRun(run: () => void): number {
  const leftBy = (count: number): number => {
    const before = v8.getHeapStatistics().used_heap_size
    for (let i = 0; i < count; i++) run()
    return v8.getHeapStatistics().used_heap_size - before
  }
  leftBy(4 * RUNS)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.()
    leftBy(RUNS)
    const one = leftBy(RUNS)
    least = Math.min(least, (leftBy(2 * RUNS) - one) / RUNS)
  }
  return Math.max(0, least)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes: Record<string, number> = {}
  for (const kind of ['typescript', 'wasm simd'] as const) {
    const head = openMlpHead({ batch: 8, inputs: 16, hidden: 32, outputs: 2 }, kind)
    const block = openVenueCost({ venues: 32, levels: 20 }, kind)
    block.lots.fill(7.5)
    bytes[`mlp head, ${kind}`] = bytesPerRun(() => head.run())
    bytes[`venue cost, ${kind}`] = bytesPerRun(() => block.price(60.25))
  }
  process.stdout.write(JSON.stringify(bytes))
}
