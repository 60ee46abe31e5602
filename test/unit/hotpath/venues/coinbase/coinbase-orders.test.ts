/** Coinbase's dialect on its own words: tokens, requests, answers, refusals; samples are skipped when absent. */
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readAnswer, refusalOf } from '../../../../../hotpath/venues/coinbase/coinbase-errors.ts'
import type { VenueRequest } from '../../../../../hotpath/venues/door/venue-doors.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'
import { newsLines } from '../emulator/news-lines.ts'
import { answered, CLIENT_ID } from '../native/scripted-venue.ts'
import { fill, gtc, ID, NOW, named, openDialect, order, row, symbol, userMessage } from './coinbase-fixtures.ts'
import { coinbaseKey } from './coinbase-world.ts'

const SAMPLES = join(resolve(process.env['SOR_DATA'] ?? '../shared/data'), 'exchange-api-messages/coinbase')

function claimsOf({ headers }: VenueRequest): {
  header: Record<string, unknown>
  claims: Record<string, unknown>
  parts: string[]
} {
  const parts = headers['authorization'].slice('Bearer '.length).split('.')
  const [header, claims] = parts.slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  return { header, claims, parts }
}

const success = (id = ID, clientId = CLIENT_ID) =>
  answered(200, {
    success: true,
    success_response: { order_id: id, product_id: 'BTC-USDT', client_order_id: clientId },
  })

describe('tokens', () => {
  test('of an order: who, where, and no longer than its deadline', () => {
    const request = openDialect().place(order(), NOW)
    const { header, claims, parts } = claimsOf(request)
    expect(header).toMatchObject({ alg: 'ES256', typ: 'JWT', kid: coinbaseKey.apiKey })
    expect(claims).toEqual({
      sub: coinbaseKey.apiKey,
      iss: 'cdp',
      nbf: NOW / 1_000,
      exp: NOW / 1_000 + 1,
      uri: 'POST api.coinbase.com/api/v3/brokerage/orders',
    })
    const data = Buffer.from(parts.slice(0, 2).join('.'))
    const publicKey = { key: createPublicKey(coinbaseKey.publicKey), dsaEncoding: 'ieee-p1363' as const }
    expect(verify('sha256', data, publicKey, Buffer.from(parts[2], 'base64url'))).toBe(true)
  })

  test('the query is no part of it, two minutes are the most, no nonce comes twice', () => {
    const dialect = openDialect()
    const requests = [dialect.balances([symbol], NOW)[0], dialect.place(order({ deadlineMs: NOW + 900_000 }), NOW)]
    expect(claimsOf(requests[0]).claims['uri']).toBe('GET api.coinbase.com/api/v3/brokerage/accounts')
    expect(claimsOf(requests[1]).claims['exp']).toBe(NOW / 1_000 + 120)
    const nonces = requests.map((one) => claimsOf(one).header['nonce'] as string)
    expect(new Set(nonces).size).toBe(2)
    expect(nonces.every((nonce) => /^[0-9a-f]{32}$/.test(nonce))).toBe(true)
  })

  test('an Ed25519 key, as PEM and as Coinbase hands it out', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const jwk = privateKey.export({ format: 'jwk' })
    const raw = Buffer.concat([Buffer.from(jwk.d ?? '', 'base64url'), Buffer.from(jwk.x ?? '', 'base64url')])
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const secret of [raw.toString('base64'), pem]) {
      const { header, parts } = claimsOf(openDialect({ key: 'id', secret }).place(order(), NOW))
      expect(header['alg']).toBe('EdDSA')
      const data = Buffer.from(parts.slice(0, 2).join('.'))
      expect(verify(null, data, publicKey, Buffer.from(parts[2], 'base64url'))).toBe(true)
    }
  })

  test('an unreadable key is refused without being quoted', () => {
    expect(() => openDialect({ key: 'id', secret: 'secretsecret' })).toThrow(/neither a PEM nor/)
    expect(() => openDialect({ key: 'id', secret: 'secretsecret' })).not.toThrow(/secretsecret/)
  })
})

