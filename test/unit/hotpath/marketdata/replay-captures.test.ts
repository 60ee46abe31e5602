import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { BookSide } from '../../../../hotpath/book/book-table.ts'
import { BookSync } from '../../../../hotpath/marketdata/book-keeper.ts'
import { readCapture } from '../../../../hotpath/marketdata/capture-file.ts'
import { CapturePlayer } from '../../../../hotpath/marketdata/capture-player.ts'
import { CaptureWriter } from '../../../../hotpath/marketdata/capture-writer.ts'
import { depthHash } from '../../../../hotpath/marketdata/depth-hash.ts'
import type { FeedConnection } from '../../../../hotpath/marketdata/feed-connection.ts'
import { openCaptures } from '../../../../hotpath/marketdata/replay-captures.ts'
import { binance } from '../../../../hotpath/venues/binance/binance-feed.ts'
import type { OpenedMarket } from '../../../../hotpath/venues/paper/market/opened-market.ts'
import type { MarketSink } from '../../../../hotpath/venues/paper/market-source.ts'
import { type MonoNs, NS_PER_MS } from '../../../../shared/units/time.ts'
import { FeedWorld } from './feed-world.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'replay-captures-'))
afterAll(() => rmSync(folder, { recursive: true }))
let serial = 0
const LISTINGS = '/api/v3/exchangeInfo'

interface Recording {
  readonly place: string
  readonly world: FeedWorld
  readonly connection: FeedConnection
  readonly writer: CaptureWriter
  end(): void
}

/** Follows the emulator and records it, with its list unless told otherwise. */
function record(facts: { isListed?: boolean; startUs?: number; place?: string; exchange?: string } = {}): Recording {
  const place = facts.place ?? path.join(folder, `${++serial}`)
  mkdirSync(place, { recursive: true })
  const world = new FeedWorld()
  if (facts.startUs !== undefined) Object.assign(world.clock, { startUs: facts.startUs })
  const exchange = facts.exchange ?? 'BINANCE'
  const writer = new CaptureWriter({ folder: place, exchange, config: {}, clock: world.clock, partBytesMax: 2 ** 30 })
  if (facts.isListed !== false) {
    const { body } = world.emulator.request({ method: 'GET', target: LISTINGS, headers: {}, body: '' })
    writer.onHttp('binance.listings', `https://api.binance.com${LISTINGS}`, body)
  }
  const connection = world.follow({}, writer)
  const end = (): void => {
    const { books } = connection.keeper
    writer.onBooks(books[0]?.sync === BookSync.live ? { BTCUSDT: depthHash(books[0].depth) } : {})
    writer.close()
  }
  return { place, world, connection, writer, end }
}

function live({ world }: Recording, changes: number): void {
  for (let at = 0; at < changes; at++) {
    world.change()
    world.pass(120)
  }
}

/** Everything through the decoders and books at once, as npm run frames does. */
function played({ writer }: Recording): CapturePlayer {
  const player = new CapturePlayer(binance)
  for (const event of readCapture(writer.paths[0])!.events) player.play(event)
  return player
}

/** Plays a market to its end; what whoever keeps its books has then. */
function heard(market: OpenedMarket): { sides: Map<number, number>[]; trades: number; turns: number } {
  const sides = [new Map<number, number>(), new Map<number, number>()]
  let trades = 0
  const sink: MarketSink = {
    onLevel: (_venue, _instrument, side, price, lots) =>
      lots === 0 ? sides[side].delete(price) : sides[side].set(price, lots),
    onTrade: () => trades++,
    onUpdateEnd: () => undefined,
    onClear: () => {
      for (const side of sides) side.clear()
    },
  }
  const endNs = (market as unknown as { endNs: number }).endNs
  let turns = 0
  for (let nowNs = 0; nowNs <= endNs + 10 * NS_PER_MS; nowNs += NS_PER_MS, turns++) market.work(nowNs as MonoNs, sink)
  return { sides, trades, turns }
}

/** Of the live book, on the grid of the only venue. */
function liveSide({ connection }: Recording, side: BookSide): Map<number, number> {
  const { depth } = connection.keeper.books[0]
  const { prices, sizes, count } = depth.side(side)
  const levels = Array.from({ length: count }, (_, at): [number, number] => [
    Math.round(prices[at] * 10 ** (2 - depth.priceDigits)),
    Math.round(sizes[at] * 10 ** (3 - depth.sizeDigits)),
  ])
  return new Map(levels)
}

