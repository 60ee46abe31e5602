/** Deribit's emulator in its own words, and its books through our decoder. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deribitRoutes } from '../../../../../hotpath/venues/deribit/deribit-emulator-routes.ts'
import { deribit } from '../../../../../hotpath/venues/deribit/deribit-feed.ts'
import { DeribitOrders } from '../../../../../hotpath/venues/deribit/deribit-orders.ts'
import { Credentials } from '../../../../../hotpath/venues/native/credentials.ts'
import { ASK, BID, BUY, SELL } from '../../../../conformance/venue-conformance-bench.ts'
import { FeedBench } from '../../../../fixtures/feed-bench.ts'
import { answered } from '../native/scripted-venue.ts'
import { DERIBIT_KEY, type DeribitWorld, openDeribit } from './deribit-world.ts'

const limit = { instrument_name: 'BTC_USDT', amount: '0.1', price: '9', type: 'limit' }
let nonces = 0

function openWithBook(burst?: number, lines?: string[]): DeribitWorld {
  const world = openDeribit(burst, lines)
  world.update([
    [ASK, 1000, 1_000],
    [ASK, 1005, 1_000],
    [BID, 990, 1_000],
    [BID, 985, 1_000],
  ])
  world.pass(100)
  return world
}

function authorization(world: DeribitWorld, method: string, target: string, body = '', ms = world.emulator.nowMs) {
  const nonce = `n${nonces++}`
  const text = `${ms}\n${nonce}\n${method}\n${target}\n${body}\n`
  const signature = createHmac('sha256', DERIBIT_KEY.secret).update(text).digest('hex')
  return `deri-hmac-sha256 id=${DERIBIT_KEY.apiKey}, ts=${ms}, sig=${signature}, nonce=${nonce}`
}

function send(world: DeribitWorld, target: string, header: string, method = 'GET', body = '') {
  const answer = world.emulator.request({ method, target, headers: { authorization: header }, body })
  return { status: answer.status, body: JSON.parse(answer.body) }
}

/** A signed GET. */
function call(world: DeribitWorld, method: string, params: Record<string, string> = {}) {
  const query = new URLSearchParams(params).toString()
  const target = `/api/v2/${method}${query === '' ? '' : `?${query}`}`
  return send(world, target, authorization(world, 'GET', target))
}

function connect(world: DeribitWorld) {
  const heard: Record<string, unknown>[] = []
  const state = { isClosed: false }
  const peer = {
    send: (text: string) => heard.push(JSON.parse(text)),
    sendBinary: () => undefined,
    close: () => {
      state.isClosed = true
    },
  }
  const conversation = world.emulator.connect('/ws/api/v2', peer)
  let id = 0
  const say = (method: string, params: object = {}) => {
    conversation?.onMessage(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }))
    return heard.find((message) => message['id'] === id) ?? {}
  }
  const login = () =>
    say('public/auth', { grant_type: 'client_credentials', client_id: 'AMANDA', client_secret: DERIBIT_KEY.secret })
  /** Notifications: channel and data. */
  const news = () =>
    heard.flatMap(({ params }) => (params === undefined ? [] : [params as { channel: string; data: unknown }]))
  return { heard, say, login, news, state, conversation }
}

