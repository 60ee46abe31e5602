/**
 * The resting orders of one pair by their ids, and what they add up to at each price: a venue that tells orders is read as
 * levels. Orders are objects in a bounded map: they have no dense numbers. Prices and volumes are integers of 10^-8.
 */
import type { BookSide } from '../../book/book-table.ts'
import type { LevelList } from '../feed/level-list.ts'

export const ORDER_DIGITS = 8
const ORDERS_MAX = 65_536
/** Ends that are remembered, so that an older list of orders does not bring them back. */
const ENDED_MAX = 4_096
/** What was told by events so shortly before a list was made (or after) stands; lists may be that old. */
const RECENT_MS = 10_000

interface RestingOrder {
  readonly side: BookSide
  /** -1: an order told of only by its change; the list will name its price. */
  readonly price: number
  volume: number
  /** When an event last told of it; 0: a list did. */
  timeMs: number
}

export interface ListedOrder {
  readonly side: BookSide
  readonly price: number
  readonly volume: number
}

export class PairOrders {
  /** All orders are known: a list was laid under the events. */
  isWhole = false
  readonly #orders = new Map<string, RestingOrder>()
  readonly #ended = new Map<string, number>()
  readonly #totals = [new Map<number, number>(), new Map<number, number>()] as const

  /** A new order. Answers false when there are more than anybody's book holds: nothing is known any more. */
  put(id: string, side: BookSide, price: number, volume: number, timeMs: number): boolean {
    this.end(id, 0)
    if (this.#orders.size >= ORDERS_MAX) return false
    this.#orders.set(id, { side, price, volume, timeMs })
    this.#add(side, price, volume)
    return true
  }

  /** What is left of an order; answers its price, or -1 when it is at no level we know. */
  change(id: string, side: BookSide, volume: number, timeMs: number): number {
    const order = this.#orders.get(id)
    if (order === undefined) {
      if (!this.isWhole && this.#orders.size < ORDERS_MAX) this.#orders.set(id, { side, price: -1, volume, timeMs })
      return -1
    }
    if (order.price >= 0) this.#add(order.side, order.price, volume - order.volume)
    order.volume = volume
    order.timeMs = timeMs
    return order.price
  }

  /** It is gone; answers the price it had, or -1. `timeMs` 0: forgotten at once. */
  end(id: string, timeMs: number): number {
    if (timeMs > 0) this.#remember(id, timeMs)
    const order = this.#orders.get(id)
    if (order === undefined) return -1
    this.#orders.delete(id)
    if (order.price >= 0) this.#add(order.side, order.price, -order.volume)
    return order.price
  }

  /** Price of an order, or -1. */
  priceOf(id: string): number {
    return this.#orders.get(id)?.price ?? -1
  }

  total(side: BookSide, price: number): number {
    return this.#totals[side].get(price) ?? 0
  }

  /**
   * Lays a list of all orders, made at `timeMs`, under what events have told: an event that is newer, or hardly older, says
   * more than the list. O(orders).
   */
  load(list: ReadonlyMap<string, ListedOrder>, timeMs: number): void {
    const recentMs = timeMs - RECENT_MS
    for (const [id, order] of this.#orders) {
      const isStanding = order.timeMs >= recentMs && order.timeMs > 0
      if (!isStanding || (order.price < 0 && !list.has(id))) this.#orders.delete(id)
    }
    for (const [id, { side, price, volume }] of list) {
      if (this.#orders.size >= ORDERS_MAX) break
      const endedMs = this.#ended.get(id)
      if (endedMs !== undefined && endedMs >= recentMs) continue
      const known = this.#orders.get(id)
      if (known === undefined) this.#orders.set(id, { side, price, volume, timeMs: 0 })
      else if (known.price < 0) {
        this.#orders.set(id, { side: known.side, price, volume: known.volume, timeMs: known.timeMs })
      }
    }
    for (const side of this.#totals) side.clear()
    for (const { side, price, volume } of this.#orders.values()) this.#add(side, price, volume)
    this.isWhole = true
  }

  /** Nothing is known any more. */
  forget(): void {
    this.isWhole = false
    this.#orders.clear()
    this.#ended.clear()
    for (const side of this.#totals) side.clear()
  }

  /** Every level, in no order. */
  tellAll(levels: LevelList): void {
    for (const side of [0, 1] as const) {
      for (const [price, total] of this.#totals[side]) addLevel(levels, side, price, total)
    }
  }

  #add(side: BookSide, price: number, volume: number): void {
    const totals = this.#totals[side]
    const total = (totals.get(price) ?? 0) + volume
    if (total > 0) totals.set(price, total)
    else totals.delete(price)
  }

  #remember(id: string, timeMs: number): void {
    this.#ended.set(id, timeMs)
    if (this.#ended.size <= ENDED_MAX) return
    for (const oldest of this.#ended.keys()) {
      this.#ended.delete(oldest)
      return
    }
  }
}

/** A level of integers of 10^-8, with as few digits as it needs. */
export function addLevel(levels: LevelList, side: BookSide, price: number, total: number): void {
  let mantissa = price
  let places = ORDER_DIGITS
  for (; places > 0 && mantissa % 10 === 0; places--) mantissa /= 10
  let size = total
  let sizePlaces = ORDER_DIGITS
  for (; sizePlaces > 0 && size % 10 === 0; sizePlaces--) size /= 10
  levels.add(side, mantissa, places, size, sizePlaces)
}
