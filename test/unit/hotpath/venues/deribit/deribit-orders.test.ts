/** Deribit's dialect on its own words: requests as documented, answers and refusals, hostile ones; samples are skipped when SOR_DATA is absent. */
import { createHmac } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refusalOf } from '../../../../../hotpath/venues/deribit/deribit-errors.ts'
import { DeribitOrders } from '../../../../../hotpath/venues/deribit/deribit-orders.ts'
import type { VenueOrder } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { answered, testKeys } from '../native/scripted-venue.ts'
import { CLIENT_ID, listener, NOW, PERPETUAL, refused, result, row, trade } from './deribit-words-bench.ts'
import { DERIBIT_LISTED } from './deribit-world.ts'

const SAMPLES = join(resolve(process.env['SOR_DATA'] ?? '../shared/data'), 'exchange-api-messages/deribit')
const NAME = { symbol: DERIBIT_LISTED, clientId: CLIENT_ID, venueId: '' }
const KNOWN = { ...NAME, venueId: 'BTC_USDT-77' }

function open(): DeribitOrders {
  return new DeribitOrders(testKeys)
}

function order(change: Partial<VenueOrder> = {}): VenueOrder {
  return {
    symbol: DERIBIT_LISTED,
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

describe('signatures', () => {
  test('of REST: method, path with query and body, a line each; no nonce comes twice', () => {
    const dialect = open()
    const nonces = [dialect.place(order(), NOW), dialect.cancel(KNOWN, NOW), ...dialect.query(KNOWN, NOW)].map(
      ({ method, url, headers, body }) => {
        const header = headers['authorization']
        const [, id, ts, sig, nonce] = /^deri-hmac-sha256 id=(.*),ts=(.*),sig=(.*),nonce=(.*)$/.exec(header) ?? []
        const path = url.replace('https://www.deribit.com', '')
        const text = `${NOW}\n${nonce}\n${method}\n${path}\n${body}\n`
        expect([id, ts]).toEqual([testKeys.key, `${NOW}`])
        expect(sig).toBe(createHmac('sha256', testKeys.secret).update(text).digest('hex'))
        return nonce
      },
    )
    expect(new Set(nonces).size).toBe(nonces.length)
  })
})

describe('requests', () => {
  const params = (request: { body: string }) => JSON.parse(request.body).params

  test('an order: every word, numbers as they are written', () => {
    const { method, url, body } = open().place(order(), NOW)
    expect([method, url]).toEqual(['POST', 'https://www.deribit.com/api/v2/private/buy'])
    expect(body).toContain('"amount":1.5,"type":"limit"')
    expect(JSON.parse(body)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      method: 'private/buy',
      params: {
        instrument_name: 'BTC_USDT',
        amount: 1.5,
        type: 'limit',
        label: CLIENT_ID,
        price: 1000.05,
        time_in_force: 'immediate_or_cancel',
        post_only: false,
        valid_until: NOW + 800,
      },
    })
  })

  test('post-only is refused rather than moved; without a deadline the engine has five seconds', () => {
    const request = open().place(order({ side: 'sell', postOnly: true, timeInForce: 'gtc', deadlineMs: 0 }), NOW)
    expect(request.url).toMatch(/private\/sell$/)
    expect(params(request)).toMatchObject({
      post_only: true,
      reject_post_only: true,
      time_in_force: 'good_til_cancelled',
      valid_until: NOW + 5_000,
    })
  })

  test('a label is said once: then it is asked about', () => {
    const dialect = open()
    dialect.place(order(), NOW)
    const again = dialect.place(order(), NOW)
    expect([again.method, again.body]).toEqual(['GET', ''])
    expect(again.url).toContain('/private/get_order_state_by_label?currency=BTC&label=')
    const { news, lines } = listener()
    expect(dialect.onPlaced(result([row()]), order(), news)).toMatchObject({ kind: 'refused', reason: 12 })
    expect(dialect.onPlaced(result([]), order(), news).kind).toBe('unknown')
    expect(lines).toEqual([])
  })

  test('cancel and edit by id, or by label where the id is not known', () => {
    const dialect = open()
    expect(params(dialect.cancel(KNOWN, NOW))).toEqual({ order_id: 'BTC_USDT-77' })
    expect(params(dialect.cancel(NAME, NOW))).toEqual({ label: CLIENT_ID, detailed: true })
    const terms = { amount: 1.5, price: 1000.05, post_only: false, valid_until: NOW + 800 }
    expect(params(dialect.replace(order(), 'BTC_USDT-77', NOW))).toEqual({ order_id: 'BTC_USDT-77', ...terms })
    expect(params(dialect.replace(order(), '', NOW))).toEqual({
      label: CLIENT_ID,
      instrument_name: 'BTC_USDT',
      ...terms,
    })
  })

  test('a spot order is sought under both coins, a perpetual under what it settles in', () => {
    const currencies = (symbol: typeof PERPETUAL) =>
      open()
        .query({ ...NAME, symbol }, NOW)
        .map(({ url }) => /currency=([A-Z]+)/.exec(url)?.[1])
    expect(currencies(DERIBIT_LISTED)).toEqual(['BTC', 'USDT'])
    expect(currencies(PERPETUAL)).toEqual(['USDC'])
  })

  test('fills of more than a day are asked for as history too', () => {
    const urls = (sinceMs: number) => open().fillsSince([DERIBIT_LISTED], sinceMs, NOW)
    expect(urls(NOW - 3_600_000)).toHaveLength(1)
    expect(urls(NOW - 86_400_000).map(({ url }) => url.includes('historical=true'))).toEqual([true, false])
  })
})

describe('answers', () => {
  test('an order with its trades, in the order in which they happened', () => {
    const { news, lines } = listener()
    const placed = row({ order_state: 'cancelled', time_in_force: 'immediate_or_cancel', filled_amount: 1 })
    const answer = result({ order: placed, trades: [trade(5, 0.4), trade(6, 0.6)] })
    expect(open().onPlaced(answer, order(), news).kind).toBe('done')
    expect(lines).toEqual([
      `accepted ${CLIENT_ID} BTC_USDT-77`,
      'fill 5 0.4@1000 fee 0.0000001 BTC false',
      'fill 6 0.6@1000 fee 0.0000001 BTC false',
      `expired ${CLIENT_ID} iocNotFilled 1`,
    ])
  })

  test.each([
    ['fill_or_kill', undefined, 'expired', 'fokNotFillable'],
    ['good_til_cancelled', 'user_request', 'canceled', 'userCancel'],
    ['good_til_cancelled', undefined, 'canceled', 'userCancel'],
    ['good_til_cancelled', 'autoliquidation', 'canceled', 'unknown'],
    ['good_til_cancelled', 'settlement', 'expired', 'expired'],
    ['good_til_cancelled', 'edit_post_only_reject', 'canceled', 'postOnlyWouldTake'],
  ])('a canceled %s order (%s): %s %s', (time_in_force, cancel_reason, how, reason) => {
    const { news, lines } = listener()
    const ended = row({ order_state: 'cancelled', time_in_force, cancel_reason })
    expect(open().onCanceled(result(ended), KNOWN, news).kind).toBe('done')
    expect(lines).toEqual([`${how} ${CLIENT_ID} ${reason} 0`])
  })

  test('an order that would have met ours ended for that reason', () => {
    const { news, lines } = listener()
    expect(open().onPlaced(refused(10003), order(), news).kind).toBe('done')
    expect(lines).toEqual([`expired ${CLIENT_ID} selfTrade 0`])
  })

  test('an answer about another label is no answer', () => {
    const { news, lines } = listener()
    const answer = result({ order: row({ label: 'other' }), trades: [] })
    expect(open().onPlaced(answer, order(), news).kind).toBe('unknown')
    expect(open().onPlaced(answered(400, { result: { order: row(), trades: [] } }), order(), news).kind).toBe('unknown')
    expect(lines).toEqual([])
  })

  test('a cancel by label with details, or without', () => {
    const { news, lines } = listener()
    const dialect = open()
    const reports = [{ currency: 'BTC', type: 'limit', result: [row({ order_state: 'cancelled' })] }]
    expect(dialect.onCanceled(result(reports), NAME, news).kind).toBe('done')
    expect(lines).toEqual([`canceled ${CLIENT_ID} userCancel 0`])
    expect(dialect.onCanceled(result([]), NAME, news).kind).toBe('notFound')
    expect(dialect.onCanceled(result(0), NAME, news).kind).toBe('notFound')
    expect(dialect.onCanceled(result(1), NAME, news).kind).toBe('done')
    const failed = [{ currency: 'BTC', type: 'limit', error: { code: 10041, message: 'settlement_in_progress' } }]
    expect(dialect.onCanceled(result(failed), NAME, news).kind).toBe('unknown')
  })

  test('a question: the state, then its trades, then those of history, then it is told', () => {
    const { news, lines } = listener()
    const dialect = open()
    const filled = row({ order_state: 'filled', filled_amount: 1 })
    const states = [result([filled]), result([])]
    const first = dialect.onQueried(states, NAME, news, NOW)
    expect(first.kind === 'more' && first.requests[0].url).toContain('get_user_trades_by_order?order_id=BTC_USDT-77')
    const second = dialect.onQueried([...states, result([trade(6, 0.6)])], NAME, news, NOW)
    expect(second.kind === 'more' && second.requests[0].url).toContain('historical=true')
    expect(lines).toEqual([])
    const last = [...states, result([trade(6, 0.6)]), result({ trades: [trade(5, 0.4)], has_more: false })]
    expect(dialect.onQueried(last, NAME, news, NOW).kind).toBe('done')
    expect(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
      'fill 6 0.6@1000',
      'fill 5 0.4@1000',
      `status ${CLIENT_ID} false`,
    ])
  })

  test('a question about an order that is not there, or at another symbol', () => {
    const { news } = listener()
    const ask = (rows: unknown) => open().onQueried([result(rows), result([])], NAME, news, NOW).kind
    expect(ask([])).toBe('notFound')
    expect(ask([row({ instrument_name: 'ETH_USDT' })])).toBe('notFound')
    expect(ask([{}])).toBe('unknown')
    expect(open().onQueried([refused(10004), result([])], KNOWN, news, NOW).kind).toBe('notFound')
  })

  test('of two orders under one label the newest is told', () => {
    const { news, lines } = listener()
    const older = row({ order_id: 'BTC_USDT-5', creation_timestamp: NOW - 1, order_state: 'cancelled' })
    expect(open().onQueried([result([older, row()]), result([])], NAME, news, NOW).kind).toBe('done')
    expect(lines).toEqual([`status ${CLIENT_ID} true 0`])
  })

  test('the next page of fills goes by the number of the last', () => {
    const { news } = listener()
    const page = open().onFills(result({ trades: [trade(5, 1), trade(9, 1)], has_more: true }), news, NOW)
    expect(page.more?.url).toContain('instrument_name=BTC_USDT&start_seq=10&')
    expect(open().onFills(result({ trades: [trade(5, 1)], has_more: false }), news, NOW).more).toBeUndefined()
  })

  test('what is free; of shared collateral only what is there in coins', () => {
    const { news, lines } = listener()
    const summaries = [
      { currency: 'BTC', available_funds: 1.5, available_withdrawal_funds: 1 },
      { currency: 'USDC', available_funds: 9, available_withdrawal_funds: 2.5, cross_collateral_enabled: true },
    ]
    expect(open().onBalances([result({ summaries })], news).kind).toBe('done')
    expect(lines).toEqual(['balance BTC 1.5', 'balance USDC 2.5'])
  })

  test('listings: spot and linear perpetuals; no inverse, no dated, no option, no combo', () => {
    const one = {
      kind: 'future',
      settlement_period: 'perpetual',
      expiration_timestamp: 1_800_000_000_000,
      is_active: true,
      tick_size: 0.5,
      min_trade_amount: 0.0001,
      contract_size: 0.0001,
      base_currency: 'BTC',
      quote_currency: 'USDC',
      counter_currency: 'USDC',
      settlement_currency: 'USDC',
      maker_commission: 0,
      taker_commission: 0.0005,
    }
    const usd = { quote_currency: 'USD', counter_currency: 'USD', settlement_currency: 'BTC' }
    const rows = [
      { ...one, instrument_name: 'BTC_USDC-PERPETUAL' },
      { ...one, instrument_name: 'BTC_USDC', kind: 'spot', settlement_currency: null, settlement_period: null },
      { ...one, instrument_name: 'BTC_USDC-26JUN26', settlement_period: 'month' },
      { ...one, instrument_name: 'BTC-PERPETUAL', ...usd, contract_size: 10, min_trade_amount: 10 },
      { ...one, instrument_name: 'BTC-26JUN26-70000-C', kind: 'option', strike: 70_000, option_type: 'call' },
      { ...one, instrument_name: 'BTC-FS-26JUN26_PERP', kind: 'future_combo' },
    ]
    const listed = open().onListings([result(rows)])
    expect(listed.map(({ name, symbol, contractSize, lotSize }) => [name, symbol, contractSize, lotSize])).toEqual([
      ['BTC_USDC-PERPETUAL', 'BTC/USDC:USDC', '1', '0.0001'],
      ['BTC_USDC', 'BTC/USDC', '1', '0.0001'],
    ])
  })

  test('the account its fixed rates, rounded up; relative ones are the listing', () => {
    const fee = (kind: string, index_name: string, type: string, maker: number, taker: number) => ({
      kind,
      index_name,
      value: { default: { type, maker, taker }, block_trade: 0.3 },
    })
    const fees = [fee('perpetual', 'btc_usdc', 'fixed', -0.0001, 0.00035), fee('spot', 'btc_usdc', 'fixed', 0, 1.5e-6)]
    const summaries = [{ currency: 'BTC', fees: [...fees, fee('spot', 'eth_usdc', 'relative', 0.5, 0.5)] }]
    expect([...open().onFees([result({ summaries })])]).toEqual([
      ['BTC_USDC-PERPETUAL', { makerPpm: -100, takerPpm: 350 }],
      ['BTC_USDC', { makerPpm: 0, takerPpm: 2 }],
    ])
  })
})

