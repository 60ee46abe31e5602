/**
 * One side of a background book, with what our own fills took from each level. What was taken comes back with a half-life
 * and is computed when somebody looks. Sorted by key = price (bids) or -price (asks), so that the best level is last on
 * both sides and "better" is always "greater key".
 */
import { BOOK_LEVELS_MAX } from '../../../shared/limits.ts'
import { floorToLot, type PriceTicks, type QtyLots } from '../../../shared/units/ticks.ts'
import type { MonoNs } from '../../../shared/units/time.ts'
import { BookSide } from '../../book/book-table.ts'
import { widened } from './paper-orders.ts'

const LEVELS_FIRST = 32
/** Steps from the best level before the search becomes binary (reference measurement: most changes are near the best). */
const LINEAR_STEPS = 8

export class PaperSide {
  readonly #sign: 1 | -1
  readonly #lotStep: number
  readonly #halfLifeNs: number
  count = 0
  #keys = new Float64Array(LEVELS_FIRST)
  #lots = new Float64Array(LEVELS_FIRST)
  /** What we took of each level, not rounded, as of `takenNs`. */
  #taken = new Float64Array(LEVELS_FIRST)
  #takenNs = new Float64Array(LEVELS_FIRST)

  constructor(side: BookSide, lotStep: number, halfLifeNs: number) {
    this.#sign = side === BookSide.bid ? 1 : -1
    this.#lotStep = lotStep
    this.#halfLifeNs = halfLifeNs
  }

  keyOf(price: PriceTicks): number {
    return this.#sign * price
  }

  key(at: number): number {
    return this.#keys[at]
  }

  price(at: number): PriceTicks {
    return (this.#sign * this.#keys[at]) as PriceTicks
  }

  /** What can be traded of a level: background less what we took, on the venue's lot grid. */
  available(at: number, nowNs: MonoNs): QtyLots {
    const taken = this.#taken[at]
    const left = taken === 0 ? this.#lots[at] : this.#lots[at] - Math.round(this.#decayed(at, nowNs))
    return (left <= 0 ? 0 : floorToLot(left, this.#lotStep)) as QtyLots
  }

  /** The same by price; 0 where there is no level. O(log levels). */
  availableAt(price: PriceTicks, nowNs: MonoNs): QtyLots {
    const at = this.find(price)
    return (at < 0 ? 0 : this.available(at, nowNs)) as QtyLots
  }

  /** Index of the level at this price, or -1. O(log levels). */
  find(price: PriceTicks): number {
    const key = this.keyOf(price)
    const at = this.#lastNotBetter(key)
    return at >= 0 && this.#keys[at] === key ? at : -1
  }

  /**
   * The background quantity of a level is now `lots`. What we took of it stays taken, up to all of it; a level that goes
   * and comes back is fresh. O(log levels + levels better than it).
   */
  set(price: PriceTicks, lots: QtyLots, nowNs: MonoNs): void {
    const key = this.keyOf(price)
    const at = this.#lastNotBetter(key)
    if (at < 0 || this.#keys[at] !== key) {
      if (lots > 0) this.#insert(at + 1, key, lots)
    } else if (lots > 0) {
      this.#lots[at] = lots
      if (this.#taken[at] > 0) this.#retake(at, Math.min(this.#decayed(at, nowNs), lots), nowNs)
    } else {
      this.#remove(at)
    }
  }

  take(at: number, lots: QtyLots, nowNs: MonoNs): void {
    this.#retake(at, this.#decayed(at, nowNs) + lots, nowNs)
  }

  /** Somebody traded at this price: what is still told of better levels is new, so nothing of it is taken. */
  forgetTakenBetterThan(price: PriceTicks): void {
    const key = this.keyOf(price)
    for (let at = this.count - 1; at >= 0 && this.#keys[at] > key; at--) this.#taken[at] = 0
  }

  clear(): void {
    this.count = 0
  }

  /** The best `levels` that show anything, best first. Answers how many. */
  copyTop(levels: number, prices: Float64Array, lots: Float64Array, nowNs: MonoNs): number {
    let count = 0
    for (let at = this.count - 1; at >= 0 && count < levels; at--) {
      const left = this.available(at, nowNs)
      if (left === 0) continue
      prices[count] = this.#sign * this.#keys[at]
      lots[count] = left
      count++
    }
    return count
  }

  /** Is anything still coming back? Forgets what has come back. O(levels). */
  isRefilling(nowNs: MonoNs): boolean {
    let isRefilling = false
    for (let at = this.count - 1; at >= 0; at--) {
      if (this.#taken[at] === 0) continue
      if (this.#decayed(at, nowNs) < 0.5) this.#taken[at] = 0
      else isRefilling = true
    }
    return isRefilling
  }

  #decayed(at: number, nowNs: MonoNs): number {
    const taken = this.#taken[at]
    const age = nowNs - this.#takenNs[at]
    return taken === 0 || age === 0 ? taken : taken * 2 ** (-age / this.#halfLifeNs)
  }

  #retake(at: number, lots: number, nowNs: MonoNs): void {
    this.#taken[at] = lots
    this.#takenNs[at] = nowNs
  }

  /** Index of the best level whose key is at most `key`, or -1. */
  #lastNotBetter(key: number): number {
    const keys = this.#keys
    let at = this.count - 1
    const stop = Math.max(-1, at - LINEAR_STEPS)
    while (at > stop && keys[at] > key) at--
    if (at > stop || at < 0) return at
    let low = -1
    let high = at
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (keys[middle] > key) high = middle - 1
      else low = middle
    }
    return low
  }

  #insert(at: number, key: number, lots: QtyLots): void {
    if (this.count === BOOK_LEVELS_MAX) {
      if (at === 0) return
      this.#remove(0)
      at--
    }
    if (this.count === this.#keys.length) this.#grow(this.count * 2)
    const end = this.count
    this.#keys.copyWithin(at + 1, at, end)
    this.#lots.copyWithin(at + 1, at, end)
    this.#taken.copyWithin(at + 1, at, end)
    this.#takenNs.copyWithin(at + 1, at, end)
    this.#keys[at] = key
    this.#lots[at] = lots
    this.#taken[at] = 0
    this.count++
  }

  #remove(at: number): void {
    const end = this.count
    this.#keys.copyWithin(at, at + 1, end)
    this.#lots.copyWithin(at, at + 1, end)
    this.#taken.copyWithin(at, at + 1, end)
    this.#takenNs.copyWithin(at, at + 1, end)
    this.count--
  }

  #grow(levels: number): void {
    this.#keys = widened(this.#keys, levels)
    this.#lots = widened(this.#lots, levels)
    this.#taken = widened(this.#taken, levels)
    this.#takenNs = widened(this.#takenNs, levels)
  }
}
