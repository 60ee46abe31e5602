/**
 * What any venue's market data comes down to, in its own decimals: one book message, a public trade, a best quote, and the
 * state of a derivative. Each is one object, reused by its decoder: the sink copies what it keeps.
 */
import { Side } from '../../../shared/domain/order.ts'
import { LevelList } from './level-list.ts'
import { NO_SYMBOL } from './symbol-table.ts'

/** No sequence, no checksum, no time was said. */
export const ABSENT = -1

export class BookMessage {
  /** Row in the venue's SymbolTable. */
  symbol = NO_SYMBOL
  /** The whole book (as deep as the venue tells it) instead of changes. */
  isSnapshot = false
  readonly levels = new LevelList()
  hasChecksum = false
  /** 32 bits, as an unsigned number. */
  readonly #wide = new Float64Array(5)

  /** First and last update in this message, and the last of the message before; ABSENT where the venue says none. */
  get first(): number {
    return this.#wide[0]
  }
  set first(value: number) {
    this.#wide[0] = value
  }
  get last(): number {
    return this.#wide[1]
  }
  set last(value: number) {
    this.#wide[1] = value
  }
  get previous(): number {
    return this.#wide[2]
  }
  set previous(value: number) {
    this.#wide[2] = value
  }
  get checksum(): number {
    return this.#wide[3]
  }
  set checksum(value: number) {
    this.#wide[3] = value < 0 ? value + 2 ** 32 : value
    this.hasChecksum = true
  }
  /** The venue's time of it, microseconds since 1970; 0 when it does not say. */
  get timeUs(): number {
    return this.#wide[4]
  }
  set timeUs(value: number) {
    this.#wide[4] = value
  }

  clear(): void {
    this.symbol = NO_SYMBOL
    this.isSnapshot = false
    this.levels.clear()
    this.hasChecksum = false
    this.#wide[0] = ABSENT
    this.#wide[1] = ABSENT
    this.#wide[2] = ABSENT
    this.#wide[3] = 0
    this.#wide[4] = 0
  }
}

export class TradeMessage {
  symbol = NO_SYMBOL
  /** Who took. */
  aggressor: Side = Side.buy
  /** Told again with a subscription: it happened before, and may have been told then. */
  isHistory = false
  priceFraction = 0
  sizeFraction = 0
  readonly #wide = new Float64Array(3)

  get price(): number {
    return this.#wide[0]
  }
  set price(value: number) {
    this.#wide[0] = value
  }
  get size(): number {
    return this.#wide[1]
  }
  set size(value: number) {
    this.#wide[1] = value
  }
  get timeUs(): number {
    return this.#wide[2]
  }
  set timeUs(value: number) {
    this.#wide[2] = value
  }

  clear(): void {
    this.symbol = NO_SYMBOL
    this.aggressor = Side.buy
    this.isHistory = false
    this.priceFraction = 0
    this.sizeFraction = 0
    this.#wide.fill(0)
    this.#wide[0] = ABSENT
    this.#wide[1] = ABSENT
  }
}

/** Best prices as the venue tells them beside its book. */
export class QuoteMessage {
  symbol = NO_SYMBOL
  bidFraction = 0
  bidSizeFraction = 0
  askFraction = 0
  askSizeFraction = 0
  /** bid, bidSize, ask, askSize (ABSENT where there is none), timeUs. */
  readonly wide = new Float64Array(5)

  clear(): void {
    this.symbol = NO_SYMBOL
    this.bidFraction = 0
    this.bidSizeFraction = 0
    this.askFraction = 0
    this.askSizeFraction = 0
    this.wide.fill(ABSENT)
    this.wide[4] = 0
  }
}

export const Quote = { bid: 0, bidSize: 1, ask: 2, askSize: 3, timeUs: 4 } as const

/** Opinions of a venue about a derivative; NaN where it says nothing. */
export class StateMessage {
  symbol = NO_SYMBOL
  readonly values = new Float64Array(6)

  clear(): void {
    this.symbol = NO_SYMBOL
    this.values.fill(Number.NaN)
  }
}

export const State = {
  markPrice: 0,
  indexPrice: 1,
  /** Of one funding interval, as a fraction of notional. */
  fundingRate: 2,
  /** Microseconds since 1970. */
  nextFundingUs: 3,
  openInterest: 4,
  lastPrice: 5,
} as const
