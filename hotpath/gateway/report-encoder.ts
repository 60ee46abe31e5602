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
  REPORT_FRAME_VERSION,
  ReportField,
  ReportFlag,
  ReportKind,
} from '../../shared/wire/report-frame.ts'
import { int64ToWords, writeInt64 } from '../../shared/wire/wide-integer.ts'
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

/** Order states, with room. */
const STATES_MAX = 16
/** Two sides, two types, times in force as FIX counts them (up to 6, GTD). */
const ORDER_TEXTS = 32
/** Version, kind and length of an execution report. */
const REPORT_HEAD = REPORT_FRAME_VERSION | (ReportKind.executionReport << 8) | (REPORT_FRAME_BYTES << 16)

export class ReportEncoder {
  /** What the binary encoders wrote last. */
  readonly frame = new Uint8Array(REPORT_FRAME_BYTES)
  readonly #view = new DataView(this.frame.buffer)
  readonly #words = new Uint32Array(this.frame.buffer)
  readonly #statusTexts = new Array<string | undefined>(execTypeNames.length * STATES_MAX).fill(undefined)
  readonly #orderTexts: (string | undefined)[]
  /** Of the client order id that was written last. */
  #idLength = 0
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
    this.#orderTexts = new Array<string | undefined>(listings.instruments.length * ORDER_TEXTS).fill(undefined)
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
    return (
      `{"type":"executionReport"${id === '' ? '' : `,"id":${id}`}${this.#statusText(report.execType, row)}` +
      `${this.#clientIdText(row)}","orderId":"${store.sequence[row]}${this.#orderText(row, instrument)}` +
      `${decimalText(store.orderLots[row], qtyDigits)}"${this.#termsText(row, priceDigits, qtyDigits)}` +
      `,"cumQty":"${decimalText(store.filledLots[row], qtyDigits)}"` +
      `,"leavesQty":"${decimalText(store.leavesLots(row), qtyDigits)}"${this.#averageText(row, priceDigits)}` +
      `,"execId":"${report.execution}","transactTime":${report.timeUs}${this.#fillText(report, priceDigits, qtyDigits)}` +
      `,"fees":{${this.#feesText(row)}}${this.#reasonText(report)}` +
      `,"durability":"${store.hasFlag(row, ParentFlag.durableAck) ? 'machine' : 'process'}"}`
    )
  }

  /** Into `frame`. Every byte of the layout but the reserved end is written: there is nothing to wipe before. */
  encode(report: ClientReport, id: number): Uint8Array {
    const { frame } = this
    const words = this.#words
    const store = this.#store
    const row = report.parent
    words[0] = REPORT_HEAD
    words[ReportField.id >> 2] = id
    frame[ReportField.execType] = report.execType
    frame[ReportField.ordStatus] = store.parentState[row]
    frame[ReportField.side] = store.side[row]
    frame[ReportField.type] = store.type[row]
    frame[ReportField.timeInForce] = store.timeInForce[row]
    frame[ReportField.flags] = this.#flagBits(report)
    frame[ReportField.liquidity] = report.liquidity
    words[ReportField.instrument >> 2] = store.instrument[row] | (report.venue << 16)
    words[ReportField.denied >> 2] = this.#deniedOf(report) | (report.rejected << 8)
    int64ToWords(words, ReportField.orderId, store.sequence[row])
    int64ToWords(words, ReportField.execution, report.execution)
    int64ToWords(words, ReportField.timeUs, report.timeUs)
    int64ToWords(words, ReportField.lots, store.orderLots[row])
    int64ToWords(words, ReportField.quoteBudget, store.quoteBudget[row])
    int64ToWords(words, ReportField.priceTicks, store.priceTicks[row])
    int64ToWords(words, ReportField.expireUs, store.expireUs[row])
    int64ToWords(words, ReportField.cumLots, store.filledLots[row])
    int64ToWords(words, ReportField.leavesLots, store.leavesLots(row))
    int64ToWords(words, ReportField.notionalHigh, store.notional[row * 2])
    int64ToWords(words, ReportField.notionalLow, store.notional[row * 2 + 1])
    int64ToWords(words, ReportField.lastLots, report.lastLots)
    int64ToWords(words, ReportField.lastTicks, report.lastTicks)
    int64ToWords(words, ReportField.feeUnits, report.feeUnits)
    int64ToWords(words, ReportField.feeQuoteUnits, store.feeQuoteUnits[row])
    int64ToWords(words, ReportField.feeBaseUnits, store.feeBaseUnits[row])
    this.#copyClientId(store.clientIds, row * CLIENT_ORDER_ID_BYTES_MAX, store.clientIdLengths[row])
    return frame
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

  /** Zero padded: the id that stood here before may have been longer. */
  #copyClientId(ids: Uint8Array, from: number, length: number): void {
    const { frame } = this
    frame[ReportField.clientIdLength] = length
    for (let i = 0; i < length; i++) frame[ReportField.clientId + i] = ids[from + i]
    for (let i = length; i < this.#idLength; i++) frame[ReportField.clientId + i] = 0
    this.#idLength = length
  }

  /** Texts that come again are put together once: half of a report's pieces. */
  #statusText(execType: ExecType, row: ParentRow): string {
    const state = this.#store.parentState[row]
    const at = execType * STATES_MAX + state
    const known = this.#statusTexts[at]
    if (known !== undefined) return known
    const text = `,"execType":"${execTypeNames[execType]}","ordStatus":"${orderStateNames[state]}","clientOrderId":"`
    this.#statusTexts[at] = text
    return text
  }

  /** From behind the orderId to the quantity. */
  #orderText(row: ParentRow, instrument: number): string {
    const store = this.#store
    const isBuy = store.side[row] === Side.buy
    const isMarket = store.type[row] === OrderType.market
    const timeInForce = store.timeInForce[row]
    const at = instrument * ORDER_TEXTS + (isBuy ? 16 : 0) + (isMarket ? 8 : 0) + timeInForce
    const known = this.#orderTexts[at]
    if (known !== undefined) return known
    const text =
      `","symbol":${this.#symbols[instrument]},"side":"${isBuy ? 'buy' : 'sell'}"` +
      `,"ordType":"${isMarket ? 'market' : 'limit'}","timeInForce":"${timeInForceNames[timeInForce]}","quantity":"`
    this.#orderTexts[at] = text
    return text
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
