import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import { PaperSide } from '../../../../../hotpath/venues/paper/paper-side.ts'
import type { PriceTicks, QtyLots } from '../../../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../../../shared/units/time.ts'

const HALF_LIFE_NS = 1_000
const at = (ns: number): MonoNs => ns as MonoNs
const price = (ticks: number): PriceTicks => ticks as PriceTicks
const lots = (count: number): QtyLots => count as QtyLots

function openSide(terms: { side?: BookSide; lotStep?: number; halfLifeNs?: number } = {}): PaperSide {
  return new PaperSide(terms.side ?? BookSide.ask, terms.lotStep ?? 1, terms.halfLifeNs ?? HALF_LIFE_NS)
}

function levels(side: PaperSide, nowNs = 0): [number, number][] {
  return Array.from({ length: side.count }, (_, i) => [side.price(i), side.available(i, at(nowNs))])
}

describe('a background side', () => {
  test('keeps the best level last on both sides', () => {
    const bids = openSide({ side: BookSide.bid })
    const asks = openSide({ side: BookSide.ask })
    for (const side of [bids, asks]) for (const ticks of [5, 3, 4]) side.set(price(ticks), lots(ticks), at(0))
    expect(levels(bids).map(([ticks]) => ticks)).toEqual([3, 4, 5])
    expect(levels(asks).map(([ticks]) => ticks)).toEqual([5, 4, 3])
  })

  test('gives back half of what was taken every half-life, and never more than there was', () => {
    const side = openSide()
    side.set(price(10), lots(100), at(0))
    side.take(0, lots(80), at(0))
    expect(side.available(0, at(0))).toBe(20)
    expect(side.available(0, at(HALF_LIFE_NS))).toBe(60)
    expect(side.available(0, at(2 * HALF_LIFE_NS))).toBe(80)
    expect(side.available(0, at(20 * HALF_LIFE_NS))).toBe(100)
  })

  test('never gives anything back when the half-life is infinite, and all of it at once when it is zero', () => {
    const never = openSide({ halfLifeNs: Number.POSITIVE_INFINITY })
    const atOnce = openSide({ halfLifeNs: 0 })
    for (const side of [never, atOnce]) {
      side.set(price(10), lots(100), at(0))
      side.take(0, lots(80), at(0))
      expect(side.available(0, at(0))).toBe(20)
    }
    expect(never.available(0, at(1e15))).toBe(20)
    expect(atOnce.available(0, at(1))).toBe(100)
  })

  test('what was taken stays taken when the level grows or shrinks, up to all of it', () => {
    const side = openSide()
    side.set(price(10), lots(100), at(0))
    side.take(0, lots(80), at(0))
    side.set(price(10), lots(130), at(0))
    expect(side.available(0, at(0))).toBe(50)
    side.set(price(10), lots(60), at(0))
    expect(side.available(0, at(0))).toBe(0)
    side.set(price(10), lots(100), at(0))
    expect(side.available(0, at(0))).toBe(40)
  })

  test('a level that went and came back is fresh, and so is one the market traded through', () => {
    const side = openSide()
    side.set(price(10), lots(100), at(0))
    side.take(0, lots(80), at(0))
    side.set(price(10), lots(0), at(0))
    side.set(price(10), lots(100), at(0))
    expect(side.available(0, at(0))).toBe(100)
    side.take(0, lots(80), at(0))
    side.forgetTakenBetterThan(price(10))
    expect(side.available(0, at(0))).toBe(20)
    side.forgetTakenBetterThan(price(11))
    expect(side.available(0, at(0))).toBe(100)
  })

  test('shows whole lots of the venue only', () => {
    const side = openSide({ lotStep: 10 })
    side.set(price(10), lots(100), at(0))
    side.take(0, lots(50), at(0))
    expect(side.available(0, at(HALF_LIFE_NS))).toBe(70)
  })

  test('says whether anything is still coming back', () => {
    const side = openSide()
    side.set(price(10), lots(100), at(0))
    expect(side.isRefilling(at(0))).toBe(false)
    side.take(0, lots(64), at(0))
    expect(side.isRefilling(at(7 * HALF_LIFE_NS))).toBe(true)
    expect(side.isRefilling(at(8 * HALF_LIFE_NS))).toBe(false)
  })

  test('after any updates it is the same as a map of prices', () => {
    const update = fc.record({ ticks: fc.integer({ min: 1, max: 60 }), count: fc.integer({ min: 0, max: 5 }) })
    fc.assert(
      fc.property(fc.array(update, { maxLength: 200 }), fc.constantFrom(BookSide.bid, BookSide.ask), (updates, of) => {
        const side = openSide({ side: of })
        const map = new Map<number, number>()
        for (const { ticks, count } of updates) {
          side.set(price(ticks), lots(count), at(0))
          if (count === 0) map.delete(ticks)
          else map.set(ticks, count)
        }
        const sorted = [...map].sort(([a], [b]) => (of === BookSide.bid ? a - b : b - a))
        expect(levels(side)).toEqual(sorted)
        for (let ticks = 1; ticks <= 60; ticks++) {
          expect(side.availableAt(price(ticks), at(0))).toBe(map.get(ticks) ?? 0)
        }
      }),
      { numRuns: 200 },
    )
  })
})
