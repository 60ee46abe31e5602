import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openCcxt } from '../../../../../hotpath/venues/ccxt/ccxt-loader.ts'
import {
  type ClientIdFormat,
  clientIdRule,
  clientIdVenues,
  formatClientId,
  parseClientId,
} from '../../../../../hotpath/venues/ccxt/client-order-id.ts'
import { CHILDREN_PER_PARENT_MAX } from '../../../../../shared/limits.ts'
import { CHILD_SEQUENCE_MAX, EPOCH_MAX, PARENT_SEQUENCE_MAX } from '../../../../../shared/units/ids.ts'

const first = { epoch: 7, parent: 1_234_567, sequence: 3 }
const formats: readonly ClientIdFormat[] = ['text', 'uuid', 'integer']
const plain = (format: ClientIdFormat) => ({ format, param: 'clientOrderId', prefix: '', query: '' })

describe('a client order id', () => {
  test('looks as each alphabet wants it', () => {
    expect(formatClientId('text', first)).toBe('s0007000qglj003')
    expect(formatClientId('uuid', first)).toBe('00000007-0000-4000-8012-d68700000003')
    expect(formatClientId('integer', first)).toBe(((7n << 42n) | (1_234_567n << 10n) | 3n).toString())
  })

  test('every epoch and every child of a parent has an integer of 63 bits; what is too large has none', () => {
    const most = { epoch: EPOCH_MAX, parent: 2 ** 32 - 1, sequence: CHILDREN_PER_PARENT_MAX }
    expect(BigInt(formatClientId('integer', most)!)).toBeLessThan(2n ** 63n)
    expect(formatClientId('integer', { ...most, parent: 2 ** 32 })).toBeUndefined()
    expect(formatClientId('integer', { ...most, sequence: 1_024 })).toBeUndefined()
  })

  test("other people's numbers are no integers of ours", () => {
    for (const stranger of ['7', '123456', '1800000000000'])
      expect(parseClientId(plain('integer'), stranger)).toBeUndefined()
  })

  test('comes back from behind the prefix of its venue only', () => {
    const gate = clientIdRule('gate')!
    expect(parseClientId(gate, 't-s0007000qglj003')).toEqual(first)
    expect(parseClientId(clientIdRule('mexc')!, 't-s0007000qglj003')).toBeUndefined()
    expect(parseClientId(gate, undefined)).toBeUndefined()
  })

  test('strangers are nobody of ours', () => {
    const strangers = [
      '',
      'x',
      'mexc-s0007000qglj003',
      'S0007000QGLJ003',
      '1e5',
      '-1',
      '9'.repeat(25),
      `0x${'f'.repeat(32)}`,
    ]
    for (const format of formats) {
      for (const stranger of [...strangers, crypto.randomUUID()]) {
        expect(parseClientId(plain(format), stranger), `${format} ${stranger}`).toBeUndefined()
      }
    }
    expect(clientIdRule('toString')).toBeUndefined()
    expect(clientIdRule('backpack')).toBeUndefined()
  })

  test('whatever the three numbers: what comes back is what went out', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...formats),
        fc.integer({ min: 1, max: EPOCH_MAX }),
        fc.integer({ min: 1, max: PARENT_SEQUENCE_MAX }),
        fc.integer({ min: 1, max: CHILD_SEQUENCE_MAX }),
        (format, epoch, parent, sequence) => {
          const small = { epoch, parent: 1 + (parent % (2 ** 32 - 1)), sequence: 1 + (sequence % 1_000) }
          const id = format === 'integer' ? small : { epoch, parent, sequence }
          expect(parseClientId(plain(format), formatClientId(format, id))).toEqual(id)
        },
      ),
    )
  })
})

interface Captured {
  has: Record<string, unknown>
  fetch: (url: string, method: string, headers: unknown, body: unknown) => Promise<unknown>
  setMarkets: (markets: unknown[], currencies: Record<string, unknown>) => void
}

/** What the class sends for one order. */
async function requestOf(venue: string, params: Record<string, unknown>): Promise<string> {
  const secret = Buffer.from('b'.repeat(32)).toString('base64')
  const keys = { key: 'a'.repeat(32), secret, passphrase: 'p', privateKey: '' }
  const client = await openCcxt(venue, { keys, urlBase: undefined, isSpot: true })
  const inside = client as unknown as Captured
  // Bullish would sign in and look its account up first.
  Object.assign(client, { token: 't', handleToken: async () => 't', loadAccount: async () => '1' })
  const sent: string[] = []
  inside.fetch = async (url, method, _headers, body) => {
    sent.push(`${decodeURIComponent(url)} ${decodeURIComponent(String(body ?? ''))}`)
    if (method !== 'GET') throw new Error('captured')
    return {}
  }
  const spot = { type: 'spot', spot: true, margin: false, swap: false, future: false, option: false, contract: false }
  const names = { id: 'BTCUSDT', symbol: 'BTC/USDT', base: 'BTC', quote: 'USDT', baseId: 'BTC', quoteId: 'USDT' }
  const limits = { amount: {}, price: {}, cost: {} }
  inside.setMarkets(
    [{ ...names, ...spot, active: true, precision: { amount: 0.0001, price: 0.01 }, limits, info: {} }],
    { BTC: { id: 'BTC', code: 'BTC', precision: 1e-8 }, USDT: { id: 'USDT', code: 'USDT', precision: 1e-8 } },
  )
  await client.createOrder('BTC/USDT', 'limit', 'buy', 0.1234, 20_000.01, params).catch(() => undefined)
  return sent.at(-1) ?? ''
}

describe('every class of the table', () => {
  test.each(clientIdVenues)('%s puts our id, price, amount and time in force into its request', async (venue) => {
    const rule = clientIdRule(venue)!
    const id = formatClientId(rule.format, first)!
    const resting = await requestOf(venue, { [rule.param]: id })
    expect(resting).toContain(rule.prefix + id)
    expect(resting).toMatch(/20000\.01/)
    expect(resting).toMatch(/0\.1234/)
    // Their own word for the parameter, or the same as ours where the class passes it on.
    if (rule.param === 'clientOrderId' && rule.format === 'text') expect(resting).toMatch(rawNames[venue] ?? /./)
    const taking = await requestOf(venue, { [rule.param]: id, timeInForce: 'IOC' })
    expect(taking).toMatch(/ioc|immediate/i)
    const filling = await requestOf(venue, { [rule.param]: id, timeInForce: 'FOK' })
    // Or refused before it is sent.
    expect(filling).toMatch(/^$|fok|fill_or_kill/i)
    const making = await requestOf(venue, { [rule.param]: id, postOnly: true })
    expect(making).toMatch(/post_?only|poc|maker/i)
    // Passed on unread would look like this where the venue's own word is another.
    if (!['bingx', 'bullish', 'bybiteu', 'hashkey', 'kucoin'].includes(venue))
      expect(taking).not.toMatch(/timeInForce["=:]+IOC/)
  })
})

/** As the exchanges document it. */
const rawNames: Readonly<Record<string, RegExp>> = {
  bingx: /newClientOrderId/,
  bitget: /clientOid/,
  gate: /"text":"t-/,
  hashkey: /newClientOrderId/,
  htx: /client-order-id/,
  kucoin: /clientOid/,
  mexc: /newClientOrderId/,
  whitebit: /clientOrderId/,
}
