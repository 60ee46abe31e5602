/** Coinbase's user channel: what it tells, what must be asked for, and both against the emulator when answers fail. */
import { describe, expect, test } from 'vitest'
import { ASK, BID, BUY, SELL, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { newsLines } from '../emulator/news-lines.ts'
import { answered, CLIENT_ID } from '../native/scripted-venue.ts'
import { fill, gtc, ID, NOW, named, openDialect, row, userMessage } from './coinbase-fixtures.ts'
import { openCoinbase } from './coinbase-world.ts'

describe('the stream', () => {
  test('an end waits for its fills, and is told when they were', () => {
    const dialect = openDialect()
    const { news, lines } = newsLines()
    dialect.stream.hello(NOW)
    const say = (sequence: number, change: object) => dialect.stream.onMessage(userMessage(sequence, change), news, NOW)
    expect(say(0, {})).toBe('news')
    expect(say(1, { cumulative_quantity: '0.4', status: 'CANCELLED', time_in_force: 'IMMEDIATE_OR_CANCEL' })).toEqual({
      ask: [{ clientId: CLIENT_ID, venueId: ID, symbolName: 'BTC-USDT', timeMs: Date.parse('2023-11-14T22:13:21Z') }],
    })
    const at = { ...named, venueId: ID }
    const state = (status: string, filled: string) =>
      answered(200, { order: { ...row, ...gtc, status, filled_size: filled } })
    const none = answered(200, { fills: [], cursor: '' })
    const one = answered(200, { fills: [fill('t1', '0.4')], cursor: '' })
    // The books behind REST are behind the stream.
    expect(dialect.onQueried([state('OPEN', '0'), none], at, news, NOW).kind).toBe('unknown')
    expect(dialect.onQueried([state('OPEN', '0.4'), one], at, news, NOW).kind).toBe('unknown')
    expect(dialect.onQueried([state('CANCELLED', '0.4'), one], at, news, NOW).kind).toBe('done')
    expect(lines.filter((line) => line.startsWith('expired'))).toEqual([`expired ${CLIENT_ID} ${ID} iocNotFilled 0.4`])
    expect(lines.findIndex((line) => line.startsWith('fill'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('expired')),
    )
  })

  test.each([
    [{ status: 'CANCELLED', cancel_reason: 'User requested cancel' }, 'canceled', 'userCancel'],
    [{ status: 'CANCELLED', cancel_reason: 'Self trade prevention' }, 'expired', 'selfTrade'],
    [{ status: 'CANCELLED', time_in_force: 'FILL_OR_KILL' }, 'expired', 'fokNotFillable'],
    [{ status: 'EXPIRED' }, 'expired', 'expired'],
    [{ status: 'FAILED', reject_reason: 'INSUFFICIENT_FUND' }, 'rejected', 'insufficientBalance'],
    [{ status: 'FAILED', reject_Reason: 'what?' }, 'rejected', 'unknown'],
  ])('%j', (change, how, reason) => {
    const dialect = openDialect()
    const { news, lines } = newsLines()
    dialect.stream.hello(NOW)
    dialect.stream.onMessage(userMessage(0, change), news, NOW)
    expect(lines[lines.length - 1]).toBe(`${how} ${CLIENT_ID} ${ID} ${reason} 0`)
  })

  test('numbers: old ones are repetitions, a hole closes the stream, a new stream counts anew', () => {
    const { stream } = openDialect()
    const { news } = newsLines()
    const beat = (sequence: unknown): unknown =>
      stream.onMessage(JSON.stringify({ channel: 'heartbeats', sequence_num: sequence, events: [] }), news, NOW)
    stream.hello(NOW)
    expect([beat(0), beat(1), beat(1), beat(0), beat(2)]).toEqual(['pong', 'pong', 'ignored', 'ignored', 'pong'])
    expect([beat(4), beat('5'), beat(-1), beat(1e300)]).toEqual(['refused', 'nonsense', 'nonsense', 'nonsense'])
    stream.hello(NOW)
    expect(beat(0)).toBe('pong')
  })

  test('ready when the user channel is subscribed, refused when it is not', () => {
    const { stream } = openDialect()
    const { news } = newsLines()
    const [beats, user] = stream.hello(NOW).map((text) => JSON.parse(text))
    expect([beats.channel, user.channel, typeof user.jwt]).toEqual(['heartbeats', 'user', 'string'])
    const told = (sequence: number, subscriptions: object): unknown =>
      stream.onMessage(
        JSON.stringify({ channel: 'subscriptions', sequence_num: sequence, events: [{ subscriptions }] }),
        news,
        NOW,
      )
    expect(told(0, { heartbeats: ['x'] })).toBe('ignored')
    expect(told(1, { heartbeats: ['x'], user: ['me'] })).toBe('ready')
    expect(stream.onMessage('{"type":"error","message":"authentication failure"}', news, NOW)).toBe('refused')
  })
})

describe('with its emulator', () => {
  test('lost answers, repeated messages, a failing REST behind the stream: each fill once, then the end', () => {
    const world = openCoinbase()
    world.update([
      [ASK, 1_000, 100],
      [BID, 990, 10_000],
    ])
    world.pass(50)
    world.faults.dropAnswers(1, 'POST /api/v3/brokerage/orders')
    world.faults.repeatMessages(10)
    world.faults.failAnswers(3, 'GET /api/v3/brokerage/orders/historical')
    world.adapter.place(testOrder(BUY, 1_000, 150, { tif: 'ioc', child: 1 }))
    world.pass(4_000)
    expect(world.reports.map(({ kind, filled, reason }) => [kind, filled, reason])).toEqual([
      ['accepted', 0, 'none'],
      ['fill', 100, 'none'],
      ['expired', 100, 'iocNotFilled'],
    ])
  })

  test('an order filled in parts while it is asked about is told to its last lot', () => {
    const world = openCoinbase()
    world.update([[ASK, 1_100, 100]])
    world.adapter.place(testOrder(BUY, 995, 100, { child: 1 }))
    world.pass(50)
    for (let at = 0; at < 10; at++) {
      world.trade(SELL, 995, 10)
      world.pass(1)
    }
    world.pass(1_500)
    const fills = world.reports.filter(({ kind }) => kind === 'fill')
    expect(fills.map(({ filled }) => filled)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
  })
})
