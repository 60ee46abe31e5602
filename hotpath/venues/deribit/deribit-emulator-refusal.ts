/** Deribit's words for no: HTTP status and the error object of JSON-RPC, as its API documents them. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'

export class DeribitRefusal {
  readonly status: number
  readonly error: object

  constructor(code: number, message: string, data?: object, status = 400) {
    this.status = status
    this.error = data === undefined ? { code, message } : { code, message, data }
  }
}

export const refusals = {
  unauthorized: new DeribitRefusal(13009, 'unauthorized', { reason: 'invalid_token' }),
  invalidCredentials: new DeribitRefusal(13004, 'invalid_credentials'),
  tooManyRequests: new DeribitRefusal(10028, 'too_many_requests', undefined, 429),
  orderOverlap: new DeribitRefusal(10003, 'order_overlap'),
  orderNotFound: new DeribitRefusal(10004, 'order_not_found'),
  notOpenOrder: new DeribitRefusal(11044, 'not_open_order'),
  alreadyClosed: new DeribitRefusal(10010, 'already_closed'),
  nonUniqueLabel: new DeribitRefusal(13032, 'non_unique_order_label'),
  postOnlyNotAllowed: new DeribitRefusal(11055, 'post_only_not_allowed'),
  postOnlyReject: new DeribitRefusal(11054, 'post_only_reject'),
  priceWrongTick: new DeribitRefusal(10043, 'price_wrong_tick'),
  invalidAmount: new DeribitRefusal(10021, 'invalid_amount'),
  timedOut: new DeribitRefusal(13888, 'timed_out'),
  rawNeedsLogin: new DeribitRefusal(13778, 'raw_subscriptions_not_available_for_unauthorized'),
  needsWebSocket: new DeribitRefusal(10030, 'must_be_websocket_request'),
  methodNotFound: new DeribitRefusal(-32601, 'Method not found'),
  parseError: new DeribitRefusal(-32700, 'Parse error'),
} as const

export function invalidParameter(param: string, reason: string): DeribitRefusal {
  return new DeribitRefusal(-32602, 'Invalid params', { param, reason })
}

/** Why the matching engine refused an order, as Deribit says it. */
export function orderRefusal(reason: RejectReason): DeribitRefusal {
  switch (reason) {
    case RejectReason.priceFilter:
      return refusals.priceWrongTick
    case RejectReason.lotSize:
      return refusals.invalidAmount
    case RejectReason.minQuantity:
      return new DeribitRefusal(10002, 'qty_too_low')
    case RejectReason.maxQuantity:
      return new DeribitRefusal(11022, 'max_spot_order_quantity')
    case RejectReason.minNotional:
      return new DeribitRefusal(10032, 'whole_cost_too_low')
    case RejectReason.insufficientBalance:
      return new DeribitRefusal(10009, 'not_enough_funds')
    case RejectReason.tooManyOpenOrders:
      return new DeribitRefusal(11013, 'max_spot_open_orders')
    case RejectReason.postOnlyWouldTake:
      return refusals.postOnlyReject
    case RejectReason.unknownOrder:
      return refusals.notOpenOrder
    default:
      return new DeribitRefusal(10001, 'error')
  }
}
