/** Binance's dialect on its own words: requests as documented, answers and refusals; samples are skipped when absent. */

import { createHmac, generateKeyPairSync, verify } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../../../../hotpath/venues/binance/binance-errors.ts'
import { BinanceOrders } from '../../../../../hotpath/venues/binance/binance-orders.ts'
import type { OrderNews, VenueOrder } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { rejectReasonNames } from '../../../../../shared/domain/reject-reason.ts'
import { answered, testKeys, testSymbol } from '../native/scripted-venue.ts'

const SAMPLES = join(resolve(process.env['SOR_DATA'] ?? '../shared/data'), 'exchange-api-messages/binance/spot')
const NOW = 1_700_000_000_000
const CLIENT_ID = 's00010000001001'
const dialect = new BinanceOrders(testKeys)

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

/** News as lines. */
function listener(): { news: OrderNews; lines: string[] } {
  const lines: string[] = []
  const news: OrderNews = {
    onAccepted: ({ clientId, venueId }) => lines.push(`accepted ${clientId} ${venueId}`),
    onFill: (fill) =>
      lines.push(
        `fill ${fill.executionId} ${fill.quantity}@${fill.price} fee ${fill.fee} ${fill.feeAsset} ${fill.isMaker}`,
      ),
    onEnded: ({ clientId }, how, reason, filled) =>
      lines.push(`${how} ${clientId} ${rejectReasonNames[reason]} ${filled}`),
    onStatus: ({ clientId, isOpen, filled }) => lines.push(`status ${clientId} ${isOpen} ${filled}`),
    onReplaced: ({ venueId }, price, quantity) => lines.push(`replaced ${venueId} ${quantity}@${price}`),
    onBalance: (asset, free) => lines.push(`balance ${asset} ${free}`),
  }
  return { news, lines }
}

describe('requests', () => {
  test('an order: every word, signed as it is sent', () => {
    const { method, url, headers, body } = dialect.place(order(), NOW)
    const [address, query] = url.split('?')
    expect([method, address, body]).toEqual(['POST', 'https://api.binance.com/api/v3/order', ''])
    expect(headers).toEqual({ 'x-mbx-apikey': testKeys.key })
    const [words, signature] = query.split('&signature=')
    expect(words).toBe(
      'symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=IOC&quantity=1.5&price=1000.05&newOrderRespType=FULL' +
        `&selfTradePreventionMode=EXPIRE_TAKER&newClientOrderId=${CLIENT_ID}&recvWindow=800&timestamp=${NOW}`,
    )
    expect(signature).toBe(createHmac('sha256', testKeys.secret).update(words).digest('hex'))
  })

  test('post-only is LIMIT_MAKER and has no time in force', () => {
    const { url } = dialect.place(order({ postOnly: true, timeInForce: 'gtc' }), NOW)
    expect(url).toContain('type=LIMIT_MAKER&quantity')
    expect(url).not.toContain('timeInForce')
  })

  test('the window is never longer than Binance takes', () => {
    expect(dialect.place(order({ deadlineMs: NOW + 600_000 }), NOW).url).toContain('recvWindow=60000&')
    expect(dialect.place(order({ deadlineMs: 0 }), NOW).url).toContain('recvWindow=5000&')
  })

  test('an Ed25519 key signs the same words', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const keys = { key: 'k', secret: '', passphrase: '', privateKey: pem }
    const [, query] = new BinanceOrders(keys).place(order(), NOW).url.split('?')
    const [words, signature] = query.split('&signature=')
    const bytes = Buffer.from(decodeURIComponent(signature), 'base64')
    expect(verify(null, Buffer.from(words), publicKey, bytes)).toBe(true)
  })

  test('a symbol outside ASCII is signed escaped', () => {
    const { url } = dialect.place(order({ symbol: { ...testSymbol, name: '币USDT' } }), NOW)
    expect(url).toContain('symbol=%E5%B8%81USDT&')
  })
})

