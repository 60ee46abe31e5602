/** Coinbase native and emulated in one thread: the stage of its conformance and adapter tests. */
import { coinbaseEmulator } from '../../../../../hotpath/venues/coinbase/coinbase-emulator.ts'
import { CoinbaseOrders } from '../../../../../hotpath/venues/coinbase/coinbase-orders.ts'
import { type NativeWorld, openNative } from '../emulator/native-world.ts'

/** Made once: EC keys cost. */
export const coinbaseKey = coinbaseEmulator.makeKey((bytes) => Buffer.alloc(bytes, 7))

/** Requests a second. */
const LIMIT = 30

export function openCoinbase(burst?: number, key = coinbaseKey): NativeWorld {
  return openNative({
    entry: coinbaseEmulator,
    door: (keys, endpoints) => new CoinbaseOrders(keys, endpoints),
    key,
    symbolName: 'BTC-USDT',
    ordersLimit: LIMIT,
    burst,
  })
}
