/**
 * Public data of a paper exchange: each change of a book goes once into its venue's line and comes out half a median round
 * trip later at every session that follows the book. A session that reads too slowly is told whole books later instead.
 */
import type { Side } from '../../../shared/domain/order.ts'
import type { InstrumentIndex, VenueIndex } from '../../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import { DelayLine } from './delay-line.ts'
import { FrameBuffer } from './frame-buffer.ts'
import { FrameBytes, FrameKind, frameKind } from './paper-frame.ts'
import { isSnapshot, writePrint } from './paper-news-frame.ts'
import { PaperPublisher } from './paper-publisher.ts'
import { BookDepth, type PaperSession } from './paper-session.ts'
import type { ToldBook } from './told-book.ts'

const MIB = 1_048_576
/** Book changes of one venue on their way; when it is full, its books are told whole later. */
const LINE_BYTES_MAX = 8 * MIB
const EVERYBODY = 0

/** One book as the public sees it. */
class PublicBook {
  readonly row: number
  readonly venue: VenueIndex
  readonly book: ToldBook
  /** By BookDepth; there from the first follower on. */
  readonly publishers: (PaperPublisher | undefined)[] = []
  readonly followers = new Int32Array(3)

  constructor(row: number, venue: VenueIndex, book: ToldBook) {
    this.row = row
    this.venue = venue
    this.book = book
  }
}

export interface MarketDataOptions {
  readonly venues: number
  readonly instruments: number
  readonly levels: number
  readonly levelsMax: number
  readonly refillTellNs: number
  /** By venue: how long news takes. */
  readonly delayNs: readonly number[]
}

export class PaperMarketData {
  readonly #options: MarketDataOptions
  readonly #sessions: readonly PaperSession[]
  /** By row; undefined where the venue does not list the instrument. */
  readonly #books: (PublicBook | undefined)[] = []
  readonly #lines: readonly DelayLine[]
  readonly #scratch: FrameBuffer
  readonly #refilling = new Set<PublicBook>()
  readonly #nextRefillNs = new Float64Array(1)

  constructor(options: MarketDataOptions, sessions: readonly PaperSession[]) {
    this.#options = options
    this.#sessions = sessions
    this.#lines = Array.from({ length: options.venues }, () => new DelayLine(LINE_BYTES_MAX))
    // A change of a whole book: every level of both sides gone, and as many new ones.
    const bytesMax = FrameBytes.book + 4 * options.levelsMax * FrameBytes.level
    this.#scratch = new FrameBuffer(Math.min(bytesMax, 65_536), bytesMax)
  }

  row(venue: VenueIndex, instrument: InstrumentIndex): number {
    return venue * this.#options.instruments + instrument
  }

  addBook(venue: VenueIndex, book: ToldBook): void {
    const row = this.row(venue, book.instrument)
    this.#books[row] = new PublicBook(row, venue, book)
  }

  /** Does this venue list the instrument? */
  hasBook(venue: VenueIndex, instrument: number): boolean {
    return (
      instrument < this.#options.instruments &&
      this.#books[this.row(venue, instrument as InstrumentIndex)] !== undefined
    )
  }

  /** Tells what changed in a book since it was last told. O(levels), or O(1) when nobody follows it. */
  publish(venue: VenueIndex, instrument: InstrumentIndex, nowNs: MonoNs): void {
    const open = this.#books[this.row(venue, instrument)]
    if (open !== undefined) this.#publish(open, nowNs)
  }

