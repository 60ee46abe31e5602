import { describe, expect, test } from 'vitest'
import { DeribitStream, signedLogin } from '../../../../../hotpath/venues/deribit/deribit-stream.ts'
import { HmacSigner } from '../../../../../hotpath/venues/native/request-signer.ts'
import { CLIENT_ID, listener, NOW, PERPETUAL, row, trade } from './deribit-words-bench.ts'
import { DERIBIT_LISTED } from './deribit-world.ts'

test('the login that the documentation of public/auth computes', () => {
  const signer = new HmacSigner('sha256', Buffer.from('AMANDASECRECT'), 'hex')
  expect(signedLogin('AMANDA', signer, 1_576_074_319_000, '1iqt2wls')).toEqual({
    grant_type: 'client_signature',
    client_id: 'AMANDA',
    timestamp: 1_576_074_319_000,
    signature: '56590594f97921b09b18f166befe0d1319b198bbcdad7ca73382de2f88fe9aa1',
    nonce: '1iqt2wls',
    data: '',
  })
})

describe('the stream', () => {
  const signer = new HmacSigner('sha256', Buffer.from('secret'), 'hex')
  const stream = new DeribitStream('wss://x', 'key', signer)
  const hear = (message: unknown) => {
    const { news, lines } = listener()
    const said = stream.onMessage(typeof message === 'string' ? message : JSON.stringify(message), news)
    return { said, lines }
  }
  const told = (channel: string, data: unknown) =>
    hear({ jsonrpc: '2.0', method: 'subscription', params: { channel, data } })

  test('login, subscriptions, ready only with every channel', () => {
    expect(JSON.parse(stream.hello(NOW)[0])).toMatchObject({ id: 1, method: 'public/auth' })
    const [heartbeat, subscribe] = stream.subscribe([DERIBIT_LISTED, PERPETUAL]).map((text) => JSON.parse(text))
    expect(heartbeat).toMatchObject({ method: 'public/set_heartbeat', params: { interval: 30 } })
    const { channels } = subscribe.params
    expect(channels).toEqual([
      'user.changes.any.any.raw',
      'user.portfolio.btc',
      'user.portfolio.usdt',
      'user.portfolio.usdc',
    ])
    expect(hear({ id: 1, result: { access_token: 'x' } }).said).toBe('loggedIn')
    expect(hear({ id: 1, error: { code: 13004, message: 'invalid_credentials' } }).said).toBe('refused')
    expect(hear({ id: 2, result: channels.slice(1) }).said).toBe('refused')
    expect(hear({ id: 2, result: channels }).said).toBe('ready')
    expect(hear({ id: 3, result: 'ok' }).said).toBe('ignored')
    expect(hear({ id: 4, result: { version: '1' } }).said).toBe('pong')
  })

  test('a test request is answered, a heartbeat is heard', () => {
    const { said } = hear({ method: 'heartbeat', params: { type: 'test_request' } })
    expect(typeof said === 'object' && 'reply' in said && JSON.parse(said.reply).method).toBe('public/test')
    expect(hear({ method: 'heartbeat', params: { type: 'heartbeat' } }).said).toBe('pong')
  })

  test('changes: in, then filled, then ended', () => {
    const ended = row({ order_state: 'cancelled', filled_amount: 0.4, cancel_reason: 'user_request' })
    const { said, lines } = told('user.changes.any.any.raw', {
      instrument_name: 'BTC_USDT',
      orders: [ended],
      trades: [{ ...trade(5, 0.4), liquidity: 'M' }],
    })
    expect(said).toBe('news')
    expect(lines).toEqual([
      `accepted ${CLIENT_ID} BTC_USDT-77`,
      'fill 5 0.4@1000 fee 0.0000001 BTC true',
      `canceled ${CLIENT_ID} userCancel 0.4`,
    ])
  })

  test('single channels: orders alone or listed, trades, portfolios', () => {
    expect(told('user.orders.any.any.raw', row()).lines).toEqual([`accepted ${CLIENT_ID} BTC_USDT-77`])
    expect(told('user.orders.any.any.100ms', [row(), row()]).lines).toHaveLength(2)
    expect(told('user.trades.any.any.raw', [trade(5, 0.4)]).lines).toHaveLength(1)
    expect(told('user.orders.any.any.raw', row({ order_state: 'rejected' })).lines).toEqual([
      `rejected ${CLIENT_ID} unknown 0`,
    ])
    expect(told('user.portfolio.btc', { currency: 'BTC', available_funds: 0.25 }).lines).toEqual(['balance BTC 0.25'])
    expect(told('user.lock', {}).said).toBe('ignored')
  })

  test('an order without a label is nobody we know', () => {
    expect(told('user.orders.any.any.raw', row({ label: '' })).lines).toEqual(['accepted - BTC_USDT-77'])
  })

  test.each([
    '',
    '[]',
    'null',
    '{"id":77}',
    '{"method":"subscription"}',
    '{"method":"subscription","params":{"channel":"user.changes.x","data":{"orders":[{}],"trades":[]}}}',
    '{"method":"subscription","params":{"channel":"user.trades.x","data":{"a":1}}}',
    '{"method":"subscription","params":{"channel":"user.portfolio.btc","data":[1]}}',
    '{"__proto__":{"method":"subscription"}}',
  ])('nonsense: %s', (text) => {
    expect(hear(text)).toEqual({ said: 'nonsense', lines: [] })
  })
})
