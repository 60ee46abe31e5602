/** The emulated venues we have, by ccxt id. A new one is a line here. */
import { binanceEmulator } from '../binance/binance-emulator.ts'
import type { EmulatorEntry } from './emulator-entry.ts'

export const emulators: ReadonlyMap<string, EmulatorEntry> = new Map(
  [binanceEmulator].map((entry) => [entry.id, entry]),
)
