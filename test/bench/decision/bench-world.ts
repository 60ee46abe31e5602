/** A core on synthetic books with venues that fill every child at once: conditions of the decision benches. */
import { BookSide } from '../../../hotpath/book/book-table.ts'
import type { JournalSink } from '../../../hotpath/journal/journal-sink.ts'
import type { ClientReports } from '../../../hotpath/orders/client-report.ts'
import { OrderRequest } from '../../../hotpath/orders/order-request.ts'
import { type ChildOrder, VenueReport, VenueReportKind } from '../../../hotpath/orders/venue-report.ts'
import { type Core, composeCore, World } from '../../../hotpath/routing/compose-core.ts'
import type { VenueAdapter } from '../../../hotpath/venues/venue-adapter.ts'
import type { Clock } from '../../../shared/clock.ts'
import { FeeSide } from '../../../shared/domain/instrument.ts'
import { OrderType, Side, TimeInForce } from '../../../shared/domain/order.ts'
import { Prng } from '../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../shared/units/ticks.ts'

const CHILDREN_MAX = 4096

/** Keeps what was sent in columns; `fillAll` answers each child with one whole fill. */
class FillingVenues {
  readonly adapters: VenueAdapter[]
  readonly report = new VenueReport()
  #count = 0
  readonly #venue = new Int32Array(CHILDREN_MAX)
  readonly #sequence = new Int32Array(CHILDREN_MAX)
  readonly #wide = new Float64Array(CHILDREN_MAX * 3)
  readonly #execution = new Float64Array(1)
  #epoch = 0

  constructor(venues: number) {
    this.adapters = Array.from({ length: venues }, (_, venue) => this.#door(venue as VenueIndex))
  }

  get count(): number {
    return this.#count
  }

  fillAll(core: Core): void {
    const { report } = this
    for (let at = 0; at < this.#count; at++) {
      report.venue = this.#venue[at] as VenueIndex
      report.kind = VenueReportKind.fill
      report.epoch = this.#epoch
      report.childSequence = this.#sequence[at]
      report.parentSequence = this.#wide[at * 3]
      report.execution = ++this.#execution[0]
      report.lots = this.#wide[at * 3 + 1] as QtyLots
      report.filledLots = report.lots
      report.priceTicks = this.#wide[at * 3 + 2] as PriceTicks
      core.news.onVenueReport(report)
    }
    this.#count = 0
  }

  #door(venue: VenueIndex): VenueAdapter {
    return {
      venue,
      isUp: true,
      place: (child: ChildOrder) => {
        const at = this.#count++
        this.#epoch = child.epoch
        this.#venue[at] = venue
        this.#sequence[at] = child.childSequence
        this.#wide[at * 3] = child.parentSequence
        this.#wide[at * 3 + 1] = child.lots
        this.#wide[at * 3 + 2] = child.limitTicks
        return true
      },
      replace: () => false,
      cancel: () => true,
      query: () => true,
      cancelAll: () => true,
      reconcile: () => true,
    }
  }
}

export interface BenchMarket {
  readonly venues: number
  readonly instruments: number
  readonly levels: number
}

export class BenchWorld {
  readonly world: World
  readonly core: Core
  readonly venues: FillingVenues
  readonly request = new OrderRequest()
  readonly #id = new Float64Array(1)

