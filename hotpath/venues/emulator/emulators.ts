/** The emulated venues we have, by ccxt id. A new one is a line here. */
import { binanceEmulator } from '../binance/binance-emulator.ts'
import { bybitEmulator } from '../bybit/bybit-emulator.ts'
import { coinbaseEmulator } from '../coinbase/coinbase-emulator.ts'
import { deribitEmulator } from '../deribit/deribit-emulator.ts'
import { krakenEmulator } from '../kraken/kraken-emulator.ts'
import { okxEmulator } from '../okx/okx-emulator.ts'
import type { EmulatorEntry } from './emulator-entry.ts'

export const emulators: ReadonlyMap<string, EmulatorEntry> = new Map(
  [binanceEmulator, coinbaseEmulator, deribitEmulator, krakenEmulator, okxEmulator, bybitEmulator].map((entry) => [
    entry.id,
    entry,
  ]),
)
