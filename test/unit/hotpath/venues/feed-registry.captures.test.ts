import { expect, test } from 'vitest'
import { captureNameOf, feedVenueOf, feedVenues, feedVenuesOf } from '../../../../hotpath/venues/feed-registry.ts'

test('a recording of any venue is read as that venue and as no other', () => {
  for (const venue of feedVenues) {
    const name = captureNameOf(venue)
    expect(name).not.toBe('')
    expect([venue.id, feedVenuesOf(name)]).toEqual([venue.id, [venue]])
  }
})

test('names of captures stay as they are', () => {
  expect(captureNameOf(feedVenueOf('BINANCE')!)).toBe('BINANCE')
  expect(feedVenueOf('NOBODY')).toBeUndefined()
  expect(feedVenueOf('constructor')).toBeUndefined()
})
