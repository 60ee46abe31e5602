/** OKX's words for no: HTTP status, code and message, as its API documents them. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'

export interface OkxRefusal {
  readonly status: number
  readonly code: string
  readonly msg: string
}

export function refusal(code: string, msg: string, status = 200): OkxRefusal {
  return { status, code, msg }
}

export function isRefusal(value: object): value is OkxRefusal {
  return 'code' in value && 'msg' in value && 'status' in value
}

export const refusals = {
  emptyBody: refusal('50000', 'Body for POST request cannot be empty.', 400),
  badJson: refusal('50002', 'JSON syntax error', 400),
  tooMany: refusal('50011', 'Too Many Requests', 429),
  expired: refusal('50102', 'Timestamp request expired.', 401),
  noKey: refusal('50103', 'Request header "OK-ACCESS-KEY" cannot be empty.', 401),
  noPassphrase: refusal('50104', 'Request header "OK-ACCESS-PASSPHRASE" cannot be empty.', 401),
  badPassphrase: refusal('50105', 'Request header "OK-ACCESS-PASSPHRASE" incorrect.', 401),
  noSign: refusal('50106', 'Request header "OK-ACCESS-SIGN" cannot be empty.', 401),
  noTimestamp: refusal('50107', 'Request header "OK-ACCESS-TIMESTAMP" cannot be empty.', 401),
  badKey: refusal('50111', 'Invalid OK-ACCESS-KEY', 401),
  badTimestamp: refusal('50112', 'Invalid OK-ACCESS-TIMESTAMP', 401),
  badSign: refusal('50113', 'Invalid Sign', 401),
  unknownSymbol: refusal('51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist."),
  noId: refusal('51003', 'Either client order ID or order ID is required.'),
  badMode: refusal('51010', "You can't complete this request under your current account mode."),
  tooManyInBatch: refusal('51111', 'Maximum 20 orders can be placed in bulk.'),
  orderTimedOut: refusal('51149', 'Order timed out. Please try again.'),
  cancelUnknown: refusal(
    '51400',
    'Order cancellation failed as the order has been filled, canceled or does not exist.',
  ),
  amendNothing: refusal('51500', 'You must enter a price, quantity, or TP/SL.'),
  amendUnknown: refusal('51503', 'Your order has already been filled or canceled.'),
  unknownOrder: refusal('51603', 'Order does not exist'),
  notFound: refusal('404', 'Not Found', 404),
} as const

export function missing(name: string): OkxRefusal {
  return refusal('50014', `Parameter ${name} can not be empty.`, 400)
}

export function badParameter(name: string): OkxRefusal {
  return refusal('51000', `Parameter ${name} error`, 400)
}

/** Why the matching engine refused an order, as OKX says it. */
export function orderRefusal(reason: RejectReason): OkxRefusal {
  switch (reason) {
    case RejectReason.priceFilter:
      return badParameter('px')
    case RejectReason.lotSize:
      return refusal('51121', 'Order quantity must be a multiple of the lot size.')
    case RejectReason.minQuantity:
    case RejectReason.minNotional:
      return refusal('51020', 'Your order should meet or exceed the minimum order amount.')
    case RejectReason.maxQuantity:
      return refusal('51005', 'Your order amount exceeds the limit.')
    case RejectReason.insufficientBalance:
      return refusal('51008', 'Order failed. Insufficient balance in account.')
    case RejectReason.duplicateClientOrderId:
      return refusal('51016', 'Client order ID already exists.')
    case RejectReason.tooManyOpenOrders:
      return refusal('51174', 'The number of pending orders reached the upper limit.')
    default:
      return refusal('50026', 'System error. Try again later.', 500)
  }
}

/** The same of an amendment. */
export function amendRefusal(reason: RejectReason): OkxRefusal {
  if (reason === RejectReason.unknownOrder) return refusals.amendUnknown
  if (reason === RejectReason.priceFilter) return badParameter('newPx')
  if (reason !== RejectReason.insufficientBalance) return orderRefusal(reason)
  return refusal('51502', 'Unable to modify order: insufficient balance.')
}
