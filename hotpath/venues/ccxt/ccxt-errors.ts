/**
 * What a ccxt error class says about an order, by the name of the nearest class in the table. Only classes that mean "the
 * venue said no" or "it never left" are refusals; the bare ExchangeError (a code nobody has mapped), everything about
 * the network and everything unknown says nothing: the order's outcome is unknown and the router asks.
 */
import { RejectReason } from '../../../shared/domain/reject-reason.ts'

export const CcxtOutcome = {
  /** Nothing can be said. */
  unknown: 0,
  /** Certainly not done. */
  refused: 1,
  /** No such order there. */
  notFound: 2,
} as const
export type CcxtOutcome = (typeof CcxtOutcome)[keyof typeof CcxtOutcome]

export interface CcxtVerdict {
  readonly outcome: CcxtOutcome
  readonly reason: RejectReason
}

const unknown: CcxtVerdict = { outcome: CcxtOutcome.unknown, reason: RejectReason.unknown }
const refused = (reason: RejectReason): CcxtVerdict => ({ outcome: CcxtOutcome.refused, reason })

const verdicts: Readonly<Record<string, CcxtVerdict>> = {
  // refused by the venue, or by ccxt before anything was sent
  InsufficientFunds: refused(RejectReason.insufficientBalance),
  InvalidOrder: refused(RejectReason.unknown),
  OrderImmediatelyFillable: refused(RejectReason.postOnlyWouldTake),
  OrderNotFillable: refused(RejectReason.fokNotFillable),
  DuplicateOrderId: refused(RejectReason.duplicateClientOrderId),
  ContractUnavailable: refused(RejectReason.unknownSymbol),
  BadSymbol: refused(RejectReason.unknownSymbol),
  BadRequest: refused(RejectReason.unknown),
  ArgumentsRequired: refused(RejectReason.notSent),
  NotSupported: refused(RejectReason.notSent),
  InvalidProxySettings: refused(RejectReason.notSent),
  // PermissionDenied, AccountNotEnabled and AccountSuspended are of this class
  AuthenticationError: refused(RejectReason.unknown),
  MarketClosed: refused(RejectReason.venueDown),
  RestrictedLocation: refused(RejectReason.venueDown),
  ManualInteractionNeeded: refused(RejectReason.unknown),
  RateLimitExceeded: refused(RejectReason.rateLimited),
  InvalidNonce: refused(RejectReason.outsideReceiveWindow),
  OrderNotFound: { outcome: CcxtOutcome.notFound, reason: RejectReason.unknownOrder },
  // children of the above that say less than their parents
  OrderNotCached: unknown,
  ChecksumError: unknown,
}

/** Never throws; O(depth of the class). */
export function verdictOf(error: unknown): CcxtVerdict {
  if (!(error instanceof Error)) return unknown
  let type: unknown = error.constructor
  while (typeof type === 'function' && type !== Error) {
    if (Object.hasOwn(verdicts, type.name)) return verdicts[type.name]
    type = Object.getPrototypeOf(type)
  }
  return unknown
}

/** Class and message, one line, without what could be a key: for the log only. */
export function errorLine(error: unknown): string {
  const told = error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error)
  const line = told.replace(/\s+/g, ' ').replace(/[A-Za-z0-9+/=_-]{24,}/g, '…')
  return line.length > 160 ? `${line.slice(0, 160)}…` : line
}