test('whatever comes, nothing throws, and success needs a result', () => {
  const word = fc.constantFrom(
    'order_id',
    'label',
    'result',
    'error',
    'order',
    'trades',
    'order_state',
    'code',
    '__proto__',
  )
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('open', 'cancelled', 'filled', CLIENT_ID, 'BTC_USDT-77', '1e999', -1, 1e300, null, true),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(word, tie('any'), { maxKeys: 4 }),
    ),
  })).any
  const dialect = open()
  fc.assert(
    fc.property(value, fc.constantFrom(200, 400, 429), (body, status) => {
      const { news } = listener()
      const answer = answered(status, JSON.stringify(body))
      const outcomes = [
        dialect.onPlaced(answer, order(), news),
        dialect.onCanceled(answer, NAME, news),
        dialect.onCanceled(answer, KNOWN, news),
        dialect.onReplaced(answer, order(), news),
        dialect.onAllCanceled(answer, news),
        dialect.onQueried([answer, answer, answer], KNOWN, news, NOW),
        dialect.onOpenOrders([answer], news),
        dialect.onFills(answer, news, NOW).outcome,
        dialect.onBalances([answer], news),
      ]
      const hasResult = status === 200 && typeof body === 'object' && body !== null && Object.hasOwn(body, 'result')
      if (!hasResult) expect(outcomes.slice(1).every(({ kind }) => kind !== 'done')).toBe(true)
      dialect.onListings([answer])
      dialect.onFees([answer])
      dialect.onTime(answer)
      dialect.stream.onMessage(answer.body, news, NOW)
    }),
    { numRuns: 2_000 },
  )
})

