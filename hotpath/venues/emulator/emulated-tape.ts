/** The public trades of one symbol: the newest ones, and the sums that tickers show. */
import type { Side } from '../../../shared/domain/order.ts'

export interface EmulatedPrint {
  readonly id: number
  readonly priceTicks: number
  readonly lots: number
  readonly aggressor: Side
  readonly timeMs: number
}

/** Prints remembered: the most any of the venues answers at once. */
const PRINTS_KEPT = 1_000

export class EmulatedTape {
  #prints: EmulatedPrint[] = []
  #lastId: number
  /** The trade that was told to an account first, and waits to be seen by the public. */
  #pendingId = 0
  /** Since the venue opened; ticks, lots, ticks x lots. */
  openTicks = 0
  highTicks = 0
  lowTicks = 0
  lastTicks = 0
  lastLots = 0
  lots = 0
  notional = 0n
  count = 0

  constructor(lastId: number) {
    this.#lastId = lastId
  }

  get lastId(): number {
    return this.#lastId
  }

  /** Oldest first. */
  newest(count: number): readonly EmulatedPrint[] {
    return this.#prints.slice(-Math.min(count, PRINTS_KEPT))
  }

  /** Number of a trade of an account. Maker and taker of one trade, and its print, share it. */
  numberFill(isMaker: boolean): number {
    const id = !isMaker && this.#pendingId !== 0 ? this.#pendingId : ++this.#lastId
    this.#pendingId = id
    return id
  }

  /** The background's trade was told already: fills that came of it are not printed again. */
  forgetPending(): void {
    this.#pendingId = 0
  }

  print(aggressor: Side, priceTicks: number, lots: number, timeMs: number): EmulatedPrint {
    const id = this.#pendingId === 0 ? ++this.#lastId : this.#pendingId
    this.#pendingId = 0
    const print = { id, priceTicks, lots, aggressor, timeMs }
    this.#prints.push(print)
    if (this.#prints.length > PRINTS_KEPT * 2) this.#prints = this.#prints.slice(-PRINTS_KEPT)
    if (this.count === 0) this.openTicks = priceTicks
    this.highTicks = Math.max(this.highTicks, priceTicks)
    this.lowTicks = this.count === 0 ? priceTicks : Math.min(this.lowTicks, priceTicks)
    this.lastTicks = priceTicks
    this.lastLots = lots
    this.lots += lots
    this.notional += BigInt(priceTicks) * BigInt(lots)
    this.count++
    return print
  }
}
