/**
 * Walks JSON bytes without building anything: one pass, no objects, no strings, no recursion. Every venue's decoder reads
 * through it. Broken input ends the walk (`isBroken`), it never throws and never reads past `end`. Lenient where it costs
 * nothing (commas), strict where a wrong number could become money.
 */
import { exactDecimal, isNumberEnd } from './exact-decimal.ts'
import { isoTimeUs } from './iso-time.ts'
import { POWERS_OF_TEN } from './powers-of-ten.ts'

export { POWERS_OF_TEN } from './powers-of-ten.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const POINT = 0x2e
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const BLANK = 0x20

/** What a byte means outside of a text: most mean nothing. */
const Structure = { none: 0, quote: 1, open: 2, close: 3, comma: 4 } as const
const structure = new Uint8Array(256)
structure[QUOTE] = Structure.quote
structure[OPEN_OBJECT] = Structure.open
structure[OPEN_ARRAY] = Structure.open
structure[CLOSE_OBJECT] = Structure.close
structure[CLOSE_ARRAY] = Structure.close
structure[COMMA] = Structure.comma

const INT32_POWERS_OF_TEN = Int32Array.from({ length: 10 }, (_, at) => 10 ** at)
const MANTISSA_MAX = Number.MAX_SAFE_INTEGER
/** Digits that fit a 32-bit integer whatever they are. */
const INT32_DIGITS = 9

/** What a key compares as: cursor.key === keyOf('bids'). A 31-bit hash; two of a venue's own keys never share one (tested). */
export function keyOf(name: string): number {
  let hash = 0
  for (let at = 0; at < name.length; at++) hash = (Math.imul(hash, 31) + name.charCodeAt(at)) | 0
  return hash
}

export class JsonCursor {
  bytes: Uint8Array = new Uint8Array(0)
  at = 0
  end = 0
  /** The bytes were not JSON, or not the JSON expected: nothing after this point was read. */
  isBroken = false
  /** Hash of the key last read by nextKey, and where its text lies. */
  key = 0
  keyFrom = 0
  keyTo = 0
  /** Where the text last read lies: text(), token(). */
  textFrom = 0
  textTo = 0
  /** Where the first word of it ends: wordHash(). */
  wordTo = 0
  /** Of the decimal last read: digits behind the point (trailing zeros dropped), digits as written, and its sign. */
  fraction = 0
  shownFraction = 0
  isNegative = false

  start(bytes: Uint8Array, from = 0, end = bytes.length): void {
    this.bytes = bytes
    this.at = from
    this.end = end
    this.isBroken = false
  }

  /** First byte of the next value; 0 at the end. */
  peek(): number {
    const { bytes, end } = this
    let { at } = this
    while (at < end && bytes[at] <= BLANK) at++
    this.at = at
    return at < end ? bytes[at] : 0
  }

  get isObject(): boolean {
    return this.peek() === OPEN_OBJECT
  }

  get isArray(): boolean {
    return this.peek() === OPEN_ARRAY
  }

  get isText(): boolean {
    return this.peek() === QUOTE
  }

  /** Steps into an object; another value is skipped and answers false. */
  enterObject(): boolean {
    if (this.peek() !== OPEN_OBJECT) {
      this.skip()
      return false
    }
    this.at++
    return true
  }

  enterArray(): boolean {
    if (this.peek() !== OPEN_ARRAY) {
      this.skip()
      return false
    }
    this.at++
    return true
  }

  /** The next key of the object we are in, its value comes next; false: the object has ended. */
  nextKey(): boolean {
    const { bytes, end } = this
    let { at } = this
    for (; ; at++) {
      if (at >= end) return this.breakOff()
      const c = bytes[at]
      if (c === QUOTE) break
      if (c === CLOSE_OBJECT) {
        this.at = at + 1
        return false
      }
      if (c > BLANK && c !== COMMA) return this.breakOff()
    }
    this.keyFrom = ++at
    let hash = 0
    for (; ; at++) {
      if (at >= end) return this.breakOff()
      const c = bytes[at]
      if (c === QUOTE) break
      if (c === BACKSLASH) at++
      hash = (Math.imul(hash, 31) + c) | 0
    }
    this.keyTo = at
    this.key = hash
    at++
    while (at < end && bytes[at] !== COLON) {
      if (bytes[at] > BLANK) return this.breakOff()
      at++
    }
    this.at = at + 1
    if (this.at >= end) return this.breakOff()
    return true
  }

