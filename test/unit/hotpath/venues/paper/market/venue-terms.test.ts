import { expect, test } from 'vitest'
import {
  feesOf,
  hasDeclaredFees,
  recordedListing,
  roundTripOf,
  venueLatency,
  venueRow,
} from '../../../../../../hotpath/venues/paper/market/venue-terms.ts'
import { FeeSide } from '../../../../../../shared/domain/instrument.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../../../shared/units/ids.ts'

test('declared fees are used, assumed ones are known to be assumed', () => {
  expect(feesOf('bitfinex')).toMatchObject({ makerPpm: 1_000, takerPpm: 2_000 })
  expect(feesOf('binanceusdm')).toMatchObject({ makerPpm: 200, takerPpm: 500 })
  expect(feesOf('bittrex')).toMatchObject({ takerPpm: 2_500 })
  expect(feesOf('nobody-knows')).toMatchObject({ name: 'nobody-knows', takerPpm: 2_000 })
  expect([hasDeclaredFees('bitfinex'), hasDeclaredFees('bittrex'), hasDeclaredFees('nobody-knows')]).toEqual([
    true,
    false,
    false,
  ])
})

test('latency is one way: half of a round trip, measured or of the region', () => {
  expect(venueLatency('gate')).toEqual({ medianNs: 20e6, p99Ns: 105e6 })
  expect(roundTripOf('bitstamp').medianMs).toBeGreaterThan(roundTripOf('gate').medianMs)
  expect(venueLatency('nobody-knows').p99Ns).toBeGreaterThan(venueLatency('nobody-knows').medianNs)
})

test('a row and a listing of any venue', () => {
  expect(venueRow('binance', 3 as VenueIndex)).toEqual({
    index: 3,
    id: 'binance',
    name: 'Binance',
    ordersPerSecond: 20,
    ordersBurst: 100,
  })
  expect(recordedListing('binance', 0 as VenueIndex, 1 as InstrumentIndex)).toMatchObject({
    instrument: 1,
    lotStep: 1,
    feeSide: FeeSide.received,
    notionalMin: 0,
  })
})
