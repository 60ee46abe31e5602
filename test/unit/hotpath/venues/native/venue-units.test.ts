/** Ticks and lots to the venue's words and back. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { venueTerms } from '../../../../../hotpath/venues/native/venue-terms.ts'
import { VenueUnits } from '../../../../../hotpath/venues/native/venue-units.ts'
import type { VenueIndex } from '../../../../../shared/units/ids.ts'
import { testSymbol } from './scripted-venue.ts'

function unitsOf(change: Partial<typeof testSymbol>): VenueUnits {
  const venue = 0 as VenueIndex
  const symbol = { ...testSymbol, ...change }
  const terms = venueTerms([{ venue, id: 'a', symbols: [symbol], makerPpm: 0, takerPpm: 0 }], [symbol.symbol])
  const [native] = terms.natives.get(venue) ?? []
  return new VenueUnits(native)
}

test('spot: decimals as they are, off the grid too (the venue refuses)', () => {
  const units = unitsOf({})
  expect([units.priceText(100_005), units.quantityText(1_500)]).toEqual(['1000.05', '1.5'])
  expect([units.ticksOf('1000.05000000'), units.lotsOf('1.50000000')]).toEqual([100_005, 1_500])
  expect(units.lotsOf('0.0005')).toBeLessThan(0)
  expect(units.lotsOf('-1')).toBeLessThan(0)
})

test('contracts of 0.001 BTC: lots are base, the venue is told contracts', () => {
  const units = unitsOf({ contractSize: '0.001', lotSize: '1', quantityMin: '1' })
  expect(units.instrument.qtyDigits).toBe(3)
  expect([units.quantityText(7), units.lotsOf('7')]).toEqual(['7', 7])
})

test('contracts of 10: ten base lots each, and what does not divide is refused', () => {
  const units = unitsOf({ contractSize: '10', lotSize: '1', quantityMin: '1' })
  expect(units.instrument.qtyDigits).toBe(0)
  expect([units.quantityText(50), units.lotsOf('5')]).toEqual(['5', 50])
  expect(units.quantityText(7)).toBe('')
})

test('there and back is the same', () => {
  const sizes = ['1', '0.001', '0.01', '10', '100', '0.0001', '2.5']
  fc.assert(
    fc.property(fc.constantFrom(...sizes), fc.integer({ min: 1, max: 1e9 }), (contractSize, steps) => {
      const units = unitsOf({ contractSize, lotSize: '0.1', quantityMin: '0.1', quantityMax: '' })
      const lots = steps * units.listing.lotStep
      expect(units.lotsOf(units.quantityText(lots))).toBe(lots)
    }),
  )
})
