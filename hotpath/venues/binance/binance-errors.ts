/** Binance's refusals in our words. What is not in these tables is not known to be a refusal: the order is asked about. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer } from '../door/venue-doors.ts'
import { compareDecimals, isWords, numberOf, parseWords, textOf } from '../native/json-words.ts'
import type { Outcome, VenueOrder } from '../native/order-dialect.ts'

/** Codes that say it all. -1006, -1007 (sent, status unknown), -1000, -1001 and -1008 are left out on purpose. */
const reasonByCode: Readonly<Record<number, RejectReason>> = {
  [-1003]: RejectReason.rateLimited,
  [-1015]: RejectReason.rateLimited,
  [-1016]: RejectReason.venueDown,
  [-1021]: RejectReason.outsideReceiveWindow,
  [-1121]: RejectReason.unknownSymbol,
  [-1122]: RejectReason.unknownSymbol,
  // Refused for certain, for reasons that no word of ours names: keys, signatures, malformed or unsupported parameters.
  [-1002]: RejectReason.unknown,
  [-1014]: RejectReason.unknown,
  [-1020]: RejectReason.unknown,
  [-1022]: RejectReason.unknown,
  [-1100]: RejectReason.unknown,
  [-1101]: RejectReason.unknown,
  [-1102]: RejectReason.unknown,
  [-1103]: RejectReason.unknown,
  [-1104]: RejectReason.unknown,
  [-1105]: RejectReason.unknown,
  [-1106]: RejectReason.unknown,
  [-1108]: RejectReason.unknown,
  [-1114]: RejectReason.unknown,
  [-1115]: RejectReason.unknown,
  [-1116]: RejectReason.unknown,
  [-1117]: RejectReason.unknown,
  [-1128]: RejectReason.unknown,
  [-1130]: RejectReason.unknown,
  [-1131]: RejectReason.unknown,
  [-2008]: RejectReason.unknown,
  [-2014]: RejectReason.unknown,
  [-2015]: RejectReason.unknown,
}

const BAD_PRECISION = -1111
const FILTER_FAILURE = -1013
/** The matching engine's refusals: new order, cancel, and both by way of an internal message. */
const ENGINE_CODES: readonly number[] = [-1010, -2010, -2011]
const NO_SUCH_ORDER = -2013
const CANCEL_REJECTED = -2011

/** Beginnings of messages of the engine's refusals. */
const engineMessages: readonly (readonly [string, RejectReason])[] = [
  ['Account has insufficient balance', RejectReason.insufficientBalance],
  ['Duplicate order sent', RejectReason.duplicateClientOrderId],
  ['Order would immediately match and take', RejectReason.postOnlyWouldTake],
  ['Order would trigger immediately', RejectReason.postOnlyWouldTake],
  ['Unknown order sent', RejectReason.unknownOrder],
  ['Market is closed', RejectReason.venueDown],
  ['Too many new orders', RejectReason.rateLimited],
  ['Price * QTY is zero or less', RejectReason.minNotional],
]

const filterReasons: readonly (readonly [string, RejectReason])[] = [
  ['PRICE_FILTER', RejectReason.priceFilter],
  ['PERCENT_PRICE', RejectReason.priceFilter],
  ['PRICE_RANGE', RejectReason.priceFilter],
  ['MARKET_LOT_SIZE', RejectReason.lotSize],
  ['LOT_SIZE', RejectReason.lotSize],
  ['MIN_NOTIONAL', RejectReason.minNotional],
  ['NOTIONAL', RejectReason.minNotional],
  ['MAX_NUM_ORDERS', RejectReason.tooManyOpenOrders],
  ['EXCHANGE_MAX_NUM_ORDERS', RejectReason.tooManyOpenOrders],
  ['MAX_POSITION', RejectReason.maxQuantity],
]

/** executionReport's `r` where it is not NONE. */
const streamReasons: Readonly<Record<string, RejectReason>> = {
  INSUFFICIENT_BALANCES: RejectReason.insufficientBalance,
  WOULD_MATCH_IMMEDIATELY: RejectReason.postOnlyWouldTake,
  EXCEEDS_POSITION: RejectReason.maxQuantity,
  DUPLICATE_ORDER: RejectReason.duplicateClientOrderId,
  PRICE_QTY_EXCEED_HARD_LIMITS: RejectReason.maxQuantity,
}

/** How an answer that is not a success is to be taken. `order`: what was asked, where one was. */
export function refusalOf(answer: VenueAnswer, order?: VenueOrder): Outcome {
  if (answer.status === 429 || answer.status === 418) return { kind: 'refused', reason: RejectReason.rateLimited }
  const body = parseWords(answer.body)
  if (!isWords(body)) return { kind: 'unknown', why: `HTTP ${answer.status}` }
  return refusalOfCode(numberOf(body, 'code'), textOf(body, 'msg'), order)
}

export function refusalOfCode(code: number, message: string, order?: VenueOrder): Outcome {
  if (code === NO_SUCH_ORDER) return { kind: 'notFound' }
  if (code === BAD_PRECISION) {
    return { kind: 'refused', reason: message.includes('price') ? RejectReason.priceFilter : RejectReason.lotSize }
  }
  if (code === FILTER_FAILURE || message.startsWith('Filter failure')) return filterRefusal(message, order)
  if (ENGINE_CODES.includes(code)) {
    const known = engineMessages.find(([start]) => message.startsWith(start))
    if (known !== undefined) return { kind: 'refused', reason: known[1] }
    return code === CANCEL_REJECTED
      ? { kind: 'unknown', why: 'a cancel was refused for a reason we do not know' }
      : { kind: 'refused', reason: RejectReason.unknown }
  }
  const reason = reasonByCode[code]
  return reason === undefined ? { kind: 'unknown', why: `code ${code}` } : { kind: 'refused', reason }
}

/** LOT_SIZE is one filter for smallest, largest and step: which of them, the order tells. */
function filterRefusal(message: string, order: VenueOrder | undefined): Outcome {
  const known = filterReasons.find(([name]) => message.includes(name))
  const reason = known?.[1] ?? RejectReason.unknown
  if (reason !== RejectReason.lotSize || order === undefined) return { kind: 'refused', reason }
  const { quantityMin, quantityMax } = order.symbol
  if (quantityMin !== '' && compareDecimals(order.quantity, quantityMin) < 0) {
    return { kind: 'refused', reason: RejectReason.minQuantity }
  }
  if (quantityMax !== '' && compareDecimals(order.quantity, quantityMax) > 0) {
    return { kind: 'refused', reason: RejectReason.maxQuantity }
  }
  return { kind: 'refused', reason }
}

export function streamReason(word: string): RejectReason {
  return (Object.hasOwn(streamReasons, word) ? streamReasons[word] : undefined) ?? RejectReason.unknown
}
