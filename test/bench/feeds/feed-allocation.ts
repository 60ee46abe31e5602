/**
 * Bytes a depth frame allocates from its bytes to the book, by venue: a child process whose semi-space is larger than all that
 * is measured, so that no collection can hide anything; what 2 n frames leave on the heap minus what n leave, by n. Least of
 * five.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import v8 from 'node:v8'
import { depthDialects } from './depth-dialects.ts'
import { depthFrames, OurReader } from './feed-rig.ts'

const FLAGS = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']
const FRAMES = 3_000
const LEVELS = 20

/** By id of the venue. */
export async function bytesPerFrame(): Promise<Record<string, number>> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, fileURLToPath(import.meta.url)])
  return JSON.parse(stdout) as Record<string, number>
}

function probe(id: string): number {
  const dialect = depthDialects.find((one) => one.id === id)
  if (dialect === undefined) throw new Error('no such dialect')
  const frames = depthFrames(dialect, 3 * FRAMES, LEVELS)
  const play = (reader: OurReader, from: number, count: number) => {
    for (let at = from; at < from + count; at++) reader.hear(at)
  }
  for (let round = 0; round < 6; round++) play(new OurReader(frames), 0, 3 * FRAMES)
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 5; round++) {
    const reader = new OurReader(frames)
    globalThis.gc?.()
    // A collection throws optimised code away: what V8 compiles anew is not the frame's.
    play(reader, 0, FRAMES / 2)
    const start = v8.getHeapStatistics().used_heap_size
    play(reader, FRAMES / 2, FRAMES / 2)
    const half = v8.getHeapStatistics().used_heap_size
    play(reader, FRAMES, 2 * FRAMES)
    const end = v8.getHeapStatistics().used_heap_size
    least = Math.min(least, (end - half - (half - start)) / (1.5 * FRAMES))
  }
  return Math.max(0, least)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(JSON.stringify(Object.fromEntries(depthDialects.map(({ id }) => [id, probe(id)]))))
}
