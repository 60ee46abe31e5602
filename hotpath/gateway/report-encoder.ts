/**
 * Execution reports for clients, read from the order store the moment they happen: JSON put together from parts that
 * were escaped at boot (half the time of an object, formatDecimal and JSON.stringify), or one binary frame in a buffer
 * that is used again (a tenth of it). A report says what happened and how the order stands now.
 */
import { DenyReason, denyReasonNames } from '../../shared/domain/deny-reason.ts'
import { ExecType, execTypeNames, liquidityNames } from '../../shared/domain/execution-report.ts'
import { OrderType, Side, TimeInForce } from '../../shared/domain/order.ts'
import { orderStateNames } from '../../shared/domain/order-state.ts'
import { RejectReason, rejectReasonNames } from '../../shared/domain/reject-reason.ts'
import { CLIENT_ORDER_ID_BYTES_MAX } from '../../shared/limits.ts'
import { averagePriceText, decimalText } from '../../shared/units/decimal-text.ts'
import type { ParentRow } from '../../shared/units/ids.ts'
import { ASSET_DIGITS, notionalToFloat } from '../../shared/units/ticks.ts'
import { US_PER_MS } from '../../shared/units/time.ts'
import type { FrameKind } from '../../shared/wire/order-frame.ts'
import {
  beginReportFrame,
  REPORT_FRAME_BYTES,
  ReportField,
  ReportFlag,
  ReportKind,
} from '../../shared/wire/report-frame.ts'
import { writeInt64 } from '../../shared/wire/wide-integer.ts'
import type { ClientReport } from '../orders/client-report.ts'
import type { OrderRequest } from '../orders/order-request.ts'
import { type OrderStore, ParentFlag } from '../orders/order-store.ts'
import type { ListingTable } from '../plan/listing-table.ts'

const timeInForceNames: readonly string[] = (() => {
  const names: string[] = []
  names[TimeInForce.gtc] = 'GTC'
  names[TimeInForce.ioc] = 'IOC'
  names[TimeInForce.fok] = 'FOK'
  names[TimeInForce.gtd] = 'GTD'
  return names
})()

export class ReportEncoder {
  /** What the binary encoders wrote last. */
  readonly frame = new Uint8Array(REPORT_FRAME_BYTES)
  readonly #view = new DataView(this.frame.buffer)
  readonly #store: OrderStore
  readonly #listings: ListingTable
  /** By instrument and by venue: their names, escaped. */
  readonly #symbols: readonly string[]
  readonly #assets: readonly { readonly base: string; readonly quote: string }[]
  readonly #venues: readonly string[]
  /** The store's client order ids: one native call makes text of them. */
  readonly #clientIds: Buffer

