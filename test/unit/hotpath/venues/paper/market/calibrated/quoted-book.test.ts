import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LEVELS_MAX, QuotedBook } from '../../../../../../../hotpath/venues/paper/market/calibrated/quoted-book.ts'
import type { MarketSink } from '../../../../../../../hotpath/venues/paper/market-source.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../../../shared/units/ids.ts'

/** The slow twin: a map that hears what the book tells. */
class Heard implements MarketSink {
  readonly sides = [new Map<number, number>(), new Map<number, number>()] as const
  told = 0
  onLevel(_venue: VenueIndex, _instrument: InstrumentIndex, side: 0 | 1, price: number, lots: number): void {
    this.told++
    if (lots === 0) expect(this.sides[side].delete(price)).toBe(true)
    else this.sides[side].set(price, lots)
  }
  onTrade(): void {}
  onUpdateEnd(): void {}
  onClear(): void {}
}

function begin() {
  return { book: new QuotedBook(0 as VenueIndex, 0 as InstrumentIndex), heard: new Heard() }
}

test('levels stand best first, on both sides', () => {
  const { book, heard } = begin()
  for (const price of [100, 102, 101]) {
    book.set(0, price, 5, heard)
    book.set(1, price + 10, 5, heard)
  }
  expect([0, 1, 2].map((at) => book.price(0, at))).toEqual([102, 101, 100])
  expect([0, 1, 2].map((at) => book.price(1, at))).toEqual([110, 111, 112])
  expect(book.price(0, 3)).toBe(0)
})

test('what does not change is not told', () => {
  const { book, heard } = begin()
  book.set(0, 100, 5, heard)
  book.set(0, 100, 5, heard)
  book.resize(0, 0, 5, heard)
  expect(heard.told).toBe(1)
  expect(book.changes).toBe(1)
})

test('a full side loses its worst level for a better one and ignores a worse one', () => {
  const { book, heard } = begin()
  for (let at = 0; at < LEVELS_MAX; at++) book.set(1, 100 + at, 1, heard)
  book.set(1, 99, 1, heard)
  expect([book.count(1), book.price(1, 0), book.price(1, LEVELS_MAX - 1)]).toEqual([
    LEVELS_MAX,
    99,
    100 + LEVELS_MAX - 2,
  ])
  book.set(1, 500, 1, heard)
  expect(heard.sides[1].has(500)).toBe(false)
})

test('removing what is better than a price', () => {
  const { book, heard } = begin()
  for (const price of [100, 101, 102]) book.set(0, price, 1, heard)
  book.removeBetter(0, 100, heard)
  expect([...heard.sides[0].keys()]).toEqual([100])
})

test('after any changes the book and what was told agree', () => {
  const change = fc.tuple(
    fc.constantFrom(0 as const, 1 as const),
    fc.integer({ min: 1, max: 60 }),
    fc.integer({ min: 1, max: 5 }),
    fc.boolean(),
  )
  fc.assert(
    fc.property(fc.array(change, { maxLength: 150 }), (changes) => {
      const { book, heard } = begin()
      for (const [side, price, lots, goes] of changes) {
        if (goes && book.count(side) > 0) book.remove(side, price % book.count(side), heard)
        else book.set(side, price, lots, heard)
      }
      for (const side of [0, 1] as const) {
        const own = Array.from({ length: book.count(side) }, (_, at) => [book.price(side, at), book.lots(side, at)])
        const told = [...heard.sides[side]].sort((a, b) => (side === 0 ? b[0] - a[0] : a[0] - b[0]))
        expect(own).toEqual(told)
      }
    }),
  )
})
