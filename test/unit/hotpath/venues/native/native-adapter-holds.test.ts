/** "Too many requests": who must be quiet then, and who must not. */
import { expect, test } from 'vitest'
import { testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { BUY, connected, placed, type ScriptedVenue } from './scripted-venue.ts'

function resting(): ScriptedVenue {
  const venue = connected()
  venue.adapter.place(testOrder(BUY, 100_000, 1_000))
  venue.answer('POST', 200, placed)
  return venue
}

test('too many orders hold orders: what rests can still be asked about and called back', () => {
  const venue = resting()
  venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 2 }))
  venue.answer('POST', 429, { code: -1015, msg: 'Too many new orders' }, { 'retry-after': '60' })
  expect(venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 3 }))).toBe(false)
  expect(venue.adapter.query(1, 1, 1)).toBe(true)
  expect(venue.adapter.cancel(1, 1, 1)).toBe(true)
})

test('too many cancels hold everything; so does a ban', () => {
  for (const [what, status] of [
    ['cancel', 429],
    ['query', 418],
    ['place', 418],
  ] as const) {
    const venue = resting()
    if (what === 'place') venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 2 }))
    else venue.adapter[what](1, 1, 1)
    for (const { request } of [...venue.asked]) venue.answer(request.url, status, '', { 'retry-after': '5' })
    expect(venue.adapter.cancel(1, 1, 1)).toBe(false)
    expect(venue.adapter.query(1, 1, 1)).toBe(false)
    expect(venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 3 }))).toBe(false)
    venue.pass(5_100)
    expect(venue.adapter.cancel(1, 1, 1)).toBe(true)
  }
})

test('too many questions hold questions: what rests can be called back', () => {
  const venue = resting()
  venue.adapter.query(1, 1, 1)
  for (const { request } of [...venue.asked]) venue.answer(request.url, 429, '', { 'retry-after': '5' })
  expect(venue.adapter.query(1, 1, 1)).toBe(false)
  expect(venue.adapter.cancel(1, 1, 1)).toBe(true)
  venue.pass(5_100)
  expect(venue.adapter.query(1, 1, 1)).toBe(true)
})

test('a refusal for too many requests that has no status of its own holds for a moment', () => {
  const venue = resting()
  venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 2 }))
  venue.answer('POST', 400, { code: -1015, msg: 'Too many new orders' })
  expect(venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 3 }))).toBe(false)
  venue.pass(1_100)
  expect(venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 3 }))).toBe(true)
})

test('reconciling and reconnecting wait as long as the venue said', () => {
  const venue = resting()
  venue.adapter.reconcile(0)
  venue.answer('openOrders', 418, '', { 'retry-after': '30' })
  venue.pass(29_000)
  expect(venue.asked).toEqual([])
  venue.socket?.onClose('gone')
  venue.pass(500)
  expect(venue.asked).toEqual([])
  venue.pass(1_000)
  expect(venue.asked.length).toBe(1)
})

test('questions and reconciliations refused for the wrong time have it measured again', () => {
  const wrong = { code: -1021, msg: 'Timestamp for this request is outside of the recvWindow.' }
  for (const what of ['query', 'reconcile'] as const) {
    const venue = resting()
    venue.pass(3_000)
    if (what === 'query') venue.adapter.query(1, 1, 1)
    else venue.adapter.reconcile(0)
    for (const { request } of [...venue.asked]) venue.answer(request.url, 400, wrong)
    for (const { request } of [...venue.asked]) {
      if (request.url.includes('myTrades')) venue.answer(request.url, 400, wrong)
    }
    expect(venue.asked.filter(({ request }) => request.url.includes('/time')).length).toBe(1)
  }
})

test('a reconciliation that is refused for too many requests, in whatever words, holds questions', () => {
  const venue = resting()
  venue.adapter.reconcile(0)
  venue.answer('openOrders', 200, [])
  venue.answer('myTrades', 400, { code: -1003, msg: 'Too much request weight used' })
  expect(venue.adapter.query(1, 1, 1)).toBe(false)
  expect(venue.adapter.cancel(1, 1, 1)).toBe(true)
})
