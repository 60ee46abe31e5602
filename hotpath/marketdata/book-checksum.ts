/**
 * Checksums that venues send with their books, over what we keep of them: CRC-32 (ISO 3309) of a text made of the best
 * levels. Sources: Kraken "How to calculate the checksum" (v1 and v2), OKX "Checksum" of the books channel, Bitget the
 * same, Bitfinex "Checksum" flag, Independent Reserve "CRC32 checksum" of its order book snapshots,
 * Delta Exchange "l2_updates" (Checksum).
 */
import type { DepthBook, DepthSide } from '../book/depth-book.ts'
import { ChecksumRule } from '../venues/feed/feed-venue.ts'
import { POWERS_OF_TEN } from '../venues/feed/json-cursor.ts'

const KRAKEN_LEVELS = 10
const ALTERNATING_LEVELS = 25
const BIDS_FIRST_DIGITS = 8
const DELTA_LEVELS = 10
/** No number of a book, however finely it is written, has more digits. */
const VALUE_MAX = 1e40
const TEXT_BYTES_MAX = 8_192
const COLON = 0x3a
const COMMA = 0x2c
const BAR = 0x7c
const POINT = 0x2e
const ZERO = 0x30

/**
 * Eight bytes at once (slicing-by-8, M. Kounavis and F. Berry): table k is a byte followed by k zero bytes. Words are read as
 * the machine keeps them: little end first, as on every machine that runs Node in earnest.
 */
const tables = new Int32Array(8 * 256)
for (let byte = 0; byte < 256; byte++) {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  tables[byte] = value
}
for (let at = 256; at < tables.length; at++) tables[at] = tables[tables[at - 256] & 255] ^ (tables[at - 256] >>> 8)

/** Both digits of a number below 100, as text. */
const tens = Uint8Array.from({ length: 100 }, (_, value) => ZERO + Math.floor(value / 10))
const ones = Uint8Array.from({ length: 100 }, (_, value) => ZERO + (value % 10))

export class BookChecksum {
  readonly #text = new Uint8Array(TEXT_BYTES_MAX)
  /** The same bytes, four at a time. */
  readonly #words = new Int32Array(this.#text.buffer)
  readonly #digits = new Uint8Array(64)
  #length = 0

  /** The checksum of this book, unsigned. `shown`: digits behind the point as the venue writes them (Kraken). O(levels summed). */
  of(rule: ChecksumRule, book: DepthBook, priceShown: number, sizeShown: number): number {
    this.#length = 0
    if (rule === ChecksumRule.kraken10) {
      this.#krakenSide(book.asks, book, priceShown, sizeShown)
      this.#krakenSide(book.bids, book, priceShown, sizeShown)
    } else if (rule === ChecksumRule.bidsFirst10) {
      this.#krakenSide(book.bids, book, BIDS_FIRST_DIGITS, BIDS_FIRST_DIGITS)
      this.#krakenSide(book.asks, book, BIDS_FIRST_DIGITS, BIDS_FIRST_DIGITS)
    } else if (rule === ChecksumRule.alternating25) this.#alternating(book)
    else if (rule === ChecksumRule.alternatingShown25) this.#alternatingShown(book, priceShown, sizeShown)
    else if (rule === ChecksumRule.delta10) {
      this.#deltaSide(book.asks, book, priceShown, sizeShown)
      this.#put(BAR)
      this.#deltaSide(book.bids, book, priceShown, sizeShown)
    } else this.#bitfinex(book)
    return this.#crc()
  }