  /** Is there another item in the array we are in? It comes next; false: the array has ended. */
  nextItem(): boolean {
    const { bytes, end } = this
    let { at } = this
    for (; ; at++) {
      if (at >= end) return this.breakOff()
      const c = bytes[at]
      if (c === CLOSE_ARRAY) {
        this.at = at + 1
        return false
      }
      if (c > BLANK && c !== COMMA) {
        if (c === CLOSE_OBJECT || c === COLON) return this.breakOff()
        this.at = at
        return true
      }
    }
  }

  /** Leaves the array we are in, whatever is left of it. O(bytes). */
  leaveArray(): void {
    while (this.nextItem()) this.skip()
  }

  leaveObject(): void {
    while (this.nextKey()) this.skip()
  }

  /** Over one value of any kind; nesting is counted, not recursed. O(bytes). */
  skip(): void {
    const { bytes, end } = this
    let { at } = this
    let depth = 0
    for (; at < end; at++) {
      const kind = structure[bytes[at]]
      if (kind === Structure.none) continue
      if (kind === Structure.quote) {
        for (at++; at < end && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
        if (at >= end) {
          this.breakOff()
          return
        }
        if (depth === 0) {
          this.at = at + 1
          return
        }
      } else if (kind === Structure.open) depth++
      else if (kind === Structure.close) {
        depth--
        if (depth === 0) {
          this.at = at + 1
          return
        }
        if (depth < 0) {
          // The end of a bare value: the bracket belongs to what holds it.
          this.at = at
          return
        }
      } else if (depth === 0) {
        this.at = at
        return
      }
    }
    this.at = end
    if (depth > 0) this.breakOff()
  }

  /** A string's span without its quotes (escapes as they are); false (skipped, the span is empty) when the value is none. */
  text(): boolean {
    const { bytes, end } = this
    this.textFrom = 0
    this.textTo = 0
    if (this.peek() !== QUOTE) {
      this.skip()
      return false
    }
    let at = this.at + 1
    const from = at
    for (; at < end && bytes[at] !== QUOTE; at++) if (bytes[at] === BACKSLASH) at++
    if (at >= end) return this.breakOff()
    this.textFrom = from
    this.textTo = at
    this.at = at + 1
    return true
  }

  /** A string's or a bare value's span (a number, true, null); false when it is an object or an array (skipped). */
  token(): boolean {
    const c = this.peek()
    if (c === QUOTE) return this.text()
    this.textFrom = 0
    this.textTo = 0
    if (c === OPEN_OBJECT || c === OPEN_ARRAY || c === 0) {
      this.skip()
      return false
    }
    this.textFrom = this.at
    this.skip()
    let to = this.at
    while (to > this.textFrom && this.bytes[to - 1] <= BLANK) to--
    this.textTo = to
    return to > this.textFrom
  }

  /** Hash of the span last read, to compare with keyOf. */
  textHash(): number {
    const { bytes, textTo } = this
    let hash = 0
    for (let at = this.textFrom; at < textTo; at++) hash = (Math.imul(hash, 31) + bytes[at]) | 0
    return hash
  }

  /** Hash of the span last read up to the first byte `stop` (all of it without one); leaves `wordTo` there. O(length). */
  wordHash(stop: number): number {
    const { bytes, textTo } = this
    let hash = 0
    let at = this.textFrom
    for (; at < textTo && bytes[at] !== stop; at++) hash = (Math.imul(hash, 31) + bytes[at]) | 0
    this.wordTo = at
    return hash
  }

  /** The span last read as a string: for doors and for what is rare; allocates. */
  textString(): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.textFrom, this.textTo - this.textFrom).toString()
  }

  keyString(): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + this.keyFrom, this.keyTo - this.keyFrom).toString()
  }

  /** Does the span last read begin with this ASCII text? */
  textStartsWith(prefix: string): boolean {
    if (this.textTo - this.textFrom < prefix.length) return false
    for (let at = 0; at < prefix.length; at++) {
      if (this.bytes[this.textFrom + at] !== prefix.charCodeAt(at)) return false
    }
    return true
  }

  /**
   * A decimal, bare or quoted, exact: answers its digits as an integer (mantissa) and leaves `fraction`, so that the value
   * is mantissa x 10^-fraction; -1 when it is no number, or one beyond 2^53 (skipped).
   */
  decimal(): number {
    const { bytes, end } = this
    let at = this.at
    while (at < end && bytes[at] <= BLANK) at++
    const from = at
    const isQuoted = at < end && bytes[at] === QUOTE
    if (isQuoted) at++
    // The usual number: a few digits on either side of the point, each side a 32-bit integer. Small enough to be inlined.
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
    let partDigits = 0
    if (digit === POINT - 48 && at < end) {
      const partFrom = ++at
      for (; at < end; at++) {
        digit = bytes[at] - 48
        if (digit < 0 || digit > 9) break
        part = (part * 10 + digit) | 0
      }
      partDigits = at - partFrom
    }
    this.at = at
    if (!isNumberEnd(this, isQuoted) || wholeDigits === 0 || wholeDigits > INT32_DIGITS || partDigits > INT32_DIGITS)
      return exactDecimal(this, from)
    this.isNegative = false
    this.shownFraction = partDigits
    this.fraction = partDigits
    if (partDigits === 0) return whole
    if (part % 10 !== 0 && wholeDigits + partDigits <= INT32_DIGITS)
      return (Math.imul(whole, INT32_POWERS_OF_TEN[partDigits]) + part) | 0
    return this.#joined(whole, part, from)
  }

  /** Both sides of a point as one number, without the trailing zeros. */
  #joined(whole: number, part: number, from: number): number {
    let { fraction } = this
    let rest = part
    while (fraction > 0 && rest % 10 === 0) {
      rest = (rest / 10) | 0
      fraction--
    }
    this.fraction = fraction
    const mantissa = whole * POWERS_OF_TEN[fraction] + rest
    return mantissa <= MANTISSA_MAX ? mantissa : exactDecimal(this, from)
  }

  /** A whole number, bare or quoted; -1 when it is none (a fraction, a negative, beyond 2^53). */
  integer(): number {
    const value = this.decimal()
    return value < 0 || this.fraction > 0 || this.isNegative ? -1 : value
  }

  /** A number as a double, for opinions (funding, open interest); NaN when it is none. */
  float(): number {
    const mantissa = this.decimal()
    if (mantissa < 0) return Number.NaN
    const size = this.fraction > 22 ? mantissa / 10 ** this.fraction : mantissa / POWERS_OF_TEN[this.fraction]
    return this.isNegative ? -size : size
  }

  /** A point in time in microseconds since 1970: seconds (unit 6 digits up), milliseconds (3), microseconds (0), nanoseconds (-3); 0 when none. */
  timeUs(digitsUp: number): number {
    const value = this.decimal()
    if (value < 0 || this.isNegative) return 0
    const up = digitsUp - this.fraction
    if (up > 15 || up < -22) return 0
    const us = up >= 0 ? value * POWERS_OF_TEN[up] : Math.floor(value / POWERS_OF_TEN[-up])
    return us <= Number.MAX_SAFE_INTEGER ? us : 0
  }

  /** An ISO 8601 text in UTC ('2026-08-09T21:05:48.228568804Z', also with a blank for the T), microseconds since 1970; 0 when none. */
  isoTimeUs(): number {
    return this.text() ? isoTimeUs(this.bytes, this.textFrom, this.textTo) : 0
  }

  /** true, or anything else: false (skipped). */
  isTrue(): boolean {
    const c = this.peek()
    this.skip()
    return c === 0x74
  }

  /** Ends the walk. Always false, to be returned. */
  breakOff(): boolean {
    this.isBroken = true
    this.at = this.end
    return false
  }
}
