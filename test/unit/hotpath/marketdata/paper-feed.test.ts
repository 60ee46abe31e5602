import { describe, expect, test } from 'vitest'
import { BookSide, BookTable, bookStateNames } from '../../../../hotpath/book/book-table.ts'
import { PaperFeed } from '../../../../hotpath/marketdata/paper-feed.ts'
import { FrameBuffer } from '../../../../hotpath/venues/paper/frame-buffer.ts'
import { appendLevel, openBook } from '../../../../hotpath/venues/paper/paper-news-frame.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import type { MonoNs } from '../../../../shared/units/time.ts'

const VENUE = 1 as VenueIndex
const INSTRUMENT = 0 as InstrumentIndex

class Bench {
  readonly books = new BookTable({ venues: 2, instruments: 1, levelsMax: 4 })
  readonly asked: string[] = []
  isSourceUp = true
  readonly feed = new PaperFeed(this.books, 4, {
    subscribe: (venue, instrument) => {
      if (this.isSourceUp) this.asked.push(`${venue}/${instrument}`)
      return this.isSourceUp
    },
    receivedNs: 5 as MonoNs,
  })
  readonly row = this.books.row(INSTRUMENT, VENUE)

  tell(
    sequence: number,
    isSnapshot: boolean,
    levels: readonly (readonly [number, number, number])[],
    venue = VENUE,
  ): boolean {
    const out = new FrameBuffer(64, 4_096)
    const at = openBook(out, venue, INSTRUMENT, sequence, isSnapshot)
    for (const [side, price, lots] of levels) appendLevel(out, at, side as BookSide, price, lots)
    return this.feed.onBook(out.view, at)
  }

  get state(): string {
    return bookStateNames[this.books.state(this.row)]
  }

  get asks(): [number, number] {
    return [this.books.bestPrice(this.row, BookSide.ask), this.books.count(this.row, BookSide.ask)]
  }
}

describe('a paper feed', () => {
  test('applies a snapshot and the changes that follow it', () => {
    const bench = new Bench()
    bench.tell(7, true, [
      [1, 100, 5],
      [1, 101, 5],
      [0, 99, 5],
    ])
    expect([bench.state, bench.asks]).toEqual(['live', [100, 2]])
    bench.tell(8, false, [[1, 100, 0]])
    expect([bench.state, bench.asks]).toEqual(['live', [101, 1]])
    expect(bench.books.sequence(bench.row)).toBe(8)
    expect(bench.books.updatedNs(bench.row)).toBe(5)
  })

  test('a missing change: recovering, asked for once, nothing applied until the snapshot', () => {
    const bench = new Bench()
    bench.tell(7, true, [[1, 100, 5]])
    bench.tell(9, false, [[1, 100, 0]])
    bench.tell(10, false, [[1, 102, 1]])
    expect([bench.state, bench.asks, bench.asked, bench.feed.gaps]).toEqual(['recovering', [100, 1], ['1/0'], 1])
    bench.tell(10, true, [[1, 102, 1]])
    expect([bench.state, bench.asks]).toEqual(['live', [102, 1]])
    bench.tell(11, false, [[1, 103, 1]])
    expect(bench.asks).toEqual([102, 2])
  })

  test('a repeated change is a gap too', () => {
    const bench = new Bench()
    bench.tell(7, true, [[1, 100, 5]])
    bench.tell(7, false, [[1, 100, 0]])
    expect([bench.state, bench.feed.gaps]).toEqual(['recovering', 1])
  })

  test('asks again with the next change when it could not ask at once', () => {
    const bench = new Bench()
    bench.isSourceUp = false
    bench.tell(7, false, [[1, 100, 5]])
    expect(bench.asked).toEqual([])
    bench.isSourceUp = true
    bench.tell(8, false, [[1, 100, 5]])
    expect(bench.asked).toEqual(['1/0'])
  })

  test('a crossed book says so', () => {
    const bench = new Bench()
    bench.tell(1, true, [
      [1, 100, 5],
      [0, 100, 5],
    ])
    expect(bench.state).toBe('crossed')
  })

  test('down: stale, and only a snapshot makes it live', () => {
    const bench = new Bench()
    bench.tell(7, true, [[1, 100, 5]])
    bench.feed.onDown()
    expect(bench.state).toBe('stale')
    bench.tell(8, false, [[1, 101, 5]])
    expect(bench.state).toBe('recovering')
    bench.tell(8, true, [[1, 101, 5]])
    expect(bench.state).toBe('live')
  })

  test('refuses what makes no sense', () => {
    const bench = new Bench()
    expect(bench.tell(1, true, [[2, 100, 5]])).toBe(false)
    expect(bench.tell(1, true, [[1, 100, 5]], 2 as VenueIndex)).toBe(false)
    expect(() => new PaperFeed(bench.books, 5, { subscribe: () => true, receivedNs: 5 as MonoNs })).toThrow(
      'as deep as',
    )
  })
})
