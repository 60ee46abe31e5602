import { describe, expect, test } from 'vitest'
import type { CcxtMarket } from '../../../../../hotpath/venues/ccxt/ccxt-client.ts'
import { venueSymbol } from '../../../../../hotpath/venues/ccxt/ccxt-symbols.ts'
import { ScriptedCcxt } from './scripted-ccxt.ts'

const market: CcxtMarket = {
  id: 'BTCUSDT',
  symbol: 'BTC/USDT',
  base: 'BTC',
  quote: 'USDT',
  active: true,
  taker: 0.00075,
  maker: -0.0001,
  precision: { amount: 1e-8, price: 0.01 },
  limits: { amount: { min: 0.0001, max: 9_000 }, cost: { min: 5 } },
}

function told(change: Partial<CcxtMarket>, precisionMode = 4): unknown {
  const client = Object.assign(new ScriptedCcxt(), { precisionMode })
  const answer = venueSymbol(client, { ...market, ...change })
  return 'symbol' in answer ? answer.symbol : answer.refusal
}

describe('a market of ccxt', () => {
  test('becomes exact decimal texts', () => {
    expect(told({})).toEqual({
      name: 'BTC/USDT',
      symbol: 'BTC/USDT',
      base: 'BTC',
      quote: 'USDT',
      tickSize: '0.01',
      lotSize: '0.00000001',
      quantityMin: '0.0001',
      quantityMax: '9000',
      notionalMin: '5',
      contractSize: '1',
      takerPpm: 750,
      makerPpm: -100,
    })
  })

  test('counts its precision as decimal places, also before the point', () => {
    expect(told({ precision: { amount: -1, price: 8 } }, 2)).toMatchObject({ lotSize: '10', tickSize: '0.00000001' })
  })

  test('is refused when its grid is not to be known', () => {
    expect(told({ precision: { amount: 8, price: 5 } }, 3)).toMatch(/no grid/)
    expect(told({ precision: { price: 0.01 } })).toMatch(/no grid/)
    expect(told({ precision: { amount: 0, price: 0.01 } })).toMatch(/no grid/)
    expect(told({ precision: { amount: 1.5, price: 2 } }, 2)).toMatch(/no grid/)
  })

  test('linear contracts have a size, inverse ones are left out', () => {
    expect(told({ contract: true, linear: true, contractSize: 0.001 })).toMatchObject({ contractSize: '0.001' })
    expect(told({ contract: true, linear: true })).toMatch(/contract size/)
    expect(told({ contract: true, linear: false, contractSize: 100 })).toMatch(/inverse/)
    expect(told({ active: false })).toMatch(/not traded/)
  })

  test('says when the fee comes out of what is received; what is not told is left out', () => {
    expect(told({ feeSide: 'get' })).toMatchObject({ feeOnReceived: true })
    const bare = told({ taker: undefined, maker: undefined, limits: {} })
    expect(bare).toMatchObject({ quantityMin: '0.00000001', quantityMax: '', notionalMin: '' })
    expect(bare).not.toHaveProperty('takerPpm')
    expect(bare).not.toHaveProperty('feeOnReceived')
  })
})
