import { expect, test } from 'vitest'
import type { CaptureEvent, CaptureKind } from '../../../../hotpath/marketdata/capture-file.ts'
import { eventsByVenue } from '../../../../hotpath/marketdata/capture-venues.ts'
import { feedVenuesOf } from '../../../../hotpath/venues/feed-registry.ts'

function event(kind: CaptureKind, connection: string, url = '', timeUs = 0): CaptureEvent {
  return { kind, connection, url, timeUs, bytes: new Uint8Array(0) }
}

test('connections and requests go to the venue whose address they have', () => {
  const events = [
    event('http', 'http', 'https://api/instruments-info?category=spot&limit=1'),
    event('connect', '1', 'wss://stream/v5/public/linear'),
    event('connect', '2', 'wss://stream/v5/public/spot'),
    event('recv', '1', '', 1),
    event('recv', '2', '', 2),
    event('recv', '1', '', 3),
  ]
  const parts = eventsByVenue(events, feedVenuesOf('BYBIT'))
  expect(parts.map(({ venue, events: own }) => [venue.id, own.map(({ kind, timeUs }) => `${kind} ${timeUs}`)])).toEqual(
    [
      ['bybit', ['http 0', 'connect 0', 'recv 2']],
      ['bybitlinear', ['connect 0', 'recv 1', 'recv 3']],
    ],
  )
})

test('a part without its beginning goes to one venue whole', () => {
  const parts = eventsByVenue([event('recv', '1'), event('recv', '2')], feedVenuesOf('BYBIT'))
  expect(parts.map(({ events }) => events.length)).toEqual([2])
})

test('one venue has everything', () => {
  const events = [event('recv', '1')]
  expect(eventsByVenue(events, feedVenuesOf('COINBASE'))).toEqual([{ venue: feedVenuesOf('COINBASE')[0], events }])
  expect(eventsByVenue(events, [])).toEqual([])
})
