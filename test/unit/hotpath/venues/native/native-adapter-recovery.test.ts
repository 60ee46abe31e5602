/** Asking, reconciling and reconnecting. */
import { describe, expect, test } from 'vitest'
import { testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { answered, BUY, connected, lost, placed, ScriptedVenue } from './scripted-venue.ts'

describe('asking', () => {
  const state = { ...placed, executedQty: '0.4', status: 'CANCELED', updateTime: 1_700_000_000_500 }
  const trades = [
    {
      symbol: 'BTCUSDT',
      id: 5,
      orderId: 77,
      price: '1000',
      qty: '0.4',
      commission: '0.1',
      commissionAsset: 'USDT',
      time: 1_700_000_000_100,
      isMaker: true,
    },
  ]

  test('an order of an earlier life: its state, then its fills by the venue id, told in the other order', () => {
    const venue = connected()
    expect(venue.adapter.query(1, 1, 1)).toBe(true)
    venue.answer('GET https://api.binance.com/api/v3/order?', 200, state)
    venue.answer('orderId=77', 200, trades)
    expect(venue.reports.map(({ kind, filled, isOpen, lots }) => [kind, filled, isOpen, lots])).toEqual([
      ['fill', 400, false, 400],
      ['status', 400, false, 1_000],
    ])
  })

  test('silence is no answer, and a second question does not pile up', () => {
    const venue = connected()
    venue.adapter.query(1, 1, 1)
    venue.adapter.query(1, 1, 1)
    expect(venue.asked.length).toBe(1)
    venue.take('GET').done(lost)
    expect(venue.reports).toEqual([])
    venue.adapter.query(1, 1, 1)
    expect(venue.asked.length).toBe(1)
  })

  test('what was acknowledged is never not found', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.answer('POST', 200, placed)
    venue.adapter.query(1, 1, 1)
    for (const { done } of venue.asked.splice(0)) done(answered(400, { code: -2013, msg: 'Order does not exist.' }))
    expect(venue.kinds()).toEqual(['accepted'])
  })

  test('reconciling: all parts or no end; a part that fails is begun again', () => {
    const venue = connected()
    venue.adapter.reconcile(0)
    venue.answer('openOrders', 200, [{ ...placed, executedQty: '0.4', status: 'PARTIALLY_FILLED', time: 1 }])
    venue.answer('myTrades', 503, '')
    venue.pass(300)
    expect(venue.kinds()).toEqual([])
    venue.answer('openOrders', 200, [{ ...placed, executedQty: '0.4', status: 'PARTIALLY_FILLED', time: 1 }])
    venue.answer('myTrades', 200, trades)
    // The fill names no order of ours yet: the venue is asked whose it is.
    venue.answer('/api/v3/order?', 200, { ...state, status: 'PARTIALLY_FILLED' })
    venue.answer('myTrades', 200, trades)
    venue.answer('account', 200, {
      balances: [
        { asset: 'BTC', free: '1.5' },
        { asset: 'XYZ', free: '7' },
      ],
    })
    expect(venue.kinds()).toEqual(['fill', 'status', 'status', 'balance', 'balance', 'reconciled'])
    expect(venue.reports.filter(({ kind }) => kind === 'balance').map(({ asset, units }) => [asset, units])).toEqual([
      [0, 150_000_000],
      [1, 0],
    ])
  })
})

describe('strangers', () => {
  const stranger = (orderId: number): object => ({
    symbol: 'BTCUSDT',
    id: orderId,
    orderId,
    price: '1000',
    qty: '0.4',
    commission: '0.1',
    commissionAsset: 'USDT',
    time: 1_700_000_000_000 + orderId,
  })
  const named = (orderId: string) => ({ ...placed, orderId: Number(orderId), clientOrderId: 'web' })

  test('one that an earlier run still asks about is waited for: the end comes', () => {
    const venue = connected()
    const run = (): void => {
      venue.adapter.reconcile(0)
      venue.answer('openOrders', 200, [])
      venue.answer('startTime', 200, [stranger(90)])
    }
    run()
    run()
    venue.answer('/api/v3/order?', 200, named('90'))
    venue.answer('orderId=90', 200, [])
    venue.answer('account', 200, { balances: [] })
    expect(venue.kinds().at(-1)).toBe('reconciled')
  })

  test('of too many the newest are asked about', () => {
    const venue = connected()
    venue.adapter.reconcile(0)
    venue.answer('openOrders', 200, [])
    venue.answer(
      'myTrades',
      200,
      Array.from({ length: 100 }, (_, at) => stranger(101 + at)),
    )
    const asked: string[] = []
    while (venue.asked.some(({ request }) => request.url.includes('/api/v3/order?'))) {
      const { request, done } = venue.take('/api/v3/order?')
      const [, orderId] = /orderId=(\d+)/.exec(request.url)!
      asked.push(orderId)
      done(answered(200, named(orderId)))
      venue.answer(`myTrades?symbol=BTCUSDT&orderId=${orderId}`, 200, [])
    }
    expect(asked.length).toBe(64)
    expect(Math.min(...asked.map(Number))).toBe(137)
    expect(Math.max(...asked.map(Number))).toBe(200)
  })
})

describe('the stream', () => {
  test('a refused login: later each time, and jittered', () => {
    const venue = new ScriptedVenue()
    const at: number[] = []
    for (let attempt = 0; attempt < 6; attempt++) {
      const before = venue.opens
      for (let turn = 0; venue.opens === before && turn < 2_000; turn++) {
        venue.pass(10)
        if (venue.asked.length > 0) venue.answer('time', 200, { serverTime: venue.clock.epochUs() / 1_000 })
      }
      at.push(venue.clock.ns / 1e6)
      venue.socket?.onOpen()
      venue.say({ id: 'account', status: 401, error: { code: -2015, msg: 'no' } })
    }
    const waits = at.slice(1).map((ms, index) => ms - at[index])
    expect(venue.news).toEqual([])
    expect(waits[0]).toBeGreaterThanOrEqual(50)
    expect(waits[4]).toBeGreaterThan(waits[0] * 4)
  })

  test('unheard for three pings: down, and up again', () => {
    const venue = connected()
    expect(venue.news).toEqual(['up 0'])
    venue.pass(59_000)
    expect(venue.said.filter((text) => text.includes('ping')).length).toBe(2)
    venue.pass(3_000)
    expect(venue.news).toEqual(['up 0', 'down 0'])
    expect(venue.adapter.place(testOrder(BUY, 100_000, 1_000))).toBe(false)
    venue.connect()
    expect(venue.news).toEqual(['up 0', 'down 0', 'up 0'])
  })

  test('balances wait for a quiet moment', () => {
    const venue = connected()
    venue.adapter.place(testOrder(BUY, 100_000, 1_000))
    venue.say({ event: { e: 'outboundAccountPosition', B: [{ a: 'USDT', f: '12.5' }] } })
    venue.pass(2_000)
    expect(venue.kinds()).toEqual([])
    venue.answer('POST', 200, placed)
    venue.pass(1_100)
    expect(venue.reports[1]).toMatchObject({ kind: 'balance', asset: 1, units: 1_250_000_000 })
  })

  test('the venue is ahead: our times are its times', () => {
    const venue = new ScriptedVenue()
    venue.pass(10)
    venue.answer('time', 200, { serverTime: venue.clock.epochUs() / 1_000 + 5_000 })
    venue.socket?.onOpen()
    expect(JSON.parse(venue.said[0]).params.timestamp - Math.floor(venue.clock.epochUs() / 1_000)).toBe(5_000)
  })
})
