import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { BookSide } from '../../../../hotpath/book/book-table.ts'
import { readSnapshotMoments, SNAPSHOT_MULTIPLES } from '../../../../models/evaluation/snapshot-moments.ts'

const folder = mkdtempSync(join(tmpdir(), 'snapshots-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const level = (cents: number, halves: number) => ({
  price: { numerator: cents, denominator: 100 },
  qty: { numerator: halves, denominator: 2 },
})
const book = (venue: string, quote: string, bid: number, ask: number) => ({
  venue,
  base: 'BTC',
  quote,
  bids: [level(bid, 4), level(bid - 10, 6)],
  asks: [level(ask, 2), level(ask + 10, 8)],
})

function write(name: string, books: readonly object[]): string {
  const path = join(folder, name)
  writeFileSync(path, gzipSync(JSON.stringify(books)))
  return path
}

// Bitfinex stands 5 % above the others: no taker fee explains that. A lone venue of BTC/EUR is no choice.
const path = write('instant.json.gz', [
  book('bitstamp', 'USD', 100_000, 100_010),
  book('coinbase', 'USD', 99_995, 100_005),
  book('bitfinex', 'USD', 105_000, 105_010),
  book('bitstamp', 'EUR', 90_000, 90_010),
])

test('one moment per instrument with a choice of venues, sizes in mean top levels', async () => {
  const [all] = await readSnapshotMoments([path], 24)
  expect(all.moments).toHaveLength(1)
  const [moment] = all.moments
  expect(moment.label).toBe('BTC/USD in instant.json.gz')
  expect(moment.venues.map(({ name }) => name).sort()).toEqual(['bitfinex', 'bitstamp', 'coinbase'])
  // Best bid 1,050.00 at one venue, best ask 1,000.05 at another: crossed, and the mid is between.
  expect(moment.mid).toBe((105_000 + 100_005) / 2)
  // Two units at every bid and one at every ask; every quantity is whole, so a lot is a unit.
  expect(moment.topLots).toBe((2 + 1) / 2)
  expect(moment.displayed.bestLots(moment.venues[0].bookRow, BookSide.bid)).toBe(2)
  expect(all.repeats).toBe(24 / (2 * SNAPSHOT_MULTIPLES.length))
  expect(moment.venues.every(({ takerPpm }) => takerPpm.length === all.scenarios.length)).toBe(true)
})

test('again without the venue at a premium that fees do not explain', async () => {
  const [, orderly] = await readSnapshotMoments([path], 24)
  expect(orderly.moments[0].venues.map(({ name }) => name).sort()).toEqual(['bitstamp', 'coinbase'])
  expect(orderly.moments[0].mid).toBe((100_000 + 100_005) / 2)
})

test('every file is an instant of its own, and a broken one is skipped and said', async () => {
  const second = write('later.json.gz', [
    book('bitstamp', 'USD', 101_000, 101_010),
    book('coinbase', 'USD', 101_000, 101_010),
  ])
  const broken = join(folder, 'broken.json')
  writeFileSync(broken, '[{"numerator"')
  const [all] = await readSnapshotMoments([broken, path, second], 24)
  expect(all.moments.map(({ block }) => block)).toEqual([0, 1])
  expect(all.notes.some((note) => note.includes('broken.json'))).toBe(true)
  expect(all.notes.some((note) => note.includes(folder))).toBe(false)
})
