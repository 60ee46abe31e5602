/**
 * The usual ways levels are written, read in one loop: ["60000.00","0.125", ...] and {"price":60000.0,"qty":0.125}. Whatever is
 * not plain (blanks, signs, exponents, ten digits on one side of the point, other types, other keys) stops it in front of that
 * level, and the cursor's general steps go on from there: this is speed, not another grammar.
 */
import { POWERS_OF_TEN } from './json-cursor.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const POINT = 0x2e
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
/** Digits that fit a 32-bit integer whatever they are. */
const INT32_DIGITS = 9

export interface LevelColumns {
  count: number
  side: Uint8Array
  price: Float64Array
  priceFraction: Uint8Array
  size: Float64Array
  sizeFraction: Uint8Array
  priceShown: number
  sizeShown: number
}

/** What stands around the two numbers of a level. */
export interface LevelShape {
  readonly open: Uint8Array
  readonly between: Uint8Array
  /** Nothing but the bracket may follow; in an array, further items may. */
  readonly isObject: boolean
}

export const pairShape: LevelShape = { open: Buffer.from('['), between: Buffer.from(','), isObject: false }

export function objectShape(price: string, size: string): LevelShape {
  return { open: Buffer.from(`{"${price}":`), between: Buffer.from(`,"${size}":`), isObject: true }
}

/** Reads plain levels of one side from `from` on while there is room; answers where the first byte that was not read lies. O(bytes). */
export function readPlainLevels(
  bytes: Uint8Array,
  from: number,
  end: number,
  side: number,
  shape: LevelShape,
  levels: LevelColumns,
): number {
  const { open, between, isObject } = shape
  const { price, priceFraction, size, sizeFraction } = levels
  const room = price.length
  let { count, priceShown, sizeShown } = levels
  let done = from
  while (count < room && done < end) {
    let at = bytes[done] === COMMA ? done + 1 : done
    if (!isAt(bytes, at, end, open)) break
    at += open.length
    let isPlain = true
    for (let item = 0; item < 2; item++) {
      const isQuoted = at < end && bytes[at] === QUOTE
      if (isQuoted) at++
      const wholeFrom = at
      let digit = -1
      let whole = 0
      for (; at < end; at++) {
        digit = bytes[at] - 48
        if (digit < 0 || digit > 9) break
        whole = (whole * 10 + digit) | 0
      }
      const wholeDigits = at - wholeFrom
      let part = 0
      let fraction = 0
      let shown = 0
      if (digit === POINT - 48 && at < end) {
        const partFrom = ++at
        for (; at < end; at++) {
          digit = bytes[at] - 48
          if (digit < 0 || digit > 9) break
          part = (part * 10 + digit) | 0
          if (digit !== 0) fraction = at - partFrom + 1
        }
        shown = at - partFrom
      }
      if (isQuoted && at < end && bytes[at] === QUOTE) at++
      else if (isQuoted) isPlain = false
      const isFollowed = item === 0 ? isAt(bytes, at, end, between) : at < end
      if (!isFollowed || wholeDigits === 0 || wholeDigits > INT32_DIGITS || shown > INT32_DIGITS) isPlain = false
      const value =
        fraction === 0
          ? whole
          : whole * POWERS_OF_TEN[fraction] + (fraction === shown ? part : part / POWERS_OF_TEN[shown - fraction])
      if (!isPlain || value > Number.MAX_SAFE_INTEGER) {
        isPlain = false
        break
      }
      if (item === 0) {
        at += between.length
        price[count] = value
        priceFraction[count] = fraction
        if (shown > priceShown) priceShown = shown
      } else {
        size[count] = value
        sizeFraction[count] = fraction
        if (shown > sizeShown) sizeShown = shown
      }
    }
    if (!isPlain) break
    at = isObject ? (bytes[at] === CLOSE_OBJECT ? at + 1 : -1) : endOfLevel(bytes, at, end)
    if (at < 0) break
    levels.side[count] = side
    count++
    done = at
  }
  levels.count = count
  levels.priceShown = priceShown
  levels.sizeShown = sizeShown
  return done
}

function isAt(bytes: Uint8Array, at: number, end: number, what: Uint8Array): boolean {
  if (at + what.length > end) return false
  for (let step = 0; step < what.length; step++) if (bytes[at + step] !== what[step]) return false
  return true
}

/** Behind the bracket that ends a level, over more items (counts, times); -1 when they hold an array or an escape. */
function endOfLevel(bytes: Uint8Array, from: number, end: number): number {
  if (bytes[from] !== COMMA && bytes[from] !== CLOSE_ARRAY) return -1
  for (let at = from; at < end; at++) {
    const c = bytes[at]
    if (c === CLOSE_ARRAY) return at + 1
    if (c === OPEN_ARRAY || c === OPEN_OBJECT || c === CLOSE_OBJECT) return -1
    if (c === QUOTE) for (at++; at < end && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) return -1
  }
  return -1
}
