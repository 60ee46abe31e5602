/**
 * The router of one process without sockets: the real gateway, core, journal ring, paper adapters and link. Messages
 * come in by call; children's frames stay in the link's buffer until `fillAll` answers them as a paper exchange would,
 * in bytes through the link. 32 venues with 20 levels, or as asked.
 */
import { BookSide } from '../../../hotpath/book/book-table.ts'
import { GatewayServer } from '../../../hotpath/gateway/gateway-server.ts'
import type { JournalSink } from '../../../hotpath/journal/journal-sink.ts'
import { ChildOrder, VenueReport, VenueReportKind } from '../../../hotpath/orders/venue-report.ts'
import { type Core, type CoreSetup, composeCore, World } from '../../../hotpath/routing/compose-core.ts'
import { FrameBuffer } from '../../../hotpath/venues/paper/frame-buffer.ts'
import { PaperAdapter } from '../../../hotpath/venues/paper/paper-adapter.ts'
import { readPlace } from '../../../hotpath/venues/paper/paper-command-frame.ts'
import {
  FrameKind,
  frameBytes,
  frameKind,
  frameVenue,
  PAPER_PROTOCOL,
  writeJson,
} from '../../../hotpath/venues/paper/paper-frame.ts'
import type { PaperMarket } from '../../../hotpath/venues/paper/paper-hello.ts'
import { PaperLink } from '../../../hotpath/venues/paper/paper-link.ts'
import { writeReport } from '../../../hotpath/venues/paper/paper-news-frame.ts'
import type { PipeEvents } from '../../../hotpath/venues/paper/pipe.ts'
import { assert } from '../../../shared/assert.ts'
import type { Clock } from '../../../shared/clock.ts'
import { FeeSide } from '../../../shared/domain/instrument.ts'
import { Prng } from '../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../shared/units/ticks.ts'
import { benchAccounts } from './acknowledging-gateway.ts'
import { BenchTransport } from './bench-socket.ts'

const BTC = 0 as InstrumentIndex

export class InProcessRouter {
  readonly gateway: GatewayServer
  readonly core: Core
  readonly link: PaperLink
  readonly #world: World
  readonly #clock: Clock
  readonly #back = new FrameBuffer(65_536, 1 << 22)
  readonly #child = new ChildOrder()
  readonly #report = new VenueReport()
  readonly #execution = new Float64Array(1)
  #pipe: PipeEvents | undefined

  constructor(parts: { journal: JournalSink & { nowUs: number }; clock: Clock; parentsMax: number }) {
    const { clock } = parts
    const market = benchMarket(32, 20)
    const setup = benchSetup(market, clock, parts.parentsMax)
    this.#clock = clock
    this.#world = new World(setup)
    this.link = this.#openLink()
    this.#welcome(market)
    let gateway: GatewayServer | undefined
    const adapters = market.venues.map(({ index }) => new PaperAdapter(index, this.link))
    this.core = composeCore(setup, this.#world, parts.journal, adapters, {
      onClientReport: (report) => gateway?.onClientReport(report),
    })
    this.#attach(market)
    fillBooks(this.#world, 32, 20)
    gateway = new GatewayServer({
      core: this.core.core,
      store: this.#world.store,
      books: this.#world.books,
      listings: this.#world.listings,
      accounts: benchAccounts,
      clock,
      market: { name: 'synthetic', simulated: true },
      transport: new BenchTransport(),
    })
    this.gateway = gateway
  }

