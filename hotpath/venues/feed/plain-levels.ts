/**
 * The usual way levels are written, read in one loop: [["60000.00","0.125"],["59999.99","3", ...], ...]. Whatever is not
 * plain (blanks, signs, exponents, ten digits on one side of the point, other types) stops it in front of that level, and the
 * cursor's general steps go on from there: this is speed, not another grammar.
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

/** Reads plain levels of one side from `from` on while there is room; answers where the first byte that was not read lies. O(bytes). */
export function readPlainLevels(
  bytes: Uint8Array,
  from: number,
  end: number,
  side: number,
  levels: LevelColumns,
): number {
  const { price, priceFraction, size, sizeFraction } = levels
  const room = price.length
  let { count, priceShown, sizeShown } = levels
  let done = from
  while (count < room && done < end) {
    let at = done
    if (bytes[at] === COMMA) at++
    // Shortest level: [0,0]
    if (at + 5 > end || bytes[at] !== OPEN_ARRAY) break
    at++
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
      const isSeparated = at < end && (bytes[at] === COMMA || (item === 1 && bytes[at] === CLOSE_ARRAY))
      if (!isSeparated || wholeDigits === 0 || wholeDigits > INT32_DIGITS || shown > INT32_DIGITS) isPlain = false
      const value =
        fraction === 0
          ? whole
          : whole * POWERS_OF_TEN[fraction] + (fraction === shown ? part : part / POWERS_OF_TEN[shown - fraction])
      if (!isPlain || value > Number.MAX_SAFE_INTEGER) {
        isPlain = false
        break
      }
      if (item === 0) {
        at++
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
    at = endOfLevel(bytes, at, end)
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

/** Behind the bracket that ends a level, over more items (counts, times); -1 when they hold an array or an escape. */
function endOfLevel(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    const c = bytes[at]
    if (c === CLOSE_ARRAY) return at + 1
    if (c === OPEN_ARRAY || c === OPEN_OBJECT || c === CLOSE_OBJECT) return -1
    if (c === QUOTE) for (at++; at < end && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) return -1
  }
  return -1
}
