import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSide } from '../../../../hotpath/book/book-table.ts'
import { BookGrid } from '../../../../hotpath/marketdata/book-grid.ts'
import type { Instrument } from '../../../../shared/domain/instrument.ts'
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../shared/limits.ts'
import type { InstrumentIndex } from '../../../../shared/units/ids.ts'

const { bid, ask } = BookSide

function instrument(priceDigits: number, qtyDigits: number): Instrument {
  return { index: 0 as InstrumentIndex, symbol: 'A/B', base: 'A', quote: 'B', priceDigits, qtyDigits }
}

describe('a price', () => {
  test('on the grid is the same number of ticks, whatever digits it came with', () => {
    const grid = new BookGrid(instrument(2, 4), '1')
    for (const side of [bid, ask]) {
      expect(grid.ticks(6_412_345, 2, side)).toBe(6_412_345)
      expect(grid.ticks(64_123, 0, side)).toBe(6_412_300)
      expect(grid.ticks(641_234_500, 4, side)).toBe(6_412_345)
    }
  })

  test('between two ticks is a lower bid and a higher ask', () => {
    const grid = new BookGrid(instrument(2, 4), '1')
    expect(grid.ticks(100_009, 3, bid)).toBe(10_000)
    expect(grid.ticks(100_001, 3, ask)).toBe(10_001)
  })

  test('that is none, or beyond what a price may be, is left out', () => {
    const grid = new BookGrid(instrument(2, 4), '1')
    expect(grid.ticks(PRICE_TICKS_MAX, 2, bid)).toBe(PRICE_TICKS_MAX)
    expect(grid.ticks(PRICE_TICKS_MAX + 1, 2, ask)).toBe(0)
    expect(grid.ticks(PRICE_TICKS_MAX, 0, ask)).toBe(0)
    expect(grid.ticks(-500, 2, bid)).toBe(0)
    expect(grid.ticks(9, 3, bid)).toBe(0)
    expect(grid.ticks(0, 0, ask)).toBe(0)
  })

  test('is never better than the venue said', () => {
    const cases = fc.record({
      price: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      digits: fc.integer({ min: 0, max: 18 }),
      priceDigits: fc.integer({ min: 0, max: 12 }),
      side: fc.constantFrom(bid, ask),
    })
    fc.assert(
      fc.property(cases, ({ price, digits, priceDigits, side }) => {
        const top = BigInt(price) * 10n ** BigInt(priceDigits)
        const bottom = 10n ** BigInt(digits)
        const exact = side === bid ? top / bottom : (top + bottom - 1n) / bottom
        const ticks = new BookGrid(instrument(priceDigits, 4), '1').ticks(price, digits, side)
        expect(ticks).toBe(exact > BigInt(PRICE_TICKS_MAX) ? 0 : Number(exact))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a size', () => {
  test('is base, or contracts of their size', () => {
    expect(new BookGrid(instrument(1, 4), '1').lots(15, 1)).toBe(15_000)
    expect(new BookGrid(instrument(1, 3), '0.01').lots(7, 0)).toBe(70)
    expect(new BookGrid(instrument(1, 0), '1000').lots(5, 1)).toBe(500)
  })

  test('is rounded down, and bounded by what can be kept', () => {
    const grid = new BookGrid(instrument(2, 2), '1')
    expect(grid.lots(1_239, 3)).toBe(123)
    expect(grid.lots(9, 3)).toBe(0)
    expect(grid.lots(Number.MAX_SAFE_INTEGER, 0)).toBe(QTY_LOTS_MAX)
  })

  test('is never more lots than there are, nor much less', () => {
    const cases = fc.record({
      size: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      digits: fc.integer({ min: 0, max: 22 }),
      qtyDigits: fc.integer({ min: 0, max: 10 }),
      contract: fc.constantFrom('1', '0.001', '0.0001', '10', '0.1', '0.00025', '1000000'),
    })
    fc.assert(
      fc.property(cases, ({ size, digits, qtyDigits, contract }) => {
        const [whole, part = ''] = contract.split('.')
        const top = BigInt(size) * BigInt(whole + part) * 10n ** BigInt(qtyDigits)
        const exact = Number(top / 10n ** BigInt(digits + part.length))
        const lots = new BookGrid(instrument(2, qtyDigits), contract).lots(size, digits)
        expect(Number.isInteger(lots)).toBe(true)
        expect(lots).toBeLessThanOrEqual(exact)
        expect(lots).toBeLessThanOrEqual(QTY_LOTS_MAX)
        expect(Math.min(exact, QTY_LOTS_MAX) - lots).toBeLessThanOrEqual(1)
        const isExact = size * Number(whole + part) <= Number.MAX_SAFE_INTEGER
        if (isExact) expect(lots).toBe(Math.min(exact, QTY_LOTS_MAX))
      }),
      { numRuns: 3_000 },
    )
  })
})
