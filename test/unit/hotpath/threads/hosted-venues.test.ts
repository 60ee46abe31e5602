import { beforeEach, describe, expect, test } from 'vitest'
import { BookSide, BookState } from '../../../../hotpath/book/book-table.ts'
import { HostedVenues } from '../../../../hotpath/threads/hosted-venues.ts'
import type { Instrument } from '../../../../shared/domain/instrument.ts'
import type { InstrumentIndex, VenueIndex } from '../../../../shared/units/ids.ts'
import { ASK, BID, BUY, testOrder } from '../../../conformance/venue-conformance-bench.ts'
import { ScriptedMarket } from '../venues/paper/paper-world.ts'
import { HostedWorld } from './hosted-world.ts'

/** Theirs is venue 0, BTC/USDT instrument 0, on 2 and 4 digits. Ours: venue 3, instrument 1, on 4 and 5. */
const OURS = 3 as VenueIndex
const BTC = 1 as InstrumentIndex
const instruments: readonly Instrument[] = [
  { index: 0 as InstrumentIndex, symbol: 'ETH/USDT', base: 'ETH', quote: 'USDT', priceDigits: 2, qtyDigits: 4 },
  { index: BTC, symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', priceDigits: 4, qtyDigits: 5 },
]
const assets = ['ETH', 'USDT', 'BTC']
const TICKS = 100
const LOTS = 10

let world: HostedWorld
let hosted: HostedVenues

function order(side: typeof BUY, ticks: number, lots: number, more: Parameters<typeof testOrder>[3] = {}) {
  const child = testOrder(side, ticks * TICKS, lots * LOTS, more)
  child.instrument = BTC
  world.instruments.set(child.parentSequence, BTC)
  return child
}

beforeEach(() => {
  world = new HostedWorld({ venues: 5, instruments: 2 }, new ScriptedMarket())
  hosted = new HostedVenues(world.link, world.link.market!, { venues: [OURS], instruments, assets })
  hosted.attach(world.hooks)
  world.market.update([
    [ASK, 6_000_000, 100],
    [ASK, 6_000_500, 200],
    [BID, 5_999_000, 50],
  ])
  world.pass(100)
})

describe('books', () => {
  test('are told on our grid, at our venue and instrument', () => {
    expect(world.news).toEqual(['up 3'])
    expect(world.levels(3, 1, BookSide.ask)).toEqual([
      [600_000_000, 1_000],
      [600_050_000, 2_000],
    ])
    expect(world.levels(3, 1, BookSide.bid)).toEqual([[599_900_000, 500]])
    expect(world.books.state(world.books.row(BTC, OURS))).toBe(BookState.live)
    for (const venue of [0, 1, 2, 4]) expect(world.levels(venue, 1, BookSide.ask)).toEqual([])
    expect(world.levels(3, 0, BookSide.ask)).toEqual([])
    expect(world.warnings).toBeGreaterThan(0)
  })

  test('follow, and are stale once the process is gone, until it is back', () => {
    const row = world.books.row(BTC, OURS)
    world.market.update([[ASK, 6_000_000, 0]])
    world.pass(20)
    expect(world.levels(3, 1, BookSide.ask)[0]).toEqual([600_050_000, 2_000])
    const { warnings } = world
    world.cut()
    world.pass(1)
    expect(world.books.state(row)).toBe(BookState.stale)
    expect(world.warnings).toBeGreaterThan(warnings)
    world.pass(100)
    expect(world.books.state(row)).toBe(BookState.live)
    expect(world.news).toEqual(['up 3', 'down 3', 'up 3'])
  })

  test('one is told anew when it is asked for; of nobody else', () => {
    expect(hosted.renewBook(OURS, BTC)).toBe(true)
    expect(hosted.renewBook(0 as VenueIndex, BTC)).toBe(false)
    expect(hosted.renewBook(OURS, 0 as InstrumentIndex)).toBe(false)
  })
})

describe('orders', () => {
  test('arrive in their numbers and are reported in ours, exactly', () => {
    expect(hosted.adapters[0].venue).toBe(OURS)
    expect(hosted.adapters[0].place(order(BUY, 6_000_500, 260, { tif: 'ioc' }))).toBe(true)
    hosted.flush()
    world.pass(200)
    const told = world.reports.filter(({ kind }) => kind !== 'balance')
    expect(told.map(({ kind, venue }) => [kind, venue])).toEqual([
      ['accepted', 3],
      ['fill', 3],
      ['fill', 3],
    ])
    const fills = told.filter(({ kind }) => kind === 'fill')
    expect(fills.map(({ lots, price, filled }) => [lots, price, filled])).toEqual([
      [1_000, 600_000_000, 1_000],
      [1_600, 600_050_000, 2_600],
    ])
    // 0.1 % of 0.01 BTC at 60,000, in units of 10^-8 USDT as everywhere.
    expect(fills[0].fee).toBe(60_000_000)
  })

  test('rest, are asked about and canceled by the same name', () => {
    const adapter = hosted.adapters[0]
    adapter.place(order(BUY, 5_998_000, 60, { parent: 9 }))
    world.pass(100)
    adapter.query(1, 9, 1)
    world.pass(100)
    adapter.cancel(1, 9, 1)
    world.pass(100)
    const told = world.reports.filter(({ parent }) => parent === 9)
    expect(told.map(({ kind }) => kind)).toEqual(['accepted', 'status', 'canceled'])
    expect(told[1]).toMatchObject({ isOpen: true, lots: 600 })
    expect(told[2]).toMatchObject({ lots: 600, filled: 0 })
  })

  test('between two of their steps are not sent', () => {
    const child = order(BUY, 5_998_000, 60)
    child.lots = (child.lots + 1) as typeof child.lots
    expect(hosted.adapters[0].place(child)).toBe(false)
    const off = order(BUY, 5_998_000, 60)
    off.limitTicks = (off.limitTicks + 1) as typeof off.limitTicks
    expect(hosted.adapters[0].place(off)).toBe(false)
    const other = order(BUY, 5_998_000, 60)
    other.instrument = 0 as InstrumentIndex
    expect(hosted.adapters[0].place(other)).toBe(false)
    expect(hosted.adapters[0].replace(child)).toBe(false)
  })

  test('of an earlier life are told as they are: whoever reads them knows no such order', () => {
    const adapter = hosted.adapters[0]
    adapter.place(order(BUY, 5_998_000, 60, { parent: 77 }))
    world.pass(100)
    world.instruments.clear()
    world.reports.length = 0
    adapter.reconcile(0)
    world.pass(100)
    expect(world.reports.find(({ parent }) => parent === 77)).toMatchObject({ kind: 'status', venue: 3, isOpen: true })
    expect(world.reports.at(-1)).toMatchObject({ kind: 'reconciled', venue: 3 })
  })
})

test('balances are told by our assets', () => {
  hosted.adapters[0].reconcile(0)
  world.pass(100)
  const balances = world.reports.filter(({ kind }) => kind === 'balance')
  expect(new Set(balances.map(({ asset }) => assets[asset ?? -1]))).toEqual(new Set(['BTC', 'USDT']))
  expect(balances.every(({ venue }) => venue === OURS)).toBe(true)
})

test('an asset that nobody here trades is left out', () => {
  const lonely = new HostedWorld({ venues: 5, instruments: 2 }, new ScriptedMarket())
  const venues = new HostedVenues(lonely.link, lonely.link.market!, {
    venues: [OURS],
    instruments,
    assets: ['ETH', 'USDT'],
  })
  venues.attach(lonely.hooks)
  venues.adapters[0].reconcile(0)
  lonely.pass(100)
  const told = lonely.reports.filter(({ kind }) => kind === 'balance')
  expect(told.map(({ asset }) => asset)).toEqual([1])
})

test('a grid that is finer than ours takes only what it can say', () => {
  const coarse = instruments.map((one) => ({ ...one, priceDigits: 1, qtyDigits: 3 }))
  const lonely = new HostedWorld({ venues: 5, instruments: 2 }, new ScriptedMarket())
  const venues = new HostedVenues(lonely.link, lonely.link.market!, { venues: [OURS], instruments: coarse, assets })
  venues.attach(lonely.hooks)
  lonely.market.update([[ASK, 6_000_000, 100]])
  lonely.pass(100)
  expect(lonely.levels(3, 1, BookSide.ask)).toEqual([[600_000, 10]])
})
