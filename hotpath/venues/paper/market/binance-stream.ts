/** What one symbol of one Binance market said, collected while its files are read, as columns of integers. */
import { PRICE_TICKS_MAX, QTY_LOTS_MAX } from '../../../../shared/limits.ts'
import { BookSide } from '../../../book/book-table.ts'
import { BinanceBook, type BookChanges } from './binance-book.ts'
import {
  type BinanceMarket,
  binanceVenueIds,
  CAPTURE_DIGITS_MAX,
  type CapturedDigits,
  type DepthFrame,
  type SnapshotFrame,
  type TradeFrame,
} from './binance-frame.ts'
import { GrowingColumn } from './growing-column.ts'

export const StreamEvent = { update: 0, clear: 1, trade: 2 } as const
export type StreamEvent = (typeof StreamEvent)[keyof typeof StreamEvent]

/** Prices this many times the usual ones must fit. */
const PRICE_ROOM = 4
/** Numbers looked at to know the usual ones. */
const SAMPLES = 1_000
/** How long a book waits for its snapshot before it grows from its changes alone. */
const SNAPSHOT_WAIT_NS = 3_000_000_000

/** An event a row; its changes end at `eventEnd`. Prices in ticks, negative for asks and for sold trades. */
export interface StreamColumns {
  readonly eventNs: Float64Array
  readonly eventKind: Uint8Array
  readonly eventEnd: Uint32Array
  readonly prices: Int32Array
  readonly lots: Float64Array
}

export class CapturedStream implements BookChanges {
  readonly market: BinanceMarket
  readonly symbol: string
  readonly book = new BinanceBook(this)
  /** Digits that some number of the capture needs. */
  #priceDigits = 0
  #qtyDigits = 0
  #rounded = 0
  #outside = 0
  #capped = 0
  #wasGrown = false
  /** [0] capture time of the line being read; [1] since when the book waits for a snapshot. */
  readonly #ns = new Float64Array(2)
  readonly #eventNs = new GrowingColumn()
  readonly #eventKind = new GrowingColumn()
  readonly #eventEnd = new GrowingColumn()
  /** As the venue wrote them; the price's sign as in StreamColumns. */
  readonly #prices = new GrowingColumn()
  readonly #qtys = new GrowingColumn()

  constructor(market: BinanceMarket, symbol: string, ns: number) {
    this.market = market
    this.symbol = symbol
    this.#ns.fill(ns)
  }

  get hasBook(): boolean {
    return this.#eventNs.length > 0 && this.book.levelsMax > 0
  }

  get levelsMax(): number {
    return this.book.levelsMax
  }