describe('signatures', () => {
  test('a signed request is answered; again, or changed, or late, it is not', () => {
    const world = openDeribit()
    const target = '/api/v2/private/get_open_orders'
    const header = authorization(world, 'GET', target)
    expect(send(world, target, header).status).toBe(200)
    expect(send(world, target, header)).toMatchObject({ status: 400, body: { error: { code: 13009 } } })
    const other = authorization(world, 'GET', target)
    expect(send(world, `${target}?currency=BTC`, other).body.error.code).toBe(13009)
    for (const ms of [world.emulator.nowMs - 60_001, world.emulator.nowMs + 60_001]) {
      expect(send(world, target, authorization(world, 'GET', target, '', ms)).body.error.code).toBe(13009)
    }
    expect(send(world, target, '').body.error.code).toBe(13009)
    expect(send(world, target, header.replace('AMANDA', 'NOBODY')).body.error.code).toBe(13004)
  })

  test('a POST signs its body', () => {
    const world = openDeribit()
    const target = '/api/v2/private/buy'
    const body = JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'private/buy', params: { ...limit, label: 'p' } })
    const answer = send(world, target, authorization(world, 'POST', target, body), 'POST', body)
    expect(answer).toMatchObject({ status: 200, body: { id: 5, result: { order: { label: 'p' } } } })
    const changed = body.replace('0.1', '0.2')
    expect(send(world, target, authorization(world, 'POST', target, body), 'POST', changed).body.error.code).toBe(13009)
    expect(send(world, target, '', 'POST', '{').body.error.code).toBe(-32700)
  })

  test('a login by signature, once; the documented one is too old by years', () => {
    const world = openDeribit()
    const { say } = connect(world)
    const ms = world.emulator.nowMs
    const signature = createHmac('sha256', DERIBIT_KEY.secret).update(`${ms}\nabc\n`).digest('hex')
    const params = {
      grant_type: 'client_signature',
      client_id: 'AMANDA',
      timestamp: ms,
      nonce: 'abc',
      data: '',
      signature,
    }
    expect(say('private/get_open_orders')).toMatchObject({ error: { code: 13009 } })
    expect(say('public/auth', params)).toMatchObject({ result: { token_type: 'bearer' } })
    expect(say('private/get_open_orders')).toMatchObject({ result: [] })
    expect(say('public/auth', params)).toMatchObject({ error: { code: 13009 } })
    const old = '56590594f97921b09b18f166befe0d1319b198bbcdad7ca73382de2f88fe9aa1'
    const documented = { ...params, timestamp: 1_576_074_319_000, nonce: '1iqt2wls', signature: old }
    expect(say('public/auth', documented)).toMatchObject({ error: { code: 13009 } })
    expect(say('public/auth', { grant_type: 'password' })).toMatchObject({ error: { code: -32602 } })
  })
})

