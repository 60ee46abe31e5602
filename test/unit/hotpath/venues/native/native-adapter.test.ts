/** One adapter, doors answered by hand: what is certain is told, what is not is not. */
import { describe, expect, test } from 'vitest'
import { testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import {
  answered,
  BUY,
  CLIENT_ID,
  connected,
  execution,
  lost,
  notSent,
  placed,
  ScriptedVenue,
  trade,
} from './scripted-venue.ts'

describe('placing', () => {
  test('the identity is the client id, ticks and lots are decimals, the deadline is the window', () => {
    const venue = connected()
    const order = testOrder(BUY, 100_005, 1_500, { deadlineUs: venue.clock.epochUs() + 250_000 })
    expect(venue.adapter.place(order)).toBe(true)
    const { request } = venue.take('POST')
    expect(request.url).toContain(`newClientOrderId=${CLIENT_ID}`)
    expect(request.url).toContain('&quantity=1.5&price=1000.05&')
    expect(request.url).toContain('recvWindow=250&')
  })

  test('before the stream is ready nothing is sent', () => {
    const venue = new ScriptedVenue()
    expect(venue.adapter.place(testOrder(BUY, 1_000, 40))).toBe(false)
  })

  test('the answer and the stream tell the same twice: it is told once', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.say(execution('NEW'))
    venue.say(trade(5, '0.4', '0.4'))
    const fills = [{ price: '1000', qty: '0.4', commission: '0.1', commissionAsset: 'USDT', tradeId: 5 }]
    venue.answer('POST', 200, { ...placed, executedQty: '0.4', status: 'PARTIALLY_FILLED', fills })
    venue.say(trade(5, '0.4', '0.4'))
    venue.say(trade(6, '0.6', '1.0'))
    venue.say(trade(6, '0.6', '1.0'))
    expect(venue.reports.map(({ kind, execution: number, filled }) => [kind, number, filled])).toEqual([
      ['accepted', 0, 0],
      ['fill', 5, 400],
      ['fill', 6, 1_000],
    ])
  })

  test.each([
    ['a lost answer', lost],
    ['a server error', answered(500, { code: -1000, msg: 'An unknown error occurred' })],
    ['a refusal behind a server error', answered(503, { code: -2010, msg: 'Account has insufficient balance' })],
    ['a gateway page', answered(502, '<html>')],
    ['a success that is none', answered(200, '{}')],
    ['a success of another order', answered(200, { ...placed, clientOrderId: 'somebody' })],
    ['a success that breaks off', answered(200, '{"symbol":"BTCUSDT","orderId":77')],
    ['an unknown code', answered(400, { code: -9999, msg: 'new' })],
    ['status unknown', answered(400, { code: -1006, msg: 'Execution status unknown' })],
    ['a list', answered(400, '[]')],
    ['null', answered(200, 'null')],
  ])('%s: nothing is said', (_name, answer) => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.take('POST').done(answer)
    venue.pass(100)
    expect(venue.reports).toEqual([])
  })

  test('never left: rejected as not sent, and that is certain', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.take('POST').done(notSent)
    expect(venue.reports).toMatchObject([{ kind: 'rejected', reason: 'notSent', parent: 1, child: 1 }])
  })

  test('an answer long after we stopped waiting is still news', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    const { done } = venue.take('POST')
    venue.pass(6_000)
    expect(venue.adapter.counters.lost).toBe(1)
    expect(venue.reports).toEqual([])
    done(answered(200, placed))
    expect(venue.kinds()).toEqual(['accepted'])
    expect(venue.adapter.counters.late).toBe(1)
  })

  test('too many: rejected, and until the venue said nothing more is sent', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.answer('POST', 429, '', { 'retry-after': '2' })
    expect(venue.reports).toMatchObject([{ kind: 'rejected', reason: 'rateLimited' }])
    expect(venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 2 }))).toBe(false)
    venue.pass(2_100)
    expect(venue.adapter.place(testOrder(BUY, 100_000, 1_000, { child: 2 }))).toBe(true)
  })

  test('a fill before its acknowledgement, an end before its fill', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.say(trade(5, '0.4', '0.4'))
    venue.say(execution('CANCELED', { C: CLIENT_ID, c: 'cancel', z: '0.7' }))
    venue.say(trade(6, '0.3', '0.7'))
    venue.answer('POST', 200, placed)
    expect(venue.reports.map(({ kind, filled, lots }) => [kind, filled, lots])).toEqual([
      ['fill', 400, 400],
      ['canceled', 700, 300],
      ['fill', 700, 300],
    ])
  })
})

