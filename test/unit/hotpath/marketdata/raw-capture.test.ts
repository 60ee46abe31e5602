/** Frames that collectors kept without an envelope; the real ones when SOR_DATA holds them. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BookSync } from '../../../../hotpath/marketdata/book-keeper.ts'
import { captureFiles, readCapture } from '../../../../hotpath/marketdata/capture-file.ts'
import { CapturePlayer, isStrange } from '../../../../hotpath/marketdata/capture-player.ts'
import type { FrameVerdict } from '../../../../hotpath/venues/feed/feed-venue.ts'
import { feedVenueOf } from '../../../../hotpath/venues/feed-registry.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'raw-capture-'))
  for (const name of ['spot', 'elsewhere']) {
    mkdirSync(path.join(folder, name))
    const change = {
      stream: 'abcusdt@depth@100ms',
      data: { e: 'depthUpdate', E: 1, s: 'ABCUSDT', U: 4, u: 6, b: [['10.5', '7']], a: [] },
    }
    const lines = [
      `1700000000000001000 ${JSON.stringify(change)}`,
      `1700000000000002999 {"lastUpdateId":5,"bids":[["10.5","3"]],"asks":[["10.6","2"]]}`,
      'no line of ours',
      '',
    ]
    writeFileSync(path.join(folder, name, 'abcusdt_20240101.gz'), gzipSync(lines.join('\n')))
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('lines become events; the book that was asked for becomes an answer', () => {
  const [file] = captureFiles(path.join(folder, 'spot'))
  const capture = readCapture(file)
  expect(capture?.exchange).toBe('BINANCE')
  expect(capture?.badLines).toBe(1)
  expect(capture?.events.map(({ kind, timeUs, url }) => [kind, timeUs, url])).toEqual([
    ['recv', 1_700_000_000_000_001, ''],
    ['http', 1_700_000_000_000_002, 'http://recorded/depth?symbol=ABCUSDT'],
  ])
})

test('played through the decoder they give a book', () => {
  const capture = readCapture(path.join(folder, 'spot', 'abcusdt_20240101.gz'))
  const venue = feedVenueOf('BINANCE')
  if (capture === undefined || venue === undefined) expect.fail('nothing to play')
  const player = new CapturePlayer(venue)
  for (const event of capture.events) player.play(event)
  expect(player.liveBooks).toBe(1)
  expect(player.keeper.book(0).depth.bids.bestSize).toBe(7)
})

test('a folder that names no market is left out', () => {
  expect(readCapture(path.join(folder, 'elsewhere', 'abcusdt_20240101.gz'))).toBeUndefined()
})

const real = path.join(process.env['SOR_DATA'] ?? '../shared/data', 'binance-raw-2024-08')
/** Of each file, so that the test stays short; the whole is `npm run frames`. */
const EVENTS_MAX = 25_000

describe.skipIf(!existsSync(real))('markets as they were recorded (needs binance-raw-2024-08)', () => {
  test.each(['spot', 'usdm', 'cm', 'hyperliquid'])('%s: no gap, nothing lost, never crossed', (market) => {
    for (const file of captureFiles(path.join(real, market))) {
      const capture = readCapture(file)
      const venue = feedVenueOf(capture?.exchange ?? '')
      if (capture === undefined || venue === undefined) expect.fail(`${file}: no recording`)
      const player = new CapturePlayer(venue)
      for (const event of capture.events.slice(0, EVENTS_MAX)) player.play(event)
      const { verdicts, books } = player.counts
      const strange = verdicts.filter((count, verdict) => count > 0 && isStrange(verdict as FrameVerdict))
      expect(strange).toEqual([])
      expect(books).toBeGreaterThan(40)
      const [book] = player.keeper.books
      expect([book.sync, book.gaps, book.losses, book.crossedInstants]).toEqual([BookSync.live, 0, 0, 0])
      expect(capture.badLines).toBe(0)
    }
  })
})
