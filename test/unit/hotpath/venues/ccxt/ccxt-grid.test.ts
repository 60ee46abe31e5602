import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CcxtGrid } from '../../../../../hotpath/venues/ccxt/ccxt-grid.ts'
import { PRICE_TICKS_MAX } from '../../../../../shared/limits.ts'
import { formatDecimal, type PriceTicks } from '../../../../../shared/units/ticks.ts'
import { spot } from './scripted-ccxt.ts'

const grid = new CcxtGrid(spot)
const contracts = new CcxtGrid({
  ...spot,
  instrument: { ...spot.instrument, qtyDigits: 3 },
  symbol: { ...spot.symbol, lotSize: '1', contractSize: '0.01' },
})

describe('doubles become ticks and lots', () => {
  test('exactly, or not at all', () => {
    expect(grid.ticks(20_000.51)).toBe(2_000_051)
    expect(grid.ticks(0.1 + 0.2)).toBe(-1)
    expect(grid.ticks(20_000.511)).toBe(-1)
    expect(grid.ticks(undefined)).toBe(-1)
    expect(grid.ticks(Number.NaN)).toBe(-1)
    expect(grid.ticks(-1)).toBe(-1)
    expect(grid.ticks(PRICE_TICKS_MAX)).toBe(-1)
    expect(grid.lots(0.0003)).toBe(3)
    expect(grid.lots(0.00031)).toBe(-1)
    expect(grid.lots(1e-7)).toBe(-1)
    expect(grid.lots(undefined)).toBe(-1)
  })

  test('what a book shows is cut to whole lots', () => {
    expect(grid.floorLots(0.00039)).toBe(3)
    expect(grid.floorLots(0.0003)).toBe(3)
    expect(grid.floorLots(1e-9)).toBe(0)
    expect(grid.floorLots(Number.NaN)).toBe(-1)
    expect(grid.floorLots(1e300)).toBe(2 ** 44 - 1)
  })

  test('contracts have a size', () => {
    expect(contracts.lots(7)).toBe(70)
    expect(contracts.floorLots(7)).toBe(70)
    expect(contracts.units.quantityText(70)).toBe('7')
    expect(contracts.units.quantityText(75)).toBe('')
  })

  test('whatever is on the grid comes back from the double of its text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: PRICE_TICKS_MAX }), fc.integer({ min: 1, max: 2 ** 40 }), (ticks, lots) => {
        expect(grid.ticks(Number(formatDecimal(ticks as PriceTicks, 2)))).toBe(ticks)
        expect(grid.lots(Number(formatDecimal(lots, 4)))).toBe(lots)
        expect(grid.floorLots(Number(formatDecimal(lots, 4)))).toBe(lots)
      }),
    )
  })
})
