/** Several venues' lists on one grid. */
import { expect, test } from 'vitest'
import { type ListingVenue, venueTerms } from '../../../../../hotpath/venues/native/venue-terms.ts'
import { FeeSide } from '../../../../../shared/domain/instrument.ts'
import type { VenueIndex } from '../../../../../shared/units/ids.ts'
import { testSymbol } from './scripted-venue.ts'

function venue(index: number, change: Partial<typeof testSymbol> = {}): ListingVenue {
  const symbols = [{ ...testSymbol, ...change }]
  return { venue: index as VenueIndex, id: `v${index}`, symbols, makerPpm: 50, takerPpm: 60 }
}

test('the finest grid of all, each venue a multiple of it', () => {
  const terms = venueTerms(
    [venue(0), venue(1, { tickSize: '0.001', lotSize: '0.00001', quantityMin: '' })],
    ['BTC/USDT'],
  )
  expect(terms.instruments).toMatchObject([
    { symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', priceDigits: 3, qtyDigits: 5 },
  ])
  expect(terms.listings).toMatchObject([
    { venue: 0, tickStep: 50, lotStep: 100, lotsMin: 200, lotsMax: 1_000_000, notionalMin: 300_000_000 },
    { venue: 1, tickStep: 1, lotStep: 1, lotsMin: 1 },
  ])
  expect(terms.leftOut).toEqual([])
})

test("the account's rates, or the venue's own where the symbol tells none", () => {
  const told = venueTerms([venue(0)], ['BTC/USDT']).listings[0]
  expect([told.makerPpm, told.takerPpm, told.feeSide]).toEqual([200, 1_000, FeeSide.received])
  const { makerPpm, takerPpm, feeOnReceived, ...bare } = testSymbol
  expect([makerPpm, takerPpm, feeOnReceived]).toEqual([200, 1_000, true])
  const own = venueTerms([{ ...venue(0), symbols: [bare] }], ['BTC/USDT']).listings[0]
  expect([own.makerPpm, own.takerPpm, own.feeSide]).toEqual([50, 60, FeeSide.quote])
})

test('contracts become base lots', () => {
  const [listing] = venueTerms(
    [venue(0, { contractSize: '0.01', lotSize: '0.1', quantityMin: '1', quantityMax: '500' })],
    ['BTC/USDT'],
  ).listings
  expect(listing).toMatchObject({ lotStep: 1, lotsMin: 10, lotsMax: 5_000 })
})

test('what does not fit is left out, with the reason', () => {
  const prices = new Map([['BTC/USDT', '100000']])
  const terms = venueTerms(
    [venue(0), venue(1, { tickSize: '0.00000001' }), venue(2, { lotSize: '0' })],
    ['BTC/USDT'],
    prices,
  )
  expect(terms.listings.map(({ venue: index }) => index)).toEqual([0])
  expect(terms.leftOut.map(({ venue: id, why }) => [id, why])).toEqual([
    ['v1', 'a tick of 0.00000001 is too fine for its price'],
    ['v2', "lotSize '0' is no step"],
  ])
})

test('nobody lists it: no instrument', () => {
  expect(venueTerms([venue(0)], ['ETH/USDT']).instruments).toEqual([])
})
