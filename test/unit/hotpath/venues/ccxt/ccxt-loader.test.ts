import { describe, expect, test } from 'vitest'
import { openCcxt, rebased } from '../../../../../hotpath/venues/ccxt/ccxt-loader.ts'

test('every address of a tree goes to the given server, paths and templates stay', () => {
  const urls = {
    rest: 'https://api.{hostname}/v5',
    ws: { public: 'wss://stream.gate.com:8443/v4/?x=1', deep: [{ no: 'https://a.b' }] },
    plain: 'http://x.y',
    number: 1,
  }
  expect(rebased(urls, 'http://127.0.0.1:9/')).toEqual({
    rest: 'http://127.0.0.1:9/v5',
    ws: { public: 'ws://127.0.0.1:9/v4/?x=1', deep: [{ no: 'https://a.b' }] },
    plain: 'http://127.0.0.1:9',
    number: 1,
  })
})

describe('one exchange', () => {
  test('is opened alone, with its keys, without retries of its own', async () => {
    const keys = { key: 'k', secret: 's', passphrase: 'p', privateKey: '' }
    const client = await openCcxt('gate', { keys, urlBase: 'http://127.0.0.1:9', isSpot: true })
    expect(client).toMatchObject({ id: 'gate', apiKey: 'k', secret: 's', password: 'p', enableRateLimit: true })
    expect(client).toMatchObject({ options: { maxRetriesOnFailure: 0, fetchMarkets: { types: ['spot'] } } })
    expect(JSON.stringify((client as unknown as { urls: { api: unknown } }).urls.api)).not.toMatch(/https:|wss:/)
    expect(client.has['watchOrderBook']).toBe(true)
  })

  test.each(['nowhere', '../base/Exchange', '', 'Gate'])("'%s' is none", async (id) => {
    await expect(openCcxt(id, { keys: undefined, urlBase: undefined, isSpot: true })).rejects.toThrow(/no exchange/)
  })
})
