/** OKX's dialect on its own words: requests as documented, answers and refusals; samples are skipped when absent. */
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { VenueRequest } from '../../../../../hotpath/venues/door/venue-doors.ts'
import type { OrderName, VenueOrder, VenueSymbol } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { outcomeOf } from '../../../../../hotpath/venues/okx/okx-errors.ts'
import { OkxOrders } from '../../../../../hotpath/venues/okx/okx-orders.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'
import { ASK, BID, BUY, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { newsLines } from '../native/news-lines.ts'
import { answered, testSymbol } from '../native/scripted-venue.ts'
import { okxKey, openOkx } from './okx-world.ts'

const SAMPLES = join(resolve(process.env['SOR_DATA'] ?? '../shared/data'), 'exchange-api-messages/okx')
const NOW = 1_700_000_000_123
const ISO = '2023-11-14T22:13:20.123Z'
const CLIENT_ID = 's00010000001001'
const keys = { key: okxKey.apiKey, secret: okxKey.secret, passphrase: okxKey.passphrase, privateKey: '' }
const symbol: VenueSymbol = { ...testSymbol, name: 'BTC-USDT' }

function order(change: Partial<VenueOrder> = {}): VenueOrder {
  return {
    symbol,
    clientId: CLIENT_ID,
    side: 'buy',
    timeInForce: 'ioc',
    postOnly: false,
    price: '1000.05',
    quantity: '1.5',
    deadlineMs: NOW + 800,
    ...change,
  }
}

const name: OrderName = { symbol, clientId: CLIENT_ID, venueId: '' }
const success = (...data: object[]) => answered(200, { code: '0', msg: '', data })
const rowAnswer = (sCode: string, sMsg = '') => answered(200, { code: '1', msg: '', data: [{ sCode, sMsg }] })

/** As the docs say: Base64(HMAC-SHA256(timestamp + method + path with query + body)). */
function expectSigned({ method, url, headers, body }: VenueRequest): void {
  const path = url.slice('https://www.okx.com'.length)
  const sign = createHmac('sha256', okxKey.secret).update(ISO + method + path + body)
  expect(headers).toMatchObject({
    'ok-access-key': okxKey.apiKey,
    'ok-access-passphrase': okxKey.passphrase,
    'ok-access-timestamp': ISO,
    'ok-access-sign': sign.digest('base64'),
  })
}

describe('requests', () => {
  test('an order: every word, signed as it is sent, dropped by OKX after its deadline', () => {
    const request = new OkxOrders(keys).place(order(), NOW)
    expect([request.method, request.url]).toEqual(['POST', 'https://www.okx.com/api/v5/trade/order'])
    expect(JSON.parse(request.body)).toEqual({
      instId: 'BTC-USDT',
      tdMode: 'cash',
      clOrdId: CLIENT_ID,
      side: 'buy',
      ordType: 'ioc',
      px: '1000.05',
      sz: '1.5',
      stpMode: 'cancel_taker',
    })
    expect(request.headers).toMatchObject({ 'content-type': 'application/json', exptime: `${NOW + 800}` })
    expectSigned(request)
  })

  test.each([
    ['gtc', false, 'limit'],
    ['fok', false, 'fok'],
    ['gtc', true, 'post_only'],
  ] as const)('%s, post-only %s is %s', (timeInForce, postOnly, type) => {
    const { body, headers } = new OkxOrders(keys).place(order({ timeInForce, postOnly, deadlineMs: 0 }), NOW)
    expect(JSON.parse(body).ordType).toBe(type)
    expect(headers['exptime']).toBe(`${NOW + 5_000}`)
  })

  test('questions are signed with their query; a name is escaped', () => {
    const dialect = new OkxOrders(keys)
    const strange = { ...symbol, name: '币-USDT"' }
    for (const request of [
      ...dialect.query({ ...name, venueId: '7&x=1', symbol: strange }, NOW),
      ...dialect.openOrders([symbol], NOW),
      ...dialect.fillsSince([symbol], NOW - 1_000, NOW),
      ...dialect.balances([], NOW),
      ...dialect.fees([symbol], NOW),
      dialect.cancel({ ...name, venueId: '"' }, NOW),
    ]) {
      expectSigned(request)
      if (request.body !== '') JSON.parse(request.body)
    }
    expect(dialect.query({ ...name, symbol: strange }, NOW)[0].url).toContain('instId=%E5%B8%81-USDT%22&')
  })

  test('keys without a passphrase are refused at once', () => {
    expect(() => new OkxOrders({ ...keys, passphrase: '' })).toThrow('passphrase')
  })

  test('cancel all: batches of twenty of what is not known to be ended', () => {
    const dialect = new OkxOrders(keys)
    const { news } = newsLines()
    const ids = Array.from({ length: 23 }, (_, at) => `s000100000010${(at + 10).toString(36).padStart(2, '0')}`)
    for (const clientId of ids) dialect.place(order({ clientId }), NOW)
    const refused = rowAnswer('51008')
    dialect.onPlaced(refused, order({ clientId: ids[0] }), news)
    const ended = { instId: 'BTC-USDT', ordId: '9', clOrdId: ids[1], state: 'filled' }
    dialect.stream.onMessage(JSON.stringify({ arg: { channel: 'orders' }, data: [ended] }), news, NOW)
    const batches = dialect.cancelAll([symbol], NOW).map(({ body }) => JSON.parse(body) as { clOrdId: string }[])
    expect(batches.map((rows) => rows.length)).toEqual([20, 1])
    expect(batches.flat().map(({ clOrdId }) => clOrdId)).toEqual(ids.slice(2))
    expect(dialect.cancelAll([{ ...symbol, name: 'ETH-USDT' }], NOW)).toEqual([])
    const [gone, going, odd] = [ids[2], ids[3], ids[4]]
    const rows = [
      { clOrdId: gone, sCode: '51400', sMsg: '' },
      { clOrdId: going, sCode: '0', sMsg: '' },
      { clOrdId: odd, sCode: '50026', sMsg: '' },
    ]
    const answer = answered(200, { code: '2', msg: '', data: rows })
    expect(dialect.onAllCanceled(answer).kind).toBe('unknown')
    const left = dialect.cancelAll([symbol], NOW).flatMap(({ body }) => JSON.parse(body) as { clOrdId: string }[])
    expect(left.map(({ clOrdId }) => clOrdId)).toEqual(ids.slice(3))
  })
})

describe('refusals', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['51008', 'Order failed. Insufficient balance.', 'insufficientBalance'],
    ['51016', 'Client order ID already exists.', 'duplicateClientOrderId'],
    ['51121', 'Order quantity must be a multiple of the lot size.', 'lotSize'],
    ['51000', 'Parameter px error', 'priceFilter'],
    ['51000', 'Parameter sz error', 'lotSize'],
    ['51000', 'Parameter side error', 'unknown'],
    ['51001', "Instrument ID doesn't exist.", 'unknownSymbol'],
    ['51020', 'Your order should meet or exceed the minimum order amount.', 'minNotional'],
    ['51137', 'The highest price limit for buy orders is 1.', 'priceFilter'],
    ['51400', 'Order cancellation failed.', 'unknownOrder'],
    ['51503', 'Your order has already been filled or canceled.', 'unknownOrder'],
    ['50113', 'Invalid Sign', 'unknown'],
    ['50102', 'Timestamp request expired.', 'outsideReceiveWindow'],
    ['50061', 'Sub-account rate limit.', 'rateLimited'],
  ]
  test.each(rows)('%s %s', (code, msg, reason) => {
    for (const answer of [rowAnswer(code, msg), answered(400, { code, msg, data: [] })]) {
      const outcome = outcomeOf(answer, order())
      expect(outcome.kind === 'refused' ? rejectReasonNames[outcome.reason] : outcome.kind).toBe(reason)
    }
  })

  test('below the minimum: too few or too little, the order tells', () => {
    const outcome = outcomeOf(rowAnswer('51020'), order({ quantity: '0.001' }))
    expect(outcome.kind === 'refused' && rejectReasonNames[outcome.reason]).toBe('minQuantity')
  })

  test.each([
    '50001',
    '50004',
    '50013',
    '50026',
    '51149',
    '',
    '99999',
    '__proto__',
    'constructor',
  ])('%s is no refusal: unknown', (code) => {
    expect(outcomeOf(answered(200, { code, msg: 'x', data: [] })).kind).toBe('unknown')
    expect(outcomeOf(rowAnswer(code === '' ? '7' : code)).kind).toBe('unknown')
  })

  test('429 without words is the rate limit; a page of HTML is nothing', () => {
    expect(outcomeOf(answered(429, '<html>')).kind).toBe('refused')
    expect(outcomeOf(answered(403, '<html>')).kind).toBe('unknown')
  })

  test('an order nobody knows', () => {
    const { news } = newsLines()
    const answer = answered(200, { code: '51603', msg: 'Order does not exist', data: [] })
    expect(new OkxOrders(keys).onQueried([answer], name, news, NOW).kind).toBe('notFound')
  })
})

