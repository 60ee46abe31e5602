/** Every venue whose order entry we speak ourselves: a folder each, one line each here. The others go through ccxt. */
import { BinanceOrders } from './binance/binance-orders.ts'
import { BybitOrders } from './bybit/bybit-orders.ts'
import { CoinbaseOrders } from './coinbase/coinbase-orders.ts'
import { DeribitOrders } from './deribit/deribit-orders.ts'
import { KrakenOrders } from './kraken/kraken-orders.ts'
import type { KeyWords } from './native/credentials.ts'
import type { OrderDialect, VenueEndpoints } from './native/order-dialect.ts'
import { OkxOrders } from './okx/okx-orders.ts'

/** A dialect from an account's keys; addresses are the venue's own unless given. Throws on keys it cannot sign with. */
export type OrderDoor = (keys: KeyWords, endpoints?: VenueEndpoints) => OrderDialect

export const orderDoors: ReadonlyMap<string, OrderDoor> = new Map<string, OrderDoor>([
  ['binance', (keys, endpoints) => new BinanceOrders(keys, endpoints)],
  ['bybit', (keys, endpoints) => new BybitOrders(keys, endpoints)],
  ['coinbase', (keys, endpoints) => new CoinbaseOrders(keys, endpoints)],
  ['deribit', (keys, endpoints) => new DeribitOrders(keys, endpoints)],
  ['kraken', (keys, endpoints) => new KrakenOrders(keys, endpoints)],
  ['okx', (keys, endpoints) => new OkxOrders(keys, endpoints)],
])