describe('orders in Deribit words', () => {
  test.each([
    [{ price: '9.01' }, 10043],
    [{ price: '9.001' }, 10043],
    [{ amount: '0.0025' }, 10021],
    [{ amount: '0.001' }, 10002],
    [{ amount: '10.001' }, 11022],
    [{ amount: '0.002', price: '0.05' }, 10032],
    [{ amount: '-1' }, -32602],
    [{ amount: 'x' }, -32602],
    [{ instrument_name: 'NOPE' }, 13020],
    [{ label: 'x'.repeat(65) }, -32602],
    [{ time_in_force: 'good_til_day' }, -32602],
    [{ post_only: 'true', time_in_force: 'fill_or_kill' }, 11055],
    [{ reject_post_only: 'true' }, -32602],
    [{ post_only: 'true', reject_post_only: 'true', price: '10' }, 11054],
    [{ valid_until: '1' }, 13888],
  ])('%o is refused: %d', (more, code) => {
    const { status, body } = call(openWithBook(), 'private/buy', { ...limit, ...more })
    expect([status, body.error?.code]).toEqual([400, code])
  })

  test('an order with its trades; the trades again by order and by instrument', () => {
    const world = openWithBook()
    const { body } = call(world, 'private/buy', { ...limit, price: '10.05', amount: '0.15', label: 'a' })
    expect(body.result.order).toMatchObject({ order_state: 'filled', filled_amount: 0.15, average_price: 10.01666666 })
    expect(body.result.trades.map((trade: { amount: number; price: number }) => [trade.amount, trade.price])).toEqual([
      [0.1, 10],
      [0.05, 10.05],
    ])
    const { order_id } = body.result.order
    expect(call(world, 'private/get_user_trades_by_order', { order_id }).body.result).toEqual(body.result.trades)
    const page = (more: object) =>
      call(world, 'private/get_user_trades_by_instrument', { instrument_name: 'BTC_USDT', sorting: 'asc', ...more })
    const first = page({ count: '1' }).body.result
    expect(first).toMatchObject({ has_more: true, trades: [{ amount: 0.1, label: 'a', liquidity: 'T' }] })
    const next = page({ start_seq: `${first.trades[0].trade_seq + 1}` }).body.result
    expect(next).toMatchObject({ has_more: false, trades: [{ amount: 0.05 }] })
    expect(page({ historical: 'true' }).body.result.trades).toEqual([])
    expect(page({ count: '1001' }).body.error.code).toBe(-32602)
  })

  test('post-only that may be moved goes just behind the spread', () => {
    const world = openWithBook()
    const { body } = call(world, 'private/buy', { ...limit, price: '12', post_only: 'true' })
    expect(body.result.order).toMatchObject({ order_state: 'open', price: 9.95 })
  })

  test('an edit that would take cancels an order that must not', () => {
    const world = openWithBook()
    const asked = { ...limit, post_only: 'true', reject_post_only: 'true', label: 'e' }
    const { order_id } = call(world, 'private/buy', asked).body.result.order
    const edited = call(world, 'private/edit', { order_id, amount: '0.1', price: '10' })
    expect(edited.body.error.code).toBe(11054)
    const state = call(world, 'private/get_order_state', { order_id }).body.result
    expect(state).toMatchObject({ order_state: 'cancelled', cancel_reason: 'edit_post_only_reject' })
    expect(call(world, 'private/edit', { order_id, amount: '0.1', price: '9' }).body.error.code).toBe(11044)
  })

  test('labels: edited by one alone, canceled together, with details', () => {
    const world = openWithBook()
    for (let at = 0; at < 2; at++) call(world, 'private/buy', { ...limit, label: 'twin' })
    const terms = { label: 'twin', instrument_name: 'BTC_USDT', amount: '0.2', price: '9' }
    expect(call(world, 'private/edit_by_label', terms).body.error.code).toBe(13032)
    const { result } = call(world, 'private/cancel_by_label', { label: 'twin', detailed: 'true' }).body
    expect(result).toMatchObject([{ instrument_name: 'BTC_USDT', result: [{ label: 'twin' }, { label: 'twin' }] }])
    expect(call(world, 'private/cancel_by_label', { label: 'twin' }).body.result).toBe(0)
    expect(call(world, 'private/edit_by_label', terms).body.error.code).toBe(10004)
  })

  test('self-trades: the taker is rejected as if it never was; or the maker goes', () => {
    const world = openWithBook()
    const { news, say, login } = connect(world)
    login()
    const maker = call(world, 'private/sell', { ...limit, price: '9.95', label: 'maker' }).body.result.order
    say('private/subscribe', { channels: ['user.orders.BTC_USDT.raw'] })
    const cross = { ...limit, price: '9.95', label: 'taker' }
    expect(call(world, 'private/buy', cross).body.error.code).toBe(10003)
    expect(news()).toEqual([])
    const found = call(world, 'private/get_order_state_by_label', { currency: 'BTC', label: 'taker' })
    expect(found.body.result).toEqual([])
    const mode = { mode: 'cancel_maker', extended_to_subaccounts: 'false' }
    expect(call(world, 'private/set_self_trading_config', mode).body.result).toBe('ok')
    expect(call(world, 'private/buy', cross).body.result.order.order_state).toBe('open')
    const state = call(world, 'private/get_order_state', { order_id: maker.order_id }).body.result
    expect(state.order_state).toBe('cancelled')
  })

  test('after a restart an order is found by its label, canceled, and its trades are there', () => {
    const lines: string[] = []
    const first = openWithBook(100, lines)
    call(first, 'private/buy', { ...limit, price: '10', amount: '0.15', label: 'before' })
    const second = openWithBook(100, lines)
    const [found] = call(second, 'private/get_order_state_by_label', { currency: 'USDT', label: 'before' }).body.result
    expect(found).toMatchObject({ order_state: 'cancelled', filled_amount: 0.1, cancel_reason: 'risk_mitigation' })
    const { order_id } = found
    expect(call(second, 'private/get_user_trades_by_order', { order_id }).body.result).toMatchObject([{ amount: 0.1 }])
  })

  test('orders have credits of their own, which come back', () => {
    const world = openWithBook(3)
    const answers = Array.from({ length: 4 }, () => call(world, 'private/buy', limit))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers[3].body.error).toEqual({ code: 10028, message: 'too_many_requests' })
    world.pass(1_200)
    expect(call(world, 'private/buy', limit).status).toBe(200)
  })
})

