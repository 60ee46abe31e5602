/**
 * One venue's depth frames, and three ways to keep a book from them: our decoder and BookKeeper, JSON.parse with numbers into
 * the same DepthBook, and ccxt.pro's own handler. All three must end with the same best levels.
 */
import { DepthBook } from '../../../hotpath/book/depth-book.ts'
import { BookKeeper, BookSync } from '../../../hotpath/marketdata/book-keeper.ts'
import { type FeedDecoder, type FeedVenue, FrameVerdict } from '../../../hotpath/venues/feed/feed-venue.ts'
import { SymbolTable } from '../../../hotpath/venues/feed/symbol-table.ts'
import { feedVenues } from '../../../hotpath/venues/feed-registry.ts'
import { assert } from '../../../shared/assert.ts'
import { Prng } from '../../../shared/prng.ts'
import type { DepthDialect } from './depth-dialects.ts'
import { DepthWalk } from './depth-walk.ts'

const BOOK_LEVELS = 200
/** Levels that must be the same at the end. */
export const TOP = 10

export interface DepthFrames {
  readonly dialect: DepthDialect
  readonly venue: FeedVenue
  readonly snapshot: string
  readonly texts: readonly string[]
  readonly bytes: readonly Buffer[]
}

export function depthFrames(dialect: DepthDialect, count: number, levels: number): DepthFrames {
  const venue = feedVenues.find(({ id }) => id === dialect.id)
  assert(venue !== undefined, 'the venue of the dialect is registered')
  const walk = new DepthWalk(new Prng(5), BOOK_LEVELS)
  const snapshot = dialect.snapshot(walk.whole(), 1)
  const texts = Array.from({ length: count }, (_, at) => dialect.update(walk.step(levels / 2), at + 2, walk))
  return { dialect, venue, snapshot, texts, bytes: texts.map((text) => Buffer.from(text)) }
}

/** One way to keep a book: told the snapshot when it is made, then frame by frame. */
export interface BookReader {
  hear(at: number): void
  /** Best levels, best first: [price, size]. */
  best(side: 'bids' | 'asks'): (readonly [number, number])[]
}

export class OurReader implements BookReader {
  readonly keeper: BookKeeper
  readonly #decoder: FeedDecoder
  readonly #frames: readonly Uint8Array[]

  constructor(frames: DepthFrames, bytes: readonly Uint8Array[] = frames.bytes) {
    const { venue, dialect } = frames
    const nothing = () => {}
    this.keeper = new BookKeeper(venue, {
      onBookChanged: nothing,
      onBookLost: nothing,
      onTrade: nothing,
      onQuote: nothing,
      onState: nothing,
    })
    this.#decoder = venue.decoder(new SymbolTable([dialect.symbol]))
    this.#frames = bytes
    const snapshot = Buffer.from(frames.snapshot)
    const verdict =
      dialect.isHttp === true
        ? this.#decoder.decodeSnapshot?.(snapshot, 0, this.keeper)
        : this.#decoder.decode(snapshot, this.keeper)
    assert(verdict === FrameVerdict.parsed, 'the snapshot of the dialect is read')
  }

  hear(at: number): void {
    this.#decoder.decode(this.#frames[at], this.keeper)
  }

  best(side: 'bids' | 'asks'): (readonly [number, number])[] {
    const book = this.keeper.book(0)
    assert(book.sync === BookSync.live && book.updates === this.#frames.length, 'every frame was applied')
    return bestOf(book.depth, side)
  }
}

/** Digits of the invented market: what a plain program would take from the instrument list. */
const PRICE_UNIT = 100
const SIZE_UNIT = 100_000

export class PlainReader implements BookReader {
  readonly #depth = new DepthBook()
  readonly #frames: DepthFrames

  constructor(frames: DepthFrames) {
    this.#frames = frames
    this.#depth.refine(2, 5)
    const walk = new DepthWalk(new Prng(5), BOOK_LEVELS).whole()
    for (const [price, size] of walk.bids) this.#depth.bids.set(price, size)
    for (const [price, size] of walk.asks) this.#depth.asks.set(price, size)
  }

  hear(at: number): void {
    const { bytes, dialect } = this.#frames
    const { bids, asks } = this.#depth
    for (const [bidLevels, askLevels] of dialect.plain(JSON.parse(bytes[at].toString()) as never)) {
      for (const level of bidLevels as [string, string][])
        bids.set(Math.round(Number(level[0]) * PRICE_UNIT), Math.round(Number(level[1]) * SIZE_UNIT))
      for (const level of askLevels as [string, string][])
        asks.set(Math.round(Number(level[0]) * PRICE_UNIT), Math.round(Number(level[1]) * SIZE_UNIT))
    }
  }

  best(side: 'bids' | 'asks'): (readonly [number, number])[] {
    return bestOf(this.#depth, side)
  }
}

function bestOf(depth: DepthBook, name: 'bids' | 'asks'): (readonly [number, number])[] {
  const side = depth[name]
  return Array.from({ length: TOP }, (_, at) => {
    const row = side.count - 1 - at
    return [side.prices[row] / 10 ** depth.priceDigits, side.sizes[row] / 10 ** depth.sizeDigits] as const
  })
}

export interface FrameTimes {
  readonly p50: number
  readonly p99: number
  readonly reader: BookReader
}

/**
 * Microseconds a frame, each timed alone (one clock read included), of every way in turns, so that neighbours disturb all
 * alike: of each the round that was disturbed least.
 */
export function timeTogether(ways: readonly (() => BookReader)[], frames: number, rounds: number): FrameTimes[] {
  const best: FrameTimes[] = []
  const took = new Float64Array(frames)
  for (let round = 0; round < rounds; round++) {
    for (const [way, make] of ways.entries()) {
      const reader = make()
      for (let at = 0; at < frames; at++) {
        const start = performance.now()
        reader.hear(at)
        took[at] = (performance.now() - start) * 1_000
      }
      took.sort()
      const times = { p50: took[frames >> 1], p99: took[Math.floor(frames * 0.99)], reader }
      if (best[way] === undefined || times.p50 < best[way].p50) best[way] = times
    }
  }
  return best
}

/** Nobody did less work: the same best levels at the end. */
export function assertSameBooks(one: BookReader, two: BookReader): void {
  for (const side of ['bids', 'asks'] as const) {
    const theirs = two.best(side)
    for (const [at, [price, size]] of one.best(side).entries()) {
      assert(price === theirs[at][0] && size === theirs[at][1], 'the same frames make the same best levels')
    }
  }
}
