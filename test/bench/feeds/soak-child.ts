/** The heap after so many resyncs of books, and after ten times as many: one JSON line. Needs --expose-gc. */
import { BookSoak } from './book-soak.ts'

const times = Number(process.argv[2])
const soak = new BookSoak()
const heapBytes = (): number => {
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
soak.resync(times / 10)
const before = heapBytes()
const startMs = performance.now()
soak.resync(times)
const seconds = (performance.now() - startMs) / 1_000
process.stdout.write(JSON.stringify({ growthBytes: heapBytes() - before, seconds, lost: soak.lost }))
