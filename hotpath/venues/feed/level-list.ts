/**
 * The levels of one book message as they stand in its bytes: exact decimals (digits and how many of them are behind the
 * point), best or worst first as the venue sends them. Reused; grows to its bound, never shrinks.
 */
import { BookSide } from '../../book/book-table.ts'
import { type JsonCursor, keyOf, POWERS_OF_TEN } from './json-cursor.ts'
import { type LevelShape, objectShape, pairShape, readPlainLevels } from './plain-levels.ts'

/** Levels of one message; a snapshot of a whole book reaches 50,000. More are refused with the message. */
export const MESSAGE_LEVELS_MAX = 262_144
const LEVELS_FIRST = 1_024
const NULL_LETTER = 0x6e

export class LevelList {
  count = 0
  /** A level was no pair of numbers, or there were too many: the message cannot be trusted. */
  isBroken = false
  side = new Uint8Array(LEVELS_FIRST)
  price = new Float64Array(LEVELS_FIRST)
  priceFraction = new Uint8Array(LEVELS_FIRST)
  /** New total at the price; 0 removes it. */
  size = new Float64Array(LEVELS_FIRST)
  sizeFraction = new Uint8Array(LEVELS_FIRST)
  /** Most digits behind the point, as written, of any price and size: what checksums are made over. */
  priceShown = 0
  sizeShown = 0

  clear(): void {
    this.count = 0
    this.isBroken = false
    this.priceShown = 0
    this.sizeShown = 0
  }

  add(side: BookSide, price: number, priceFraction: number, size: number, sizeFraction: number): void {
    const at = this.count
    if (
      price < 0 ||
      size < 0 ||
      priceFraction > 255 ||
      sizeFraction > 255 ||
      (at === this.side.length && !this.#grow())
    ) {
      this.isBroken = true
      return
    }
    this.side[at] = side
    this.price[at] = price
    this.priceFraction[at] = priceFraction
    this.size[at] = size
    this.sizeFraction[at] = sizeFraction
    this.count = at + 1
  }

  /** Reads [[price, size, ...], ...] of one side: what most venues send; null is none. More items of a level are skipped. */
  readPairs(cursor: JsonCursor, side: BookSide): void {
    if (!this.#enterSide(cursor)) return
    for (;;) {
      cursor.at = readPlainLevels(cursor.bytes, cursor.at, cursor.end, side, pairShape, this)
      if (!cursor.nextItem()) break
      if (!cursor.enterArray()) {
        this.isBroken = true
        continue
      }
      this.readPair(cursor, side)
      cursor.leaveArray()
    }
    if (cursor.isBroken) this.isBroken = true
  }

  /** Reads price and size, the next two items of the array we are in. */
  readPair(cursor: JsonCursor, side: BookSide): void {
    let price = -1
    let priceFraction = 0
    let size = -1
    if (cursor.nextItem()) {
      price = cursor.decimal()
      priceFraction = cursor.fraction
      if (cursor.isNegative) price = -1
      if (cursor.shownFraction > this.priceShown) this.priceShown = cursor.shownFraction
      if (cursor.nextItem()) {
        size = cursor.decimal()
        if (cursor.isNegative) size = -1
        if (cursor.shownFraction > this.sizeShown) this.sizeShown = cursor.shownFraction
      } else cursor.breakOff()
    } else cursor.breakOff()
    this.add(side, price, priceFraction, size, size < 0 ? 0 : cursor.fraction)
  }

  /** Reads [{ price, size, ... }, ...] of one side, null is none; `keys` name the two. Other keys are skipped. */
  readObjects(cursor: JsonCursor, side: BookSide, keys: LevelKeys): void {
    if (!this.#enterSide(cursor)) return
    for (;;) {
      cursor.at = readPlainLevels(cursor.bytes, cursor.at, cursor.end, side, keys.shape, this)
      if (!cursor.nextItem()) break
      if (cursor.enterObject()) this.readObject(cursor, side, keys)
      else this.isBroken = true
    }
    if (cursor.isBroken) this.isBroken = true
  }

  /** Reads the rest of the object we are in as one level. */
  readObject(cursor: JsonCursor, side: BookSide, keys: LevelKeys): void {
    let price = -1
    let priceFraction = 0
    let size = -1
    let sizeFraction = 0
    while (cursor.nextKey()) {
      if (cursor.key === keys.price) {
        price = cursor.decimal()
        priceFraction = cursor.fraction
        if (cursor.isNegative) price = -1
        if (cursor.shownFraction > this.priceShown) this.priceShown = cursor.shownFraction
      } else if (cursor.key === keys.size) {
        size = cursor.decimal()
        sizeFraction = cursor.fraction
        if (cursor.isNegative) size = -1
        if (cursor.shownFraction > this.sizeShown) this.sizeShown = cursor.shownFraction
      } else cursor.skip()
    }
    this.add(side, price, priceFraction, size, sizeFraction)
  }

  /**
   * Leaves out asks so dear that their price, to the digits the venue writes, cannot be kept exactly (somebody asks 10^14
   * dollars): nobody buys there, and one of them must not cost the book. O(levels).
   */
  dropFarAsks(): void {
    const { side, price, priceFraction, size, sizeFraction, count, priceShown } = this
    let kept = 0
    for (let at = 0; at < count; at++) {
      const isFar = price[at] * POWERS_OF_TEN[priceShown - priceFraction[at]] > Number.MAX_SAFE_INTEGER
      if (isFar && side[at] === BookSide.ask) continue
      if (kept < at) {
        side[kept] = side[at]
        price[kept] = price[at]
        priceFraction[kept] = priceFraction[at]
        size[kept] = size[at]
        sizeFraction[kept] = sizeFraction[at]
      }
      kept++
    }
    this.count = kept
  }

  /** Into the array of a side. What is neither an array nor null is no side: levels were meant that we cannot read. */
  #enterSide(cursor: JsonCursor): boolean {
    if (!cursor.isArray && cursor.peek() !== NULL_LETTER) this.isBroken = true
    return cursor.enterArray()
  }

  #grow(): boolean {
    const next = this.side.length * 2
    if (next > MESSAGE_LEVELS_MAX) return false
    this.side = grown(this.side, new Uint8Array(next))
    this.price = grown(this.price, new Float64Array(next))
    this.priceFraction = grown(this.priceFraction, new Uint8Array(next))
    this.size = grown(this.size, new Float64Array(next))
    this.sizeFraction = grown(this.sizeFraction, new Uint8Array(next))
    return true
  }
}

export interface LevelKeys {
  readonly price: number
  readonly size: number
  readonly shape: LevelShape
}

export function levelKeys(price: string, size: string): LevelKeys {
  return { price: keyOf(price), size: keyOf(size), shape: objectShape(price, size) }
}

export const BID = BookSide.bid
export const ASK = BookSide.ask

function grown<Column extends Uint8Array | Float64Array>(old: Column, next: Column): Column {
  next.set(old as never)
  return next
}
