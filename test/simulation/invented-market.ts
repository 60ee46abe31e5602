/** A small market for simulation: a few venues with unequal terms around one wandering price, and trades by others. */

import { BookSide } from '../../hotpath/book/book-table.ts'
import type { MarketSink, MarketSource, VenueLatency } from '../../hotpath/venues/paper/market-source.ts'
import { FeeSide, type Instrument, type Listing } from '../../shared/domain/instrument.ts'
import { Side } from '../../shared/domain/order.ts'
import type { Venue } from '../../shared/domain/venue.ts'
import type { Prng } from '../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../shared/units/ticks.ts'
import { type MonoNs, NS_PER_MS } from '../../shared/units/time.ts'

const LEVELS = 8
const MID = 50_000

export interface InventedMarketOptions {
  readonly venues: number
  readonly instruments: number
  /** Mean time between two events of one book; infinite: nothing moves, what we take comes back. */
  readonly eventEveryNs: number
  /** Multiplies what every level shows; default 1. */
  readonly depth?: number
}

export class InventedMarket implements MarketSource {
  readonly name = 'simulation'
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
  readonly latencies: readonly VenueLatency[]
  readonly levelsMax = 16
  readonly #chance: Prng
  readonly #eventEveryNs: number
  readonly #depth: number
  /** By book: where its middle is, and the next event. */
  readonly #mids: number[]
  readonly #nextNs: number[]
  /** By book, side, level: what it shows. */
  readonly #shown: Map<number, number>[]
  #isOpen = false

  constructor(options: InventedMarketOptions, chance: Prng) {
    this.#chance = chance
    this.#eventEveryNs = options.eventEveryNs
    this.#depth = options.depth ?? 1
    this.venues = Array.from({ length: options.venues }, (_, index) => ({
      index: index as VenueIndex,
      id: `venue${index}`,
      name: `Venue ${index}`,
      ordersPerSecond: chance.nextBetween(200, 2_000),
      ordersBurst: chance.nextBetween(50, 200),
    }))
    this.instruments = Array.from({ length: options.instruments }, (_, index) => ({
      index: index as InstrumentIndex,
      symbol: `${['BTC', 'ETH', 'SOL'][index]}/USD`,
      base: ['BTC', 'ETH', 'SOL'][index],
      quote: 'USD',
      priceDigits: 2,
      qtyDigits: 4,
    }))
    this.listings = this.venues.flatMap(({ index: venue }) =>
      this.instruments.map(({ index: instrument }) => this.#list(venue, instrument)),
    )
    this.latencies = this.venues.map(() => {
      const medianNs = chance.nextBetween(1, 20) * NS_PER_MS
      return { medianNs, p99Ns: medianNs * 3 }
    })
    const books = this.listings.length
    this.#mids = Array.from({ length: books }, () => MID + chance.nextBetween(-10, 10))
    this.#nextNs = Array.from({ length: books }, () => 0)
    this.#shown = Array.from({ length: books * 2 }, () => new Map())
  }

  work(nowNs: MonoNs, sink: MarketSink): number {
    let told = 0
    for (let book = 0; book < this.listings.length; book++) {
      if (!this.#isOpen) told += this.#openBook(book, nowNs, sink)
      else if (nowNs >= this.#nextNs[book]) told += this.#move(book, nowNs, sink)
    }
    this.#isOpen = true
    return told
  }

  #list(venue: VenueIndex, instrument: InstrumentIndex): Listing {
    const lotStep = [1, 10, 100][this.#chance.nextBelow(3)]
    const tickStep = [1, 1, 5][this.#chance.nextBelow(3)]
    return {
      venue,
      instrument,
      tickStep: tickStep as PriceTicks,
      lotStep: lotStep as QtyLots,
      lotsMin: (lotStep * this.#chance.nextBetween(1, 5)) as QtyLots,
      lotsMax: 1_000_000 as QtyLots,
      notionalMin: this.#chance.chance(0.5) ? 0 : 5_000_000,
      takerPpm: this.#chance.nextBetween(0, 2_000) as RatePpm,
      makerPpm: this.#chance.nextBetween(-100, 1_000) as RatePpm,
      feeSide: this.#chance.chance(0.3) ? FeeSide.received : FeeSide.quote,
      childCost: 0,
    }
  }

  #openBook(book: number, nowNs: MonoNs, sink: MarketSink): number {
    const { venue, instrument } = this.listings[book]
    sink.onClear(venue, instrument)
    this.#quote(book, sink)
    sink.onUpdateEnd(venue, instrument)
    this.#nextNs[book] = nowNs + this.#chance.nextExponential(this.#eventEveryNs)
    return 1
  }

  #move(book: number, nowNs: MonoNs, sink: MarketSink): number {
    const { venue, instrument, tickStep, lotStep } = this.listings[book]
    if (this.#chance.chance(0.3)) {
      const aggressor = this.#chance.chance(0.5) ? Side.buy : Side.sell
      const side = aggressor === Side.buy ? BookSide.ask : BookSide.bid
      const price = this.#mids[book] + (aggressor === Side.buy ? 1 : -1)
      const grid = (aggressor === Side.buy ? Math.ceil(price / tickStep) : Math.floor(price / tickStep)) * tickStep
      const shown = this.#shown[book * 2 + side].get(grid) ?? 0
      const lots = Math.min(shown, this.#chance.nextBetween(1, 300) * lotStep)
      if (lots > 0) {
        sink.onTrade(venue, instrument, aggressor, grid as PriceTicks, lots as QtyLots)
        this.#set(book, side, grid, shown - lots, sink)
      }
    } else {
      this.#mids[book] += this.#chance.nextBetween(-3, 3)
      this.#quote(book, sink)
    }
    sink.onUpdateEnd(venue, instrument)
    this.#nextNs[book] = nowNs + this.#chance.nextExponential(this.#eventEveryNs)
    return 1
  }

  /** Whole book around the middle; levels that are no longer part of it go. */
  #quote(book: number, sink: MarketSink): void {
    const { tickStep, lotStep } = this.listings[book]
    for (const side of [BookSide.bid, BookSide.ask]) {
      const wanted = new Map<number, number>()
      for (let level = 0; level < LEVELS; level++) {
        const price = side === BookSide.ask ? this.#mids[book] + 1 + level * 4 : this.#mids[book] - 1 - level * 4
        const grid = (side === BookSide.ask ? Math.ceil(price / tickStep) : Math.floor(price / tickStep)) * tickStep
        if (!wanted.has(grid)) wanted.set(grid, this.#chance.nextBetween(1, 400) * lotStep * this.#depth)
      }
      for (const price of [...this.#shown[book * 2 + side].keys()]) {
        if (!wanted.has(price)) this.#set(book, side, price, 0, sink)
      }
      for (const [price, lots] of wanted) this.#set(book, side, price, lots, sink)
    }
  }

  #set(book: number, side: BookSide, price: number, lots: number, sink: MarketSink): void {
    const { venue, instrument } = this.listings[book]
    const shown = this.#shown[book * 2 + side]
    if (lots === 0) shown.delete(price)
    else shown.set(price, lots)
    sink.onLevel(venue, instrument, side, price as PriceTicks, lots as QtyLots)
  }
}
