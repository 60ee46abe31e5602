/**
 * The usual new order in JSON, read from its bytes without a text, an object or a dictionary: six tenths of the time
 * that JSON.parse and OrderEntry take. It takes only what it is certain of: each field at most once, no escapes, whole
 * ids, plain decimals on the grid, nothing that a rule forbids. All else, refusals included, is left to OrderEntry, which
 * would read what is taken here just so (held together by a test). Allocates nothing.
 */
import type { Clock } from '../../shared/clock.ts'
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { Durability, OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../shared/limits.ts'
import type { InstrumentIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import { OrderRequest } from '../orders/order-request.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { idBytes } from './message.ts'
import { checkLots, checkOrder, checkPrice, LIMIT_CENTI_BPS_MAX, type VenueMasks } from './order-rules.ts'
import { SymbolTable } from './symbol-table.ts'

const Char = { quote: 34, comma: 44, dot: 46, zero: 48, colon: 58, backslash: 92, open: 123, close: 125 } as const
/** Digits that are exact as a number whatever they are. */
const DIGITS_MAX = 15
const powers = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, exponent) => 10 ** exponent)
/** By byte: 1 where it stands for itself in a string. */
const isPlain = Uint8Array.from({ length: 256 }, (_, code) =>
  code >= 32 && code < 127 && code !== Char.quote && code !== Char.backslash ? 1 : 0,
)
/** Where reading goes on when it cannot. */
const NOWHERE = -1
const BLANK = 32

const Field = {
  op: 0,
  id: 1,
  clientOrderId: 2,
  symbol: 3,
  side: 4,
  type: 5,
  quantity: 6,
  price: 7,
  timeInForce: 8,
  limits: 9,
  durability: 10,
} as const
const names = new SymbolTable(Object.keys(Field))
const limitNames = new SymbolTable(['slippageBps', 'feeBps'])
const words = new SymbolTable(['new', 'buy', 'sell', 'limit', 'market', 'GTC', 'IOC', 'FOK', 'process', 'machine'])
const Word = { new: 0, buy: 1, sell: 2, limit: 3, market: 4, GTC: 5, IOC: 6, FOK: 7, process: 8, machine: 9 } as const

/** Bits of `seen`. */
const HAS_PRICE = 1 << Field.price
const HAS_TIME_IN_FORCE = 1 << Field.timeInForce
/** op, clientOrderId, symbol, side, type, quantity. */
const REQUIRED = 0b1111101

export class PlainOrder {
  readonly request = new OrderRequest()
  /** Of the message; -1: it has none. */
  id = -1
  readonly #listings: ListingTable
  readonly #venueMasks: VenueMasks
  readonly #symbols: SymbolTable
  #bytes = new Uint8Array(0)
  /** Bit by field. */
  #seen = 0
  #quantityFrom = 0
  #quantityTo = 0
  #priceFrom = 0
  #priceTo = 0

  constructor(listings: ListingTable, venueMasks: VenueMasks) {
    this.#listings = listings
    this.#venueMasks = venueMasks
    this.#symbols = new SymbolTable(listings.instruments.map(({ symbol }) => symbol))
  }

