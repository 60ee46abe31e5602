/** Our own resting orders on one side of one book: price levels, best last, each a queue in order of arrival. */
import { assert } from '../../../shared/assert.ts'
import type { PriceTicks, QtyLots } from '../../../shared/units/ticks.ts'
import { BookSide } from '../../book/book-table.ts'
import { NO_ORDER, type PaperOrders } from './paper-orders.ts'

export class QueueLevel {
  readonly key: number
  readonly price: PriceTicks
  first = NO_ORDER
  last = NO_ORDER

  constructor(key: number, price: PriceTicks) {
    this.key = key
    this.price = price
  }
}

export class PaperQueue {
  readonly #orders: PaperOrders
  readonly #sign: 1 | -1
  /** Keys as in PaperSide: the best level is the last. */
  readonly #levels: QueueLevel[] = []

  constructor(orders: PaperOrders, side: BookSide) {
    this.#orders = orders
    this.#sign = side === BookSide.bid ? 1 : -1
  }

  get count(): number {
    return this.#levels.length
  }

  get best(): QueueLevel | undefined {
    return this.#levels[this.#levels.length - 1]
  }

  level(at: number): QueueLevel {
    return this.#levels[at]
  }

  find(price: PriceTicks): QueueLevel | undefined {
    const at = this.#lastNotBetter(this.#sign * price)
    return at >= 0 && this.#levels[at].price === price ? this.#levels[at] : undefined
  }

  /** Joins the end of its price's queue. O(own levels better than it). */
  add(order: number): void {
    const orders = this.#orders
    const price = orders.limit[order] as PriceTicks
    const key = this.#sign * price
    const at = this.#lastNotBetter(key)
    let level = this.#levels[at]
    if (level === undefined || level.key !== key) {
      level = new QueueLevel(key, price)
      this.#levels.splice(at + 1, 0, level)
    }
    orders.previous[order] = level.last
    orders.next[order] = NO_ORDER
    if (level.last === NO_ORDER) level.first = order
    else orders.next[level.last] = order
    level.last = order
  }

  remove(order: number): void {
    const orders = this.#orders
    const at = this.#lastNotBetter(this.#sign * orders.limit[order])
    const level = this.#levels[at]
    assert(level !== undefined && level.price === orders.limit[order], 'a resting order is in its level')
    const before = orders.previous[order]
    const after = orders.next[order]
    if (before === NO_ORDER) level.first = after
    else orders.next[before] = after
    if (after === NO_ORDER) level.last = before
    else orders.previous[after] = before
    if (level.first === NO_ORDER) this.#levels.splice(at, 1)
  }

  /** `lots` of the background ahead of this level's orders have traded. */
  advance(level: QueueLevel, lots: QtyLots): void {
    const { queueAhead, next } = this.#orders
    for (let order = level.first; order !== NO_ORDER; order = next[order]) {
      queueAhead[order] = Math.max(0, queueAhead[order] - lots)
    }
  }

  /** The background at this level has shrunk to `lots`: nobody waits behind more than is there. */
  cap(level: QueueLevel, lots: QtyLots): void {
    const { queueAhead, next } = this.#orders
    for (let order = level.first; order !== NO_ORDER; order = next[order]) {
      if (queueAhead[order] > lots) queueAhead[order] = lots
    }
  }

  lots(level: QueueLevel): QtyLots {
    let sum = 0
    for (let order = level.first; order !== NO_ORDER; order = this.#orders.next[order]) sum += this.#orders.left(order)
    return sum as QtyLots
  }

  #lastNotBetter(key: number): number {
    let at = this.#levels.length - 1
    while (at >= 0 && this.#levels[at].key > key) at--
    return at
  }
}
