/** Where a wrong belief costs money: dead orders that live, ids said twice, ends that claim too little. */
import { describe, expect, test } from 'vitest'
import { VenueReportKind } from '../../../../../hotpath/orders/venue-report.ts'
import { testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import {
  answered,
  BUY,
  CLIENT_ID,
  connected,
  execution,
  lost,
  placed,
  type ScriptedVenue,
  trade,
} from './scripted-venue.ts'

const gone = answered(400, { code: -2013, msg: 'Order does not exist.' })

function ask(venue: ScriptedVenue): void {
  venue.adapter.query(1, 1, 1)
  for (const { done } of venue.asked.splice(0).filter(({ request }) => request.method === 'GET')) done(gone)
}

describe('not found', () => {
  test('is not said while the order itself is on its way', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    const { done } = venue.take('POST')
    venue.pass(2_000)
    ask(venue)
    expect(venue.reports).toEqual([])
    done(lost)
    ask(venue)
    expect(venue.reports).toMatchObject([{ kind: 'notFound', parent: 1, child: 1 }])
  })

  test('is not said of an order that has filled, though nobody acknowledged it', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.say(trade(5, '0.4', '0.4'))
    venue.take('POST').done(lost)
    ask(venue)
    expect(venue.kinds()).toEqual(['fill'])
  })

  test('is said in the end of an order that the venue has forgotten, not of one that comes back', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.answer('POST', 200, placed)
    ask(venue)
    venue.adapter.query(1, 1, 1)
    venue.answer('/api/v3/order?', 200, { ...placed, updateTime: 5 })
    venue.answer('myTrades', 200, [])
    expect(venue.kinds()).toEqual(['accepted', 'status'])
    for (let minute = 0; minute < 3; minute++) {
      ask(venue)
      for (let tenth = 0; tenth < 4; tenth++) {
        venue.pass(10_000)
        venue.say({ id: 'ping', status: 200 })
      }
    }
    expect(venue.kinds()).toEqual(['accepted', 'status', 'notFound'])
  })
})

test('an id is said once: the second time it is refused here, whatever became of the first', () => {
  const venue = connected()
  venue.adapter.place(testOrder(BUY, 100_000, 1_000))
  venue.take('POST').done(lost)
  venue.adapter.place(testOrder(BUY, 100_000, 1_000))
  venue.pass(20)
  expect(venue.asked.filter(({ request }) => request.method === 'POST')).toEqual([])
  expect(venue.reports).toMatchObject([{ kind: 'rejected', reason: 'duplicateClientOrderId' }])
})

test.each(['', 'NaN', '0.00000001'])("an end whose quantity reads '%s' is not told: the core asks", (filled) => {
  const venue = connected()
  venue.adapter.place(testOrder(BUY, 100_000, 1_000))
  venue.answer('POST', 200, placed)
  venue.say(execution('CANCELED', { C: CLIENT_ID, c: 'x', z: filled }))
  expect(venue.kinds()).toEqual(['accepted'])
  expect(venue.adapter.counters.nonsense).toBe(1)
  venue.say(execution('CANCELED', { C: CLIENT_ID, c: 'x', z: '0.4' }))
  expect(venue.reports[1]).toMatchObject({ kind: 'canceled', filled: 400 })
})

test('a replace after its deadline is not sent', () => {
  const venue = connected()
  venue.adapter.place(testOrder(BUY, 100_000, 1_000))
  venue.answer('POST', 200, placed)
  const late = testOrder(BUY, 99_900, 2_000, { deadlineUs: venue.clock.epochUs() - 1 })
  expect(venue.adapter.replace(late)).toBe(false)
})

test('what is known of orders whose fate nobody learns is bounded', () => {
  const venue = connected()
  for (let parent = 1; parent <= 20_000; parent++) {
    venue.adapter.place(testOrder(BUY, 100_000, 1_000, { parent }))
    venue.take('POST').done(lost)
    venue.adapter.query(1, parent, 1)
    venue.take('GET').done(gone)
  }
  expect(venue.reports.at(-1)?.kind).toBe('notFound')
  expect(VenueReportKind.notFound).toBeDefined()
  expect(venue.adapter.tracked).toBeLessThanOrEqual(16_384)
})
