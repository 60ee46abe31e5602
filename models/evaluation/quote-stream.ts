/**
 * A day of national-best quotes of one US stock: rows `time ms since midnight, bid price, bid size, ask price, ask size,
 * exchange, condition, suspicious`, prices in 1/10,000 dollar, one side a row (the other 0).
 */
import { BookSide } from '../../hotpath/book/book-table.ts'

const COMMA = 44
const NEWLINE = 10
const ZERO = 48
const LETTER_A = 65
const LETTERS = 26
/** FINRA's trade reporting facility: prints from off the exchanges, nowhere to route to. */
const OFF_EXCHANGE = 'D'.charCodeAt(0) - LETTER_A

/** What a row says; one mutable object, reused. */
export class QuoteRow {
  timeMs = 0
  bidPrice = 0
  bidShares = 0
  askPrice = 0
  askShares = 0
  /** Letter of the exchange, A = 0. */
  exchange = 0
  isSuspicious = false
}

export function isQuoteHead(head: string): boolean {
  return /^\d+,\d+,\d+,\d+,\d+,[A-Z],\d+,[01]\r?\n/.test(head)
}

/** Tells every whole row in order; rows of another shape are counted and left out. Answers how many. O(bytes). */
export function readQuotes(bytes: Buffer, onRow: (row: QuoteRow) => void): number {
  const row = new QuoteRow()
  let malformed = 0
  let at = 0
  const number = (): number => {
    let value = 0
    for (; at < bytes.length && bytes[at] >= ZERO && bytes[at] <= ZERO + 9; at++) value = value * 10 + bytes[at] - ZERO
    if (bytes[at] === COMMA) at++
    return value
  }
  while (at < bytes.length) {
    const end = bytes.indexOf(NEWLINE, at)
    const next = end < 0 ? bytes.length : end + 1
    row.timeMs = number()
    row.bidPrice = number()
    row.bidShares = number()
    row.askPrice = number()
    row.askShares = number()
    row.exchange = bytes[at] - LETTER_A
    const isWhole = row.exchange >= 0 && row.exchange < LETTERS && bytes[at + 1] === COMMA && at + 1 < next
    at += 2
    number()
    row.isSuspicious = bytes[at] !== ZERO
    if (isWhole) onRow(row)
    else malformed++
    at = next
  }
  return malformed
}

/** One side of the national best: its price, and the venues known to be there since it last moved to that price. */
class BestSide {
  price = 0
  readonly shares = new Float64Array(LETTERS)

  apply(price: number, shares: number, exchange: number): void {
    if (price !== this.price) {
      this.price = price
      this.shares.fill(0)
    }
    this.shares[exchange] = shares
  }
}

/** Sizes by exchange are a lower bound: a venue that stays at the best price without an update since is not seen. */
export class NationalBest {
  readonly sides = [new BestSide(), new BestSide()] as const

  apply(row: QuoteRow): void {
    if (row.isSuspicious || row.exchange === OFF_EXCHANGE) return
    if (row.bidPrice > 0) this.sides[BookSide.bid].apply(row.bidPrice, row.bidShares, row.exchange)
    if (row.askPrice > 0) this.sides[BookSide.ask].apply(row.askPrice, row.askShares, row.exchange)
  }

  /** Both sides are there, not locked and not crossed. */
  get isOpen(): boolean {
    const [bid, ask] = this.sides
    return bid.price > 0 && ask.price > bid.price
  }
}

export function exchangeLetter(exchange: number): string {
  return String.fromCharCode(LETTER_A + exchange)
}

export const EXCHANGES_MAX = LETTERS
