/**
 * Coinbase's refusals in our words. An order's refusal is HTTP 200 with `success: false` and up to three reasons, of which
 * any may be the one that says something. What is not in this table is not known to be a refusal.
 * Source: Advanced Trade API, "Create Order", "Edit Order", "Cancel Orders" (failure reasons).
 */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer } from '../door/venue-doors.ts'
import { isWords, listOf, member, parseWords, textOf, type Words, wordsOf } from '../native/json-words.ts'
import type { Outcome } from '../native/order-dialect.ts'

/** Without PREVIEW_: the preview's reasons are the order's. */
const reasons: Readonly<Record<string, RejectReason>> = {
  INSUFFICIENT_FUND: RejectReason.insufficientBalance,
  INSUFFICIENT_FUNDS: RejectReason.insufficientBalance,
  INVALID_LEDGER_BALANCE: RejectReason.insufficientBalance,
  INSUFFICIENT_LEDGER_BALANCE: RejectReason.insufficientBalance,
  INVALID_SIZE_PRECISION: RejectReason.lotSize,
  INVALID_BASE_SIZE: RejectReason.lotSize,
  INVALID_BASE_SIZE_TOO_SMALL: RejectReason.minQuantity,
  INVALID_BASE_SIZE_TOO_LARGE: RejectReason.maxQuantity,
  INVALID_QUOTE_SIZE_PRECISION: RejectReason.lotSize,
  INVALID_QUOTE_SIZE_TOO_SMALL: RejectReason.minNotional,
  INVALID_QUOTE_SIZE_TOO_LARGE: RejectReason.maxQuantity,
  INVALID_EDITED_SIZE: RejectReason.lotSize,
  INVALID_EDITED_PRICE: RejectReason.priceFilter,
  INVALID_PRICE_PRECISION: RejectReason.priceFilter,
  INVALID_LIMIT_PRICE: RejectReason.priceFilter,
  INVALID_PRICE_TOO_LARGE: RejectReason.priceFilter,
  BREACHED_PRICE_LIMIT: RejectReason.priceFilter,
  BREACHED_PRICE_LIMIT_BUY: RejectReason.priceFilter,
  BREACHED_PRICE_LIMIT_SELL: RejectReason.priceFilter,
  INVALID_LIMIT_PRICE_POST_ONLY: RejectReason.postOnlyWouldTake,
  INVALID_PRODUCT_ID: RejectReason.unknownSymbol,
  INELIGIBLE_PAIR: RejectReason.unknownSymbol,
  UNTRADABLE_PRODUCT: RejectReason.unknownSymbol,
  ORDER_ENTRY_DISABLED: RejectReason.venueDown,
  MAX_OPEN_ORDERS_EXCEEDED: RejectReason.tooManyOpenOrders,
  ORDER_NOT_FOUND: RejectReason.unknownOrder,
  ONLY_OPEN_ORDERS_CAN_BE_EDITED: RejectReason.unknownOrder,
  // Refused for certain, for reasons that no word of ours names.
  UNSUPPORTED_ORDER_CONFIGURATION: RejectReason.unknown,
  INVALID_SIDE: RejectReason.unknown,
  INVALID_ORDER_CONFIG: RejectReason.unknown,
  INVALID_NO_LIQUIDITY: RejectReason.unknown,
  INVALID_REQUEST: RejectReason.unknown,
  COMMANDER_REJECTED_NEW_ORDER: RejectReason.unknown,
  COMMANDER_REJECTED_EDIT_ORDER: RejectReason.unknown,
  GEOFENCING_RESTRICTION: RejectReason.unknown,
  IN_LIQUIDATION: RejectReason.unknown,
  CANNOT_EDIT_TO_BELOW_FILLED_SIZE: RejectReason.unknown,
  ONLY_LIMIT_ORDER_EDITS_SUPPORTED: RejectReason.unknown,
  EDIT_EQUAL_TO_ORIGINAL: RejectReason.unknown,
}

