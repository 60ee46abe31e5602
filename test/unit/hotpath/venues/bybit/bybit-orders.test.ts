/** Bybit's dialect on its own words: requests as documented, answers and refusals. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outcomeOf } from '../../../../../hotpath/venues/bybit/bybit-errors.ts'
import { BybitOrders } from '../../../../../hotpath/venues/bybit/bybit-orders.ts'
import type { VenueRequest } from '../../../../../hotpath/venues/door/venue-doors.ts'
import type { OrderName, VenueOrder } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'
import { ASK, BID, BUY, testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { newsLines } from '../native/news-lines.ts'
import { answered, testKeys, testSymbol } from '../native/scripted-venue.ts'
import { openBybit } from './bybit-world.ts'

const NOW = 1_700_000_000_123
const CLIENT_ID = 's00010000001001'

function order(change: Partial<VenueOrder> = {}): VenueOrder {
  return {
    symbol: testSymbol,
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

const name: OrderName = { symbol: testSymbol, clientId: CLIENT_ID, venueId: '' }
const success = (result: object) => answered(200, { retCode: 0, retMsg: 'OK', result, retExtInfo: {}, time: NOW })
const refused = (retCode: number | string, status = 200) => answered(status, { retCode, retMsg: 'x', result: {} })

/** As the docs say: hex(HMAC-SHA256(timestamp + key + window + query or body)). */
function expectSigned({ method, url, headers, body }: VenueRequest, windowMs = 5_000): void {
  const payload = method === 'GET' ? (url.split('?', 2)[1] ?? '') : body
  const sign = createHmac('sha256', testKeys.secret).update(`${NOW}${testKeys.key}${windowMs}${payload}`)
  expect(headers).toMatchObject({
    'x-bapi-api-key': testKeys.key,
    'x-bapi-timestamp': `${NOW}`,
    'x-bapi-recv-window': `${windowMs}`,
    'x-bapi-sign': sign.digest('hex'),
  })
}

describe('requests', () => {
  test('an order: every word, signed as it is sent, its window ends at its deadline', () => {
    const request = new BybitOrders(testKeys).place(order(), NOW)
    expect([request.method, request.url]).toEqual(['POST', 'https://api.bybit.com/v5/order/create'])
    expect(JSON.parse(request.body)).toEqual({
      category: 'spot',
      symbol: 'BTCUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '1.5',
      price: '1000.05',
      timeInForce: 'IOC',
      orderLinkId: CLIENT_ID,
      smpType: 'CancelTaker',
    })
    expectSigned(request, 800)
  })

  test.each([
    ['gtc', false, 'GTC'],
    ['fok', false, 'FOK'],
    ['gtc', true, 'PostOnly'],
  ] as const)('%s, post-only %s is %s', (timeInForce, postOnly, word) => {
    const request = new BybitOrders(testKeys).place(order({ timeInForce, postOnly, deadlineMs: 0 }), NOW)
    expect(JSON.parse(request.body).timeInForce).toBe(word)
    expectSigned(request)
  })

  test('a far deadline does not make a window for days', () => {
    expectSigned(new BybitOrders(testKeys).place(order({ deadlineMs: NOW + 900_000 }), NOW), 60_000)
  })

  test('questions are signed with their query; what a venue said is escaped', () => {
    const dialect = new BybitOrders(testKeys)
    for (const request of [
      ...dialect.query({ ...name, venueId: '7&x=1' }, NOW),
      ...dialect.openOrders([testSymbol], NOW),
      ...dialect.fillsSince([testSymbol], NOW - 1_000, NOW),
      ...dialect.balances([], NOW),
      ...dialect.fees([testSymbol], NOW),
      ...dialect.cancelAll([testSymbol], NOW),
      dialect.cancel({ ...name, venueId: '"' }, NOW),
    ]) {
      expectSigned(request)
      if (request.body !== '') JSON.parse(request.body)
    }
    expect(dialect.query({ ...name, venueId: '7&x=1' }, NOW)[0].url).toContain('orderId=7%26x%3D1')
  })

  test('many symbols are asked for, and canceled, at once', () => {
    const dialect = new BybitOrders(testKeys)
    const many = Array.from({ length: 11 }, () => testSymbol)
    expect(dialect.openOrders(many, NOW).length).toBe(1)
    expect(dialect.cancelAll(many, NOW).map(({ body }) => body)).toEqual(['{"category":"spot"}'])
    expect(dialect.cancelAll([testSymbol], NOW).map(({ body }) => body)).toEqual([
      '{"category":"spot","symbol":"BTCUSDT"}',
    ])
  })
})