describe('answers', () => {
  test('taken is accepted, but for post-only: of that the stream decides', () => {
    const dialect = new OkxOrders(keys)
    const { news, lines } = newsLines()
    const answer = success({ clOrdId: CLIENT_ID, ordId: '312269865356374016', sCode: '0', sMsg: '', ts: `${NOW}` })
    expect(dialect.onPlaced(answer, order({ postOnly: true }), news).kind).toBe('done')
    expect(lines).toEqual([])
    expect(dialect.onPlaced(answer, order(), news).kind).toBe('done')
    expect(lines).toEqual([`accepted ${CLIENT_ID} 312269865356374016`])
  })

  test('an answer about another order is no answer', () => {
    const { news } = newsLines()
    const answer = success({ clOrdId: 'other', ordId: '1', sCode: '0' })
    expect(new OkxOrders(keys).onPlaced(answer, order(), news).kind).toBe('unknown')
  })

  test('a cancel under way is done', () => {
    expect(new OkxOrders(keys).onCanceled(rowAnswer('51410')).kind).toBe('done')
  })

  test('fills of a question are asked page by page and told oldest first', () => {
    const dialect = new OkxOrders(keys)
    const { news, lines } = newsLines()
    const state = { ordId: '5', clOrdId: CLIENT_ID, instId: 'BTC-USDT', state: 'filled', accFillSz: '102', sz: '102' }
    const fill = (at: number) => ({
      ordId: '5',
      instId: 'BTC-USDT',
      billId: `${at}`,
      tradeId: `${at}`,
      fillPx: '10',
      fillSz: '1',
      fee: '-0.001',
      feeCcy: 'BTC',
      execType: 'T',
    })
    const pages = [success(...range(101, 2).map(fill)), success(...range(1, 0).map(fill))]
    const first = dialect.onQueried([success(state)], name, news, NOW)
    expect(first.kind === 'more' && first.requests[0].url).toContain('ordId=5&limit=100')
    const second = dialect.onQueried([success(state), pages[0]], name, news, NOW)
    expect(second.kind === 'more' && second.requests[0].url).toContain('after=2&limit=100')
    expect(lines).toEqual([])
    expect(dialect.onQueried([success(state), ...pages], name, news, NOW).kind).toBe('done')
    expect(lines.length).toBe(103)
    expect(lines.slice(0, 2)).toEqual(['fill 0 1@10 fee 0.001 BTC taker', 'fill 1 1@10 fee 0.001 BTC taker'])
    expect(lines[102]).toBe(`status ${CLIENT_ID} ended 102`)
  })

  test('the next page of fills begins where the first one did', () => {
    const dialect = new OkxOrders(keys)
    const { news } = newsLines()
    const [first] = dialect.fillsSince([symbol], NOW - 5_000.5, NOW)
    expect(first.url).toContain(`begin=${NOW - 5_001}&limit=100`)
    const rows = range(200, 101).map((at) => ({ ordId: '5', instId: 'BTC-USDT', billId: `${at}`, tradeId: `${at}` }))
    const { outcome, more } = dialect.onFills(success(...rows), news, NOW)
    expect([outcome.kind, more?.url]).toEqual(['done', expect.stringContaining(`begin=${NOW - 5_001}&after=101&`)])
  })

  test('rates by fee group: a charge is negative at OKX, and rounded up', () => {
    const dialect = new OkxOrders(keys)
    const listing = { instType: 'SPOT', baseCcy: 'BTC', quoteCcy: 'USDT', tickSz: '0.1', lotSz: '0.001', state: 'live' }
    dialect.onListings([
      success({ ...listing, instId: 'BTC-USDT', groupId: '1' }, { ...listing, instId: 'BTC-EUR', groupId: '2' }),
    ])
    const groups = [
      { groupId: '1', maker: '-0.0008', taker: '-0.0010001' },
      { groupId: '2', maker: '0.00005', taker: '-0.002' },
    ]
    const rates = dialect.onFees([success({ maker: '-0.1', taker: '-0.1', feeGroup: groups })])
    expect(rates.get('BTC-USDT')).toEqual({ makerPpm: 800, takerPpm: 1_001 })
    expect(rates.get('BTC-EUR')).toEqual({ makerPpm: -50, takerPpm: 2_000 })
    expect(dialect.onFees([success({ maker: '-0.001', taker: '-0.002' })]).get('BTC-EUR')?.takerPpm).toBe(2_000)
  })
})