  /** True: `request` and `id` say what is asked, and it may be. O(bytes). */
  read(bytes: Uint8Array<ArrayBuffer>, clock: Clock): boolean {
    this.#bytes = bytes
    this.#seen = 0
    this.id = -1
    this.request.reset()
    let at = this.#skip(0)
    if (bytes[at] !== Char.open) return false
    do {
      at = this.#readMember(this.#skip(at + 1))
      if (at === NOWHERE) return false
      at = this.#skip(at)
    } while (bytes[at] === Char.comma)
    if (bytes[at] !== Char.close || this.#skip(at + 1) !== bytes.length) return false
    if ((this.#seen & REQUIRED) !== REQUIRED) return false
    return this.#readAmounts() && checkOrder(this.request, clock, this.#venueMasks) === DenyReason.none
  }

  /** Answers where it ends, as all that take an `at` do. */
  #readMember(at: number): number {
    const nameEnd = this.#skipString(at)
    if (nameEnd === NOWHERE) return NOWHERE
    const field = names.find(this.#bytes, at + 1, nameEnd - 1)
    if (field < 0 || (this.#seen & (1 << field)) !== 0) return NOWHERE
    this.#seen |= 1 << field
    const value = this.#skipColon(nameEnd)
    if (value === NOWHERE) return NOWHERE
    if (field === Field.id) return this.#readId(value)
    if (field === Field.limits) return this.#readLimits(value)
    const end = this.#skipString(value)
    return end !== NOWHERE && this.#readField(field, value + 1, end - 1) ? end : NOWHERE
  }

  #readField(field: number, from: number, to: number): boolean {
    switch (field) {
      case Field.clientOrderId:
        return this.#readClientId(from, to)
      case Field.symbol:
        return this.#readSymbol(from, to)
      case Field.quantity:
        this.#quantityFrom = from
        this.#quantityTo = to
        return true
      case Field.price:
        this.#priceFrom = from
        this.#priceTo = to
        return true
      default:
        return this.#readWord(field, words.find(this.#bytes, from, to))
    }
  }

  #readWord(field: number, word: number): boolean {
    const { request } = this
    switch (field) {
      case Field.op:
        return word === Word.new
      case Field.side:
        request.side = word === Word.buy ? Side.buy : Side.sell
        return word === Word.buy || word === Word.sell
      case Field.type:
        request.type = word === Word.market ? OrderType.market : OrderType.limit
        return word === Word.market || word === Word.limit
      case Field.timeInForce:
        request.timeInForce =
          word === Word.IOC ? TimeInForce.ioc : word === Word.FOK ? TimeInForce.fok : TimeInForce.gtc
        return word === Word.GTC || word === Word.IOC || word === Word.FOK
      default:
        request.durability = word === Word.machine ? Durability.machine : Durability.process
        return word === Word.process || word === Word.machine
    }
  }

  #readClientId(from: number, to: number): boolean {
    const { request } = this
    const bytes = this.#bytes
    const id = request.clientOrderId
    const length = to - from
    if (length === 0 || length > CLIENT_ORDER_ID_BYTES_MAX) return false
    for (let i = 0; i < length; i++) {
      const code = bytes[from + i]
      if (idBytes[code] === 0) return false
      id[i] = code
    }
    request.clientOrderIdLength = length
    return true
  }

  #readSymbol(from: number, to: number): boolean {
    const instrument = this.#symbols.find(this.#bytes, from, to)
    this.request.instrument = instrument as InstrumentIndex
    return instrument >= 0
  }

  /** Once the instrument and so the grid is known, whatever the order of the fields. */
  #readAmounts(): boolean {
    const { request } = this
    const { priceDigits, qtyDigits } = this.#listings.instruments[request.instrument]
    if ((this.#seen & HAS_TIME_IN_FORCE) === 0 && request.type === OrderType.market)
      request.timeInForce = TimeInForce.ioc
    const lots = this.#decimal(this.#quantityFrom, this.#quantityTo, qtyDigits)
    if (lots <= 0 || checkLots(lots) !== DenyReason.none) return false
    request.lots = lots as QtyLots
    if ((this.#seen & HAS_PRICE) === 0) return true
    const ticks = this.#decimal(this.#priceFrom, this.#priceTo, priceDigits)
    request.priceTicks = ticks as PriceTicks
    return ticks > 0 && checkPrice(ticks) === DenyReason.none
  }

  #readLimits(start: number): number {
    const bytes = this.#bytes
    if (bytes[start] !== Char.open) return NOWHERE
    let at = start
    let seen = 0
    do {
      const name = this.#skip(at + 1)
      const nameEnd = this.#skipString(name)
      if (nameEnd === NOWHERE) return NOWHERE
      const limit = limitNames.find(bytes, name + 1, nameEnd - 1)
      const value = this.#skipColon(nameEnd)
      if (limit < 0 || (seen & (1 << limit)) !== 0 || value === NOWHERE) return NOWHERE
      seen |= 1 << limit
      at = this.#skipNumber(value)
      const centiBps = at === NOWHERE ? -1 : this.#decimal(value, at, 2)
      if (centiBps < 0 || centiBps > LIMIT_CENTI_BPS_MAX) return NOWHERE
      if (limit === 0) this.request.slippageCentiBps = centiBps
      else this.request.feeCentiBps = centiBps
      at = this.#skip(at)
    } while (bytes[at] === Char.comma)
    return bytes[at] === Char.close ? at + 1 : NOWHERE
  }

  #readId(at: number): number {
    const end = this.#skipNumber(at)
    if (end === NOWHERE) return NOWHERE
    this.id = this.#decimal(at, end, 0)
    return this.id < 0 ? NOWHERE : end
  }

  /** '1.25' with 4 digits is 12500; -1 for what is finer, longer or no plain decimal. */
  #decimal(from: number, to: number, digits: number): number {
    const bytes = this.#bytes
    if (to - from > DIGITS_MAX) return -1
    let value = 0
    let dot = -1
    for (let at = from; at < to; at++) {
      const code = bytes[at]
      if (isDigit(code)) value = value * 10 + (code - Char.zero)
      else if (code === Char.dot && dot < 0 && at > from) dot = at
      else return -1
    }
    const fraction = dot < 0 ? 0 : to - dot - 1
    const isWhole = to > from && (dot < 0 || fraction > 0)
    if (!isWhole || fraction > digits || to - from + digits - fraction > DIGITS_MAX) return -1
    return value * powers[digits - fraction]
  }

  /** Digits and dots, as JSON begins a number: no zero before another digit. */
  #skipNumber(from: number): number {
    const bytes = this.#bytes
    let at = from
    while (at < bytes.length && (isDigit(bytes[at]) || bytes[at] === Char.dot)) at++
    if (at === from || (bytes[from] === Char.zero && at > from + 1 && bytes[from + 1] !== Char.dot)) return NOWHERE
    return at
  }

  /** A string without escapes, control characters or anything but ASCII. */
  #skipString(from: number): number {
    const bytes = this.#bytes
    if (from >= bytes.length || bytes[from] !== Char.quote) return NOWHERE
    let at = from + 1
    while (at < bytes.length && isPlain[bytes[at]] === 1) at++
    return at < bytes.length && bytes[at] === Char.quote ? at + 1 : NOWHERE
  }

  /** To the value behind a name. */
  #skipColon(from: number): number {
    const at = this.#skip(from)
    return this.#bytes[at] === Char.colon ? this.#skip(at + 1) : NOWHERE
  }

  /** To the next byte that is not a blank. */
  #skip(from: number): number {
    const bytes = this.#bytes
    let at = from
    while (at < bytes.length && bytes[at] === BLANK) at++
    return at
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
