import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { openMarketSource, RecordingWriter } from '../../../../../../hotpath/venues/paper/market/open-market.ts'
import { packBlock } from '../../../../../../hotpath/venues/paper/market/recording-block.ts'
import { LINES_PER_TURN_MAX } from '../../../../../../hotpath/venues/paper/market/replay-recording.ts'
import type { MarketSource } from '../../../../../../hotpath/venues/paper/market-source.ts'
import type { MonoNs } from '../../../../../../shared/units/time.ts'
import { HeardMarket, play } from './heard-market.ts'

const root = mkdtempSync(join(tmpdir(), 'recording-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0

/** Records `seconds` of the calibrated market; answers the writer's files and what was heard while recording. */
async function record(seconds: number, bytesMax = 1e9) {
  const market = await openMarketSource('calibrated', { seed: 5, speed: 1 })
  const heard = new HeardMarket(market)
  const folder = join(root, `folder-${folders++}`)
  const writer = new RecordingWriter(market, { folder, name: 'test', bytesMax })
  for (let ms = 0; ms <= seconds * 1_000; ms += 5) {
    writer.setTime((7e9 + ms * 1e6) as MonoNs)
    const both = new Both(heard, writer)
    while (market.work((ms * 1e6) as MonoNs, both) > 0);
  }
  writer.close()
  return { folder, market, heard, paths: writer.paths }
}

/** Tells two listeners. */
class Both extends HeardMarket {
  readonly #writer: RecordingWriter
  readonly #heard: HeardMarket
  constructor(heard: HeardMarket, writer: RecordingWriter) {
    super({ venues: [], instruments: [], levelsMax: 1 } as unknown as MarketSource)
    this.#heard = heard
    this.#writer = writer
  }
  override onLevel(...event: Parameters<HeardMarket['onLevel']>): void {
    this.#heard.onLevel(...event)
    this.#writer.onLevel(...event)
  }
  override onTrade(...event: Parameters<HeardMarket['onTrade']>): void {
    this.#heard.onTrade(...event)
    this.#writer.onTrade(...event)
  }
  override onUpdateEnd(...event: Parameters<HeardMarket['onUpdateEnd']>): void {
    this.#heard.onUpdateEnd(...event)
    this.#writer.onUpdateEnd(...event)
  }
  override onClear(...event: Parameters<HeardMarket['onClear']>): void {
    this.#heard.onClear(...event)
    this.#writer.onClear(...event)
  }
}

async function replay(path: string) {
  const market = await openMarketSource(`replay:${path}`, { seed: 1, speed: 1 })
  return { market, heard: new HeardMarket(market) }
}

test('what was recorded comes back: same terms, same events, same books', async () => {
  const told = await record(2)
  const { market, heard } = await replay(told.folder)
  play(market, heard, 2e9, 5e6)
  expect(market.venues).toEqual(told.market.venues)
  expect(market.instruments).toEqual(told.market.instruments)
  expect(market.listings).toEqual(told.market.listings)
  expect(market.latencies).toEqual(told.market.latencies)
  expect(market.name).toContain('(calibrated)')
  expect(heard.hash).toBe(told.heard.hash)
  expect(heard.bookHash()).toBe(told.heard.bookHash())
  expect(market.notes).toEqual([])
})

test('the first turn tells the opening books, events come at their times', async () => {
  const told = await record(1)
  const { market, heard } = await replay(told.folder)
  market.work(0 as MonoNs, heard)
  expect(heard.clears).toBe(told.market.listings.length)
  expect(heard.trades).toHaveLength(0)
  const before = heard.levels
  market.work(1e6 as MonoNs, heard)
  expect(heard.levels).toBe(before)
  const later = market.work(1e9 as MonoNs, heard)
  expect(later).toBeGreaterThan(100)
  expect(later).toBeLessThanOrEqual(LINES_PER_TURN_MAX)
})

test('parts: each one is whole books alone, and together they tell the same as one file', async () => {
  const told = await record(3, 60_000)
  expect(told.paths.length).toBeGreaterThan(2)
  const together = await replay(told.folder)
  play(together.market, together.heard, 3e9, 5e6)
  expect(together.heard.hash).toBe(told.heard.hash)
  const last = await replay(told.paths[told.paths.length - 1])
  play(last.market, last.heard, 3e9, 5e6)
  expect(last.heard.bookHash()).toBe(told.heard.bookHash())
})

test('any gzip tool reads it, and a file packed again by one plays the same', async () => {
  const told = await record(1)
  const text = gunzipSync(readFileSync(told.paths[0]))
  expect(JSON.parse(text.toString().split('\n')[0])).toMatchObject({ layout: 'sor-recording', version: 1, part: 1 })
  for (const [name, bytes] of [
    ['again.jsonl.gz', gzipSync(text)],
    ['plain.jsonl', text],
  ] as const) {
    const path = join(root, name)
    writeFileSync(path, bytes)
    const { market, heard } = await replay(path)
    play(market, heard, 1e9, 5e6)
    expect(heard.hash).toBe(told.heard.hash)
  }
})

describe('damage', () => {
  test('cut anywhere, the file loses its last block and nothing before it', async () => {
    const told = await record(1)
    const bytes = readFileSync(told.paths[0])
    const whole = await replay(told.paths[0])
    play(whole.market, whole.heard, 1e9, 1e8)
    for (const share of [0.999, 0.7, 0.3]) {
      const path = join(root, 'cut.jsonl.gz')
      writeFileSync(path, bytes)
      truncateSync(path, Math.floor(bytes.length * share))
      const { market, heard } = await replay(path)
      play(market, heard, 1e9, 1e8)
      expect(heard.updates).toBeGreaterThan(0)
      expect(heard.updates).toBeLessThan(whole.heard.updates)
      expect(market.notes.join('\n')).toMatch(/played up to where it is cut/)
    }
  })

  test('a flipped bit ends the file at its block', async () => {
    const told = await record(1)
    const bytes = readFileSync(told.paths[0])
    bytes[Math.floor(bytes.length * 0.6)] ^= 4
    const path = join(root, 'flipped.jsonl.gz')
    writeFileSync(path, bytes)
    const { market, heard } = await replay(path)
    play(market, heard, 1e9, 1e8)
    expect(market.notes.join('\n')).toMatch(/played up to where it is a damaged block/)
  })

  test('lines that are no events are skipped and counted', async () => {
    const told = await record(0)
    const path = join(root, 'lines.jsonl.gz')
    writeFileSync(path, readFileSync(told.paths[0]))
    const bad = [
      'x',
      '7',
      'null',
      '{"t":-1,"v":0,"i":0,"e":1}',
      '{"t":1,"v":99,"i":0,"e":1}',
      '{"t":1,"v":0,"i":0}',
      '{"t":1,"v":0,"i":0,"s":2,"p":1,"q":1}',
      '{"t":1,"v":0,"i":0,"s":0,"p":1.5,"q":1}',
      '{"t":1,"v":0,"i":0,"s":0,"p":1e300,"q":1}',
      '{"t":1,"v":0,"i":0,"a":1,"p":5,"q":0}',
    ]
    appendFileSync(path, packBlock(`${bad.join('\n')}\n`))
    const { market, heard } = await replay(path)
    play(market, heard, 1e9, 1e8)
    expect(heard.hash).toBe(told.heard.hash)
    expect(market.notes).toEqual(['10 lines skipped that are not events'])
  })

  test('a header of another version, or one that contradicts itself, is refused in one line', async () => {
    const told = await record(0)
    const header = JSON.parse(gunzipSync(readFileSync(told.paths[0])).toString().split('\n')[0])
    const wrong = [
      { ...header, version: 2 },
      { ...header, listings: [{ ...header.listings[0], venue: 99 }] },
      { ...header, latencies: [] },
      { ...header, levelsMax: 1e9 },
      { ...header, extra: 1 },
    ]
    for (const one of wrong) {
      const path = join(root, 'wrong.jsonl.gz')
      writeFileSync(path, packBlock(`${JSON.stringify(one)}\n`))
      await expect(replay(path)).rejects.toThrow(/skipped, (its first line|larger)/)
    }
  })

  test('two recordings in one directory are refused', async () => {
    const [a, b] = [await record(0), await record(0)]
    writeFileSync(join(a.folder, 'other-0001.jsonl.gz'), readFileSync(b.paths[0]))
    await expect(replay(a.folder)).rejects.toThrow(/more than one recording/)
  })

  test('any bytes after a good header never crash', async () => {
    const told = await record(0)
    const good = readFileSync(told.paths[0])
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((json) => packBlock(json)),
        ),
        async (tail) => {
          const path = join(root, 'tail.jsonl.gz')
          writeFileSync(path, Buffer.concat([good, tail]))
          const { market, heard } = await replay(path)
          play(market, heard, 1e9, 5e8)
          expect(heard.clears).toBeGreaterThanOrEqual(told.heard.clears)
        },
      ),
      { numRuns: 20 },
    )
  }, 20_000)
})