  constructor(store: OrderStore, listings: ListingTable) {
    this.#store = store
    this.#listings = listings
    this.#symbols = listings.instruments.map(({ symbol }) => JSON.stringify(symbol))
    this.#assets = listings.instruments.map(({ base, quote }) => ({
      base: JSON.stringify(base),
      quote: JSON.stringify(quote),
    }))
    this.#venues = listings.venues.map(({ id }) => JSON.stringify(id))
    const { buffer, byteOffset, byteLength } = store.clientIds
    this.#clientIds = Buffer.from(buffer, byteOffset, byteLength)
  }

  /** `id`: JSON text of the id of the message this answers, or ''. */
  text(report: ClientReport, id: string): string {
    const store = this.#store
    const row = report.parent
    const instrument = store.instrument[row]
    const { priceDigits, qtyDigits } = this.#listings.instruments[instrument]
    const type = store.type[row] === OrderType.market ? 'market' : 'limit'
    return (
      `{"type":"executionReport"${id === '' ? '' : `,"id":${id}`},"execType":"${execTypeNames[report.execType]}"` +
      `,"ordStatus":"${orderStateNames[store.parentState[row]]}","clientOrderId":"${this.#clientIdText(row)}"` +
      `,"orderId":"${store.sequence[row]}","symbol":${this.#symbols[instrument]}` +
      `,"side":"${store.side[row] === Side.buy ? 'buy' : 'sell'}","ordType":"${type}"` +
      `,"timeInForce":"${timeInForceNames[store.timeInForce[row]]}"` +
      `,"quantity":"${decimalText(store.orderLots[row], qtyDigits)}"${this.#termsText(row, priceDigits, qtyDigits)}` +
      `,"cumQty":"${decimalText(store.filledLots[row], qtyDigits)}"` +
      `,"leavesQty":"${decimalText(store.leavesLots(row), qtyDigits)}"${this.#averageText(row, priceDigits)}` +
      `,"execId":"${report.execution}","transactTime":${report.timeUs}${this.#fillText(report, priceDigits, qtyDigits)}` +
      `,"fees":{${this.#feesText(row)}}${this.#reasonText(report)}` +
      `,"durability":"${store.hasFlag(row, ParentFlag.durableAck) ? 'machine' : 'process'}"}`
    )
  }

  /** Into `frame`. */
  encode(report: ClientReport, id: number): Uint8Array {
    const view = this.#view
    const store = this.#store
    const row = report.parent
    beginReportFrame(view, ReportKind.executionReport, id)
    view.setUint8(ReportField.execType, report.execType)
    view.setUint8(ReportField.ordStatus, store.parentState[row])
    view.setUint8(ReportField.side, store.side[row])
    view.setUint8(ReportField.type, store.type[row])
    view.setUint8(ReportField.timeInForce, store.timeInForce[row])
    view.setUint8(ReportField.flags, this.#flagBits(report))
    view.setUint8(ReportField.liquidity, report.liquidity)
    view.setUint16(ReportField.instrument, store.instrument[row], true)
    view.setInt16(ReportField.venue, report.venue, true)
    view.setUint8(ReportField.denied, this.#deniedOf(report))
    view.setUint8(ReportField.rejected, report.rejected)
    writeInt64(view, ReportField.orderId, store.sequence[row])
    writeInt64(view, ReportField.execution, report.execution)
    writeInt64(view, ReportField.timeUs, report.timeUs)
    writeInt64(view, ReportField.lots, store.orderLots[row])
    writeInt64(view, ReportField.quoteBudget, store.quoteBudget[row])
    writeInt64(view, ReportField.priceTicks, store.priceTicks[row])
    writeInt64(view, ReportField.expireUs, store.expireUs[row])
    writeInt64(view, ReportField.cumLots, store.filledLots[row])
    writeInt64(view, ReportField.leavesLots, store.leavesLots(row))
    writeInt64(view, ReportField.notionalHigh, store.notional[row * 2])
    writeInt64(view, ReportField.notionalLow, store.notional[row * 2 + 1])
    writeInt64(view, ReportField.lastLots, report.lastLots)
    writeInt64(view, ReportField.lastTicks, report.lastTicks)
    writeInt64(view, ReportField.feeUnits, report.feeUnits)
    writeInt64(view, ReportField.feeQuoteUnits, store.feeQuoteUnits[row])
    writeInt64(view, ReportField.feeBaseUnits, store.feeBaseUnits[row])
    this.#copyClientId(store.clientIds, row * CLIENT_ORDER_ID_BYTES_MAX, store.clientIdLengths[row])
    return this.frame
  }

  /** A refused frame, into `frame`. `field`: offset of what was wrong. */
  encodeDenied(reason: DenyReason, kind: FrameKind | 0, id: number, field: number, request: OrderRequest): Uint8Array {
    const view = this.#view
    beginReportFrame(view, ReportKind.denied, id)
    view.setUint8(ReportField.denied, reason)
    view.setUint8(ReportField.operation, kind)
    view.setUint8(ReportField.field, field)
    this.#copyClientId(request.clientOrderId, 0, request.clientOrderIdLength)
    return this.frame
  }

  /** The answer to a ping or a mass cancel, into `frame`. */
  encodeCount(kind: ReportKind, id: number, count: number): Uint8Array {
    beginReportFrame(this.#view, kind, id)
    writeInt64(this.#view, ReportField.cumLots, count)
    return this.frame
  }

  #copyClientId(ids: Uint8Array, from: number, length: number): void {
    this.#view.setUint8(ReportField.clientIdLength, length)
    for (let i = 0; i < length; i++) this.frame[ReportField.clientId + i] = ids[from + i]
  }

  #clientIdText(row: ParentRow): string {
    const from = row * CLIENT_ORDER_ID_BYTES_MAX
    return this.#clientIds.toString('latin1', from, from + this.#store.clientIdLengths[row])
  }

  #flagBits(report: ClientReport): number {
    const store = this.#store
    const row = report.parent
    let bits = report.feeInBase ? ReportFlag.feeInBase : 0
    if (store.hasFlag(row, ParentFlag.durableAck)) bits |= ReportFlag.machineDurability
    if (store.hasFlag(row, ParentFlag.quoteSized)) bits |= ReportFlag.quoteSized
    if (store.hasFlag(row, ParentFlag.postOnly)) bits |= ReportFlag.postOnly
    return bits
  }

  /** What the order was asked to keep to, as far as it was asked. */
  #termsText(row: ParentRow, priceDigits: number, qtyDigits: number): string {
    const store = this.#store
    let text = ''
    if (store.hasFlag(row, ParentFlag.quoteSized))
      text += `,"quoteQuantity":"${decimalText(store.quoteBudget[row], priceDigits + qtyDigits)}"`
    if (store.priceTicks[row] !== 0) text += `,"price":"${decimalText(store.priceTicks[row], priceDigits)}"`
    if (store.hasFlag(row, ParentFlag.postOnly)) text += ',"postOnly":true'
    if (store.expireUs[row] !== 0) text += `,"expireTime":${store.expireUs[row] / US_PER_MS}`
    return text
  }

  #averageText(row: ParentRow, priceDigits: number): string {
    const filled = this.#store.filledLots[row]
    if (filled === 0) return ''
    return `,"avgPx":"${averagePriceText(notionalToFloat(this.#store.notional, row * 2), filled, priceDigits)}"`
  }

  #fillText(report: ClientReport, priceDigits: number, qtyDigits: number): string {
    if (report.execType !== ExecType.trade) return ''
    const { base, quote } = this.#assets[this.#store.instrument[report.parent]]
    return (
      `,"lastQty":"${decimalText(report.lastLots, qtyDigits)}","lastPx":"${decimalText(report.lastTicks, priceDigits)}"` +
      `,"lastVenue":${this.#venues[report.venue]},"lastLiquidity":"${liquidityNames[report.liquidity]}"` +
      `,"fee":"${decimalText(report.feeUnits, ASSET_DIGITS)}","feeAsset":${report.feeInBase ? base : quote}`
    )
  }

  /** So far, by asset. */
  #feesText(row: ParentRow): string {
    const store = this.#store
    const { base, quote } = this.#assets[store.instrument[row]]
    const inQuote = store.feeQuoteUnits[row]
    const inBase = store.feeBaseUnits[row]
    const quoteText = inQuote === 0 ? '' : `${quote}:"${decimalText(inQuote, ASSET_DIGITS)}"`
    if (inBase === 0) return quoteText
    return `${quoteText}${quoteText === '' ? '' : ','}${base}:"${decimalText(inBase, ASSET_DIGITS)}"`
  }

  /** Of the news, or for a status why the order ended. */
  #deniedOf(report: ClientReport): number {
    if (report.denied !== DenyReason.none || report.execType !== ExecType.orderStatus) return report.denied
    return this.#store.reason[report.parent]
  }

  #reasonText(report: ClientReport): string {
    const denied = this.#deniedOf(report)
    if (denied !== DenyReason.none) return `,"reason":"${denyReasonNames[denied]}"`
    if (report.rejected !== RejectReason.none) return `,"reason":"${rejectReasonNames[report.rejected]}"`
    return ''
  }
}
