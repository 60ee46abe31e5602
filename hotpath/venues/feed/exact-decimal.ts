/**
 * The numbers that JsonCursor.decimal() does not read in its short way: negative, of many digits, with an exponent; and what
 * is none. Exact or refused.
 */
import type { JsonCursor } from './json-cursor.ts'
import { POWERS_OF_TEN } from './powers-of-ten.ts'

const QUOTE = 0x22
const PLUS = 0x2b
const COMMA = 0x2c
const MINUS = 0x2d
const POINT = 0x2e
const CLOSE_ARRAY = 0x5d
const CLOSE_OBJECT = 0x7d
const BLANK = 0x20
const LETTER_E = 0x65

/** Longest number that is read: digits beyond it are nobody's price. */
const NUMBER_BYTES_MAX = 64
const FRACTION_MAX = 100
/** 10^22 is the last exact power of ten. */
const EXACT_DIGITS = 22

/** Does a number end where the cursor stands? Steps over its closing quote. */
export function isNumberEnd(cursor: JsonCursor, isQuoted: boolean): boolean {
  const c = cursor.at < cursor.end ? cursor.bytes[cursor.at] : BLANK
  if (!isQuoted) return c === COMMA || c === CLOSE_ARRAY || c === CLOSE_OBJECT || c <= BLANK
  cursor.at++
  return c === QUOTE
}

/** The value that begins at `from`, as JsonCursor.decimal() answers it: its digits, or -1 (skipped). O(bytes). */
export function exactDecimal(cursor: JsonCursor, from: number): number {
  const { bytes, end } = cursor
  let at = from
  const isQuoted = at < end && bytes[at] === QUOTE
  if (isQuoted) at++
  cursor.isNegative = at < end && bytes[at] === MINUS
  if (cursor.isNegative) at++
  const first = at
  let mantissa = 0
  let fraction = 0
  let zeros = 0
  let pointAt = -1
  for (; at < end; at++) {
    const c = bytes[at]
    const digit = c - 48
    if (digit > 0 && digit <= 9) {
      if (zeros > 0) {
        if (zeros > EXACT_DIGITS) return notNumber(cursor, from)
        mantissa *= POWERS_OF_TEN[zeros]
        fraction += zeros
        zeros = 0
      }
      mantissa = mantissa * 10 + digit
      if (pointAt >= 0) fraction++
    } else if (digit === 0) {
      if (pointAt >= 0) zeros++
      else mantissa *= 10
    } else if (c === POINT && pointAt < 0) pointAt = at
    else break
  }
  const length = at - first
  if (length > NUMBER_BYTES_MAX || length <= (pointAt >= 0 ? 1 : 0) || mantissa > Number.MAX_SAFE_INTEGER)
    return notNumber(cursor, from)
  cursor.shownFraction = pointAt >= 0 ? at - pointAt - 1 : 0
  cursor.fraction = fraction
  cursor.at = at
  if (at < end && (bytes[at] | 0x20) === LETTER_E) {
    cursor.at = at + 1
    mantissa = scaled(cursor, mantissa)
  }
  return mantissa >= 0 && isNumberEnd(cursor, isQuoted) ? mantissa : notNumber(cursor, from)
}

/** The exponent behind a mantissa; leaves the fraction. The new mantissa, or -1 when there is no exponent or it is out of bounds. */
function scaled(cursor: JsonCursor, mantissa: number): number {
  const { bytes, end } = cursor
  let { at } = cursor
  const isDown = at < end && bytes[at] === MINUS
  if (isDown || (at < end && bytes[at] === PLUS)) at++
  const first = at
  let exponent = 0
  for (; at < end && bytes[at] >= 48 && bytes[at] <= 57; at++) exponent = exponent * 10 + bytes[at] - 48
  cursor.at = at
  if (at === first || at - first > 3) return -1
  let digits = mantissa
  let fraction = cursor.fraction + (isDown ? exponent : -exponent)
  // Java writes zero as 0E-8; and 10e-1 is 1: digits that say nothing make no grid finer.
  if (digits === 0) fraction = 0
  while (fraction > 0 && digits % 10 === 0 && digits > 0) {
    digits /= 10
    fraction--
  }
  if (fraction > FRACTION_MAX || fraction < -EXACT_DIGITS) return -1
  if (fraction < 0) {
    digits *= POWERS_OF_TEN[-fraction]
    fraction = 0
  }
  cursor.fraction = fraction
  cursor.shownFraction = fraction
  return digits > Number.MAX_SAFE_INTEGER ? -1 : digits
}

function notNumber(cursor: JsonCursor, from: number): number {
  cursor.at = from
  cursor.fraction = 0
  cursor.shownFraction = 0
  cursor.skip()
  return -1
}
