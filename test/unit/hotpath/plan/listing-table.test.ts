import { expect, test } from 'vitest'
import { ListingTable } from '../../../../hotpath/plan/listing-table.ts'
import { FeeSide, type Listing } from '../../../../shared/domain/instrument.ts'
import { Side } from '../../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'

const terms = { tickStep: 5, lotStep: 10, lotsMin: 20, lotsMax: 1_000, notionalMin: 7, makerPpm: 100, childCost: 3 }
const venue = (index: number) => ({
  index: index as VenueIndex,
  id: `v${index}`,
  name: `V${index}`,
  ordersPerSecond: 1,
  ordersBurst: 1,
})

function table(takerPpm: number, feeSide: Listing['feeSide']): ListingTable {
  return new ListingTable({
    venues: [venue(0), venue(1)],
    instruments: [
      { index: 0 as InstrumentIndex, symbol: 'ETH/BTC', base: 'ETH', quote: 'BTC', priceDigits: 5, qtyDigits: 3 },
      { index: 1 as InstrumentIndex, symbol: 'BTC/USD', base: 'BTC', quote: 'USD', priceDigits: 2, qtyDigits: 8 },
    ],
    listings: [{ ...terms, venue: 1, instrument: 1, takerPpm, feeSide } as never],
  })
}

test('a row per (instrument, venue); what is not listed is not listed', () => {
  const listings = table(1_000, FeeSide.quote)
  expect([...listings.isListed]).toEqual([0, 0, 0, 1])
  const row = listings.row(1 as InstrumentIndex, 1 as VenueIndex)
  expect([listings.tickStep(row), listings.lotStep(row), listings.notionalMin(row)]).toEqual([5, 10, 7])
})

test('a fee in quote scales the price; a fee in what a buy brings in makes the rest dearer', () => {
  const row = 3
  const inQuote = table(1_000, FeeSide.quote)
  expect([inQuote.feeFactor(row, Side.buy), inQuote.feeFactor(row, Side.sell)]).toEqual([1_001_000, 999_000])
  const received = table(1_000, FeeSide.received)
  expect(received.feeFactor(row, Side.buy)).toBeCloseTo(1e6 / 0.999, 6)
  expect(received.feeFactor(row, Side.sell)).toBe(999_000)
  expect(table(-200, FeeSide.quote).feeFactor(row, Side.buy)).toBe(999_800)
})

test('assets have one row each, and units that turn ticks x lots into 1e-8 of an asset', () => {
  const listings = table(0, FeeSide.quote)
  expect(listings.assets).toEqual(['BTC', 'ETH', 'USD'])
  expect([...listings.baseAsset, ...listings.quoteAsset]).toEqual([1, 0, 0, 2])
  // 1 tick x 1 lot of ETH/BTC is 1e-8 BTC; of BTC/USD 1e-10 USD.
  expect([...listings.quoteUnitsPerNotional]).toEqual([1, 0.01])
  expect([...listings.baseUnitsPerLot]).toEqual([1e5, 1])
})
