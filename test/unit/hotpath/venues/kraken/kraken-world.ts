/** Kraken native and emulated in one thread: the stage of its conformance and adapter tests. */
import { krakenEmulator } from '../../../../../hotpath/venues/kraken/kraken-emulator.ts'
import { KrakenOrders } from '../../../../../hotpath/venues/kraken/kraken-orders.ts'
import { type NativeWorld, openNative } from '../emulator/native-world.ts'
import { answered } from '../native/scripted-venue.ts'

/** Of Kraken's own documentation ("Spot REST Authentication"): the secret of its example. */
export const krakenKey = {
  apiKey: 'kraken-test-key-0123456789',
  secret: 'kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==',
  passphrase: '',
  publicKey: '',
}

/** Of one pair, before anything has decayed. */
const ORDERS_LIMIT = 125

export function openKraken(burst?: number): NativeWorld {
  let dialect: KrakenOrders | undefined
  const world = openNative({
    entry: krakenEmulator,
    door: (keys, endpoints) => {
      dialect = new KrakenOrders(keys, endpoints)
      return dialect
    },
    key: krakenKey,
    symbolName: 'BTC/USDT',
    ordersLimit: ORDERS_LIMIT,
    burst,
  })
  // Names of pairs and assets come with the listings, as at a cold start.
  const ask = (target: string): string => world.emulator.request({ method: 'GET', target, headers: {}, body: '' }).body
  const answers = ['AssetPairs', 'Assets'].map((name) => answered(200, ask(`/0/public/${name}`)))
  if (dialect === undefined || dialect.onListings(answers).length === 0) throw new Error('nothing is listed')
  return world
}
