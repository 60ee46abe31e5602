import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSide } from '../../../../../hotpath/book/book-table.ts'
import { EmulatedMarket } from '../../../../../hotpath/venues/emulator/emulated-market.ts'
import { EmulatorFaults } from '../../../../../hotpath/venues/emulator/emulator-faults.ts'
import { OkxEmulator, okxEmulator } from '../../../../../hotpath/venues/okx/okx-emulator.ts'
import { deedPaths, questions } from '../../../../../hotpath/venues/okx/okx-emulator-routes.ts'
import { okx } from '../../../../../hotpath/venues/okx/okx-feed.ts'
import { OkxOrders } from '../../../../../hotpath/venues/okx/okx-orders.ts'
import { type MonoNs, NS_PER_MS } from '../../../../../shared/units/time.ts'
import { EmulatedFeed } from '../emulator/emulated-feed.ts'
import { StillMarket } from '../emulator/emulator-world.ts'
import { answered } from '../native/scripted-venue.ts'
import { okxKey } from './okx-world.ts'

const START_MS = 1_700_000_000_000
const limit = { instId: 'BTC-USDT', tdMode: 'cash', side: 'buy', ordType: 'limit', sz: '0.1', px: '90' }

/** bids 99 and 98, asks 101 and 102, 5 each; ticks of 0.01, lots of 0.001. */
class OkxWorld {
  readonly market = new StillMarket()
  readonly faults = new EmulatorFaults()
  readonly emulator: OkxEmulator
  #ms = 0

  constructor(limitScale = 1) {
    this.market.venues[0].id = 'okx'
    const market = new EmulatedMarket(this.market)
    const deposits = { BTC: 10n * 100_000_000n, USDT: 10_000n * 100_000_000n }
    this.emulator = new OkxEmulator({ market, startEpochMs: START_MS, deposits, limitScale }, this.faults)
    this.emulator.exchange.openAccount('main', [okxKey])
    this.pass(1)
  }

