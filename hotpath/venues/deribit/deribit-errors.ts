/**
 * Deribit's refusals in our words, by the code of its JSON-RPC errors ("RPC Error Codes"). What is not in this table is not known
 * to be a refusal: the order is asked about.
 */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer } from '../door/venue-doors.ts'
import { isWords, member, numberOf, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { Outcome } from '../native/order-dialect.ts'

/**
 * Codes that say it all. Left out on purpose, because the order may be in for all they say: 10001 error, 11031 other_error,
 * 11094 internal_server_error, 13008 request_failed, 13028 temporarily_unavailable, 13666 request_cancelled_by_user, 13777
 * replaced.
 */
const reasonByCode: Readonly<Record<number, RejectReason>> = {
  10002: RejectReason.minQuantity,
  10003: RejectReason.selfTrade,
  10005: RejectReason.priceFilter,
  10006: RejectReason.priceFilter,
  10007: RejectReason.priceFilter,
  10008: RejectReason.priceFilter,
  10009: RejectReason.insufficientBalance,
  10010: RejectReason.unknownOrder,
  10011: RejectReason.priceFilter,
  10012: RejectReason.venueDown,
  10013: RejectReason.tooManyOpenOrders,
  10014: RejectReason.tooManyOpenOrders,
  10015: RejectReason.tooManyOpenOrders,
  10016: RejectReason.maxQuantity,
  10017: RejectReason.maxQuantity,
  10018: RejectReason.maxQuantity,
  10019: RejectReason.venueDown,
  10020: RejectReason.unknownSymbol,
  10021: RejectReason.lotSize,
  10022: RejectReason.lotSize,
  10023: RejectReason.priceFilter,
  10026: RejectReason.priceFilter,
  10027: RejectReason.lotSize,
  10028: RejectReason.rateLimited,
  10029: RejectReason.unknownOrder,
  10032: RejectReason.minNotional,
  10039: RejectReason.insufficientBalance,
  10040: RejectReason.venueDown,
  10041: RejectReason.venueDown,
  10043: RejectReason.priceFilter,
  10047: RejectReason.rateLimited,
  10048: RejectReason.venueDown,
  10066: RejectReason.rateLimited,
  10072: RejectReason.venueDown,
  11008: RejectReason.unknownOrder,
  11013: RejectReason.tooManyOpenOrders,
  11021: RejectReason.postOnlyWouldTake,
  11022: RejectReason.maxQuantity,
  11044: RejectReason.unknownOrder,
  11051: RejectReason.venueDown,
  11054: RejectReason.postOnlyWouldTake,
  13019: RejectReason.venueDown,
  13020: RejectReason.unknownSymbol,
  13025: RejectReason.venueDown,
  13503: RejectReason.venueDown,
  // The matching engine did not begin with it before `valid_until`.
  13888: RejectReason.outsideReceiveWindow,
  // Refused for certain, for reasons that no word of ours names: keys, signatures, rights, malformed or unsupported parameters.
  9999: RejectReason.unknown,
  10000: RejectReason.unknown,
  10024: RejectReason.unknown,
  10025: RejectReason.unknown,
  10030: RejectReason.unknown,
  10031: RejectReason.unknown,
  10033: RejectReason.unknown,
  11029: RejectReason.unknown,
  11030: RejectReason.unknown,
  11042: RejectReason.unknown,
  11043: RejectReason.unknown,
  11047: RejectReason.unknown,
  11049: RejectReason.unknown,
  11050: RejectReason.unknown,
  11055: RejectReason.unknown,
  11098: RejectReason.unknown,
  13004: RejectReason.unknown,
  13009: RejectReason.unknown,
  13010: RejectReason.unknown,
  13012: RejectReason.unknown,
  13016: RejectReason.unknown,
  13021: RejectReason.unknown,
  13031: RejectReason.unknown,
  13032: RejectReason.unknown,
  [-32000]: RejectReason.unknown,
  [-32600]: RejectReason.unknown,
  [-32601]: RejectReason.unknown,
  [-32700]: RejectReason.unknown,
}

const ORDER_NOT_FOUND = 10004
const INVALID_PARAMS = -32602

/** -32602 names the parameter that is wrong. */
const reasonByParameter: Readonly<Record<string, RejectReason>> = {
  amount: RejectReason.lotSize,
  contracts: RejectReason.lotSize,
  price: RejectReason.priceFilter,
  instrument_name: RejectReason.unknownSymbol,
  valid_until: RejectReason.outsideReceiveWindow,
}

/** How an answer without a result is to be taken. */
export function refusalOf(answer: VenueAnswer): Outcome {
  const error = member(wordsOf(parseWords(answer.body)), 'error')
  if (isWords(error)) return refusalOfError(error)
  if (answer.status === 429) return { kind: 'refused', reason: RejectReason.rateLimited }
  return { kind: 'unknown', why: `HTTP ${answer.status} without a result` }
}

export function refusalOfError(error: Words): Outcome {
  const code = numberOf(error, 'code')
  if (code === ORDER_NOT_FOUND) return { kind: 'notFound' }
  if (code === INVALID_PARAMS) {
    const name = textOf(wordsOf(member(error, 'data')), 'param')
    const reason = Object.hasOwn(reasonByParameter, name) ? reasonByParameter[name] : RejectReason.unknown
    return { kind: 'refused', reason }
  }
  const reason = reasonByCode[code]
  return reason === undefined ? { kind: 'unknown', why: `code ${code}` } : { kind: 'refused', reason }
}
