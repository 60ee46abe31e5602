import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { CcxtOutcome, errorLine, verdictOf } from '../../../../../hotpath/venues/ccxt/ccxt-errors.ts'
import { type RejectReason, rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'

type ErrorClass = new (message: string) => Error
const folder = path.dirname(createRequire(import.meta.url).resolve('ccxt'))
const file = path.join(folder, '..', 'js', 'src', 'base', 'errors.js')
const classes = ((await import(pathToFileURL(file).href)) as { default: Record<string, ErrorClass> }).default

const expected: Readonly<Record<string, keyof typeof RejectReason | 'silence' | 'notFound'>> = {
  BaseError: 'silence',
  ExchangeError: 'silence',
  AuthenticationError: 'unknown',
  PermissionDenied: 'unknown',
  AccountNotEnabled: 'unknown',
  AccountSuspended: 'unknown',
  ArgumentsRequired: 'notSent',
  BadRequest: 'unknown',
  BadSymbol: 'unknownSymbol',
  OperationRejected: 'silence',
  NoChange: 'silence',
  MarginModeAlreadySet: 'silence',
  MarketClosed: 'venueDown',
  ManualInteractionNeeded: 'unknown',
  RestrictedLocation: 'venueDown',
  InsufficientFunds: 'insufficientBalance',
  InvalidAddress: 'silence',
  AddressPending: 'silence',
  InvalidOrder: 'unknown',
  OrderNotFound: 'notFound',
  OrderNotCached: 'silence',
  OrderImmediatelyFillable: 'postOnlyWouldTake',
  OrderNotFillable: 'fokNotFillable',
  DuplicateOrderId: 'duplicateClientOrderId',
  ContractUnavailable: 'unknownSymbol',
  NotSupported: 'notSent',
  InvalidProxySettings: 'notSent',
  ExchangeClosedByUser: 'silence',
  OperationFailed: 'silence',
  NetworkError: 'silence',
  DDoSProtection: 'silence',
  RateLimitExceeded: 'rateLimited',
  ExchangeNotAvailable: 'silence',
  OnMaintenance: 'silence',
  InvalidNonce: 'outsideReceiveWindow',
  ChecksumError: 'silence',
  RequestTimeout: 'silence',
  BadResponse: 'silence',
  NullResponse: 'silence',
  CancelPending: 'silence',
  UnsubscribeError: 'silence',
}

function verdictWord(error: unknown): string {
  const { outcome, reason } = verdictOf(error)
  if (outcome === CcxtOutcome.unknown) return 'silence'
  return outcome === CcxtOutcome.notFound ? 'notFound' : rejectReasonNames[reason]
}

describe('every error class of ccxt', () => {
  test('is known here by name, no more and no less', () => {
    expect(Object.keys(classes).sort()).toEqual(Object.keys(expected).sort())
  })

  test.each(Object.keys(expected))('%s', (name) => {
    expect(verdictWord(new classes[name]('a message that says success, filled, ok'))).toBe(expected[name])
  })

  test('what is no error of ccxt says nothing', () => {
    for (const odd of [new TypeError('x'), new Error('x'), undefined, null, 'InsufficientFunds', {}]) {
      expect(verdictWord(odd)).toBe('silence')
    }
  })
})

test('a line about an error has no key in it and fits a line', () => {
  const line = errorLine(new Error(`no\nsuch ${'k'.repeat(40)} thing ${'word '.repeat(80)}`))
  expect(line).not.toContain('kkkk')
  expect(line).not.toContain('\n')
  expect(line.length).toBeLessThan(200)
  expect(line).toMatch(/^Error: no such … thing/)
})
