/** Why a venue refused a child or ended it, in one vocabulary; adapters map each venue's words to it, append only. */
export const RejectReason = {
  none: 0,
  unknown: 1,
  priceFilter: 2,
  lotSize: 3,
  minQuantity: 4,
  minNotional: 5,
  maxQuantity: 6,
  insufficientBalance: 7,
  postOnlyWouldTake: 8,
  fokNotFillable: 9,
  iocNotFilled: 10,
  rateLimited: 11,
  duplicateClientOrderId: 12,
  unknownOrder: 13,
  unknownSymbol: 14,
  selfTrade: 15,
  venueDown: 16,
  outsideReceiveWindow: 17,
  expired: 18,
  tooManyOpenOrders: 19,
  notSent: 20,
  userCancel: 21,
} as const
export type RejectReason = (typeof RejectReason)[keyof typeof RejectReason]
export const rejectReasonNames = Object.keys(RejectReason) as readonly (keyof typeof RejectReason)[]
