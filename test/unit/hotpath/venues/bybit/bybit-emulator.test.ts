import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import { BybitEmulator, bybitEmulator } from '../../../../../hotpath/venues/bybit/bybit-emulator.ts'
import { bybitRoutes } from '../../../../../hotpath/venues/bybit/bybit-emulator-routes.ts'
import { bybit } from '../../../../../hotpath/venues/bybit/bybit-feed.ts'
import { BybitOrders } from '../../../../../hotpath/venues/bybit/bybit-orders.ts'
import { EmulatedMarket } from '../../../../../hotpath/venues/emulator/emulated-market.ts'
import { EmulatorFaults } from '../../../../../hotpath/venues/emulator/emulator-faults.ts'
import { type MonoNs, NS_PER_MS } from '../../../../../shared/units/time.ts'
import { EmulatedFeed } from '../emulator/emulated-feed.ts'
import { StillMarket } from '../emulator/emulator-world.ts'
import { answered, testKeys } from '../native/scripted-venue.ts'
import { bybitKey } from './bybit-world.ts'

const START_MS = 1_700_000_000_000
const limit = {
  category: 'spot',
  symbol: 'BTCUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '0.1',
  price: '90',
  timeInForce: 'GTC',
}

/** bids 99 and 98, asks 101 and 102, 5 each; ticks of 0.01, lots of 0.001. */
class BybitWorld {
  readonly market = new StillMarket()
  readonly faults = new EmulatorFaults()
  readonly emulator: BybitEmulator
  #ms = 0

  constructor(limitScale = 1) {
    this.market.venues[0].id = 'bybit'
    const market = new EmulatedMarket(this.market)
    const deposits = { BTC: 10n * 100_000_000n, USDT: 10_000n * 100_000_000n }
    this.emulator = new BybitEmulator({ market, startEpochMs: START_MS, deposits, limitScale }, this.faults)
    this.emulator.exchange.openAccount('main', [bybitKey])
    this.pass(1)
  }

