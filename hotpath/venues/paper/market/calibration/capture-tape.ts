/** One file of the raw Binance capture as the derivation wants it: best prices, bursts of trades, depth every second. */
import { BookSide } from '../../../../book/book-table.ts'
import { BinanceBook, type BookChanges } from '../binance-book.ts'
import { type LocalTime, parseFrame, readLocalTime, type TradeFrame } from '../binance-frame.ts'
import { readLines } from '../recorded-file.ts'

/** 2024-08-08T23:54:00Z: seconds are kept relative to it, so that they stay exact as doubles. */
const ORIGIN_SECONDS = 1_723_161_240

export interface TouchRow {
  readonly ns: number
  readonly bid: number
  readonly bidQty: number
  readonly ask: number
  readonly askQty: number
}

export interface Burst {
  readonly ns: number
  /** Exchange time, milliseconds. */
  readonly atMs: number
  readonly isSell: boolean
  qty: number
  quoteAmount: number
  prints: number
}

export interface DepthRow {
  readonly ns: number
  readonly sides: readonly [ReadonlyMap<number, number>, ReadonlyMap<number, number>]
}

export class CaptureTape implements BookChanges {
  readonly touches: TouchRow[] = []
  readonly bursts: Burst[] = []
  /** The book once a second. */
  readonly books: DepthRow[] = []
  levelChanges = 0
  levelChangesNear = 0
  readonly #sides = [new Map<number, number>(), new Map<number, number>()] as const
  readonly #book = new BinanceBook(this)
  #ns = 0

  readonly #keepsBooks: boolean

  constructor(keepsBooks: boolean) {
    this.#keepsBooks = keepsBooks
  }

  static async read(path: string, keepsBooks: boolean): Promise<CaptureTape> {
    const tape = new CaptureTape(keepsBooks)
    const time: LocalTime = { seconds: 0, nanos: 0 }
    const { early } = await readLines(path, (bytes, from, to) => {
      const json = readLocalTime(bytes, from, to, time)
      if (json > 0) tape.#take(bytes.toString('latin1', json, to), (time.seconds - ORIGIN_SECONDS) * 1e9 + time.nanos)
    })
    if (early !== '') throw new Error(`${path}: ${early}`)
    return tape
  }

  get seconds(): number {
    return (this.touches[this.touches.length - 1].ns - this.touches[0].ns) / 1e9
  }

  onClear(): void {
    for (const side of this.#sides) side.clear()
  }

  onLevel(side: BookSide, price: number, qty: number): void {
    if (qty === 0) this.#sides[side].delete(price)
    else this.#sides[side].set(price, qty)
    const last = this.touches[this.touches.length - 1]
    this.levelChanges++
    if (last !== undefined && Math.abs(price / ((last.bid + last.ask) / 2) - 1) < 10e-4) this.levelChangesNear++
  }

  onUpdateEnd(): void {
    if (!this.#keepsBooks) return
    const last = this.books[this.books.length - 1]
    if (this.#sides[BookSide.bid].size === 0 || (last !== undefined && this.#ns - last.ns < 1e9)) return
    this.books.push({ ns: this.#ns, sides: [new Map(this.#sides[0]), new Map(this.#sides[1])] })
  }

  #take(json: string, ns: number): void {
    this.#ns = ns
    if (json.includes('@bookTicker')) {
      this.#takeTouch(json)
      return
    }
    const frame = parseFrame(json)
    if (typeof frame === 'string') return
    if (frame.kind === 'depth') this.#book.applyDepth(frame)
    else if (frame.kind === 'snapshot') this.#book.applySnapshot(frame)
    else this.#takeTrade(frame, (JSON.parse(json) as { data: { T: number } }).data.T)
  }

  #takeTouch(json: string): void {
    const { data } = JSON.parse(json) as { data: { b: string; B: string; a: string; A: string } }
    const { b, B, a, A } = data
    this.touches.push({ ns: this.#ns, bid: Number(b), bidQty: Number(B), ask: Number(a), askQty: Number(A) })
  }

  #takeTrade({ price, qty, isSell }: TradeFrame, atMs: number): void {
    const last = this.bursts[this.bursts.length - 1]
    const quoteAmount = price * qty
    if (last !== undefined && last.atMs === atMs && last.isSell === isSell) {
      last.qty += qty
      last.quoteAmount += quoteAmount
      last.prints++
    } else this.bursts.push({ ns: this.#ns, atMs, isSell, qty: qty, quoteAmount, prints: 1 })
  }
}
