/** Kraken's dialect on its own words: signature as documented, requests, answers, refusals; samples are skipped when absent. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAnswer } from '../../../../../hotpath/venues/kraken/kraken-errors.ts'
import { KrakenOrders } from '../../../../../hotpath/venues/kraken/kraken-orders.ts'
import { KrakenSigner } from '../../../../../hotpath/venues/kraken/kraken-signer.ts'
import type { VenueOrder } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'
import { testOrder } from '../../../../conformance/venue-conformance-bench.ts'
import { newsLines } from '../emulator/news-lines.ts'
import { answered, BUY, CLIENT_ID, testSymbol } from '../native/scripted-venue.ts'
import { krakenKey, openKraken } from './kraken-world.ts'

const SAMPLES = join(resolve(process.env['SOR_DATA'] ?? '../shared/data'), 'exchange-api-messages/kraken')
const NOW = 1_700_000_000_000
const TXID = 'OABCDE-12345-FGHIJK'
const symbol = { ...testSymbol, name: 'BTC/USDT' }
const named = { symbol, clientId: CLIENT_ID, venueId: '' }

function open(): KrakenOrders {
  const dialect = new KrakenOrders({ key: krakenKey.apiKey, secret: krakenKey.secret, passphrase: '', privateKey: '' })
  const pairs = {
    XBTUSDT: {
      altname: 'XBTUSDT',
      wsname: 'XBT/USDT',
      pair_decimals: 1,
      lot_decimals: 8,
      ordermin: '0.0001',
      status: 'online',
    },
  }
  const assets = { XXBT: { altname: 'XBT' }, USDT: { altname: 'USDT' }, 'XBT.F': { altname: 'XBT.F' } }
  dialect.onListings([pairs, assets].map((result) => answered(200, { error: [], result })))
  return dialect
}

function order(change: Partial<VenueOrder> = {}): VenueOrder {
  return {
    symbol,
    clientId: CLIENT_ID,
    side: 'buy',
    timeInForce: 'ioc',
    postOnly: false,
    price: '1000.05',
    quantity: '1.5',
    deadlineMs: NOW + 10_000,
    ...change,
  }
}

const success = (result: unknown) => answered(200, { error: [], result })
const failure = (...error: unknown[]) => answered(200, { error })

describe('signatures', () => {
  test('the documented example ("Spot REST Authentication")', () => {
    const body = 'nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25'
    expect(new KrakenSigner(krakenKey.secret).sign('/0/private/AddOrder', 1616492376594, body)).toBe(
      '4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==',
    )
  })

  test('nonces only grow, also within a millisecond and when the clock goes back', () => {
    const dialect = open()
    const nonces = [NOW, NOW, NOW, NOW - 5_000, NOW + 10].map((nowMs) => {
      const { body } = dialect.balances([], nowMs)[0]
      return Number(new URLSearchParams(body).get('nonce'))
    })
    expect(nonces).toEqual([NOW, NOW + 1, NOW + 2, NOW + 3, NOW + 10])
  })
})

describe('requests', () => {
  test('an order: every word', () => {
    const { method, url, headers, body } = open().place(order(), NOW)
    expect([method, url]).toEqual(['POST', 'https://api.kraken.com/0/private/AddOrder'])
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      nonce: `${NOW}`,
      ordertype: 'limit',
      type: 'buy',
      pair: 'XBTUSDT',
      price: '1000.05',
      volume: '1.5',
      timeinforce: 'IOC',
      oflags: 'fciq',
      stptype: 'cancel-newest',
      cl_ord_id: CLIENT_ID,
      deadline: '2023-11-14T22:13:30.000Z',
    })
    expect(headers['api-sign']).toBe(new KrakenSigner(krakenKey.secret).sign('/0/private/AddOrder', NOW, body))
  })

  test.each([
    [{ deadlineMs: NOW + 800 }, 'deadline', '2023-11-14T22:13:23.000Z'],
    [{ deadlineMs: NOW + 600_000 }, 'deadline', '2023-11-14T22:14:20.000Z'],
    [{ deadlineMs: 0 }, 'deadline', null],
    [{ postOnly: true, timeInForce: 'gtc' as const }, 'oflags', 'fciq,post'],
    [{ timeInForce: 'gtd' as const, deadlineMs: NOW + 5_900 }, 'expiretm', '1700000005'],
    [{ timeInForce: 'gtd' as const }, 'deadline', null],
    [{ timeInForce: 'fok' as const }, 'timeinforce', 'FOK'],
  ])('%o has %s %s', (change, name, value) => {
    const { body } = open().place(order(change), NOW)
    expect(new URLSearchParams(body).get(name)).toBe(value)
  })

  test('an id of the venue that is no id cannot become another parameter', () => {
    const { body } = open().cancel({ ...named, venueId: 'O1&validate=true' }, NOW)
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ nonce: `${NOW}`, txid: 'O1&validate=true' })
  })
})

describe('answers', () => {
  test('a placed order is named, and what the stream leaves out is known', () => {
    const dialect = open()
    const { news, lines } = newsLines()
    dialect.place(order(), NOW)
    expect(dialect.onPlaced(success({ descr: {}, txid: [TXID] }), order(), news).kind).toBe('done')
    dialect.stream.subscribe([], NOW, 'token')
    const say = (sequence: number, row: object): unknown =>
      dialect.stream.onMessage(
        JSON.stringify({ channel: 'executions', type: 'update', data: [{ order_id: TXID, ...row }], sequence }),
        news,
        NOW,
      )
    say(1, { exec_type: 'new' })
    const fees = [{ asset: 'USDT', qty: 0.5 }]
    const trade = {
      exec_type: 'trade',
      trade_id: 7,
      exec_id: 'T1',
      last_qty: 0.5,
      last_price: 1000,
      liquidity_ind: 't',
      fees,
    }
    say(2, trade)
    expect(say(2, trade)).toBe('ignored')
    say(3, { exec_type: 'canceled', cum_qty: 0.5, reason: 'Immediate or cancel' })
    expect(say(5, { exec_type: 'new' })).toBe('refused')
    expect(lines).toEqual([
      `accepted ${CLIENT_ID} ${TXID} BTC/USDT`,
      `accepted ${CLIENT_ID} ${TXID} BTC/USDT`,
      `fill ${CLIENT_ID} ${TXID} 7 0.5@1000 of BTC/USDT fee 0.5 USDT taker`,
      `expired ${CLIENT_ID} ${TXID} iocNotFilled 0.5`,
    ])
  })

  test('an order that is nowhere may still come until its deadline has passed at the venue', () => {
    const dialect = open()
    const { news } = newsLines()
    dialect.place(order({ deadlineMs: NOW + 800 }), NOW)
    const nowhere = [success({ open: {} }), success({ closed: {}, count: 0 })]
    expect(dialect.onQueried(nowhere.slice(0, 1), named, news, NOW).kind).toBe('more')
    expect(dialect.onQueried(nowhere, named, news, NOW + 2_000).kind).toBe('unknown')
    expect(dialect.onQueried(nowhere, named, news, NOW + 4_001).kind).toBe('notFound')
  })

  test('a state that is ahead of its trades is not told', () => {
    const dialect = open()
    const { news, lines } = newsLines()
    const row = { status: 'closed', vol: '1', vol_exec: '1', cl_ord_id: CLIENT_ID, trades: ['T1', 'T2'] }
    const state = success({ [TXID]: { ...row, descr: { pair: 'XBTUSDT', price: '10.0' } } })
    const at = { ...named, venueId: TXID }
    const asked = dialect.onQueried([state], at, news, NOW)
    expect(asked.kind === 'more' && new URLSearchParams(asked.requests[0].body).get('txid')).toBe('T1,T2')
    const trade = (id: number, vol: string, time: number) => ({
      ordertxid: TXID,
      pair: 'XBTUSDT',
      time,
      price: '10.0',
      fee: '0.01',
      vol,
      trade_id: id,
      maker: true,
    })
    const half = success({ T1: trade(1, '0.5', 5) })
    expect(dialect.onQueried([state, half], at, news, NOW)).toMatchObject({ kind: 'unknown' })
    expect(lines).toEqual([])
    const all = success({ T2: trade(2, '0.5', 6), T1: trade(1, '0.5', 5) })
    expect(dialect.onQueried([state, all], at, news, NOW).kind).toBe('done')
    expect(lines).toEqual([
      `fill ${CLIENT_ID} ${TXID} 1 0.5@10.0 of BTC/USDT fee 0.01 USDT maker`,
      `fill ${CLIENT_ID} ${TXID} 2 0.5@10.0 of BTC/USDT fee 0.01 USDT maker`,
      `status ${CLIENT_ID} ${TXID} ended 1 of 1@10.0`,
    ])
  })

  test('trades come newest first in pages and are told oldest first', () => {
    const dialect = open()
    const { news, lines } = newsLines()
    const [first] = dialect.fillsSince([symbol], NOW, NOW)
    expect(new URLSearchParams(first.body).get('start')).toBe('1699999999')
    const row = (id: number) => ({
      ordertxid: TXID,
      pair: 'XBTUSDT',
      time: id,
      price: '9',
      vol: '1',
      fee: '0',
      trade_id: id,
    })
    const page = (...ids: number[]) =>
      success({ count: 3, trades: Object.fromEntries(ids.map((id) => [`T${id}`, row(id)])) })
    const more = dialect.onFills(page(3, 2), news, NOW).more
    expect(new URLSearchParams(more?.body).get('ofs')).toBe('2')
    expect(lines).toEqual([])
    expect(dialect.onFills(page(1), news, NOW)).toEqual({ outcome: { kind: 'done' } })
    expect(lines.map((line) => line.split(' ')[3])).toEqual(['1', '2', '3'])
    dialect.fillsSince([symbol], NOW, NOW)
    dialect.onFills(page(3, 2), news, NOW)
    expect(dialect.onFills(page(3, 2), news, NOW).outcome.kind).toBe('unknown')
  })

  test('free is what is there and not held, in the names of everybody', () => {
    const { news, lines } = newsLines()
    const rows = {
      XXBT: { balance: '1.2435', hold_trade: '0.8423' },
      USDT: { balance: '5', credit: '2', credit_used: '1', hold_trade: '0' },
      'XBT.F': { balance: '9' },
      NEW: { balance: '1' },
    }
    open().onBalances([success(rows)], news)
    expect(lines).toEqual(['balance BTC 0.4012', 'balance USDT 6', 'balance XBT.F 9'])
  })

  test('fees are percent, rounded up; a pair without maker fees charges makers as takers', () => {
    const result = {
      fees: { XBTUSDT: { fee: '0.2600' }, ETHUSDT: { fee: '0.26005' } },
      fees_maker: { XBTUSDT: { fee: '0.1600' } },
    }
    expect([...open().onFees([success(result)])]).toEqual([
      ['BTC/USDT', { makerPpm: 1_600, takerPpm: 2_600 }],
      ['ETHUSDT', { makerPpm: 2_601, takerPpm: 2_601 }],
    ])
  })

  test('the clock is in the middle of the second it tells', () => {
    expect(open().onTime(success({ unixtime: 1_700_000_000 }))).toBe(1_700_000_000_500)
    expect(open().onTime(failure('EService:Unavailable'))).toBeUndefined()
  })
})

describe('refusals', () => {
  test.each([
    ['EOrder:Insufficient funds', 'insufficientBalance'],
    ['EOrder:Order minimum not met', 'minQuantity'],
    ['EGeneral:Invalid arguments:volume minimum not met', 'minQuantity'],
    ['EOrder:Cost minimum not met', 'minNotional'],
    ['EOrder:Tick size check failed', 'priceFilter'],
    ['EGeneral:Invalid arguments:cl_ord_id not unique', 'duplicateClientOrderId'],
    ['EOrder:Post only order', 'postOnlyWouldTake'],
    ['EOrder:Orders limit exceeded', 'tooManyOpenOrders'],
    ['EOrder:Rate limit exceeded', 'rateLimited'],
    ['EAPI:Rate limit exceeded', 'rateLimited'],
    ['EAPI:Invalid nonce', 'outsideReceiveWindow'],
    ['EQuery:Unknown asset pair', 'unknownSymbol'],
    ['EService:Market in cancel_only mode', 'venueDown'],
    ['EAPI:Invalid signature', 'unknown'],
  ])('%s', (error, reason) => {
    const { outcome } = readAnswer(failure(error), order())
    expect(outcome?.kind === 'refused' && rejectReasonNames[outcome.reason]).toBe(reason)
  })

  test('which bound of the volume, the order tells', () => {
    const reasons = ['0.001', '10.001', '1.0005'].map((quantity) => {
      const { outcome } = readAnswer(failure('EGeneral:Invalid arguments:volume'), order({ quantity }))
      return outcome?.kind === 'refused' && rejectReasonNames[outcome.reason]
    })
    expect(reasons).toEqual(['minQuantity', 'maxQuantity', 'lotSize'])
  })

  test.each([
    [['EService:Unavailable']],
    [['EService:Busy']],
    [['EService:Deadline elapsed']],
    [['EGeneral:Internal error']],
    [['ESomething:New']],
    [['EOrder:Insufficient funds', 'EService:Unavailable']],
    [[{ code: 1 }]],
  ])('%j is no refusal: unknown', (errors) => {
    expect(readAnswer(failure(...errors)).outcome?.kind).toBe('unknown')
  })

  test('an unknown order, a warning beside a result, a result that is none', () => {
    expect(readAnswer(failure('EOrder:Unknown order')).outcome).toEqual({ kind: 'notFound' })
    expect(readAnswer(answered(200, { error: ['WGeneral:Hm'], result: {} })).outcome).toBeUndefined()
    for (const body of ['', '[]', '{"error":[]}', '{"error":[],"result":7}', '{"error":[],"result":null}']) {
      expect(readAnswer(answered(200, body)).outcome?.kind).toBe('unknown')
    }
    const { news, lines } = newsLines()
    for (const result of [{}, { txid: [] }, { txid: [7] }, { kind: 'done', txid: {} }]) {
      expect(open().onPlaced(success(result), order(), news).kind).toBe('unknown')
    }
    expect(lines).toEqual([])
  })
})

test('hostile words never throw past the adapter, and every fill is one the books can hold', () => {
  const text = JSON.stringify({
    channel: 'executions',
    type: 'update',
    data: [
      {
        order_id: TXID,
        cl_ord_id: 's00010000001001',
        symbol: 'BTC/USDT',
        exec_type: 'trade',
        trade_id: 5,
        last_qty: 0.4,
      },
    ],
  })
  const mutation = fc.tuple(fc.nat(400), fc.nat(3), fc.string({ unit: 'binary', maxLength: 6 }))
  const { news } = newsLines()
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 8 }), (mutations) => {
      const dialect = open()
      for (const [at, cut, more] of mutations) {
        const place = at % text.length
        const mutated = text.slice(0, place) + more + text.slice(place + cut)
        dialect.stream.onMessage(mutated, news, NOW)
        for (const read of [
          () => dialect.onPlaced(answered(200, mutated), order(), news),
          () => dialect.onOpenOrders([answered(200, mutated)], news),
          () => dialect.onFills(answered(200, mutated), news, NOW),
          () => dialect.onQueried([answered(200, mutated)], named, news, NOW),
        ]) {
          expect(typeof read()).toBe('object')
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('lost answers, repeated messages and a cut stream: nothing is told twice, nothing is lost', () => {
  const world = openKraken()
  world.update([
    [1, 1_000, 10_000],
    [0, 990, 10_000],
  ])
  world.pass(50)
  world.faults.dropAnswers(1, 'POST /0/private/AddOrder')
  world.faults.repeatMessages(20)
  world.adapter.place(testOrder(BUY, 1_000, 40, { tif: 'ioc', child: 1 }))
  world.pass(300)
  world.faults.disconnectSockets()
  world.pass(3_000)
  world.adapter.query(1, 1, 1)
  world.adapter.reconcile(0)
  world.pass(500)
  const fills = world.reports.filter(({ kind, child }) => kind === 'fill' && child === 1)
  expect(new Set(fills.map(({ execution }) => execution)).size).toBe(1)
  expect(world.reports.filter(({ kind }) => kind === 'accepted').length).toBe(1)
  expect(world.reports.some(({ kind, isOpen, filled }) => kind === 'status' && !isOpen && filled === 40)).toBe(true)
})

describe.skipIf(!existsSync(SAMPLES))('real and documented samples (needs SOR_DATA: skipped when absent)', () => {
  const sample = (path: string) => answered(200, readFileSync(join(SAMPLES, path), 'utf8'))

  test('orders, listings, time', () => {
    const dialect = open()
    const { news, lines } = newsLines()
    const [listed] = dialect.onListings([sample('http_asset_pairs.json'), answered(200, '')])
    expect(listed).toMatchObject({ name: 'BTC/USDT', tickSize: '0.1', quantityMin: '0.00005', notionalMin: '0.5' })
    expect(dialect.onTime(sample('http_server_time.json'))).toBe(1_762_820_224_500)
    dialect.onPlaced(sample('http_add_order_spot.json'), order(), news)
    expect(dialect.onOpenOrders([sample('http_open_orders.json')], news).kind).toBe('done')
    expect(lines).toEqual([
      `accepted ${CLIENT_ID} OUF4EM-FRGI2-MQMWZD BTC/USDT`,
      'status  O26VBY-ISGAE-JP5TLU open 0.00000000 of 0.50000000@29500.0',
      'status  OYEQF4-FDE4C-NMUYUI open 0.00000000 of 1.00000000@0',
    ])
  })

  test('answers on a socket that are not ours are no news', () => {
    const { news, lines } = newsLines()
    const { stream } = open()
    expect(stream.onMessage(sample('ws_add_order_response_success.json').body, news, NOW)).toBe('nonsense')
    expect(stream.onMessage(sample('ws_add_order_response_failure.json').body, news, NOW)).toBe('refused')
    expect(lines).toEqual([])
  })
})