  pass(ms: number): void {
    this.#ms += ms
    this.emulator.work((this.#ms * NS_PER_MS) as MonoNs)
  }

  send(method: 'GET' | 'POST', path: string, asked: object = {}, change: Record<string, string> = {}) {
    const query = new URLSearchParams(asked as Record<string, string>).toString()
    const body = method === 'POST' ? JSON.stringify(asked) : ''
    const target = method === 'POST' ? path : `${path}?${query}`
    const timestamp = `${this.emulator.nowMs}`
    const message = `${timestamp}${bybitKey.apiKey}5000${method === 'POST' ? body : query}`
    const headers = {
      'x-bapi-api-key': bybitKey.apiKey,
      'x-bapi-timestamp': timestamp,
      'x-bapi-recv-window': '5000',
      'x-bapi-sign': createHmac('sha256', bybitKey.secret).update(message).digest('hex'),
      ...change,
    }
    const answer = this.emulator.request({ method, target, headers, body })
    const isJson = answer.body.startsWith('{')
    return { ...answer, body: isJson ? JSON.parse(answer.body) : answer.body }
  }

  place(more: object = {}) {
    return this.send('POST', '/v5/order/create', { ...limit, ...more }).body
  }

  connect(target: string) {
    const heard: Record<string, unknown>[] = []
    const peer = {
      send: (text: string) => heard.push(JSON.parse(text)),
      sendBinary: () => undefined,
      close: () => undefined,
    }
    const conversation = this.emulator.connect(target, peer)
    return { heard, conversation, say: (message: object) => conversation?.onMessage(JSON.stringify(message)) }
  }

  login(apiKey = bybitKey.apiKey, expires = this.emulator.nowMs + 1_000, secret = bybitKey.secret): object {
    const sign = createHmac('sha256', secret).update(`GET/realtime${expires}`).digest('hex')
    return { op: 'auth', args: [apiKey, expires, sign] }
  }
}

describe('signatures and windows', () => {
  test('a good request is answered, with its limit in the headers', () => {
    const { status, body, headers } = new BybitWorld().send('GET', '/v5/account/wallet-balance', {
      accountType: 'UNIFIED',
      coin: 'BTC,USDT',
    })
    expect([status, body.retCode]).toEqual([200, 0])
    expect(body.result.list[0].coin).toMatchObject([
      { coin: 'BTC', walletBalance: '10', locked: '0' },
      { coin: 'USDT', walletBalance: '10000' },
    ])
    expect(headers).toMatchObject({ 'X-Bapi-Limit': '50', 'X-Bapi-Limit-Status': '49' })
  })

  test.each([
    ['no key', { 'x-bapi-api-key': '' }, 10001],
    ['no signature', { 'x-bapi-sign': '' }, 10001],
    ['an unknown key', { 'x-bapi-api-key': 'nobody' }, 10003],
    ['a wrong signature', { 'x-bapi-sign': '00' }, 10004],
    ['another window than was signed', { 'x-bapi-recv-window': '6000' }, 10004],
    ['too late', { 'x-bapi-timestamp': '1699999990000' }, 10002],
    ['too early', { 'x-bapi-timestamp': '1700000001001' }, 10002],
    ['a time that is none', { 'x-bapi-timestamp': 'now' }, 10002],
  ])('%s', (_, change, code) => {
    const { body } = new BybitWorld().send('GET', '/v5/account/info', {}, change)
    expect([body.retCode, body.result]).toEqual([code, {}])
  })

  test('orders run out and come back; the header says when', () => {
    const world = new BybitWorld(0.15)
    const codes = Array.from({ length: 4 }, () => world.place().retCode)
    expect(codes).toEqual([0, 0, 0, 10006])
    const { headers } = world.send('POST', '/v5/order/create', limit)
    expect(headers['X-Bapi-Limit-Status']).toBe('0')
    expect(Number(headers['X-Bapi-Limit-Reset-Timestamp'])).toBeGreaterThan(world.emulator.nowMs)
    world.pass(1_000)
    expect(world.place().retCode).toBe(0)
  })

  test('an address that asks too often is blocked without JSON', () => {
    const world = new BybitWorld()
    const answers = Array.from({ length: 601 }, () => world.send('GET', '/v5/market/time'))
    expect(answers.map(({ status }) => status).lastIndexOf(200)).toBe(599)
    expect(answers[600]).toMatchObject({ status: 403, body: '403, access too frequent' })
  })
})

describe('orders in Bybit words', () => {
  test.each([
    [{ qty: '0.0015' }, 170137],
    [{ qty: '0.00001' }, 170137],
    [{ qty: '0' }, 170130],
    [{ price: '90.005' }, 170134],
    [{ qty: '0.001', price: '10' }, 170140],
    [{ qty: '99', price: '101' }, 0],
    [{ qty: '99', price: '102' }, 170131],
    [{ qty: '101', price: '1' }, 170135],
    [{ symbol: 'NOPE' }, 170121],
    [{ symbol: '' }, 10001],
    [{ category: 'linear' }, 10001],
    [{ side: 'Hold' }, 170117],
    [{ orderType: 'Stop' }, 170116],
    [{ timeInForce: 'GTD' }, 170115],
    [{ timeInForce: '__proto__' }, 170115],
    [{ orderLinkId: 'ä' }, 10001],
    [{ orderLinkId: 'x'.repeat(37) }, 10001],
    [{ smpType: 'CancelMe' }, 10001],
  ])('%o', (more, code) => {
    expect(new BybitWorld().place(more).retCode).toBe(code)
  })

  test('a filled order tells its fills; the fee is in what it brought', () => {
    const world = new BybitWorld()
    const { orderId } = world.place({ price: '101', orderLinkId: 'mine' }).result
    const state = world.send('GET', '/v5/order/realtime', { category: 'spot', orderLinkId: 'mine' }).body.result.list
    expect(state).toMatchObject([
      { orderId, orderStatus: 'Filled', cumExecQty: '0.1', avgPrice: '101', cumFeeDetail: { BTC: '0.0001' } },
    ])
    const fills = world.send('GET', '/v5/execution/list', { category: 'spot', orderId }).body.result.list
    expect(fills).toMatchObject([
      {
        orderId,
        orderLinkId: 'mine',
        execPrice: '101',
        execQty: '0.1',
        execFee: '0.0001',
        feeCurrency: 'BTC',
        isMaker: false,
      },
    ])
  })

  test('realtime lists what is open, and with an id also what has ended', () => {
    const world = new BybitWorld()
    const { orderId } = world.place().result
    world.send('POST', '/v5/order/cancel', { category: 'spot', symbol: 'BTCUSDT', orderId })
    const list = (more: object) =>
      world.send('GET', '/v5/order/realtime', { category: 'spot', ...more }).body.result.list
    expect(list({})).toEqual([])
    expect(list({ openOnly: '1' })).toMatchObject([{ orderId, orderStatus: 'Cancelled', cancelType: 'CancelByUser' }])
    expect(list({ orderId })).toMatchObject([{ orderId }])
    expect(list({ symbol: 'BTCUSDT', orderId: '7' })).toEqual([])
  })

  test('pages go from the newest to the oldest, also while new orders come', () => {
    const world = new BybitWorld()
    const ids = ['90', '91', '92', '93'].map((price) => world.place({ price }).result.orderId)
    const page = (more: object) => {
      const { list, nextPageCursor } = world.send('GET', '/v5/order/realtime', {
        category: 'spot',
        limit: '2',
        ...more,
      }).body.result
      return { ids: list.map((row: { orderId: string }) => row.orderId), cursor: nextPageCursor }
    }
    const first = page({})
    expect(first.ids).toEqual([ids[3], ids[2]])
    world.place({ price: '94' })
    const second = page({ cursor: first.cursor })
    expect(second).toEqual({ ids: [ids[1], ids[0]], cursor: '' })
    expect(page({ cursor: 'nonsense' }).ids.length).toBe(2)
  })

  test('a batch tells the codes beside its rows', () => {
    const world = new BybitWorld()
    const { category, ...row } = limit
    const { body } = world.send('POST', '/v5/order/create-batch', { category, request: [row, { ...row, price: 'x' }] })
    expect([body.retCode, body.retExtInfo.list.map(({ code }: { code: number }) => code)]).toEqual([0, [0, 170130]])
    expect(body.result.list[1]).toMatchObject({ orderId: '', symbol: 'BTCUSDT' })
    const many = Array.from({ length: 11 }, () => row)
    expect(world.send('POST', '/v5/order/create-batch', { category, request: many }).body.retCode).toBe(10001)
    expect(world.send('POST', '/v5/order/create-batch', { category, request: 7 }).body.retCode).toBe(10001)
  })

  test('an amendment changes what it names; of an ended order it is refused', () => {
    const world = new BybitWorld()
    const { orderId } = world.place().result
    const names = { category: 'spot', symbol: 'BTCUSDT', orderId }
    const amend = (more: object) => world.send('POST', '/v5/order/amend', { ...names, ...more }).body.retCode
    expect(amend({})).toBe(10001)
    expect(amend({ price: '91' })).toBe(0)
    expect(amend({ qty: '100', price: '101' })).toBe(170131)
    expect(world.send('GET', '/v5/order/realtime', names).body.result.list).toMatchObject([{ price: '91', qty: '0.1' }])
    world.send('POST', '/v5/order/cancel-all', { category: 'spot' })
    expect(amend({ price: '92' })).toBe(170213)
  })
})

describe('sockets', () => {
  test('login, then orders, executions and the wallet', () => {
    const world = new BybitWorld()
    const { heard, say, conversation } = world.connect('/v5/private')
    const subscribe = { op: 'subscribe', req_id: '3', args: ['order', 'execution', 'wallet'] }
    say(subscribe)
    say(world.login())
    say({ op: 'subscribe', args: ['position'] })
    say(subscribe)
    world.place({ price: '101', orderLinkId: 'mine' })
    expect(heard.slice(0, 4)).toMatchObject([
      { success: false, op: 'subscribe' },
      { success: true, op: 'auth' },
      { success: false, ret_msg: 'Invalid topic: position' },
      { success: true, req_id: '3', op: 'subscribe' },
    ])
    expect(heard.slice(4)).toMatchObject([
      { topic: 'order', data: [{ category: 'spot', orderStatus: 'New', orderLinkId: 'mine' }] },
      { topic: 'execution', data: [{ execQty: '0.1', feeCurrency: 'BTC', feeCoin: 'BTC' }] },
      { topic: 'order', data: [{ orderStatus: 'Filled', cumExecQty: '0.1' }] },
      { topic: 'wallet', data: [{ accountType: 'UNIFIED', coin: [{ coin: 'BTC' }, { coin: 'USDT', locked: '0' }] }] },
    ])
    conversation?.onClose()
    world.place()
    expect(heard.length).toBe(8)
  })

  test.each([
    ['an unknown key', (world: BybitWorld) => world.login('nobody')],
    ['words that are over', (world: BybitWorld) => world.login(bybitKey.apiKey, world.emulator.nowMs)],
    ['a wrong signature', (world: BybitWorld) => world.login(bybitKey.apiKey, world.emulator.nowMs + 9, 'no')],
    ['nothing', () => ({ op: 'auth' })],
  ])('a login with %s is refused', (_, login) => {
    const world = new BybitWorld()
    const { heard, say } = world.connect('/v5/private')
    say(login(world))
    expect(heard).toMatchObject([{ success: false, op: 'auth' }])
  })

  test('the trading socket takes orders inside their window', () => {
    const world = new BybitWorld()
    const { heard, say } = world.connect('/v5/trade')
    const create = (timestamp: number) => ({
      reqId: '5',
      op: 'order.create',
      header: { 'X-BAPI-TIMESTAMP': `${timestamp}` },
      args: [limit],
    })
    say(create(world.emulator.nowMs))
    say(world.login())
    say(create(world.emulator.nowMs))
    say(create(world.emulator.nowMs - 60_000))
    say({ reqId: '6', op: 'no.such', args: [] })
    expect(heard).toMatchObject([
      { retCode: 10003 },
      { retCode: 0, op: 'auth' },
      { retCode: 0, reqId: '5', data: { orderLinkId: '' }, header: { 'X-Bapi-Limit': '20' } },
      { retCode: 10002, reqId: '5' },
      { retCode: 10404, reqId: '6' },
    ])
  })

  test('nonsense is answered with an error, and other paths are no sockets', () => {
    const world = new BybitWorld()
    const { conversation, heard } = world.connect('/v5/public/spot')
    const said = ['', '{', 'null', '[1]', '{"op":{}}', '{"op":"subscribe"}', '{"op":"subscribe","args":[{}]}']
    for (const text of [...said, '{"op":"auth","args":[1]}']) conversation?.onMessage(text)
    expect(heard.map(({ success }) => success)).toEqual(Array.from({ length: 8 }, () => false))
    conversation?.onMessage('{"op":"ping","req_id":"9"}')
    expect(heard[8]).toMatchObject({ success: true, ret_msg: 'pong', req_id: '9' })
    expect(world.connect('/v5/public/linear').conversation).toBeUndefined()
  })

  test('a book begins whole and goes on by differences; the best level comes whole', () => {
    const world = new BybitWorld()
    const { heard, say } = world.connect('/v5/public/spot')
    say({ op: 'subscribe', args: ['orderbook.50.BTCUSDT', 'orderbook.1.BTCUSDT'] })
    world.market.level(BookSide.ask, 10_100, 40_000)
    world.pass(20)
    const rows = heard.slice(1).map(({ topic, type, data }) => [topic, type, data as Record<string, unknown>] as const)
    expect(rows.map(([topic, type]) => `${topic} ${type}`)).toEqual([
      'orderbook.50.BTCUSDT snapshot',
      'orderbook.1.BTCUSDT snapshot',
      'orderbook.50.BTCUSDT delta',
      'orderbook.1.BTCUSDT snapshot',
    ])
    expect(rows[0][2]).toMatchObject({
      b: [
        ['99', '5'],
        ['98', '5'],
      ],
      a: [
        ['101', '5'],
        ['102', '5'],
      ],
    })
    expect(rows[2][2]).toMatchObject({ b: [], a: [['101', '4']], u: (rows[0][2]['u'] as number) + 1 })
    expect(rows[3][2]).toMatchObject({ b: [['99', '5']], a: [['101', '4']] })
  })
})

describe('our own feed decoder on the emulator', () => {
  const names = ['BTCUSDT', 'ETHUSDT']

  test('books are equal, nothing is unreadable', () => {
    const feed = new EmulatedFeed(bybitEmulator, bybit)
    feed.subscribe(names)
    feed.pass(5_000)
    feed.ping()
    feed.settle()
    for (const name of names) {
      expect(feed.bench.book(name)).toBe(feed.shown(name, 50))
      expect(feed.bench.keeper.book(feed.bench.symbols.add(name)).updates).toBeGreaterThan(10)
    }
    expect(feed.bench.lost).toEqual([])
    expect(feed.bench.trades.length).toBeGreaterThan(0)
    expect([...feed.verdicts].sort()).toEqual(['answer', 'heartbeat', 'parsed'])
  })

  test('a lost difference loses that book alone; asked for anew it is whole again', () => {
    const feed = new EmulatedFeed(bybitEmulator, bybit, 12)
    feed.subscribe(names)
    feed.pass(1_000)
    feed.faults.skipDiffs(1)
    feed.pass(1_000)
    expect(feed.bench.lost.length).toBe(1)
    const [name, why] = feed.bench.lost[0].split(' ')
    expect(why).toBe('gap')
    feed.resubscribe(name)
    feed.pass(1_000)
    feed.settle()
    for (const one of names) expect(feed.bench.book(one)).toBe(feed.shown(one, 50))
    expect(feed.bench.lost.length).toBe(1)
  })

  test('feed and order entry read the same instruments', () => {
    const world = new BybitWorld()
    const [url] = bybit.listingUrls()
    const target = url.slice('https://api.bybit.com'.length)
    const { body } = world.emulator.request({ method: 'GET', target, headers: {}, body: '' })
    const [listed] = bybit.readListings(url, body) ?? []
    expect(listed).toMatchObject({
      name: 'BTCUSDT',
      symbol: 'BTC/USDT',
      tickSize: '0.01',
      lotSize: '0.001',
      notionalMin: '5',
    })
    expect(new BybitOrders(testKeys).onListings([answered(200, body)])).toEqual([{ ...listed, feeOnReceived: true }])
  })
})

test('whatever is asked is answered in JSON, and the money stays whole', () => {
  const names = [
    'symbol',
    'side',
    'orderType',
    'qty',
    'price',
    'timeInForce',
    'marketUnit',
    'orderId',
    'orderLinkId',
    'cursor',
  ]
  const words = [
    'BTCUSDT',
    'Buy',
    'Sell',
    'Limit',
    'Market',
    'PostOnly',
    'IOC',
    'FOK',
    '0.1',
    '101',
    '99',
    '1e9',
    '-5',
    '',
  ]
  const value = fc.oneof(
    fc.constantFrom<unknown>(...words),
    fc.string(),
    fc.constantFrom<unknown>('__proto__', '9'.repeat(400), null, 7, [], {}, '1000000000001000001', '1:1'),
  )
  const good = { category: 'spot', symbol: 'BTCUSDT', side: 'Buy', orderType: 'Market', qty: '0.1' }
  const route = fc.constantFrom(...bybitRoutes.keys())
  fc.assert(
    fc.property(
      fc.array(fc.tuple(route, fc.dictionary(fc.constantFrom(...names), value)), { maxLength: 12 }),
      (calls) => {
        const world = new BybitWorld()
        for (const [name, change] of calls) {
          const [method, path] = name.split(' ')
          const asked = { ...good, ...change }
          const body = path.includes('batch') ? { category: 'spot', request: [asked, good] } : asked
          const { status, body: answer } = world.send(method as 'GET', path, body)
          expect([status, typeof answer.retCode]).toEqual([200, 'number'])
        }
        world.emulator.exchange.assertConserved()
      },
    ),
    { numRuns: 150 },
  )
})
