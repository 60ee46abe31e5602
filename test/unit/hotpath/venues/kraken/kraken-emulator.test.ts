/** Kraken's emulator in Kraken's own words, and through our feed of Kraken: books, checksums, trades, listings. */
import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSync, bookLossNames } from '../../../../../hotpath/marketdata/book-keeper.ts'
import { krakenEmulator } from '../../../../../hotpath/venues/kraken/kraken-emulator.ts'
import { privateRoutes } from '../../../../../hotpath/venues/kraken/kraken-emulator-routes.ts'
import { kraken } from '../../../../../hotpath/venues/kraken/kraken-feed.ts'
import { ASK, BID, BUY } from '../../../../conformance/venue-conformance-bench.ts'
import { FeedStage } from '../emulator/feed-stage.ts'
import { krakenKey as key, openKraken } from './kraken-world.ts'

const limit = { pair: 'XBTUSDT', type: 'buy', ordertype: 'limit', price: '9.5', volume: '0.1' }
type Words = Record<string, unknown>

class Desk {
  readonly world = openKraken()
  #nonce = 10 ** 13

  constructor() {
    this.world.update([
      [ASK, 1_000, 10_000],
      [ASK, 1_005, 10_000],
      [BID, 990, 10_000],
    ])
    this.world.pass(50)
  }

  sign(path: string, nonce: number, body: string, secret = key.secret): string {
    const inner = createHash('sha256').update(`${nonce}${body}`).digest()
    return createHmac('sha512', Buffer.from(secret, 'base64')).update(path).update(inner).digest('base64')
  }

  send(name: string, body: string, headers: Record<string, string>) {
    const answer = this.world.emulator.request({ method: 'POST', target: `/0/private/${name}`, headers, body })
    expect(answer.status).toBe(200)
    return JSON.parse(answer.body) as { error: string[]; result: Record<string, never> }
  }

  call(name: string, words: Record<string, string> = {}) {
    const nonce = ++this.#nonce
    const body = new URLSearchParams({ nonce: `${nonce}`, ...words }).toString()
    const headers = { 'api-key': key.apiKey, 'api-sign': this.sign(`/0/private/${name}`, nonce, body) }
    return this.send(name, body, headers)
  }

  json(name: string, words: Words) {
    const nonce = ++this.#nonce
    const body = JSON.stringify({ nonce: `${nonce}`, ...words })
    const signature = this.sign(`/0/private/${name}`, nonce, body)
    return this.send(name, body, { 'api-key': key.apiKey, 'api-sign': signature, 'content-type': 'application/json' })
  }

  connect() {
    const heard: Words[] = []
    const peer = {
      send: (text: string) => heard.push(JSON.parse(text)),
      sendBinary: () => undefined,
      close: () => undefined,
    }
    const conversation = this.world.emulator.connect('/v2', peer)
    return { heard, say: (message: unknown) => conversation?.onMessage(JSON.stringify(message)), conversation }
  }

  token(): string {
    return this.call('GetWebSocketsToken').result['token']
  }
}

describe('keys, signatures and nonces', () => {
  const path = '/0/private/Balance'
  test.each([
    ['no key', '', 7, key.secret, 'EAPI:Invalid key'],
    ['an unknown key', 'stranger', 7, key.secret, 'EAPI:Invalid key'],
    ['a wrong secret', key.apiKey, 7, 'AAAA', 'EAPI:Invalid signature'],
  ])('%s', (_, apiKey, nonce, secret, error) => {
    const desk = new Desk()
    const body = `nonce=${nonce}`
    const answer = desk.send('Balance', body, {
      'api-key': apiKey,
      'api-sign': desk.sign(path, nonce, body, secret),
    })
    expect(answer.error).toEqual([error])
  })

  test('a nonce is used once and never goes back', () => {
    const desk = new Desk()
    const send = (nonce: number): string[] => {
      const body = `nonce=${nonce}`
      return desk.send('Balance', body, { 'api-key': key.apiKey, 'api-sign': desk.sign(path, nonce, body) }).error
    }
    expect([send(5e13), send(5e13), send(4e13), send(5e13 + 1)]).toEqual([
      [],
      ['EAPI:Invalid nonce'],
      ['EAPI:Invalid nonce'],
      [],
    ])
  })

  test('calls run out, and come back with time', () => {
    const desk = new Desk()
    const errors = Array.from({ length: 30 }, () => desk.call('TradesHistory').error[0])
    expect(errors.indexOf('EAPI:Rate limit exceeded')).toBeGreaterThan(5)
    desk.world.pass(5_000)
    expect(desk.call('TradesHistory').error).toEqual([])
  })

  test('young cancels are dear: orders run out sooner', () => {
    const desk = new Desk()
    let placed = 0
    for (let at = 0; at < 40; at++) {
      const { error, result } = desk.call('AddOrder', limit)
      if (error[0] === 'EOrder:Rate limit exceeded') break
      placed++
      desk.call('CancelOrder', { txid: result['txid'][0] })
    }
    // Each costs 1 and 8 more: 125 points are for 14.
    expect(placed).toBe(14)
  })
})

