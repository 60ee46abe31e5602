import { describe, expect, test } from 'vitest'
import { mergeConfig, parseConfig } from '../../../../shared/config/hotpath-config.ts'

const house = { rest: 'http://127.0.0.1:1', publicSocket: 'ws://127.0.0.1:2', privateSocket: 'ws://127.0.0.1:3' }

function errorsOf(input: unknown): readonly string[] {
  const parsed = parseConfig(input)
  return parsed.ok ? [] : parsed.errors
}

describe('the live market', () => {
  test('is on paper, over every venue, unless told otherwise', () => {
    const parsed = parseConfig({ market: 'live' })
    expect(parsed.ok && parsed.config.trading).toBe('paper')
    expect(parsed.ok && parsed.config.live).toMatchObject({ venues: [], ccxt: [], endpoints: {} })
    expect(parsed.ok && parsed.config.live.symbols).toContain('BTC/USDT')
  })

  test('takes venues, symbols of spot and of contracts, and other addresses', () => {
    const live = {
      venues: ['binance', 'okx'],
      symbols: ['BTC/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC-251226'],
      ccxt: ['hitbtc'],
      endpoints: { binance: house },
    }
    const parsed = parseConfig({ market: 'live', trading: 'real', live })
    expect(parsed.ok && parsed.config.live).toEqual(live)
  })

  test('there are four markets', () => {
    for (const market of ['calibrated', 'live', 'emulated', 'replay:x']) expect(errorsOf({ market })).toEqual([])
    for (const market of ['', 'Live', 'replay:', 'live:binance', 'emulate']) {
      expect(errorsOf({ market })).toEqual(['market: write calibrated, live, emulated or replay:DIRECTORY'])
    }
  })

  test.each([
    ['trading', { trading: 'both' }],
    ['live.symbols', { live: { symbols: [] } }],
    ['live.symbols[0]', { live: { symbols: ['btc/usdt'] } }],
    ['live.symbols[0]', { live: { symbols: ['BTCUSDT'] } }],
    ['live.venues[0]', { live: { venues: ['Binance!'] } }],
    ['live.ccxt[1]', { live: { ccxt: ['gate', '../x'] } }],
    ['live.endpoints.binance.rest', { live: { endpoints: { binance: { ...house, rest: 'localhost' } } } }],
    ['live.endpoints.binance', { live: { endpoints: { binance: { ...house, more: 1 } } } }],
    [
      'live.endpoints.binance.publicSocket',
      { live: { endpoints: { binance: { rest: house.rest, privateSocket: house.privateSocket } } } },
    ],
    ['live', { live: { keys: 'x' } }],
  ])('a mistake at %s is told there', (where, input) => {
    expect(errorsOf(input)[0]).toMatch(new RegExp(`^${where.replaceAll(/[[\].]/g, '\\$&')}: `))
  })

  test('a key in the wrong place is not repeated', () => {
    expect(errorsOf({ live: { endpoints: { binance: { ...house, secret: 'my-very-secret' } } } }).join()).not.toContain(
      'my-very',
    )
  })

  test('flags go over the file, lists as a whole', () => {
    const merged = mergeConfig(
      { live: { venues: ['okx'], endpoints: { okx: house } } },
      { live: { venues: ['binance'] } },
    )
    expect(merged).toEqual({ live: { venues: ['binance'], endpoints: { okx: house } } })
  })
})
