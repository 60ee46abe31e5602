/**
 * The other end of the venues' pipe, in this process: speaks the frames of paper venues, accepts and fills every child whole,
 * and changes books all the time. No matching, no latency: what is measured is the router.
 */
import { BookSide } from '../../hotpath/book/book-table.ts'
import { ChildOrder, VenueReport, VenueReportKind } from '../../hotpath/orders/venue-report.ts'
import { FrameBuffer } from '../../hotpath/venues/paper/frame-buffer.ts'
import { FrameReader, type FrameSink } from '../../hotpath/venues/paper/frame-reader.ts'
import { EVERY_INSTRUMENT, readPlace, subscribedInstrument } from '../../hotpath/venues/paper/paper-command-frame.ts'
import { FrameKind, frameKind, frameVenue, PAPER_PROTOCOL, writeJson } from '../../hotpath/venues/paper/paper-frame.ts'
import type { PaperMarket } from '../../hotpath/venues/paper/paper-hello.ts'
import { appendLevel, openBook, writeReport } from '../../hotpath/venues/paper/paper-news-frame.ts'
import type { PipeEvents } from '../../hotpath/venues/paper/pipe.ts'
import type { RelayedPipe } from '../../hotpath/venues/paper/pipe-relay.ts'
import type { Duty } from '../../shared/duty.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { QtyLots } from '../../shared/units/ticks.ts'
import { LEVELS, MID_TICKS } from './soak-market.ts'

const MIB = 1_048_576
const OUT_BYTES_MAX = 64 * MIB
const LOTS_FIRST = 1e9

export class SoakExchange implements RelayedPipe, FrameSink, Duty {
  readonly name = 'soak-exchange'
  readonly #market: PaperMarket
  readonly #events: PipeEvents
  readonly #reader = new FrameReader(MIB)
  readonly #out = new FrameBuffer(MIB, OUT_BYTES_MAX)
  readonly #child = new ChildOrder()
  readonly #report = new VenueReport()
  /** By venue x instrument: sequence of its book. */
  readonly #sequence: Float64Array
  readonly #execution = new Float64Array(1)
  readonly #isTold: Uint8Array
  #nextBook = 0
  #isPaused = false
  readonly unsentBytes = 0
  children = 0
  books = 0

  constructor(market: PaperMarket, events: PipeEvents) {
    this.#market = market
    this.#events = events
    this.#sequence = new Float64Array(market.venues.length * market.instruments.length)
    this.#isTold = new Uint8Array(this.#sequence.length)
    setImmediate(() => events.onOpen())
  }

  send(bytes: Uint8Array): void {
    if (!this.#reader.read(bytes, this)) throw new Error('the router sent a frame that makes no sense')
  }

  /** Nothing is connected really: the stream just ends. */
  close(): void {
    this.#isPaused = true
    this.#events.onClose()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
  }

  /** Brings what was written to the router. */
  work(): number {
    const { length } = this.#out
    if (length === 0 || this.#isPaused) return 0
    this.#events.onBytes(this.#out.bytes, length)
    this.#out.clear()
    return 1
  }

  /** Changes the next `count` books by a level each. */
  moveBooks(count: number): void {
    const books = this.#sequence.length
    for (let at = 0; at < count; at++) {
      this.#nextBook = (this.#nextBook + 1) % books
      if (this.#isTold[this.#nextBook] === 1) this.#change(this.#nextBook)
    }
  }

  onFrame(view: DataView, at: number): boolean {
    const venue = frameVenue(view, at)
    switch (frameKind(view, at)) {
      case FrameKind.hello:
        return writeJson(this.#out, FrameKind.welcome, { protocol: PAPER_PROTOCOL, ...this.#market })
      case FrameKind.place:
        return readPlace(view, at, this.#child) && this.#fill(venue)
      case FrameKind.subscribe:
        return this.#tell(venue, subscribedInstrument(view, at))
      case FrameKind.reconcile:
        return this.#say(venue, VenueReportKind.reconciled)
      default:
        return true
    }
  }

  #fill(venue: VenueIndex): boolean {
    const child = this.#child
    const report = this.#report
    this.children++
    report.epoch = child.epoch
    report.parentSequence = child.parentSequence
    report.childSequence = child.childSequence
    report.execution = 0
    report.lots = 0 as QtyLots
    report.filledLots = 0 as QtyLots
    report.priceTicks = child.limitTicks
    this.#say(venue, VenueReportKind.accepted)
    report.execution = ++this.#execution[0]
    report.lots = child.lots
    report.filledLots = child.lots
    return this.#say(venue, VenueReportKind.fill)
  }

  #say(venue: VenueIndex, kind: VenueReportKind): boolean {
    this.#report.venue = venue
    this.#report.kind = kind
    if (!writeReport(this.#out, this.#report)) throw new Error('the router does not read what its venues say')
    return true
  }

  #tell(venue: VenueIndex, instrument: number): boolean {
    const count = this.#market.instruments.length
    for (let at = 0; at < count; at++) {
      if (instrument === EVERY_INSTRUMENT || instrument === at) this.#snapshot(venue, at as InstrumentIndex)
    }
    return true
  }

  #snapshot(venue: VenueIndex, instrument: InstrumentIndex): void {
    const book = venue * this.#market.instruments.length + instrument
    const at = openBook(this.#out, venue, instrument, ++this.#sequence[book], true)
    for (let level = 0; level < LEVELS; level++) {
      appendLevel(this.#out, at, BookSide.bid, MID_TICKS - 100 - venue - level * 10, LOTS_FIRST)
      appendLevel(this.#out, at, BookSide.ask, MID_TICKS + 100 + venue + level * 10, LOTS_FIRST)
    }
    this.#isTold[book] = 1
  }

  #change(book: number): void {
    const instruments = this.#market.instruments.length
    const venue = Math.floor(book / instruments) as VenueIndex
    const sequence = ++this.#sequence[book]
    const at = openBook(this.#out, venue, (book % instruments) as InstrumentIndex, sequence, false)
    if (at < 0) throw new Error('the router does not read what its venues say')
    const level = sequence % LEVELS
    const side = sequence % 2 === 0 ? BookSide.bid : BookSide.ask
    const offset = 100 + venue + level * 10
    const price = side === BookSide.bid ? MID_TICKS - offset : MID_TICKS + offset
    appendLevel(this.#out, at, side, price, LOTS_FIRST + (sequence % 1_000))
    this.books++
  }
}
