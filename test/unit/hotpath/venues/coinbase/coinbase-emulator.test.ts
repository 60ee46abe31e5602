/** Coinbase's emulator in Coinbase's own words, and through our feed of Coinbase: books by number, trades, listings. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSync, bookLossNames } from '../../../../../hotpath/marketdata/book-keeper.ts'
import { coinbaseEmulator } from '../../../../../hotpath/venues/coinbase/coinbase-emulator.ts'
import { coinbaseRoutes } from '../../../../../hotpath/venues/coinbase/coinbase-emulator-routes.ts'
import { coinbase } from '../../../../../hotpath/venues/coinbase/coinbase-feed.ts'
import { CoinbaseTokens } from '../../../../../hotpath/venues/coinbase/coinbase-token.ts'
import { JwtSigner } from '../../../../../hotpath/venues/native/request-signer.ts'
import { Side } from '../../../../../shared/domain/order.ts'
import { ASK, BID, BUY } from '../../../../conformance/venue-conformance-bench.ts'
import { FeedStage } from '../emulator/feed-stage.ts'
import { coinbaseKey as key, openCoinbase } from './coinbase-world.ts'

const ROOT = '/api/v3/brokerage'
const amounts = { base_size: '0.1', limit_price: '9.5' }
const limit = {
  client_order_id: 'mine-1',
  product_id: 'BTC-USDT',
  side: 'BUY',
  order_configuration: { limit_limit_gtc: amounts },
}
type Words = Record<string, unknown>

class Desk {
  readonly world = openCoinbase()
  readonly tokens = new CoinbaseTokens({ key: key.apiKey, secret: key.secret, passphrase: '', privateKey: '' })

  constructor() {
    this.world.update([
      [ASK, 1_000, 10_000],
      [ASK, 1_005, 10_000],
      [BID, 990, 10_000],
    ])
    this.world.pass(2_000)
  }

  get nowMs(): number {
    return this.world.nowUs() / 1_000
  }

  send(method: string, target: string, token: string, words?: Words) {
    const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` }
    const body = words === undefined ? '' : JSON.stringify(words)
    const answer = this.world.emulator.request({ method, target, headers, body })
    return { status: answer.status, text: answer.body, body: parsed(answer.body) }
  }

  call(method: string, path: string, words?: Words) {
    const [bare] = path.split('?')
    const token = this.tokens.ofRequest(method, 'coinbase.test', ROOT + bare, this.nowMs, 0)
    return this.send(method, ROOT + path, token, words)
  }

  place(more: Words = {}) {
    return this.call('POST', '/orders', { ...limit, ...more }).body as Record<string, never>
  }

  connect() {
    const heard: Words[] = []
    const peer = {
      send: (text: string) => heard.push(JSON.parse(text)),
      sendBinary: () => undefined,
      close: () => undefined,
    }
    const conversation = this.world.emulator.connect('/', peer)
    return { heard, say: (message: unknown) => conversation?.onMessage(JSON.stringify(message)), conversation }
  }
}

function parsed(text: string): Words {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

describe('tokens', () => {
  const claims = { sub: key.apiKey, iss: 'cdp', uri: `GET api.coinbase.com${ROOT}/accounts` }
  type Change = Partial<Record<keyof typeof claims, unknown>> & { nbf?: number; exp?: number }
  const cases: readonly (readonly [string, Change, number])[] = [
    ['a good one', {}, 200],
    ['of another path', { uri: `GET api.coinbase.com${ROOT}/orders` }, 401],
    ['of another method', { uri: `POST api.coinbase.com${ROOT}/accounts` }, 401],
    ['of nothing', { uri: 5 }, 401],
    ['of somebody else', { sub: 'you' }, 401],
    ['by somebody else', { iss: 'me' }, 401],
    ['that has ended', { exp: -1 }, 401],
    ['that lives too long', { exp: 3_600 }, 401],
    ['that begins later', { nbf: 60 }, 401],
  ]
  test.each(cases)('%s', (_, change, status) => {
    const desk = new Desk()
    const now = Math.floor(desk.nowMs / 1_000)
    const { nbf = 0, exp = 120, ...more } = change
    const signer = new JwtSigner(key.secret, { kid: key.apiKey })
    const token = signer.sign({ ...claims, ...more, nbf: now + nbf, exp: now + exp }, '')
    expect(desk.send('GET', `${ROOT}/accounts?limit=3`, token).status).toBe(status)
  })

  test('a wrong signature, another key of the same name, no token at all', () => {
    const desk = new Desk()
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' })
    const liar = new CoinbaseTokens({ key: key.apiKey, secret: other.toString(), passphrase: '', privateKey: '' })
    const good = desk.tokens.ofRequest('GET', 'x', `${ROOT}/accounts`, desk.nowMs, 0)
    const forged = liar.ofRequest('GET', 'x', `${ROOT}/accounts`, desk.nowMs, 0)
    for (const token of ['', 'a.b.c', forged, `${good.slice(0, -6)}AAAAAA`, good.split('.').slice(0, 2).join('.')]) {
      const { status, text } = desk.send('GET', `${ROOT}/accounts`, token)
      expect([status, text]).toEqual([401, 'Unauthorized\n'])
    }
  })

  test('thirty calls a second, and again in the next', () => {
    const desk = new Desk()
    const statuses = Array.from({ length: 40 }, () => desk.call('GET', '/accounts').status)
    expect(statuses.indexOf(429)).toBe(30)
    desk.world.pass(1_000)
    expect(desk.call('GET', '/accounts').status).toBe(200)
  })
})

describe('orders in Coinbase words', () => {
  test.each([
    [{ order_configuration: { limit_limit_gtc: { ...amounts, base_size: '0.001' } } }, 'INVALID_BASE_SIZE_TOO_SMALL'],
    [{ order_configuration: { limit_limit_gtc: { ...amounts, base_size: '11' } } }, 'INVALID_BASE_SIZE_TOO_LARGE'],
    [{ order_configuration: { limit_limit_gtc: { ...amounts, base_size: 'x' } } }, 'INVALID_SIZE_PRECISION'],
    [{ order_configuration: { limit_limit_gtc: { ...amounts, limit_price: '9.51' } } }, 'INVALID_PRICE_PRECISION'],
    [{ order_configuration: { limit_limit_gtc: { base_size: '0.002', limit_price: '0.05' } } }, 'QUOTE_SIZE_TOO_SMALL'],
    [
      { order_configuration: { limit_limit_gtc: { base_size: '0.1', limit_price: '10.05', post_only: true } } },
      'POST_ONLY',
    ],
    [{ order_configuration: { stop_limit: amounts } }, 'UNSUPPORTED_ORDER_CONFIGURATION'],
    [{ order_configuration: 7 }, 'UNSUPPORTED_ORDER_CONFIGURATION'],
    [{ product_id: 'NO-PE' }, 'INVALID_PRODUCT_ID'],
    [{ side: 'HOLD' }, 'INVALID_SIDE'],
  ])('%j', (more, reason) => {
    const answer = new Desk().place(more)
    expect([answer['success'], JSON.stringify(answer['error_response'])]).toEqual([
      false,
      expect.stringContaining(reason),
    ])
  })

  test('an order without a name, or with an end that has passed, is no argument', () => {
    const desk = new Desk()
    expect(desk.call('POST', '/orders', { ...limit, client_order_id: '' })).toMatchObject({
      status: 400,
      body: { error: 'INVALID_ARGUMENT' },
    })
    const gtd = { limit_limit_gtd: { ...amounts, end_time: '2001-01-01T00:00:00Z' } }
    expect(desk.call('POST', '/orders', { ...limit, order_configuration: gtd }).status).toBe(400)
  })

  test('a used name makes no second order', () => {
    const desk = new Desk()
    const first = desk.place()
    const second = desk.place({ side: 'SELL' })
    expect(second['order_id']).toBe(first['order_id'])
    expect((desk.call('GET', '/orders/historical/batch').body['orders'] as Words[]).length).toBe(1)
  })

  test('fills one by one; orders and fills in pages, newest first', () => {
    const desk = new Desk()
    const sweep = { sor_limit_ioc: { base_size: '1.5', limit_price: '10.05' } }
    const { order_id: id } = desk.place({ order_configuration: sweep })
    desk.place({ client_order_id: 'mine-2' })
    expect(desk.call('GET', `/orders/historical/${id}`).body).toMatchObject({
      order: {
        status: 'FILLED',
        filled_size: '1.5',
        filled_value: '15.025',
        number_of_fills: '2',
        total_fees: '0.015025',
      },
    })
    const page = (path: string) => desk.call('GET', path).body
    const newest = page(`/orders/historical/fills?order_ids=${id}&limit=1`)
    expect(newest).toMatchObject({
      fills: [{ price: '10.05', size: '0.5', liquidity_indicator: 'TAKER' }],
      cursor: '1',
    })
    expect(page(`/orders/historical/fills?order_ids=${id}&limit=1&cursor=1`)).toMatchObject({
      fills: [{ price: '10', size: '1', commission: '0.01' }],
      cursor: '',
    })
    expect(page('/orders/historical/batch?limit=1')).toMatchObject({
      orders: [{ client_order_id: 'mine-2' }],
      has_next: true,
    })
    expect(page('/orders/historical/batch?order_status=FILLED')).toMatchObject({
      orders: [{ order_id: id }],
      has_next: false,
    })
  })

  test('a batch is canceled order by order', () => {
    const desk = new Desk()
    const open = desk.place()['order_id']
    const filled = desk.place({
      client_order_id: 'mine-2',
      order_configuration: { sor_limit_ioc: { base_size: '0.1', limit_price: '10' } },
    })['order_id']
    const { body } = desk.call('POST', '/orders/batch_cancel', { order_ids: [open, filled, 'nobody', open] })
    expect((body['results'] as Words[]).map((one) => [one['success'], one['failure_reason']])).toEqual([
      [true, 'UNKNOWN_CANCEL_FAILURE_REASON'],
      [false, 'ORDER_IS_FULLY_FILLED'],
      [false, 'UNKNOWN_CANCEL_ORDER'],
      [false, 'UNKNOWN_CANCEL_ORDER'],
    ])
  })

  test('edits keep the id and say why not', () => {
    const desk = new Desk()
    const id = desk.place()['order_id']
    const edit = (words: Words) => desk.call('POST', '/orders/edit', { order_id: id, ...words }).body
    expect(edit({ price: '9.45', size: '0.2' })).toEqual({ success: true, errors: [] })
    expect(desk.call('GET', `/orders/historical/${id}`).body).toMatchObject({
      order: { order_configuration: { limit_limit_gtc: { base_size: '0.2', limit_price: '9.45' } } },
    })
    const reasons = [{ size: 'x' }, { price: '-1' }, { order_id: 'nobody' }, { price: '9.451' }].map((words) =>
      JSON.stringify(edit(words)['errors']),
    )
    expect(reasons).toEqual([
      expect.stringContaining('INVALID_EDITED_SIZE'),
      expect.stringContaining('INVALID_EDITED_PRICE'),
      expect.stringContaining('ORDER_NOT_FOUND'),
      expect.stringContaining('INVALID_EDITED_PRICE'),
    ])
  })
})

describe('the streams', () => {
  test('one number after the other over all channels; orders as they are', () => {
    const desk = new Desk()
    const { heard, say } = desk.connect()
    const jwt = desk.tokens.ofSocket(desk.nowMs)
    say({ type: 'subscribe', channel: 'heartbeats' })
    say({ type: 'subscribe', channel: 'user', jwt })
    say({ type: 'subscribe', channel: 'level2', product_ids: ['BTC-USDT'] })
    const id = desk.place()['order_id']
    desk.call('POST', '/orders/batch_cancel', { order_ids: [id] })
    desk.world.pass(1_100)
    expect(heard.map((one) => one['sequence_num'])).toEqual(heard.map((_, at) => at))
    const orders = heard
      .filter((one) => one['channel'] === 'user')
      .flatMap((one) => (one['events'] as Words[])[0]['orders'] as Words[])
    expect(orders.map((one) => [one['client_order_id'], one['status'], one['cancel_reason']])).toEqual([
      ['mine-1', 'OPEN', ''],
      ['mine-1', 'CANCELLED', 'User requested cancel'],
    ])
    expect(heard.some((one) => one['channel'] === 'heartbeats')).toBe(true)
  })

  test('orders are told to nobody without a token, and nonsense is refused', () => {
    const desk = new Desk()
    const { heard, say, conversation } = desk.connect()
    for (const text of ['', '{', 'null', '[1]', '{"type":7}']) conversation?.onMessage(text)
    say({ type: 'subscribe', channel: 'user' })
    say({ type: 'subscribe', channel: 'user', jwt: 'a.b.c' })
    say({ type: 'subscribe', channel: 'level2', product_ids: ['NO-PE'] })
    say({ type: 'subscribe', channel: 'gossip' })
    desk.place()
    expect(heard.map((one) => one['type'])).toEqual(new Array(9).fill('error'))
  })
})

describe('our feed of Coinbase reads it', () => {
  test('books level by level, trades by who took', () => {
    const trades: string[] = []
    const stage = new FeedStage(coinbaseEmulator, coinbase, {
      onTrade: ({ aggressor, price, size }) =>
        trades.push(`${aggressor === Side.buy ? 'buy' : 'sell'} ${price} ${size}`),
    })
    stage.walk(10)
    stage.pass(1_000)
    stage.walk(400)
    stage.market.trade(BUY, 1_100, 20)
    stage.pass(100)
    const book = stage.connection.keeper.book(0)
    expect([book.sync, book.losses]).toEqual([BookSync.live, 0])
    expect(stage.keptBook('bids')).toEqual(stage.venueBook('bids'))
    expect(stage.keptBook('asks')).toEqual(stage.venueBook('asks'))
    expect(stage.keptBook('asks').length).toBeGreaterThan(10)
    expect(trades).toEqual([expect.stringMatching(/^buy /)])
  })

  test('a message that was lost is missed by its number, and the book is told anew', () => {
    const lost: string[] = []
    const stage = new FeedStage(coinbaseEmulator, coinbase, {
      onBookLost: (_, book) => lost.push(bookLossNames[book.loss]),
    })
    stage.walk(60)
    stage.pass(1_000)
    lost.length = 0
    stage.faults.skipDiffs(1)
    stage.market.update([[ASK, 1_001, 700]])
    stage.pass(100)
    stage.market.update([[BID, 999, 700]])
    stage.pass(4_000)
    expect(lost).toEqual(['gap'])
    expect(stage.keptBook('asks')).toEqual(stage.venueBook('asks'))
  })

  test('its instruments are what the venue trades', () => {
    const stage = new FeedStage(coinbaseEmulator, coinbase)
    expect(stage.listings()).toEqual([
      expect.objectContaining({
        name: 'BTC-USDT',
        symbol: 'BTC/USDT',
        tickSize: '0.05',
        lotSize: '0.001',
        quantityMin: '0.002',
        quantityMax: '10',
        notionalMin: '0.03',
      }),
    ])
  })
})

test('whatever is asked is answered in JSON, and the money stays whole', () => {
  const value = fc.oneof(
    fc.constantFrom('BTC-USDT', 'BUY', 'SELL', '0.1', '10.05', '9.5', '', '-1', '9'.repeat(300)),
    fc.string(),
  )
  const terms = fc.dictionary(fc.constantFrom('base_size', 'limit_price', 'quote_size', 'end_time', 'post_only'), value)
  const configuration = fc.dictionary(
    fc.constantFrom(
      'limit_limit_gtc',
      'sor_limit_ioc',
      'limit_limit_fok',
      'limit_limit_gtd',
      'market_market_ioc',
      '__proto__',
    ),
    terms,
    { maxKeys: 2 },
  )
  const words = fc.record(
    {
      client_order_id: value,
      product_id: value,
      side: value,
      order_configuration: configuration,
      order_ids: fc.array(value),
      price: value,
    },
    { requiredKeys: [] },
  )
  const routes = [...coinbaseRoutes.keys()].map((route) => route.replace('*', 'x'))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...routes), words), { maxLength: 8 }), (calls) => {
      const desk = new Desk()
      for (const [route, more] of calls) {
        const [method, path] = route.split(' ')
        const token = desk.tokens.ofRequest(method, 'x', path, desk.nowMs, 0)
        const { status, text } = desk.send(method, path, token, { ...limit, ...more })
        expect([200, 400, 404, 429]).toContain(status)
        expect(() => JSON.parse(text)).not.toThrow()
      }
      desk.world.emulator.exchange.assertConserved()
    }),
    { numRuns: 40 },
  )
})