  constructor(
    market: BenchMarket,
    journal: JournalSink & { nowUs: number },
    clock: Clock,
    capacity: number,
    reports: ClientReports = { onClientReport: () => undefined },
  ) {
    const prng = new Prng(42)
    const setup = {
      clock,
      market: {
        name: 'synthetic',
        simulated: true,
        levelsMax: market.levels,
        venues: Array.from({ length: market.venues }, (_, venue) => ({
          index: venue as VenueIndex,
          id: `venue${venue}`,
          name: `Venue ${venue}`,
          ordersPerSecond: 1e9,
          ordersBurst: 1e9,
        })),
        instruments: Array.from({ length: market.instruments }, (_, index) => ({
          index: index as InstrumentIndex,
          symbol: `A${index}/USD`,
          base: `A${index}`,
          quote: 'USD',
          priceDigits: 2,
          qtyDigits: 4,
        })),
        listings: Array.from({ length: market.venues * market.instruments }, (_, row) => ({
          venue: (row % market.venues) as VenueIndex,
          instrument: Math.floor(row / market.venues) as InstrumentIndex,
          tickStep: 1 as PriceTicks,
          lotStep: 1 as QtyLots,
          lotsMin: 1 as QtyLots,
          lotsMax: 1e12 as QtyLots,
          notionalMin: 0,
          takerPpm: (100 + 50 * (row % 20)) as RatePpm,
          makerPpm: 0 as RatePpm,
          feeSide: FeeSide.quote,
          childCost: 0,
        })),
      },
      accounts: [{ openOrdersMax: 1e9, orderNotionalMax: 1e15 }],
      capacity: { parentsMax: capacity, childrenMax: capacity * 4, fillsMax: capacity * 8 },
      decisionsKept: 64,
      searchNodesMax: 2_000,
      childDeadlineMs: 1_000,
      core: {
        childrenMax: 0,
        slippageCentiBps: 50_000,
        routesMax: 8,
        rerouteWaitUs: 10_000,
        immediateLifeUs: 1_000_000,
        silenceUs: 100_000,
        auditUs: 5_000_000,
      },
    }
    this.venues = new FillingVenues(market.venues)
    this.world = new World(setup)
    this.core = composeCore(setup, this.world, journal, this.venues.adapters, reports)
    for (let venue = 0; venue < market.venues; venue++) {
      this.core.news.onVenueUp(venue as VenueIndex)
      this.venues.report.venue = venue as VenueIndex
      this.venues.report.kind = VenueReportKind.reconciled
      this.core.news.onVenueReport(this.venues.report)
    }
    this.core.core.progress.isReady = true
    this.#fillBooks(market, prng)
  }

  /** Prices around 60,000.00 with venue offsets of a few ticks, levels of 0.1 to 2 units. */
  #fillBooks(market: BenchMarket, prng: Prng): void {
    const { books } = this.world
    for (let instrument = 0; instrument < market.instruments; instrument++) {
      for (let venue = 0; venue < market.venues; venue++) {
        const row = books.row(instrument as InstrumentIndex, venue as VenueIndex)
        const offset = prng.nextBetween(-300, 300)
        for (let level = 0; level < market.levels; level++) {
          const bid = 6_000_000 + offset - 500 - level * prng.nextBetween(20, 60)
          const ask = 6_000_000 + offset + 500 + level * prng.nextBetween(20, 60)
          books.setLevel(row, BookSide.bid, bid as PriceTicks, prng.nextBetween(1_000, 20_000) as QtyLots)
          books.setLevel(row, BookSide.ask, ask as PriceTicks, prng.nextBetween(1_000, 20_000) as QtyLots)
        }
        books.finishUpdate(row, 1, 1 as never)
      }
    }
  }

  /** A level comes and goes at some venue, near the best price or far from it. */
  updateBook(at: number): void {
    const { books } = this.world
    const { turn } = this.core
    const row = books.row(0 as InstrumentIndex, (at % books.venues) as VenueIndex)
    const from = books.offset(row, BookSide.ask)
    const best = books.prices[from + books.count(row, BookSide.ask) - 1]
    const price = (best + ((at >> 5) % 7) * 10) as PriceTicks
    books.setLevel(row, BookSide.ask, price, (1_000 + (at & 4_095)) as QtyLots)
    books.finishUpdate(row, at, turn.nowNs)
  }

  /** The next market order, in the one reused request. */
  next(instrument: number, lots: number): OrderRequest {
    const { request } = this
    request.instrument = instrument as InstrumentIndex
    request.side = Side.buy
    request.type = OrderType.market
    request.timeInForce = TimeInForce.ioc
    request.lots = lots as QtyLots
    let id = ++this.#id[0]
    let length = 0
    while (id > 0) {
      request.clientOrderId[length++] = 48 + (id % 10)
      id = Math.floor(id / 10)
    }
    request.clientOrderIdLength = length
    return request
  }
}
