/**
 * All paper venues behind one door, without any I/O: bytes of routers in, bytes out, and time. What a router sends reaches
 * its venue one drawn latency later, in the order of those times over all sessions and venues; the market has moved up to
 * the same moment before. What the venue says takes the way back.
 */
import { assert } from '../../../shared/assert.ts'
import type { Side } from '../../../shared/domain/order.ts'
import type { VenueHealth } from '../../../shared/domain/venue-health.ts'
import type { Duty } from '../../../shared/duty.ts'
import { ACCOUNTS_MAX, BOOK_LEVELS_MAX, SESSIONS_MAX } from '../../../shared/limits.ts'
import { Prng } from '../../../shared/prng.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { type MonoNs, NS_PER_US } from '../../../shared/units/time.ts'
import type { BookSide } from '../../book/book-table.ts'
import { ChildOrder, type VenueReport } from '../../orders/venue-report.ts'
import { ListingTable } from '../../plan/listing-table.ts'
import { FrameBuffer } from './frame-buffer.ts'
import type { MarketSink, MarketSource } from './market-source.ts'
import {
  EVERY_INSTRUMENT,
  isCommand,
  readExecution,
  readIdentity,
  readPlace,
  subscribedInstrument,
  subscribesAllLevels,
} from './paper-command-frame.ts'
import { FrameBytes, FrameKind, frameBytes, frameKind, frameVenue, PAPER_PROTOCOL, writeJson } from './paper-frame.ts'
import { readHello } from './paper-hello.ts'
import { PaperLatency } from './paper-latency.ts'
import { PaperMarketData } from './paper-market-data.ts'
import { writeReport } from './paper-news-frame.ts'
import { type PaperOptions, paperDefaults } from './paper-options.ts'
import { EVERYBODY, type PaperReports } from './paper-reporter.ts'
import { BookDepth, PaperSession, type SessionOwner } from './paper-session.ts'
import { PaperVenue } from './paper-venue.ts'

export class PaperExchange implements Duty, MarketSink, PaperReports, SessionOwner {
  readonly name = 'paper-exchange'
  readonly source: MarketSource
  readonly #options: PaperOptions
  readonly #venues: readonly PaperVenue[]
  readonly #accounts = new Map<string, number>()
  readonly #sessions: PaperSession[] = []
  readonly #marketData: PaperMarketData
  /** By venue. */
  readonly #latencyIn: readonly PaperLatency[]
  readonly #latencyOut: readonly PaperLatency[]
  readonly #child = new ChildOrder()
  readonly #scratch = new FrameBuffer(FrameBytes.report, FrameBytes.report)
  /** Books that a command changed, as market data rows are found: venue and instrument in turn. */
  readonly #changed: number[] = []
  /** Now, and the wall clock in microseconds when `nowNs` was 0. */
  readonly #times = new Float64Array(2)
  #serial = 0
  /** Connections closed because of what came in. */
  protocolErrors = 0

  constructor(source: MarketSource, options: Partial<PaperOptions> = {}) {
    this.source = source
    this.#options = { ...paperDefaults, ...options }
    const { seed, latencyScale, startEpochUs } = this.#options
    this.#times[1] = startEpochUs
    const table = new ListingTable(source)
    this.#venues = source.venues.map((venue) => new PaperVenue(venue, table, source.listings, this.#options, this))
    const chance = new Prng(seed)
    this.#latencyIn = source.latencies.map((one, at) => new PaperLatency(one, latencyScale, chance.fork(at)))
    this.#latencyOut = source.latencies.map((one, at) => new PaperLatency(one, latencyScale, chance.fork(at)))
    this.#marketData = this.#openMarketData()
  }