  /** Of the grid: what every number needs, or what leaves usual prices and quantities within our bounds. */
  get priceDigits(): number {
    return Math.min(this.#priceDigits, digitsWithin(PRICE_TICKS_MAX / PRICE_ROOM, this.#prices, 0.5))
  }

  get qtyDigits(): number {
    return Math.min(this.#qtyDigits, digitsWithin(QTY_LOTS_MAX, this.#qtys, 0.99))
  }

  /** Level changes and trades kept. */
  get size(): number {
    return this.#prices.length
  }

  takeDepth(frame: DepthFrame, ns: number): void {
    this.#see(frame, ns)
    this.book.applyDepth(frame)
    if (!this.book.isWaiting) this.#ns[1] = ns
    else if (ns - this.#ns[1] > SNAPSHOT_WAIT_NS) this.grow()
  }

  takeSnapshot(frame: SnapshotFrame, ns: number): void {
    this.#see(frame, ns)
    this.book.applySnapshot(frame)
  }

  takeTrade(frame: TradeFrame, ns: number): void {
    if (!this.hasBook) return
    this.#see(frame, ns)
    this.#addChange(frame.isSell ? -frame.price : frame.price, frame.qty)
    this.#endEvent(StreamEvent.trade)
  }

  /** The files have ended, or the wait has: a book without a snapshot shows what it has. */
  grow(): void {
    this.book.growFromChanges()
    if (this.book.isGrown) this.#wasGrown = true
  }

  onClear(): void {
    this.#endEvent(StreamEvent.clear)
  }

  onLevel(side: BookSide, price: number, qty: number): void {
    this.#addChange(side === BookSide.ask ? -price : price, qty)
  }

  onUpdateEnd(): void {
    this.#endEvent(StreamEvent.update)
  }

  /**
   * The columns on the instrument's grid: exact where the grid has the digits, else rounded against us and counted
   * (bids and quantities down, asks up). Call once, when everything is read.
   */
  columns(): StreamColumns {
    const priceScale = 10 ** this.priceDigits
    const qtyScale = 10 ** this.qtyDigits
    const prices = new Int32Array(this.#prices.length)
    const lots = new Float64Array(this.#prices.length)
    const newEnd = new Uint32Array(this.#eventEnd.length)
    let kept = 0
    let read = 0
    for (let event = 0; event < newEnd.length; event++) {
      for (; read < this.#eventEnd.at(event); read++) {
        // Asks are negative here: the floor of a negative price is the one further away.
        const price = this.#floor(this.#prices.at(read) * priceScale)
        const qty = this.#floor(this.#qtys.at(read) * qtyScale)
        if (price === 0 || Math.abs(price) > PRICE_TICKS_MAX) this.#outside++
        else {
          if (qty > QTY_LOTS_MAX) this.#capped++
          prices[kept] = price
          lots[kept++] = Math.min(qty, QTY_LOTS_MAX)
        }
      }
      newEnd[event] = kept
    }
    const eventKind = Uint8Array.from(this.#eventKind.take())
    return { eventNs: this.#eventNs.take(), eventKind, eventEnd: newEnd, prices, lots }
  }

  notes(): string[] {
    const name = `${binanceVenueIds[this.market]} ${this.symbol}`
    const notes: string[] = []
    if (this.#wasGrown) notes.push(`${name}: no snapshot; the book grows from its changes and is thin at first`)
    if (this.book.gaps > 0) notes.push(`${name}: ${this.book.gaps} gaps in the sequence; the book started anew`)
    if (this.#rounded > 0) notes.push(`${name}: ${this.#rounded} numbers rounded against us`)
    if (this.#outside > 0) notes.push(`${name}: ${this.#outside} level changes dropped: price outside our bounds`)
    if (this.#capped > 0) notes.push(`${name}: ${this.#capped} quantities told as the largest we keep exactly`)
    return notes
  }

  /** Local time may step back by a little between streams of one file; a stream's own never does. */
  #see({ priceDigits, qtyDigits }: CapturedDigits, ns: number): void {
    this.#ns[0] = Math.max(this.#ns[0], ns)
    this.#priceDigits = Math.max(this.#priceDigits, priceDigits)
    this.#qtyDigits = Math.max(this.#qtyDigits, qtyDigits)
  }

  /** A decimal of 15 digits times a power of ten is a whole number but for its last bits. */
  #floor(scaled: number): number {
    const near = Math.round(scaled)
    if (Math.abs(scaled - near) <= Math.max(1e-9, Math.abs(scaled) * 2 ** -50)) return near
    this.#rounded++
    return Math.floor(scaled)
  }

  #addChange(price: number, qty: number): void {
    this.#prices.push(price)
    this.#qtys.push(qty)
  }

  #endEvent(kind: StreamEvent): void {
    this.#eventNs.push(this.#ns[0])
    this.#eventKind.push(kind)
    this.#eventEnd.push(this.#prices.length)
  }
}

/** Most digits, up to CAPTURE_DIGITS_MAX, with which a share of the numbers (a sample of them) stays within `bound`. */
function digitsWithin(bound: number, numbers: GrowingColumn, share: number): number {
  const step = Math.max(1, Math.floor(numbers.length / SAMPLES))
  const sample: number[] = []
  for (let at = 0; at < numbers.length; at += step) sample.push(Math.abs(numbers.at(at)))
  sample.sort((a, b) => a - b)
  const usual = sample[Math.floor((sample.length - 1) * share)] || 1
  return Math.max(0, Math.min(CAPTURE_DIGITS_MAX, Math.floor(Math.log10(bound / usual))))
}
