/** OKX native and emulated in one thread: the stage of its conformance and adapter tests. */
import { okxEmulator } from '../../../../../hotpath/venues/okx/okx-emulator.ts'
import { OkxOrders } from '../../../../../hotpath/venues/okx/okx-orders.ts'
import { type NativeWorld, openNative } from '../emulator/native-world.ts'

export const okxKey = {
  apiKey: '985d5b66-57ce-40fb-b714-afc0b9787083',
  secret: '22582BD0CFF14C41EDBF1AB98506286D',
  passphrase: 'passphrase-123456',
  publicKey: '',
}

/** Orders of one instrument in two seconds. */
const ORDERS_LIMIT = 60

export function openOkx(burst?: number): NativeWorld {
  return openNative({
    entry: okxEmulator,
    door: (keys, endpoints) => new OkxOrders(keys, endpoints),
    key: okxKey,
    symbolName: 'BTC-USDT',
    ordersLimit: ORDERS_LIMIT,
    burst,
  })
}