describe('refusals', () => {
  test.each([
    [170131, 'insufficientBalance'],
    [170141, 'duplicateClientOrderId'],
    [170134, 'priceFilter'],
    [170137, 'lotSize'],
    [170136, 'minQuantity'],
    [170135, 'maxQuantity'],
    [170140, 'minNotional'],
    [170121, 'unknownSymbol'],
    [170213, 'unknownOrder'],
    [170810, 'tooManyOpenOrders'],
    [10002, 'outsideReceiveWindow'],
    [10006, 'rateLimited'],
    [10004, 'unknown'],
    ['10006', 'rateLimited'],
  ])('%s is %s', (code, reason) => {
    const outcome = outcomeOf(refused(code))
    expect(outcome.kind === 'refused' ? rejectReasonNames[outcome.reason] : outcome.kind).toBe(reason)
  })

  test.each([
    10000,
    10016,
    170001,
    170007,
    170146,
    170149,
    99999,
    '',
    '__proto__',
    'constructor',
  ])('%s is no refusal: unknown', (code) => {
    expect(outcomeOf(refused(code)).kind).toBe('unknown')
  })

  test('an answer without a code is never a success', () => {
    for (const body of [{}, { retCode: null }, { retCode: '' }, { retCode: [0] }, [], 'null', '<html>', '']) {
      expect(outcomeOf(answered(200, body)).kind).toBe('unknown')
    }
    expect(outcomeOf(refused(0, 404)).kind).toBe('unknown')
  })

  test('a blocked address was not read', () => {
    for (const status of [403, 429]) expect(outcomeOf(answered(status, 'too frequent')).kind).toBe('refused')
  })
})

describe('answers', () => {
  test('a receipt is no acceptance, and one for another order is none at all', () => {
    const dialect = new BybitOrders(testKeys)
    expect(dialect.onPlaced(success({ orderId: '1', orderLinkId: CLIENT_ID }), order()).kind).toBe('done')
    expect(dialect.onPlaced(success({ orderId: '1', orderLinkId: 'other' }), order()).kind).toBe('unknown')
  })

  test('an order is looked for among the new ones, then the old ones, then given up', () => {
    const dialect = new BybitOrders(testKeys)
    const { news } = newsLines()
    const none = success({ list: [] })
    const first = dialect.onQueried([none], name, news, NOW)
    expect(first.kind === 'more' && first.requests[0].url).toContain('/v5/order/history?')
    expect(dialect.onQueried([none, none], name, news, NOW).kind).toBe('notFound')
    expect(dialect.onQueried([none, refused(10006)], name, news, NOW).kind).toBe('refused')
    expect(dialect.onQueried([refused(10016)], name, news, NOW).kind).toBe('unknown')
  })

  test('fills of a question are asked page by page and told oldest first', () => {
    const dialect = new BybitOrders(testKeys)
    const { news, lines } = newsLines()
    const row = { orderId: '5', orderLinkId: CLIENT_ID, symbol: 'BTCUSDT', orderStatus: 'Cancelled', cumExecQty: '101' }
    const fill = (at: number) => ({
      orderId: '5',
      orderLinkId: CLIENT_ID,
      symbol: 'BTCUSDT',
      execId: `${at}`,
      execPrice: '10',
      execQty: '1',
      execFee: '-0.001',
      feeCurrency: 'USDT',
      isMaker: true,
    })
    const state = success({ list: [row] })
    const none = success({ list: [] })
    const full = success({ list: range(100, 1).map(fill), nextPageCursor: 'a&b' })
    const last = success({ list: [fill(0)], nextPageCursor: 'c' })
    for (const before of [[state], [none, state]]) {
      lines.length = 0
      const first = dialect.onQueried(before, name, news, NOW)
      expect(first.kind === 'more' && first.requests[0].url).toContain('orderId=5&limit=100')
      const second = dialect.onQueried([...before, full], name, news, NOW)
      expect(second.kind === 'more' && second.requests[0].url).toContain('&cursor=a%26b')
      expect(lines).toEqual([])
      expect(dialect.onQueried([...before, full, last], name, news, NOW).kind).toBe('done')
      expect(lines.slice(0, 2)).toEqual(['fill 0 1@10 fee -0.001 USDT maker', 'fill 1 1@10 fee -0.001 USDT maker'])
      expect([lines.length, lines[101]]).toEqual([102, `status ${CLIENT_ID} ended 101`])
    }
  })

  test('the next page of fills begins where the first one did', () => {
    const dialect = new BybitOrders(testKeys)
    const { news } = newsLines()
    const [first] = dialect.fillsSince([testSymbol], NOW - 5_000.5, NOW)
    expect(first.url).toContain(`startTime=${NOW - 5_001}&limit=100`)
    const list = range(100, 1).map((at) => ({ orderId: '5', symbol: 'BTCUSDT', execId: `${at}` }))
    const { outcome, more } = dialect.onFills(success({ list, nextPageCursor: 'z' }), news, NOW)
    expect([outcome.kind, more?.url]).toEqual(['done', expect.stringContaining(`startTime=${NOW - 5_001}&`)])
    expect(dialect.onFills(success({ list: [], nextPageCursor: 'z' }), news, NOW).more).toBeUndefined()
  })

  test('what is free is what the wallet has less what orders lock', () => {
    const { news, lines } = newsLines()
    const coin = [
      { coin: 'BTC', walletBalance: '1.000000000000000001', locked: '0.4' },
      { coin: 'USDT', walletBalance: '5', locked: '' },
      { coin: 'ETH', walletBalance: '-1', locked: '0' },
      { coin: 'XRP', walletBalance: '' },
    ]
    expect(new BybitOrders(testKeys).onBalances([success({ list: [{ coin }] })], news).kind).toBe('done')
    expect(lines).toEqual(['balance BTC 0.600000000000000001', 'balance USDT 5', 'balance ETH 0'])
    expect(new BybitOrders(testKeys).onBalances([success({ list: [{}] })], news).kind).toBe('unknown')
  })
})