describe('a replayed recording gives the same books as live', () => {
  test('of a quiet day', () => {
    const recording = record()
    recording.world.pass(300)
    live(recording, 30)
    recording.end()
    const player = played(recording)
    expect(player.counts).toMatchObject({ hashes: 1, hashFaults: 0, listings: 1, snapshots: 1 })
    expect(depthHash(player.keeper.books[0].depth)).toBe(depthHash(recording.connection.keeper.books[0].depth))
    const market = openCaptures('replay:x', recording.place, { seed: 1, speed: 1 })
    expect(market.venues.map(({ id }) => id)).toEqual(['binance'])
    expect(market.instruments.map(({ symbol, priceDigits, qtyDigits }) => [symbol, priceDigits, qtyDigits])).toEqual([
      ['BTC/USDT', 2, 3],
    ])
    const { sides } = heard(market)
    for (const side of [BookSide.bid, BookSide.ask]) expect(sides[side]).toEqual(liveSide(recording, side))
  })

  test('of a day with gaps, repeats and a broken line', () => {
    const recording = record()
    const { world, connection } = recording
    world.pass(500)
    live(recording, 5)
    world.faults.skipDiffs(1)
    live(recording, 30)
    world.faults.repeatMessages(5)
    live(recording, 10)
    world.line.cut()
    world.pass(700)
    world.line.mend()
    live(recording, 40)
    expect(connection.keeper.books[0]).toMatchObject({ sync: BookSync.live, gaps: 1 })
    expect(connection.opens).toBe(2)
    recording.end()
    const player = played(recording)
    expect(player.counts).toMatchObject({ hashes: 1, hashFaults: 0 })
    // The broken line is no gap of the venue's.
    expect(player.keeper.books[0].gaps).toBe(1)
    const { sides } = heard(openCaptures('replay:x', recording.place, { seed: 1, speed: 1 }))
    for (const side of [BookSide.bid, BookSide.ask]) expect(sides[side]).toEqual(liveSide(recording, side))
  })

  test('a recording that ends with its book lost says nothing of it', () => {
    const recording = record()
    recording.world.pass(300)
    live(recording, 3)
    recording.world.line.cut()
    recording.world.pass(100)
    recording.end()
    expect(played(recording).counts).toMatchObject({ hashes: 0, hashFaults: 0 })
  })

  test('a book that is another is found out', () => {
    const recording = record()
    recording.world.pass(300)
    live(recording, 3)
    recording.writer.onBooks({ BTCUSDT: '0123456789abcdef', NOBODY: '0' })
    recording.end()
    expect(played(recording).counts).toMatchObject({ hashes: 3, hashFaults: 2 })
  })

  test('it goes by its own time: twice the speed, half the turns', () => {
    const recording = record()
    recording.world.pass(300)
    live(recording, 10)
    recording.end()
    const slow = openCaptures('replay:x', recording.place, { seed: 1, speed: 1 })
    const fast = openCaptures('replay:x', recording.place, { seed: 1, speed: 2 })
    const sink: MarketSink = {
      onLevel: () => undefined,
      onTrade: () => undefined,
      onUpdateEnd: () => undefined,
      onClear: () => undefined,
    }
    const toldBy = (market: OpenedMarket, ms: number): number => {
      let told = 0
      for (let now = 0; now <= ms; now++) told += market.work((now * NS_PER_MS) as MonoNs, sink)
      return told
    }
    expect(toldBy(fast, 400)).toBe(toldBy(slow, 800))
  })
})

describe('what cannot be played', () => {
  test('a recording without its lists says what to do', () => {
    const recording = record({ isListed: false })
    recording.world.pass(300)
    live(recording, 3)
    recording.end()
    expect(() => openCaptures('replay:x', recording.place, { seed: 1, speed: 1 })).toThrow('record with its lists')
  })

  test('files that are no recording, or of nobody we speak, are named', () => {
    const place = path.join(folder, 'none')
    mkdirSync(place)
    writeFileSync(path.join(place, 'a.jsonl'), 'hello\n')
    expect(() => openCaptures('replay:x', place, { seed: 1, speed: 1 })).toThrow(/a\.jsonl: skipped, no recording/)
    writeFileSync(path.join(place, 'a.jsonl'), '{"t":"header","exchange":"NOBODY","recorded":1}\n')
    expect(() => openCaptures('replay:x', place, { seed: 1, speed: 1 })).toThrow(/we do not speak NOBODY/)
  })
})

test('recordings of different times play together, each from its own beginning, and say so', () => {
  const place = path.join(folder, 'apart')
  const first = record({ place })
  first.world.pass(300)
  live(first, 5)
  first.end()
  const us = record({ place, startUs: 1_800_000_000_000_000, exchange: 'BINANCE_US' })
  us.world.pass(300)
  live(us, 5)
  us.end()
  const market = openCaptures('replay:x', place, { seed: 1, speed: 1 })
  expect(market.venues.map(({ id }) => id).sort()).toEqual(['binance', 'binanceus'])
  expect(market.notes.join('\n')).toContain('recordings of different times')
  const { turns } = heard(market)
  expect(turns).toBeLessThan(5_000)
})