describe.skipIf(!existsSync(SAMPLES))('real and documented samples (skipped when SOR_DATA is absent)', () => {
  const sample = (name: string) => answered(200, readFileSync(join(SAMPLES, `${name}.json`), 'utf8'))
  const clientId = 'O-19700101-000000-001-001-1'

  test('an order placed, sold and edited', () => {
    const { news, lines } = listener()
    expect(open().onPlaced(sample('ws_order_buy_response'), order({ clientId }), news).kind).toBe('done')
    expect(open().onReplaced(sample('ws_order_edit_response'), order({ clientId }), news).kind).toBe('done')
    expect(lines).toEqual([`accepted ${clientId} USDC-104819327443`, 'replaced USDC-104819327443 0.001@3067.2'])
    const { label } = JSON.parse(sample('ws_order_sell_response').body).result.order
    expect(open().onPlaced(sample('ws_order_sell_response'), order({ clientId: label }), news).kind).toBe('done')
  })

  test('an open trigger order at the market price is told without a price', () => {
    const { news, lines } = listener()
    const { order: stop } = JSON.parse(sample('ws_order_stop_market_response').body).result
    expect(open().onOpenOrders([result([stop])], news).kind).toBe('done')
    expect(lines).toEqual(['status O-19700101-000000-001-001-3 true 0'])
  })

  test('an error, a heartbeat, the time, an account', () => {
    const { news, lines } = listener()
    const { stream } = open()
    expect(refusalOf(sample('ws_error'))).toMatchObject({ kind: 'refused', reason: 11 })
    expect(typeof stream.onMessage(sample('ws_test_request').body, news, NOW)).toBe('object')
    expect(open().onTime(sample('http_get_time'))).toBe(1_733_338_800_000)
    expect(open().onBalances([sample('http_get_account_summaries')], news).kind).toBe('done')
    expect(lines[0]).toBe('balance BTC 301.38059622')
    expect([
      ...open()
        .onFees([sample('http_get_account_summaries')])
        .keys(),
    ]).toContain('BTC_USD-PERPETUAL')
    // Inverse contracts, an option and a combo: none that we trade.
    expect(open().onListings([sample('http_get_instruments')])).toEqual([])
  })
})
