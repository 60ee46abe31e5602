/** Words of a venue that is hostile or broken. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { BUY, CLIENT_ID, connected, execution, placed, trade } from './scripted-venue.ts'

describe('bad words', () => {
  const hostile: readonly unknown[] = [
    'null',
    '[]',
    '"text"',
    '{',
    '{"a":',
    '['.repeat(50_000),
    '{"__proto__":{"e":"executionReport"}}',
    { e: 5 },
    { event: [] },
    { event: { e: 'executionReport' } },
    execution('TRADE', { t: {}, l: [], z: '1' }),
    execution('TRADE', { t: 5, l: '1e400', z: '1e400' }),
    trade(5, '-1', '1'),
    trade(5, '0.00001', '1'),
    trade(5, '1', '1', { L: '0' }),
    trade(5, '1', '1', { L: '99999999999' }),
    execution('SOMETHING'),
    execution('NEW', { c: 7 }),
    execution('NEW', { s: 'OTHER', c: 'x' }),
    { event: { e: 'outboundAccountPosition', B: [{ a: 'BTC', f: 'Infinity' }, null, 7, { a: '__proto__', f: '1' }] } },
  ]
  test('never throw, never become a report, and are counted', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    for (const message of hostile) venue.say(message)
    venue.pass(7_000)
    expect(venue.reports.filter(({ kind }) => kind !== 'accepted')).toEqual([])
    expect(venue.adapter.counters.nonsense).toBeGreaterThan(10)
    expect(({} as Record<string, unknown>)['e']).toBeUndefined()
    expect(venue.adapter.counters.samples.length).toBeLessThanOrEqual(8)
  })

  test('our own throw is not swallowed', () => {
    const venue = connected()
    venue.adapter.attach({
      onVenueReport: () => {
        throw new Error('a broken core')
      },
      onVenueUp: () => undefined,
      onVenueDown: () => undefined,
    })
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    expect(() => venue.say(execution('NEW'))).toThrow('a broken core')
  })

  test('a venue that echoes our keys gets them into no sample', () => {
    const venue = connected()
    venue.say(`not json test-key-0123456789 and test-secret-0123456789`)
    expect(venue.adapter.counters.samples[0]).toBe('not json [hidden] and [hidden]')
  })

  test('orders of others are counted and ignored', () => {
    const venue = connected()
    venue.say(execution('NEW', { c: 'web_123' }))
    expect(venue.reports).toEqual([])
    expect(venue.adapter.counters.foreign).toBe(1)
  })
})

describe('mutated words', () => {
  const messages = [
    execution('NEW'),
    trade(5, '0.4', '0.4'),
    execution('CANCELED', { C: CLIENT_ID, c: 'x' }),
    placed,
  ].map((one) => JSON.stringify(one))
  const mutation = fc.tuple(
    fc.nat(messages.length - 1),
    fc.nat(400),
    fc.nat(3),
    fc.string({ unit: 'binary', maxLength: 6 }),
  )

  test('never throw past the adapter, and every number told is one the books can hold', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 12 }), (mutations) => {
        const venue = connected()
        venue.adapter.place(testOrder(BUY, 100_000, 1_000))
        for (const [which, at, cut, more] of mutations) {
          const text = messages[which]
          const place = at % text.length
          venue.say(text.slice(0, place) + more + text.slice(place + cut))
        }
        venue.answer('POST', 200, messages[3].slice(mutations[0][1] % 5))
        for (const { kind, lots, price, filled, fee, execution: number } of venue.reports) {
          if (kind !== 'fill') continue
          expect([lots, price, filled, number].every((one) => Number.isSafeInteger(one) && one >= 0)).toBe(true)
          expect(lots > 0 && price > 0 && number > 0 && Number.isSafeInteger(fee)).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
