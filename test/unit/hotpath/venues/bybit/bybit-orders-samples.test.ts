/** Bybit's dialect on single messages of the venue (live captures and its documentation); skipped when SOR_DATA is absent. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BybitOrders } from '../../../../../hotpath/venues/bybit/bybit-orders.ts'
import { newsLines } from '../native/news-lines.ts'
import { answered, testKeys } from '../native/scripted-venue.ts'

const SAMPLES = join(resolve(process.env['SOR_DATA'] ?? '../shared/data'), 'exchange-api-messages/bybit')
const NOW = 1_700_000_000_123

describe.skipIf(!existsSync(SAMPLES))('real and documented samples (skipped when SOR_DATA is absent)', () => {
  const text = (path: string) => readFileSync(join(SAMPLES, path), 'utf8')
  const sample = (path: string) => answered(200, text(path))
  const say = (path: string) => {
    const { news, lines } = newsLines()
    return { said: new BybitOrders(testKeys).stream.onMessage(text(path), news, NOW), lines }
  }

  test('an order that was filled in part and rejected', () => {
    expect(say('ws_account_order_partially_filled_rejected.json').lines).toEqual([
      'rejected O-20251001-164609-APEX-000-49 unknown 50.0',
    ])
  })

  test('what is not spot, not a trade, or not ours to follow is not told', () => {
    expect(say('ws_account_execution_adl.json')).toEqual({ said: 'news', lines: [] })
    expect(say('ws_account_order_stop_loss.json').lines).toEqual([])
    expect(say('ws_account_position.json').said).toBe('nonsense')
    expect(say('ws_account_execution_fast.json').said).toBe('nonsense')
  })

  test('logins, subscriptions and wallets', () => {
    expect(say('ws_auth_success.json').said).toBe('loggedIn')
    expect(say('ws_auth_failure.json').said).toBe('refused')
    expect(say('ws_subscription_failure.json').said).toBe('refused')
    expect(say('ws_account_wallet_small_order.json').lines).toEqual(['balance USDT 51333.82543837'])
    expect(say('ws_account_wallet_locked_exceeds_total.json').said).toBe('news')
  })

  test('answers to questions', () => {
    const dialect = new BybitOrders(testKeys)
    const { news, lines } = newsLines()
    expect(dialect.onOpenOrders([sample('http_get_orders_history_with_duplicate.json')], news).kind).toBe('done')
    expect(dialect.onBalances([sample('http_get_wallet_balance.json')], news).kind).toBe('done')
    expect(lines).toEqual([
      'status client-closed-1 ended 0',
      'status client-open-1 open 0',
      'balance BTC 0',
      'balance USDT 1000.5',
      'balance ETH 0',
    ])
    const listed = dialect.onListings([sample('http_get_instruments_spot.json')])
    expect(listed[0]).toMatchObject({ name: 'BTCUSDT', lotSize: '0.0001', notionalMin: '10', feeOnReceived: true })
    const rates = dialect.onFees([sample('http_get_fee_rate.json')])
    expect(rates.get('SOLUSDT')).toEqual({ makerPpm: 250, takerPpm: 750 })
  })
})