  /** A new connection, or undefined when no more are taken. */
  connect(): PaperSession | undefined {
    if (this.#sessions.length >= SESSIONS_MAX) return undefined
    const books = this.source.venues.length * this.source.instruments.length
    const session = new PaperSession(++this.#serial, this, { venues: this.#venues.length, books })
    this.#sessions.push(session)
    return session
  }

  /** Sessions that have said hello and are open. */
  get connected(): number {
    return this.#sessions.filter((session) => session.isOpen && session.hasHello).length
  }

  /** Everything that happens up to `nowNs`. Answers how much did. */
  work(nowNs: MonoNs): number {
    let done = this.#runCommands(nowNs)
    done += this.#advance(nowNs)
    this.#marketData.tellRefills(nowNs)
    this.#publishChanged()
    done += this.#deliverReports(nowNs)
    done += this.#marketData.deliver(nowNs)
    this.#dropSpent()
    return done
  }

  /** Tells every router how the feeds are that this market stands on. */
  tellHealth(health: readonly VenueHealth[]): void {
    for (const session of this.#sessions) {
      if (session.isOpen && session.hasHello) writeJson(session.outbox, FrameKind.health, health)
    }
  }

  /** The machine's wall clock was set: the venues' follow, as they would their time servers. */
  setWallClock(nowNs: MonoNs, nowUs: number): void {
    this.#times[1] = nowUs - Math.floor(nowNs / NS_PER_US)
  }

  /** Every venue: deposits = accounts + fees + market, for every asset. */
  assertConserved(): void {
    for (const venue of this.#venues) venue.assertConserved()
  }

  // Of a session.

  onFrame(session: PaperSession, view: DataView, at: number, nowNs: MonoNs): boolean {
    const isGood = session.hasHello ? this.#queueCommand(session, view, at, nowNs) : this.#hello(session, view, at)
    if (!isGood) this.protocolErrors++
    return isGood
  }

  onSessionClosed(session: PaperSession): void {
    this.#marketData.forget(session)
  }

  // Of the market source.

  onLevel(venue: VenueIndex, instrument: InstrumentIndex, side: BookSide, price: PriceTicks, lots: QtyLots): void {
    this.#venues[venue].setLevel(instrument, side, price, lots)
  }

  onTrade(venue: VenueIndex, instrument: InstrumentIndex, aggressor: Side, price: PriceTicks, lots: QtyLots): void {
    this.onPaperPrint(venue, instrument, aggressor, price, lots)
    this.#venues[venue].tradeBackground(instrument, aggressor, price, lots)
  }

  onUpdateEnd(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#venues[venue].endUpdate(instrument)
    this.#marketData.publish(venue, instrument, this.#nowNs)
  }

  onClear(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#venues[venue].clear(instrument)
  }

  // Of the venues.

  onPaperReport(account: number, asker: number, report: VenueReport): void {
    for (const session of this.#sessions) {
      if (!session.isOpen || session.account !== account) continue
      if (asker !== EVERYBODY && asker !== session.serial) continue
      this.#scratch.clear()
      writeReport(this.#scratch, report)
      const releaseNs = this.#nowNs + this.#latencyOut[report.venue].drawNs()
      const { bytes, length } = this.#scratch
      if (!session.reports[report.venue].push(releaseNs, 0, 0, bytes, 0, length)) session.close()
    }
  }

  onPaperPrint(
    venue: VenueIndex,
    instrument: InstrumentIndex,
    aggressor: Side,
    price: PriceTicks,
    lots: QtyLots,
  ): void {
    this.#marketData.publishPrint(venue, instrument, aggressor, price, lots, this.#nowUs, this.#nowNs)
  }

  onPaperBookChanged(venue: VenueIndex, instrument: InstrumentIndex): void {
    this.#changed.push(venue, instrument)
  }

  #openMarketData(): PaperMarketData {
    const { source } = this
    const { levels, refillHalfLifeNs, refillTellNs } = this.#options
    const marketData = new PaperMarketData(
      {
        venues: source.venues.length,
        instruments: source.instruments.length,
        levels,
        levelsMax: this.#levelsMax,
        refillTellNs: refillHalfLifeNs === Number.POSITIVE_INFINITY ? refillHalfLifeNs : refillTellNs,
        delayNs: this.#latencyOut.map((latency) => latency.medianNs),
      },
      this.#sessions,
    )
    for (const { venue, instrument } of source.listings) {
      const book = this.#venues[venue].book(instrument)
      assert(book !== undefined, 'every listing has a book')
      marketData.addBook(venue, book)
    }
    return marketData
  }

  /** Our own orders may add levels to the deepest side a source tells. */
  get #levelsMax(): number {
    return Math.min(BOOK_LEVELS_MAX, Math.max(this.source.levelsMax, this.#options.levels))
  }

  #hello(session: PaperSession, view: DataView, at: number): boolean {
    if (frameKind(view, at) !== FrameKind.hello) return false
    const hello = readHello(view, at)
    if (hello === undefined || hello.token !== this.#options.token) return false
    const account = this.#accounts.get(hello.account) ?? this.#accounts.size
    if (account >= ACCOUNTS_MAX) return false
    this.#accounts.set(hello.account, account)
    session.account = account
    for (const venue of this.#venues) venue.openAccount(account)
    const { name, venues, instruments, listings } = this.source
    return writeJson(session.outbox, FrameKind.welcome, {
      protocol: PAPER_PROTOCOL,
      market: name,
      levels: this.#options.levels,
      levelsMax: this.#levelsMax,
      venues,
      instruments,
      listings,
    })
  }

  #queueCommand(session: PaperSession, view: DataView, at: number, nowNs: MonoNs): boolean {
    const venue = frameVenue(view, at)
    if (venue >= this.#venues.length || !isCommand(view, at)) return false
    if (!this.#isReadable(view, at)) return false
    const releaseNs = Math.max(nowNs, this.#nowNs) + this.#latencyIn[venue].drawNs()
    const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
    return session.commands[venue].push(releaseNs, 0, 0, bytes, at, frameBytes(view, at))
  }

  /** Are the fields of this command what they must be? */
  #isReadable(view: DataView, at: number): boolean {
    switch (frameKind(view, at)) {
      case FrameKind.place:
        return readPlace(view, at, this.#child)
      case FrameKind.cancel:
      case FrameKind.query:
        return readIdentity(view, at, this.#child)
      case FrameKind.reconcile:
        return readExecution(view, at) >= 0
      case FrameKind.subscribe: {
        const instrument = subscribedInstrument(view, at)
        return instrument === EVERY_INSTRUMENT || this.#marketData.hasBook(frameVenue(view, at), instrument)
      }
      default:
        return true
    }
  }

  /** Commands that arrive up to `nowNs`, each at its own time. */
  #runCommands(nowNs: MonoNs): number {
    let done = 0
    for (;;) {
      let next: PaperSession | undefined
      let venue = 0
      let dueNs = Number.POSITIVE_INFINITY
      for (const session of this.#sessions) {
        for (let at = 0; at < this.#venues.length; at++) {
          if (session.commands[at].dueNs >= dueNs) continue
          next = session
          venue = at
          dueNs = session.commands[at].dueNs
        }
      }
      if (next === undefined || dueNs > nowNs) return done
      done += this.#advance(dueNs as MonoNs)
      const line = next.commands[venue]
      this.#execute(next, this.#venues[venue], line.view, line.at)
      line.pop()
      this.#publishChanged()
      done++
    }
  }

  /** The market moves up to this time. */
  #advance(nowNs: MonoNs): number {
    const thenNs = Math.max(nowNs, this.#nowNs) as MonoNs
    this.#times[0] = thenNs
    for (const venue of this.#venues) venue.advance(thenNs, this.#nowUs)
    const told = this.source.work(thenNs, this)
    this.#publishChanged()
    return told
  }

  #execute(session: PaperSession, venue: PaperVenue, view: DataView, at: number): void {
    const { account, serial } = session
    const child = this.#child
    switch (frameKind(view, at)) {
      case FrameKind.place:
        readPlace(view, at, child)
        venue.place(account, serial, child)
        break
      case FrameKind.cancel:
        readIdentity(view, at, child)
        venue.cancel(account, serial, child)
        break
      case FrameKind.query:
        readIdentity(view, at, child)
        venue.query(account, serial, child)
        break
      case FrameKind.cancelAll:
        venue.cancelAll(account)
        break
      case FrameKind.reconcile:
        venue.reconcile(account, serial, readExecution(view, at))
        break
      default:
        this.#subscribe(session, view, at)
    }
  }

  #subscribe(session: PaperSession, view: DataView, at: number): void {
    if (!session.isOpen) return
    const venue = frameVenue(view, at)
    const depth = subscribesAllLevels(view, at) ? BookDepth.all : BookDepth.top
    const wanted = subscribedInstrument(view, at)
    for (const { index } of this.source.instruments) {
      if (wanted === EVERY_INSTRUMENT || wanted === index) this.#marketData.follow(session, venue, index, depth)
    }
  }

  #publishChanged(): void {
    const changed = this.#changed
    for (let at = 0; at < changed.length; at += 2) {
      const venue = changed[at] as VenueIndex
      const instrument = changed[at + 1] as InstrumentIndex
      if (this.#venues[venue].book(instrument)?.isChanged) this.#marketData.publish(venue, instrument, this.#nowNs)
    }
    changed.length = 0
  }

  #deliverReports(nowNs: MonoNs): number {
    let delivered = 0
    for (const session of this.#sessions) {
      for (const line of session.reports) {
        for (; session.isOpen && line.dueNs <= nowNs; line.pop()) {
          if (!session.outbox.append(line.bytes, line.at, line.size)) session.close()
          delivered++
        }
      }
    }
    return delivered
  }

  #dropSpent(): void {
    for (let at = this.#sessions.length - 1; at >= 0; at--) {
      if (this.#sessions[at].isSpent) this.#sessions.splice(at, 1)
    }
  }

  get #nowUs(): number {
    return this.#times[1] + Math.floor(this.#times[0] / NS_PER_US)
  }

  get #nowNs(): MonoNs {
    return this.#times[0] as MonoNs
  }
}
