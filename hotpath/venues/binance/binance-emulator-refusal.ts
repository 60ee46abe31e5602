/** Binance's words for no: HTTP status, code and message, as its API documents them. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'

export interface BinanceRefusal {
  readonly status: number
  readonly code: number
  readonly msg: string
}

export function refusal(code: number, msg: string, status = 400): BinanceRefusal {
  return { status, code, msg }
}

export function isRefusal(value: object): value is BinanceRefusal {
  return 'code' in value && 'msg' in value && 'status' in value
}

export const refusals = {
  malformedKey: refusal(-2014, 'API-key format invalid.', 401),
  unknownKey: refusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401),
  badSignature: refusal(-1022, 'Signature for this request is not valid.'),
  tooLate: refusal(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  tooEarly: refusal(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  windowTooLong: refusal(-1131, 'recvWindow must be less than 60000.'),
  unknownSymbol: refusal(-1121, 'Invalid symbol.'),
  unknownOrder: refusal(-2013, 'Order does not exist.'),
  cancelUnknown: refusal(-2011, 'Unknown order sent.'),
  badListenKey: refusal(-1125, 'This listenKey does not exist.'),
  tooPrecise: refusal(-1111, 'Parameter has too much precision.'),
  badSide: refusal(-1117, 'Invalid side.'),
  badType: refusal(-1116, 'Invalid orderType.'),
  badTimeInForce: refusal(-1115, 'Invalid timeInForce.'),
  badCombination: refusal(-1106, "Parameter 'timeInForce' sent when not required."),
  notFound: refusal(-1000, 'Path not found.', 404),
} as const

export function missing(name: string): BinanceRefusal {
  return refusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`)
}

export function illegalCharacters(name: string, range: string): BinanceRefusal {
  return refusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`)
}

export function tooMuchWeight(limit: number): BinanceRefusal {
  const msg = `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`
  return refusal(-1003, msg, 429)
}

export function tooManyOrders(limit: number): BinanceRefusal {
  return refusal(-1015, `Too many new orders; current limit is ${limit} orders per 10 SECOND.`, 429)
}

const filterOf: Partial<Record<RejectReason, string>> = {
  [RejectReason.priceFilter]: 'PRICE_FILTER',
  [RejectReason.lotSize]: 'LOT_SIZE',
  [RejectReason.minQuantity]: 'LOT_SIZE',
  [RejectReason.maxQuantity]: 'LOT_SIZE',
  [RejectReason.minNotional]: 'NOTIONAL',
  [RejectReason.tooManyOpenOrders]: 'MAX_NUM_ORDERS',
}

/** Why the matching engine refused an order, as Binance says it. */
export function orderRefusal(reason: RejectReason): BinanceRefusal {
  const filter = filterOf[reason]
  if (filter !== undefined) return refusal(-1013, `Filter failure: ${filter}`)
  switch (reason) {
    case RejectReason.insufficientBalance:
      return refusal(-2010, 'Account has insufficient balance for requested action.')
    case RejectReason.postOnlyWouldTake:
      return refusal(-2010, 'Order would immediately match and take.')
    case RejectReason.duplicateClientOrderId:
      return refusal(-2010, 'Duplicate order sent.')
    case RejectReason.outsideReceiveWindow:
      return refusals.tooLate
    default:
      return refusal(-1000, 'An unknown error occurred while processing the request.')
  }
}