describe('the socket', () => {
  test('channels of an account: orders, trades, both in one, portfolios; repeated by a fault', () => {
    const world = openWithBook()
    const { say, login, news } = connect(world)
    const channels = [
      'user.changes.any.any.raw',
      'user.orders.spot.BTC.raw',
      'user.orders.BTC_USDT.100ms',
      'user.trades.any.any.raw',
      'user.portfolio.usdt',
    ]
    expect(say('private/subscribe', { channels })).toMatchObject({ error: { code: 13009 } })
    login()
    expect(say('private/subscribe', { channels: [...channels, 'user.nonsense'] })['result']).toEqual(channels)
    world.faults.repeatMessages(1)
    call(world, 'private/buy', { ...limit, price: '10', label: 'n' })
    const told = news().map(({ channel }) => channel)
    expect(told.slice(0, 8).sort()).toEqual([...channels.slice(0, 4), ...channels.slice(0, 4)].sort())
    expect(told.slice(8)).toEqual(['user.portfolio.usdt'])
    const changes = news().find(({ channel }) => channel.startsWith('user.changes'))
    expect(changes?.data).toMatchObject({ orders: [{ label: 'n', order_state: 'filled' }], trades: [{ amount: 0.1 }] })
    say('private/unsubscribe', { channels })
    const before = news().length
    call(world, 'private/buy', limit)
    expect(news().length).toBe(before)
  })

  test('who does not answer the heartbeat is let go', () => {
    const world = openDeribit()
    const [there, gone] = [connect(world), connect(world)]
    for (const { say } of [there, gone]) {
      expect(say('public/set_heartbeat', { interval: 5 })).toMatchObject({ error: { code: -32602 } })
      expect(say('public/set_heartbeat', { interval: 10 })).toMatchObject({ result: 'ok' })
    }
    world.pass(10_500)
    expect(there.heard[there.heard.length - 1]).toMatchObject({ method: 'heartbeat', params: { type: 'test_request' } })
    there.say('public/test')
    world.pass(10_500)
    expect([there.state.isClosed, gone.state.isClosed]).toEqual([false, true])
  })

  test('raw market data needs a login; unknown channels are left out', () => {
    const { say, login, news } = connect(openWithBook())
    const channels = ['book.BTC_USDT.raw', 'book.NOPE.raw', 'nonsense']
    expect(say('public/subscribe', { channels: channels.slice(0, 1) })).toMatchObject({ error: { code: 13778 } })
    login()
    expect(say('public/subscribe', { channels })).toMatchObject({ result: ['book.BTC_USDT.raw'] })
    expect(news()).toMatchObject([{ channel: 'book.BTC_USDT.raw', data: { type: 'snapshot' } }])
  })

  test('nonsense is answered with an error', () => {
    const { conversation, heard } = connect(openDeribit())
    for (const text of [
      '',
      '{',
      'null',
      '[1]',
      '{"method":7}',
      '{"method":"public/subscribe","params":{"channels":7}}',
    ]) {
      conversation?.onMessage(text)
    }
    expect(heard.filter((one) => 'error' in one)).toHaveLength(6)
  })
})