describe('the stream', () => {
  const say = (message: unknown) => {
    const { news, lines } = newsLines()
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    return { said: new OkxOrders(keys).stream.onMessage(text, news, NOW), lines }
  }
  const row = { instId: 'BTC-USDT', ordId: '7', clOrdId: CLIENT_ID, accFillSz: '0', px: '99', sz: '2', uTime: `${NOW}` }
  const orders = (change: object) => say({ arg: { channel: 'orders' }, data: [{ ...row, ...change }] })

  test('logs in with seconds, then asks for the account and its orders', () => {
    const { stream } = new OkxOrders(keys)
    const { op, args } = JSON.parse(stream.hello(NOW)[0])
    expect(op).toBe('login')
    expect(args).toEqual([
      {
        apiKey: okxKey.apiKey,
        passphrase: okxKey.passphrase,
        timestamp: '1700000000',
        sign: createHmac('sha256', okxKey.secret).update('1700000000GET/users/self/verify').digest('base64'),
      },
    ])
    expect(say({ event: 'login', code: '0' }).said).toBe('loggedIn')
    expect(say({ event: 'login', code: '60009' }).said).toBe('refused')
    expect(say({ event: 'subscribe', arg: { channel: 'account' } }).said).toBe('ignored')
    expect(say({ event: 'subscribe', arg: { channel: 'orders' } }).said).toBe('ready')
    expect(say({ event: 'error', code: '60018' }).said).toBe('refused')
    expect(say({ event: 'notice', code: '64008' }).said).toBe('refused')
    expect(say('pong').said).toBe('pong')
  })

  test.each([
    ['1', 'canceled', 'userCancel'],
    ['20', 'canceled', 'userCancel'],
    ['13', 'expired', 'fokNotFillable'],
    ['14', 'expired', 'iocNotFilled'],
    ['31', 'rejected', 'postOnlyWouldTake'],
    ['32', 'expired', 'selfTrade'],
    ['0', 'canceled', 'unknown'],
    ['__proto__', 'canceled', 'unknown'],
  ])('cancelSource %s is %s: %s', (cancelSource, how, reason) => {
    expect(orders({ state: 'canceled', cancelSource }).lines).toEqual([`${how} ${CLIENT_ID} ${reason} 0`])
  })

  test('a fill comes after its acceptance; a rebate is a negative fee', () => {
    const fill = { state: 'filled', accFillSz: '2', fillSz: '2', fillPx: '99', tradeId: '8', execType: 'M' }
    const { lines } = orders({ ...fill, fillFee: '0.01', fillFeeCcy: 'USDT' })
    expect(lines).toEqual([`accepted ${CLIENT_ID} 7`, 'fill 8 2@99 fee -0.01 USDT maker'])
  })

  test('an amendment tells the terms as they are, also when it failed', () => {
    expect(orders({ state: 'live', amendResult: '0' }).lines[1]).toBe('replaced 7 2@99')
    expect(orders({ state: 'live', amendResult: '-1' }).lines[1]).toBe('replaced 7 2@99')
    expect(orders({ state: 'canceled', amendResult: '1', cancelSource: '1' }).lines).toEqual([
      'replaced 7 2@99',
      `canceled ${CLIENT_ID} userCancel 0`,
    ])
  })

  test('balances as they change; those at the beginning are asked for otherwise', () => {
    const data = [{ details: [{ ccy: 'BTC', availBal: '1.5' }, { ccy: 'ETH' }] }]
    expect(say({ arg: { channel: 'account' }, data }).lines).toEqual(['balance BTC 1.5', 'balance ETH '])
    expect(say({ arg: { channel: 'account' }, eventType: 'snapshot', data }).lines).toEqual([])
  })

  test('whatever comes is read without a throw', () => {
    const words = fc.oneof(
      fc.constantFrom<unknown>('live', 'canceled', 'filled', '1e999', '-', null, [], 7),
      fc.string(),
    )
    const hostile = fc.dictionary(
      fc.constantFrom(
        'ordId',
        'clOrdId',
        'instId',
        'state',
        'fillSz',
        'tradeId',
        'fillFee',
        'cancelSource',
        '__proto__',
      ),
      words,
    )
    fc.assert(
      fc.property(
        fc.constantFrom('orders', 'account', 'x'),
        fc.array(fc.oneof(hostile, fc.anything())),
        (channel, data) => {
          const { said } = say({ arg: { channel }, data })
          expect(['news', 'nonsense']).toContain(said)
        },
      ),
    )
    for (const text of ['', '{', 'null', '[]', '7', '{"event":7}', '{"event":"new"}', '{"arg":{"channel":"orders"}}']) {
      expect(say(text).said).toBe('nonsense')
    }
  })
})

