/** Bybit native and emulated in one thread: the stage of its conformance and adapter tests. */
import { bybitEmulator } from '../../../../../hotpath/venues/bybit/bybit-emulator.ts'
import { BybitOrders } from '../../../../../hotpath/venues/bybit/bybit-orders.ts'
import { type NativeWorld, openNative } from '../emulator/native-world.ts'

export const bybitKey = { apiKey: 'k'.repeat(18), secret: 's'.repeat(36), passphrase: '', publicKey: '' }

/** Orders a second. */
const ORDERS_LIMIT = 20

export function openBybit(burst?: number): NativeWorld {
  return openNative({
    entry: bybitEmulator,
    door: (keys, endpoints) => new BybitOrders(keys, endpoints),
    key: bybitKey,
    symbolName: 'BTCUSDT',
    ordersLimit: ORDERS_LIMIT,
    burst,
  })
}
