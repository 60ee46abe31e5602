/**
 * All ccxt venues of one process behind one door, without sockets of its own: speaks to routers as the paper venues do (same
 * frames, sessions and link), so that a router needs no second client. Every account name is the one account whose keys we
 * have; a venue without keys tells its books, has no money and refuses orders.
 */
import type { Clock } from '../../../shared/clock.ts'
import type { Instrument, Listing } from '../../../shared/domain/instrument.ts'
import type { Side } from '../../../shared/domain/order.ts'
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { Venue } from '../../../shared/domain/venue.ts'
import { SESSIONS_MAX } from '../../../shared/limits.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { AssetUnits, PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import { ChildOrder, type VenueReport, VenueReportKind } from '../../orders/venue-report.ts'
import { ListingTable } from '../../plan/listing-table.ts'
import type { NativeListing } from '../native/venue-units.ts'
import {
  EVERY_INSTRUMENT,
  isCommand,
  readExecution,
  readIdentity,
  readPlace,
  subscribedInstrument,
  subscribesAllLevels,
} from '../paper/paper-command-frame.ts'
import { FrameKind, frameKind, frameVenue, PAPER_PROTOCOL, writeJson } from '../paper/paper-frame.ts'
import { readHello } from '../paper/paper-hello.ts'
import { PaperMarketData } from '../paper/paper-market-data.ts'
import { writeReport } from '../paper/paper-news-frame.ts'
import type { ServedExchange } from '../paper/paper-server.ts'
import { BookDepth, PaperSession, type SessionOwner } from '../paper/paper-session.ts'
import { CcxtBook } from './ccxt-book.ts'
import { type CcxtClient, canDo } from './ccxt-client.ts'
import { CcxtFeed, type CcxtPublic } from './ccxt-feed.ts'
import { CcxtGrid } from './ccxt-grid.ts'
import { CcxtLoop, type Say } from './ccxt-loop.ts'
import { CcxtOrders } from './ccxt-orders.ts'
import { CcxtReporter, type CcxtReports, EVERYBODY } from './ccxt-reporter.ts'
import { clientIdRule } from './client-order-id.ts'

/** What the process trades: on the finest grid over its venues. */
export interface CcxtMarketTerms {
  readonly name: string
  readonly venues: readonly Venue[]
  readonly instruments: readonly Instrument[]
  readonly listings: readonly Listing[]
}

/** One venue, by its index. */
export interface CcxtDoor {
  readonly client: CcxtClient
  readonly listings: readonly NativeListing[]
  readonly hasKeys: boolean
}

export interface CcxtExchangeOptions {
  readonly clock: Clock
  /** What a connection must say in its hello; empty: nothing. */
  readonly token: string
  /** Levels a side of every book. */
  readonly levels: number
  readonly say: (venue: string, line: string) => void
}

interface CcxtVenue {
  readonly client: CcxtClient
  readonly orders: CcxtOrders | undefined
  readonly reporter: CcxtReporter
  readonly feed: CcxtFeed
  /** Our orders' streams, one a symbol: they only say when to ask. */
  readonly nudges: readonly { readonly symbol: string; readonly loop: CcxtLoop }[]
}

/** Why a venue is feed only; '' when it can trade. */
export function feedOnlyReason({ client, hasKeys }: Pick<CcxtDoor, 'client' | 'hasKeys'>): string {
  const rule = clientIdRule(client.id)
  if (!hasKeys) return 'no keys'
  if (rule === undefined) return 'its class is not known to carry our order ids'
  for (const method of ['createOrder', 'cancelOrder', 'fetchOpenOrders', 'fetchBalance']) {
    if (!canDo(client, method)) return `ccxt has no ${method} for it`
  }
  if (!canDo(client, 'fetchMyTrades') && !canDo(client, 'fetchOrderTrades')) return 'ccxt cannot read its fills'
  const isFindable = (rule.query !== '' && canDo(client, 'fetchOrder')) || canDo(client, 'fetchClosedOrders')
  return isFindable ? '' : 'ended orders cannot be found again'
}