describe('requests', () => {
  const amounts = { base_size: '1.5', limit_price: '1000.05' }
  test.each([
    [{}, { sor_limit_ioc: amounts }],
    [{ timeInForce: 'fok' as const }, { limit_limit_fok: amounts }],
    [{ timeInForce: 'gtc' as const, postOnly: true }, { limit_limit_gtc: { ...amounts, post_only: true } }],
    [
      { timeInForce: 'gtd' as const, deadlineMs: NOW + 60_000 },
      { limit_limit_gtd: { ...amounts, end_time: '2023-11-14T22:14:20.000Z', post_only: false } },
    ],
  ])('%o', (change, configuration) => {
    const { method, url, body } = openDialect().place(order(change), NOW)
    expect([method, url]).toEqual(['POST', 'https://api.coinbase.com/api/v3/brokerage/orders'])
    expect(JSON.parse(body)).toEqual({
      client_order_id: CLIENT_ID,
      product_id: 'BTC-USDT',
      side: 'BUY',
      order_configuration: configuration,
      self_trade_prevention_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  test('everything is canceled by the ids that were heard, a hundred at a time', () => {
    const dialect = openDialect()
    const { news } = newsLines()
    dialect.stream.hello(NOW)
    expect(dialect.cancelAll([symbol], NOW)).toEqual([])
    for (let at = 0; at < 101; at++)
      dialect.stream.onMessage(userMessage(at, { order_id: `id-${at}` }, 'snapshot'), news, NOW)
    dialect.stream.onMessage(userMessage(101, { order_id: 'id-7', status: 'CANCELLED' }), news, NOW)
    const ids = dialect.cancelAll([symbol], NOW).map(({ body }) => JSON.parse(body).order_ids)
    expect(ids.map((some) => some.length)).toEqual([100])
    expect(ids[0]).not.toContain('id-7')
    const partly = { results: [{ success: true }, { success: false, failure_reason: 'UNKNOWN_CANCEL_ORDER' }] }
    expect(dialect.onAllCanceled(answered(200, partly)).kind).toBe('done')
    const failed = {
      results: [{ success: true }, { success: false, failure_reason: 'COMMANDER_REJECTED_CANCEL_ORDER' }],
    }
    expect(dialect.onAllCanceled(answered(200, failed)).kind).toBe('unknown')
  })
})

describe('answers', () => {
  test('the second answer under one id is a duplicate, whatever the stream said before', () => {
    const dialect = openDialect()
    const { news, lines } = newsLines()
    dialect.stream.hello(NOW)
    dialect.place(order(), NOW)
    dialect.place(order(), NOW)
    dialect.stream.onMessage(userMessage(0, {}), news, NOW)
    expect(dialect.onPlaced(success(), order(), news)).toEqual({ kind: 'done' })
    expect(dialect.onPlaced(success(), order(), news)).toMatchObject({ kind: 'refused' })
    expect(lines).toEqual(new Array(2).fill(`accepted ${CLIENT_ID} ${ID} BTC-USDT`))
  })

  test('a cancel of what we do not know: of nobody, of an order whose answer was lost, of one that is full', () => {
    const dialect = openDialect()
    const refusal = (reason: string) => answered(200, { results: [{ success: false, failure_reason: reason }] })
    expect(dialect.onCanceled(refusal('UNKNOWN_CANCEL_ORDER'), named)).toEqual({ kind: 'notFound' })
    dialect.place(order(), NOW)
    expect(dialect.onCanceled(refusal('UNKNOWN_CANCEL_ORDER'), named).kind).toBe('unknown')
    expect(dialect.onCanceled(refusal('ORDER_IS_FULLY_FILLED'), { ...named, venueId: ID })).toEqual({
      kind: 'notFound',
    })
    expect(dialect.onCanceled(refusal('DUPLICATE_CANCEL_REQUEST'), { ...named, venueId: ID }).kind).toBe('unknown')
    expect(dialect.onCanceled(answered(200, { results: [] }), named).kind).toBe('unknown')
  })

  test('an order without an id is looked for page by page; one that may still arrive is not given up', () => {
    const dialect = openDialect()
    const { news } = newsLines()
    dialect.place(order({ deadlineMs: NOW + 500 }), NOW)
    const [first] = dialect.query(named, NOW)
    expect(first.url).toContain('/orders/historical/batch?start_date=')
    expect(first.url).toContain('&product_ids=BTC-USDT')
    const page = answered(200, { orders: [{ ...row, client_order_id: 'x' }], has_next: true, cursor: 'c&1' })
    const more = dialect.onQueried([page], named, news, NOW)
    expect(more.kind === 'more' && more.requests[0].url).toContain('cursor=c%261')
    const last = answered(200, { orders: [], has_next: false, cursor: '' })
    expect(dialect.onQueried([page, last], named, news, NOW + 900).kind).toBe('unknown')
    expect(dialect.onQueried([page, last], named, news, NOW + 2_001).kind).toBe('notFound')
    expect(openDialect().onQueried([last], named, news, NOW).kind).toBe('notFound')
  })

  test('a state is told when its fills make it up, and not before; pages of fills are followed', () => {
    const dialect = openDialect()
    const { news, lines } = newsLines()
    const at = { ...named, venueId: ID }
    const state = answered(200, { order: { ...row, ...gtc, status: 'FILLED', filled_size: '1' } })
    const half = answered(200, { fills: [fill('t2', '0.6', '2023-11-14T22:13:22Z')], cursor: '' })
    expect(dialect.onQueried([state, half], at, news, NOW).kind).toBe('unknown')
    expect(lines).toEqual([])
    const paged = answered(200, { fills: [fill('t2', '0.6', '2023-11-14T22:13:22Z')], cursor: '1' })
    expect(dialect.onQueried([state, paged], at, news, NOW).kind).toBe('more')
    const rest = answered(200, { fills: [fill('t1', '0.4')], cursor: '' })
    expect(dialect.onQueried([state, paged, rest], at, news, NOW).kind).toBe('done')
    expect(lines).toEqual([
      `fill ${CLIENT_ID} ${ID} t1 0.4@10 of BTC-USDT fee 0.01 USDT maker`,
      `fill ${CLIENT_ID} ${ID} t2 0.6@10 of BTC-USDT fee 0.01 USDT maker`,
      `status ${CLIENT_ID} ${ID} ended 1 of 1@10`,
    ])
  })

  test('many accounts have many pages: a missing one is asked for with the next', () => {
    const dialect = openDialect()
    const { news, lines } = newsLines()
    const account = (currency: string, value: string) => ({ currency, available_balance: { value, currency } })
    const first = answered(200, { accounts: [account('BTC', '1.5')], has_next: true, cursor: 'p2' })
    expect(dialect.balances([symbol], NOW).length).toBe(1)
    expect(dialect.onBalances([first], news).kind).toBe('unknown')
    const requests = dialect.balances([symbol], NOW)
    expect(requests.map(({ url }) => url.includes('cursor=p2'))).toEqual([false, true])
    const second = answered(200, { accounts: [account('USDT', '7')], has_next: false, cursor: '' })
    expect(dialect.onBalances([first, second], news).kind).toBe('done')
    expect(lines).toEqual(['balance BTC 1.5', 'balance USDT 7'])
  })

  test('one fee tier for all', () => {
    const dialect = openDialect()
    dialect.fees([symbol], NOW)
    const body = { fee_tier: { maker_fee_rate: '0.006', taker_fee_rate: '0.0120001' } }
    expect(dialect.onFees([answered(200, body)]).get('BTC-USDT')).toEqual({ makerPpm: 6_000, takerPpm: 12_001 })
  })
})

describe('refusals', () => {
  const failure = (reasons: object) => refusalOf({ success: false, error_response: reasons })
  test.each([
    [{ error: 'INSUFFICIENT_FUND' }, 'insufficientBalance'],
    [{ error: 'UNKNOWN_FAILURE_REASON', preview_failure_reason: 'PREVIEW_INSUFFICIENT_FUND' }, 'insufficientBalance'],
    [{ new_order_failure_reason: 'INVALID_LIMIT_PRICE_POST_ONLY' }, 'postOnlyWouldTake'],
    [{ preview_failure_reason: 'PREVIEW_INVALID_BASE_SIZE_TOO_SMALL' }, 'minQuantity'],
    [{ preview_failure_reason: 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL' }, 'minNotional'],
    [{ error: 'INVALID_PRICE_PRECISION' }, 'priceFilter'],
    [{ error: 'INVALID_SIZE_PRECISION' }, 'lotSize'],
    [{ error: 'INVALID_PRODUCT_ID' }, 'unknownSymbol'],
    [{ error: 'ORDER_ENTRY_DISABLED' }, 'venueDown'],
    [{ error: 'UNSUPPORTED_ORDER_CONFIGURATION' }, 'unknown'],
  ])('%j', (reasons, name) => {
    const outcome = failure(reasons)
    expect(outcome.kind === 'refused' && rejectReasonNames[outcome.reason]).toBe(name)
  })

  test.each([
    { error: 'UNKNOWN_FAILURE_REASON' },
    { error: 'SOMETHING_NEW' },
    {},
    { error: 7 },
    { error: '__proto__' },
  ])('%j is no refusal: unknown', (reasons) => {
    expect(failure(reasons).kind).toBe('unknown')
  })

  test('HTTP errors', () => {
    const kinds = (
      [
        [401, 'Unauthorized\n'],
        [403, { error: 'PERMISSION_DENIED' }],
        [400, { error: 'INVALID_ARGUMENT' }],
        [429, ''],
        [404, { error: 'unknown', message: 'order with this orderID was not found' }],
        [400, { error: 'SOMETHING_NEW' }],
        [404, 'nginx'],
        [200, 'not json'],
      ] as const
    ).map(([status, body]) => readAnswer(answered(status, body)).outcome?.kind)
    expect(kinds).toEqual(['refused', 'refused', 'refused', 'refused', 'notFound', 'unknown', 'unknown', 'unknown'])
  })
})

test('hostile words never throw past the dialect', () => {
  const text = userMessage(1, { cumulative_quantity: '0.4', status: 'FILLED' })
  const mutation = fc.tuple(fc.nat(400), fc.nat(3), fc.string({ unit: 'binary', maxLength: 6 }))
  const { news } = newsLines()
  fc.assert(
    fc.property(fc.array(mutation, { maxLength: 8 }), (mutations) => {
      const dialect = openDialect()
      for (const [at, cut, more] of mutations) {
        const place = at % text.length
        const mutated = text.slice(0, place) + more + text.slice(place + cut)
        dialect.stream.hello(NOW)
        dialect.stream.onMessage(mutated, news, NOW)
        for (const read of [
          () => dialect.onPlaced(answered(200, mutated), order(), news),
          () => dialect.onCanceled(answered(200, mutated), named),
          () => dialect.onOpenOrders([answered(200, mutated)], news),
          () => dialect.onFills(answered(200, mutated), news, NOW),
          () => dialect.onBalances([answered(200, mutated)], news),
          () => dialect.onQueried([answered(200, mutated)], named, news, NOW),
        ]) {
          expect(typeof read()).toBe('object')
        }
      }
    }),
    { numRuns: 200 },
  )
})

describe.skipIf(!existsSync(SAMPLES))('real and documented samples (needs SOR_DATA: skipped when absent)', () => {
  const sample = (path: string) => answered(200, readFileSync(join(SAMPLES, path), 'utf8'))

  test('orders, the user channel, listings', () => {
    const dialect = openDialect()
    const { news, lines } = newsLines()
    expect(dialect.onOpenOrders([sample('http_orders_list.json')], news).kind).toBe('done')
    expect(lines[0]).toBe('status 11111-000000-000001 0000-000000-000001 open 0 of 0.01@45000.00')
    lines.length = 0
    dialect.stream.hello(NOW)
    expect(dialect.stream.onMessage(sample('ws_subscriptions.json').body, news, NOW)).toBe('ignored')
    expect(dialect.stream.onMessage(sample('ws_user.json').body, news, NOW)).toBe('news')
    expect(lines).toEqual([])
    expect(JSON.parse(dialect.cancelAll([], NOW)[0].body).order_ids).toContain(ID)
    const product = JSON.parse(sample('http_product.json').body)
    expect(dialect.onListings([answered(200, { products: [product] })])).toMatchObject([
      { name: 'BTC-USD', tickSize: '0.01', lotSize: '0.00000001', quantityMax: '3400', notionalMin: '1' },
    ])
  })

  test('one order, whose fills are not with it', () => {
    const { news, lines } = newsLines()
    const at = { ...named, venueId: '0000-000000-000000' }
    const answers = [sample('http_order.json'), answered(200, { fills: [], cursor: '' })]
    expect(openDialect().onQueried(answers, at, news, NOW).kind).toBe('unknown')
    expect(lines).toEqual([])
  })
})
