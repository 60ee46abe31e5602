/** What the registry knows of an emulated venue: how to open it, what its keys look like, where its doors are. */
import type { AccountKey } from './emulated-account.ts'
import type { EmulatedExchange } from './emulated-exchange.ts'
import type { EmulatorFaults } from './emulator-faults.ts'
import type { EmulatorSetting } from './exchange-options.ts'
import type { VenueEmulator } from './venue-emulator.ts'

export interface OpenedEmulator extends VenueEmulator {
  readonly exchange: EmulatedExchange
  readonly faults: EmulatorFaults
}

export interface EmulatorEntry {
  readonly id: string
  open(setting: EmulatorSetting, faults: EmulatorFaults): OpenedEmulator
  /** A made-up key in the venue's form; `random` gives that many unpredictable bytes. */
  makeKey(random: (bytes: number) => Buffer): AccountKey
  /** Paths behind the host: '' for none. */
  readonly paths: { readonly rest: string; readonly publicSocket: string; readonly privateSocket: string }
}
