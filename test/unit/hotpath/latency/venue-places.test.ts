import { expect, test } from 'vitest'
import { placeOf, venuePlaces } from '../../../../hotpath/latency/venue-places.ts'
import { feedVenues } from '../../../../hotpath/venues/feed-registry.ts'
import { orderDoors } from '../../../../hotpath/venues/order-registry.ts'
import { roster } from '../../../../hotpath/venues/paper/market/calibrated/roster.ts'

const ours = new Set([...feedVenues, ...roster].map(({ id }) => id).concat(...orderDoors.keys()))

test('every venue of our registries has a place, or is said to have none', () => {
  expect([...ours].filter((id) => !venuePlaces.has(id))).toEqual([])
})

test('no place is of a venue we do not know', () => {
  expect([...venuePlaces.keys()].filter((id) => !ours.has(id))).toEqual([])
})

test('an unknown place has no coordinates, the others do', () => {
  for (const { region, confidence } of venuePlaces.values()) {
    expect(region === undefined).toBe(confidence === 'unknown')
  }
})

test('what the venues themselves say', () => {
  expect(placeOf('bybit')).toMatchObject({ region: { city: 'Singapore' }, confidence: 'published' })
  expect(placeOf('deribit')).toMatchObject({ region: { city: 'Slough (London)' }, confidence: 'published' })
  expect(placeOf('a venue of tomorrow')).toEqual({ region: undefined, confidence: 'unknown' })
})