describe('our feed on the emulator', () => {
  test('the books end equal after every change, and a lost change is seen and healed', () => {
    const world = openWithBook()
    const { heard, conversation } = connect(world)
    const bench = new FeedBench(deribit, ['BTC_USDT'])
    let read = 0
    const listen = () => {
      for (; read < heard.length; read++) if (heard[read]['method'] === 'subscription') bench.hear(heard[read])
    }
    for (const text of deribit.connection.subscribe(['BTC_USDT'])) conversation?.onMessage(text)
    const changes = [
      [ASK, 1000, 0],
      [ASK, 1010, 70],
      [BID, 995, 30],
      [BID, 985, 250],
    ] as const
    for (const change of changes) {
      world.update([change])
      world.pass(120)
      listen()
      expect(bench.book('BTC_USDT')).toBe(bookOf(world))
    }
    world.trade(BUY, 1005, 10)
    world.trade(SELL, 995, 20)
    world.pass(120)
    listen()
    expect(bench.trades.map(({ side, price, size }) => [side, price, size])).toEqual([
      ['buy', 10.05, 0.001],
      ['sell', 9.95, 0.002],
    ])
    expect(bench.quotes[bench.quotes.length - 1].best).toEqual([9.95, 0.003, 10.05, 0.1])
    world.faults.skipDiffs(1)
    world.update([[BID, 995, 40]])
    world.pass(120)
    world.update([[BID, 980, 40]])
    world.pass(120)
    listen()
    expect(bench.lost).toEqual(['BTC_USDT gap'])
    for (const text of deribit.connection.resubscribe?.('BTC_USDT') ?? []) conversation?.onMessage(text)
    world.update([[BID, 980, 50]])
    world.pass(120)
    listen()
    expect(bench.book('BTC_USDT')).toBe(bookOf(world))
  })

  test('one list of instruments, read by feed and dialect alike', () => {
    const world = openDeribit()
    const target = '/api/v2/public/get_instruments?currency=any&expired=false'
    const { body } = world.emulator.request({ method: 'GET', target, headers: {}, body: '' })
    const listed = deribit.readListings(`https://www.deribit.com${target}`, body)
    expect(listed).toMatchObject([
      { name: 'BTC_USDT', symbol: 'BTC/USDT', tickSize: '0.05', lotSize: '0.002', makerPpm: 200, takerPpm: 1_000 },
    ])
    const dialect = new DeribitOrders(new Credentials({ key: 'k', secret: 's' }))
    expect(dialect.onListings([answered(200, body)])).toEqual(listed)
    const futures = call(world, 'public/get_instruments', { currency: 'any', kind: 'future' })
    expect(futures.body.result).toEqual([])
  })
})

/** As FeedBench shows it. */
function bookOf({ emulator }: DeribitWorld): string {
  const target = '/api/v2/public/get_order_book?instrument_name=BTC_USDT&depth=100'
  const { bids, asks } = JSON.parse(emulator.request({ method: 'GET', target, headers: {}, body: '' }).body).result
  const show = (levels: [number, number][]) => levels.map(([price, size]) => `${price}x${size}`).join(' ')
  return `${show(bids)} | ${show(asks)}`
}

test('whatever is asked is answered in JSON, and the money stays whole', () => {
  const names = [
    'instrument_name',
    'amount',
    'price',
    'type',
    'label',
    'order_id',
    'currency',
    'count',
    'time_in_force',
  ]
  const words = [
    'BTC_USDT',
    'BTC',
    'limit',
    'market',
    '0.1',
    '10',
    '9',
    '1e9',
    '1e-9',
    '-5',
    '',
    'BTC_USDT-1000001',
    '1',
  ]
  const value = fc.oneof(fc.constantFrom(...words), fc.string(), fc.constantFrom('__proto__', '9'.repeat(400)))
  const good = { instrument_name: 'BTC_USDT', amount: '0.1', type: 'market', currency: 'BTC', label: 'x' }
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...deribitRoutes.keys()), fc.dictionary(fc.constantFrom(...names), value)), {
        maxLength: 12,
      }),
      (calls) => {
        const world = openWithBook()
        for (const [method, params] of calls) {
          const { status, body } = call(world, method, { ...good, ...params })
          expect([200, 400, 429]).toContain(status)
          expect('result' in body).toBe(status === 200)
        }
        world.emulator.exchange.assertConserved()
      },
    ),
    { numRuns: 60 },
  )
})
