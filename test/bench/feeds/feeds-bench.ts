/**
 * A depth frame from its bytes to the book: every one of the ten busiest venues, against ccxt.pro's handler and against
 * JSON.parse with numbers, in the same run on the same frames, with the same books at the end.
 */
import { gzipSync } from 'node:zlib'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { CcxtReader } from './ccxt-reader.ts'
import { depthDialects } from './depth-dialects.ts'
import { assertSameBooks, type DepthFrames, depthFrames, OurReader, PlainReader, timeTogether } from './feed-rig.ts'

/** Changed levels of a frame, both sides together. */
const LEVELS = 20
const RATIO_MIN = 5

export async function run({ quick }: BenchOptions): Promise<BenchRow[]> {
  const frames = quick ? 1_000 : 4_000
  const rounds = quick ? 6 : 15
  const rows = depthDialects.flatMap((dialect) => venueRows(depthFrames(dialect, frames, LEVELS), rounds))
  const ratios = rows.filter(({ name }) => name.endsWith(AGAINST_CCXT)).map(({ value }) => value)
  return [
    ...rows,
    {
      name: `ten venues${AGAINST_CCXT}`,
      unit: 'x',
      value: Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length),
      limit: { min: RATIO_MIN, isGate: true },
      note: 'geometric mean of the ten, same frames, same run, equal books',
    },
  ]
}

const AGAINST_CCXT = ", ccxt.pro's handler against ours"

function venueRows(frames: DepthFrames, rounds: number): BenchRow[] {
  const { dialect, texts } = frames
  const count = texts.length
  const ways = [() => new OurReader(frames), () => new CcxtReader(frames), () => new PlainReader(frames)]
  const [ours, theirs, plain] = timeTogether(ways, count, rounds)
  assertSameBooks(ours.reader, theirs.reader)
  assertSameBooks(ours.reader, plain.reader)
  const bytes = Math.round(frames.bytes.reduce((sum, { length }) => sum + length, 0) / count)
  const name = `${dialect.id} frame, ${LEVELS} levels`
  const checks = (ours.reader as OurReader).keeper.book(0).checksums
  const rows: BenchRow[] = [
    {
      name,
      unit: 'us',
      value: ours.p50,
      p50: ours.p50,
      p99: ours.p99,
      limit: { max: 5, isGate: false },
      note: `${bytes} bytes decoded and applied${checks > 0 ? ', checksum verified' : ''}; quietest of ${rounds} rounds`,
    },
    {
      name: `${name}${AGAINST_CCXT}`,
      unit: 'x',
      value: theirs.p50 / ours.p50,
      limit: { min: RATIO_MIN, isGate: false },
      note: `ccxt p50 ${theirs.p50.toFixed(1)} us, p99 ${theirs.p99.toFixed(1)} us; equal books${checks > 0 && dialect.id === 'kraken' ? '; ccxt leaves the checksum out' : ''}`,
    },
    {
      name: `${name}, JSON.parse and numbers against ours`,
      unit: 'x',
      value: plain.p50 / ours.p50,
      note: `p50 ${plain.p50.toFixed(1)} us, into the same DepthBook, numbering and checksums not looked at`,
    },
  ]
  return dialect.id === 'htxswap' ? [...rows, packedRow(frames, rounds)] : rows
}

/** As the venue sends it: unpacking is zlib's, and most of the time. */
function packedRow(frames: DepthFrames, rounds: number): BenchRow {
  const packed = frames.bytes.map((bytes) => gzipSync(bytes))
  const [{ p50, p99 }] = timeTogether([() => new OurReader(frames, packed)], packed.length, Math.ceil(rounds / 3))
  return { name: `${frames.dialect.id} frame, gzip`, unit: 'us', value: p50, p50, p99, note: 'with zlib unpacking it' }
}
