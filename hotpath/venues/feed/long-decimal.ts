/**
 * Decimals with more digits than a double keeps exact (sizes that a venue added up in doubles, nanoseconds since 1970): cut
 * to the digits that fit, towards zero. Prices are never read this way. Rare: what fits takes the short way.
 */
import type { BookSide } from '../../book/book-table.ts'
import { type JsonCursor, POWERS_OF_TEN } from './json-cursor.ts'
import type { LevelList } from './level-list.ts'
import { pairShape, readPlainLevels } from './plain-levels.ts'

const QUOTE = 0x22
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e
const BLANK = 0x20
const DIGITS_MAX = 64
const FRACTION_MAX = 100

/** Like cursor.decimal(); a longer one loses its last digits: then cursor.fraction may be below 0 (tens, hundreds). -1 for what is no number. */
export function longDecimal(cursor: JsonCursor): number {
  const from = cursor.at
  const value = cursor.decimal()
  return value >= 0 ? value : firstDigits(cursor, from)
}

/** A point in time in microseconds since 1970 of a number in 10^-(6 - digitsUp) seconds, of any length; 0 when it is none. */
export function longTimeUs(cursor: JsonCursor, digitsUp: number): number {
  const value = longDecimal(cursor)
  if (value < 0 || cursor.isNegative) return 0
  const up = digitsUp - cursor.fraction
  if (up > 15 || up < -22) return 0
  return up >= 0 ? value * POWERS_OF_TEN[up] : Math.floor(value / POWERS_OF_TEN[-up])
}

/** Reads [[price, size, ...], ...] of one side, sizes of any length. More items of a level are skipped. */
export function readLongPairs(levels: LevelList, cursor: JsonCursor, side: BookSide): void {
  if (!cursor.enterArray()) {
    levels.isBroken = true
    return
  }
  for (;;) {
    cursor.at = readPlainLevels(cursor.bytes, cursor.at, cursor.end, side, pairShape, levels)
    if (!cursor.nextItem()) break
    if (!cursor.enterArray()) {
      levels.isBroken = true
      continue
    }
    let price = -1
    let priceFraction = 0
    let size = -1
    if (cursor.nextItem()) {
      price = cursor.decimal()
      priceFraction = cursor.fraction
      if (cursor.isNegative) price = -1
      if (cursor.nextItem()) {
        size = longDecimal(cursor)
        if (cursor.isNegative || cursor.fraction < 0) size = -1
      }
    }
    levels.add(side, price, priceFraction, size, size < 0 ? 0 : cursor.fraction)
    cursor.leaveArray()
  }
  if (cursor.isBroken) levels.isBroken = true
}

/** The value between `from` and the cursor, which decimal() would not have: its first digits if it is only too long. */
function firstDigits(cursor: JsonCursor, from: number): number {
  const { bytes, at: end } = cursor
  let at = from
  while (at < end && bytes[at] <= BLANK) at++
  const isQuoted = bytes[at] === QUOTE
  if (isQuoted) at++
  if (bytes[at] === MINUS) at++
  let mantissa = 0
  let fraction = 0
  let digits = 0
  let isBehind = false
  let isCut = false
  for (; at < end; at++) {
    if (bytes[at] === POINT && !isBehind) {
      isBehind = true
      continue
    }
    const digit = bytes[at] - 48
    if (digit < 0 || digit > 9) break
    digits++
    isCut ||= mantissa * 10 + digit > Number.MAX_SAFE_INTEGER
    if (!isCut) mantissa = mantissa * 10 + digit
    if (isBehind && !isCut) fraction++
    if (!isBehind && isCut) fraction--
  }
  if (!isCut || digits > DIGITS_MAX) return -1
  if (at < end && (bytes[at] | 0x20) === 0x65) {
    at++
    const isDown = bytes[at] === MINUS
    if (isDown || bytes[at] === PLUS) at++
    let exponent = 0
    const digitsFrom = at
    for (; at < end && bytes[at] >= 48 && bytes[at] <= 57; at++) exponent = exponent * 10 + bytes[at] - 48
    if (at === digitsFrom || at - digitsFrom > 3) return -1
    fraction += isDown ? exponent : -exponent
  }
  if (isQuoted && bytes[at] === QUOTE) at++
  while (at < end && bytes[at] <= BLANK) at++
  if (at < end || Math.abs(fraction) > FRACTION_MAX) return -1
  while (fraction > 0 && mantissa % 10 === 0) {
    mantissa /= 10
    fraction--
  }
  cursor.fraction = fraction
  cursor.shownFraction = Math.max(0, fraction)
  return mantissa
}