describe('the stream', () => {
  const hear = (dialect: BybitOrders, message: unknown) => {
    const { news, lines } = newsLines()
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    return { said: dialect.stream.onMessage(text, news, NOW), lines }
  }
  const say = (message: unknown) => hear(new BybitOrders(testKeys), message)
  const row = {
    category: 'spot',
    symbol: 'BTCUSDT',
    orderId: '7',
    orderLinkId: CLIENT_ID,
    cumExecQty: '0',
    price: '99',
    qty: '2',
  }
  const orders = (change: object) => say({ topic: 'order', data: [{ ...row, ...change }] })

  test('logs in with words that end soon, then subscribes', () => {
    const { stream } = new BybitOrders(testKeys)
    const { op, args } = JSON.parse(stream.hello(NOW)[0])
    const sign = createHmac('sha256', testKeys.secret)
      .update(`GET/realtime${NOW + 10_000}`)
      .digest('hex')
    expect([op, args]).toEqual(['auth', [testKeys.key, NOW + 10_000, sign]])
    expect(say({ op: 'auth', success: true }).said).toBe('loggedIn')
    expect(say({ op: 'auth', retCode: 0 }).said).toBe('loggedIn')
    expect(say({ op: 'auth', success: false, retCode: 10003 }).said).toBe('refused')
    expect(say({ op: 'subscribe', success: true }).said).toBe('ready')
    expect(say({ op: 'subscribe', success: false }).said).toBe('refused')
    expect(say({ op: 'pong', args: ['1'] }).said).toBe('pong')
    expect(say({ op: 'ping', ret_msg: 'pong', success: true }).said).toBe('pong')
  })

  test.each([
    [{ orderStatus: 'Cancelled', cancelType: 'CancelByUser' }, 'canceled', 'userCancel'],
    [{ orderStatus: 'Cancelled', rejectReason: 'EC_PerCancelRequest' }, 'canceled', 'userCancel'],
    [{ orderStatus: 'Cancelled', timeInForce: 'IOC' }, 'expired', 'iocNotFilled'],
    [{ orderStatus: 'PartiallyFilledCanceled', timeInForce: 'IOC' }, 'expired', 'iocNotFilled'],
    [{ orderStatus: 'Cancelled', timeInForce: 'FOK' }, 'expired', 'fokNotFillable'],
    [{ orderStatus: 'Cancelled', timeInForce: 'IOC', cancelType: 'CancelBySmp' }, 'expired', 'selfTrade'],
    [{ orderStatus: 'Rejected', rejectReason: 'EC_PostOnlyWillTakeLiquidity' }, 'rejected', 'postOnlyWouldTake'],
    [{ orderStatus: 'Cancelled', rejectReason: 'EC_PostOnlyWillTakeLiquidity' }, 'rejected', 'postOnlyWouldTake'],
    [{ orderStatus: 'Rejected', rejectReason: '__proto__' }, 'rejected', 'unknown'],
    [{ orderStatus: 'Cancelled', timeInForce: 'GTC' }, 'canceled', 'unknown'],
  ])('%o', (change, how, reason) => {
    expect(orders(change).lines).toEqual([`${how} ${CLIENT_ID} ${reason} 0`])
  })

  test('a fill is an acceptance first; a fee in no coin is told as none', () => {
    const fill = {
      ...row,
      execId: '8',
      execPrice: '99',
      execQty: '2',
      execFee: '0.1',
      execType: 'Trade',
      isMaker: false,
    }
    expect(say({ topic: 'execution', data: [{ ...fill, feeCurrency: 'BTC' }] }).lines).toEqual([
      `accepted ${CLIENT_ID} 7`,
      'fill 8 2@99 fee 0.1 BTC taker',
    ])
    expect(say({ topic: 'execution', data: [fill] }).lines[1]).toBe('fill 8 2@99 fee   taker')
    expect(say({ topic: 'execution', data: [{ ...fill, category: 'linear' }] }).lines).toEqual([])
    expect(say({ topic: 'execution', data: [{ ...fill, execType: 'Funding' }] }).lines).toEqual([])
  })

  test('an amendment is told by the row with its terms, and by the end of the order', () => {
    const dialect = new BybitOrders(testKeys)
    const open = (change: object) => ({ topic: 'order', data: [{ ...row, orderStatus: 'New', ...change }] })
    dialect.replace(order({ price: '98.50', quantity: '3' }), '7', NOW)
    expect(hear(dialect, open({})).lines).toEqual([`accepted ${CLIENT_ID} 7`])
    expect(hear(dialect, open({ price: '98.5', qty: '3.0' })).lines[1]).toBe('replaced 7 3.0@98.5')
    expect(hear(dialect, open({ price: '98.5', qty: '3.0' })).lines.length).toBe(1)
    dialect.replace(order({ price: '97' }), '7', NOW)
    expect(hear(dialect, open({ orderStatus: 'Cancelled', cancelType: 'CancelByUser' })).lines).toEqual([
      'replaced 7 2@99',
      `canceled ${CLIENT_ID} userCancel 0`,
    ])
    dialect.replace(order({ price: '96' }), '7', NOW)
    dialect.onReplaced(refused(170131), order())
    expect(hear(dialect, open({ price: '96', qty: '1.5' })).lines.length).toBe(1)
  })

  test('whatever comes is read without a throw', () => {
    const words = fc.oneof(fc.constantFrom<unknown>('spot', 'New', 'Cancelled', '1e999', '-', null, [], 7), fc.string())
    const hostile = fc.dictionary(
      fc.constantFrom(
        'category',
        'orderId',
        'orderLinkId',
        'symbol',
        'orderStatus',
        'execQty',
        'coin',
        'price',
        '__proto__',
      ),
      words,
    )
    const topics = fc.constantFrom('order', 'execution', 'wallet', 'position')
    fc.assert(
      fc.property(topics, fc.array(fc.oneof(hostile, fc.anything())), (topic, data) => {
        expect(['news', 'nonsense']).toContain(say({ topic, data }).said)
      }),
    )
    for (const text of [
      '',
      '{',
      'null',
      '[]',
      '7',
      '{}',
      '{"topic":7}',
      '{"topic":"order"}',
      '{"topic":"__proto__"}',
    ]) {
      expect(say(text).said).toBe('nonsense')
    }
  })
})

describe('adapter and emulator together', () => {
  const openWithBook = () => {
    const world = openBybit()
    world.update([
      [ASK, 1000, 100],
      [BID, 990, 100],
    ])
    world.pass(world.settleMs)
    return world
  }

  test('an answer that is lost is not a refusal: the stream told all', () => {
    const world = openWithBook()
    world.faults.dropAnswers(1, 'POST /v5/order/create')
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

/** Whole numbers from `first` down to `last`. */
function range(first: number, last: number): number[] {
  return Array.from({ length: first - last + 1 }, (_, at) => first - at)
}
