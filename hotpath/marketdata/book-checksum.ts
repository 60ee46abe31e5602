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
const TEXT_BYTES_MAX = 8_192
const COLON = 0x3a
const COMMA = 0x2c
const BAR = 0x7c
const POINT = 0x2e
const ZERO = 0x30

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

export class BookChecksum {
  readonly #text = new Uint8Array(TEXT_BYTES_MAX)
  readonly #digits = new Uint8Array(24)
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
      for (let turn = 0; turn < 2; turn++) {
        const side = turn === 0 ? book.bids : book.asks
        const at = side.count - 1 - level
        if (at < 0) continue
        if (this.#length > 0) this.#put(COLON)
        this.#writeShown(side.prices[at], book.priceDigits, priceShown)
        this.#put(COLON)
        this.#writeShown(side.sizes[at], book.sizeDigits, sizeShown)
      }
    }
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
    const digits = this.#digits
    let count = 0
    for (let rest = value; rest > 0 && count < digits.length; ) {
      const next = Math.floor(rest / 10)
      digits[count++] = rest - next * 10
      rest = next
    }
    while (count > 0) this.#put(ZERO + digits[--count])
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
    this.#writePlaces(value, fraction)
    if (fraction === 0 && shown > 0) this.#put(POINT)
    for (let places = fraction; places < shown; places++) this.#put(ZERO)
  }

  #writePlaces(whole: number, places: number): void {
    const digits = this.#digits
    let count = 0
    for (let rest = whole; (rest > 0 || count <= places) && count < digits.length; ) {
      const next = Math.floor(rest / 10)
      digits[count++] = rest - next * 10
      rest = next
    }
    while (count > 0) {
      count--
      this.#put(ZERO + digits[count])
      if (count === places && places > 0) this.#put(POINT)
    }
  }

  #crc(): number {
    let value = -1
    for (let at = 0; at < this.#length; at++) value = table[(value ^ this.#text[at]) & 255] ^ (value >>> 8)
    return (value ^ -1) >>> 0
  }
}

function numberText(side: DepthSide, at: number, book: DepthBook, sign: number): string {
  const price = side.prices[at] / 10 ** book.priceDigits
  const size = (sign * side.sizes[at]) / 10 ** book.sizeDigits
  return `${price}:${size}`
}
