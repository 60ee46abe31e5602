/**
 * Books and prints for whoever subscribed. A book goes out at most once an interval and only when it changed; a client
 * that falls behind gets fewer books and a count of the prints it missed, never an older picture.
 */
import type { Clock } from '../../shared/clock.ts'
import { Side } from '../../shared/domain/order.ts'
import { decimalText } from '../../shared/units/decimal-text.ts'
import type { InstrumentIndex, VenueIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import { type EpochUs, type MonoNs, NS_PER_MS } from '../../shared/units/time.ts'
import { BookSide, type BookTable } from '../book/book-table.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { ConsolidatedQuotes } from './consolidated-quotes.ts'
import type { Outbox } from './outbox.ts'
import type { Session, SessionTable } from './session-table.ts'

/** A subscription to the prints of every instrument. */
export const ALL_INSTRUMENTS = -1
export const BOOKS_PER_SESSION_MAX = 32
/** Subscriptions are looked at this often, and so many books are put together then: the rest is due the next time. */
const SCAN_NS = NS_PER_MS
const BOOKS_PER_SCAN_MAX = 8
/** Prints that may wait for the end of a turn. */
const PENDING_MAX = 1_024

export interface BookSubscription {
  readonly instrument: InstrumentIndex
  readonly depth: number
  readonly intervalNs: number
  dueNs: number
  /** Of the book that was sent last. */
  fingerprint: number
}

export class MarketBroadcast {
  readonly #listings: ListingTable
  readonly #quotes: ConsolidatedQuotes
  readonly #sessions: SessionTable
  readonly #outbox: Outbox
  readonly #clock: Clock
  readonly #symbols: readonly string[]
  readonly #venues: readonly string[]
  /** Subscriptions over all sessions: with none of them a turn or a print costs one comparison. */
  #bookCount = 0
  #tradeCount = 0
  /** Session row the next scan starts at. */
  #cursor = 0
  readonly #scannedNs = Float64Array.of(Number.NEGATIVE_INFINITY)

  constructor(parts: {
    books: BookTable
    listings: ListingTable
    sessions: SessionTable
    outbox: Outbox
    clock: Clock
  }) {
    this.#listings = parts.listings
    this.#quotes = new ConsolidatedQuotes(parts.books, parts.listings)
    this.#sessions = parts.sessions
    this.#outbox = parts.outbox
    this.#clock = parts.clock
    this.#symbols = parts.listings.instruments.map(({ symbol }) => JSON.stringify(symbol))
    this.#venues = parts.listings.venues.map(({ id }) => JSON.stringify(id))
  }

  /** False: the session has as many as it may. The first book comes at once; a repeated subscription replaces. */
  subscribeBook(session: Session, instrument: InstrumentIndex, depth: number, intervalMs: number): boolean {
    this.unsubscribeBook(session, instrument)
    if (session.books.length >= BOOKS_PER_SESSION_MAX) return false
    session.books.push({ instrument, depth, intervalNs: intervalMs * NS_PER_MS, dueNs: 0, fingerprint: 0 })
    this.#bookCount++
    return true
  }

  unsubscribeBook(session: Session, instrument: InstrumentIndex): void {
    const at = session.books.findIndex((book) => book.instrument === instrument)
    if (at < 0) return
    session.books.splice(at, 1)
    this.#bookCount--
  }

  subscribeTrades(session: Session, instrument: number): void {
    if (session.trades.has(instrument)) return
    session.trades.add(instrument)
    this.#tradeCount++
  }

  unsubscribeTrades(session: Session, instrument: number): void {
    if (session.trades.delete(instrument)) this.#tradeCount--
  }

  /** Nothing of a closed session is counted any more. */
  forget(session: Session): void {
    this.#bookCount -= session.books.length
    this.#tradeCount -= session.trades.size
    session.books.length = 0
    session.trades.clear()
  }

  /** Sends the books that are due; answers how many. */
  work(nowNs: MonoNs): number {
    if (this.#bookCount === 0 || nowNs - this.#scannedNs[0] < SCAN_NS) return 0
    this.#scannedNs[0] = nowNs
    let sent = 0
    const rows = this.#sessions.rows
    for (let i = 0; i < rows && sent < BOOKS_PER_SCAN_MAX; i++) {
      const session = this.#sessions.at(this.#cursor)
      this.#cursor = (this.#cursor + 1) % rows
      if (session !== undefined && session.books.length > 0) sent += this.#sendBooks(session, nowNs)
    }
    return sent
  }

  /** A public print of a venue. */
  onTrade(
    venue: VenueIndex,
    instrument: InstrumentIndex,
    aggressor: Side,
    price: PriceTicks,
    lots: QtyLots,
    timeUs: EpochUs,
  ): void {
    if (this.#tradeCount === 0) return
    let text = ''
    for (let row = 0; row < this.#sessions.rows; row++) {
      const session = this.#sessions.at(row)
      if (session === undefined || session.trades.size === 0) continue
      if (!session.trades.has(instrument) && !session.trades.has(ALL_INSTRUMENTS)) continue
      if (session.pending.length >= PENDING_MAX || this.#outbox.isBehind(session)) {
        session.tradesMissed++
        continue
      }
      if (text === '') text = this.#tradeText(venue, instrument, aggressor, price, lots, timeUs)
      this.#outbox.send(session, `${text}${this.#missedText(session)}}`)
    }
  }

  #sendBooks(session: Session, nowNs: MonoNs): number {
    let sent = 0
    for (const book of session.books) {
      if (nowNs < book.dueNs) continue
      book.dueNs = nowNs + book.intervalNs
      if (this.#outbox.isBehind(session)) continue
      const fingerprint = this.#quotes.fingerprint(book.instrument)
      if (fingerprint === book.fingerprint) continue
      book.fingerprint = fingerprint
      this.#outbox.send(session, this.#bookText(book.instrument, book.depth))
      sent++
    }
    return sent
  }

  #bookText(instrument: InstrumentIndex, depth: number): string {
    const quotes = this.#quotes
    return (
      `{"type":"book","symbol":${this.#symbols[instrument]},"timeUs":${this.#clock.epochUs()}` +
      `,"venuesLive":${quotes.liveVenues(instrument)},"bids":${quotes.sideText(instrument, BookSide.bid, depth)}` +
      `,"asks":${quotes.sideText(instrument, BookSide.ask, depth)}}`
    )
  }

  /** Left open at the end for what differs between sessions. */
  #tradeText(
    venue: VenueIndex,
    instrument: InstrumentIndex,
    aggressor: Side,
    price: PriceTicks,
    lots: QtyLots,
    timeUs: EpochUs,
  ): string {
    const { priceDigits, qtyDigits } = this.#listings.instruments[instrument]
    return (
      `{"type":"trade","symbol":${this.#symbols[instrument]},"venue":${this.#venues[venue]}` +
      `,"side":"${aggressor === Side.buy ? 'buy' : 'sell'}","price":"${decimalText(price, priceDigits)}"` +
      `,"quantity":"${decimalText(lots, qtyDigits)}","timeUs":${timeUs}`
    )
  }

  #missedText(session: Session): string {
    if (session.tradesMissed === 0) return ''
    const text = `,"missed":${session.tradesMissed}`
    session.tradesMissed = 0
    return text
  }
}
