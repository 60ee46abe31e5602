/** Coinbase's words as tests say them: keys, an order, messages of the user channel and rows of REST. */
import { CoinbaseOrders } from '../../../../../hotpath/venues/coinbase/coinbase-orders.ts'
import type { VenueOrder } from '../../../../../hotpath/venues/native/order-dialect.ts'
import { CLIENT_ID, testSymbol } from '../native/scripted-venue.ts'
import { coinbaseKey } from './coinbase-world.ts'

export const NOW = 1_700_000_000_000
export const ID = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890'
export const symbol = { ...testSymbol, name: 'BTC-USDT' }
export const named = { symbol, clientId: CLIENT_ID, venueId: '' }

export function openDialect(keys = { key: coinbaseKey.apiKey, secret: coinbaseKey.secret }): CoinbaseOrders {
  return new CoinbaseOrders({ passphrase: '', privateKey: '', ...keys })
}

export function order(change: Partial<VenueOrder> = {}): VenueOrder {
  return {
    symbol,
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

export function userMessage(sequence: number, row: object, type = 'update'): string {
  const base = {
    order_id: ID,
    client_order_id: CLIENT_ID,
    product_id: 'BTC-USDT',
    cumulative_quantity: '0',
    status: 'OPEN',
  }
  const events = [{ type, orders: [{ ...base, ...row }] }]
  return JSON.stringify({ channel: 'user', timestamp: '2023-11-14T22:13:21Z', sequence_num: sequence, events })
}

export const row = {
  order_id: ID,
  client_order_id: CLIENT_ID,
  product_id: 'BTC-USDT',
  created_time: '2023-11-14T22:13:20Z',
}
export const gtc = { order_configuration: { limit_limit_gtc: { base_size: '1', limit_price: '10' } } }
export const fill = (id: string, size: string, time = '2023-11-14T22:13:21Z') => ({
  trade_id: id,
  order_id: ID,
  product_id: 'BTC-USDT',
  trade_time: time,
  price: '10',
  size,
  commission: '0.01',
  liquidity_indicator: 'MAKER',
})