describe('adapter and emulator together', () => {
  const openWithBook = () => {
    const world = openOkx()
    world.update([
      [ASK, 1000, 100],
      [BID, 990, 100],
    ])
    world.pass(world.settleMs)
    return world
  }

  test('an answer that is lost is not a refusal: the stream told all', () => {
    const world = openWithBook()
    world.faults.dropAnswers(1, 'POST /api/v5/trade/order')
    world.adapter.place(testOrder(BUY, 1000, 40, { tif: 'ioc' }))
    world.pass(6_000)
    const told = world.reports.filter(({ kind }) => kind !== 'balance')
    expect(told.map(({ kind, filled }) => [kind, filled])).toEqual([
      ['accepted', 0],
      ['fill', 40],
    ])
    expect(told[1]).toMatchObject({ feeInBase: true, fee: 400 })
  })

  test('messages that come twice are told once', () => {
    const world = openWithBook()
    world.faults.repeatMessages(100)
    world.adapter.place(testOrder(BUY, 1000, 150, { tif: 'ioc' }))
    world.pass(world.settleMs)
    expect(world.reports.map(({ kind }) => kind)).toEqual(['accepted', 'fill', 'expired'])
  })

  test('a refused amendment leaves the order as it was, and it can be canceled', () => {
    const world = openWithBook()
    world.adapter.place(testOrder(BUY, 990, 40))
    world.pass(world.settleMs)
    world.adapter.replace(testOrder(BUY, 2_000_000_000, 100_000))
    world.pass(world.settleMs)
    expect(world.reports[1]).toMatchObject({ kind: 'replaceRejected', reason: 'insufficientBalance' })
    world.adapter.cancel(1, 1, 1)
    world.pass(world.settleMs)
    expect(world.reports[2]).toMatchObject({ kind: 'canceled', lots: 40 })
  })
})