describe('refusals', () => {
  const rows: readonly (readonly [number, string, string])[] = [
    [-2010, 'Account has insufficient balance for requested action.', 'insufficientBalance'],
    [-2010, 'Duplicate order sent.', 'duplicateClientOrderId'],
    [-2010, 'Order would immediately match and take.', 'postOnlyWouldTake'],
    [-2010, 'Something new.', 'unknown'],
    [-2011, 'Unknown order sent.', 'unknownOrder'],
    [-1013, 'Filter failure: PRICE_FILTER', 'priceFilter'],
    [-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE', 'priceFilter'],
    [-1013, 'Filter failure: NOTIONAL', 'minNotional'],
    [-1013, 'Filter failure: LOT_SIZE', 'lotSize'],
    [-1013, 'Filter failure: MAX_NUM_ORDERS', 'tooManyOpenOrders'],
    [-1015, 'Too many new orders.', 'rateLimited'],
    [-1021, 'Timestamp for this request is outside of the recvWindow.', 'outsideReceiveWindow'],
    [-1121, 'Invalid symbol.', 'unknownSymbol'],
    [-1022, 'Signature for this request is not valid.', 'unknown'],
  ]
  test.each(rows)('%d %s', (code, msg, reason) => {
    const outcome = refusalOf(answered(400, { code, msg }), order())
    expect(outcome.kind === 'refused' ? rejectReasonNames[outcome.reason] : outcome.kind).toBe(reason)
  })

  test('LOT_SIZE says which bound by the order', () => {
    const answer = answered(400, { code: -1013, msg: 'Filter failure: LOT_SIZE' })
    const reasons = ['0.001', '10.001'].map((quantity) => refusalOf(answer, order({ quantity })))
    expect(reasons.map((one) => one.kind === 'refused' && rejectReasonNames[one.reason])).toEqual([
      'minQuantity',
      'maxQuantity',
    ])
  })

  test.each([-1000, -1001, -1006, -1007, -1008, 0, -99999])('%d is no refusal: unknown', (code) => {
    expect(refusalOf(answered(400, { code, msg: 'x' })).kind).toBe('unknown')
  })
})

describe('the stream', () => {
  test('subscribes by signature over sorted words', () => {
    const [text] = dialect.stream.hello(NOW)
    const { method, params } = JSON.parse(text)
    expect(method).toBe('userDataStream.subscribe.signature')
    const words = `apiKey=${testKeys.key}&timestamp=${NOW}`
    expect(params).toEqual({
      apiKey: testKeys.key,
      timestamp: NOW,
      signature: createHmac('sha256', testKeys.secret).update(words).digest('hex'),
    })
  })

  test('a self-trade stopped is an expiry of its own', () => {
    const { news, lines } = listener()
    const event = {
      e: 'executionReport',
      s: 'BTCUSDT',
      c: CLIENT_ID,
      i: 1,
      x: 'TRADE_PREVENTION',
      X: 'EXPIRED_IN_MATCH',
      z: '0',
      T: 1,
    }
    expect(dialect.stream.onMessage(JSON.stringify({ subscriptionId: 0, event }), news, NOW)).toBe('news')
    expect(lines).toEqual([`expired ${CLIENT_ID} selfTrade 0`])
  })
})

describe('fees', () => {
  test('standard, special and tax add up, rounded up', () => {
    const part = (maker: string, taker: string, buyer = '0') => ({ maker, taker, buyer, seller: '0' })
    const body = {
      symbol: 'BTCUSDT',
      standardCommission: part('0.00075000', '0.00100000'),
      specialCommission: part('0.0000001', '0'),
      taxCommission: part('0', '0', '0.0002'),
    }
    expect(dialect.onFees([answered(200, body)]).get('BTCUSDT')).toEqual({ makerPpm: 951, takerPpm: 1_200 })
  })
})

describe.skipIf(!existsSync(SAMPLES))('real and documented samples (skipped when SOR_DATA is absent)', () => {
  const sample = (path: string) => answered(200, readFileSync(join(SAMPLES, path), 'utf8'))
  const say = (path: string) => {
    const { news, lines } = listener()
    return { said: dialect.stream.onMessage(sample(path).body, news, NOW), lines }
  }

  test('orders, fills and balances are read', () => {
    const { news, lines } = listener()
    const clientId = '6gCrw2kRUAF9CvJDGP16IP'
    expect(dialect.onPlaced(sample('http_json/new_order_full_response.json'), order({ clientId }), news).kind).toBe(
      'done',
    )
    expect(lines.length).toBe(6)
    expect(lines.slice(0, 2)).toEqual([
      `accepted ${clientId} 28`,
      'fill 56 1.00000000@4000.00000000 fee 4.00000000 USDT false',
    ])
    lines.length = 0
    expect(dialect.onOpenOrders([sample('http_json/open_orders_response.json')], news).kind).toBe('done')
    expect(dialect.onBalances([sample('http_json/account_response.json')], news).kind).toBe('done')
    expect(dialect.onAllCanceled(sample('http_json/cancel_open_orders_response.json'), news).kind).toBe('done')
    expect(lines.slice(0, 3)).toEqual([
      'status myOrder1 true 0.0',
      'balance BTC 4723846.89208129',
      'balance LTC 4763368.68006011',
    ])
    expect(
      lines
        .slice(3, 5)
        .every(
          (line) =>
            line.startsWith('canceled E6APeyTJvkMvLMYMqu1KQ4') || line.startsWith('canceled A3EF2HCwxgZPFMrfwbgrhv'),
        ),
    ).toBe(true)
  })

  test('stream messages, wrapped and bare', () => {
    expect(say('user_data_json/execution_report_wrapped.json')).toEqual({
      said: 'news',
      lines: ['accepted mUvoqJxFIILMdfAW5iGSOW 4293153'],
    })
    expect(say('user_data_json/execution_report_canceled.json').lines).toEqual([
      'canceled x-TD67BGP9-T0000000000000 userCancel 0.00000000',
    ])
    expect(say('user_data_json/account_position_wrapped.json').lines).toEqual(['balance ETH 10000.000000'])
    expect(say('user_data_json/list_status_wrapped.json').said).toBe('ignored')
    expect(say('user_data_json/balance_update.json').said).toBe('ignored')
  })
})
