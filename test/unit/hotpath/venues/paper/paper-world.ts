/** A paper exchange, a router's link to it and a network between them, in one thread under a virtual clock. */
import { type BookSide, BookTable } from '../../../../../hotpath/book/book-table.ts'
import { PaperFeed } from '../../../../../hotpath/marketdata/paper-feed.ts'
import type { MarketSink, MarketSource, VenueLatency } from '../../../../../hotpath/venues/paper/market-source.ts'
import { PaperAdapter } from '../../../../../hotpath/venues/paper/paper-adapter.ts'
import { PaperExchange } from '../../../../../hotpath/venues/paper/paper-exchange.ts'
import { PaperLink } from '../../../../../hotpath/venues/paper/paper-link.ts'
import type { PaperPrint } from '../../../../../hotpath/venues/paper/paper-news-frame.ts'
import type { PaperOptions } from '../../../../../hotpath/venues/paper/paper-options.ts'
import type { PaperSession } from '../../../../../hotpath/venues/paper/paper-session.ts'
import type { Pipe, PipeEvents } from '../../../../../hotpath/venues/paper/pipe.ts'
import type { Clock } from '../../../../../shared/clock.ts'
import { FeeSide, type Instrument, type Listing } from '../../../../../shared/domain/instrument.ts'
import type { Side } from '../../../../../shared/domain/order.ts'
import type { Venue } from '../../../../../shared/domain/venue.ts'
import { Prng } from '../../../../../shared/prng.ts'
import type { VenueIndex } from '../../../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots, RatePpm } from '../../../../../shared/units/ticks.ts'
import { type EpochUs, type MonoNs, NS_PER_MS, NS_PER_US } from '../../../../../shared/units/time.ts'
import { copyReport, FIRST_INSTRUMENT, type ReportCopy } from '../../../../conformance/venue-conformance-bench.ts'

export const FIRST_VENUE = 0 as VenueIndex

export const testInstrument: Instrument = {
  index: FIRST_INSTRUMENT,
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  priceDigits: 2,
  qtyDigits: 4,
}

export const testListing: Listing = {
  venue: FIRST_VENUE,
  instrument: FIRST_INSTRUMENT,
  tickStep: 5 as PriceTicks,
  lotStep: 10 as QtyLots,
  lotsMin: 20 as QtyLots,
  lotsMax: 100_000 as QtyLots,
  notionalMin: 30_000,
  takerPpm: 1_000 as RatePpm,
  makerPpm: 200 as RatePpm,
  feeSide: FeeSide.quote,
  childCost: 0,
}

export function testVenue(index: number, terms: Partial<Venue> = {}): Venue {
  return {
    index: index as VenueIndex,
    id: `venue${index}`,
    name: `Venue ${index}`,
    ordersPerSecond: 1_000,
    ordersBurst: 1_000,
    ...terms,
  }
}

/** Tells what a test scripts, at the next turn. */
export class ScriptedMarket implements MarketSource {
  readonly name = 'scripted'
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[] = [testInstrument]
  readonly listings: readonly Listing[]
  readonly latencies: readonly VenueLatency[]
  readonly levelsMax = 64
  readonly #script: ((sink: MarketSink) => void)[] = []

  constructor(
    terms: { venues?: number; venue?: Partial<Venue>; listing?: Partial<Listing>; latency?: VenueLatency } = {},
  ) {
    const count = terms.venues ?? 1
    const latency = terms.latency ?? { medianNs: 10 * NS_PER_MS, p99Ns: 30 * NS_PER_MS }
    this.venues = Array.from({ length: count }, (_, at) => testVenue(at, terms.venue))
    this.listings = this.venues.map(({ index }) => ({ ...testListing, venue: index, ...terms.listing }))
    this.latencies = this.venues.map(() => latency)
  }

  /** One update of one book: [side, price, lots] each. */
  update(levels: readonly (readonly [BookSide, number, number])[], venue = FIRST_VENUE): void {
    this.#script.push((sink) => {
      for (const [side, price, lots] of levels) {
        sink.onLevel(venue, FIRST_INSTRUMENT, side, price as PriceTicks, lots as QtyLots)
      }
      sink.onUpdateEnd(venue, FIRST_INSTRUMENT)
    })
  }

  trade(aggressor: Side, price: number, lots: number, venue = FIRST_VENUE): void {
    this.#script.push((sink) => {
      sink.onTrade(venue, FIRST_INSTRUMENT, aggressor, price as PriceTicks, lots as QtyLots)
    })
  }

  clear(venue = FIRST_VENUE): void {
    this.#script.push((sink) => sink.onClear(venue, FIRST_INSTRUMENT))
  }

  work(_nowNs: MonoNs, sink: MarketSink): number {
    const told = this.#script.splice(0)
    for (const tell of told) tell(sink)
    return told.length
  }
}

export class VirtualClock implements Clock {
  ns = 0
  readonly startUs = 1_700_000_000_000_000

  monoNs(): MonoNs {
    return this.ns as MonoNs
  }

  epochUs(): EpochUs {
    return (this.startUs + Math.floor(this.ns / NS_PER_US)) as EpochUs
  }
}

/** Bytes between the link and a session, in whole or in random pieces. */
export class MemoryPipe implements Pipe {
  readonly #events: PipeEvents
  readonly #session: PaperSession | undefined
  readonly #chance: Prng | undefined
  readonly #sent: Uint8Array[] = []
  #isOpen = false
  isClosed = false
  unsentBytes = 0
  /** What the exchange is told that its transport has not sent yet. */
  backlogBytes = 0

  constructor(session: PaperSession | undefined, events: PipeEvents, chance: Prng | undefined) {
    this.#session = session
    this.#events = events
    this.#chance = chance
  }

