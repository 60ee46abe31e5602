/**
 * The book alone: one level set near the touch and anywhere; level updates a second from real frames of Binance when
 * SOR_DATA has them, from invented ones else; bytes a frame allocates; a million resyncs with flat memory.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { BookSide } from '../../../hotpath/book/book-table.ts'
import { DepthSide } from '../../../hotpath/book/depth-book.ts'
import { BookKeeper } from '../../../hotpath/marketdata/book-keeper.ts'
import { binance, binanceUsdM } from '../../../hotpath/venues/binance/binance-feed.ts'
import type { BookMessage } from '../../../hotpath/venues/feed/feed-message.ts'
import { SymbolTable } from '../../../hotpath/venues/feed/symbol-table.ts'
import { Prng } from '../../../shared/prng.ts'
import type { BenchOptions, BenchRow } from '../bench-row.ts'
import { depthDialects } from './depth-dialects.ts'
import { bytesPerFrame } from './feed-allocation.ts'
import { depthFrames } from './feed-rig.ts'

const LEVELS_PER_SECOND_MIN = 1_000_000
const BYTES_PER_FRAME_MAX = 128
const SOAK_GROWTH_BYTES_MAX = 1_000_000
const RAW = path.join(process.env['SOR_DATA'] ?? '../shared/data', 'binance-raw-2024-08/usdm/btcusdt_20240808.gz')

export async function run({ quick }: BenchOptions): Promise<BenchRow[]> {
  const rounds = quick ? 5 : 20
  return [
    ...setRows(rounds),
    streamRow(quick ? 3 : 10),
    ...(await allocationRows()),
    soakRow(quick ? 50_000 : 1_000_000),
  ]
}

/** Nanoseconds of DepthSide.set: half of the changes near the touch take or leave a level, as on a busy venue. */
function setRows(rounds: number): BenchRow[] {
  return [50, 200, 1_000].flatMap((levels) =>
    (['near the touch', 'anywhere'] as const).map((where): BenchRow => {
      const near = where === 'near the touch'
      const value = leastOf(rounds, () => timeSets(levels, near))
      const name = `book update ${where}, ${levels} levels`
      return { name, unit: 'ns', value, limit: { max: 100, isGate: false }, note: `least of ${rounds} rounds` }
    }),
  )
}

const SETS = 20_000

function timeSets(levels: number, near: boolean): number {
  const prng = new Prng(levels)
  const side = new DepthSide(BookSide.bid)
  // Every second price is taken: a change is as often a new level, a new size, or the end of one.
  for (let at = 0; at < levels; at++) side.set(2 * at, 1)
  const prices = new Float64Array(SETS)
  const sizes = new Float64Array(SETS)
  for (let at = 0; at < SETS; at++) {
    const away = near ? Math.min(2 * levels - 1, Math.floor(prng.nextExponential(8))) : prng.nextBelow(2 * levels)
    prices[at] = 2 * levels - 1 - away
    sizes[at] = prng.chance(0.5) ? 0 : prng.nextBetween(1, 1_000)
  }
  const start = performance.now()
  for (let at = 0; at < SETS; at++) side.set(prices[at], sizes[at])
  return ((performance.now() - start) * 1e6) / SETS
}

interface Stream {
  readonly frames: readonly Uint8Array[]
  readonly what: string
  readonly symbol: string
}

/** Only what carries levels: quotes and trades beside it are another promise. */
function streamOf(): Stream {
  if (existsSync(RAW)) {
    const text = gunzipSync(readFileSync(RAW)).toString()
    const lines = text.split('\n').filter((line) => line.includes('depthUpdate'))
    const frames = lines.map((line) => Buffer.from(line.slice(line.indexOf(' ') + 1)))
    return { frames, what: 'real frames, BTCUSDT perpetual, 2024-08-08', symbol: 'BTCUSDT' }
  }
  const { bytes } = depthFrames(depthDialects[0], 5_000, 40)
  return { frames: bytes, what: 'invented frames of Binance: SOR_DATA has no recording', symbol: 'BTCUSDT' }
}

function streamRow(rounds: number): BenchRow {
  const { frames, what, symbol } = streamOf()
  let levels = 0
  let updates = 0
  const seconds = leastOf(rounds, () => {
    const keeper = new CountingKeeper(existsSync(RAW) ? binanceUsdM : binance)
    const decoder = keeper.venue.decoder(new SymbolTable([symbol]))
    // No book over HTTP was recorded: one without levels, as old as the first change.
    keeper.begin(frames[0], decoder)
    const start = performance.now()
    for (const frame of frames) decoder.decode(frame, keeper)
    const took = (performance.now() - start) / 1_000
    levels = keeper.levels
    updates = keeper.book(0).updates
    return took
  })
  return {
    name: 'level updates from bytes to book',
    unit: 'levels/s',
    value: levels / seconds,
    limit: { min: LEVELS_PER_SECOND_MIN, isGate: false },
    note: `${what}: ${updates} of ${frames.length} frames applied, ${levels} levels; least of ${rounds} rounds, one core`,
  }
}

class CountingKeeper extends BookKeeper {
  levels = 0

  constructor(venue: typeof binance) {
    const nothing = () => {}
    super(venue, {
      onBookChanged: nothing,
      onBookLost: nothing,
      onTrade: nothing,
      onQuote: nothing,
      onState: nothing,
    })
  }

  override onBook(message: BookMessage): void {
    this.levels += message.levels.count
    super.onBook(message)
  }

  begin(frame: Uint8Array, decoder: ReturnType<typeof binance.decoder>): void {
    const { data } = JSON.parse(Buffer.from(frame).toString()) as { data: { U: number } }
    const book = { lastUpdateId: data.U, bids: [], asks: [] }
    decoder.decodeSnapshot?.(Buffer.from(JSON.stringify(book)), 0, this)
  }
}

async function allocationRows(): Promise<BenchRow[]> {
  return Object.entries(await bytesPerFrame()).map(([id, value]) => ({
    name: `${id} frame, bytes allocated`,
    unit: 'B/frame',
    value,
    limit: { max: BYTES_PER_FRAME_MAX, isGate: true },
    note: 'child process, 20 levels; 16 B for every number beyond 2^31 handed from function to function (sequence, time)',
  }))
}

function soakRow(times: number): BenchRow {
  const child = fileURLToPath(new URL('./soak-child.ts', import.meta.url))
  const output = execFileSync(process.execPath, ['--expose-gc', child, String(times)], { encoding: 'utf8' })
  const { growthBytes, seconds, lost } = JSON.parse(output) as Record<string, number>
  return {
    name: `heap grown by ${times} resyncs`,
    unit: 'B',
    value: growthBytes,
    limit: { max: SOAK_GROWTH_BYTES_MAX, isGate: true },
    note: `${lost} books lost and healed in ${seconds.toFixed(1)} s, 20 and 2,000 levels a side, changes kept meanwhile`,
  }
}

function leastOf(rounds: number, measure: () => number): number {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) least = Math.min(least, measure())
  return least
}