describe('fees', () => {
  test.each([
    ['USDT', '0.123456789', 12_345_679, false, 0],
    ['BTC', '0.0004', 40_000, true, 0],
    // 0.4 x 1000 at 1000 ppm.
    ['BNB', '0.0004', 40_000_000, false, 1],
    ['USDT', 'NaN', 40_000_000, false, 1],
    [null, '0', 0, false, 0],
  ])('in %s', (asset, fee, units, inBase, estimated) => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.say(trade(5, '0.4', '0.4', { n: fee, N: asset }))
    expect(venue.reports[0]).toMatchObject({ fee: units, feeInBase: inBase })
    expect(venue.adapter.counters.feesEstimated).toBe(estimated)
  })
})

describe('replacing', () => {
  function resting(): ScriptedVenue {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.answer('POST', 200, placed)
    return venue
  }
  const fresh = { ...placed, orderId: 78, price: '999', origQty: '2' }

  test('a new order under the same id; the end of the old one is no news', () => {
    const venue = resting()
    expect(venue.adapter.replace(testOrder(BUY, 99_900, 2_000))).toBe(true)
    venue.say(execution('CANCELED', { C: CLIENT_ID, c: 'x' }))
    venue.say(execution('NEW', { i: 78 }))
    venue.answer('cancelReplace', 200, {
      cancelResult: 'SUCCESS',
      newOrderResult: 'SUCCESS',
      cancelResponse: placed,
      newOrderResponse: fresh,
    })
    venue.say(execution('CANCELED', { C: CLIENT_ID, c: 'x' }))
    expect(venue.reports.map(({ kind, price, lots }) => [kind, price, lots])).toEqual([
      ['accepted', 100_000, 1_000],
      ['replaced', 99_900, 2_000],
    ])
    venue.say(trade(9, '2', '2', { i: 78, L: '999' }))
    expect(venue.kinds()).toEqual(['accepted', 'replaced', 'fill'])
  })

  test('refused, the old order goes on', () => {
    const venue = resting()
    venue.adapter.replace(testOrder(BUY, 99_900, 2_000))
    const data = {
      cancelResult: 'FAILURE',
      newOrderResult: 'NOT_ATTEMPTED',
      cancelResponse: { code: -2011, msg: 'Unknown order sent.' },
      newOrderResponse: null,
    }
    venue.answer('cancelReplace', 400, { code: -2022, msg: 'Order cancel-replace failed.', data })
    expect(venue.reports[1]).toMatchObject({ kind: 'replaceRejected', reason: 'unknownOrder' })
  })

  test('half done: refused, and the old order has ended', () => {
    const venue = resting()
    venue.adapter.replace(testOrder(BUY, 99_900, 2_000))
    const canceled = { ...placed, origClientOrderId: CLIENT_ID, clientOrderId: 'x', status: 'CANCELED' }
    const data = {
      cancelResult: 'SUCCESS',
      newOrderResult: 'FAILURE',
      cancelResponse: canceled,
      newOrderResponse: { code: -2010, msg: 'Account has insufficient balance for requested action.' },
    }
    venue.answer('cancelReplace', 409, { code: -2021, msg: 'Order cancel-replace partially failed.', data })
    expect(venue.kinds()).toEqual(['accepted', 'replaceRejected', 'canceled'])
  })

  test('lost: asked about at once, and the new order found is a replace done', () => {
    const venue = resting()
    venue.adapter.replace(testOrder(BUY, 99_900, 2_000))
    venue.take('cancelReplace').done(lost)
    venue.answer('/api/v3/order?', 200, { ...fresh, updateTime: 5 })
    venue.answer('myTrades', 200, [])
    expect(venue.reports.slice(1)).toMatchObject([
      { kind: 'replaced', price: 99_900, lots: 2_000 },
      { kind: 'status', isOpen: true },
    ])
  })
})
