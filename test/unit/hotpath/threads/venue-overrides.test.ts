import { expect, test } from 'vitest'
import { withVenueOverrides } from '../../../../hotpath/threads/venue-overrides.ts'
import type { Listing } from '../../../../shared/domain/instrument.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'

const venue = (index: number, id: string) => ({
  index: index as VenueIndex,
  id,
  name: id,
  ordersPerSecond: 10,
  ordersBurst: 20,
})
const market = {
  venues: [venue(0, 'kraken'), venue(1, 'binance')],
  instruments: [],
  listings: [0, 1].map((at) => ({ venue: at, takerPpm: 1_000, makerPpm: 500 }) as Listing),
}

test('only what is said is changed, and only of that venue', () => {
  const { venues, listings } = withVenueOverrides(market, { binance: { takerPpm: 0, ordersBurst: 5 } } as never)
  expect(venues).toEqual([market.venues[0], { ...market.venues[1], ordersBurst: 5 }])
  expect(listings).toEqual([market.listings[0], { ...market.listings[1], takerPpm: 0 }])
})

test('a disabled venue lists nothing and keeps its place', () => {
  const { venues, listings } = withVenueOverrides(market, { kraken: { disabled: true } } as never)
  expect([venues.length, listings.map(({ venue: at }) => at)]).toEqual([2, [1]])
})

test('a venue that is not there is said', () => {
  expect(() => withVenueOverrides(market, { nowhere: {} } as never)).toThrow('venues.nowhere')
})
