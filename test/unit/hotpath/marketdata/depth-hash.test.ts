import fc from 'fast-check'
import { expect, test } from 'vitest'
import { depthHash } from '../../../../hotpath/marketdata/depth-hash.ts'
import { keptBook, type PlainLevel } from './listed.ts'

const book = {
  bids: [
    [100, 5],
    [99, 6],
  ],
  asks: [[101, 7]],
} as const

test('equal books have equal hashes, on whatever grid they are', () => {
  const hash = depthHash(keptBook(book).depth)
  expect(hash).toMatch(/^[0-9a-f]{16}$/)
  const finer = keptBook(book)
  finer.depth.refine(7, 9)
  expect(depthHash(finer.depth)).toBe(hash)
  const grown = keptBook({})
  grown.depth.asks.set(101, 9)
  grown.depth.asks.set(102, 1)
  grown.depth.bids.set(99, 6)
  grown.depth.bids.set(100, 5)
  grown.depth.asks.set(102, 0)
  grown.depth.asks.set(101, 7)
  expect(depthHash(grown.depth)).toBe(hash)
})

test('a level more, less, elsewhere, on the other side or of another size is another hash', () => {
  const others = [
    {},
    { bids: book.bids },
    { asks: book.asks },
    { bids: [[100, 5]], asks: [[101, 7]] },
    {
      bids: [
        [100, 5],
        [99, 7],
      ],
      asks: [[101, 7]],
    },
    {
      bids: [
        [100, 5],
        [98, 6],
      ],
      asks: [[101, 7]],
    },
    {
      bids: [[100, 5]],
      asks: [
        [99, 6],
        [101, 7],
      ],
    },
    {
      bids: [[101, 7]],
      asks: [
        [100, 5],
        [99, 6],
      ],
    },
  ] as { bids?: PlainLevel[]; asks?: PlainLevel[] }[]
  const hashes = [book, ...others].map((one) => depthHash(keptBook(one).depth))
  expect(new Set(hashes).size).toBe(hashes.length)
})

test('random books: equal hashes exactly when the levels are equal', () => {
  const side = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 3 })), { maxLength: 4 })
  const plain = (levels: readonly PlainLevel[]) => JSON.stringify([...new Map(levels)].sort(([a], [b]) => a - b))
  fc.assert(
    fc.property(side, side, side, side, (bids, asks, otherBids, otherAsks) => {
      const isEqual = plain(bids) === plain(otherBids) && plain(asks) === plain(otherAsks)
      const one = keptBook({ bids, asks }, 2, 4)
      const other = keptBook(
        { bids: otherBids.map(([p, s]) => [p * 10, s * 100]), asks: otherAsks.map(([p, s]) => [p * 10, s * 100]) },
        3,
        6,
      )
      expect(depthHash(one.depth) === depthHash(other.depth)).toBe(isEqual)
    }),
    { numRuns: 300 },
  )
})
