/** One listed instrument in all its words, and kept books made by hand. */
import { KeptBook } from '../../../../hotpath/marketdata/book-keeper.ts'
import type { VenueSymbol } from '../../../../hotpath/venues/native/order-dialect.ts'
import { venueTerms } from '../../../../hotpath/venues/native/venue-terms.ts'
import type { NativeListing } from '../../../../hotpath/venues/native/venue-units.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'

export function listedSymbol(facts: Partial<VenueSymbol> = {}): VenueSymbol {
  return {
    name: 'BTCUSDT',
    symbol: 'BTC/USDT',
    base: 'BTC',
    quote: 'USDT',
    tickSize: '0.01',
    lotSize: '0.0001',
    quantityMin: '',
    quantityMax: '',
    notionalMin: '',
    contractSize: '1',
    ...facts,
  }
}

/** Listings of one symbol at venues 0, 1, ... in the order of these facts. */
export function nativeListings(...facts: readonly Partial<VenueSymbol>[]): readonly NativeListing[] {
  const venues = facts.map((fact, at) => ({
    venue: at as VenueIndex,
    id: `venue${at}`,
    symbols: [listedSymbol(fact)],
    makerPpm: 1_000,
    takerPpm: 1_000,
  }))
  const { natives } = venueTerms(venues, [
    ...new Set(venues.flatMap(({ symbols }) => symbols.map(({ symbol }) => symbol))),
  ])
  return [...natives.values()].flat()
}

export type PlainLevel = readonly [price: number, size: number]

/** A whole book on the grid of 10^-priceDigits and 10^-sizeDigits; levels in those steps. */
export function keptBook(
  levels: { readonly bids?: readonly PlainLevel[]; readonly asks?: readonly PlainLevel[] },
  priceDigits = 2,
  sizeDigits = 4,
): KeptBook {
  const book = new KeptBook()
  book.depth.refine(priceDigits, sizeDigits)
  for (const [price, size] of levels.bids ?? []) book.depth.bids.set(price, size)
  for (const [price, size] of levels.asks ?? []) book.depth.asks.set(price, size)
  return book
}
