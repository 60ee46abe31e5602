/** Kraken's words for no: a text in the list of errors of an answer that is HTTP 200 all the same. */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'

export class KrakenRefusal {
  readonly error: string

  constructor(error: string) {
    this.error = error
  }
}

export function refusal(error: string): KrakenRefusal {
  return new KrakenRefusal(error)
}

/** 'EGeneral:Invalid arguments:volume' */
export function invalid(name: string): KrakenRefusal {
  return refusal(`EGeneral:Invalid arguments:${name}`)
}

export const refusals = {
  invalidKey: refusal('EAPI:Invalid key'),
  invalidSignature: refusal('EAPI:Invalid signature'),
  invalidNonce: refusal('EAPI:Invalid nonce'),
  unknownMethod: refusal('EGeneral:Unknown method'),
  unknownPair: refusal('EQuery:Unknown asset pair'),
  unknownOrder: refusal('EOrder:Unknown order'),
  tooManyCalls: refusal('EAPI:Rate limit exceeded'),
  tooManyOrders: refusal('EOrder:Rate limit exceeded'),
  deadlineElapsed: refusal('EService:Deadline elapsed'),
  invalidSession: refusal('ESession:Invalid session'),
} as const

/** Why the matching engine refused an order, as Kraken says it. */
export function orderRefusal(reason: RejectReason): KrakenRefusal {
  switch (reason) {
    case RejectReason.insufficientBalance:
      return refusal('EOrder:Insufficient funds')
    case RejectReason.priceFilter:
      return refusal('EOrder:Tick size check failed')
    case RejectReason.minQuantity:
      return refusal('EOrder:Order minimum not met')
    case RejectReason.minNotional:
      return refusal('EOrder:Cost minimum not met')
    case RejectReason.lotSize:
    case RejectReason.maxQuantity:
      return invalid('volume')
    case RejectReason.postOnlyWouldTake:
      return refusal('EOrder:Post only order')
    case RejectReason.duplicateClientOrderId:
      return invalid('cl_ord_id not unique')
    case RejectReason.tooManyOpenOrders:
      return refusal('EOrder:Orders limit exceeded')
    case RejectReason.unknownOrder:
      return refusals.unknownOrder
    case RejectReason.outsideReceiveWindow:
      return refusals.deadlineElapsed
    default:
      return refusal('EGeneral:Internal error')
  }
}