describe('orders in Kraken words', () => {
  test.each([
    [{ volume: '0.001' }, 'EOrder:Order minimum not met'],
    [{ volume: '0.00251' }, 'EGeneral:Invalid arguments:volume'],
    [{ volume: 'x' }, 'EGeneral:Invalid arguments:volume'],
    [{ price: '9.51' }, 'EOrder:Tick size check failed'],
    [{ price: '9.511' }, 'EOrder:Tick size check failed'],
    [{ price: '-9' }, 'EGeneral:Invalid arguments:price'],
    [{ price: '0.05', volume: '0.002' }, 'EOrder:Cost minimum not met'],
    [{ pair: 'NOPE' }, 'EQuery:Unknown asset pair'],
    [{ type: 'hold' }, 'EGeneral:Invalid arguments:type'],
    [{ ordertype: 'stop-loss' }, 'EGeneral:Invalid arguments:ordertype'],
    [{ timeinforce: 'GTX' }, 'EGeneral:Invalid arguments:timeinforce'],
    [{ timeinforce: 'GTD' }, 'EGeneral:Invalid arguments:expiretm'],
    [{ cl_ord_id: 'longer-than-eighteen' }, 'EGeneral:Invalid arguments:cl_ord_id'],
    [{ deadline: 'soon' }, 'EGeneral:Invalid arguments:deadline'],
    [{ deadline: '2001-01-01T00:00:00Z' }, 'EService:Deadline elapsed'],
    [{ price: '10.05', oflags: 'post' }, 'EOrder:Post only order'],
  ])('%o', (more, error) => {
    expect(new Desk().call('AddOrder', { ...limit, ...(more as Record<string, string>) }).error).toEqual([error])
  })

  test('every name of a pair is the pair', () => {
    const desk = new Desk()
    for (const pair of ['XBTUSDT', 'XBT/USDT', 'BTC/USDT']) {
      const { result } = desk.call('AddOrder', { ...limit, pair })
      expect(result).toMatchObject({ descr: { order: 'buy 0.100 XBTUSDT @ limit 9.50' } })
    }
  })

  test('a filled order, its trades, and the order again with the ids of its trades', () => {
    const desk = new Desk()
    const { result } = desk.call('AddOrder', { ...limit, price: '10.05', volume: '1.5', cl_ord_id: 'mine-1' })
    const [txid] = result['txid'] as string[]
    const row = desk.call('QueryOrders', { txid, trades: 'true' }).result[txid] as Record<string, never>
    expect(row).toMatchObject({
      status: 'closed',
      cl_ord_id: 'mine-1',
      vol: '1.500',
      vol_exec: '1.500',
      cost: '15.02500',
    })
    const trades = desk.call('QueryTrades', { txid: (row['trades'] as string[]).join(',') }).result
    expect(Object.values(trades)).toMatchObject([
      { ordertxid: txid, price: '10.00', vol: '1.000', fee: '0.01', maker: false },
      { ordertxid: txid, price: '10.05', vol: '0.500', fee: '0.005025', maker: false },
    ])
    expect(desk.call('ClosedOrders', { cl_ord_id: 'mine-1' }).result).toMatchObject({
      count: 1,
      closed: { [txid]: {} },
    })
    expect(desk.call('TradesHistory').result).toMatchObject({ count: 2 })
  })

  test('a batch is taken and refused order by order', () => {
    const desk = new Desk()
    const one = { ordertype: 'limit', type: 'buy', price: '9.5', volume: '0.1' }
    const { error, result } = desk.json('AddOrderBatch', {
      pair: 'XBTUSDT',
      orders: [one, { ...one, price: '9.511' }, { ...one, volume: '0.001' }],
    })
    expect(error).toEqual([])
    const rows = result['orders'] as Words[]
    expect(rows.map((row) => row['error'])).toEqual([
      undefined,
      'EOrder:Tick size check failed',
      'EOrder:Order minimum not met',
    ])
    expect(desk.json('CancelOrderBatch', { orders: [rows[0]['txid'], 'ONOPE0-00000-000000'] }).result).toEqual({
      count: 1,
    })
  })
})

