/**
 * One venue's whole book of one instrument, as deep as the venue tells it: exact integers on a grid of its own that becomes
 * finer when a finer number comes. Sides are sorted with the best level LAST, so that what changes most moves least.
 */
import { assert } from '../../shared/assert.ts'
import { BookSide } from './book-table.ts'

const LEVELS_FIRST = 256
/** Levels a side; what is worse than all of them is dropped. */
export const DEPTH_LEVELS_MAX = 131_072
/** Steps from the best before the search is halved: most changes are near it. */
const LINEAR_STEPS = 8
/** Levels moved by a loop; more by copyWithin. */
const LOOP_MOVES = 16
const DIGITS_MAX = 22

export class DepthSide {
  prices: Float64Array
  sizes: Float64Array
  count = 0
  /** +1 for bids (best is highest), -1 for asks. */
  readonly #sign: number
  readonly #levelsMax: number

  constructor(side: BookSide, levelsMax = DEPTH_LEVELS_MAX) {
    this.#sign = side === BookSide.bid ? 1 : -1
    this.#levelsMax = levelsMax
    this.prices = new Float64Array(Math.min(LEVELS_FIRST, levelsMax))
    this.sizes = new Float64Array(this.prices.length)
  }

  get bestPrice(): number {
    return this.count === 0 ? 0 : this.prices[this.count - 1]
  }

  get bestSize(): number {
    return this.count === 0 ? 0 : this.sizes[this.count - 1]
  }

  /** New total at a price; 0 removes it. Answers how many levels are better than it: 0 for a change of the best. */
  set(price: number, size: number): number {
    const { prices, sizes } = this
    const sign = this.#sign
    const key = sign * price
    let at = this.count - 1
    const near = Math.max(-1, at - LINEAR_STEPS)
    while (at > near && sign * prices[at] > key) at--
    if (at === near && at >= 0 && sign * prices[at] > key) at = this.#search(key, at)
    const better = this.count - 1 - at
    if (at >= 0 && prices[at] === price) {
      if (size > 0) sizes[at] = size
      else this.#remove(at)
      return better
    }
    if (size > 0) this.#insert(at + 1, price, size)
    return better
  }

  clear(): void {
    this.count = 0
  }

  /** Takes a level at the worst end or the best end without a search when a snapshot comes sorted; else set. */
  append(price: number, size: number): void {
    if (size <= 0) return
    const { count } = this
    if (count > 0 && this.#sign * this.prices[count - 1] >= this.#sign * price) {
      this.set(price, size)
      return
    }
    if (count === this.prices.length && !this.#grow()) {
      this.#insert(count, price, size)
      return
    }
    this.prices[count] = price
    this.sizes[count] = size
    this.count = count + 1
  }

  /** Every price and size becomes an integer of a finer grid. */
  scale(priceFactor: number, sizeFactor: number): void {
    for (let at = 0; at < this.count; at++) {
      this.prices[at] *= priceFactor
      this.sizes[at] *= sizeFactor
    }
  }

  /** Drops what is worse than the best `levels`. */
  trim(levels: number): void {
    const over = this.count - levels
    if (over <= 0) return
    this.prices.copyWithin(0, over, this.count)
    this.sizes.copyWithin(0, over, this.count)
    this.count = levels
  }

  /** Last index up to `to` whose key is not better than `key`, or -1. O(log n). */
  #search(key: number, to: number): number {
    const { prices } = this
    let low = -1
    let high = to
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#sign * prices[middle] > key) high = middle
      else low = middle
    }
    return low
  }

  #remove(at: number): void {
    const { prices, sizes } = this
    const end = this.count - 1
    if (end - at <= LOOP_MOVES) {
      for (let i = at; i < end; i++) {
        prices[i] = prices[i + 1]
        sizes[i] = sizes[i + 1]
      }
    } else {
      prices.copyWithin(at, at + 1, end + 1)
      sizes.copyWithin(at, at + 1, end + 1)
    }
    this.count = end
  }

  #insert(at: number, price: number, size: number): void {
    let to = at
    if (this.count === this.prices.length && !this.#grow()) {
      // Full: the worst makes room, unless the new one is worse still.
      if (to === 0) return
      this.#remove(0)
      to--
    }
    const { prices, sizes, count } = this
    if (count - to <= LOOP_MOVES) {
      for (let i = count; i > to; i--) {
        prices[i] = prices[i - 1]
        sizes[i] = sizes[i - 1]
      }
    } else {
      prices.copyWithin(to + 1, to, count)
      sizes.copyWithin(to + 1, to, count)
    }
    prices[to] = price
    sizes[to] = size
    this.count = count + 1
  }

  #grow(): boolean {
    const length = this.prices.length * 2
    if (this.prices.length >= this.#levelsMax) return false
    const prices = new Float64Array(Math.min(length, this.#levelsMax))
    const sizes = new Float64Array(prices.length)
    prices.set(this.prices)
    sizes.set(this.sizes)
    this.prices = prices
    this.sizes = sizes
    return true
  }
}

export class DepthBook {
  readonly bids = new DepthSide(BookSide.bid)
  readonly asks = new DepthSide(BookSide.ask)
  /** Prices are integers of 10^-priceDigits, sizes of 10^-sizeDigits. */
  priceDigits = 0
  sizeDigits = 0

  side(side: BookSide): DepthSide {
    return side === BookSide.bid ? this.bids : this.asks
  }

  get isCrossed(): boolean {
    const { bids, asks } = this
    return bids.count > 0 && asks.count > 0 && bids.bestPrice >= asks.bestPrice
  }

  clear(): void {
    this.bids.clear()
    this.asks.clear()
  }

  /** Empty and on the coarsest grid again: a number too fine for its neighbours must not stay with the book. */
  reset(): void {
    this.clear()
    this.priceDigits = 0
    this.sizeDigits = 0
  }

  /** Makes room for so many digits; false when a number of the book would leave the safe integers. O(levels), rare. */
  refine(priceDigits: number, sizeDigits: number): boolean {
    const moreOfPrice = priceDigits - this.priceDigits
    const moreOfSize = sizeDigits - this.sizeDigits
    if (moreOfPrice <= 0 && moreOfSize <= 0) return true
    if (priceDigits > DIGITS_MAX || sizeDigits > DIGITS_MAX) return false
    const priceFactor = 10 ** Math.max(0, moreOfPrice)
    const sizeFactor = 10 ** Math.max(0, moreOfSize)
    if (!this.#fits(priceFactor, sizeFactor)) return false
    this.bids.scale(priceFactor, sizeFactor)
    this.asks.scale(priceFactor, sizeFactor)
    this.priceDigits += Math.max(0, moreOfPrice)
    this.sizeDigits += Math.max(0, moreOfSize)
    return true
  }

  #fits(priceFactor: number, sizeFactor: number): boolean {
    assert(priceFactor >= 1 && sizeFactor >= 1, 'a grid only becomes finer')
    for (const side of [this.bids, this.asks]) {
      for (let at = 0; at < side.count; at++) {
        if (side.prices[at] * priceFactor > Number.MAX_SAFE_INTEGER) return false
        if (side.sizes[at] * sizeFactor > Number.MAX_SAFE_INTEGER) return false
      }
    }
    return true
  }
}
