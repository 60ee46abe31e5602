/**
 * Binary frames at the door: into an OrderRequest, with the same rules as JSON. A frame is copied first, so that its fields
 * are read from aligned words that are always the same memory. Total: any bytes give a reason. Allocates nothing.
 */
import type { Clock } from '../../shared/clock.ts'
import { DenyReason } from '../../shared/domain/deny-reason.ts'
import { Durability, OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../shared/limits.ts'
import type { InstrumentIndex } from '../../shared/units/ids.ts'
import type { PriceTicks, QtyLots } from '../../shared/units/ticks.ts'
import type { EpochUs } from '../../shared/units/time.ts'
import {
  EVERY_INSTRUMENT,
  FrameKind,
  ORDER_FRAME_BYTES,
  ORDER_FRAME_VERSION,
  OrderField,
  OrderFlag,
} from '../../shared/wire/order-frame.ts'
import { wordsToUint64 } from '../../shared/wire/wide-integer.ts'
import { OrderRequest } from '../orders/order-request.ts'
import { idBytes } from './message.ts'
import { checkLots, checkOrder, checkPrice, LIMIT_CENTI_BPS_MAX, type VenueMasks } from './order-rules.ts'

const ruleFields: Readonly<Partial<Record<DenyReason, number>>> = {
  [DenyReason.priceNotAllowed]: OrderField.priceTicks,
  [DenyReason.priceRequired]: OrderField.priceTicks,
  [DenyReason.badTimeInForce]: OrderField.timeInForce,
  [DenyReason.quoteQuantityNotAllowed]: OrderField.quoteBudget,
  [DenyReason.expireTimeRequired]: OrderField.expireUs,
  [DenyReason.badExpireTime]: OrderField.expireUs,
  [DenyReason.alreadyExpired]: OrderField.expireUs,
  [DenyReason.noVenueLeft]: OrderField.venuesLow,
}

export class FrameEntry {
  readonly request = new OrderRequest()
  kind: FrameKind | 0 = 0
  /** Echoed in direct answers. */
  id = 0
  /** Offset of the field the last refusal was about; 0 (the version) after a frame without fault. */
  field = 0
  /** The frame being read. */
  readonly #bytes = new Uint8Array(ORDER_FRAME_BYTES)
  readonly #words = new Uint32Array(this.#bytes.buffer)
  readonly #instruments: number
  readonly #venueMasks: VenueMasks
  readonly #allVenues: Int32Array

  constructor(size: { instruments: number; venues: number }, venueMasks: VenueMasks) {
    this.#instruments = size.instruments
    this.#venueMasks = venueMasks
    this.#allVenues = Int32Array.of(lowMask(size.venues), lowMask(size.venues - 32))
  }

  /** None: `kind` and `request` say what is asked. O(1). */
  decode(message: Uint8Array, clock: Clock): DenyReason {
    this.kind = 0
    this.id = 0
    this.field = 0
    this.request.clientOrderIdLength = 0
    return this.#readHead(message) || this.#readBody(clock)
  }

  #readHead(message: Uint8Array): DenyReason {
    if (message.length < OrderField.id) return this.#deny(DenyReason.malformed, OrderField.length)
    if (message[OrderField.version] !== ORDER_FRAME_VERSION)
      return this.#deny(DenyReason.unsupportedVersion, OrderField.version)
    if (message.length !== ORDER_FRAME_BYTES) return this.#deny(DenyReason.malformed, OrderField.length)
    const bytes = this.#bytes
    bytes.set(message)
    if (this.#words[0] >>> 16 !== ORDER_FRAME_BYTES) return this.#deny(DenyReason.malformed, OrderField.length)
    this.id = this.#words[OrderField.id >> 2]
    const kind = bytes[OrderField.kind]
    if (kind < FrameKind.new || kind > FrameKind.ping) return this.#deny(DenyReason.unknownOperation, OrderField.kind)
    this.kind = kind as FrameKind
    if (bytes[OrderField.reserved] !== 0) return this.#deny(DenyReason.malformed, OrderField.reserved)
    if (this.#words[OrderField.reservedEnd >> 2] !== 0) return this.#deny(DenyReason.malformed, OrderField.reservedEnd)
    return DenyReason.none
  }

  #readBody(clock: Clock): DenyReason {
    if (this.kind === FrameKind.new) return this.#readNew(clock)
    this.request.reset()
    switch (this.kind) {
      case FrameKind.cancel:
      case FrameKind.status:
        return this.#readReference() || this.#readZeros(OrderField.lots, OrderField.clientId)
      case FrameKind.replace:
        return this.#readReplace()
      case FrameKind.massCancel:
        return this.#readMassCancel()
      default:
        return this.#readZeros(OrderField.side, OrderField.reservedEnd)
    }
  }

  /** Writes whatever a decoder writes of the request: nothing needs to be reset before. */
  #readNew(clock: Clock): DenyReason {
    this.request.orderId = 0
    return (
      this.#readZeros(OrderField.orderId, OrderField.lots) ||
      this.#readClientId() ||
      this.#readInstrument() ||
      this.#readWords() ||
      this.#readAmounts() ||
      this.#readExpireTime() ||
      this.#readVenues() ||
      this.#readLimits() ||
      this.#checkRules(clock)
    )
  }

  #readReplace(): DenyReason {
    const reason =
      this.#readReference() || this.#readAmounts() || this.#readZeros(OrderField.expireUs, OrderField.clientId)
    if (reason !== DenyReason.none) return reason
    if (this.request.quoteBudget !== 0) return this.#deny(DenyReason.unknownField, OrderField.quoteBudget)
    if (this.request.lots === 0 && this.request.priceTicks === 0)
      return this.#deny(DenyReason.missingField, OrderField.lots)
    return DenyReason.none
  }

  #readMassCancel(): DenyReason {
    const every = (this.#words[OrderField.instrument >> 2] & 0xffff) === EVERY_INSTRUMENT
    const reason =
      this.#readZeros(OrderField.side, OrderField.instrument) ||
      this.#readZeros(OrderField.clientIdLength, OrderField.reservedEnd)
    if (reason !== DenyReason.none) return reason
    if (!every) return this.#readInstrument()
    this.request.instrument = -1 as InstrumentIndex
    return DenyReason.none
  }

  /** An order by its number, or else by the client's id; the words and flags are zero. */
  #readReference(): DenyReason {
    const words = this.#readZeros(OrderField.side, OrderField.clientIdLength)
    if (words !== DenyReason.none) return words
    const orderId = wordsToUint64(this.#words, OrderField.orderId)
    if (orderId < 0) return this.#deny(DenyReason.unknownOrder, OrderField.orderId)
    if (orderId === 0) return this.#readClientId()
    this.request.orderId = orderId
    return (
      this.#readZeros(OrderField.clientIdLength, OrderField.orderId) ||
      this.#readZeros(OrderField.clientId, OrderField.reservedEnd)
    )
  }

  #readClientId(): DenyReason {
    const { request } = this
    const bytes = this.#bytes
    const length = bytes[OrderField.clientIdLength]
    if (length === 0 || length > CLIENT_ORDER_ID_BYTES_MAX)
      return this.#deny(DenyReason.badClientOrderId, OrderField.clientIdLength)
    const id = request.clientOrderId
    for (let i = 0; i < length; i++) {
      const code = bytes[OrderField.clientId + i]
      if (idBytes[code] === 0) return this.#deny(DenyReason.badClientOrderId, OrderField.clientId)
      id[i] = code
    }
    for (let i = length; i < CLIENT_ORDER_ID_BYTES_MAX; i++) {
      if (bytes[OrderField.clientId + i] !== 0) return this.#deny(DenyReason.badClientOrderId, OrderField.clientId)
      id[i] = 0
    }
    request.clientOrderIdLength = length
    return DenyReason.none
  }

  #readInstrument(): DenyReason {
    const instrument = this.#words[OrderField.instrument >> 2] & 0xffff
    if (instrument >= this.#instruments) return this.#deny(DenyReason.unknownSymbol, OrderField.instrument)
    this.request.instrument = instrument as InstrumentIndex
    return DenyReason.none
  }

  #readWords(): DenyReason {
    const { request } = this
    const side = this.#bytes[OrderField.side]
    if (side !== Side.buy && side !== Side.sell) return this.#deny(DenyReason.badSide, OrderField.side)
    const type = this.#bytes[OrderField.type]
    if (type !== OrderType.market && type !== OrderType.limit) return this.#deny(DenyReason.badType, OrderField.type)
    const timeInForce = this.#bytes[OrderField.timeInForce]
    if (!isTimeInForce(timeInForce)) return this.#deny(DenyReason.badTimeInForce, OrderField.timeInForce)
    const flags = this.#bytes[OrderField.flags]
    if ((flags & ~OrderFlag.all) !== 0) return this.#deny(DenyReason.unknownField, OrderField.flags)
    request.side = side
    request.type = type
    request.timeInForce = timeInForce
    request.postOnly = (flags & OrderFlag.postOnly) !== 0
    request.durability = (flags & OrderFlag.machineDurability) !== 0 ? Durability.machine : Durability.process
    return DenyReason.none
  }

  #readAmounts(): DenyReason {
    const { request } = this
    const lots = wordsToUint64(this.#words, OrderField.lots)
    const budget = wordsToUint64(this.#words, OrderField.quoteBudget)
    const price = wordsToUint64(this.#words, OrderField.priceTicks)
    if (checkLots(lots) !== DenyReason.none) return this.#deny(DenyReason.quantityTooLarge, OrderField.lots)
    if (budget < 0) return this.#deny(DenyReason.quantityTooLarge, OrderField.quoteBudget)
    if (checkPrice(price) !== DenyReason.none) return this.#deny(DenyReason.priceTooLarge, OrderField.priceTicks)
    if (this.kind === FrameKind.new && lots === 0 && budget === 0)
      return this.#deny(DenyReason.badQuantity, OrderField.lots)
    request.lots = lots as QtyLots
    request.quoteBudget = budget
    request.priceTicks = price as PriceTicks
    return DenyReason.none
  }

  #readExpireTime(): DenyReason {
    const us = wordsToUint64(this.#words, OrderField.expireUs)
    if (us < 0) return this.#deny(DenyReason.badExpireTime, OrderField.expireUs)
    this.request.expireUs = us as EpochUs
    return DenyReason.none
  }

  /** All ones means every venue there is; otherwise each bit is a venue. */
  #readVenues(): DenyReason {
    const { request } = this
    const low = this.#words[OrderField.venuesLow >> 2] | 0
    const high = this.#words[OrderField.venuesHigh >> 2] | 0
    const isEvery = low === -1 && high === -1
    if (!isEvery && ((low & ~this.#allVenues[0]) !== 0 || (high & ~this.#allVenues[1]) !== 0))
      return this.#deny(DenyReason.unknownVenue, OrderField.venuesLow)
    request.venuesLow = low
    request.venuesHigh = high
    return DenyReason.none
  }

  #readLimits(): DenyReason {
    const { request } = this
    request.slippageCentiBps = this.#words[OrderField.slippageCentiBps >> 2] | 0
    request.feeCentiBps = this.#words[OrderField.feeCentiBps >> 2] | 0
    if (request.slippageCentiBps < -1 || request.slippageCentiBps > LIMIT_CENTI_BPS_MAX)
      return this.#deny(DenyReason.badLimit, OrderField.slippageCentiBps)
    if (request.feeCentiBps < -1 || request.feeCentiBps > LIMIT_CENTI_BPS_MAX)
      return this.#deny(DenyReason.badLimit, OrderField.feeCentiBps)
    return DenyReason.none
  }

  #checkRules(clock: Clock): DenyReason {
    const reason = checkOrder(this.request, clock, this.#venueMasks)
    return reason === DenyReason.none ? reason : this.#deny(reason, ruleFields[reason] ?? 0)
  }

  /** Bytes of fields this operation does not have. */
  #readZeros(from: number, to: number): DenyReason {
    const bytes = this.#bytes
    let at = from
    if ((from & 3) === 0) while (at + 4 <= to && this.#words[at >> 2] === 0) at += 4
    for (; at < to; at++) if (bytes[at] !== 0) return this.#deny(DenyReason.unknownField, at)
    return DenyReason.none
  }

  #deny(reason: DenyReason, field: number): DenyReason {
    this.field = field
    return reason
  }
}

function isTimeInForce(value: number): value is TimeInForce {
  return (
    value === TimeInForce.gtc || value === TimeInForce.ioc || value === TimeInForce.fok || value === TimeInForce.gtd
  )
}

/** The lowest `bits` bits, of at most 32. */
function lowMask(bits: number): number {
  if (bits <= 0) return 0
  return bits >= 32 ? -1 : (1 << bits) - 1
}