describe('the private channels', () => {
  test('say an order once in full and then only what is new', () => {
    const desk = new Desk()
    const { heard, say } = desk.connect()
    const token = desk.token()
    say({ method: 'subscribe', params: { channel: 'executions', token } })
    say({ method: 'subscribe', params: { channel: 'balances', token } })
    const { result } = desk.call('AddOrder', { ...limit, cl_ord_id: 'mine-2' })
    desk.call('CancelOrder', { cl_ord_id: 'mine-2' })
    const told = heard.filter((one) => one['channel'] === 'executions')
    expect(told.map((one) => [one['type'], one['sequence']])).toEqual([
      ['snapshot', 1],
      ['update', 2],
      ['update', 3],
      ['update', 4],
    ])
    const [, pending, fresh, canceled] = told.map((one) => (one['data'] as Words[])[0])
    expect(pending).toMatchObject({ exec_type: 'pending_new', symbol: 'BTC/USDT', limit_price: 9.5, order_qty: 0.1 })
    expect(fresh).toEqual({
      order_id: result['txid'][0],
      order_userref: 0,
      cl_ord_id: 'mine-2',
      exec_type: 'new',
      order_status: 'new',
      timestamp: expect.stringMatching(/Z$/),
    })
    expect(canceled).toMatchObject({ exec_type: 'canceled', cum_qty: 0, reason: 'User requested' })
    expect(canceled).not.toHaveProperty('symbol')
    // Held money is still there: nothing to say of balances.
    expect(heard.filter((one) => one['channel'] === 'balances').length).toBe(1)
  })

  test('trades move balances; orders go over the socket too', () => {
    const desk = new Desk()
    const { heard, say } = desk.connect()
    const token = desk.token()
    say({ method: 'subscribe', params: { channel: 'balances', token } })
    const order = { order_type: 'limit', side: 'buy', symbol: 'BTC/USDT', order_qty: 1, limit_price: 10, token }
    say({ method: 'add_order', params: { ...order, time_in_force: 'ioc' }, req_id: 7 })
    say({ method: 'add_order', params: { ...order, limit_price: 9.511 }, req_id: 8 })
    say({ method: 'cancel_order', params: { order_id: ['ONOPE0-00000-000000'], token }, req_id: 9 })
    say({ method: 'add_order', params: { ...order, token: 'stolen' }, req_id: 10 })
    const update = heard.find((one) => one['channel'] === 'balances' && one['type'] === 'update')
    expect(update?.['data']).toMatchObject([
      { asset: 'BTC', amount: 1, balance: 101 },
      { asset: 'USDT', amount: -10.01 },
    ])
    expect(heard.filter((one) => 'req_id' in one)).toMatchObject([
      { req_id: 7, success: true, result: { order_id: expect.stringMatching(/^O/) } },
      { req_id: 8, success: false, error: 'EOrder:Tick size check failed' },
      { req_id: 9, success: false, error: 'EOrder:Unknown order' },
      { req_id: 10, success: false, error: 'ESession:Invalid session' },
    ])
  })

  test('nonsense is answered and changes nothing', () => {
    const desk = new Desk()
    const { heard, say, conversation } = desk.connect()
    for (const text of ['', '{', 'null', '[1]', '7']) conversation?.onMessage(text)
    say({ method: 'subscribe', params: { channel: 'book', symbol: ['XBT/USDT', 'NO/PE'] } })
    say({ method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USDT'], depth: 11 } })
    say({ method: 'subscribe', params: { channel: 'executions', token: 'none' } })
    say({ method: 'unsubscribe', params: { channel: 'trade', symbol: ['BTC/USDT'] } })
    expect(heard.filter((one) => one['success'] === false).length).toBe(10)
  })
})

describe('our feed of Kraken reads it', () => {
  test('books level by level, every checksum right, trades as they were', () => {
    const trades: string[] = []
    const stage = new FeedStage(krakenEmulator, kraken, {
      onTrade: (trade) => trades.push(`${trade.aggressor} ${trade.price} ${trade.size}`),
    })
    stage.walk(10)
    stage.pass(1_000)
    stage.walk(400)
    stage.market.trade(BUY, 1_100, 20)
    stage.pass(100)
    const book = stage.connection.keeper.book(0)
    expect(book.sync).toBe(BookSync.live)
    expect(stage.keptBook('bids')).toEqual(stage.venueBook('bids'))
    expect(stage.keptBook('asks')).toEqual(stage.venueBook('asks'))
    expect(stage.keptBook('asks').length).toBeGreaterThan(10)
    expect([book.checksums > 50, book.checksumFaults, book.losses]).toEqual([true, 0, 0])
    expect(trades.length).toBe(1)
  })

  test('a change that was lost is noticed by its checksum, and the book is told anew', () => {
    const lost: string[] = []
    const stage = new FeedStage(krakenEmulator, kraken, {
      onBookLost: (_, book) => lost.push(bookLossNames[book.loss]),
    })
    stage.walk(60)
    stage.pass(1_000)
    lost.length = 0
    stage.faults.skipDiffs(1)
    stage.market.update([[ASK, 1_001, 700]])
    stage.pass(100)
    stage.market.update([[BID, 999, 700]])
    stage.pass(3_000)
    expect(lost).toEqual(['checksum'])
    expect(stage.connection.keeper.book(0).sync).toBe(BookSync.live)
    expect(stage.keptBook('asks')).toEqual(stage.venueBook('asks'))
  })

  test('its instruments are what the venue trades', () => {
    const stage = new FeedStage(krakenEmulator, kraken)
    expect(stage.listings()).toEqual([
      expect.objectContaining({
        name: 'BTC/USDT',
        symbol: 'BTC/USDT',
        tickSize: '0.05',
        lotSize: '0.001',
        quantityMin: '0.002',
        notionalMin: '0.03',
      }),
    ])
  })
})

test('whatever is asked is answered in JSON, and the money stays whole', () => {
  const names = [
    'pair',
    'type',
    'ordertype',
    'price',
    'volume',
    'timeinforce',
    'oflags',
    'txid',
    'cl_ord_id',
    'ofs',
    'start',
  ]
  const words = [
    'XBTUSDT',
    'buy',
    'sell',
    'limit',
    'market',
    'IOC',
    'FOK',
    'post',
    'viqc',
    '9.5',
    '10.05',
    '0.1',
    '-5',
    '',
  ]
  const value = fc.oneof(fc.constantFrom(...words), fc.string(), fc.constantFrom('__proto__', '9'.repeat(400), '1e9'))
  const call = fc.tuple(fc.constantFrom(...privateRoutes.keys()), fc.dictionary(fc.constantFrom(...names), value))
  fc.assert(
    fc.property(fc.array(call, { maxLength: 10 }), (calls) => {
      const desk = new Desk()
      for (const [name, more] of calls) {
        const { error, result } = desk.call(name, { ...limit, ...more })
        expect(Array.isArray(error) && (error.length > 0 || typeof result === 'object')).toBe(true)
      }
      desk.world.emulator.exchange.assertConserved()
    }),
    { numRuns: 60 },
  )
})