  publishPrint(
    venue: VenueIndex,
    instrument: InstrumentIndex,
    aggressor: Side,
    price: PriceTicks,
    lots: QtyLots,
    us: number,
    nowNs: MonoNs,
  ): void {
    const open = this.#books[this.row(venue, instrument)]
    if (open === undefined || open.followers[BookDepth.top] + open.followers[BookDepth.all] === 0) return
    this.#scratch.clear()
    writePrint(this.#scratch, venue, instrument, aggressor, price, lots, us)
    this.#send(open, BookDepth.top, EVERYBODY, nowNs)
  }

  /** The session follows this book from its next snapshot on; asked again, it gets another. */
  follow(session: PaperSession, venue: VenueIndex, instrument: InstrumentIndex, depth: BookDepth): void {
    const open = this.#books[this.row(venue, instrument)]
    if (open === undefined) return
    open.followers[session.depth[open.row]]--
    open.followers[depth]++
    const levels = depth === BookDepth.all ? this.#options.levelsMax : this.#options.levels
    if (depth !== BookDepth.none) open.publishers[depth] ??= new PaperPublisher(open.book, venue, levels)
    session.depth[open.row] = depth
    session.wantSnapshot(open.row)
  }

  forget(session: PaperSession): void {
    for (const open of this.#books) {
      if (open !== undefined) open.followers[session.depth[open.row]]--
    }
  }

  /** Tells books in which liquidity comes back. O(books that refill). */
  tellRefills(nowNs: MonoNs): void {
    if (this.#refilling.size === 0 || nowNs < this.#nextRefillNs[0]) return
    this.#nextRefillNs[0] = nowNs + this.#options.refillTellNs
    for (const open of this.#refilling) {
      open.book.settleCrossed(nowNs)
      this.#publish(open, nowNs)
      if (!open.book.isRefilling(nowNs)) this.#refilling.delete(open)
    }
  }

  /** What is due comes out of the lines; then whoever needs whole books and can take them gets them under way. */
  deliver(nowNs: MonoNs): number {
    let delivered = 0
    for (const line of this.#lines) {
      while (line.dueNs <= nowNs) {
        for (const session of this.#sessions) this.#hand(line, session)
        line.pop()
        delivered++
      }
    }
    for (const session of this.#sessions) {
      if (session.snapshotsNeeded > 0 && session.isOpen && !session.isBehind) this.#sendSnapshots(session, nowNs)
    }
    return delivered
  }

  #publish(open: PublicBook, nowNs: MonoNs): void {
    open.book.markTold()
    if (open.book.hasTaken && this.#options.refillTellNs < Number.POSITIVE_INFINITY) this.#refilling.add(open)
    for (const depth of [BookDepth.top, BookDepth.all]) {
      if (open.followers[depth] === 0) continue
      this.#scratch.clear()
      if (!open.publishers[depth]!.writeChanges(this.#scratch, nowNs)) continue
      if (!this.#send(open, depth, EVERYBODY, nowNs)) this.#loseChange(open, depth)
    }
  }

  #send(open: PublicBook, depth: BookDepth, target: number, nowNs: MonoNs): boolean {
    const { bytes, length } = this.#scratch
    const releaseNs = nowNs + this.#options.delayNs[open.venue]
    return this.#lines[open.venue].push(releaseNs, open.row * 4 + depth, target, bytes, 0, length)
  }

  #loseChange(open: PublicBook, depth: BookDepth): void {
    for (const session of this.#sessions) if (session.depth[open.row] === depth) session.wantSnapshot(open.row)
  }

  /** The line's next message, if it is for this session. */
  #hand(line: DelayLine, session: PaperSession): void {
    const row = line.tag >> 2
    const follows = session.depth[row]
    if (!session.isOpen || follows === BookDepth.none) return
    const isBook = frameKind(line.view, line.at) === FrameKind.book
    if (isBook && (line.tag & 3) !== follows) return
    if (line.target !== EVERYBODY && line.target !== session.serial) return
    if (isBook && isSnapshot(line.view, line.at)) session.isLive[row] = 1
    else if (isBook && session.isLive[row] === 0) return
    if (!session.isBehind) session.outbox.append(line.bytes, line.at, line.size)
    else if (isBook) session.wantSnapshot(row)
  }

  #sendSnapshots(session: PaperSession, nowNs: MonoNs): void {
    for (const open of this.#books) {
      if (open === undefined || session.needsSnapshot[open.row] === 0) continue
      const depth = session.depth[open.row] as BookDepth
      this.#publish(open, nowNs)
      this.#scratch.clear()
      open.publishers[depth]!.writeSnapshot(this.#scratch)
      if (this.#send(open, depth, session.serial, nowNs)) session.doneSnapshot(open.row)
    }
  }
}
