/** Two venues, two instruments, a few levels: what a gateway needs to stand on in tests and benches. */
import { createHmac } from 'node:crypto'
import { BookSide, BookTable } from '../../../hotpath/book/book-table.ts'
import { ListingTable } from '../../../hotpath/plan/listing-table.ts'
import type { Clock } from '../../../shared/clock.ts'
import { type Account, Permission, Secret } from '../../../shared/config/account.ts'
import { FeeSide } from '../../../shared/domain/instrument.ts'
import type { AccountIndex, InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../shared/units/ticks.ts'
import { type EpochUs, type MonoNs, NS_PER_US } from '../../../shared/units/time.ts'

export const START_US = 1_700_000_000_000_000 as EpochUs

/** A clock that stands still. */
export function fixedClock(nowUs: EpochUs): Clock {
  return { monoNs: () => 0 as MonoNs, epochUs: () => nowUs }
}

/** A clock that is moved by hand. */
export class HandClock implements Clock {
  #ns = 1_000_000_000

  monoNs(): MonoNs {
    return this.#ns as MonoNs
  }

  epochUs(): EpochUs {
    return (START_US + this.#ns / NS_PER_US) as EpochUs
  }

  advance(ns: number): void {
    this.#ns += ns
  }
}

export function smallListings(): ListingTable {
  const venue = (index: number, id: string) => ({
    index: index as VenueIndex,
    id,
    name: id.toUpperCase(),
    ordersPerSecond: 100,
    ordersBurst: 100,
  })
  const instrument = (index: number, base: string, quote: string, priceDigits: number, qtyDigits: number) => ({
    index: index as InstrumentIndex,
    symbol: `${base}/${quote}`,
    base,
    quote,
    priceDigits,
    qtyDigits,
  })
  const listing = (venueIndex: number, instrumentIndex: number) => ({
    venue: venueIndex as VenueIndex,
    instrument: instrumentIndex as InstrumentIndex,
    tickStep: 1 as PriceTicks,
    lotStep: 1 as QtyLots,
    lotsMin: 1 as QtyLots,
    lotsMax: 1_000_000_000 as QtyLots,
    notionalMin: 0,
    takerPpm: 1_000 as RatePpm,
    makerPpm: 500 as RatePpm,
    feeSide: FeeSide.quote,
    childCost: 0,
  })
  return new ListingTable({
    venues: [venue(0, 'alpha'), venue(1, 'beta')],
    instruments: [instrument(0, 'BTC', 'USDT', 2, 5), instrument(1, 'ETH', 'BTC', 6, 4)],
    listings: [listing(0, 0), listing(1, 0), listing(1, 1)],
  })
}

/** BTC/USDT: alpha 63,999 x 64,001, beta 63,998 x 64,000.5; ETH/BTC: nothing. */
export function smallBooks(nowNs: MonoNs): BookTable {
  const books = new BookTable({ venues: 2, instruments: 2, levelsMax: 8 })
  const btc = 0 as InstrumentIndex
  const set = (venue: number, side: BookSide, price: number, lots: number): void => {
    books.setLevel(books.row(btc, venue as VenueIndex), side, price as PriceTicks, lots as QtyLots)
  }
  set(0, BookSide.bid, 6_399_900, 150_000)
  set(0, BookSide.bid, 6_399_800, 50_000)
  set(0, BookSide.ask, 6_400_100, 100_000)
  set(1, BookSide.bid, 6_399_800, 25_000)
  set(1, BookSide.ask, 6_400_050, 75_000)
  for (const venue of [0, 1]) books.finishUpdate(books.row(btc, venue as VenueIndex), 1, nowNs)
  return books
}

export const SECRET = 'a secret of thirty-two characters'
const everything = Permission.trade | Permission.read | Permission.cancel

/** By index: 'main' with every permission, 'viewer' who reads, 'stopper' who cancels, 'slow' with five orders a second. */
export function smallAccounts(limits?: { ordersPerSecond: number; ordersBurst: number }): Account[] {
  const account = (index: number, name: string, permissions: number, ordersPerSecond: number) => ({
    index: index as AccountIndex,
    name,
    apiKey: `key-of-${name}`,
    secret: new Secret(SECRET),
    permissions,
    ordersPerSecond,
    ordersBurst: ordersPerSecond,
    openOrdersMax: 100,
    orderNotionalMax: '1000000',
  })
  return [
    { ...account(0, 'main', everything, 1_000_000), ...limits },
    account(1, 'viewer', Permission.read, 1_000),
    account(2, 'stopper', Permission.cancel, 1_000),
    account(3, 'slow', everything, 5),
  ]
}

export function signedLogon(name: string, timestamp: number, nonce: number): Record<string, unknown> {
  const apiKey = `key-of-${name}`
  const signature = createHmac('sha256', SECRET).update(`logon\n${apiKey}\n${timestamp}\n${nonce}`).digest('hex')
  return { op: 'logon', apiKey, timestamp, nonce, signature }
}
