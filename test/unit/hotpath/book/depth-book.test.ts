import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BookSide } from '../../../../hotpath/book/book-table.ts'
import { DepthBook, DepthSide } from '../../../../hotpath/book/depth-book.ts'

/** Worst first, as the side keeps them. */
const levels = (side: DepthSide) =>
  Array.from({ length: side.count }, (_, at) => [side.prices[at], side.sizes[at]] as [number, number])

/** The slow, obvious twin: a map that is sorted whenever it is looked at. */
class MapSide {
  #sizes = new Map<number, number>()
  readonly #sign: number
  readonly #max: number

  constructor(side: BookSide, max: number) {
    this.#sign = side === BookSide.bid ? 1 : -1
    this.#max = max
  }

  set(price: number, size: number): number {
    const better = this.levels().filter(([one]) => this.#sign * one > this.#sign * price).length
    if (size === 0) this.#sizes.delete(price)
    else this.#sizes.set(price, size)
    this.#keep(this.#max)
    return better
  }

  append(price: number, size: number): void {
    if (size > 0) this.set(price, size)
  }

  trim(count: number): void {
    this.#keep(count)
  }

  scale(priceFactor: number, sizeFactor: number): void {
    this.#sizes = new Map(this.levels().map(([price, size]) => [price * priceFactor, size * sizeFactor]))
  }

  clear(): void {
    this.#sizes.clear()
  }

  levels(): [number, number][] {
    return [...this.#sizes].sort((a, b) => this.#sign * (a[0] - b[0]))
  }

  #keep(count: number): void {
    const worst = this.levels().slice(0, -count || undefined)
    if (this.#sizes.size > count) for (const [price] of worst) this.#sizes.delete(price)
  }
}

const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('set' as const), price: fc.nat(60), size: fc.nat(4) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), price: fc.nat(60), size: fc.nat(4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), count: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('scale' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
)

test('a side is what a sorted map is, after any history', () => {
  const sides = fc.constantFrom(BookSide.bid, BookSide.ask)
  fc.assert(
    fc.property(sides, fc.constantFrom(1, 5, 17, 1_000), fc.array(step, { maxLength: 150 }), (side, max, history) => {
      const fast = new DepthSide(side, max)
      const slow = new MapSide(side, max)
      for (const one of history) {
        if (one.kind === 'set') expect(fast.set(one.price, one.size)).toBe(slow.set(one.price, one.size))
        else if (one.kind === 'append') {
          fast.append(one.price, one.size)
          slow.append(one.price, one.size)
        } else if (one.kind === 'trim') {
          fast.trim(one.count)
          slow.trim(one.count)
        } else if (one.kind === 'scale') {
          fast.scale(10, 100)
          slow.scale(10, 100)
        } else {
          fast.clear()
          slow.clear()
        }
        expect(levels(fast)).toEqual(slow.levels())
      }
      const best = slow.levels().at(-1) ?? [0, 0]
      expect([fast.bestPrice, fast.bestSize]).toEqual(best)
    }),
    { numRuns: 400 },
  )
})

test('a side grows to its bound and keeps the best', () => {
  const side = new DepthSide(BookSide.ask, 1_000)
  for (let price = 5_000; price >= 1; price--) side.set(price, price)
  expect(side.count).toBe(1_000)
  expect(levels(side)[0]).toEqual([1_000, 1_000])
  expect(side.bestPrice).toBe(1)
  side.set(2_000, 5)
  expect(side.count).toBe(1_000)
  side.append(2_000, 5)
  expect(side.prices[0]).toBe(1_000)
  side.append(0.5, 9)
  expect([side.count, side.bestPrice, side.prices[0]]).toEqual([1_000, 0.5, 999])
})

test('a finer grid keeps every level where it is', () => {
  const book = new DepthBook()
  book.bids.set(60_000, 2)
  book.asks.set(60_001, 3)
  expect(book.refine(2, 3)).toBe(true)
  expect(levels(book.bids)).toEqual([[6_000_000, 2_000]])
  expect(levels(book.asks)).toEqual([[6_000_100, 3_000]])
  expect([book.priceDigits, book.sizeDigits]).toEqual([2, 3])
  expect(book.refine(1, 1)).toBe(true)
  expect([book.priceDigits, book.sizeDigits]).toEqual([2, 3])
})

test('a grid too fine for its numbers is refused and changes nothing', () => {
  const book = new DepthBook()
  book.bids.set(60_000, 2)
  for (const digits of [12, 23, 100]) expect(book.refine(digits, 0)).toBe(false)
  expect(book.refine(0, 16)).toBe(false)
  expect(levels(book.bids)).toEqual([[60_000, 2]])
  expect([book.priceDigits, book.sizeDigits]).toEqual([0, 0])
  expect(book.refine(11, 15)).toBe(true)
  expect(levels(book.bids)).toEqual([[60_000e11, 2e15]])
})

test('a book that begins anew has the coarsest grid', () => {
  const book = new DepthBook()
  book.refine(22, 22)
  book.asks.set(1, 1)
  book.reset()
  expect([book.priceDigits, book.sizeDigits, book.asks.count]).toEqual([0, 0, 0])
  expect(book.refine(2, 2)).toBe(true)
})

test('crossed is a bid at or above an ask', () => {
  const book = new DepthBook()
  expect(book.isCrossed).toBe(false)
  book.bids.set(10, 1)
  expect(book.isCrossed).toBe(false)
  book.asks.set(11, 1)
  expect(book.isCrossed).toBe(false)
  book.bids.set(11, 1)
  expect(book.isCrossed).toBe(true)
})