  #krakenSide(side: DepthSide, book: DepthBook, priceShown: number, sizeShown: number): void {
    const priceFactor = POWERS_OF_TEN[Math.max(0, priceShown - book.priceDigits)]
    const sizeFactor = POWERS_OF_TEN[Math.max(0, sizeShown - book.sizeDigits)]
    const last = Math.max(0, side.count - KRAKEN_LEVELS)
    for (let at = side.count - 1; at >= last; at--) {
      this.#writeInteger(side.prices[at] * priceFactor)
      this.#writeInteger(side.sizes[at] * sizeFactor)
    }
  }

  #alternating(book: DepthBook): void {
    for (let level = 0; level < ALTERNATING_LEVELS; level++) {
      this.#writeLevel(book.bids, level, book)
      this.#writeLevel(book.asks, level, book)
    }
  }

  #alternatingShown(book: DepthBook, priceShown: number, sizeShown: number): void {
    for (let level = 0; level < ALTERNATING_LEVELS; level++) {
      this.#writeShownLevel(book.bids, level, book, priceShown, sizeShown)
      this.#writeShownLevel(book.asks, level, book, priceShown, sizeShown)
    }
  }

  #writeShownLevel(side: DepthSide, level: number, book: DepthBook, priceShown: number, sizeShown: number): void {
    const at = side.count - 1 - level
    if (at < 0) return
    const { priceDigits, sizeDigits } = book
    const price = priceShown > priceDigits ? side.prices[at] * POWERS_OF_TEN[priceShown - priceDigits] : side.prices[at]
    const size = sizeShown > sizeDigits ? side.sizes[at] * POWERS_OF_TEN[sizeShown - sizeDigits] : side.sizes[at]
    const pricePlaces = priceShown > priceDigits ? priceShown : priceDigits
    const sizePlaces = sizeShown > sizeDigits ? sizeShown : sizeDigits
    if (this.#length > 0) this.#put(COLON)
    const to = this.#length
    if (price < 1e9 && size < 1e9 && pricePlaces < 9 && sizePlaces < 9 && to + 24 < TEXT_BYTES_MAX) {
      const text = this.#text
      const middle = writeSmall(text, to, price | 0, pricePlaces)
      text[middle] = COLON
      this.#length = writeSmall(text, middle + 1, size | 0, sizePlaces)
      return
    }
    this.#writeShown(side.prices[at], priceDigits, priceShown)
    this.#put(COLON)
    this.#writeShown(side.sizes[at], sizeDigits, sizeShown)
  }

  #deltaSide(side: DepthSide, book: DepthBook, priceShown: number, sizeShown: number): void {
    const last = Math.max(0, side.count - DELTA_LEVELS)
    for (let at = side.count - 1; at >= last; at--) {
      if (at < side.count - 1) this.#put(COMMA)
      this.#writeShown(side.prices[at], book.priceDigits, priceShown)
      this.#put(COLON)
      this.#writeShown(side.sizes[at], book.sizeDigits, sizeShown)
    }
  }

  #writeLevel(side: DepthSide, level: number, book: DepthBook): void {
    const at = side.count - 1 - level
    if (at < 0) return
    if (this.#length > 0) this.#put(COLON)
    this.#writeDecimal(side.prices[at], book.priceDigits)
    this.#put(COLON)
    this.#writeDecimal(side.sizes[at], book.sizeDigits)
  }

  /** Rare: Bitfinex writes numbers as JavaScript does, so strings are made. */
  #bitfinex(book: DepthBook): void {
    const parts: string[] = []
    for (let level = 0; level < ALTERNATING_LEVELS; level++) {
      const bid = book.bids.count - 1 - level
      const ask = book.asks.count - 1 - level
      if (bid >= 0) parts.push(numberText(book.bids, bid, book, 1))
      if (ask >= 0) parts.push(numberText(book.asks, ask, book, -1))
    }
    const text = parts.join(':')
    for (let at = 0; at < text.length; at++) this.#put(text.charCodeAt(at))
  }

  #put(byte: number): void {
    if (this.#length < TEXT_BYTES_MAX) this.#text[this.#length++] = byte
  }

  /** Digits without leading zeros; nothing for 0. */
  #writeInteger(value: number): void {
    if (value < 1e9) {
      if (value > 0) this.#writeSmall(value | 0, 0)
      return
    }
    const text = this.#text
    const digits = this.#digits
    let count = this.#split(value)
    let to = this.#length
    while (count > 0 && to < TEXT_BYTES_MAX) text[to++] = ZERO + digits[--count]
    this.#length = to
  }

  /** The digits of an integer, last first; answers how many. Nine at a time are a 32-bit integer, which divides fast. */
  #split(value: number): number {
    const digits = this.#digits
    if (!(value < VALUE_MAX)) return 0
    let count = 0
    let rest = value
    while (rest >= 1e9) {
      const next = Math.floor(rest / 1e9)
      let nine = (rest - next * 1e9) | 0
      for (let digit = 0; digit < 9; digit++) {
        const tenth = (nine / 10) | 0
        digits[count++] = nine - tenth * 10
        nine = tenth
      }
      rest = next
    }
    for (let nine = rest | 0; nine > 0; ) {
      const tenth = (nine / 10) | 0
      digits[count++] = nine - tenth * 10
      nine = tenth
    }
    return count
  }

  /** As short as it can be written: no trailing zeros, one zero before the point. */
  #writeDecimal(value: number, fraction: number): void {
    let whole = value
    let places = fraction
    while (places > 0 && whole % 10 === 0) {
      whole /= 10
      places--
    }
    this.#writePlaces(whole, places)
  }

  /** With exactly so many digits behind the point, or more where the number has them. */
  #writeShown(value: number, fraction: number, shown: number): void {
    const padded = shown > fraction ? value * POWERS_OF_TEN[shown - fraction] : value
    if (padded <= Number.MAX_SAFE_INTEGER) {
      this.#writePlaces(padded, Math.max(fraction, shown))
      return
    }
    this.#writePlaces(value, fraction)
    if (fraction === 0 && shown > 0) this.#put(POINT)
    for (let places = fraction; places < shown; places++) this.#put(ZERO)
  }

  #writePlaces(whole: number, places: number): void {
    if (whole < 1e9 && places < 9) {
      this.#writeSmall(whole | 0, places)
      return
    }
    const text = this.#text
    const digits = this.#digits
    let count = this.#split(whole)
    while (count <= places) digits[count++] = 0
    let to = this.#length
    while (count > 0 && to < TEXT_BYTES_MAX - 1) {
      text[to++] = ZERO + digits[--count]
      if (count === places && places > 0) text[to++] = POINT
    }
    this.#length = to
  }

  #writeSmall(value: number, places: number): void {
    if (this.#length + 12 <= TEXT_BYTES_MAX) this.#length = writeSmall(this.#text, this.#length, value, places)
  }

  #crc(): number {
    const text = this.#text
    const words = this.#words
    const length = this.#length
    let value = -1
    let at = 0
    for (; at + 8 <= length; at += 8) {
      const first = value ^ words[at >> 2]
      const second = words[(at >> 2) + 1]
      value =
        tables[1792 + (first & 255)] ^
        tables[1536 + ((first >>> 8) & 255)] ^
        tables[1280 + ((first >>> 16) & 255)] ^
        tables[1024 + (first >>> 24)] ^
        tables[768 + (second & 255)] ^
        tables[512 + ((second >>> 8) & 255)] ^
        tables[256 + ((second >>> 16) & 255)] ^
        tables[second >>> 24]
    }
    for (; at < length; at++) value = tables[(value ^ text[at]) & 255] ^ (value >>> 8)
    return (value ^ -1) >>> 0
  }
}

