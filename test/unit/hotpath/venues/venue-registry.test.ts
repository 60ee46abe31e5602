import { expect, test } from 'vitest'
import type { VenueAdapter } from '../../../../hotpath/venues/venue-adapter.ts'
import { VenueRegistry } from '../../../../hotpath/venues/venue-registry.ts'
import type { VenueIndex } from '../../../../shared/units/ids.ts'
import { testVenue } from './paper/paper-world.ts'

function door(venue: number, isUp: boolean): VenueAdapter {
  const answer = (): boolean => isUp
  return {
    venue: venue as VenueIndex,
    isUp,
    place: answer,
    cancel: answer,
    query: answer,
    cancelAll: answer,
    reconcile: answer,
  }
}

test('venues are found by name and number, and counted when up', () => {
  const registry = new VenueRegistry([testVenue(0), testVenue(1)], [door(0, true), door(1, false)])
  expect(registry.find('venue1')).toBe(1)
  expect(registry.find('nowhere')).toBeUndefined()
  expect(registry.adapters[1].venue).toBe(1)
  expect(registry.upCount).toBe(1)
})

test('a door at the wrong number is our mistake', () => {
  expect(() => new VenueRegistry([testVenue(0), testVenue(1)], [door(1, true), door(0, true)])).toThrow(
    'order of their numbers',
  )
  expect(() => new VenueRegistry([testVenue(0)], [])).toThrow('one door')
})