/** Of an HTTP status that is an error: what the body's `error` says. */
const faults: Readonly<Record<string, RejectReason>> = {
  INVALID_ARGUMENT: RejectReason.unknown,
  PERMISSION_DENIED: RejectReason.unknown,
  UNAUTHENTICATED: RejectReason.unknown,
  RESOURCE_EXHAUSTED: RejectReason.rateLimited,
  rate_limit_exceeded: RejectReason.rateLimited,
}

export type CoinbaseRead =
  | { readonly body: Words; readonly outcome: undefined }
  | { readonly body: undefined; readonly outcome: Outcome }

/** The object of a success; else how the answer is to be taken. */
export function readAnswer({ status, body }: VenueAnswer): CoinbaseRead {
  const words = parseWords(body)
  if (status >= 200 && status < 300) {
    if (isWords(words)) return { body: words, outcome: undefined }
    return failed({ kind: 'unknown', why: 'not an object' })
  }
  return failed(faultOf(status, wordsOf(words)))
}

function failed(outcome: Outcome): CoinbaseRead {
  return { body: undefined, outcome }
}

function faultOf(status: number, words: Words): Outcome {
  if (status === 429) return { kind: 'refused', reason: RejectReason.rateLimited }
  // A token that is wrong or came too late: nothing behind it was looked at.
  if (status === 401 || status === 403) return { kind: 'refused', reason: RejectReason.unknown }
  if (`${textOf(words, 'error_details')} ${textOf(words, 'message')}`.includes('was not found'))
    return { kind: 'notFound' }
  const error = textOf(words, 'error')
  if (status === 404 && error === 'NOT_FOUND') return { kind: 'notFound' }
  const reason = Object.hasOwn(faults, error) ? faults[error] : undefined
  return reason === undefined ? { kind: 'unknown', why: `HTTP ${status}` } : { kind: 'refused', reason }
}

/** Of `success: false`: the first of its reasons that says something. */
export function refusalOf(words: Words): Outcome {
  const told = wordsOf(member(words, 'error_response'))
  const [edit] = listOf(member(words, 'errors')).map(wordsOf)
  const all = [
    textOf(told, 'preview_failure_reason'),
    textOf(told, 'new_order_failure_reason'),
    textOf(told, 'error'),
    textOf(wordsOf(edit ?? member(words, 'errors')), 'edit_failure_reason'),
    textOf(wordsOf(edit ?? member(words, 'errors')), 'preview_failure_reason'),
    textOf(words, 'failure_reason'),
  ]
  for (const text of all) {
    const reason = reasonOf(text)
    if (reason !== undefined) return { kind: 'refused', reason }
  }
  return { kind: 'unknown', why: all.find((text) => text !== '') ?? 'no reason' }
}

/** Of one order of a batch that was not canceled. */
export function cancelRefusal(reason: string): Outcome {
  if (reason === 'UNKNOWN_CANCEL_ORDER' || reason === 'ORDER_IS_FULLY_FILLED') return { kind: 'notFound' }
  if (reason === 'NOT_ALLOWED_TO_CANCEL') return { kind: 'refused', reason: RejectReason.unknown }
  return { kind: 'unknown', why: reason === '' ? 'no reason' : reason }
}

function reasonOf(text: string): RejectReason | undefined {
  const word = text.startsWith('PREVIEW_') ? text.slice('PREVIEW_'.length) : text
  return Object.hasOwn(reasons, word) ? reasons[word] : undefined
}

/** An order that failed after it was taken, by its reject reason: a word as above, or words for people. */
export function failureReason(text: string): RejectReason {
  const known = reasonOf(text)
  if (known !== undefined) return known
  if (/insufficient/i.test(text)) return RejectReason.insufficientBalance
  return /post.?only/i.test(text) ? RejectReason.postOnlyWouldTake : RejectReason.unknown
}
