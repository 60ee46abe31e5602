/**
 * `node test/fuzz/main.ts [--frames N] [--seed S] [--data DIR]... [--venue ID]`: so many spoiled frames through every venue's
 * decoder and books. Exit 1 when something is found; the same seed and data find it again.
 */
import { parseArgs } from 'node:util'
import { fuzzFrames } from './frames-fuzz.ts'

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    data: { type: 'string', multiple: true, default: [] },
    venue: { type: 'string' },
  },
})
const frames = Number(values.frames)
const seed = Number(values.seed)
if (!Number.isSafeInteger(frames) || frames <= 0 || !Number.isSafeInteger(seed)) {
  console.error('usage: node test/fuzz/main.ts [--frames N] [--seed S] [--data DIR]... [--venue ID]')
  process.exit(2)
}
const startMs = performance.now()
const result = await fuzzFrames({
  frames,
  seed,
  folders: values.data,
  ...(values.venue !== undefined && { venue: values.venue }),
  onProgress: (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${done} of ${frames} frames`)
  },
})
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
const seconds = (performance.now() - startMs) / 1_000
const rate = Math.round(result.frames / seconds)
console.log(
  `${result.frames} spoiled frames of ${result.venues} venues, seed ${seed}, in ${seconds.toFixed(1)} s (${rate} frames/s)`,
)
console.log(`${result.listings} spoiled listings; ${result.snapshots} books told, ${result.losses} lost again`)
console.log(
  `slowest frame ${result.slowestMs.toFixed(0)} ms; memory ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`,
)
console.log(
  Object.entries(result.verdicts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', '),
)
for (const { venue, what, frame, number } of result.findings)
  console.log(`FOUND ${venue}, frame ${number}: ${what}\n    ${frame}`)
console.log(result.findings.length === 0 ? 'nothing found' : `${result.findings.length} findings`)
process.exitCode = result.findings.length === 0 ? 0 : 1
