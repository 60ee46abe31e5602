/** `sor record --venues` against a real dialect: the recording proves itself, and a market made of it ends with the same book. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BookUpdate } from '../../../hotpath/client/order-types.ts'
import { readCapture } from '../../../hotpath/marketdata/capture-file.ts'
import { CapturePlayer } from '../../../hotpath/marketdata/capture-player.ts'
import { binance } from '../../../hotpath/venues/binance/binance-feed.ts'
import { RouterProcess } from '../../fixtures/router-process.ts'
import { BrokenLine } from './broken-line.ts'
import { EmulatorProcess, endpointsOf, until } from './emulator-process.ts'
import { writeLiveConfig } from './live-config.ts'
import { sorJson } from './sor-command.ts'

const FRAMES = fileURLToPath(new URL('../../frames/main.ts', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'sor-record-'))
const out = path.join(folder, 'frames')
const emulator = new EmulatorProcess()
let line: BrokenLine

interface Recorded {
  readonly files: readonly string[]
  readonly events: number
  readonly venues: readonly { readonly venue: string; readonly hashes: Readonly<Record<string, string>> }[]
}

beforeAll(async () => {
  await emulator.start()
  line = new BrokenLine(emulator.venue().port)
  writeLiveConfig(folder, { binance: endpointsOf(emulator.venue(), await line.listen()) })
}, 30_000)

afterAll(async () => {
  await line.close()
  emulator.remove()
  rmSync(folder, { recursive: true })
})

test('what came is written, a break of the line in it too, and the books it ended with', async () => {
  const config = path.join(folder, 'sor.config.json')
  const recording = sorJson<Recorded>(
    `record --venues binance --symbols BTC/USDT,ETH/USDT --seconds 5 --out ${out} --config ${config}`,
  )
  setTimeout(() => line.cut(), 2_000)
  setTimeout(() => line.mend(), 2_200)
  const recorded = await recording
  expect(recorded.events).toBeGreaterThan(50)
  expect(readdirSync(out)).toEqual(['BINANCE.jsonl.gz'])
  expect(recorded.venues.map(({ venue, hashes }) => [venue, Object.keys(hashes).sort()])).toEqual([
    ['binance', ['BTCUSDT', 'ETHUSDT']],
  ])
}, 20_000)

test('npm run frames finds every frame readable and every book as the recorder had it', () => {
  const { status, stdout } = spawnSync(process.execPath, [FRAMES, out, '--json'], { encoding: 'utf8' })
  const [venue] = JSON.parse(stdout).venues
  expect([status, venue.faults]).toEqual([0, []])
  expect(venue).toMatchObject({ venue: 'binance', hashes: 2, hashFaults: 0, liveBooks: 2, gaps: 0, badLines: 0 })
  expect(venue.losses).toEqual({ disconnected: 2 })
})

test('a market made of it ends with the same books', async () => {
  const player = new CapturePlayer(binance)
  for (const event of readCapture(path.join(out, 'BINANCE.jsonl.gz'))!.events) player.play(event)
  const router = new RouterProcess(['--market', `replay:${out}`, '--speed', '20'])
  try {
    await router.start()
    const client = await router.connect()
    let book: BookUpdate | undefined
    client.on('book', (update) => {
      book = update
    })
    await client.subscribe({ channel: 'book', symbol: 'BTC/USDT', depth: 10, intervalMs: 50 })
    for (const side of ['bids', 'asks'] as const) {
      const { depth } = player.keeper.books[player.symbols.names.indexOf('BTCUSDT')]
      const { prices, sizes, count } = depth[side]
      const best = Array.from({ length: 10 }, (_, at) => [
        prices[count - 1 - at] / 10 ** depth.priceDigits,
        sizes[count - 1 - at] / 10 ** depth.sizeDigits,
      ])
      const told = () => book?.[side].map(([price, quantity]) => [Number(price), Number(quantity)])
      await until(() => JSON.stringify(told()) === JSON.stringify(best), `${side} to be ${JSON.stringify(best)}`)
    }
    expect((await client.venues()).map(({ id }) => id)).toEqual(['binance'])
    client.close()
  } finally {
    await router.remove()
  }
}, 20_000)
