/**
 * Binary frames at the client's end: a new order as bytes, a report as the same object that JSON would have given.
 * What cannot be said in a frame (an unknown symbol, a quantity off the grid) answers undefined: it goes as JSON, and
 * the router says what is wrong with it.
 */
import { type DenyReason, denyReasonMeanings, denyReasonNames } from '../../shared/domain/deny-reason.ts'
import { ExecType, execTypeNames, liquidityNames } from '../../shared/domain/execution-report.ts'
import { OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { orderStateNames } from '../../shared/domain/order-state.ts'
import { rejectReasonNames } from '../../shared/domain/reject-reason.ts'
import { averagePriceText, decimalText } from '../../shared/units/decimal-text.ts'
import { ASSET_DIGITS, NOTIONAL_BASE, parseDecimal } from '../../shared/units/ticks.ts'
import { US_PER_MS } from '../../shared/units/time.ts'
import {
  beginOrderFrame,
  FrameKind,
  frameKindNames,
  ORDER_FRAME_BYTES,
  OrderField,
  OrderFlag,
  readClientId,
  writeClientId,
} from '../../shared/wire/order-frame.ts'
import { isReportFrame, ReportField, ReportFlag, ReportKind } from '../../shared/wire/report-frame.ts'
import { readInt64, readUint64, writeInt64 } from '../../shared/wire/wide-integer.ts'
import type { ExecutionReport, InstrumentInfo, NewOrder, VenueChoice, VenueInfo } from './order-types.ts'

const timesInForce = { GTC: TimeInForce.gtc, IOC: TimeInForce.ioc, FOK: TimeInForce.fok, GTD: TimeInForce.gtd }
const timeInForceNames = new Map<number, ExecutionReport['timeInForce']>([
  [TimeInForce.gtc, 'GTC'],
  [TimeInForce.ioc, 'IOC'],
  [TimeInForce.fok, 'FOK'],
  [TimeInForce.gtd, 'GTD'],
])

export interface DeniedFrame {
  readonly type: 'denied'
  readonly id: number
  readonly op: string
  readonly reason: string
  readonly text: string
  readonly clientOrderId?: string
}

export class FrameCodec {
  readonly #instruments: readonly InstrumentInfo[]
  readonly #bySymbol: ReadonlyMap<string, InstrumentInfo>
  readonly #venues: readonly VenueInfo[]
  readonly #view = new DataView(new ArrayBuffer(ORDER_FRAME_BYTES))

  /** As the router lists them now: rows may change when it restarts. */
  constructor(instruments: readonly InstrumentInfo[], venues: readonly VenueInfo[]) {
    this.#instruments = instruments
    this.#bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]))
    this.#venues = venues
  }

  /** The bytes of one buffer that is used again. */
  encodeNew(order: NewOrder, clientOrderId: string, id: number): Uint8Array<ArrayBuffer> | undefined {
    const instrument = this.#bySymbol.get(order.symbol)
    if (instrument === undefined) return undefined
    const { priceDigits, qtyDigits } = instrument
    const lots = order.quantity === undefined ? 0 : parseDecimal(order.quantity, qtyDigits)
    const budget = order.quoteQuantity === undefined ? 0 : parseDecimal(order.quoteQuantity, priceDigits + qtyDigits)
    const price = order.price === undefined ? 0 : parseDecimal(order.price, priceDigits)
    const mask = this.#venueMask(order.venues)
    const limits = [centiBps(order.limits?.slippageBps), centiBps(order.limits?.feeBps)] as const
    const expireUs = (order.expireTime ?? 0) * US_PER_MS
    const isFaithful = lots >= 0 && budget >= 0 && price >= 0 && lots + budget > 0 && price > 0 === 'price' in order
    if (!isFaithful || mask === undefined || limits.includes(undefined) || !isCount(expireUs)) return undefined
    if (!/^[A-Za-z0-9._:-]{1,36}$/.test(clientOrderId)) return undefined

    const view = this.#view
    beginOrderFrame(view, FrameKind.new, id)
    const isMarket = order.type === 'market'
    const timeInForce = timesInForce[order.timeInForce ?? (isMarket ? 'IOC' : 'GTC')]
    const postOnly = order.postOnly === true ? OrderFlag.postOnly : 0
    const durability = order.durability === 'machine' ? OrderFlag.machineDurability : 0
    view.setUint8(OrderField.side, order.side === 'buy' ? Side.buy : Side.sell)
    view.setUint8(OrderField.type, isMarket ? OrderType.market : OrderType.limit)
    view.setUint8(OrderField.timeInForce, timeInForce)
    view.setUint8(OrderField.flags, postOnly | durability)
    view.setUint16(OrderField.instrument, instrument.index, true)
    writeInt64(view, OrderField.lots, lots)
    writeInt64(view, OrderField.quoteBudget, budget)
    writeInt64(view, OrderField.priceTicks, price)
    writeInt64(view, OrderField.expireUs, expireUs)
    view.setInt32(OrderField.venuesLow, mask[0], true)
    view.setInt32(OrderField.venuesHigh, mask[1], true)
    view.setInt32(OrderField.slippageCentiBps, limits[0] ?? -1, true)
    view.setInt32(OrderField.feeCentiBps, limits[1] ?? -1, true)
    writeClientId(view, OrderField.clientId, OrderField.clientIdLength, clientOrderId)
    return new Uint8Array(view.buffer)
  }

  /** Undefined: not a frame of ours, or of a kind that only answers frames this client does not send. */
  decode(bytes: ArrayBuffer): (ExecutionReport & { readonly id: number }) | DeniedFrame | undefined {
    const view = new DataView(bytes)
    if (!isReportFrame(view)) return undefined
    const kind = view.getUint8(ReportField.kind)
    if (kind === ReportKind.denied) return decodeDenied(view)
    return kind === ReportKind.executionReport ? this.#decodeReport(view) : undefined
  }

  #decodeReport(view: DataView): (ExecutionReport & { readonly id: number }) | undefined {
    const instrument = this.#instruments[view.getUint16(ReportField.instrument, true)]
    if (instrument === undefined) return undefined
    const { priceDigits, qtyDigits } = instrument
    const flags = view.getUint8(ReportField.flags)
    const lots = (at: number): string => decimalText(readUint64(view, at), qtyDigits)
    const denied = view.getUint8(ReportField.denied)
    const rejected = view.getUint8(ReportField.rejected)
    const reason = denied !== 0 ? denyReasonNames[denied] : rejected !== 0 ? rejectReasonNames[rejected] : undefined
    const price = readUint64(view, ReportField.priceTicks)
    const expireUs = readUint64(view, ReportField.expireUs)
    const budget = decimalText(readUint64(view, ReportField.quoteBudget), priceDigits + qtyDigits)
    return {
      type: 'executionReport',
      id: view.getUint32(ReportField.id, true),
      execType: execTypeNames[view.getUint8(ReportField.execType)],
      ordStatus: orderStateNames[view.getUint8(ReportField.ordStatus)],
      clientOrderId: readClientId(view, ReportField.clientId, ReportField.clientIdLength),
      orderId: String(readUint64(view, ReportField.orderId)),
      symbol: instrument.symbol,
      side: view.getUint8(ReportField.side) === Side.buy ? 'buy' : 'sell',
      ordType: view.getUint8(ReportField.type) === OrderType.market ? 'market' : 'limit',
      timeInForce: timeInForceNames.get(view.getUint8(ReportField.timeInForce)) ?? 'GTC',
      quantity: lots(ReportField.lots),
      ...((flags & ReportFlag.quoteSized) === 0 ? {} : { quoteQuantity: budget }),
      ...(price === 0 ? {} : { price: decimalText(price, priceDigits) }),
      ...((flags & ReportFlag.postOnly) === 0 ? {} : { postOnly: true as const }),
      ...(expireUs === 0 ? {} : { expireTime: expireUs / US_PER_MS }),
      cumQty: lots(ReportField.cumLots),
      leavesQty: lots(ReportField.leavesLots),
      ...averageOf(view, priceDigits),
      execId: String(readUint64(view, ReportField.execution)),
      transactTime: readUint64(view, ReportField.timeUs),
      ...this.#fillOf(view, instrument),
      fees: feesOf(view, instrument),
      ...(reason === undefined ? {} : { reason }),
      durability: (flags & ReportFlag.machineDurability) === 0 ? 'process' : 'machine',
    }
  }

  #fillOf(view: DataView, instrument: InstrumentInfo): Partial<ExecutionReport> {
    if (view.getUint8(ReportField.execType) !== ExecType.trade) return {}
    const isBase = (view.getUint8(ReportField.flags) & ReportFlag.feeInBase) !== 0
    return {
      lastQty: decimalText(readUint64(view, ReportField.lastLots), instrument.qtyDigits),
      lastPx: decimalText(readUint64(view, ReportField.lastTicks), instrument.priceDigits),
      lastVenue: this.#venues[view.getInt16(ReportField.venue, true)]?.id ?? '',
      lastLiquidity: liquidityNames[view.getUint8(ReportField.liquidity)],
      fee: decimalText(readInt64(view, ReportField.feeUnits), ASSET_DIGITS),
      feeAsset: isBase ? instrument.base : instrument.quote,
    }
  }

  /** All ones for every venue; undefined when a name is not known. */
  #venueMask(choice: VenueChoice | undefined): readonly [number, number] | undefined {
    const included = choice?.include === undefined ? ([-1, -1] as const) : this.#maskOf(choice.include)
    const excluded = this.#maskOf(choice?.exclude ?? [])
    if (included === undefined || excluded === undefined) return undefined
    if (choice?.include === undefined && choice?.exclude === undefined) return included
    const all = this.#maskOf(this.#venues.map(({ id }) => id)) ?? included
    return [included[0] & ~excluded[0] & all[0], included[1] & ~excluded[1] & all[1]]
  }

  #maskOf(ids: readonly string[]): readonly [number, number] | undefined {
    const mask: [number, number] = [0, 0]
    for (const id of ids) {
      const venue = this.#venues.find((candidate) => candidate.id === id)
      if (venue === undefined) return undefined
      mask[venue.index < 32 ? 0 : 1] |= 1 << (venue.index & 31)
    }
    return mask
  }
}