export class CcxtExchange implements ServedExchange, SessionOwner, CcxtReports, CcxtPublic {
  readonly name = 'ccxt-exchange'
  readonly #market: CcxtMarketTerms
  readonly #options: CcxtExchangeOptions
  readonly #assets: readonly string[]
  readonly #venues: readonly CcxtVenue[]
  readonly #sessions: PaperSession[] = []
  readonly #marketData: PaperMarketData
  readonly #child = new ChildOrder()
  readonly #times = new Float64Array(1)
  #serial = 0
  /** Connections closed because of what came in. */
  protocolErrors = 0

  constructor(market: CcxtMarketTerms, doors: readonly CcxtDoor[], options: CcxtExchangeOptions) {
    this.#market = market
    this.#options = options
    this.#assets = new ListingTable(market).assets
    const { levels } = options
    this.#marketData = new PaperMarketData(
      {
        venues: market.venues.length,
        instruments: market.instruments.length,
        levels,
        levelsMax: levels,
        refillTellNs: Number.POSITIVE_INFINITY,
        delayNs: market.venues.map(() => 0),
      },
      this.#sessions,
    )
    this.#venues = market.venues.map((venue, at) => this.#open(venue, doors[at]))
  }

  connect(): PaperSession | undefined {
    if (this.#sessions.length >= SESSIONS_MAX) return undefined
    const books = this.#market.venues.length * this.#market.instruments.length
    // Nothing waits on its way here: the network is a real one.
    const session = new PaperSession(++this.#serial, this, { venues: 0, books })
    this.#sessions.push(session)
    return session
  }

  get connected(): number {
    return this.#sessions.filter((session) => session.isOpen && session.hasHello).length
  }

  /** The venues' time is their own. */
  setWallClock(): void {}

  work(nowNs: MonoNs): number {
    this.#times[0] = nowNs
    let done = 0
    for (const { client, feed, orders, nudges } of this.#venues) {
      done += feed.work(nowNs)
      if (orders === undefined) continue
      done += orders.work(nowNs)
      if (!orders.hasOpen || !canDo(client, 'watchOrders')) continue
      for (const { symbol, loop } of nudges) loop.work(nowNs, 0, () => watch(client, symbol, orders))
    }
    for (let at = this.#sessions.length - 1; at >= 0; at--) if (this.#sessions[at].isSpent) this.#sessions.splice(at, 1)
    return done + this.#marketData.deliver(nowNs)
  }

  // Of a session.

  onFrame(session: PaperSession, view: DataView, at: number): boolean {
    const isGood = session.hasHello ? this.#command(session, view, at) : this.#hello(session, view, at)
    if (!isGood) this.protocolErrors++
    return isGood
  }

  onSessionClosed(session: PaperSession): void {
    this.#marketData.forget(session)
  }

  // Of the venues.

  onCcxtReport(asker: number, report: VenueReport): void {
    for (const session of this.#sessions) {
      if (!session.isOpen || !session.hasHello) continue
      if (asker !== EVERYBODY && asker !== session.serial) continue
      if (!writeReport(session.outbox, report)) session.close()
    }
  }

  isConnected(asker: number): boolean {
    return this.#sessions.some((session) => session.isOpen && session.serial === asker)
  }

  onCcxtBook(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#marketData.publish(venue, instrument, this.#nowNs)
  }

  onCcxtPrint(
    venue: VenueIndex,
    instrument: InstrumentIndex,
    aggressor: Side,
    price: PriceTicks,
    lots: QtyLots,
    timeUs: number,
  ): void {
    this.#marketData.publishPrint(venue, instrument, aggressor, price, lots, timeUs, this.#nowNs)
  }

  #open(venue: Venue, door: CcxtDoor): CcxtVenue {
    const { clock, levels } = this.#options
    const { client } = door
    const say: Say = (line) => this.#options.say(venue.id, line)
    const grids: (CcxtGrid | undefined)[] = this.#market.instruments.map(() => undefined)
    const books: CcxtBook[] = []
    for (const listed of door.listings) {
      const { index } = listed.instrument
      const grid = new CcxtGrid(listed)
      const book = new CcxtBook(index, grid, levels)
      grids[index] = grid
      books.push(book)
      this.#marketData.addBook(venue.index, book)
    }
    const rule = clientIdRule(client.id)
    const canTrade = rule !== undefined && feedOnlyReason(door) === ''
    const common = { client, venue: venue.index, grids, assets: this.#assets, reports: this, clock, say }
    return {
      client,
      orders: canTrade ? new CcxtOrders({ ...common, rule }) : undefined,
      reporter: new CcxtReporter(venue.index, this, () => clock.epochUs()),
      feed: new CcxtFeed(client, venue.index, books, this, say),
      nudges: books.map(({ grid: { symbol } }) => ({ symbol, loop: new CcxtLoop(`${symbol} order stream`, say) })),
    }
  }

  #hello(session: PaperSession, view: DataView, at: number): boolean {
    if (frameKind(view, at) !== FrameKind.hello) return false
    const hello = readHello(view, at)
    if (hello === undefined || hello.token !== this.#options.token) return false
    session.account = 0
    const { name, venues, instruments, listings } = this.#market
    return writeJson(session.outbox, FrameKind.welcome, {
      protocol: PAPER_PROTOCOL,
      market: name,
      levels: this.#options.levels,
      levelsMax: this.#options.levels,
      venues,
      instruments,
      listings,
    })
  }

  #command(session: PaperSession, view: DataView, at: number): boolean {
    const venue = this.#venues[frameVenue(view, at)]
    if (venue === undefined || !isCommand(view, at)) return false
    const { orders, reporter } = venue
    const { serial } = session
    const child = this.#child
    switch (frameKind(view, at)) {
      case FrameKind.place:
        if (!readPlace(view, at, child)) return false
        if (orders !== undefined) orders.place(serial, child)
        else reporter.answer(serial, copy(child), VenueReportKind.rejected, RejectReason.notSent)
        return true
      case FrameKind.cancel:
        if (!readIdentity(view, at, child)) return false
        if (orders !== undefined) orders.cancel(copy(child), serial)
        else reporter.answer(serial, copy(child), VenueReportKind.cancelRejected, RejectReason.unknownOrder)
        return true
      case FrameKind.query:
        // Without keys nobody can say what an earlier process with keys left there.
        if (!readIdentity(view, at, child)) return false
        orders?.query(copy(child), serial)
        return true
      case FrameKind.cancelAll:
        orders?.cancelAll()
        return true
      case FrameKind.reconcile:
        if (readExecution(view, at) < 0) return false
        if (orders !== undefined) orders.reconcile(serial)
        else this.#reconcilePoor(reporter, serial)
        return true
      case FrameKind.subscribe:
        return this.#subscribe(session, view, at)
      default:
        return false
    }
  }

  /** A venue without keys: nothing to spend, so nothing is routed there. */
  #reconcilePoor(reporter: CcxtReporter, asker: number): void {
    for (let asset = 0; asset < this.#assets.length; asset++) reporter.balance(asker, asset, 0 as AssetUnits)
    reporter.reconciled(asker)
  }

  #subscribe(session: PaperSession, view: DataView, at: number): boolean {
    const venue = frameVenue(view, at)
    const wanted = subscribedInstrument(view, at)
    if (wanted !== EVERY_INSTRUMENT && !this.#marketData.hasBook(venue, wanted)) return false
    const depth = subscribesAllLevels(view, at) ? BookDepth.all : BookDepth.top
    for (const { index } of this.#market.instruments) {
      if (wanted === EVERY_INSTRUMENT || wanted === index) this.#marketData.follow(session, venue, index, depth)
    }
    return true
  }

  get #nowNs(): MonoNs {
    return this.#times[0] as MonoNs
  }
}

async function watch(client: CcxtClient, symbol: string, orders: CcxtOrders): Promise<void> {
  await client.watchOrders(symbol)
  orders.hurry()
}

/** The child is reused while the answer is under way. */
function copy({ epoch, parentSequence, childSequence }: ChildOrder) {
  return { epoch, parentSequence, childSequence }
}
