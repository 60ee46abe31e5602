import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import { binanceRoutes } from '../../../../../hotpath/venues/binance/binance-emulator-routes.ts'
import { Side } from '../../../../../shared/domain/order.ts'
import { EmulatorWorld } from '../emulator/emulator-world.ts'

const limit = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '90' }

describe('signatures and windows', () => {
  test('a good request is answered, with the weight in its headers', () => {
    const { status, headers } = new EmulatorWorld().call('GET', '/api/v3/account')
    expect(status).toBe(200)
    expect(headers['x-mbx-used-weight-1m']).toBe('20')
  })

  test.each([
    ['no key', '', 'timestamp=NOW&signature=00', 401, -2014],
    ['an unknown key', 'b'.repeat(64), 'timestamp=NOW&signature=00', 401, -2015],
    ['a wrong signature', 'a'.repeat(64), 'timestamp=NOW&signature=00', 400, -1022],
    ['no timestamp', 'a'.repeat(64), 'signature=00', 400, -1102],
    ['too late', 'a'.repeat(64), 'timestamp=1&signature=00', 400, -1021],
    ['too early', 'a'.repeat(64), 'timestamp=1800000000000&signature=00', 400, -1021],
  ])('%s', (_, key, query, status, code) => {
    const world = new EmulatorWorld()
    const answer = world.send('GET', `/api/v3/account?${query.replace('NOW', world.nowMs.toString())}`, key)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  test('an Ed25519 key signs too, and only with its own private key', () => {
    const pair = generateKeyPairSync('ed25519')
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const world = new EmulatorWorld({ key: { apiKey: 'e'.repeat(64), secret: '', passphrase: '', publicKey } })
    const query = `timestamp=${world.nowMs}`
    const target = (key: typeof pair.privateKey): string =>
      `/api/v3/account?${query}&signature=${encodeURIComponent(sign(null, Buffer.from(query), key).toString('base64'))}`
    expect(world.send('GET', target(pair.privateKey)).status).toBe(200)
    expect(world.send('GET', target(generateKeyPairSync('ed25519').privateKey)).body.code).toBe(-1022)
  })

  test('weights run out with 429 and come back with the next minute', () => {
    const world = new EmulatorWorld({ limitScale: 0.01 })
    const answers = Array.from({ length: 4 }, () => world.call('GET', '/api/v3/account'))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(answers[3].body.code).toBe(-1003)
    expect(Number(answers[3].headers['retry-after'])).toBeGreaterThan(0)
    world.pass(60_000)
    expect(world.call('GET', '/api/v3/account').status).toBe(200)
  })

  test('orders are counted apart', () => {
    const world = new EmulatorWorld({ limitScale: 0.02 })
    const answers = Array.from({ length: 3 }, () => world.call('POST', '/api/v3/order', limit))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
    expect(answers[1].headers['x-mbx-order-count-10s']).toBe('2')
    expect(answers[2].body.code).toBe(-1015)
  })
})

describe('orders in Binance words', () => {
  test.each([
    [{ quantity: '0.0015' }, -1013, 'Filter failure: LOT_SIZE'],
    [{ price: '90.005' }, -1013, 'Filter failure: PRICE_FILTER'],
    [{ price: '90.000000001' }, -1111, 'Parameter has too much precision.'],
    [{ quantity: '0.001', price: '10' }, -1013, 'Filter failure: NOTIONAL'],
    [{ quantity: '99', price: '101' }, undefined, undefined],
    [{ quantity: '-1' }, -1100, undefined],
    [{ symbol: 'NOPE' }, -1121, 'Invalid symbol.'],
    [{ side: 'HOLD' }, -1117, undefined],
    [{ newClientOrderId: 'ä' }, -1100, undefined],
  ])('%o', (more, code, msg) => {
    const { body } = new EmulatorWorld().call('POST', '/api/v3/order', { ...limit, ...more })
    expect(body.code).toBe(code)
    if (msg !== undefined) expect(body.msg).toBe(msg)
  })

  test('a filled order tells its fills; my trades tell them again', () => {
    const world = new EmulatorWorld()
    const { body } = world.call('POST', '/api/v3/order', { ...limit, price: '101', newOrderRespType: 'FULL' })
    expect(body).toMatchObject({
      status: 'FILLED',
      executedQty: '0.10000000',
      cummulativeQuoteQty: '10.10000000',
      fills: [{ price: '101.00000000', qty: '0.10000000', commission: '0.00010000', commissionAsset: 'BTC' }],
    })
    const trades = world.call('GET', '/api/v3/myTrades', { symbol: 'BTCUSDT', fromId: String(body.fills[0].tradeId) })
    expect(trades.body).toMatchObject([{ id: body.fills[0].tradeId, orderId: body.orderId, isMaker: false }])
  })

  test('cancel-replace tells which half failed', () => {
    const world = new EmulatorWorld()
    const ask = { ...limit, cancelReplaceMode: 'ALLOW_FAILURE', cancelOrigClientOrderId: 'nobody' }
    const half = world.call('POST', '/api/v3/order/cancelReplace', ask)
    expect(half.status).toBe(409)
    expect(half.body).toMatchObject({ code: -2021, data: { cancelResult: 'FAILURE', newOrderResult: 'SUCCESS' } })
    const stopped = world.call('POST', '/api/v3/order/cancelReplace', { ...ask, cancelReplaceMode: 'STOP_ON_FAILURE' })
    expect(stopped.body).toMatchObject({
      code: -2022,
      data: { newOrderResult: 'NOT_ATTEMPTED', newOrderResponse: null },
    })
  })
})

describe('streams', () => {
  test('a listen key tells executions and balances', () => {
    const world = new EmulatorWorld()
    const { listenKey } = world.send('POST', '/api/v3/userDataStream').body
    const { heard } = world.connect(`/ws/${listenKey}`)
    const { body } = world.call('POST', '/api/v3/order', { ...limit, newClientOrderId: 's0001000000a001' })
    world.call('DELETE', '/api/v3/order', { symbol: 'BTCUSDT', orderId: String(body.orderId), newClientOrderId: 'bye' })
    expect(heard).toMatchObject([
      { e: 'executionReport', x: 'NEW', c: 's0001000000a001', C: '', i: body.orderId, t: -1 },
      { e: 'outboundAccountPosition', B: [{ a: 'BTC' }, { a: 'USDT', l: '9.00000000' }] },
      { e: 'executionReport', x: 'CANCELED', c: 'bye', C: 's0001000000a001' },
      { e: 'outboundAccountPosition', B: [{ a: 'BTC' }, { a: 'USDT', l: '0.00000000' }] },
    ])
  })

  test('combined streams: differences every 100 ms, quotes and trades as they happen; faults skip and repeat', () => {
    const world = new EmulatorWorld()
    const { heard } = world.connect('/stream?streams=btcusdt@depth@100ms/btcusdt@trade')
    world.market.level(BookSide.ask, 10_100, 40_000)
    world.market.trade(Side.buy, 10_100, 10_000)
    world.pass(100)
    expect(heard.map((one) => one['stream'])).toEqual(['btcusdt@trade', 'btcusdt@depth@100ms'])
    const first = heard[1]['data'] as Record<string, number>
    expect(first).toMatchObject({ e: 'depthUpdate', b: [], a: [['101.00000000', '4.00000000']] })
    world.faults.skipDiffs(1)
    world.market.level(BookSide.ask, 10_100, 30_000)
    world.pass(100)
    expect(heard).toHaveLength(2)
    world.faults.repeatMessages(1)
    world.market.level(BookSide.ask, 10_100, 20_000)
    world.pass(100)
    expect(heard).toHaveLength(4)
    expect(heard[2]).toEqual(heard[3])
    expect((heard[2]['data'] as Record<string, number>)['U']).toBeGreaterThan(first['u'] + 1)
  })

  test('nonsense on a socket is answered with an error', () => {
    const { conversation, heard } = new EmulatorWorld().connect('/ws')
    for (const text of ['', '{', 'null', '[1]', '{"method":7}', '{"method":"SUBSCRIBE","params":[{}],"id":{}}']) {
      conversation?.onMessage(text)
    }
    expect(heard.filter((one) => 'error' in one)).toHaveLength(5)
  })
})

describe('the WebSocket API', () => {
  test('a signed subscription tells the account; orders go the same way', () => {
    const world = new EmulatorWorld()
    const { heard, say, conversation } = world.connect('/ws-api/v3')
    const signed = (params: Record<string, string>): object => {
      const all: Record<string, string> = { ...params, apiKey: world.key.apiKey, timestamp: String(world.nowMs) }
      const names = Object.keys(all).sort()
      const payload = names.map((name) => `${name}=${all[name]}`).join('&')
      return { ...all, signature: createHmac('sha256', world.key.secret).update(payload).digest('hex') }
    }
    say({ id: 1, method: 'userDataStream.subscribe.signature', params: signed({}) })
    say({ id: 2, method: 'order.place', params: signed({ ...limit, newClientOrderId: 'ws-1' }) })
    say({
      id: 3,
      method: 'order.place',
      params: { ...limit, apiKey: world.key.apiKey, timestamp: '1', signature: '0' },
    })
    say({ id: 4, method: 'no.such' })
    expect(heard).toMatchObject([
      { id: 1, status: 200, result: { subscriptionId: 0 } },
      { subscriptionId: 0, event: { e: 'executionReport', x: 'NEW', c: 'ws-1' } },
      { subscriptionId: 0, event: { e: 'outboundAccountPosition' } },
      { id: 2, status: 200, result: { status: 'NEW', clientOrderId: 'ws-1' } },
      { id: 3, status: 400, error: { code: -1021 } },
      { id: 4, status: 404 },
    ])
    conversation?.onClose()
    world.call('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' })
    expect(heard).toHaveLength(6)
  })
})

test('whatever is asked is answered in JSON, and the money stays whole', () => {
  const names = [
    'symbol',
    'side',
    'type',
    'timeInForce',
    'quantity',
    'price',
    'quoteOrderQty',
    'orderId',
    'fromId',
    'limit',
  ]
  const words = [
    'BTCUSDT',
    'BUY',
    'SELL',
    'LIMIT',
    'MARKET',
    'LIMIT_MAKER',
    'IOC',
    'FOK',
    'GTC',
    '0.1',
    '101',
    '99',
    '1e9',
    '-5',
    '',
  ]
  const value = fc.oneof(
    fc.constantFrom(...words),
    fc.string(),
    fc.constantFrom('__proto__', '9'.repeat(400), '0.00000001'),
  )
  const good = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET' }
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...binanceRoutes.keys()), fc.dictionary(fc.constantFrom(...names), value)), {
        maxLength: 12,
      }),
      (calls) => {
        const world = new EmulatorWorld()
        for (const [route, params] of calls) {
          const [method, path] = route.split(' ')
          const { status } = world.call(method, path, { ...good, ...params })
          expect([200, 400, 404, 409, 429]).toContain(status)
        }
        world.emulator.exchange.assertConserved()
      },
    ),
    { numRuns: 150 },
  )
})