  /** Each child that waits in the link's buffer is filled whole, and a turn goes by. Answers how many there were. */
  fillAll(): number {
    const { view, length } = this.link.out
    let count = 0
    for (let at = 0; at < length; at += frameBytes(view, at)) {
      if (frameKind(view, at) !== FrameKind.place) continue
      this.#fill(view, at)
      count++
    }
    this.link.out.clear()
    if (this.#back.length > 0) this.#pipe?.onBytes(this.#back.take())
    const nowNs = this.#clock.monoNs()
    this.core.core.work(nowNs)
    this.gateway.work(nowNs)
    return count
  }

  #fill(view: DataView, at: number): void {
    const child = this.#child
    const report = this.#report
    assert(readPlace(view, at, child), 'the router writes frames that can be read')
    report.venue = frameVenue(view, at)
    report.kind = VenueReportKind.fill
    report.epoch = child.epoch
    report.childSequence = child.childSequence
    report.parentSequence = child.parentSequence
    report.execution = ++this.#execution[0]
    report.lots = child.lots
    report.filledLots = child.lots
    report.priceTicks = child.limitTicks
    writeReport(this.#back, report)
  }

  #openLink(): PaperLink {
    const link = new PaperLink({
      open: (events) => {
        this.#pipe = events
        return { unsentBytes: 0, send: () => undefined, close: () => undefined }
      },
      account: 'bench',
      token: () => '',
      allLevels: false,
      clock: this.#clock,
      chance: new Prng(1),
    })
    link.work(this.#clock.monoNs())
    return link
  }

  #welcome(market: PaperMarket): void {
    writeJson(this.#back, FrameKind.welcome, { protocol: PAPER_PROTOCOL, ...market })
    this.#pipe?.onBytes(this.#back.take())
    assert(this.link.market !== undefined, 'the link takes the welcome')
  }

  #attach(market: PaperMarket): void {
    const { news, turn } = this.core
    this.link.attach(
      {
        onVenueReport: (report) => {
          turn.read()
          news.onVenueReport(report)
        },
        onVenueUp: (venue) => news.onVenueUp(venue),
        onVenueDown: (venue) => news.onVenueDown(venue),
      },
      { onBook: () => true, onPrint: () => true, onDown: () => undefined },
    )
    for (const { index } of market.venues) {
      this.#report.venue = index
      this.#report.kind = VenueReportKind.reconciled
      writeReport(this.#back, this.#report)
    }
    this.#pipe?.onBytes(this.#back.take())
    this.link.out.clear()
    this.core.core.open()
  }
}

function benchSetup(market: PaperMarket, clock: Clock, parentsMax: number): CoreSetup {
  return {
    clock,
    market: { ...market, name: market.market, simulated: true },
    accounts: [{ openOrdersMax: 1e9, orderNotionalMax: 1e15 }],
    capacity: { parentsMax, childrenMax: parentsMax * 4, fillsMax: parentsMax * 8 },
    decisionsKept: 512,
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
}

function benchMarket(venues: number, levels: number): PaperMarket {
  return {
    market: 'synthetic',
    levels,
    levelsMax: levels,
    venues: Array.from({ length: venues }, (_, venue) => ({
      index: venue as VenueIndex,
      id: `venue${venue}`,
      name: `Venue ${venue}`,
      ordersPerSecond: 1e9,
      ordersBurst: 1e9,
    })),
    instruments: [{ index: BTC, symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', priceDigits: 2, qtyDigits: 4 }],
    listings: Array.from({ length: venues }, (_, venue) => ({
      venue: venue as VenueIndex,
      instrument: BTC,
      tickStep: 1 as PriceTicks,
      lotStep: 1 as QtyLots,
      lotsMin: 1 as QtyLots,
      lotsMax: 1e12 as QtyLots,
      notionalMin: 0,
      takerPpm: (100 + 50 * (venue % 20)) as RatePpm,
      makerPpm: 0 as RatePpm,
      feeSide: FeeSide.quote,
      childCost: 0,
    })),
  }
}

/** Prices around 60,000.00 with venue offsets of a few ticks, levels of 0.1 to 2 units: the decision bench's books. */
function fillBooks({ books }: World, venues: number, levels: number): void {
  const prng = new Prng(42)
  for (let venue = 0; venue < venues; venue++) {
    const row = books.row(BTC, venue as VenueIndex)
    const offset = prng.nextBetween(-300, 300)
    for (let level = 0; level < levels; level++) {
      const bid = 6_000_000 + offset - 500 - level * prng.nextBetween(20, 60)
      const ask = 6_000_000 + offset + 500 + level * prng.nextBetween(20, 60)
      books.setLevel(row, BookSide.bid, bid as PriceTicks, prng.nextBetween(1_000, 20_000) as QtyLots)
      books.setLevel(row, BookSide.ask, ask as PriceTicks, prng.nextBetween(1_000, 20_000) as QtyLots)
    }
    books.finishUpdate(row, 1, 1 as never)
  }
}
