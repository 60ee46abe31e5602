/** Coinbase's words for no: HTTP errors with an `error`, and orders that are refused inside a success. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'

export class CoinbaseFault {
  readonly status: number
  /** JSON, or plain text as the gateway in front of it answers. */
  readonly body: string

  constructor(status: number, body: string) {
    this.status = status
    this.body = body
  }
}

export function fault(status: number, error: string, message: string): CoinbaseFault {
  return new CoinbaseFault(status, JSON.stringify({ error, error_details: message, message }))
}

export const faults = {
  unauthorized: new CoinbaseFault(401, 'Unauthorized\n'),
  noRoute: fault(404, 'NOT_FOUND', 'no such endpoint'),
  unknownOrder: fault(404, 'unknown', 'order with this orderID was not found'),
  unknownProduct: fault(400, 'INVALID_ARGUMENT', 'product is not valid'),
  tooMany: fault(429, 'rate_limit_exceeded', 'Too many requests'),
} as const

export function invalid(message: string): CoinbaseFault {
  return fault(400, 'INVALID_ARGUMENT', message)
}

/** Why an order was not taken. */
export class OrderFailure {
  /** As the preview says it: PREVIEW_INSUFFICIENT_FUND. */
  readonly preview: string
  readonly error: string
  readonly message: string

  constructor(error: string, preview = `PREVIEW_${error}`, message = '') {
    this.error = error
    this.preview = preview
    this.message = message
  }
}

/** Why the matching engine refused an order, as Coinbase says it. */
export function orderFailure(reason: RejectReason): OrderFailure {
  switch (reason) {
    case RejectReason.insufficientBalance:
      return new OrderFailure(
        'INSUFFICIENT_FUND',
        'PREVIEW_INSUFFICIENT_FUND',
        'Insufficient balance in source account',
      )
    case RejectReason.priceFilter:
      return new OrderFailure('INVALID_PRICE_PRECISION')
    case RejectReason.lotSize:
      return new OrderFailure('INVALID_SIZE_PRECISION')
    case RejectReason.minQuantity:
      return new OrderFailure('UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_TOO_SMALL')
    case RejectReason.maxQuantity:
      return new OrderFailure('UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_TOO_LARGE')
    case RejectReason.minNotional:
      return new OrderFailure('UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL')
    case RejectReason.postOnlyWouldTake:
      return new OrderFailure('INVALID_LIMIT_PRICE_POST_ONLY')
    default:
      return new OrderFailure('UNKNOWN_FAILURE_REASON', 'UNKNOWN_PREVIEW_FAILURE_REASON')
  }
}
