/**
 * Kraken's refusals in our words. Every answer is HTTP 200 with a list of errors; what is not in this table is not known to
 * be a refusal: the order is asked about. Source: "Spot Error Messages", and messages met in the field where it is silent.
 */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'
import type { VenueAnswer } from '../door/venue-doors.ts'
import { compareDecimals, isWords, listOf, member, parseWords, type Words } from '../native/json-words.ts'
import type { Outcome, VenueOrder } from '../native/order-dialect.ts'

/** Beginnings of errors. EService:Unavailable, :Busy, :Timeout, :Deadline elapsed and EGeneral:Internal error are left out on purpose. */
const reasons: readonly (readonly [string, RejectReason])[] = [
  ['EOrder:Insufficient funds', RejectReason.insufficientBalance],
  ['EOrder:Insufficient margin', RejectReason.insufficientBalance],
  ['EOrder:Margin', RejectReason.insufficientBalance],
  ['EOrder:Order minimum not met', RejectReason.minQuantity],
  ['EGeneral:Invalid arguments:volume minimum not met', RejectReason.minQuantity],
  ['EOrder:Cost minimum not met', RejectReason.minNotional],
  ['EGeneral:Invalid arguments:cost minimum not met', RejectReason.minNotional],
  ['EGeneral:Invalid arguments:volume', RejectReason.lotSize],
  ['EGeneral:Invalid arguments:order_qty', RejectReason.lotSize],
  ['EOrder:Tick size check failed', RejectReason.priceFilter],
  ['EOrder:Invalid price', RejectReason.priceFilter],
  ['EGeneral:Invalid arguments:price', RejectReason.priceFilter],
  ['EGeneral:Invalid arguments:limit_price', RejectReason.priceFilter],
  ['EGeneral:Invalid arguments:cl_ord_id not unique', RejectReason.duplicateClientOrderId],
  ['EOrder:Post only order', RejectReason.postOnlyWouldTake],
  ['EOrder:Orders limit exceeded', RejectReason.tooManyOpenOrders],
  ['EOrder:Rate limit exceeded', RejectReason.rateLimited],
  ['EOrder:Domain rate limit exceeded', RejectReason.rateLimited],
  ['EAPI:Rate limit exceeded', RejectReason.rateLimited],
  ['EAuth:Rate limit exceeded', RejectReason.rateLimited],
  ['EAuth:Too many requests', RejectReason.rateLimited],
  ['EGeneral:Too many requests', RejectReason.rateLimited],
  ['EGeneral:Temporary lockout', RejectReason.rateLimited],
  ['EQuery:Unknown asset pair', RejectReason.unknownSymbol],
  ['EQuery:Invalid asset pair', RejectReason.unknownSymbol],
  ['EService:Market in ', RejectReason.venueDown],
  // It came too late, after a later one: like a time that has passed.
  ['EAPI:Invalid nonce', RejectReason.outsideReceiveWindow],
  // Refused for certain, for reasons that no word of ours names.
  ['EGeneral:Invalid arguments', RejectReason.unknown],
  ['EGeneral:Permission denied', RejectReason.unknown],
  ['EAPI:Invalid key', RejectReason.unknown],
  ['EAPI:Invalid signature', RejectReason.unknown],
  ['EAccount:Invalid permissions', RejectReason.unknown],
  ['EAuth:Account', RejectReason.unknown],
  ['EOrder:Reduce only', RejectReason.unknown],
  ['EBM:limit exceeded', RejectReason.unknown],
]

const notFound: readonly string[] = ['EOrder:Unknown order', 'EOrder:Invalid order']

/** The result of a success; else how the answer is to be taken. */
export type KrakenRead =
  | { readonly result: Words; readonly outcome: undefined }
  | { readonly result: undefined; readonly outcome: Outcome }

export function readAnswer(answer: VenueAnswer, order?: VenueOrder): KrakenRead {
  const body = parseWords(answer.body)
  if (answer.status === 429) return failed({ kind: 'refused', reason: RejectReason.rateLimited })
  if (!isWords(body)) return failed({ kind: 'unknown', why: `HTTP ${answer.status}` })
  const errors = listOf(member(body, 'error')).map((error) =>
    typeof error === 'string' ? error : 'an unreadable error',
  )
  const serious = errors.filter((error) => !error.startsWith('W'))
  if (serious.length > 0) return failed(refusalOf(serious, order))
  const result = member(body, 'result')
  if (answer.status >= 200 && answer.status < 300 && isWords(result)) return { result, outcome: undefined }
  return failed({ kind: 'unknown', why: `HTTP ${answer.status} without a result` })
}

function failed(outcome: Outcome): KrakenRead {
  return { result: undefined, outcome }
}

/** One error that may mean anything makes the whole answer mean anything. */
export function refusalOf(errors: readonly string[], order?: VenueOrder): Outcome {
  let refusal: Outcome = { kind: 'unknown', why: errors[0] ?? 'no error' }
  for (const error of errors) {
    const known = reasons.find(([start]) => error.startsWith(start))
    if (notFound.some((start) => error.startsWith(start))) refusal = { kind: 'notFound' }
    else if (known === undefined) return { kind: 'unknown', why: error }
    else if (refusal.kind === 'unknown') refusal = { kind: 'refused', reason: quantityReason(known[1], order) }
  }
  return refusal
}

/** "volume" is one error for too small, too large and off the grid: which of them, the order tells. */
function quantityReason(reason: RejectReason, order: VenueOrder | undefined): RejectReason {
  if (reason !== RejectReason.lotSize || order === undefined) return reason
  const { quantityMin, quantityMax } = order.symbol
  if (quantityMin !== '' && compareDecimals(order.quantity, quantityMin) < 0) return RejectReason.minQuantity
  if (quantityMax !== '' && compareDecimals(order.quantity, quantityMax) > 0) return RejectReason.maxQuantity
  return reason
}

export interface OrderEnd {
  readonly how: 'canceled' | 'expired'
  readonly reason: RejectReason
}

/** Why an order is 'canceled': Kraken calls so whatever did not live on, and says why in words for people. */
export function endOf(text: string, timeInForce: string): OrderEnd {
  if (/user requested/i.test(text)) return { how: 'canceled', reason: RejectReason.userCancel }
  if (/self.?trade|\bstp\b/i.test(text)) return { how: 'expired', reason: RejectReason.selfTrade }
  if (/post.?only/i.test(text)) return { how: 'expired', reason: RejectReason.postOnlyWouldTake }
  if (/insufficient|out of funds/i.test(text)) return { how: 'expired', reason: RejectReason.insufficientBalance }
  if (timeInForce === 'ioc') return { how: 'expired', reason: RejectReason.iocNotFilled }
  if (timeInForce === 'fok') return { how: 'expired', reason: RejectReason.fokNotFillable }
  return { how: 'canceled', reason: text === '' ? RejectReason.userCancel : RejectReason.unknown }
}