/** A number below 10^9 with so many places (fewer than 9) from `from` on, written last digit first; answers where it ends. */
function writeSmall(text: Uint8Array, from: number, value: number, places: number): number {
  const digits = digitsOf(value)
  const end = from + (digits > places ? digits : places + 1) + (places > 0 ? 1 : 0)
  let at = end
  let rest = value
  let place = 0
  for (; place + 2 <= places; place += 2) {
    const hundredth = (rest / 100) | 0
    at -= 2
    twoDigits(text, at, rest - hundredth * 100)
    rest = hundredth
  }
  if (place < places) {
    const tenth = (rest / 10) | 0
    text[--at] = ZERO + rest - tenth * 10
    rest = tenth
  }
  if (places > 0) text[--at] = POINT
  while (at - from >= 2) {
    const hundredth = (rest / 100) | 0
    at -= 2
    twoDigits(text, at, rest - hundredth * 100)
    rest = hundredth
  }
  if (at > from) text[--at] = ZERO + rest
  return end
}

function twoDigits(text: Uint8Array, at: number, value: number): void {
  text[at] = tens[value]
  text[at + 1] = ones[value]
}

/** Of an integer below 10^9; 0 has one. */
function digitsOf(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1_000 ? 3 : 4
  if (value < 1_000_000) return value < 100_000 ? 5 : 6
  return value < 10_000_000 ? 7 : value < 100_000_000 ? 8 : 9
}

function numberText(side: DepthSide, at: number, book: DepthBook, sign: number): string {
  const price = side.prices[at] / 10 ** book.priceDigits
  const size = (sign * side.sizes[at]) / 10 ** book.sizeDigits
  return `${price}:${size}`
}
