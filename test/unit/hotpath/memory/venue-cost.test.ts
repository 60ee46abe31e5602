import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openVenueCost, type VenueCost } from '../../../../hotpath/memory/venue-cost.ts'

const kinds = ['typescript', 'wasm simd'] as const

interface Level {
  readonly price: number
  readonly lots: number
}

function fill(block: VenueCost, books: readonly (readonly Level[])[]): void {
  for (const [venue, levels] of books.entries()) {
    for (const [level, { price, lots }] of levels.entries()) {
      block.prices[level * block.stride + venue] = price
      block.lots[level * block.stride + venue] = lots
    }
  }
}

test.each(kinds)('%s: three venues worked out by hand', (kind) => {
  const block = openVenueCost({ venues: 3, levels: 2 }, kind)
  expect(block.kind).toBe(kind)
  fill(block, [
    [
      { price: 100, lots: 5 },
      { price: 101, lots: 5 },
    ],
    [{ price: 99, lots: 3 }],
    [],
  ])
  block.factors[0] = 1.5
  block.fixed[0] = 7
  block.price(7)
  expect([...block.notionals.subarray(0, 3)]).toEqual([702, 297, 0])
  expect([...block.costs.subarray(0, 3)]).toEqual([1_060, 297, 0])
  expect([...block.missing.subarray(0, 3)]).toEqual([0, 4, 7])
  block.price(0)
  expect([...block.notionals.subarray(0, 3)]).toEqual([0, 0, 0])
  expect([...block.costs.subarray(0, 3)]).toEqual([7, 0, 0])
})

test('a block without venues or levels is refused', () => {
  expect(() => openVenueCost({ venues: 0, levels: 2 })).toThrow('venues and levels')
  expect(() => openVenueCost({ venues: 64, levels: 1e6 })).toThrow('small')
})

const level = fc.record({
  price: fc.oneof(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.double({ min: 0, max: 1e9, noNaN: true })),
  lots: fc.oneof(fc.integer({ min: 0, max: 2 ** 44 }), fc.nat(100), fc.constantFrom(0, 2 ** -1074, 2 ** -1022, 0.1)),
})
const books = fc.array(fc.array(level, { maxLength: 12 }), { minLength: 1, maxLength: 20 })
const wanted = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 44 }), fc.double({ min: 0, max: 1e6, noNaN: true }))

/** The plain walk down one book, for comparison. */
function walk(levels: readonly Level[], asked: number): { notional: number; left: number } {
  let [notional, left] = [0, asked]
  for (const { price, lots } of levels) {
    const take = Math.min(left, lots)
    notional += price * take
    left -= take
  }
  return { notional, left }
}

function bitsOf(block: VenueCost): BigUint64Array[] {
  return [block.notionals, block.costs, block.missing].map((column) => new BigUint64Array(column.slice().buffer))
}

test('both give the same bits, which are those of a plain walk', () => {
  fc.assert(
    fc.property(
      books,
      wanted,
      fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1 }),
      (all, lots, terms) => {
        const [one, two] = kinds.map((kind) => {
          const block = openVenueCost({ venues: all.length, levels: 12 }, kind)
          fill(block, all)
          for (let venue = 0; venue < all.length; venue++) {
            block.factors[venue] = terms[venue % terms.length]
            block.fixed[venue] = terms[(venue * 3) % terms.length]
          }
          block.price(lots)
          return block
        })
        expect(bitsOf(two)).toEqual(bitsOf(one))
        for (const [venue, levels] of all.entries()) {
          const { notional, left } = walk(levels, lots)
          expect([two.notionals[venue], two.missing[venue]]).toEqual([notional, left])
          expect(two.costs[venue]).toBe(notional * two.factors[venue] + two.fixed[venue])
        }
      },
    ),
  )
})

test('more lots never cost less', () => {
  fc.assert(
    fc.property(books, fc.nat(1_000), fc.nat(1_000), (all, some, more) => {
      const block = openVenueCost({ venues: all.length, levels: 12 })
      fill(block, all)
      block.price(some)
      const before = block.notionals.slice()
      block.price(some + more)
      for (const [venue, notional] of block.notionals.entries()) expect(notional).toBeGreaterThanOrEqual(before[venue])
    }),
  )
})
