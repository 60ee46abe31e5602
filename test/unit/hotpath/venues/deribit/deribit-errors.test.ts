import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../../../../hotpath/venues/deribit/deribit-errors.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'
import { answered } from '../native/scripted-venue.ts'
import { refused } from './deribit-words-bench.ts'

describe('refusals', () => {
  test.each([
    [10002, 'minQuantity'],
    [10004, 'notFound'],
    [10009, 'insufficientBalance'],
    [10020, 'unknownSymbol'],
    [10028, 'rateLimited'],
    [10032, 'minNotional'],
    [10041, 'venueDown'],
    [10043, 'priceFilter'],
    [11013, 'tooManyOpenOrders'],
    [11022, 'maxQuantity'],
    [11044, 'unknownOrder'],
    [11054, 'postOnlyWouldTake'],
    [13009, 'unknown'],
    [13888, 'outsideReceiveWindow'],
  ])('%d: %s', (code, reason) => {
    const outcome = refusalOf(refused(code))
    expect(outcome.kind === 'refused' ? rejectReasonNames[outcome.reason] : outcome.kind).toBe(reason)
  })

  test('invalid parameters by the parameter', () => {
    const reasons = ['amount', 'price', 'instrument_name', 'label', '__proto__'].map((param) => {
      const outcome = refusalOf(refused(-32602, { param, reason: 'x' }))
      return outcome.kind === 'refused' && rejectReasonNames[outcome.reason]
    })
    expect(reasons).toEqual(['lotSize', 'priceFilter', 'unknownSymbol', 'unknown', 'unknown'])
  })

  test.each([0, 10001, 11031, 11094, 13008, 13028, 13666, 13777, 99999])('%d is no refusal: unknown', (code) => {
    expect(refusalOf(refused(code))).toEqual({ kind: 'unknown', why: `code ${code}` })
  })

  test('too many, without a word', () => {
    expect(refusalOf(answered(429, 'slow down'))).toMatchObject({ kind: 'refused', reason: 11 })
  })
})