  send(bytes: Uint8Array): void {
    this.#sent.push(bytes)
  }

  close(): void {
    this.isClosed = true
  }

  pump(nowNs: MonoNs): void {
    if (this.#session === undefined || this.isClosed) {
      this.#end()
      return
    }
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#events.onOpen()
    }
    this.#session.backlogBytes = this.backlogBytes
    for (const bytes of this.#sent.splice(0)) {
      for (const piece of this.#pieces(bytes)) if (!this.#session.receive(piece, nowNs)) this.isClosed = true
    }
    for (const piece of this.#pieces(this.#session.take())) if (!this.isClosed) this.#events.onBytes(piece)
    if (this.isClosed) this.#end()
  }

  #end(): void {
    this.isClosed = true
    this.#session?.close()
    this.#events.onClose()
  }

  #pieces(bytes: Uint8Array): Uint8Array[] {
    if (this.#chance === undefined) return bytes.length > 0 ? [bytes] : []
    const pieces: Uint8Array[] = []
    for (let at = 0; at < bytes.length; ) {
      const to = Math.min(bytes.length, at + this.#chance.nextBetween(1, 100))
      pieces.push(bytes.slice(at, to))
      at = to
    }
    return pieces
  }
}

export interface WorldTerms {
  readonly market?: ScriptedMarket
  readonly options?: Partial<PaperOptions>
  readonly account?: string
  readonly token?: string
  /** Cuts every message into random pieces. */
  readonly inPieces?: boolean
  readonly allLevels?: boolean
}

/** What a router's side needs of a world: the time, and somewhere to connect. */
export interface RouterHost {
  readonly clock: VirtualClock
  readonly exchange: { connect(): PaperSession | undefined }
}

/** One router's side: its link, adapters, books and what it was told. */
export class RouterSide {
  readonly link: PaperLink
  readonly adapters: PaperAdapter[] = []
  readonly reports: ReportCopy[] = []
  readonly prints: { venue: number; aggressor: number; price: number; lots: number }[] = []
  readonly news: string[] = []
  books: BookTable | undefined
  feed: PaperFeed | undefined
  pipe: MemoryPipe | undefined
  isCut = false
  /** When connections were tried, milliseconds. */
  readonly triesMs: number[] = []

  constructor(world: RouterHost, terms: WorldTerms, seed: number) {
    const chance = terms.inPieces === true ? new Prng(seed) : undefined
    this.link = new PaperLink({
      account: terms.account ?? 'desk',
      token: () => terms.token ?? '',
      allLevels: terms.allLevels ?? false,
      clock: world.clock,
      chance: new Prng(seed + 1),
      open: (events) => {
        this.triesMs.push(world.clock.ns / NS_PER_MS)
        this.pipe = new MemoryPipe(this.isCut ? undefined : world.exchange.connect(), events, chance)
        return this.pipe
      },
    })
  }

  turn(nowNs: MonoNs): void {
    this.link.work(nowNs)
    this.pipe?.pump(nowNs)
    if (this.link.market !== undefined && this.books === undefined) this.#build()
  }

  /** The connection breaks, and no new one opens until `mend`. */
  cut(): void {
    this.isCut = true
    this.pipe?.close()
  }

  mend(): void {
    this.isCut = false
  }

  #build(): void {
    const { instruments, venues, levels } = this.link.market!
    this.books = new BookTable({ venues: venues.length, instruments: instruments.length, levelsMax: 64 })
    this.feed = new PaperFeed(this.books, levels, this.link, { onPrint: (print) => this.#print(print) })
    for (const { index } of venues) this.adapters.push(new PaperAdapter(index, this.link))
    this.link.attach(
      {
        onVenueReport: (report) => this.reports.push(copyReport(report)),
        onVenueUp: (venue) => this.news.push(`up ${venue}`),
        onVenueDown: (venue) => this.news.push(`down ${venue}`),
      },
      this.feed,
    )
  }

  #print(print: PaperPrint): void {
    const { venue, aggressor, price, lots } = print
    this.prints.push({ venue, aggressor, price, lots })
  }

  /** Levels of a book as the router knows them, best first. */
  levels(side: BookSide, venue = FIRST_VENUE): [number, number][] {
    const books = this.books!
    const row = books.row(FIRST_INSTRUMENT, venue)
    const count = books.count(row, side)
    const from = books.offset(row, side)
    return Array.from({ length: count }, (_, at) => {
      const index = from + count - 1 - at
      return [books.prices[index], books.lots[index]]
    })
  }
}

export class PaperWorld {
  readonly clock = new VirtualClock()
  readonly market: ScriptedMarket
  readonly exchange: PaperExchange
  readonly routers: RouterSide[] = []

  constructor(terms: WorldTerms = {}) {
    this.market = terms.market ?? new ScriptedMarket()
    this.exchange = new PaperExchange(this.market, {
      startEpochUs: this.clock.startUs,
      refillHalfLifeNs: Number.POSITIVE_INFINITY,
      ...terms.options,
    })
    this.addRouter(terms)
  }

  /** The first router. */
  get router(): RouterSide {
    return this.routers[0]
  }

  addRouter(terms: WorldTerms = {}): RouterSide {
    const router = new RouterSide(this, terms, this.routers.length)
    this.routers.push(router)
    return router
  }

  /** Lets time pass in turns of `turnMs`. */
  pass(ms: number, turnMs = 0.5): void {
    const untilNs = this.clock.ns + ms * NS_PER_MS
    while (this.clock.ns < untilNs) {
      this.clock.ns = Math.min(untilNs, this.clock.ns + turnMs * NS_PER_MS)
      this.exchange.work(this.clock.monoNs())
      for (const router of this.routers) router.turn(this.clock.monoNs())
    }
    this.exchange.assertConserved()
  }
}