  pass(ms: number): void {
    this.#ms += ms
    this.emulator.work((this.#ms * NS_PER_MS) as MonoNs)
  }

  headers(method: string, target: string, body: string): Record<string, string> {
    const timestamp = new Date(this.emulator.nowMs).toISOString()
    const sign = createHmac('sha256', okxKey.secret).update(timestamp + method + target + body)
    return {
      'ok-access-key': okxKey.apiKey,
      'ok-access-passphrase': okxKey.passphrase,
      'ok-access-timestamp': timestamp,
      'ok-access-sign': sign.digest('base64'),
    }
  }

  send(method: string, target: string, body: unknown = '', change: Record<string, string> = {}) {
    const text = body === '' ? '' : JSON.stringify(body)
    const headers = { ...this.headers(method, target, text), ...change }
    const answer = this.emulator.request({ method, target, headers, body: text })
    return { status: answer.status, body: JSON.parse(answer.body) }
  }

  place(more: object = {}) {
    return this.send('POST', '/api/v5/trade/order', { ...limit, ...more }).body
  }

  connect(target: string) {
    const heard: Record<string, unknown>[] = []
    const peer = {
      send: (text: string) => heard.push(text === 'pong' ? { pong: true } : JSON.parse(text)),
      sendBinary: () => undefined,
      close: () => undefined,
    }
    const conversation = this.emulator.connect(target, peer)
    return { heard, conversation, say: (message: object) => conversation?.onMessage(JSON.stringify(message)) }
  }

  login(change: Record<string, string> = {}): object {
    const timestamp = `${Math.floor(this.emulator.nowMs / 1_000)}`
    const sign = createHmac('sha256', okxKey.secret).update(`${timestamp}GET/users/self/verify`).digest('base64')
    const { apiKey, passphrase } = okxKey
    return { op: 'login', args: [{ apiKey, passphrase, timestamp, sign, ...change }] }
  }
}

describe('signatures and windows', () => {
  test('a good request is answered', () => {
    const { status, body } = new OkxWorld().send('GET', '/api/v5/account/balance?ccy=BTC,USDT')
    expect([status, body.code]).toEqual([200, '0'])
    expect(body.data[0].details).toMatchObject([
      { ccy: 'BTC', availBal: '10', frozenBal: '0' },
      { ccy: 'USDT', availBal: '10000' },
    ])
  })

  test.each([
    ['no key', { 'ok-access-key': '' }, '50103'],
    ['no passphrase', { 'ok-access-passphrase': '' }, '50104'],
    ['no signature', { 'ok-access-sign': '' }, '50106'],
    ['no time', { 'ok-access-timestamp': '' }, '50107'],
    ['an unknown key', { 'ok-access-key': 'nobody' }, '50111'],
    ['a wrong passphrase', { 'ok-access-passphrase': 'no' }, '50105'],
    ['a wrong signature', { 'ok-access-sign': 'AAAA' }, '50113'],
    ['a time that is none', { 'ok-access-timestamp': '1700000000' }, '50112'],
    ['an old time', { 'ok-access-timestamp': '2023-11-14T22:12:00.000Z' }, '50102'],
  ])('%s', (_, change, code) => {
    const { status, body } = new OkxWorld().send('GET', '/api/v5/account/balance', '', change)
    expect([status, body.code, body.data]).toEqual([401, code, []])
  })

  test('orders of an instrument run out with 429 and come back', () => {
    const world = new OkxWorld(0.05)
    const codes = Array.from({ length: 4 }, () => world.place().code)
    expect(codes).toEqual(['0', '0', '0', '50011'])
    expect(world.send('POST', '/api/v5/trade/order', limit).status).toBe(429)
    expect(world.send('GET', '/api/v5/trade/orders-pending').body.data.length).toBe(3)
    world.pass(2_000)
    expect(world.place().code).toBe('0')
  })

  test('an order whose time is over is not read', () => {
    const world = new OkxWorld()
    const late = { exptime: `${world.emulator.nowMs - 1}` }
    expect(world.send('POST', '/api/v5/trade/order', limit, late).body.code).toBe('51149')
    const early = { exptime: `${world.emulator.nowMs + 1}` }
    expect(world.send('POST', '/api/v5/trade/order', limit, early).body.code).toBe('0')
    expect(world.send('GET', '/api/v5/trade/orders-pending').body.data.length).toBe(1)
  })
})

describe('orders in OKX words', () => {
  test.each([
    [{ sz: '0.0015' }, '51121'],
    [{ sz: '0.00001' }, '51121'],
    [{ sz: '0' }, '51000'],
    [{ sz: '-1' }, '51000'],
    [{ px: '90.005' }, '51000'],
    [{ sz: '0.001', px: '10' }, '51020'],
    [{ sz: '99', px: '101' }, '0'],
    [{ sz: '99', px: '102' }, '51008'],
    [{ instId: 'NO-PE' }, '51001'],
    [{ instId: '' }, '50014'],
    [{ side: 'hold' }, '51000'],
    [{ ordType: 'stop' }, '51000'],
    [{ tdMode: 'cross' }, '51010'],
    [{ clOrdId: 'not-alphanumeric' }, '51000'],
    [{ clOrdId: 'x'.repeat(33) }, '51000'],
    [{ stpMode: 'cancel_me' }, '51000'],
  ])('%o', (more, code) => {
    const { data } = new OkxWorld().place(more)
    expect(data[0].sCode).toBe(code)
  })

  test('a filled order tells its fills; fees are negative', () => {
    const world = new OkxWorld()
    const { data } = world.place({ px: '101', clOrdId: 'mine' })
    const { ordId } = data[0]
    const [order] = world.send('GET', `/api/v5/trade/order?instId=BTC-USDT&clOrdId=mine`).body.data
    expect(order).toMatchObject({
      ordId,
      state: 'filled',
      accFillSz: '0.1',
      avgPx: '101',
      fee: '-0.0001',
      feeCcy: 'BTC',
    })
    const fills = world.send('GET', `/api/v5/trade/fills?instType=SPOT&ordId=${ordId}`).body.data
    expect(fills).toMatchObject([
      { ordId, clOrdId: 'mine', fillPx: '101', fillSz: '0.1', fee: '-0.0001', execType: 'T' },
    ])
    const older = `/api/v5/trade/fills?after=${fills[0].billId}`
    expect(world.send('GET', older).body.data).toEqual([])
  })

  test('pages go from the newest to the oldest', () => {
    const world = new OkxWorld()
    const ids = ['90', '91', '92'].map((px) => world.place({ px }).data[0].ordId)
    const page = (more: string) =>
      world
        .send('GET', `/api/v5/trade/orders-pending?instType=SPOT&limit=2${more}`)
        .body.data.map((row: { ordId: string }) => row.ordId)
    expect(page('')).toEqual([ids[2], ids[1]])
    expect(page(`&after=${ids[1]}`)).toEqual([ids[0]])
    expect(page('&after=17')).toEqual([])
  })

  test('a batch fails in part, and as a whole only when all of it fails', () => {
    const world = new OkxWorld()
    const both = world.send('POST', '/api/v5/trade/batch-orders', [limit, { ...limit, px: 'x' }]).body
    expect([both.code, both.data.map((row: { sCode: string }) => row.sCode)]).toEqual(['2', ['0', '51000']])
    const none = world.send('POST', '/api/v5/trade/batch-orders', [{ ...limit, px: 'x' }]).body
    expect(none.code).toBe('1')
    const many = Array.from({ length: 21 }, () => limit)
    expect(world.send('POST', '/api/v5/trade/batch-orders', many).body.code).toBe('51111')
  })

  test('an amendment changes what it names; of an ended order it is refused', () => {
    const world = new OkxWorld()
    const { ordId } = world.place().data[0]
    const amend = (more: object) =>
      world.send('POST', '/api/v5/trade/amend-order', { instId: 'BTC-USDT', ordId, ...more }).body.data[0].sCode
    expect(amend({})).toBe('51500')
    expect(amend({ newPx: '91' })).toBe('0')
    expect(amend({ newSz: '100', newPx: '101' })).toBe('51502')
    expect(world.send('GET', `/api/v5/trade/order?instId=BTC-USDT&ordId=${ordId}`).body.data).toMatchObject([
      { px: '91', sz: '0.1', state: 'live' },
    ])
    expect(amend({ newSz: '200', cxlOnFail: true })).toBe('51005')
    expect(amend({ newPx: '92' })).toBe('51503')
  })
})

describe('sockets', () => {
  test('login, orders and balances; the same subscription twice is told once', () => {
    const world = new OkxWorld()
    const { heard, say, conversation } = world.connect('/ws/v5/private')
    const orders = { channel: 'orders', instType: 'SPOT' }
    say({ op: 'subscribe', args: [orders] })
    say(world.login())
    say({ op: 'subscribe', args: [orders, orders, { channel: 'account', extraParams: '{"updateInterval":"0"}' }] })
    say({ id: '7', op: 'order', args: [{ ...limit, instId: undefined, instIdCode: 10_000, clOrdId: 'ws1' }] })
    expect(heard).toMatchObject([
      { event: 'error', code: '60011' },
      { event: 'login', code: '0' },
      { event: 'subscribe', arg: orders },
      { event: 'subscribe', arg: orders },
      { event: 'subscribe', arg: { channel: 'account' } },
      { arg: { channel: 'account' }, eventType: 'snapshot' },
      { arg: { ...orders, uid: '1' }, data: [{ clOrdId: 'ws1', state: 'live', tradeId: '', fillSz: '0' }] },
      { arg: { channel: 'account' }, eventType: 'event_update', data: [{ details: [{}, { frozenBal: '9' }] }] },
      { id: '7', op: 'order', code: '0', data: [{ clOrdId: 'ws1', sCode: '0' }] },
    ])
    conversation?.onClose()
    world.place()
    expect(heard.length).toBe(9)
  })

  test.each([
    [{ apiKey: 'nobody' }, '60005'],
    [{ timestamp: '1699990000' }, '60006'],
    [{ timestamp: 'now' }, '60004'],
    [{ passphrase: 'no' }, '60024'],
    [{ sign: 'AAAA' }, '60007'],
  ])('a login with %o is refused', (change, code) => {
    const world = new OkxWorld()
    const { heard, say } = world.connect('/ws/v5/private')
    say(world.login(change))
    expect(heard).toMatchObject([{ event: 'error', code }])
  })

  test('nonsense is answered with an error, and other paths are no sockets', () => {
    const world = new OkxWorld()
    const { conversation, heard } = world.connect('/ws/v5/public')
    const said = [
      '',
      '{',
      'null',
      '[1]',
      '{"op":7}',
      '{"op":"subscribe"}',
      '{"op":"subscribe","args":[{"channel":"x"}]}',
    ]
    for (const text of [...said, '{"op":"order","args":[{}]}']) conversation?.onMessage(text)
    expect(heard.map(({ event }) => event)).toEqual(Array.from({ length: 8 }, () => 'error'))
    conversation?.onMessage('ping')
    expect(heard[8]).toEqual({ pong: true })
    expect(world.connect('/ws/v5/other').conversation).toBeUndefined()
  })

  test('a book begins whole, goes on by differences, and says so when it is quiet', () => {
    const world = new OkxWorld()
    const { heard, say } = world.connect('/ws/v5/public')
    const arg = { channel: 'books', instId: 'BTC-USDT' }
    say({ op: 'subscribe', args: [arg] })
    world.market.level(BookSide.ask, 10_100, 40_000)
    world.pass(100)
    world.pass(60_000)
    const rows = heard.slice(1).map(({ action, data }) => [action, (data as Record<string, unknown>[])[0]] as const)
    expect(rows.map(([action]) => action)).toEqual(['snapshot', 'update', 'update'])
    const [, first] = rows[0]
    expect(first).toMatchObject({
      prevSeqId: -1,
      bids: [
        ['99', '5', '0', '1'],
        ['98', '5', '0', '1'],
      ],
    })
    expect(rows[1][1]).toMatchObject({ prevSeqId: first['seqId'], bids: [], asks: [['101', '4', '0', '1']] })
    const { seqId } = rows[1][1]
    expect(rows[2][1]).toMatchObject({ prevSeqId: seqId, seqId, bids: [], asks: [] })
  })
})

describe('our own feed decoder on the emulator', () => {
  const names = ['BTC-USDT', 'ETH-USDT']

  test('books are equal, every checksum holds, nothing is unreadable', () => {
    const feed = new EmulatedFeed(okxEmulator, okx)
    feed.subscribe(names)
    feed.pass(5_000)
    feed.ping()
    feed.settle()
    for (const name of names) {
      expect(feed.bench.book(name)).toBe(feed.shown(name, 400))
      const kept = feed.bench.keeper.book(feed.bench.symbols.add(name))
      expect(kept.updates).toBeGreaterThan(10)
      expect(kept.checksums).toBe(kept.updates + kept.snapshots)
      expect(kept.checksumFaults).toBe(0)
    }
    expect(feed.bench.lost).toEqual([])
    expect(feed.bench.trades.length).toBeGreaterThan(0)
    expect([...feed.verdicts].sort()).toEqual(['answer', 'heartbeat', 'parsed'])
  })

  test('a lost difference loses that book alone; asked for anew it is whole again', () => {
    const feed = new EmulatedFeed(okxEmulator, okx, 12)
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
    for (const one of names) expect(feed.bench.book(one)).toBe(feed.shown(one, 400))
    expect(feed.bench.lost.length).toBe(1)
  })

  test('feed and order entry read the same instruments', () => {
    const world = new OkxWorld()
    const [url] = okx.listingUrls()
    const target = url.slice('https://www.okx.com'.length)
    const { body } = world.emulator.request({ method: 'GET', target, headers: {}, body: '' })
    const [listed] = okx.readListings(url, body) ?? []
    expect(listed).toMatchObject({ name: 'BTC-USDT', symbol: 'BTC/USDT', tickSize: '0.01', lotSize: '0.001' })
    expect(new OkxOrders({ ...okxKey, key: '', privateKey: '' }).onListings([answered(200, body)])).toEqual([
      { ...listed, feeOnReceived: true },
    ])
  })
})

test('whatever is asked is answered in JSON, and the money stays whole', () => {
  const names = [
    'instId',
    'side',
    'ordType',
    'sz',
    'px',
    'tgtCcy',
    'ordId',
    'clOrdId',
    'newSz',
    'newPx',
    'after',
    'limit',
  ]
  const words = [
    'BTC-USDT',
    'buy',
    'sell',
    'limit',
    'market',
    'post_only',
    'ioc',
    'fok',
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
    fc.constantFrom<unknown>('__proto__', '9'.repeat(400), null, 7, [], {}, '3000000000001000001'),
  )
  const good = { instType: 'SPOT', tdMode: 'cash', instId: 'BTC-USDT', side: 'buy', ordType: 'market', sz: '0.1' }
  const route = fc.constantFrom(...questions.keys(), ...deedPaths.keys())
  fc.assert(
    fc.property(
      fc.array(fc.tuple(route, fc.boolean(), fc.dictionary(fc.constantFrom(...names), value)), { maxLength: 12 }),
      (calls) => {
        const world = new OkxWorld()
        for (const [path, isPost, change] of calls) {
          const asked = { ...good, ...change }
          const query = new URLSearchParams(
            Object.fromEntries(Object.entries(asked).map(([name, one]) => [name, String(one)])),
          )
          const { status } = isPost
            ? world.send('POST', path, path.includes('batch') ? [asked, good] : asked)
            : world.send('GET', `${path}?${query}`)
          expect([200, 400, 404, 429]).toContain(status)
        }
        world.emulator.exchange.assertConserved()
      },
    ),
    { numRuns: 150 },
  )
})