describe.skipIf(!existsSync(SAMPLES))('real and documented samples (skipped when SOR_DATA is absent)', () => {
  const text = (path: string) => readFileSync(join(SAMPLES, path), 'utf8')
  const say = (path: string) => {
    const { news, lines } = newsLines()
    return { said: new OkxOrders(keys).stream.onMessage(text(path), news, NOW), lines }
  }

  test('orders: IOC in part, FOK, ADL; a fill without its own fee is told without one', () => {
    expect(say('ws_orders_ioc.json').lines).toEqual([
      'accepted IOC-TEST-001 2497956918703120386',
      'fill 1518905531 0.02@50100.5 fee   taker',
    ])
    expect(say('ws_orders_fok.json').lines[1]).toBe('fill 1518905530 0.05@50000.0 fee   taker')
    expect(say('ws_orders_adl.json').said).toBe('news')
    expect(say('ws_orders_liquidation.json').said).toBe('news')
  })

  test('balances, also of nothing', () => {
    expect(say('ws_account.json').lines).toEqual([
      'balance USDT 100.52768569797846',
      'balance BTC 0.0000000051',
      'balance ETH 0.000000185',
    ])
    expect(say('ws_account_empty.json')).toEqual({ said: 'news', lines: [] })
  })

  test('answers to questions', () => {
    const dialect = new OkxOrders(keys)
    const { news, lines } = newsLines()
    const sample = (path: string) => answered(200, text(path))
    expect(dialect.onOpenOrders([sample('http_get_orders_pending.json')], news).kind).toBe('done')
    expect(dialect.onBalances([sample('http_get_account_balance.json')], news).kind).toBe('done')
    expect(lines).toEqual(['status client-order-1 open 0', 'balance USDT 94.42612990333333'])
    const listed = dialect.onListings([sample('http_get_instruments_spot.json')])
    expect(listed.find((one) => one.name === 'BTC-USD')).toMatchObject({ tickSize: '0.1', quantityMin: '0.00001' })
    const rates = dialect.onFees([sample('http_get_trade_fee_response.json')])
    expect(rates.get('BTC-USD')).toEqual({ makerPpm: 800, takerPpm: 1_000 })
  })
})

/** Whole numbers from `first` down to `last`. */
function range(first: number, last: number): number[] {
  return Array.from({ length: first - last + 1 }, (_, at) => first - at)
}
