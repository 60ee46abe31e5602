import { expect, test } from 'vitest'
import { BookSide } from '../../../../hotpath/book/book-table.ts'
import { MarketTeller, TOLD_LEVELS } from '../../../../hotpath/marketdata/market-teller.ts'
import { TradeMessage } from '../../../../hotpath/venues/feed/feed-message.ts'
import type { MarketSink } from '../../../../hotpath/venues/paper/market-source.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { keptBook, nativeListings } from './listed.ts'

const V0 = 0 as VenueIndex
const V1 = 1 as VenueIndex
const BTC = 0 as InstrumentIndex

function world() {
  const told: string[] = []
  const sink: MarketSink = {
    onLevel: (venue, _instrument, side, price, lots) =>
      told.push(`${venue} ${side === BookSide.bid ? 'bid' : 'ask'} ${price} ${lots}`),
    onUpdateEnd: (venue) => told.push(`${venue} end`),
    onTrade: (venue, _instrument, aggressor, price, lots) => told.push(`${venue} trade ${aggressor} ${price} ${lots}`),
    onClear: (venue) => told.push(`${venue} clear`),
  }
  // The second venue counts contracts of 0.001 and has the finer tick.
  const teller = new MarketTeller(nativeListings({}, { tickSize: '0.001', lotSize: '1', contractSize: '0.001' }), 1)
  teller.sink = sink
  const heard = (): string[] => told.splice(0)
  return { teller, heard }
}

function trade(facts: Partial<TradeMessage>): TradeMessage {
  return Object.assign(new TradeMessage(), {
    price: 10_005,
    priceFraction: 2,
    size: 3,
    sizeFraction: 1,
    aggressor: 1,
    ...facts,
  })
}

test('books of venues of different grids and sizes are told on one', () => {
  const { teller, heard } = world()
  teller.onBook(V0, BTC, keptBook({ bids: [[10_000, 20_000]], asks: [[10_001, 5_000]] }))
  expect(heard()).toEqual(['0 bid 100000 20000', '0 ask 100010 5000', '0 end'])
  teller.onBook(V1, BTC, keptBook({ bids: [[100_001, 7]] }, 3, 0))
  expect(heard()).toEqual(['1 bid 100001 70', '1 end'])
})

test('a book that did not change is not told, and ends no update', () => {
  const { teller, heard } = world()
  const book = keptBook({ bids: [[10_000, 20_000]] })
  teller.onBook(V0, BTC, book)
  heard()
  const { told } = teller
  teller.onBook(V0, BTC, book)
  expect(heard()).toEqual([])
  expect(teller.told).toBe(told)
})

test('a lost book is cleared there, alone, and told from the start when it is back', () => {
  const { teller, heard } = world()
  const book = keptBook({ bids: [[10_000, 20_000]] })
  teller.onBook(V0, BTC, book)
  teller.onBook(V1, BTC, keptBook({ bids: [[10_000, 20_000]] }, 2, 0))
  heard()
  teller.onBookLost(V0, BTC)
  expect(heard()).toEqual(['0 clear', '0 end'])
  teller.onBook(V0, BTC, book)
  expect(heard()).toEqual(['0 bid 100000 20000', '0 end'])
})

test('only the best levels are told', () => {
  const { teller, heard } = world()
  const bids = Array.from({ length: TOLD_LEVELS + 40 }, (_, at): [number, number] => [10_000 - at, 100])
  teller.onBook(V0, BTC, keptBook({ bids }))
  const told = heard()
  expect(told).toHaveLength(TOLD_LEVELS + 1)
  expect(told[0]).toBe('0 bid 100000 100')
  expect(told.at(-2)).toBe(`0 bid ${(10_000 - TOLD_LEVELS + 1) * 10} 100`)
})

test('trades are told with who took; what is no trade on our grid is not', () => {
  const { teller, heard } = world()
  teller.onTrade(V0, BTC, trade({}))
  teller.onTrade(V1, BTC, trade({ aggressor: 2, size: 4, sizeFraction: 0 }))
  expect(heard()).toEqual(['0 trade 1 100050 3000', '1 trade 2 100050 40'])
  teller.onTrade(V0, BTC, trade({ size: 1, sizeFraction: 9 }))
  teller.onTrade(V0, BTC, trade({ isHistory: true }))
  teller.onTrade(V0, BTC, trade({ price: 0 }))
  teller.onTrade(V0, BTC, trade({ price: Number.MAX_SAFE_INTEGER }))
  expect(heard()).toEqual([])
})

test('what nobody listed, and what comes before anybody listens, is left out', () => {
  const { teller, heard } = world()
  teller.onBook(9 as VenueIndex, BTC, keptBook({ bids: [[1, 1]] }))
  teller.onTrade(9 as VenueIndex, BTC, trade({}))
  expect(heard()).toEqual([])
  teller.sink = undefined
  teller.onBook(V0, BTC, keptBook({ bids: [[10_000, 20_000]] }))
  teller.onTrade(V0, BTC, trade({}))
  expect(teller.told).toBe(0)
})