function decodeDenied(view: DataView): DeniedFrame {
  const reason = (denyReasonNames[view.getUint8(ReportField.denied)] ?? 'malformed') as keyof typeof DenyReason
  const clientOrderId = readClientId(view, ReportField.clientId, ReportField.clientIdLength)
  return {
    type: 'denied',
    id: view.getUint32(ReportField.id, true),
    op: frameKindNames[view.getUint8(ReportField.operation)] ?? '',
    reason,
    text: denyReasonMeanings[reason],
    ...(clientOrderId === '' ? {} : { clientOrderId }),
  }
}

function averageOf(view: DataView, priceDigits: number): Partial<ExecutionReport> {
  const filled = readUint64(view, ReportField.cumLots)
  if (filled === 0) return {}
  const high = readUint64(view, ReportField.notionalHigh)
  const notional = high * NOTIONAL_BASE + readUint64(view, ReportField.notionalLow)
  return { avgPx: averagePriceText(notional, filled, priceDigits) }
}

function feesOf(view: DataView, { base, quote }: InstrumentInfo): Record<string, string> {
  const fees: Record<string, string> = {}
  const inQuote = readInt64(view, ReportField.feeQuoteUnits)
  const inBase = readInt64(view, ReportField.feeBaseUnits)
  if (inQuote !== 0) fees[quote] = decimalText(inQuote, ASSET_DIGITS)
  if (inBase !== 0) fees[base] = decimalText(inBase, ASSET_DIGITS)
  return fees
}

/** -1: no limit asked; undefined: not one the frame can say. */
function centiBps(bps: number | undefined): number | undefined {
  if (bps === undefined) return -1
  const whole = Math.round(bps * 100)
  return Math.abs(bps * 100 - whole) < 1e-6 && whole >= 0 && whole <= 1_000_000 ? whole : undefined
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}
