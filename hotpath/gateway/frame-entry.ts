/**
 * Binary frames at the door: read in place from the message buffer into an OrderRequest, with the same rules as JSON.
 * Total: any bytes give a reason. Allocates nothing.
 */
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
import { readUint64 } from '../../shared/wire/wide-integer.ts'
import { OrderRequest } from '../orders/order-request.ts'
import { isIdByte } from './message.ts'
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
  readonly #instruments: number
  readonly #venueMasks: VenueMasks
  readonly #allVenues: Int32Array

  constructor(size: { instruments: number; venues: number }, venueMasks: VenueMasks) {
    this.#instruments = size.instruments
    this.#venueMasks = venueMasks
    this.#allVenues = Int32Array.of(lowMask(size.venues), lowMask(size.venues - 32))
  }

  /** None: `kind` and `request` say what is asked. O(1). */
  decode(view: DataView, nowUs: EpochUs): DenyReason {
    this.kind = 0
    this.id = 0
    this.field = 0
    this.request.reset()
    return this.#readHead(view) || this.#readBody(view, nowUs)
  }

  #readHead(view: DataView): DenyReason {
    if (view.byteLength < OrderField.id) return this.#deny(DenyReason.malformed, OrderField.length)
    if (view.getUint8(OrderField.version) !== ORDER_FRAME_VERSION)
      return this.#deny(DenyReason.unsupportedVersion, OrderField.version)
    if (view.byteLength !== ORDER_FRAME_BYTES || view.getUint16(OrderField.length, true) !== ORDER_FRAME_BYTES)
      return this.#deny(DenyReason.malformed, OrderField.length)
    this.id = view.getUint32(OrderField.id, true)
    const kind = view.getUint8(OrderField.kind)
    if (kind < FrameKind.new || kind > FrameKind.ping) return this.#deny(DenyReason.unknownOperation, OrderField.kind)
    this.kind = kind as FrameKind
    if (view.getUint8(OrderField.reserved) !== 0) return this.#deny(DenyReason.malformed, OrderField.reserved)
    if (view.getUint32(OrderField.reservedEnd, true) !== 0)
      return this.#deny(DenyReason.malformed, OrderField.reservedEnd)
    return DenyReason.none
  }

  #readBody(view: DataView, nowUs: EpochUs): DenyReason {
    switch (this.kind) {
      case FrameKind.new:
        return this.#readNew(view, nowUs)
      case FrameKind.cancel:
      case FrameKind.status:
        return this.#readReference(view) || this.#readZeros(view, OrderField.lots, OrderField.clientId)
      case FrameKind.replace:
        return this.#readReplace(view)
      case FrameKind.massCancel:
        return this.#readMassCancel(view)
      default:
        return this.#readZeros(view, OrderField.side, OrderField.reservedEnd)
    }
  }

  #readNew(view: DataView, nowUs: EpochUs): DenyReason {
    return (
      this.#readZeros(view, OrderField.orderId, OrderField.lots) ||
      this.#readClientId(view) ||
      this.#readInstrument(view) ||
      this.#readWords(view) ||
      this.#readAmounts(view) ||
      this.#readExpireTime(view) ||
      this.#readVenues(view) ||
      this.#readLimits(view) ||
      this.#checkRules(nowUs)
    )
  }

  #readReplace(view: DataView): DenyReason {
    const reason =
      this.#readReference(view) ||
      this.#readAmounts(view) ||
      this.#readZeros(view, OrderField.expireUs, OrderField.clientId)
    if (reason !== DenyReason.none) return reason
    if (this.request.quoteBudget !== 0) return this.#deny(DenyReason.unknownField, OrderField.quoteBudget)
    if (this.request.lots === 0 && this.request.priceTicks === 0)
      return this.#deny(DenyReason.missingField, OrderField.lots)
    return DenyReason.none
  }

  #readMassCancel(view: DataView): DenyReason {
    const every = view.getUint16(OrderField.instrument, true) === EVERY_INSTRUMENT
    const reason =
      this.#readZeros(view, OrderField.side, OrderField.instrument) ||
      this.#readZeros(view, OrderField.clientIdLength, OrderField.reservedEnd)
    if (reason !== DenyReason.none) return reason
    if (!every) return this.#readInstrument(view)
    this.request.instrument = -1 as InstrumentIndex
    return DenyReason.none
  }

  /** An order by its number, or else by the client's id; the words and flags are zero. */
  #readReference(view: DataView): DenyReason {
    const words = this.#readZeros(view, OrderField.side, OrderField.clientIdLength)
    if (words !== DenyReason.none) return words
    const orderId = readUint64(view, OrderField.orderId)
    if (orderId < 0) return this.#deny(DenyReason.unknownOrder, OrderField.orderId)
    if (orderId === 0) return this.#readClientId(view)
    this.request.orderId = orderId
    return (
      this.#readZeros(view, OrderField.clientIdLength, OrderField.orderId) ||
      this.#readZeros(view, OrderField.clientId, OrderField.reservedEnd)
    )
  }

  #readClientId(view: DataView): DenyReason {
    const { request } = this
    const length = view.getUint8(OrderField.clientIdLength)
    if (length === 0 || length > CLIENT_ORDER_ID_BYTES_MAX)
      return this.#deny(DenyReason.badClientOrderId, OrderField.clientIdLength)
    for (let i = 0; i < CLIENT_ORDER_ID_BYTES_MAX; i++) {
      const code = view.getUint8(OrderField.clientId + i)
      if (i < length ? !isIdByte(code) : code !== 0) return this.#deny(DenyReason.badClientOrderId, OrderField.clientId)
      request.clientOrderId[i] = code
    }
    request.clientOrderIdLength = length
    return DenyReason.none
  }

  #readInstrument(view: DataView): DenyReason {
    const instrument = view.getUint16(OrderField.instrument, true)
    if (instrument >= this.#instruments) return this.#deny(DenyReason.unknownSymbol, OrderField.instrument)
    this.request.instrument = instrument as InstrumentIndex
    return DenyReason.none
  }

  #readWords(view: DataView): DenyReason {
    const { request } = this
    const side = view.getUint8(OrderField.side)
    if (side !== Side.buy && side !== Side.sell) return this.#deny(DenyReason.badSide, OrderField.side)
    const type = view.getUint8(OrderField.type)
    if (type !== OrderType.market && type !== OrderType.limit) return this.#deny(DenyReason.badType, OrderField.type)
    const timeInForce = view.getUint8(OrderField.timeInForce)
    if (!isTimeInForce(timeInForce)) return this.#deny(DenyReason.badTimeInForce, OrderField.timeInForce)
    const flags = view.getUint8(OrderField.flags)
    if ((flags & ~OrderFlag.all) !== 0) return this.#deny(DenyReason.unknownField, OrderField.flags)
    request.side = side
    request.type = type
    request.timeInForce = timeInForce
    request.postOnly = (flags & OrderFlag.postOnly) !== 0
    request.durability = (flags & OrderFlag.machineDurability) !== 0 ? Durability.machine : Durability.process
    return DenyReason.none
  }

  #readAmounts(view: DataView): DenyReason {
    const { request } = this
    const lots = readUint64(view, OrderField.lots)
    const budget = readUint64(view, OrderField.quoteBudget)
    const price = readUint64(view, OrderField.priceTicks)
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

  #readExpireTime(view: DataView): DenyReason {
    const us = readUint64(view, OrderField.expireUs)
    if (us < 0) return this.#deny(DenyReason.badExpireTime, OrderField.expireUs)
    this.request.expireUs = us as EpochUs
    return DenyReason.none
  }

  /** All ones means every venue there is; otherwise each bit is a venue. */
  #readVenues(view: DataView): DenyReason {
    const { request } = this
    const low = view.getInt32(OrderField.venuesLow, true)
    const high = view.getInt32(OrderField.venuesHigh, true)
    const isEvery = low === -1 && high === -1
    if (!isEvery && ((low & ~this.#allVenues[0]) !== 0 || (high & ~this.#allVenues[1]) !== 0))
      return this.#deny(DenyReason.unknownVenue, OrderField.venuesLow)
    request.venuesLow = low
    request.venuesHigh = high
    return DenyReason.none
  }

  #readLimits(view: DataView): DenyReason {
    const { request } = this
    request.slippageCentiBps = view.getInt32(OrderField.slippageCentiBps, true)
    request.feeCentiBps = view.getInt32(OrderField.feeCentiBps, true)
    if (request.slippageCentiBps < -1 || request.slippageCentiBps > LIMIT_CENTI_BPS_MAX)
      return this.#deny(DenyReason.badLimit, OrderField.slippageCentiBps)
    if (request.feeCentiBps < -1 || request.feeCentiBps > LIMIT_CENTI_BPS_MAX)
      return this.#deny(DenyReason.badLimit, OrderField.feeCentiBps)
    return DenyReason.none
  }

  #checkRules(nowUs: EpochUs): DenyReason {
    const reason = checkOrder(this.request, nowUs, this.#venueMasks)
    return reason === DenyReason.none ? reason : this.#deny(reason, ruleFields[reason] ?? 0)
  }

  /** Bytes of fields this operation does not have. */
  #readZeros(view: DataView, from: number, to: number): DenyReason {
    for (let at = from; at < to; at++) if (view.getUint8(at) !== 0) return this.#deny(DenyReason.unknownField, at)
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
