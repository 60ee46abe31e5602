/** Bybit's words for no: code and message, as its API documents them. The HTTP status is 200 all the same. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'

export interface BybitRefusal {
  readonly retCode: number
  readonly retMsg: string
}

export function refusal(retCode: number, retMsg: string): BybitRefusal {
  return { retCode, retMsg }
}

export function isRefusal(value: object): value is BybitRefusal {
  return 'retCode' in value && 'retMsg' in value
}

export const refusals = {
  badJson: refusal(10001, 'params error: the body is no JSON object'),
  badCategory: refusal(10001, 'Illegal category'),
  unknownMarket: refusal(10001, 'Not supported symbols'),
  unsigned: refusal(10001, 'empty value: apiTimestamp[] apiKey[] apiSignature[]'),
  badKey: refusal(10003, 'API key is invalid.'),
  badSign: refusal(10004, 'error sign! origin_string'),
  tooMany: refusal(10006, 'Too many visits. Exceeded the API Rate Limit.'),
  notFound: refusal(10404, 'Request path not found'),
  badTimeInForce: refusal(170115, 'Invalid timeInForce.'),
  badType: refusal(170116, 'Invalid orderType.'),
  badSide: refusal(170117, 'Invalid side.'),
  unknownSymbol: refusal(170121, 'Invalid symbol.'),
  unknownOrder: refusal(170213, 'Order does not exist.'),
  tooManyInBatch: refusal(10001, 'params error: at most 10 orders in a batch'),
} as const

export function outsideWindow(timestamp: string, nowMs: number, windowMs: string): BybitRefusal {
  const numbers = `req_timestamp[${timestamp}],server_timestamp[${nowMs}],recv_window[${windowMs}]`
  return refusal(10002, `invalid request, please check your server timestamp or recv_window param. ${numbers}`)
}

export function missing(name: string): BybitRefusal {
  return refusal(10001, `params error: ${name} is required`)
}

export function invalid(name: string): BybitRefusal {
  return refusal(170130, `Data sent for paramter '${name}' is not valid.`)
}

/** Why the matching engine refused an order, as Bybit says it. */
export function orderRefusal(reason: RejectReason): BybitRefusal {
  switch (reason) {
    case RejectReason.priceFilter:
      return refusal(170134, 'Order price has too many decimals.')
    case RejectReason.lotSize:
      return refusal(170137, 'Order quantity has too many decimals.')
    case RejectReason.minQuantity:
      return refusal(170136, 'Order quantity exceeded lower limit.')
    case RejectReason.maxQuantity:
      return refusal(170135, 'Order quantity exceeded upper limit.')
    case RejectReason.minNotional:
      return refusal(170140, 'Order value exceeded lower limit.')
    case RejectReason.insufficientBalance:
      return refusal(170131, 'Insufficient balance.')
    case RejectReason.duplicateClientOrderId:
      return refusal(170141, 'Duplicate clientOrderId.')
    case RejectReason.tooManyOpenOrders:
      return refusal(170810, 'Cannot exceed maximum of 500 conditional, TP/SL and active orders.')
    case RejectReason.unknownOrder:
      return refusals.unknownOrder
    default:
      return refusal(170001, 'Internal error.')
  }
}
