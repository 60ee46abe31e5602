import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import type { BookChange, TextlessLevel } from '../../../../../hotpath/venues/emulator/emulated-book.ts'
import { EmulatorWorld } from './emulator-world.ts'

function apply(side: Map<number, number>, levels: readonly TextlessLevel[]): void {
  for (const [price, lots] of levels) {
    if (lots === 0) side.delete(price)
    else side.set(price, lots)
  }
}

describe('a public book', () => {
  test('the first change tells the whole book, the next only what is other', () => {
    const world = new EmulatorWorld()
    const stream = world.emulator.exchange.book(world.symbol).stream(10)
    expect(stream.take()?.asks).toEqual([
      [10_100, 50_000],
      [10_200, 50_000],
    ])
    expect(stream.take()).toBeUndefined()
    world.market.level(BookSide.ask, 10_100, 0)
    world.pass(1)
    expect(stream.take()).toMatchObject({ bids: [], asks: [[10_100, 0]] })
  })

  test('a level that lived only between two changes, and was seen in a snapshot, is told to be gone', () => {
    const world = new EmulatorWorld()
    const book = world.emulator.exchange.book(world.symbol)
    const stream = book.stream(10)
    stream.take()
    world.market.level(BookSide.ask, 10_050, 70)
    world.pass(1)
    expect(book.snapshot(10).asks[0]).toEqual([10_050, 70])
    world.market.level(BookSide.ask, 10_050, 0)
    world.pass(1)
    expect(stream.take()?.asks).toEqual([[10_050, 0]])
  })

  test('any snapshot and the changes after it are the book', () => {
    const step = fc.record({
      price: fc.integer({ min: 10_001, max: 10_008 }),
      lots: fc.integer({ min: 0, max: 3 }).map((tens) => tens * 10),
      after: fc.constantFrom('nothing', 'take', 'snapshot'),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const world = new EmulatorWorld()
        const book = world.emulator.exchange.book(world.symbol)
        const stream = book.stream(100)
        stream.rebase()
        let last = stream.told.sequence
        const readers: { sequence: number; asks: Map<number, number> }[] = []
        const read = (change: BookChange | undefined): void => {
          if (change === undefined) return
          expect(change.first).toBe(last + 1)
          last = change.last
          for (const reader of readers) {
            if (change.last <= reader.sequence) continue
            expect(change.first).toBeLessThanOrEqual(reader.sequence + 1)
            apply(reader.asks, change.asks)
            reader.sequence = change.last
          }
        }
        for (const { price, lots, after } of steps) {
          world.market.level(BookSide.ask, price, lots)
          world.pass(1)
          if (after === 'take') read(stream.take())
          if (after === 'snapshot') {
            const { sequence, asks } = book.snapshot(100)
            readers.push({ sequence, asks: new Map(asks) })
          }
        }
        world.market.level(BookSide.ask, 10_300, 10)
        world.pass(1)
        read(stream.take())
        const now = new Map(book.top(BookSide.ask, 100))
        for (const reader of readers) expect(sorted(reader.asks)).toEqual(sorted(now))
      }),
      { numRuns: 200 },
    )
  })
})

function sorted(side: ReadonlyMap<number, number>): [number, number][] {
  return [...side].sort(([a], [b]) => a - b)
}
