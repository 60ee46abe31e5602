/**
 * JSON at the door: text to an OrderRequest, every field checked by hand. Total: any text gives a reason, never a
 * throw, and nothing is changed by what is refused. Decimals are text, exact on the instrument's grid.
 */
import type { Clock } from '../../shared/clock.ts'
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { Durability, OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { type InstrumentIndex, PARENT_SEQUENCE_MAX } from '../../shared/units/ids.ts'
import { DecimalError, type PriceTicks, parseBudget, parseDecimal, type QtyLots } from '../../shared/units/ticks.ts'
import { type EpochUs, US_PER_MS } from '../../shared/units/time.ts'
import { OrderRequest } from '../orders/order-request.ts'
import type { ListingTable } from '../plan/listing-table.ts'
import { fieldSet, isClientOrderId, isMessage, type Message } from './message.ts'
import { checkLots, checkOrder, checkPrice, LIMIT_CENTI_BPS_MAX, type VenueMasks, venueMasksOf } from './order-rules.ts'

const newFields = fieldSet(
  'clientOrderId symbol side type quantity quoteQuantity price timeInForce expireTime postOnly venues limits durability',
)
const quoteFields = fieldSet('symbol side quantity quoteQuantity price venues limits')
const replaceFields = fieldSet('clientOrderId orderId quantity price')
const referenceFields = fieldSet('clientOrderId orderId')
const massCancelFields = fieldSet('symbol')
const venuesFields: ReadonlySet<string> = new Set(['include', 'exclude'])
const limitsFields: ReadonlySet<string> = new Set(['slippageBps', 'feeBps'])

const timesInForce: ReadonlyMap<unknown, TimeInForce> = new Map([
  ['GTC', TimeInForce.gtc],
  ['IOC', TimeInForce.ioc],
  ['FOK', TimeInForce.fok],
  ['GTD', TimeInForce.gtd],
])

/** The field that each rule between fields is about. */
const ruleFields: Readonly<Partial<Record<DenyReason, string>>> = {
  [DenyReason.priceNotAllowed]: 'price',
  [DenyReason.priceRequired]: 'price',
  [DenyReason.badTimeInForce]: 'timeInForce',
  [DenyReason.quoteQuantityNotAllowed]: 'quoteQuantity',
  [DenyReason.expireTimeRequired]: 'expireTime',
  [DenyReason.badExpireTime]: 'expireTime',
  [DenyReason.alreadyExpired]: 'expireTime',
  [DenyReason.noVenueLeft]: 'venues',
}

export class OrderEntry {
  /** The last order decoded; holds rubbish after a refusal. */
  readonly request = new OrderRequest()
  readonly venueMasks: VenueMasks
  /** What the last refusal was about, '' when it was about no field in particular. */
  field = ''
  readonly #listings: ListingTable
  readonly #instruments: ReadonlyMap<unknown, InstrumentIndex>
  readonly #venues: ReadonlyMap<unknown, number>
  readonly #mask = new Int32Array(2)

  constructor(listings: ListingTable) {
    this.#listings = listings
    this.venueMasks = venueMasksOf(listings)
    this.#instruments = new Map(listings.instruments.map(({ symbol, index }) => [symbol, index]))
    this.#venues = new Map(listings.venues.map(({ id, index }) => [id, index]))
  }

  /** A new order. O(fields). */
  decodeNew(message: Message, clock: Clock): DenyReason {
    this.request.reset()
    return (
      this.checkFields(message, newFields) ||
      this.#readClientOrderId(message) ||
      this.readSymbol(message) ||
      this.#readSide(message) ||
      this.#readType(message) ||
      this.#readTimeInForce(message) ||
      this.#readSize(message) ||
      this.#readPrice(message) ||
      this.#readExpireTime(message) ||
      this.#readPostOnly(message) ||
      this.#readVenues(message) ||
      this.#readLimits(message) ||
      this.#readDurability(message) ||
      this.#checkRules(clock)
    )
  }

  /** An order that is only asked about: immediate, at market unless it has a price. */
  decodeQuote(message: Message, clock: Clock): DenyReason {
    const { request } = this
    request.reset()
    request.type = message['price'] === undefined ? OrderType.market : OrderType.limit
    request.timeInForce = TimeInForce.ioc
    return (
      this.checkFields(message, quoteFields) ||
      this.readSymbol(message) ||
      this.#readSide(message) ||
      this.#readSize(message) ||
      this.#readPrice(message) ||
      this.#readVenues(message) ||
      this.#readLimits(message) ||
      this.#checkRules(clock)
    )
  }

  /** Which order a cancel, status, explain or report is about. */
  decodeReference(message: Message): DenyReason {
    this.request.reset()
    return this.checkFields(message, referenceFields) || this.#readReference(message)
  }

  /** Which order a replace is about; its amounts are read once its instrument is known. */
  decodeReplace(message: Message): DenyReason {
    this.request.reset()
    const reason = this.checkFields(message, replaceFields) || this.#readReference(message)
    if (reason !== DenyReason.none) return reason
    if (message['quantity'] === undefined && message['price'] === undefined)
      return this.deny(DenyReason.missingField, 'quantity')
    return DenyReason.none
  }

  decodeReplaceAmounts(message: Message, instrument: InstrumentIndex): DenyReason {
    this.request.instrument = instrument
    return (message['quantity'] === undefined ? DenyReason.none : this.#readSize(message)) || this.#readPrice(message)
  }

  /** Leaves the instrument in the request, or -1 for all of them. */
  decodeMassCancel(message: Message): DenyReason {
    this.request.reset()
    this.request.instrument = -1 as InstrumentIndex
    const reason = this.checkFields(message, massCancelFields)
    if (reason !== DenyReason.none || message['symbol'] === undefined) return reason
    return this.readSymbol(message)
  }

  checkFields(message: Message, allowed: ReadonlySet<string>): DenyReason {
    for (const field in message) if (!allowed.has(field)) return this.deny(DenyReason.unknownField, field)
    return DenyReason.none
  }

  readSymbol(message: Message): DenyReason {
    const symbol = message['symbol']
    if (typeof symbol !== 'string') return this.#absentOrWrong(symbol, 'symbol')
    const instrument = this.#instruments.get(symbol)
    if (instrument === undefined) return this.deny(DenyReason.unknownSymbol, 'symbol')
    this.request.instrument = instrument
    return DenyReason.none
  }

  deny(reason: DenyReason, field: string): DenyReason {
    this.field = field
    return reason
  }

  #absentOrWrong(value: unknown, field: string): DenyReason {
    return this.deny(value === undefined ? DenyReason.missingField : DenyReason.wrongType, field)
  }

  #checkRules(clock: Clock): DenyReason {
    const reason = checkOrder(this.request, clock, this.venueMasks)
    return reason === DenyReason.none ? reason : this.deny(reason, ruleFields[reason] ?? '')
  }

  #readClientOrderId(message: Message): DenyReason {
    const id = message['clientOrderId']
    if (typeof id !== 'string') return this.#absentOrWrong(id, 'clientOrderId')
    if (!isClientOrderId(id)) return this.deny(DenyReason.badClientOrderId, 'clientOrderId')
    const { request } = this
    for (let i = 0; i < id.length; i++) request.clientOrderId[i] = id.charCodeAt(i)
    request.clientOrderIdLength = id.length
    return DenyReason.none
  }

  /** One of clientOrderId and orderId. */
  #readReference(message: Message): DenyReason {
    const id = message['orderId']
    if (id === undefined) return this.#readClientOrderId(message)
    if (message['clientOrderId'] !== undefined) return this.deny(DenyReason.unknownField, 'orderId')
    if (typeof id !== 'string') return this.deny(DenyReason.wrongType, 'orderId')
    const sequence = parseDecimal(id, 0)
    if (sequence <= 0 || sequence > PARENT_SEQUENCE_MAX) return this.deny(DenyReason.unknownOrder, 'orderId')
    this.request.orderId = sequence
    return DenyReason.none
  }

  #readSide(message: Message): DenyReason {
    const side = message['side']
    if (typeof side !== 'string') return this.#absentOrWrong(side, 'side')
    if (side === 'buy') this.request.side = Side.buy
    else if (side === 'sell') this.request.side = Side.sell
    else return this.deny(DenyReason.badSide, 'side')
    return DenyReason.none
  }

  #readType(message: Message): DenyReason {
    const type = message['type']
    if (typeof type !== 'string') return this.#absentOrWrong(type, 'type')
    if (type === 'limit') this.request.type = OrderType.limit
    else if (type === 'market') this.request.type = OrderType.market
    else return this.deny(DenyReason.badType, 'type')
    return DenyReason.none
  }

  /** Without one, a market order is immediate and a limit order stays. */
  #readTimeInForce(message: Message): DenyReason {
    const { request } = this
    const word = message['timeInForce']
    if (word === undefined) {
      request.timeInForce = request.type === OrderType.market ? TimeInForce.ioc : TimeInForce.gtc
      return DenyReason.none
    }
    if (typeof word !== 'string') return this.deny(DenyReason.wrongType, 'timeInForce')
    const timeInForce = timesInForce.get(word)
    if (timeInForce === undefined) return this.deny(DenyReason.badTimeInForce, 'timeInForce')
    request.timeInForce = timeInForce
    return DenyReason.none
  }

  /** Exactly one of quantity and quoteQuantity. */
  #readSize(message: Message): DenyReason {
    const { request } = this
    const { priceDigits, qtyDigits } = this.#listings.instruments[request.instrument]
    const quantity = message['quantity']
    const quoteQuantity = message['quoteQuantity']
    if (quoteQuantity === undefined) {
      if (typeof quantity !== 'string') return this.#absentOrWrong(quantity, 'quantity')
      const lots = parseDecimal(quantity, qtyDigits)
      if (lots <= 0) return this.deny(quantityReason(lots), 'quantity')
      request.lots = lots as QtyLots
      const reason = checkLots(lots)
      return reason === DenyReason.none ? reason : this.deny(reason, 'quantity')
    }
    if (typeof quoteQuantity !== 'string') return this.deny(DenyReason.wrongType, 'quoteQuantity')
    if (quantity !== undefined) return this.deny(DenyReason.quoteQuantityNotAllowed, 'quoteQuantity')
    const budget = parseBudget(quoteQuantity, priceDigits + qtyDigits)
    if (budget <= 0) return this.deny(quantityReason(budget), 'quoteQuantity')
    request.quoteBudget = budget
    return DenyReason.none
  }

  #readPrice(message: Message): DenyReason {
    const price = message['price']
    if (price === undefined) return DenyReason.none
    if (typeof price !== 'string') return this.deny(DenyReason.wrongType, 'price')
    const ticks = parseDecimal(price, this.#listings.instruments[this.request.instrument].priceDigits)
    if (ticks <= 0) return this.deny(priceReason(ticks), 'price')
    this.request.priceTicks = ticks as PriceTicks
    const reason = checkPrice(ticks)
    return reason === DenyReason.none ? reason : this.deny(reason, 'price')
  }

  #readExpireTime(message: Message): DenyReason {
    const time = message['expireTime']
    if (time === undefined) return DenyReason.none
    if (typeof time !== 'number') return this.deny(DenyReason.wrongType, 'expireTime')
    const us = time * US_PER_MS
    if (!Number.isInteger(time) || time <= 0 || !Number.isSafeInteger(us))
      return this.deny(DenyReason.badExpireTime, 'expireTime')
    this.request.expireUs = us as EpochUs
    return DenyReason.none
  }

  #readPostOnly(message: Message): DenyReason {
    const postOnly = message['postOnly']
    if (postOnly === undefined) return DenyReason.none
    if (typeof postOnly !== 'boolean') return this.deny(DenyReason.wrongType, 'postOnly')
    this.request.postOnly = postOnly
    return DenyReason.none
  }

  #readDurability(message: Message): DenyReason {
    const durability = message['durability']
    if (durability === undefined || durability === 'process') return DenyReason.none
    if (durability !== 'machine') return this.deny(DenyReason.wrongType, 'durability')
    this.request.durability = Durability.machine
    return DenyReason.none
  }

  #readVenues(message: Message): DenyReason {
    const venues = message['venues']
    if (venues === undefined) return DenyReason.none
    if (!isMessage(venues)) return this.deny(DenyReason.wrongType, 'venues')
    for (const field in venues)
      if (!venuesFields.has(field)) return this.deny(DenyReason.unknownField, `venues.${field}`)
    const { request } = this
    if (venues['include'] !== undefined) {
      const reason = this.#readMask(venues['include'], 'venues.include')
      if (reason !== DenyReason.none) return reason
      request.venuesLow = this.#mask[0]
      request.venuesHigh = this.#mask[1]
    }
    if (venues['exclude'] !== undefined) {
      const reason = this.#readMask(venues['exclude'], 'venues.exclude')
      if (reason !== DenyReason.none) return reason
      request.venuesLow &= ~this.#mask[0]
      request.venuesHigh &= ~this.#mask[1]
    }
    return DenyReason.none
  }

  #readMask(ids: unknown, field: string): DenyReason {
    if (!Array.isArray(ids)) return this.deny(DenyReason.wrongType, field)
    this.#mask.fill(0)
    for (const id of ids) {
      if (typeof id !== 'string') return this.deny(DenyReason.wrongType, field)
      const venue = this.#venues.get(id)
      if (venue === undefined) return this.deny(DenyReason.unknownVenue, field)
      this.#mask[venue >> 5] |= 1 << (venue & 31)
    }
    return DenyReason.none
  }

  #readLimits(message: Message): DenyReason {
    const limits = message['limits']
    if (limits === undefined) return DenyReason.none
    if (!isMessage(limits)) return this.deny(DenyReason.wrongType, 'limits')
    for (const field in limits) {
      if (!limitsFields.has(field)) return this.deny(DenyReason.unknownField, `limits.${field}`)
      const bps = limits[field]
      if (typeof bps !== 'number') return this.deny(DenyReason.wrongType, `limits.${field}`)
      const centiBps = wholeCentiBps(bps)
      if (centiBps < 0) return this.deny(DenyReason.badLimit, `limits.${field}`)
      if (field === 'slippageBps') this.request.slippageCentiBps = centiBps
      else this.request.feeCentiBps = centiBps
    }
    return DenyReason.none
  }
}

/** Steps of 0.01 bp; -1 when it is not one of them or outside 0 to 10,000. */
function wholeCentiBps(bps: number): number {
  const centiBps = Math.round(bps * 100)
  const isStep = Math.abs(bps * 100 - centiBps) < 1e-6
  return isStep && centiBps >= 0 && centiBps <= LIMIT_CENTI_BPS_MAX ? centiBps + 0 : -1
}

function quantityReason(parsed: number): DenyReason {
  if (parsed === DecimalError.tooPrecise) return DenyReason.quantityTooPrecise
  return parsed === DecimalError.tooLarge ? DenyReason.quantityTooLarge : DenyReason.badQuantity
}

function priceReason(parsed: number): DenyReason {
  if (parsed === DecimalError.tooPrecise) return DenyReason.priceTooPrecise
  return parsed === DecimalError.tooLarge ? DenyReason.priceTooLarge : DenyReason.badPrice
}
